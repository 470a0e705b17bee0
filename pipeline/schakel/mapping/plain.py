"""Mappings in the plain form of SPARQL that most are written in: what they are made of is told without rdflib, which takes a second to import and read them.

Whatever is not surely a sound mapping is left to algebra.py, which says what is wrong with it, if anything is.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from pyoxigraph import Literal, Store, Variable

from schakel.mapping.construct import ANY_BASE, UNDEFINED, Bind, Construct, Template
from schakel.sparql.plain import Bind as WrittenBind
from schakel.sparql.plain import Call, Expression, Statement, called, parse, variables_of
from schakel.sparql.plain import Construct as WrittenConstruct
from schakel.tables import Table

__all__ = ["plain_construct"]

_NONE: Final = Variable(UNDEFINED)


def plain_construct(text: str, file: str, table: Table) -> Construct | None:
    """Read a mapping that holds nothing but BINDs that any engine takes and that give the same each time; None for any other."""
    query = parse(text)
    if not isinstance(query, WrittenConstruct):
        return None
    binds = [each for each in query.where.elements if isinstance(each, WrittenBind)]
    if len(binds) < len(query.where.elements):
        return None
    read = tuple(Bind(each.variable.value, _variables(each.expression), _choices(each.expression)) for each in binds)
    construct = Construct(file, text, tuple(map(_template, query.template)), read, _at_once(binds))
    try:
        Store().query(construct.with_rows(table.columns, []), base_iri=ANY_BASE)
        if construct.at_once:
            Store().query(construct.with_losses(table.columns, []), base_iri=ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError):
        return None
    return construct


def _at_once(binds: Sequence[WrittenBind]) -> bool:
    """Tell whether "no value" is only ever what a BIND gives, as a branch of IF, and no other BIND reads what may be that."""
    perhaps_none = {each.variable for each in binds if _NONE in variables_of(each.expression)}
    return all(_gives_none(each.expression) and perhaps_none.isdisjoint(variables_of(each.expression)) for each in binds)


def _gives_none(expression: Expression) -> bool:
    """Tell whether no value stands nowhere but in the branches of an IF, or of one in those."""
    if expression == _NONE:
        return True
    if isinstance(expression, Call) and expression.name == "IF":
        condition, *branches = expression.arguments
        return _NONE not in variables_of(condition) and all(map(_gives_none, branches))
    return _NONE not in variables_of(expression)


def _template(statement: Statement) -> Template:
    resources = frozenset(term.value for term in (statement.subject, statement.predicate) if isinstance(term, Variable))
    last = {statement.object.value} if isinstance(statement.object, Variable) else set()
    return Template(resources | last, resources)


def _variables(expression: Expression) -> frozenset[str]:
    return frozenset(each.value for each in variables_of(expression))


def _choices(expression: Expression) -> frozenset[str]:
    """Give the texts that an expression compares something with."""
    others = chain.from_iterable(call.arguments[1:] for call in called(expression) if call.name in {"=", "IN"})
    return frozenset(other.value for other in others if isinstance(other, Literal))
