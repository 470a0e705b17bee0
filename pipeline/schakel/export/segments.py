"""A graph in segments: parts of it with whole entities, each of which can be written by itself, in any process and in any order.

Where a graph is cut changes no byte of what is published.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.cache import key_of
from schakel.export.about import About
from schakel.export.survey import Survey, survey
from schakel.graph import NTriples
from schakel.ntriples import bounds_of, cut, key_of_subject, merged
from schakel.work import Workers

__all__ = ["Cuts", "Merged", "cuts_for", "merge"]

# Bytes of N-Triples a segment: a second's work, so that a change of one row is soon written, and a process needs little memory.
_SEGMENT: Final = 4_000_000
_SAMPLES: Final = 16
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
    """Choose where to cut, so that the segments of all these pieces together have about so many bytes each."""
    samples: list[bytes] = []
    passed, step = 0, max(_SEGMENT // _SAMPLES, 1)
    for piece in pieces:
        for place in range(-passed % step, len(piece), step):
            line = piece[piece.rfind(b"\n", 0, place) + 1 : piece.index(b"\n", place) + 1]
            samples.append(line[1 : line.index(b">")].partition(b"#")[0])
        passed += len(piece)
    chosen = sorted(samples)[_SAMPLES::_SAMPLES]
    return Cuts(tuple(sorted({*bounds_of(base), *(key_of_subject(each) for each in chosen if _FIT.fullmatch(each))})), base)


@dataclass(frozen=True)
class Merged:
    """The merge of all graphs, in segments of sorted N-Triples in the order of publication, and a survey of it."""

    segments: NTriples
    survey: Survey
    cuts: Cuts


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
    done = [_read(content) for content in workers.each_once("merge", _merge, tasks, _Parts.key)]
    return Merged([piece for _, piece in done], Survey.together(found for found, _ in done), cuts)


def _merge(task: _Parts) -> bytes:
    piece = merged(task.parts)
    found = survey(piece, task.base, task.prefixes)
    written = vars(found) | {
        "objects": [digest.hex() for digest in sorted(found.objects)],
        "leads_to": {iri: sorted(kinds) for iri, kinds in found.leads_to.items()},
        "schemes": sorted(found.schemes),
    }
    return json.dumps(written, ensure_ascii=False).encode() + b"\n" + piece


def _read(content: bytes) -> tuple[Survey, bytes]:
    head, _, piece = content.partition(b"\n")
    written = json.loads(head)
    written |= {
        "objects": frozenset(map(bytes.fromhex, written["objects"])),
        "classes": Counter(written["classes"]),
        "properties": Counter(written["properties"]),
        "leads_to": {iri: frozenset(kinds) for iri, kinds in written["leads_to"].items()},
        "schemes": frozenset(written["schemes"]),
    }
    return Survey(**written), piece
