"""Statements shown inside a fact: those of things that have no name to look them up by, such as memberships, periods and addresses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from pyoxigraph import NamedNode

from schakel.lookup.context import Context
from schakel.lookup.grouping import told
from schakel.lookup.statements import Statement
from schakel.namespaces import RDF

__all__ = ["NESTING", "Read", "inner_statements"]

# A membership leads to a period and that to a day; what lies deeper is shown on its own page.
NESTING: Final = 3

# Gives the statements of those of some things that have no name, by thing.
Read = Callable[[AbstractSet[NamedNode]], Mapping[NamedNode, Sequence[Statement]]]


def inner_statements(entity: NamedNode, statements: Iterable[Statement], context: Context, read: Read) -> Mapping[NamedNode, Sequence[Statement]]:
    """Read what is stated of the project's own nameless things that the statements of an entity lead to, at most `NESTING` steps away."""
    inner: dict[NamedNode, Sequence[Statement]] = {}
    ahead = {term for one in statements if not one.is_inferred for term in (one.subject, one.value)}
    for _ in range(NESTING):
        own = {term for term in ahead - {entity} if isinstance(term, NamedNode) and context.is_own(term)}
        found = {node: _stated(said) for node, said in read(own - inner.keys()).items()}
        inner |= found
        ahead = {one.value for said in found.values() for one in said}
    return inner


def _stated(statements: Iterable[Statement]) -> list[Statement]:
    return [one for one in told(statements) if not one.is_inferred and one.predicate != RDF.type]
