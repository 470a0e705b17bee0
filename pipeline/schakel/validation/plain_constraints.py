"""Constraints in the plain form of SPARQL that most are written in: what they look at is told without rdflib, which takes a second to import and read them.

Whatever cannot surely be asked of all nodes at once is left to constraint_algebra.py, which tells why not, if it cannot.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Store, Variable

from schakel.namespaces import RDF
from schakel.sparql.plain import Bind, Call, Exists, Expression, Filter, Group, Optional, Select, Statement, Union, parse

__all__ = ["LookedAt", "Seen", "plainly_seen_by"]

# A predicate, and for `rdf:type` the class if told.
LookedAt: TypeAlias = tuple[NamedNode, NamedNode | None]

_THIS: Final = Variable("this")
_VALUE: Final = Variable("value")
# What may make pySHACL refuse a query, which it tells from the text.
_REFUSED: Final = re.compile(
    r"INUS[\s{]|(?<![\w:-])VALUES\b|ERVICE[\s<]|SELECT.*SELECT|\bAS\s+[?$](?:this|value|shapesGraph|currentShape)\b", re.IGNORECASE | re.DOTALL
)
_SAME_EVERYWHERE: Final = frozenset(
    [
        *["=", "!=", "<", ">", "<=", ">=", "IN", "NOT IN", "&&", "||", "!"],
        *["STR", "CONCAT", "SUBSTR", "STRLEN", "STRSTARTS", "STRENDS", "CONTAINS"],
        *["BOUND", "SAMETERM", "ISIRI", "ISURI", "ISLITERAL", "ISBLANK", "LANG", "IF", "COALESCE"],
        *["SUM", "COUNT", "SAMPLE"],
    ]
)


@dataclass(frozen=True)
class Seen:
    """What a query looks at, and whether it gives a `?value`."""

    looks_at: frozenset[LookedAt]
    gives_value: bool


class _UnsureError(Exception):
    """Asked of all nodes at once, the query may mean something else."""


def plainly_seen_by(text: str) -> Seen | None:
    """Tell what a query looks at that can surely be asked of all nodes at once; None for any other."""
    query = parse(text)
    if not isinstance(query, Select) or _REFUSED.search(text):
        return None
    walk = _Walk()
    try:
        walk.query(query)
        Store().query(text)
    except (_UnsureError, SyntaxError, ValueError, RuntimeError):
        return None
    return Seen(frozenset(walk.looks_at), _VALUE in query.variables)


@dataclass
class _Walk:
    """Goes through a query; raises _UnsureError where `$this`, asked free, may mean something else than where it is bound."""

    looks_at: set[LookedAt] = field(default_factory=set)

    def query(self, query: Select) -> None:
        """Go through a whole query."""
        given = self._group(query.where)
        if query.keys:
            given &= set(query.keys)
        if query.having is not None:
            self._expression(query.having, {_THIS})
        named = set(query.variables)
        if _THIS not in given or (_VALUE in named and _VALUE not in given) or _THIS not in named or named & {Variable("path"), Variable("failure")}:
            raise _UnsureError

    def _group(self, group: Group) -> set[Variable]:
        """Go through a group; give the variables that every solution of it has a value for, named by statements."""
        given, conditions = self._pattern(group)
        self._conditions(conditions, given)
        return given

    def _conditions(self, conditions: Sequence[Expression], given: Collection[Variable]) -> None:
        for condition in conditions:
            self._expression(condition, given)

    def _pattern(self, group: Group) -> tuple[set[Variable], list[Expression]]:
        """Go through a group but its filters, which are of the whole, and are given."""
        given: set[Variable] = set()
        conditions: list[Expression] = []
        for element in group.elements:
            match element:
                case Statement():
                    given |= self._statement(element)
                case Filter():
                    conditions.append(element.condition)
                case Bind():
                    self._expression(element.expression, given)
                    given.discard(element.variable)
                case Union():
                    given |= set.intersection(*map(self._group, element.groups))
                case Optional():
                    maybe, inner = self._pattern(element.group)
                    # Filters of what is optional see what it is optional to.
                    self._conditions(inner, given)
                    if _THIS in maybe and _THIS not in given:
                        raise _UnsureError
        return given, conditions

    def _statement(self, statement: Statement) -> set[Variable]:
        if statement.predicate is not None:
            raise _UnsureError
        if statement.simple and statement.properties == (RDF.type,) and isinstance(statement.object, NamedNode):
            self.looks_at.add((RDF.type, statement.object))
        else:
            self.looks_at.update((each, None) for each in statement.properties)
        return {term for term in (statement.subject, statement.object) if isinstance(term, Variable)}

    def _expression(self, expression: Expression, given: Collection[Variable]) -> None:
        if expression == _THIS:
            if _THIS not in given:
                raise _UnsureError
        elif isinstance(expression, Call):
            if expression.name not in _SAME_EVERYWHERE:
                raise _UnsureError
            for each in expression.arguments:
                self._expression(each, given)
        elif isinstance(expression, Exists):
            self._exists(expression.group, given)

    def _exists(self, group: Group, given: Collection[Variable]) -> None:
        """Go through what must, or must not, be there: statements and filters alone."""
        for element in group.elements:
            if isinstance(element, Statement):
                self._statement(element)
            elif isinstance(element, Filter):
                self._expression(element.condition, given)
            else:
                raise _UnsureError
