"""What the graph says of one thing in the words of schema.org, and its values as JSON has them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from schakel.namespaces import RDF, XSD
from schakel.structured_data.query import SCHEMA

__all__ = ["Node", "Rank", "as_scalar", "name_of", "node_of", "texts_of"]

Rank: TypeAlias = Callable[[str | None], int]

_INTEGER: Final = re.compile(r"[+-]?\d{1,15}")
_DECIMAL: Final = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")


@dataclass(frozen=True)
class Node:
    """One thing: its types, and by property its texts and the things that it leads to; each once and sorted."""

    iri: str
    types: tuple[str, ...]
    literals: Mapping[str, Sequence[Literal]]
    links: Mapping[str, Sequence[str]]


# By what is said, so that what many pages name is read once; it is the same for every graph that says so.
@lru_cache(maxsize=16_384)
def node_of(iri: str, lines: bytes) -> Node:
    """Read the sorted lines of N-Triples that a thing is the subject of; what is no term of schema.org is left out."""
    types: list[str] = []
    literals: dict[str, list[Literal]] = {}
    links: dict[str, list[str]] = {}
    for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
        value = quad.object
        if quad.predicate == RDF.type:
            if isinstance(value, NamedNode) and value.value.startswith(SCHEMA):
                types.append(value.value.removeprefix(SCHEMA))
        elif quad.predicate.value.startswith(SCHEMA):
            name = quad.predicate.value.removeprefix(SCHEMA)
            if isinstance(value, Literal):
                literals.setdefault(name, []).append(value)
            elif isinstance(value, NamedNode):
                links.setdefault(name, []).append(value.value)
    return Node(iri, tuple(types), literals, links)


def texts_of(literals: Sequence[Literal], rank: Rank) -> list[Literal]:
    """Choose the values to be shown: those in the language most wanted, and those in none, such as numbers and dates."""
    tagged = [literal for literal in literals if literal.language]
    best = min((rank(literal.language) for literal in tagged), default=0)
    chosen = [literal for literal in tagged if rank(literal.language) == best]
    # Languages that nobody asked for are all alike; one of them is enough.
    language = min((literal.language or "" for literal in chosen), default="")
    return [*(literal for literal in chosen if literal.language == language), *(literal for literal in literals if not literal.language)]


def name_of(node: Node, rank: Rank) -> str | None:
    """Give the one name of a thing, in the language most wanted; None where it has none."""
    best = min(node.literals.get("name", ()), key=lambda literal: (rank(literal.language), literal.language or "", literal.value), default=None)
    return None if best is None else best.value


def as_scalar(literal: Literal) -> Any:  # noqa: ANN401  # what JSON has for it
    """Give a literal as JSON has it: whole numbers, decimals, yes and no as such, everything else as a text.

    >>> as_scalar(Literal(3500)), as_scalar(Literal("2017-12", datatype=XSD.gYearMonth)), as_scalar(Literal(True))
    (3500, '2017-12', True)
    """
    if literal.datatype == XSD.boolean:
        return literal.value in {"true", "1"}
    if literal.datatype == XSD.integer and _INTEGER.fullmatch(literal.value):
        return int(literal.value)
    if literal.datatype == XSD.decimal and _DECIMAL.fullmatch(literal.value):
        return float(literal.value)
    return literal.value
