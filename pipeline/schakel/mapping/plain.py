"""Mappings in the plain form of SPARQL that most are written in: what they are made of is told without rdflib, which takes a second to import and read them.

Whatever is not surely a sound mapping is left to algebra.py, which says what is wrong with it, if anything is.
"""

from itertools import chain

from pyoxigraph import Literal, Store, Variable

from schakel.mapping.construct import ANY_BASE, Bind, Construct, Template
from schakel.sparql import Bind as WrittenBind
from schakel.sparql import Construct as WrittenConstruct
from schakel.sparql import Expression, Statement, called, parse, variables_of
from schakel.tables import Table

__all__ = ["plain_construct"]


def plain_construct(text: str, file: str, table: Table) -> Construct | None:
    """Read a mapping that holds nothing but BINDs that any engine takes and that give the same each time; None for any other."""
    query = parse(text)
    if not isinstance(query, WrittenConstruct):
        return None
    binds = [each for each in query.where.elements if isinstance(each, WrittenBind)]
    if len(binds) < len(query.where.elements):
        return None
    read = tuple(Bind(each.variable.value, _variables(each.expression), _choices(each.expression)) for each in binds)
    construct = Construct(file, text, tuple(map(_template, query.template)), read)
    try:
        Store().query(construct.with_rows(table.columns, []), base_iri=ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError):
        return None
    return construct


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
