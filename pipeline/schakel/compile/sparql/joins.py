"""Joins of solutions by SPARQL's compatibility: a variable that has no value agrees with everything.

Where a variable may have no value, the rows in which it has none are joined apart, so that each join is one of equal columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from sqlglot import exp

from schakel.compile.nodes import Node, all_of, compare, negated, number
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.solutions import Binding, Solutions, null_safe, united

__all__ = ["exists_in", "joined", "minus", "split", "unmatched"]

# So many variables may lack a value on one side of a join: each doubles the plan.
_MOST_SPLIT = 4


def split(solutions: Solutions, names: Sequence[str]) -> list[Solutions]:
    """Divide solutions by which of these variables have a value; in each part each is certain or absent."""
    uncertain = [name for name in names if name in solutions.bindings and not solutions.bindings[name].certain]
    if not uncertain:
        return [solutions]
    if len(uncertain) > _MOST_SPLIT:
        raise Context.refuse(f"a join on {len(uncertain)} variables that may have no value")
    closed = solutions.closed()
    parts: list[Solutions] = []
    for present in product([True, False], repeat=len(uncertain)):
        part = closed.copy()
        for name, has_value in zip(uncertain, present, strict=True):
            binding = part.bindings[name]
            part.conditions.append(binding.bound if has_value else negated(binding.bound))
            if has_value:
                part.bindings[name] = replace(binding, certain=True)
            else:
                del part.bindings[name]
        parts.append(part)
    return parts


def joined(left: Solutions, right: Solutions) -> Solutions:
    """Join two relations."""
    shared = [name for name in left.bindings if name in right.bindings]
    parts = [_join(one.copy(), other) for one in split(left, shared) for other in split(right, shared)]
    return united(left.context, parts)


def _join(left: Solutions, right: Solutions) -> Solutions:
    """Join two relations whose shared variables are certain in both; the left one is changed."""
    right = right.copy()
    same = [_same(left, right, name) for name in right.bindings if name in left.bindings]
    same += [null_safe(left.carried[name], node) for name, node in right.carried.items() if name in left.carried]
    if right.source is not None:
        left.add(right.source)
    left.joins += right.joins
    left.conditions += [*right.conditions, *same]
    for name, binding in right.bindings.items():
        if name not in left.bindings or (left.bindings[name].id is None and binding.id is not None):
            left.take(name, right)
    left.carried = {**right.carried, **left.carried}
    return left


def _same(left: Solutions, right: Solutions, name: str) -> Node:
    one, other = left.bindings[name], right.bindings[name]
    if one.id is not None and other.id is not None:
        return compare("=", one.id, other.id)
    if other.id is not None:
        return left.same_as_id(name, one, other.id)
    return compare("=", left.spelling(name), right.spelling(name))


def unmatched(table: Solutions, matches: Solutions, columns: Sequence[str], prefix: str) -> Solutions:
    """Give the rows of a table that no match was made of; matches carry the columns of the row, each under its name with a prefix."""
    rest = table.copy()
    conditions = [null_safe(matches.carried[f"{prefix}{name}"], node) for name, node in table.columns() if name in columns]
    rest.conditions.append(negated(exists_in(matches, conditions)))
    return rest


def exists_in(relation: Solutions, conditions: Sequence[Node]) -> Node:
    """Give the condition that a relation has a row for which conditions hold."""
    inner = exp.Select(expressions=[number(1)], from_=exp.From(this=relation.source), joins=list(relation.joins))
    both = [*relation.conditions, *conditions]
    if both:
        inner.set("where", exp.Where(this=all_of(both)))
    return exp.Exists(this=inner)


def minus(left: Solutions, right: Solutions) -> Solutions:
    """Take away the solutions for which the right has a compatible one that shares a variable with it."""
    shared = [name for name in left.bindings if name in right.bindings]
    if not shared:
        return left
    kept = left.closed()
    taken = right.closed()
    if any((kept.bindings[name].id is None) != (taken.bindings[name].id is None) for name in shared):
        for name in shared:
            kept.as_value(name)
            taken.as_value(name)
        kept, taken = kept.closed(), taken.closed()
    if sum(not kept.bindings[name].certain or not taken.bindings[name].certain for name in shared) > _MOST_SPLIT:
        raise Context.refuse("MINUS on many variables that may have no value")
    conditions: list[Node] = []
    for ways in product(*(list(_agreements(kept.bindings[name], taken.bindings[name])) for name in shared)):
        if not any(equal for equal, _, _ in ways):
            continue
        here = [condition for _, condition, _ in ways if condition is not None]
        there = [condition for _, _, several in ways for condition in several]
        conditions.append(negated(all_of([*here, exists_in(taken, there)])))
    kept.conditions += conditions
    return kept


def _agreements(left: Binding, right: Binding) -> Iterator[tuple[bool, Node | None, list[Node]]]:
    """Give the ways in which a variable agrees: whether by a value, a condition on the left, and conditions on the right."""
    yield True, None, _equal(left, right)
    if not left.certain:
        yield False, negated(left.bound), []
    if not right.certain:
        yield False, None, [negated(right.bound)]


def _equal(left: Binding, right: Binding) -> list[Node]:
    if left.id is not None and right.id is not None:
        return [compare("=", left.id, right.id)]
    if left.value is None or right.value is None:
        return []
    parts = ("text", "kind", "datatype", "language")
    _, *others = (null_safe(getattr(left.value, part), getattr(right.value, part)) for part in parts)
    return [compare("=", left.value.text, right.value.text), *others]
