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
    "merged",
    "sorted_piece",
    "to_lines",
]

# As a line that is to be sorted has it, with its end replaced.
_TYPE: Final = f" <{RDF.type.value}\x02 ".encode()


def to_lines(triples: Iterable[Triple]) -> set[bytes]:
    """Write triples as N-Triples lines without line ends, each once."""
    return set(cast("bytes", ox.serialize(triples, format=RdfFormat.N_TRIPLES)).splitlines())


def _to_sort(text: bytes) -> bytes:
    """Write lines so that their order is that of their bytes.

    The signs that stand for the end of an IRI and for `rdf:type` sort before all that can follow: a thing comes before its parts, and a type before all else.
    N-Triples has no such signs of its own, it escapes them.
    """
    return text.replace(b">", b"\x02").replace(_TYPE, b" \x01 ")


def _from_sorted(text: bytes) -> bytes:
    return text.replace(b" \x01 ", _TYPE).replace(b"\x02", b">")


def _joined(lines: Iterable[bytes]) -> bytes:
    """Join lines to a file."""
    return b"".join([line + b"\n" for line in lines])


def sorted_piece(content: bytes) -> bytes:
    """Sort the lines of a file into a piece, each once."""
    # What comes in runs that are in order is sorted in little more than the time of looking at it; a set of it would not be.
    return _from_sorted(_joined(dict.fromkeys(sorted(_to_sort(content).splitlines()))))


def merged(pieces: Sequence[bytes]) -> bytes:
    """Merge pieces into one."""
    if len(pieces) == 1:
        return pieces[0]
    # Sorting finds the runs that are sorted already, so the pieces are merged rather than sorted.
    in_order = sorted(_to_sort(b"".join(pieces)).splitlines())
    return _from_sorted(_joined(dict.fromkeys(in_order)))
