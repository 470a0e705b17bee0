"""GROUP BY, HAVING and aggregates: https://www.w3.org/TR/sparql11-query/#aggregates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.nodes import NULL, Node, aliased, all_of, branches, column, compare, number
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.program import Fold
from schakel.compile.sparql.scope import Existence, extended
from schakel.compile.sparql.solutions import Binding, Solutions, null_safe
from schakel.compile.sparql.walking import aggregates
from schakel.compile.spelling import spelled
from schakel.compile.values import Value, integer, literal
from schakel.engine.columns import BIGINT, VARCHAR
from schakel.engine.spelling import STRING
from schakel.sparql import Aggregate, Bind, Call, Expression, Select

__all__ = ["grouped", "is_grouped"]

_STAR: Final = exp.Star()
_FOLDED: Final = frozenset({"SUM", "AVG", "MIN", "MAX"})
_TYPES: Final = {"text": VARCHAR, "kind": "TINYINT", "datatype": VARCHAR, "language": VARCHAR}


def is_grouped(select: Select) -> bool:
    """Tell whether a query is one of groups."""
    return bool(select.keys or aggregates((select.computed, select.having, select.order)))


def grouped(select: Select, solutions: Solutions, existence: Existence) -> tuple[Solutions, Select]:
    """Give a row for each group, and the query with a variable in the place of each aggregate."""
    context = solutions.context
    if solutions.carried and not select.keys:
        raise context.refuse("an aggregate of all solutions in a pattern with variables that already have a value")
    keys, solutions = _keys(select, solutions, existence)
    wanted = list(dict.fromkeys(aggregates((select.computed, select.having, select.order))))
    arguments: dict[Aggregate, str] = {}
    for each in wanted:
        if each.argument is not None:
            arguments[each] = context.name("0argument")
            solutions = extended(solutions, arguments[each], each.argument, existence)
    table = solutions.closed()
    results = {each: context.name("0aggregate") for each in wanted}
    made = Solutions(context)
    made.bindings = {name: table.bindings[name] for name in keys if name in table.bindings}
    made.carried = dict(table.carried)
    columns = made.columns()
    in_plan: dict[str, Binding] = {}
    folds: dict[str, str] = {}
    for each in wanted:
        binding = _aggregated(each, arguments.get(each), table)
        if binding is None:
            folds[results[each]] = _fold(each, arguments.get(each), table, columns)
        else:
            in_plan[results[each]] = binding
    rows = _groups(made, in_plan, table, has_keys=bool(select.keys))
    for name, fold in folds.items():
        _join_fold(rows, name, fold, [label for label, _ in columns])
    return rows, _without_aggregates(select, results)


def _groups(made: Solutions, aggregated: Mapping[str, Binding], table: Solutions, *, has_keys: bool) -> Solutions:
    """Give a row for each group, with the aggregates that a plan can give."""
    keys = [node for _, node in made.columns() if isinstance(node, exp.Column)]
    made.bindings |= aggregated
    selected = [aliased(node, name) for name, node in made.columns()] or [aliased(exp.Count(this=_STAR), "rows")]
    # Spelled terms of values may need the table of terms.
    plan = exp.Select(expressions=selected, from_=exp.From(this=table.source), joins=list(table.joins))
    if keys:
        plan.set("group", exp.Group(expressions=keys))
    elif has_keys:
        # Keys that no solution binds make one group, where there is any solution.
        plan.set("having", exp.Having(this=compare(">", exp.Count(this=_STAR), number(0))))
    return made.on(made.context.run(plan))


def _fold(aggregate: Aggregate, argument: str | None, table: Solutions, keys: Sequence[tuple[str, Node]]) -> str:
    """Add the step that folds the terms of each group; give the name of its table."""
    context = table.context
    rows = table.copy()
    spelled_term = rows.spelling(argument) if argument in rows.bindings else exp.Cast(this=NULL, to=exp.DataType.build("TEXT"))
    plan = exp.Select(
        expressions=[*(aliased(node, label) for label, node in keys), aliased(spelled_term, "term")],
        from_=exp.From(this=rows.source),
        joins=list(rows.joins),
        distinct=exp.Distinct() if aggregate.distinct else None,
        order=exp.Order(expressions=[exp.Ordered(this=exp.Literal.number(at)) for at in range(1, len(keys) + 2)]),
    )
    into = context.table()
    types = {label: _TYPES.get(label.rpartition("_")[2], BIGINT) for label, _ in keys}
    context.steps.append(Fold(plan, types, aggregate.name, into))
    return into


def _join_fold(rows: Solutions, name: str, fold: str, keys: Sequence[str]) -> None:
    """Join what was folded to the rows of groups."""
    context = rows.context
    alias = context.name("f")
    nodes = dict(rows.columns())
    on = all_of([null_safe(nodes[label], column(label, alias)) for label in keys])
    rows.joins.append(exp.Join(this=context.from_table(fold, alias), side="LEFT", on=on))
    text, kind, datatype, language = (column(part, alias) for part in ("text", "kind", "datatype", "language"))
    rows.bindings[name] = Binding(None, Value(text, kind, datatype, language), certain=False)


def _keys(select: Select, solutions: Solutions, existence: Existence) -> tuple[list[str], Solutions]:
    """Bind the keys that are computed; give the names of all."""
    names: list[str] = []
    for key in select.keys:
        match key:
            case Variable():
                names.append(key.value)
            case Bind():
                names.append(key.variable.value)
                solutions = extended(solutions, key.variable.value, key.expression, existence)
            case _:
                names.append(solutions.context.name("0key"))
                solutions = extended(solutions, names[-1], key, existence)
    return list(dict.fromkeys(names)), solutions


def _aggregated(aggregate: Aggregate, argument: str | None, table: Solutions) -> Binding | None:
    """Give the value of an aggregate over the rows of a group; None for one that is to be folded. Raises NotCompilableError."""
    if aggregate.name == "COUNT":
        return _value(integer(_count(aggregate, argument, table)), certain=True)
    binding = None if argument is None else table.bindings.get(argument)
    if aggregate.name == "SAMPLE" and binding is not None and binding.id is not None:
        # Any will do, but always the same.
        return Binding(exp.Min(this=binding.id), None, certain=False)
    if aggregate.name in {"MIN", "MAX"} and binding is not None and binding.value is not None and binding.value.has_datatype(STRING):
        kind = exp.Min if aggregate.name == "MIN" else exp.Max
        text = binding.value.text
        # An error among the values is an error of the whole.
        complete = compare("=", exp.Count(this=text), exp.Count(this=_STAR))
        return _value(literal(branches([(complete, kind(this=text))])), certain=False)
    if aggregate.name in _FOLDED:
        return None
    raise Context.refuse(aggregate.name, aggregate.at)


def _value(value: Value, *, certain: bool) -> Binding:
    return Binding(None, replace(value, number=None), certain)


def _count(aggregate: Aggregate, argument: str | None, table: Solutions) -> Node:
    if argument is None:
        if aggregate.distinct:
            raise Context.refuse("COUNT(DISTINCT *)", aggregate.at)
        # A table of the one solution without variables has rows, too.
        return exp.Count(this=_STAR)
    binding = table.bindings.get(argument)
    if binding is None:
        return exp.Count(this=NULL)
    if not aggregate.distinct:
        return exp.Count(this=binding.id if binding.value is None else binding.value.text)
    counted = binding.id if binding.value is None else spelled(binding.value)
    return exp.Count(this=exp.Distinct(expressions=[counted]))


def _without_aggregates(select: Select, results: Mapping[Aggregate, str]) -> Select:
    change: Callable[[Expression], Expression] = lambda each: _replaced(each, results)  # noqa: E731  # named for what it does
    return replace(
        select,
        computed=tuple(replace(bind, expression=change(bind.expression)) for bind in select.computed),
        having=None if select.having is None else change(select.having),
        order=tuple(replace(order, expression=change(order.expression)) for order in select.order),
    )


def _replaced(expression: Expression, results: Mapping[Aggregate, str]) -> Expression:
    if isinstance(expression, Aggregate):
        return Variable(results[expression])
    if isinstance(expression, Call):
        return replace(expression, arguments=tuple(_replaced(each, results) for each in expression.arguments))
    return expression
