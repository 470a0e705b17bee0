"""Runs the programs that SELECT queries are compiled to."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import exp

from schakel.compile.nodes import aliased, column, compare, negated, number, table
from schakel.compile.sparql import Closure, Compute, Program, Run, compile_select, constants_of
from schakel.compile.sparql.program import Seeds
from schakel.engine import Dictionary, Executor, Plan
from schakel.engine.relations import TERMS
from schakel.sparql import Select
from schakel.stages.computing import compute

__all__ = ["answer", "prepared", "spelled_answer"]

_LATEST = "latest_pairs"
_FOUND = "found_pairs"


@contextmanager
def prepared(executor: Executor, program: Program) -> Iterator[Plan]:
    """Run the steps of a program, and give the plan of its answer, which holds until the end of the context."""
    try:
        for step in program.steps:
            match step:
                case Run():
                    executor.run(step.plan, step.into)
                case Compute():
                    compute(executor, step.levels)
                case Closure():
                    _close(executor, step)
        yield program.plan
    finally:
        executor.drop(*program.tables)


def _close(executor: Executor, step: Closure) -> None:
    """Follow steps until no pair is new."""
    pairs = exp.Select(expressions=[column("s"), column("o")], from_=exp.From(this=table(step.pairs)))
    found = executor.run(pairs, step.into)
    executor.run(pairs, _LATEST)
    while found:
        longer = exp.Select(
            expressions=[aliased(column("s", "a"), "s"), aliased(column("o", "b"), "o")],
            distinct=exp.Distinct(),
            from_=exp.From(this=table(_LATEST, "a")),
            joins=[exp.Join(this=table(step.pairs, "b"), kind="INNER", on=compare("=", column("o", "a"), column("s", "b")))],
        )
        known = exp.Select(expressions=[number(1)], from_=exp.From(this=table(step.into, "k")))
        known.set("where", exp.Where(this=exp.and_(compare("=", column("s", "k"), column("s", "a")), compare("=", column("o", "k"), column("o", "b")))))
        longer.set("where", exp.Where(this=negated(exp.Exists(this=known))))
        found = executor.run(longer, _FOUND)
        executor.append(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table(_FOUND))), step.into)
        executor.run(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table(_FOUND))), _LATEST)
    executor.drop(_LATEST, _FOUND)


def answer(executor: Executor, dictionary: Dictionary, query: Select, *, seeds: Seeds | None = None) -> Iterator[tuple[str | None, ...]]:
    """Compile a query, and give its solutions as spelled terms, in order. Raises NotCompilableError."""
    program = compile_select(query, dictionary.ids(constants_of(query)), seeds=seeds)
    with prepared(executor, program) as plan:
        yield from executor.fetch(spelled_answer(program, plan))


def spelled_answer(program: Program, plan: Plan) -> Plan:
    """Give the plan of an answer with spellings in the place of ids."""
    ordered = "number"
    selected, joins = [], []
    inner = exp.Select(expressions=[exp.Star(), aliased(exp.Window(this=exp.RowNumber()), ordered)], from_=exp.From(this=_inner(plan, "a")))
    for at, each in enumerate(program.columns):
        if each.has_ids:
            alias = f"k{at}"
            joins.append(exp.Join(this=table(TERMS, alias), side="LEFT", on=compare("=", column("id", alias), column(each.column, "q"))))
            selected.append(aliased(column("spelling", alias), each.column))
        else:
            selected.append(aliased(column(each.column, "q"), each.column))
    outer = exp.Select(expressions=selected or [aliased(number(1), "one")], from_=exp.From(this=_inner(inner, "q")), joins=joins)
    outer.set("order", exp.Order(expressions=[exp.Ordered(this=column(ordered, "q"))]))
    return outer


def _inner(plan: Plan, alias: str) -> exp.Subquery:
    return exp.Subquery(this=plan, alias=exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)))
