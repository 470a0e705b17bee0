"""What is in a graph, in numbers."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.engine.spelling import iri_spelling
from schakel.namespaces import RDF

__all__ = ["Survey", "survey"]

# Sorts after every sign that an IRI may hold.
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class Survey:
    """A graph's statements, counted; instances by class, and statements by property."""

    statements: int
    subjects: int
    objects: int
    below_base: int
    classes: Counter[str]
    properties: Counter[str]


def survey(executor: Executor, base: str) -> Survey:
    """Survey the statements."""
    below = executor.fetch(_count(exp.Distinct(expressions=[column("s")])).join(TERMS, on=_same("s")).where(_begins(column("spelling"), f"<{base}")))
    return Survey(
        executor.count(STATEMENTS),
        _distinct(executor, "s"),
        _distinct(executor, "o"),
        next(below)[0],
        Counter(dict(executor.fetch(_classes()))),
        Counter(dict(executor.fetch(_counted("p")))),
    )


def _distinct(executor: Executor, name: str) -> int:
    return int(next(executor.fetch(_count(exp.Distinct(expressions=[column(name)]))))[0])


def _same(name: str) -> exp.Expression:
    return exp.EQ(this=column(name, STATEMENTS), expression=column("id", TERMS))


def _begins(text: exp.Expression, start: str) -> exp.Expr:
    return exp.and_(exp.GTE(this=text, expression=exp.Literal.string(start)), exp.LT(this=text.copy(), expression=exp.Literal.string(start + _LAST)))


def _count(counted: exp.Expression) -> exp.Select:
    return exp.select(exp.Count(this=counted)).from_(STATEMENTS)


def _counted(name: str) -> exp.Select:
    """Count the statements by one of their terms."""
    return exp.select(column("text", TERMS), exp.Count(this=exp.Star())).from_(STATEMENTS).join(TERMS, on=_same(name)).group_by(column("text", TERMS))


def _classes() -> Plan:
    kind = exp.to_table(TERMS, alias="predicate")
    is_type = exp.EQ(this=column("spelling", "predicate"), expression=exp.Literal.string(iri_spelling(RDF.type.value)))
    return _counted("o").join(kind, on=exp.EQ(this=column("p", STATEMENTS), expression=column("id", "predicate"))).where(is_type)
