r"""N-Triples as lines of bytes: sorted, searched and cut without an object of Python for each statement.

Oxigraph writes canonical N-Triples: one line a triple, one way to write each term. So lines can be compared, merged and sorted as bytes, and equal
graphs give equal bytes. A *piece* is many lines in one `bytes`, sorted, each once, each with its line end.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Triple

from schakel.namespaces import RDF

__all__ = [
    "TYPE",
    "Terms",
    "bounds_of",
    "cut",
    "joined",
    "key_of_subject",
    "lines_about",
    "merged",
    "piece_of",
    "sort_key",
    "sorted_lines",
    "sorted_piece",
    "start_of",
    "statements_of",
    "subject",
    "subjects",
    "subjects_of",
    "terms_of",
    "to_lines",
]

_SUBJECT: Final = re.compile(rb"^<([^>]*)>", re.MULTILINE)
_LINE: Final = re.compile(rb"([^ ]*) ([^ ]*) ([^\n]*) \.\n")
# As a line that is to be sorted has it, with its end replaced.
_TYPE: Final = f" <{RDF.type.value}\x02 ".encode()
# As every other line has it.
TYPE: Final = str(RDF.type).encode()
# Sorts after the space behind the subject of a line.
_AFTER_SPACE: Final = b"!"
# So many bytes of a piece are looked through in the time in which one subject is looked up.
_WORTH_LOOKING_UP: Final = 3_000
# Sorts after every byte of UTF-8.
_LAST: Final = b"\xff"


def to_lines(triples: Iterable[Triple]) -> set[bytes]:
    """Write triples as N-Triples lines without line ends, each once."""
    return set(cast("bytes", ox.serialize(triples, format=RdfFormat.N_TRIPLES)).splitlines())


def sort_key(line: bytes) -> bytes:
    """Give what lines are sorted by: subject, then predicate, `rdf:type` before all others, then object."""
    return _to_sort(line)


def _to_sort(text: bytes) -> bytes:
    """Write lines so that their order is that of their bytes.

    The signs that stand for the end of an IRI and for `rdf:type` sort before all that can follow: a thing comes before its parts, and a type before all else.
    N-Triples has no such signs of its own, it escapes them.
    """
    return text.replace(b">", b"\x02").replace(_TYPE, b" \x01 ")


def _from_sorted(text: bytes) -> bytes:
    return text.replace(b" \x01 ", _TYPE).replace(b"\x02", b">")


def sorted_lines(lines: Iterable[bytes], base: str = "") -> list[bytes]:
    """Sort by subject, those below the base before all others, and let what a subject is (its type) come first."""
    in_order = sorted(lines, key=sort_key)
    own = b"<" + base.encode()
    return [*(line for line in in_order if line.startswith(own)), *(line for line in in_order if not line.startswith(own))]


def joined(lines: Iterable[bytes]) -> bytes:
    """Join lines to a file."""
    return b"".join([line + b"\n" for line in lines])


def piece_of(lines: Iterable[bytes]) -> bytes:
    """Sort lines into a piece, each once."""
    return sorted_piece(joined(lines))


def sorted_piece(content: bytes) -> bytes:
    """Sort the lines of a file into a piece, each once."""
    # What comes in runs that are in order is sorted in little more than the time of looking at it; a set of it would not be.
    return _from_sorted(joined(dict.fromkeys(sorted(_to_sort(content).splitlines()))))


def merged(pieces: Sequence[bytes]) -> bytes:
    """Merge pieces into one."""
    if len(pieces) == 1:
        return pieces[0]
    # Sorting finds the runs that are sorted already, so the pieces are merged rather than sorted.
    in_order = sorted(_to_sort(b"".join(pieces)).splitlines())
    return _from_sorted(joined(dict.fromkeys(in_order)))


def subject(line: bytes) -> str:
    r"""Give the IRI of a line's subject.

    >>> subject(b"<https://kg.example.org/org/ferries> <https://example.org/p> \"x\" .")
    'https://kg.example.org/org/ferries'
    """
    return line[1 : line.index(b">")].decode()


def subjects(piece: bytes) -> Iterable[str]:
    """Give the IRI of each subject of a piece, in the order of the piece."""
    return map(bytes.decode, subjects_of(piece))


def subjects_of(piece: bytes) -> dict[bytes, None]:
    """Give the subjects of a piece without their brackets, in the order of the piece."""
    return dict.fromkeys(_SUBJECT.findall(piece))


def start_of(piece: bytes, key: bytes, low: int = 0, high: int | None = None) -> int:
    """Give where in a piece, between two beginnings of lines, the first line stands that is not sorted before the key; the end where all are."""
    high = len(piece) if high is None else high
    while low < high:
        begin = piece.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = piece.index(b"\n", begin) + 1
        if sort_key(piece[begin : end - 1]) < key:
            low = end
        else:
            high = begin
    return low


def lines_about(piece: bytes, iris: Collection[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Give those of the IRIs that are subjects in a sorted piece, each with its lines without their ends."""
    # In a piece that is large for what is looked for, looking up is quicker than looking at all subjects.
    few = len(piece) > _WORTH_LOOKING_UP * len(iris)
    for iri in iris if few else subjects_of(piece).keys() & set(iris):
        key = key_of_subject(iri)
        begin = start_of(piece, key)
        end = start_of(piece, key + _AFTER_SPACE, begin)
        if begin < end:
            yield iri, piece[begin:end].splitlines()


@dataclass(frozen=True)
class Terms:
    """The distinct terms of some statements by their place; objects as N-Triples writes them, the others without brackets. `typed`: subjects with a class."""

    subjects: frozenset[bytes]
    predicates: frozenset[bytes]
    objects: frozenset[bytes]
    typed: frozenset[bytes]

    @property
    def iris(self) -> frozenset[bytes]:
        """Every IRI in any place."""
        return self.subjects | self.predicates | {each[1:-1] for each in self.objects if each.startswith(b"<")}

    @property
    def with_datatype(self) -> frozenset[bytes]:
        """The literals that name their datatype."""
        return frozenset(each for each in self.objects if each.endswith(b">") and each.startswith(b'"'))


def statements_of(piece: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Take lines apart: subject, predicate and object, each as it is written."""
    return _LINE.findall(piece)


def terms_of(piece: bytes) -> Terms:
    """Give the distinct terms of a piece."""
    statements = statements_of(piece)
    if not statements:
        return Terms(frozenset(), frozenset(), frozenset(), frozenset())
    subjects, predicates, objects = zip(*statements, strict=True)
    typed = set(compress(subjects, map(TYPE.__eq__, predicates)))
    return Terms(_iris(set(subjects)), _iris(set(predicates)), frozenset(objects), _iris(typed))


def _iris(terms: Iterable[bytes]) -> frozenset[bytes]:
    """Take the brackets off IRIs."""
    return frozenset(each[1:-1] for each in terms if each.startswith(b"<"))


def key_of_subject(iri: bytes) -> bytes:
    """Give the key before which a piece is cut where what is said of a thing and of its parts begins."""
    return b"<" + iri + b"\x02"


def cut(piece: bytes, keys: Sequence[bytes]) -> list[tuple[int, int]]:
    """Tell where to cut a piece before each of the keys, which are sorted: beginnings and ends of one more part than there are keys, some perhaps empty."""
    if not piece:
        return [(0, 0)] * (len(keys) + 1)
    # Most pieces are small and lie between two keys: what stands before their first line, and behind their last, need not be looked for.
    first, last = (sort_key(piece[begin : piece.index(b"\n", begin)]) for begin in (0, piece.rfind(b"\n", 0, -1) + 1))
    low, high = bisect_right(keys, first), bisect_right(keys, last)
    return list(pairwise([0, *[0] * low, *_places(piece, keys[low:high], 0, len(piece)), *[len(piece)] * (len(keys) - high), len(piece)]))


def _places(piece: bytes, keys: Sequence[bytes], low: int, high: int) -> list[int]:
    """Give the place of each key between two places."""
    if not keys or low == high:
        return [low] * len(keys)
    middle = len(keys) // 2
    place = start_of(piece, keys[middle], low, high)
    return [*_places(piece, keys[:middle], low, place), place, *_places(piece, keys[middle + 1 :], place, high)]


def bounds_of(base: str) -> tuple[bytes, bytes]:
    """Give the two keys between which lines stand whose subjects are below the base."""
    own = b"<" + base.encode()
    return own, own + _LAST
