"""Comparing what a store gives back with what is published: the same statements, or terms of the same value where a store keeps values."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TypeAlias

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.load.updates import Statement, batches

__all__ = ["Comparison", "Difference", "Digest", "by_value", "compare", "digests_of", "same"]

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

    def add(self, exact: bytes, value: bytes) -> None:
        """Add a statement, given the SHA-256 of it as written and by value."""
        number = int.from_bytes(exact)
        self.count += 1
        self.exact = (self.exact + number) % _RANGE
        self.value = (self.value + (number if value is exact else int.from_bytes(value))) % _RANGE

    def same(self, other: "Digest") -> bool:
        """Tell whether the statements are the same by value."""
        return (self.count, self.value) == (other.count, other.value)


@dataclass(frozen=True)
class Difference:
    """Statements to take out and to put in, sorted by graph and subject."""

    removed: list[Statement]
    added: list[Statement]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.removed or self.added)

    @property
    def reverse(self) -> "Difference":
        """The way back."""
        return Difference(self.added, self.removed)


@dataclass
class Comparison:
    """How what a store holds differs from what is published, with the digest of each graph, as published (`sent`) and as it is there (`found`)."""

    difference: Difference
    sent: dict[str, Digest] = field(default_factory=dict)
    found: dict[str, Digest] = field(default_factory=dict)


# Lets the statements of a store be used some at a time, and once more where an answer breaks off.
_Read: TypeAlias = Callable[[Callable[[Iterator[Statement]], Iterable["_Found"]]], Iterable["_Found"]]


@dataclass
class _Found:
    """What is found in some graphs: their digests, the values of statements that are published, and the statements that are not."""

    digests: dict[str, Digest] = field(default_factory=dict)
    met: list[tuple[str, bytes]] = field(default_factory=list)
    surplus: list[Statement] = field(default_factory=list)


def compare(read: _Read, published: Iterable[Statement], *, values: bool = True) -> Comparison:
    """Compare what a store holds with what is published, of which all statements are in memory. With `values`, what has the same value does not differ."""
    missing: dict[str, dict[bytes, bytes]] = {}
    sent: dict[str, Digest] = {}
    for graph, line, exact, value in _hashed(published, values=values):
        missing.setdefault(graph, {})[value] = line
        sent.setdefault(graph, Digest()).add(exact, value)

    def use(lines: Iterator[Statement]) -> Iterable[_Found]:
        found = _Found()
        for graph, line, exact, value in _hashed(lines, values=values):
            found.digests.setdefault(graph, Digest()).add(exact, value)
            if value in missing.get(graph, ()):
                found.met.append((graph, value))
            else:
                found.surplus.append((graph, line))
        return [found]

    there: dict[str, Digest] = {}
    removed: list[Statement] = []
    for found in read(use):
        for graph, digest in found.digests.items():
            there[graph] = there.get(graph, Digest()) + digest
        for graph, value in found.met:
            missing[graph].pop(value, None)
        removed += found.surplus
    added = [(graph, line) for graph, lines in missing.items() for line in lines.values()]
    return Comparison(Difference(sorted(removed), sorted(added)), sent, there)


def digests_of(lines: Iterable[Statement]) -> dict[str, Digest]:
    """Give the digest of each graph. Holds only some of the lines at once."""
    digests: dict[str, Digest] = {}
    for graph, _, exact, value in _hashed(lines):
        digests.setdefault(graph, Digest()).add(exact, value)
    return digests


def same(wanted: Mapping[str, Digest], found: Mapping[str, Digest]) -> bool:
    """Tell whether graphs have the same statements by value. A graph that has no digest is empty."""
    return all(wanted.get(graph, Digest()).same(found.get(graph, Digest())) for graph in {*wanted, *found})


def by_value(lines: list[bytes]) -> list[bytes]:
    """Write lines with the canonical forms of their values, and language tags in small letters.

    >>> by_value([b'<urn:s> <urn:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .'])
    [b'<urn:s> <urn:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .']
    """
    canonical = _canonical(lines)
    return [canonical.get(number, line) for number, line in enumerate(lines)]


def _hashed(lines: Iterable[Statement], *, values: bool = True) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """Give each statement with its SHA-256, as written and by value: the same object where it is written by value."""
    for some in batches(lines, _AT_ONCE):
        canonical = _canonical([line for _, line in some], values=values)
        for number, (graph, line) in enumerate(some):
            exact = sha256(line).digest()
            yield graph, line, exact, sha256(canonical[number]).digest() if number in canonical else exact


def _canonical(lines: list[bytes], *, values: bool = True) -> dict[int, bytes]:
    """Write by value, by their position, the lines that are not written so; without `values`, only language tags.

    Oxigraph's storage keeps numbers, dates and booleans by value, so what it gives back is canonical.
    """
    typed = {number: line for number, line in enumerate(lines) if b'"^^<' in line}
    if typed and values:
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
