"""Which violations are reported: those of shapes with targets, and those that such a shape reaches by `sh:property`, once for each way that leads there."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from schakel.compile.shacl.focus import SOURCES, value_branches
from schakel.compile.shacl.layout import Layout
from schakel.compile.shacl.plans import Append, Load, Program, Run, all_of, col, equal, exists, named, query, table, union
from schakel.compile.shacl.rules import VIOLATION_COLUMNS, VIOLATIONS
from schakel.engine.columns import BIGINT, INTEGER, Columns
from schakel.engine.relations import TERMS

__all__ = ["REPORTED", "report_plan", "reporting_program"]

REPORTED: Final = "shacl_reported"
_CLIMB: Final = "shacl_climb"
_TARGETED: Final = "shacl_targeted"
_EDGES: Final = "shacl_edges"
_EDGE_COLUMNS: Final[Columns] = {"parent": INTEGER, "set": INTEGER, "path": BIGINT, "child": INTEGER}


def reporting_program(layout: Layout) -> Program:
    """Give the steps that make the table of reported violations: from each violation upwards, to a shape of which the node is a target."""
    own = [(rule.number, layout.number[rule.shape.node]) for rule in layout.rules if rule.shape.node in layout.reporting]
    targeted = [(layout.number[node], layout.sources[target]) for node, shape in layout.shapes.items() for target in shape.targets]
    edges = [
        (layout.number[node], layout.set_of[node], layout.path_of(node), layout.number[child])
        for node, shape in layout.shapes.items()
        if node in layout.reporting
        for child in shape.properties
    ]
    start = query(
        {"shape": col("r", "shape"), "node": col("v", "focus"), **_carried("v")},
        table(VIOLATIONS, "v"),
        (table("shacl_reporting_rules", "r"), equal(col("r", "rule"), col("v", "rule"))),
    )
    steps: Program = [
        Load("shacl_reporting_rules", {"rule": INTEGER, "shape": INTEGER}, own),
        Load(_TARGETED, {"shape": INTEGER, "source": INTEGER}, targeted),
        Load(_EDGES, _EDGE_COLUMNS, edges),
        Load(REPORTED, VIOLATION_COLUMNS, []),
        Run(f"{_CLIMB}_0", start),
        Append(REPORTED, _arrived(0)),
    ]
    for depth in range(1, _depth(layout) + 1):
        steps += [Run(f"{_CLIMB}_{depth}", _up(depth, edges)), Append(REPORTED, _arrived(depth))]
    return steps


def report_plan() -> exp.Query:
    """Give the reported violations with the spellings of their terms, those of 0 as NULL."""
    terms = ("focus", "value", "path", "other")
    joins = [(table(TERMS, f"{each}_term"), equal(col(f"{each}_term", "id"), col("v", each))) for each in terms]
    columns = {"rule": col("v", "rule"), **{each: col(f"{each}_term", "spelling") for each in terms}}
    return query({**columns, "number": col("v", "number"), "doubt": col("v", "doubt")}, table(REPORTED, "v"), left=joins)


def _carried(alias: str) -> dict[str, exp.Expression]:
    return {name: col(alias, name) for name in VIOLATION_COLUMNS}


def _arrived(depth: int) -> exp.Query:
    source = (table(SOURCES, "s"), equal(col("s", "source"), col("t", "source")))
    reached = query({"shape": col("t", "shape"), "node": col("s", "node")}, table(_TARGETED, "t"), source)
    same = all_of(equal(col("a", "shape"), col("c", "shape")), equal(col("a", "node"), col("c", "node")))
    return query(_carried("c"), table(f"{_CLIMB}_{depth}", "c"), where=exists(named(reached, "a"), same))


def _up(depth: int, edges: Sequence[tuple[int, int, int, int]]) -> exp.Query:
    branches = []
    for joins, value, focus in value_branches({edge[2] for edge in edges}, "e"):
        below = (table(f"{_CLIMB}_{depth - 1}", "c"), all_of(equal(col("c", "shape"), col("e", "child")), equal(col("c", "node"), value)))
        branches.append(query({"shape": col("e", "parent"), "node": focus, **_carried("c")}, table(_EDGES, "e"), *joins, below))
    return union(branches)


def _depth(layout: Layout) -> int:
    """Give the length of the longest chain of property shapes below a shape with targets."""
    depth: dict[str, int] = {}
    for node in sorted(layout.shapes, key=lambda each: layout.height[each]):
        depth[node] = max((depth[child] + 1 for child in layout.shapes[node].properties), default=0)
    return max((depth[node] for node in layout.reporting), default=0)
