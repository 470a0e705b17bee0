"""Which statements of a thing, and about it, are told together: its names, its kind, what is stated of it, what refers to it, what follows, what is open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from schakel.lookup.names import NAME_PROPERTIES
from schakel.lookup.statements import Statement
from schakel.namespaces import PREFIXES, RDF, SK

__all__ = ["GROUPS", "grouped", "told"]

# The keys of the groups, in their order.
_NAMES, _KIND, _STATEMENTS, _REFERRED_TO, _INFERRED, _OPEN = GROUPS = ("names", "kind", "statements", "referred_to", "inferred", "open")

_CLASSIFICATION: Final = NamedNode(PREFIXES["org"] + "classification")

# Properties that belong to a group of their own: those of the thing, and those that lead to it.
_OUTGOING: Final = {**dict.fromkeys(NAME_PROPERTIES, _NAMES), RDF.type: _KIND, _CLASSIFICATION: _KIND}
_INCOMING: Final = {SK.nameOf: _NAMES, SK.questionAbout: _OPEN, SK.differenceAbout: _OPEN}


def told(statements: Iterable[Statement]) -> list[Statement]:
    """Leave out in which passages a thing is stated: each statement has its own."""
    return [statement for statement in statements if statement.predicate != SK.statedIn]


def grouped(outgoing: Sequence[Statement], incoming: Sequence[Statement]) -> Mapping[str, Sequence[Statement]]:
    """Give the statements of each group, by its key."""
    groups: defaultdict[str, list[Statement]] = defaultdict(list)
    for group, statement in (*_group_outgoing(outgoing, incoming), *_group_incoming(outgoing, incoming)):
        groups[group].append(statement)
    return groups


def _group_outgoing(outgoing: Iterable[Statement], incoming: Iterable[Statement]) -> Iterator[tuple[str, Statement]]:
    names = {statement.subject for statement in incoming if statement.predicate == SK.nameOf and not statement.is_inferred}
    for statement in outgoing:
        if not statement.is_inferred:
            yield _OUTGOING.get(statement.predicate, _STATEMENTS), statement
        elif statement.value not in names or statement.predicate != SK.hasName:
            yield _INFERRED, statement


def _group_incoming(outgoing: Iterable[Statement], incoming: Iterable[Statement]) -> Iterator[tuple[str, Statement]]:
    ends = {statement.value for statement in outgoing}
    names = {statement.value for statement in outgoing if statement.predicate == SK.hasName and not statement.is_inferred}
    for statement in incoming:
        if statement.is_inferred:
            # That is mostly the inverse of what is told already.
            if statement.subject not in ends:
                yield _INFERRED, statement
        elif statement.predicate != SK.nameOf or statement.subject not in names:
            yield _INCOMING.get(statement.predicate, _REFERRED_TO), statement
