"""Runs the programs that SELECT queries are compiled to."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Final

from sqlglot import exp

from schakel.compile.lookups import COMPUTED_COLUMNS
from schakel.compile.nodes import aliased, column, compare, negated, number, subquery, table
from schakel.compile.sparql import Closure, Compute, Fold, Program, Run, Seeds, compile_select, constants_of, properties_in
from schakel.engine import Dictionary, Executor, Plan
from schakel.engine.aggregates import aggregate
from schakel.engine.columns import Row
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.engine.spelling import Parts
from schakel.sparql import Query, Select
from schakel.stages.computing import compute

__all__ = ["answer", "prepared", "sliced", "spelled_answer"]

_SLICE: Final = "statements_{}"
_MANY_STATEMENTS: Final = 100_000
_NO_SLICES: Final[Mapping[str, str]] = {}

_LATEST = "latest_pairs"
_FOUND = "found_pairs"
_VALUE_COLUMNS = {name: COMPUTED_COLUMNS[name] for name in ("text", "kind", "datatype", "language")}


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
                case Fold():
                    executor.load(step.into, {**step.keys, **_VALUE_COLUMNS}, _folded(executor.fetch(step.rows), step))
        yield program.plan
    finally:
        executor.drop(*program.tables)


def _folded(rows: Iterator[Row], step: Fold) -> Iterator[Row]:
    """Give a row for each group, or one for all rows where there are no keys."""
    groups = ((key, (row[-1] for row in several)) for key, several in groupby(rows, lambda row: row[:-1]))
    empty = True
    for key, spellings in groups:
        empty = False
        yield (*key, *_columns(aggregate(step.function, spellings)))
    if empty and not step.keys:
        yield _columns(aggregate(step.function, ()))


def _columns(parts: Parts | None) -> Row:
    return (None, None, None, None) if parts is None else (parts.text, parts.kind, parts.datatype, parts.language)


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


@contextmanager
def sliced(executor: Executor, dictionary: Dictionary, queries: Iterable[Query], *, least: int = _MANY_STATEMENTS) -> Iterator[Mapping[str, str]]:
    """Make tables of the statements with each property that queries follow, for compile_select(); they are there until the end of the context.

    An executor that knows how many statements a property has finds a better order of joins, which can be a thousand times as fast. Of fewer statements than
    `least` no tables are made: all orders are fast then.
    """
    several = {} if executor.count(STATEMENTS) < least else dictionary.ids(dict.fromkeys(each for query in queries for each in properties_in(query)))
    slices = {spelling: _SLICE.format(number_of) for spelling, number_of in several.items()}
    try:
        for number_of in set(several.values()):
            plan = exp.Select(expressions=[column("s"), column("o")], from_=exp.From(this=table(STATEMENTS)))
            plan.set("where", exp.Where(this=compare("=", column("p"), number(number_of))))
            executor.run(plan, _SLICE.format(number_of))
        yield slices
    finally:
        executor.drop(*set(slices.values()))


def answer(
    executor: Executor, dictionary: Dictionary, query: Select, *, seeds: Seeds | None = None, slices: Mapping[str, str] = _NO_SLICES
) -> Iterator[tuple[str | None, ...]]:
    """Compile a query, and give its solutions as spelled terms, in order. Raises NotCompilableError."""
    program = compile_select(query, dictionary.ids(constants_of(query)), seeds=seeds, slices=slices)
    with prepared(executor, program) as plan:
        rows = executor.fetch(spelled_answer(program, plan))
        # A row without columns has one that stands in for them.
        yield from rows if program.columns else (() for _ in rows)


def spelled_answer(program: Program, plan: Plan) -> Plan:
    """Give the plan of an answer with spellings in the place of ids."""
    ordered = "number"
    selected, joins = [], []
    inner = exp.Select(expressions=[exp.Star(), aliased(exp.Window(this=exp.RowNumber()), ordered)], from_=exp.From(this=subquery(plan, "a")))
    for at, each in enumerate(program.columns):
        if each.has_ids:
            alias = f"k{at}"
            joins.append(exp.Join(this=table(TERMS, alias), side="LEFT", on=compare("=", column("id", alias), column(each.column, "q"))))
            selected.append(aliased(column("spelling", alias), each.column))
        else:
            selected.append(aliased(column(each.column, "q"), each.column))
    outer = exp.Select(expressions=selected or [aliased(number(1), "one")], from_=exp.From(this=subquery(inner, "q")), joins=joins)
    outer.set("order", exp.Order(expressions=[exp.Ordered(this=column(ordered, "q"))]))
    return outer
