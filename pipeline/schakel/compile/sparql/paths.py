"""Property paths become pairs of ids: https://www.w3.org/TR/sparql11-query/#propertypaths."""

from collections.abc import Callable
from typing import Final, TypeAlias

from pyoxigraph import NamedNode
from sqlglot import exp

from schakel.compile.nodes import Node, aliased, all_of, column, compare, negated, subquery, table, union
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.program import Closure
from schakel.engine.executor import Plan
from schakel.sparql import (
    AlternativePath,
    InversePath,
    NegatedPropertySet,
    OneOrMorePath,
    Path,
    SequencePath,
    ZeroOrMorePath,
    ZeroOrOnePath,
)

__all__ = ["may_be_empty", "pairs_of"]

# Gives the table of statements that a path is followed in, under an alias.
Source: TypeAlias = Callable[[str], Node]
# Names the table of the statements with one property, where there is one.
Slice: TypeAlias = Callable[[NamedNode], str | None]

_S: Final = "s"
_O: Final = "o"


def pairs_of(path: Path, context: Context, source: Source, slice_of: Slice) -> Plan:  # noqa: PLR0911  # a case for each kind of path
    """Give the plan of the pairs `s`, `o` that a path connects; as often as SPARQL counts them."""
    match path:
        case NamedNode():
            return _steps([path], context, source, slice_of, negative=False)
        case InversePath():
            return _swapped(pairs_of(path.path, context, source, slice_of), context)
        case SequencePath():
            return _chained(path, context, source, slice_of)
        case AlternativePath():
            return union([_select(pairs_of(each, context, source, slice_of)) for each in path.paths])
        case NegatedPropertySet():
            forward = [_steps(path.forward, context, source, slice_of, negative=True)] if path.forward or not path.backward else []
            backward = [_swapped(_steps(path.backward, context, source, slice_of, negative=True), context)] if path.backward else []
            return union([*forward, *backward])
        case ZeroOrOnePath():
            return union([_nodes(context, source), _select(pairs_of(path.path, context, source, slice_of))], distinct=True)
        case OneOrMorePath():
            return _closure(path.path, context, source, slice_of)
        case ZeroOrMorePath():
            return union([_nodes(context, source), _closure(path.path, context, source, slice_of)], distinct=True)


def may_be_empty(path: Path) -> bool:
    """Tell whether a path connects each term with itself."""
    match path:
        case ZeroOrMorePath() | ZeroOrOnePath():
            return True
        case SequencePath():
            return all(map(may_be_empty, path.paths))
        case AlternativePath():
            return any(map(may_be_empty, path.paths))
        case InversePath() | OneOrMorePath():
            return may_be_empty(path.path)
    return False


def _pairs(subject: Node, last: Node, origin: Node) -> exp.Select:
    return exp.Select(expressions=[aliased(subject, _S), aliased(last, _O)], from_=exp.From(this=origin))


def _steps(properties: tuple[NamedNode, ...] | list[NamedNode], context: Context, source: Source, slice_of: Slice, *, negative: bool) -> exp.Select:
    """Give the pairs that are connected by one of the properties, or by any other."""
    alias = context.name("t")
    sliced = slice_of(properties[0]) if len(properties) == 1 and not negative else None
    if sliced is not None:
        return _pairs(column(_S, alias), column(_O, alias), table(sliced, alias))
    plan = _pairs(column(_S, alias), column(_O, alias), source(alias))
    same = [compare("=", column("p", alias), context.id_node(each)) for each in properties]
    conditions = [negated(each) for each in same] if negative else same
    if conditions:
        plan.set("where", exp.Where(this=all_of(conditions)))
    return plan


def _swapped(plan: Plan, context: Context) -> exp.Select:
    alias = context.name("t")
    return _pairs(column(_O, alias), column(_S, alias), subquery(plan, alias))


def _chained(path: SequencePath, context: Context, source: Source, slice_of: Slice) -> Plan:
    first, *others = (pairs_of(each, context, source, slice_of) for each in path.paths)
    start = end = context.name("t")
    plan = _pairs(column(_S, start), column(_O, end), subquery(first, start))
    for other in others:
        alias = context.name("t")
        on = compare("=", column(_O, end), column(_S, alias))
        plan.append("joins", exp.Join(this=subquery(other, alias), kind="INNER", on=on))
        end = alias
    plan.set("expressions", [aliased(column(_S, start), _S), aliased(column(_O, end), _O)])
    return plan


def _select(plan: Plan) -> exp.Select:
    """Make one operand of a union."""
    return plan if isinstance(plan, exp.Select) else exp.Select(expressions=[exp.Star()], from_=exp.From(this=subquery(plan, "u")))


def _nodes(context: Context, source: Source) -> Plan:
    """Give each node of the graph with itself."""
    first, second = context.name("t"), context.name("t")
    subjects = _pairs(column(_S, first), column(_S, first), source(first))
    return union([subjects, _pairs(column(_O, second), column(_O, second), source(second))], distinct=True)


def _closure(path: Path, context: Context, source: Source, slice_of: Slice) -> Plan:
    """Give the pairs that one or more steps connect, each once."""
    alias = context.name("t")
    steps = _pairs(column(_S, alias), column(_O, alias), subquery(pairs_of(path, context, source, slice_of), alias))
    steps.set("distinct", exp.Distinct())
    single, into = context.run(steps), context.table()
    context.steps.append(Closure(single, into))
    return _pairs(column(_S, alias), column(_O, alias), table(into, alias))
