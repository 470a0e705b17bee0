"""Parts of a large graph, cut out of its N-Triples without an object of Python for each statement."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Triple

from schakel.graph import NTriples, Term
from schakel.namespaces import RDF, RDFS

__all__ = ["SUBCLASS", "TYPE", "Reader", "Stream", "Taker", "classes_below", "in_pieces", "lines_with", "near", "written"]

TYPE: Final = str(RDF.type).encode()
SUBCLASS: Final = str(RDFS.subClassOf).encode()
_PIECE: Final = 1 << 20

# What is done with a statement: its subject, its object, and its whole line.
Taker: TypeAlias = Callable[[bytes, bytes, bytes], None]


def written(term: Term) -> bytes:
    """Write a term as N-Triples does."""
    line = ox.serialize([Triple(RDF.type, RDF.type, term)], format=RdfFormat.N_TRIPLES)
    return (line or b"").split(b" ", 2)[2].removesuffix(b" .\n")


@dataclass
class Reader:
    """Reads a graph once, and hands each statement to those who asked for its predicate."""

    _takers: dict[bytes, list[Taker]] = field(default_factory=dict)

    def ask(self, predicate: bytes, taker: Taker) -> None:
        """Have the statements of a predicate handed to a function."""
        self._takers.setdefault(predicate, []).append(taker)

    def read(self, data: NTriples) -> None:
        """Read the graph."""
        if not self._takers:
            return
        asked = self._takers.get
        for piece in data:
            for line in piece.splitlines():
                subject, predicate, rest = line.split(b" ", 2)
                if (takers := asked(predicate)) is not None:
                    for take in takers:
                        take(subject, rest[:-2], line)


class Stream:
    """Pieces as a file to read from, in which they are never joined."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._rest = (memoryview(piece)[start : start + _PIECE] for piece in pieces for start in range(0, len(piece), _PIECE))
        self._left = memoryview(b"")

    def read(self, size: int = _PIECE) -> bytes:
        """Give the next bytes, at most so many; none at the end."""
        while not self._left:
            try:
                self._left = next(self._rest)
            except StopIteration:
                return b""
        given, self._left = self._left[:size], self._left[size:]
        return bytes(given)


def lines_with(data: NTriples, predicate: bytes) -> Iterator[bytes]:
    """Give the lines of one predicate that is rare."""
    key = b" " + predicate + b" "
    for piece in data:
        at = piece.find(key)
        while at >= 0:
            start, end = piece.rfind(b"\n", 0, at) + 1, piece.find(b"\n", at)
            # The key may stand in a text, too.
            if piece.find(b" ", start) == at:
                yield piece[start:end]
            at = piece.find(key, end)


def classes_below(data: NTriples) -> Callable[[Iterable[bytes]], set[bytes]]:
    """Read which class is below which, and give the function that adds to classes all that are below them."""
    below: dict[bytes, list[bytes]] = {}
    for line in lines_with(data, SUBCLASS):
        lower, _, rest = line.split(b" ", 2)
        below.setdefault(rest[:-2], []).append(lower)

    def with_those_below(classes: Iterable[bytes]) -> set[bytes]:
        found: set[bytes] = set()
        ahead = list(classes)
        while ahead:
            each = ahead.pop()
            if each not in found:
                found.add(each)
                ahead += below.get(each, ())
        return found

    return with_those_below


def near(lines: Mapping[bytes, list[bytes]], focus: set[bytes]) -> Iterator[bytes]:
    """Of lines by predicate give those that the nodes lead to, forwards, however far; of classes all that is said of them."""
    steps = {predicate: _by_subject(each) for predicate, each in lines.items() if predicate != SUBCLASS}
    reached: set[bytes] = set()
    ahead = list(focus)
    while ahead:
        node = ahead.pop()
        if node in reached:
            continue
        reached.add(node)
        for predicate, about in steps.items():
            for line in about.get(node, ()):
                yield line
                if predicate != TYPE:
                    ahead.append(line.split(b" ", 2)[2][:-2])
    yield from lines.get(SUBCLASS, ())


def _by_subject(lines: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    about: dict[bytes, list[bytes]] = {}
    for line in lines:
        about.setdefault(line[: line.index(b" ")], []).append(line)
    return about


def in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join lines to pieces."""
    gathered: list[bytes] = []
    for line in lines:
        gathered.append(line)
        if len(gathered) == _PIECE >> 6:
            yield b"\n".join(gathered) + b"\n"
            gathered = []
    if gathered:
        yield b"\n".join(gathered) + b"\n"
