"""A graph in segments: parts of it with whole entities, each of which can be written by itself, in any process and in any order.

Where a graph is cut changes no byte of what is published.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, overload
from zlib import crc32

from schakel.about import About
from schakel.cache import Kept, key_of
from schakel.export.survey import DIGEST_BYTES, Survey, survey
from schakel.graph import NTriples
from schakel.ntriples import bounds_of, cut, key_of_subject, merged
from schakel.work import Workers

__all__ = ["Cuts", "Merged", "Segment", "cuts_for", "merge"]

# Bytes of N-Triples a segment: a second's work, so that a change of one row is soon written, and a process needs little memory.
_SEGMENT: Final = 4_000_000
_SAMPLES: Final = 64
# Digits of the number with which what is kept of a segment begins: where its survey ends.
_LENGTH: Final = 12
# Between such subjects the parts of an entity cannot fall, as no sign of theirs sorts before the `#` of a part.
_FIT: Final = re.compile(rb"[\w~:/.-]+", re.ASCII)


@dataclass(frozen=True)
class Cuts:
    """Where graphs are cut: before which keys, the first and last of those below the base among them."""

    keys: tuple[bytes, ...]
    base: str

    def of(self, piece: bytes) -> list[tuple[int, int]]:
        """Give beginning and end of each segment of a sorted piece, in the order of publication: those below the base first. Some may be empty."""
        first, last = (self.keys.index(key) for key in bounds_of(self.base))
        places = cut(piece, self.keys)
        return [*places[first + 1 : last + 1], *places[: first + 1], *places[last + 1 :]]

    def parts(self, pieces: NTriples) -> Iterator[NTriples]:
        """Give for each segment what it has of each piece, without what is empty."""
        for places in zip(*map(self.of, pieces), strict=True):
            yield [piece[begin:end] for piece, (begin, end) in zip(pieces, places, strict=True) if begin < end]


def cuts_for(pieces: Sequence[bytes], base: str) -> Cuts:
    """Choose where to cut, so that the segments of all these pieces together have about so many bytes each.

    Candidates are the subjects with which pieces begin, and some more in each; chosen is one in so many, by its name. So where nothing was
    edited the cuts stay where they were, and with them the segments.
    """
    candidates = {candidate for piece in pieces for candidate in _candidates(piece)}
    a_segment = len(candidates) * _SEGMENT // max(sum(map(len, pieces)), 1)
    # A power of two, which an edit seldom changes.
    one_in = 1 << max(a_segment.bit_length() - 1, 0)
    chosen = (each for each in candidates if _FIT.fullmatch(each) and crc32(each) % one_in == 0)
    return Cuts(tuple(sorted({*bounds_of(base), *map(key_of_subject, chosen)})), base)


def _candidates(piece: bytes) -> Iterator[bytes]:
    for place in range(0, len(piece), max(_SEGMENT // _SAMPLES, 1)):
        line = piece[piece.rfind(b"\n", 0, place) + 1 : piece.index(b"\n", place) + 1]
        yield line[1 : line.index(b">")].partition(b"#")[0]


@dataclass(frozen=True)
class Segment:
    """A part of a graph: sorted N-Triples, with their digest, and where they are kept."""

    digest: str
    kept: Kept

    @property
    def statements(self) -> bytes:
        """The N-Triples, read again each time somebody asks."""
        content = self.kept.content()
        return content[content.index(b"\n") + 1 :]


class _Statements(Sequence[bytes]):
    """The N-Triples of segments, of which only one is in memory at a time."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def __len__(self) -> int:
        return len(self._segments)

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        return _Statements(self._segments[at]) if isinstance(at, slice) else self._segments[at].statements


@dataclass(frozen=True)
class Merged:
    """The merge of all graphs, in segments in the order of publication, and a survey of it."""

    segments: Sequence[Segment]
    survey: Survey
    cuts: Cuts

    @property
    def statements(self) -> NTriples:
        """The N-Triples of all segments."""
        return _Statements(self.segments)

    def digest(self) -> str:
        """Give a name for all that it says: other statements, other name."""
        return key_of("\n".join(segment.digest for segment in self.segments))


@dataclass(frozen=True)
class _Parts:
    """What a segment is merged of, and what it is surveyed for."""

    parts: NTriples
    base: str
    prefixes: Mapping[str, str]

    def key(self) -> str:
        return key_of(self.base, json.dumps(self.prefixes, sort_keys=True), *self.parts)


def merge(pieces: NTriples, about: About, workers: Workers) -> Merged:
    """Merge sorted pieces: each statement once."""
    cuts = cuts_for(pieces, about.base)
    tasks = (_Parts(parts, about.base, dict(about.prefixes)) for parts in cuts.parts(pieces) if parts)
    surveys: list[Survey] = []
    segments: list[Segment] = []
    for kept in workers.each_kept("merge", _merge, tasks, _Parts.key):
        digest, found = _head(kept.content(0, int(kept.content(0, _LENGTH))))
        surveys.append(found)
        segments.append(Segment(digest, kept.let_go()))
    return Merged(segments, Survey.together(surveys), cuts)


def _merge(task: _Parts) -> bytes:
    piece = merged(task.parts)
    found = survey(piece, task.base, task.prefixes)
    written = vars(found) | {
        "digest": key_of(piece),
        "objects": b"".join(sorted(found.objects)).hex(),
        "leads_to": {iri: sorted(kinds) for iri, kinds in found.leads_to.items()},
        "schemes": sorted(found.schemes),
    }
    head = json.dumps(written, ensure_ascii=False).encode()
    return b"%0*d%b\n%b" % (_LENGTH, _LENGTH + len(head), head, piece)


def _head(content: bytes) -> tuple[str, Survey]:
    written = json.loads(content[_LENGTH:])
    digest, objects = written.pop("digest"), bytes.fromhex(written["objects"])
    written |= {
        "objects": frozenset(objects[at : at + DIGEST_BYTES] for at in range(0, len(objects), DIGEST_BYTES)),
        "classes": Counter(written["classes"]),
        "properties": Counter(written["properties"]),
        "leads_to": {iri: frozenset(kinds) for iri, kinds in written["leads_to"].items()},
        "schemes": frozenset(written["schemes"]),
    }
    return digest, Survey(**written)
