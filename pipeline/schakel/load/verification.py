"""Whether a store gives back what was sent: the same statements, each with the same terms; or terms of the same value, where a store keeps values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.load.updates import batches

__all__ = ["Digest", "by_value", "by_values", "digests_of"]

_LANGUAGE: Final = re.compile(rb'"@([A-Za-z0-9-]+) \.$')
_AT_ONCE: Final = 20_000
_RANGE: Final = 1 << 256


@dataclass
class Digest:
    """A digest of a set of statements, whatever their order: the sum modulo 2^256 of the SHA-256 of each, as written (`exact`) and by value (`value`).

    It finds what a store or a network loses, adds or changes. It is no defence against somebody who makes statements in order to deceive it.
    """

    count: int = 0
    exact: int = 0
    value: int = 0

    def __add__(self, other: "Digest") -> "Digest":
        return Digest(self.count + other.count, (self.exact + other.exact) % _RANGE, (self.value + other.value) % _RANGE)

    def same(self, other: "Digest") -> bool:
        """Tell whether the statements are the same by value."""
        return (self.count, self.value) == (other.count, other.value)


def digests_of(lines: Iterable[tuple[str, bytes]], graphs: Iterable[str] = ()) -> dict[str, Digest]:
    """Give the digest of each graph; `graphs` have one though they be empty. Holds only some of the lines at once."""
    digests = {graph: Digest() for graph in graphs}
    for some in batches(lines, _AT_ONCE):
        sums: dict[str, list[int]] = {}
        for graph, line in some:
            sums.setdefault(graph, []).append(_number(line))
        for graph, numbers in sums.items():
            whole = sum(numbers) % _RANGE
            digests[graph] = digests.get(graph, Digest()) + Digest(len(numbers), whole, whole)
        for number, canonical in _canonical([line for _, line in some]).items():
            graph, line = some[number]
            digests[graph] += Digest(0, 0, _number(canonical) - _number(line))
    return digests


def by_values(lines: Iterable[tuple[str, bytes]]) -> dict[tuple[str, bytes], tuple[str, bytes]]:
    """Give statements, each with its graph, by graph and value."""
    given = sorted(lines)
    values = _canonical([line for _, line in given])
    return {(graph, values.get(number, line)): (graph, line) for number, (graph, line) in enumerate(given)}


def by_value(line: bytes) -> bytes:
    """Write a line with the canonical form of its value, and the language tag in small letters.

    >>> by_value(b'<urn:s> <urn:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .')
    b'<urn:s> <urn:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    """
    return _canonical([line]).get(0, line)


def _number(line: bytes) -> int:
    return int.from_bytes(sha256(line).digest())


def _canonical(lines: list[bytes]) -> dict[int, bytes]:
    """Write by value, by their position, the lines that are not written so.

    Oxigraph's storage keeps numbers, dates and booleans by value, so what it gives back is canonical.
    """
    typed = {number: line for number, line in enumerate(lines) if b'"^^<' in line}
    if typed:
        store = ox.Store()
        store.bulk_load(b"\n".join(b"<line:%d> <line:> %b" % (number, line.split(b" ", 2)[2]) for number, line in typed.items()), format=RdfFormat.N_TRIPLES)
        for quad in store:
            number = int(quad.subject.value[5:])
            subject, predicate, _ = lines[number].split(b" ", 2)
            typed[number] = b"%b %b %b ." % (subject, predicate, str(quad.object).encode())
    tagged = {
        number: _LANGUAGE.sub(lambda match: b'"@' + match[1].lower() + b" .", line)
        for number, line in enumerate(lines)
        if b'"@' in line and number not in typed
    }
    return {number: line for number, line in (typed | tagged).items() if line != lines[number]}
