"""GROUP BY, HAVING and aggregates: https://www.w3.org/TR/sparql11-query/#aggregates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.nodes import NULL, Node, aliased, branches, column, compare, number
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.scope import Existence, extended
from schakel.compile.sparql.solutions import Binding, Solutions
from schakel.compile.sparql.walking import aggregates
from schakel.compile.spelling import spelled
from schakel.compile.values import Value, integer, literal
from schakel.engine.spelling import STRING
from schakel.sparql import Aggregate, Bind, Call, Expression, Select

__all__ = ["grouped", "is_grouped"]

_STAR: Final = exp.Star()


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
    made = Solutions(context)
    made.bindings = {name: table.bindings[name] for name in keys if name in table.bindings}
    made.carried = dict(table.carried)
    group = [node for _, node in made.columns() if isinstance(node, exp.Column)]
    results = {each: context.name("0aggregate") for each in wanted}
    for each in wanted:
        made.bindings[results[each]] = _aggregated(each, arguments.get(each), table)
    selected = [aliased(node, name) for name, node in made.columns()] or [aliased(number(1), "one")]
    # Spelled terms of values may need the table of terms.
    plan = exp.Select(expressions=selected, from_=exp.From(this=table.source), joins=list(table.joins))
    if group:
        plan.set("group", exp.Group(expressions=group))
    elif select.keys:
        # Keys that no solution binds make one group, where there is any solution.
        plan.set("having", exp.Having(this=compare(">", exp.Count(this=_STAR), number(0))))
    return made.on(context.run(plan)), _without_aggregates(select, results)


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


def _aggregated(aggregate: Aggregate, argument: str | None, table: Solutions) -> Binding:
    """Give the value of an aggregate over the rows of a group."""
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
