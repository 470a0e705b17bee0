"""Rules that ask whether value nodes conform to other shapes: logical constraints and qualified value shapes; and which nodes fail which shape.

Shapes do not refer to each other in circles, so each has a height: that of a shape that refers to none is 0. Rules are judged height by height.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlglot import exp

from schakel.compile.shacl.focus import FOCUS
from schakel.compile.shacl.layout import Layout, Rule
from schakel.compile.shacl.plans import Append, Load, Program, all_of, any_of, col, count, equal, exists, named, negated, number, query, table, union
from schakel.compile.shacl.rules import VIOLATIONS, rule_rows, values_of, violation
from schakel.engine.columns import BIGINT, INTEGER, Columns

__all__ = ["logic_program"]

FAILS: Final = "shacl_fails"
_LOGIC: Final[Columns] = {"rule": INTEGER, "set": INTEGER, "path": BIGINT, "least": INTEGER, "most": INTEGER}
_QUALIFIED: Final[Columns] = {"rule": INTEGER, "set": INTEGER, "path": BIGINT, "shape": INTEGER, "least": BIGINT, "most": BIGINT}
_UNBOUNDED: Final = 2**62


def logic_program(layout: Layout) -> Program:
    """Give the steps that find the violations of these rules, after those of all others."""
    if not layout.asked:
        return []
    steps: Program = [Load(FAILS, {"shape": INTEGER, "node": BIGINT}, [])]
    for height in range(max(layout.height.values()) + 1):
        rules = [rule for kind in ("logic", "qualified") for rule in layout.of_kind(kind) if layout.height[rule.shape.node] == height]
        steps += _logic(layout, [rule for rule in rules if rule.constraint.kind == "logic"], height)
        steps += _qualified(layout, [rule for rule in rules if rule.constraint.kind == "qualified"], height)
        steps += _failing(layout, height)
    return steps


def _logic(layout: Layout, rules: Sequence[Rule], height: int) -> Iterator[Load | Append]:
    """Judge `not`, `node`, `and`, `or` and `xone` together: each bounds of how many members a value node may fail."""
    if not rules:
        return
    name, members = f"shacl_logic_{height}", f"shacl_logic_members_{height}"
    rows = [(*start, *_bounds(rule)) for rule, start in rule_rows(layout, rules)]
    # A shape that is listed twice counts twice.
    listed = [(rule.number, place, layout.number[shape]) for rule in rules for place, shape in enumerate(rule.constraint.shapes)]
    yield Load(name, _LOGIC, rows)
    yield Load(members, {"rule": INTEGER, "place": INTEGER, "shape": INTEGER}, listed)
    values = values_of(name, rows, ["rule", "least", "most"], "v")
    failed = count(col("x", "node"))
    keys = [col("v", each) for each in ("rule", "focus", "value", "least", "most")]
    columns = violation(col("v", "rule"), col("v", "focus"), value=col("v", "value"), number=failed)
    plan = query(
        columns,
        values,
        (table(members, "m"), equal(col("m", "rule"), col("v", "rule"))),
        left=[(table(FAILS, "x"), all_of(equal(col("x", "shape"), col("m", "shape")), equal(col("x", "node"), col("v", "value"))))],
        group=keys,
        having=any_of(exp.LT(this=failed.copy(), expression=col("v", "least")), exp.GT(this=failed.copy(), expression=col("v", "most"))),
    )
    yield Append(VIOLATIONS, plan)


def _bounds(rule: Rule) -> tuple[int, int]:
    """Give how many of its members a value node must fail, at least and at most."""
    total = len(rule.constraint.shapes)
    match rule.constraint.component.rpartition("#")[2]:
        case "NotConstraintComponent":
            return 1, 1
        case "OrConstraintComponent":
            return 0, total - 1
        case "XoneConstraintComponent":
            return total - 1, total - 1
        case _:
            return 0, 0


def _qualified(layout: Layout, rules: Sequence[Rule], height: int) -> Iterator[Load | Append]:
    """Count the value nodes that conform to a shape, and to none of its siblings."""
    if not rules:
        return
    name, siblings = f"shacl_qualified_{height}", f"shacl_siblings_{height}"
    rows: list[tuple[Any, ...]] = []
    for rule, start in rule_rows(layout, rules):
        [parameter] = rule.constraint.parameters
        limit = rule.constraint.number(parameter)
        bounds = (limit, _UNBOUNDED) if parameter == "qualifiedMinCount" else (-1, limit)
        rows.append((*start, layout.number[rule.constraint.shapes[0]], *bounds))
    beside = [(rule.number, layout.number[shape]) for rule in rules for shape in rule.constraint.siblings]
    yield Load(name, _QUALIFIED, rows)
    yield Load(siblings, {"rule": INTEGER, "shape": INTEGER}, beside)
    values = values_of(name, rows, ["rule", "shape"], "v")
    conforms = negated(exists(table(FAILS, "x"), all_of(equal(col("x", "shape"), col("v", "shape")), equal(col("x", "node"), col("v", "value")))))
    conforming = query({each: col("v", each) for each in ("rule", "focus", "value")}, values, where=conforms)
    if beside:
        conforming = _alone(conforming, siblings)
    counted = query({"rule": col("w", "rule"), "focus": col("w", "focus"), "n": count()}, named(conforming, "w"), group=[col("w", "rule"), col("w", "focus")])
    n = exp.Coalesce(this=col("c", "n"), expressions=[number(0)])
    plan = query(
        violation(col("r", "rule"), col("f", "node"), number=n),
        table(name, "r"),
        (table(FOCUS, "f"), equal(col("f", "set"), col("r", "set"))),
        left=[(named(counted, "c"), all_of(equal(col("c", "rule"), col("r", "rule")), equal(col("c", "focus"), col("f", "node"))))],
        where=any_of(exp.LT(this=n.copy(), expression=col("r", "least")), exp.GT(this=n.copy(), expression=col("r", "most"))),
    )
    yield Append(VIOLATIONS, plan)


def _alone(conforming: exp.Select, siblings: str) -> exp.Select:
    """Leave out value nodes that conform to a sibling too."""
    passes = query(
        {each: col("y", each) for each in ("rule", "focus", "value")},
        named(conforming.copy(), "y"),
        (table(siblings, "s"), equal(col("s", "rule"), col("y", "rule"))),
        left=[(table(FAILS, "x"), all_of(equal(col("x", "shape"), col("s", "shape")), equal(col("x", "node"), col("y", "value"))))],
        where=exp.Is(this=col("x", "node"), expression=exp.null()),
    )
    same = [equal(col("z", each), col("a", each)) for each in ("rule", "focus", "value")]
    return query(
        {each: col("a", each) for each in ("rule", "focus", "value")}, named(conforming, "a"), where=negated(exists(named(passes, "z"), all_of(*same)))
    )


def _failing(layout: Layout, height: int) -> Iterator[Load | Append]:
    """Add which nodes fail the shapes of a height that others ask about: by rules of their own, or by property shapes that they have."""
    nodes = [node for node in layout.shapes if node in layout.asked and layout.height[node] == height]
    own = [(rule.number, layout.number[rule.shape.node]) for rule in layout.rules if rule.shape.node in set(nodes)]
    plans: list[exp.Select] = []
    if own:
        name = f"shacl_own_rules_{height}"
        yield Load(name, {"rule": INTEGER, "shape": INTEGER}, own)
        on = equal(col("v", "rule"), col("r", "rule"))
        plans.append(query({"shape": col("r", "shape"), "node": col("v", "focus")}, table(name, "r"), (table(VIOLATIONS, "v"), on)))
    edges = [
        (layout.number[node], layout.set_of[node], layout.path_of(node), layout.number[child]) for node in nodes for child in layout.shapes[node].properties
    ]
    if edges:
        name = f"shacl_properties_{height}"
        yield Load(name, {"parent": INTEGER, "set": INTEGER, "path": BIGINT, "child": INTEGER}, edges)
        failing = all_of(equal(col("x", "shape"), col("v", "child")), equal(col("x", "node"), col("v", "value")))
        values = values_of(name, edges, ["parent", "child"], "v")
        plans.append(query({"shape": col("v", "parent"), "node": col("v", "focus")}, values, (table(FAILS, "x"), failing)))
    if plans:
        yield Append(FAILS, union(plans, distinct=True))
