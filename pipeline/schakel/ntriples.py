r"""N-Triples as lines of bytes: sorted and merged without an object of Python for each statement.

Oxigraph writes canonical N-Triples: one line a triple, one way to write each term. So lines can be compared, merged and sorted as bytes, and equal
graphs give equal bytes. A *piece* is many lines in one `bytes`, sorted, each once, each with its line end.
"""

from collections.abc import Iterable, Sequence
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Triple

from schakel.namespaces import RDF

__all__ = [
    "joined",
    "merged",
    "sort_key",
    "sorted_lines",
    "sorted_piece",
    "subject",
    "to_lines",
]

# As a line that is to be sorted has it, with its end replaced.
_TYPE: Final = f" <{RDF.type.value}\x02 ".encode()


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
