"""Finds terms in syntax trees."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache

from pyoxigraph import NamedNode, Variable

from schakel.sparql import Aggregate, BlankNode, Exists, Literal, Statement, properties_of

__all__ = ["aggregates", "has_exists", "names_in", "properties", "terms_in"]


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.compare)


def _nodes(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for each in node:
            yield from _nodes(each)
    elif is_dataclass(node) and not isinstance(node, type | Literal | BlankNode):
        for name in _fields(type(node)):
            yield from _nodes(getattr(node, name))


def terms_in(node: object) -> Iterator[NamedNode | Literal]:
    """Give all IRIs and literals in a part of a query, paths included, without datatypes of literals."""
    return (each for each in _nodes(node) if isinstance(each, NamedNode | Literal))


def properties(node: object) -> Iterator[NamedNode]:
    """Give the properties of all statements in a part of a query."""
    for each in _nodes(node):
        if isinstance(each, Statement) and not isinstance(each.predicate, Variable):
            yield from properties_of(each.predicate)


def names_in(node: object) -> set[str]:
    """Give the names of all variables in a part of a query."""
    return {each.value for each in _nodes(node) if isinstance(each, Variable)}


def has_exists(node: object) -> bool:
    """Tell whether there is an EXISTS in an expression."""
    return any(isinstance(each, Exists) for each in _nodes(node))


def aggregates(node: object) -> list[Aggregate]:
    """Give the aggregates in expressions."""
    return [each for each in _nodes(node) if isinstance(each, Aggregate)]
