"""Whether a store gives back what was sent: the same statements, each with the same terms; or terms of the same value, where a store keeps values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import pyoxigraph as ox
from pyoxigraph import RdfFormat

__all__ = ["Compared", "by_value", "compared", "digest_of"]

_LANGUAGE: Final = re.compile(rb'"@([A-Za-z0-9-]+) \.$')


@dataclass(frozen=True)
class Compared:
    """What two sets of statements have apart: what is missing, what was added, an example; and how many are the same by value only."""

    missing: int
    added: int
    example: str
    by_value: int

    @property
    def same(self) -> bool:
        """Tell whether nothing is apart."""
        return not self.missing and not self.added


def compared(sent: Mapping[str, set[bytes]], found: Mapping[str, set[bytes]]) -> Compared:
    """Hold what a store gives back against what was sent, graph by graph."""
    missing = added = same = 0
    example = ""
    for graph in sorted({*sent, *found}):
        only_sent, only_found = sent.get(graph, set()) - found.get(graph, set()), found.get(graph, set()) - sent.get(graph, set())
        values_sent, values_found = _values(only_sent), _values(only_found)
        lost, new = set(values_sent) - set(values_found), set(values_found) - set(values_sent)
        same += len(set(values_sent) & set(values_found))
        missing, added = missing + len(lost), added + len(new)
        example = example or min([*(values_sent[each] for each in lost), *(values_found[each] for each in new)], default=b"").decode("utf-8", "replace")
    return Compared(missing, added, example, same)


def _values(lines: set[bytes]) -> dict[bytes, bytes]:
    """Give lines by what they say: numbers, dates and booleans by their value, tags of languages in small letters."""
    return {by_value(line): line for line in lines}


def by_value(line: bytes) -> bytes:
    """Write a line with the canonical form of its value, and the tag of its language in small letters."""
    store = ox.Store()
    store.load(line, format=RdfFormat.N_TRIPLES)
    canonical = ox.serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES) or line
    return _LANGUAGE.sub(lambda match: b'"@' + match[1].lower() + b" .", canonical.rstrip(b"\n"))


def digest_of(graphs: Mapping[str, set[bytes]]) -> str:
    """Give the SHA-256 of statements: graph after graph by name, each with its lines sorted."""
    digest = sha256()
    for graph in sorted(graphs):
        digest.update(f"{graph}\n".encode())
        digest.update(b"".join(line + b"\n" for line in sorted(graphs[graph])))
    return digest.hexdigest()
