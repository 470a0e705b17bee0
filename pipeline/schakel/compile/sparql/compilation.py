"""SELECT queries become programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.nodes import NULL, Node, aliased, number
from schakel.compile.sparql.aggregation import grouped, is_grouped
from schakel.compile.sparql.context import Context, spelling_of
from schakel.compile.sparql.folding import folded
from schakel.compile.sparql.given import given_by
from schakel.compile.sparql.joins import joined
from schakel.compile.sparql.order import ordered
from schakel.compile.sparql.patterns import Compiler
from schakel.compile.sparql.program import Answer, Closure, Fold, Program, Run, Seeds
from schakel.compile.sparql.scope import extended, filtered
from schakel.compile.sparql.solutions import Binding, Solutions
from schakel.compile.sparql.walking import names_in, properties, terms_in
from schakel.engine.executor import Plan
from schakel.sparql import Query, Select

__all__ = ["compile_select", "constants_of", "properties_in"]

_PREFIX: Final = "sparql"
_NO_SLICES: Final[Mapping[str, str]] = {}


def constants_of(query: Query) -> list[str]:
    """Give the spellings of all terms that a query names: compile_select() wants to know their ids."""
    return list(dict.fromkeys(map(spelling_of, terms_in(query))))


def properties_in(query: Query) -> list[str]:
    """Give the spellings of the properties that a query follows: those of which slices are of use."""
    return list(dict.fromkeys(map(spelling_of, properties(query))))


def compile_select(
    query: Select,
    ids: Mapping[str, int],
    *,
    seeds: Seeds | None = None,
    slices: Mapping[str, str] = _NO_SLICES,
    base: str | None = None,
) -> Program:
    """Compile a query over the tables of schakel.engine.relations.

    `ids` are those of constants_of() the query, 0 for a term that the dictionary does not have. `seeds` are variables bound before, whose columns come with
    the answer. `slices` are tables `s`, `o` of all statements with one property, by its spelling: not needed, but an executor knows more of them, and so finds
    a better order of joins. Raises NotCompilableError.
    """
    if query.graphs or query.named_graphs:
        raise Context.refuse("FROM")
    names = frozenset(names_in(query))
    context = Context(ids, f"{_PREFIX}_", base, names, slices)
    compiler = Compiler(context, _subquery, None if seeds is None else given_by(seeds, context))
    if seeds is not None:
        # The rows of all nodes are told apart by their variables.
        query = replace(query, variables=tuple(dict.fromkeys([*_variables(seeds), *query.variables])))
        if query.keys:
            query = replace(query, keys=tuple(dict.fromkeys([*_variables(seeds), *query.keys])))
        if (is_grouped(query) and not query.keys) or query.limit is not None or query.offset:
            raise context.refuse("an aggregate of all solutions, LIMIT or OFFSET with variables that already have a value")
    solutions = _selected(compiler, query)
    columns, plan = _answer(compiler, query, solutions)
    steps, plan = folded(context.steps, plan)
    made = {step.into for step in steps if isinstance(step, Run | Closure | Fold)}
    return Program(tuple(steps), plan, columns, tuple(name for name in context.tables if name in made))


def _variables(seeds: Seeds) -> Iterable[Variable]:
    return map(Variable, seeds.columns)


def _subquery(compiler: Compiler, select: Select) -> Solutions:
    """Give the solutions of a subquery, which sees no variable from outside but those that it gives."""
    given = None if compiler.given is None else compiler.given.only({each.value for each in select.variables})
    if given is not None and (select.limit is not None or select.offset):
        raise compiler.context.refuse("LIMIT or OFFSET in a pattern with variables that already have a value")
    compiler = replace(compiler, given=given)
    solutions = _selected(compiler, select)
    if select.limit is not None or select.offset:
        solutions, order = ordered(solutions, select.order, compiler.existence)
        solutions.require(each.this for each in order)
        solutions.bindings = _projected(solutions, select)
        plan = solutions.plan()
        _bound(plan, select, [*order, *(exp.Ordered(this=node, nulls_first=True) for _, node in solutions.columns())])
        solutions = solutions.on(compiler.context.run(plan))
    solutions.bindings = _projected(solutions, select)
    return solutions


def _projected(solutions: Solutions, select: Select) -> dict[str, Binding]:
    return {each.value: solutions.bindings[each.value] for each in select.variables if each.value in solutions.bindings}


def _selected(compiler: Compiler, select: Select) -> Solutions:
    """Give the solutions of a SELECT but for its order and its bounds."""
    solutions = compiler.group(select.where)
    if is_grouped(select):
        solutions, select = grouped(select, solutions, compiler.existence)
    if select.having is not None:
        solutions = filtered(solutions, [select.having], compiler.existence)
    if select.values is not None:
        solutions = joined(solutions, compiler.values(select.values))
    for bind in select.computed:
        solutions = extended(solutions, bind.variable.value, bind.expression, compiler.existence)
    if select.distinct:
        wanted = {each.value for each in select.variables}
        if select.order and not names_in(select.order) <= wanted:
            raise compiler.context.refuse("ORDER BY a variable that DISTINCT leaves out")
        solutions.bindings = _projected(solutions, select)
        solutions = solutions.closed(distinct=True)
    return solutions


def _answer(compiler: Compiler, select: Select, solutions: Solutions) -> tuple[tuple[Answer, ...], Plan]:
    """Give the columns of the answer, and the plan that gives them in order."""
    columns: list[Answer] = []
    nodes: list[Node] = []
    solutions, order = ordered(solutions, select.order, compiler.existence)
    for variable in select.variables:
        binding = solutions.bindings.get(variable.value)
        is_value = binding is not None and binding.value is not None
        columns.append(Answer(variable.value, compiler.context.column(variable.value), not is_value))
        nodes.append(NULL if binding is None else solutions.spelling(variable.value) if is_value else binding.id or NULL)
    solutions.require(each.this for each in order)
    plan = solutions.plan()
    plan.set("expressions", [aliased(_typed(node), each.column) for node, each in zip(nodes, columns, strict=True)] or [aliased(number(1), "one")])
    is_bound = select.limit is not None or select.offset
    # Of what is cut off there must be no doubt.
    _bound(plan, select, [*order, *(exp.Ordered(this=node, nulls_first=True) for node in nodes if order or is_bound)])
    return tuple(columns), plan


def _typed(node: Node) -> Node:
    return exp.Cast(this=node, to=exp.DataType.build("BIGINT")) if isinstance(node, exp.Null) else node


def _bound(plan: exp.Select, select: Select, order: Sequence[exp.Ordered]) -> None:
    if order:
        plan.set("order", exp.Order(expressions=list(order)))
    if select.limit is not None:
        plan.set("limit", exp.Limit(expression=number(select.limit)))
    if select.offset:
        plan.set("offset", exp.Offset(expression=number(select.offset)))
