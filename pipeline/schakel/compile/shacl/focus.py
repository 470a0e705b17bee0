"""Plans for what shapes look at: instances of classes, focus nodes, and the value nodes of paths."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot import exp

from schakel.compile.shacl.graph import SUBCLASS, TYPE
from schakel.compile.shacl.layout import Layout
from schakel.compile.shacl.paths import automaton
from schakel.compile.shacl.plans import Append, Expression, Fixpoint, Load, Program, Run, all_of, col, equal, exists, negated, number, query, table, union
from schakel.compile.shacl.shapes import Target
from schakel.engine.columns import BIGINT, BOOLEAN, INTEGER, Columns
from schakel.engine.relations import STATEMENTS

__all__ = ["FOCUS", "INSTANCES", "PATH_VALUES", "SOURCES", "focus_program"]

INSTANCES: Final = "shacl_instances"
SOURCES: Final = "shacl_sources"
FOCUS: Final = "shacl_focus"
PATH_VALUES: Final = "shacl_path_values"
_CLASSES: Final = "shacl_classes"
_STATES: Final = "shacl_reached"
_SOURCE_COLUMNS: Final[Columns] = {"source": INTEGER, "node": BIGINT}
_FOCUS_COLUMNS: Final[Columns] = {"set": INTEGER, "node": BIGINT}
_PATH_COLUMNS: Final[Columns] = {"path": BIGINT, "node": BIGINT, "value": BIGINT}


def focus_program(layout: Layout) -> Program:
    """Give the steps that make the tables of instances, sources of focus nodes, focus sets and value nodes, level by level."""
    steps: Program = [*_instances(layout), Load(SOURCES, _SOURCE_COLUMNS, []), Load(FOCUS, _FOCUS_COLUMNS, []), Load(PATH_VALUES, _PATH_COLUMNS, [])]
    for level in range(max(layout.level_of_set.values(), default=-1) + 1):
        steps += _target_sources(layout) if level == 0 else _value_sources(layout, level)
        steps += _focus_sets(layout, level)
        steps += _path_values(layout, level)
    return steps


def _instances(layout: Layout) -> Program:
    """Find the SHACL instances of every class that a target or a constraint names."""
    named = {source.term for source in layout.sources if isinstance(source, Target) and source.kind == "class"}
    named |= {rule.constraint.parameter("class") for rule in layout.of_kind("class")}
    if not named:
        return []
    wanted = "shacl_wanted_classes"
    below = (table(STATEMENTS, "s"), all_of(equal(col("s", "p"), number(layout.ids[SUBCLASS])), equal(col("s", "o"), col("c", "sub"))))
    known = exists(table(_CLASSES, "k"), all_of(equal(col("k", "class"), col("c", "class")), equal(col("k", "sub"), col("s", "s"))))
    grow = query({"class": col("c", "class"), "sub": col("s", "s")}, table(f"{_CLASSES}_new", "c"), below, where=negated(known), distinct=True)
    typed = (table(STATEMENTS, "s"), all_of(equal(col("s", "p"), number(layout.ids[TYPE])), equal(col("s", "o"), col("c", "sub"))))
    return [
        Load(wanted, {"class": BIGINT}, [(layout.ids[each],) for each in sorted(named)]),
        Fixpoint(_CLASSES, query({"class": col("w", "class"), "sub": col("w", "class")}, table(wanted, "w")), grow),
        Run(INSTANCES, query({"class": col("c", "class"), "node": col("s", "s")}, table(_CLASSES, "c"), typed, distinct=True)),
    ]


def _target_sources(layout: Layout) -> Iterator[Append | Load]:
    """Find the nodes of all targets: a query for each kind of target."""
    targets = [(source, code) for source, code in layout.sources.items() if isinstance(source, Target)]
    for kind in ("class", "node", "subjectsOf", "objectsOf"):
        rows = [(code, layout.ids[target.term]) for target, code in targets if target.kind == kind]
        if not rows:
            continue
        name = f"shacl_targets_{kind.lower()}"
        yield Load(name, {"source": INTEGER, "term": BIGINT}, rows)
        source = col("t", "source")
        match kind:
            case "class":
                plan = query(
                    {"source": source, "node": col("i", "node")}, table(name, "t"), (table(INSTANCES, "i"), equal(col("i", "class"), col("t", "term")))
                )
            case "node":
                plan = query({"source": source, "node": col("t", "term")}, table(name, "t"))
            case _:
                node = col("s", "s" if kind == "subjectsOf" else "o")
                on = equal(col("s", "p"), col("t", "term"))
                plan = query({"source": source, "node": node}, table(name, "t"), (table(STATEMENTS, "s"), on), distinct=True)
        yield Append(SOURCES, plan)


def _value_sources(layout: Layout, level: int) -> Iterator[Append | Load]:
    """Find the value nodes of property shapes that refer to others."""
    nodes = [source for source in layout.sources if isinstance(source, str) and layout.level_of_source[source] == level]
    rows = [(layout.sources[node], layout.set_of[node], layout.path_of(node)) for node in nodes]
    name = f"shacl_value_sources_{level}"
    yield Load(name, {"source": INTEGER, "set": INTEGER, "path": BIGINT}, rows)
    branches = [
        query({"source": col("r", "source"), "node": value}, table(name, "r"), *joins, distinct=True)
        for joins, value, _ in value_branches({path for _, _, path in rows}, "r")
    ]
    yield Append(SOURCES, union(branches))


def _focus_sets(layout: Layout, level: int) -> Iterator[Append | Load]:
    members = [
        (code, layout.sources[source]) for sources, code in layout.sets.items() if layout.level_of_set[code] == level for source in sorted(sources, key=str)
    ]
    name = f"shacl_sets_{level}"
    yield Load(name, {"set": INTEGER, "source": INTEGER}, members)
    on = equal(col("s", "source"), col("m", "source"))
    yield Append(FOCUS, query({"set": col("m", "set"), "node": col("s", "node")}, table(name, "m"), (table(SOURCES, "s"), on), distinct=True))


def value_branches(paths: set[int], rule: str) -> Iterator[tuple[list[tuple[exp.Table, Expression]], Expression, Expression]]:
    """Give the ways in which rules find value nodes: joins of a table of rules (`set`, `path`) with focus nodes and values; the value; the focus node.

    One for properties, one for paths that were followed before, and one for node shapes; only those that the paths given need.
    """
    in_set = equal(col("f", "set"), col(rule, "set"))
    if any(path > 0 for path in paths):
        on = all_of(in_set.copy(), equal(col("f", "node"), col("v", "s")))
        yield [(table(STATEMENTS, "v"), equal(col("v", "p"), col(rule, "path"))), (table(FOCUS, "f"), on)], col("v", "o"), col("f", "node")
    if any(path < 0 for path in paths):
        on = all_of(in_set.copy(), equal(col("f", "node"), col("v", "node")))
        yield [(table(PATH_VALUES, "v"), equal(col("v", "path"), col(rule, "path"))), (table(FOCUS, "f"), on)], col("v", "value"), col("f", "node")
    if 0 in paths:
        yield [(table(FOCUS, "f"), all_of(in_set, equal(col(rule, "path"), number(0))))], col("f", "node"), col("f", "node")


def _path_values(layout: Layout, level: int) -> Iterator[Load | Fixpoint | Append]:
    """Follow the paths of a level from the focus nodes of its shapes, all at once."""
    codes = {code: path for (path, at), code in layout.computed.items() if at == level}
    if not codes:
        return
    starts = {(-layout.path_of(node), layout.set_of[node]) for node in layout.shapes if -layout.path_of(node) in codes}
    first: list[tuple[int, int, int, bool]] = []
    follow: list[tuple[int, int, int, bool]] = []
    last: list[tuple[int, int]] = []
    empty: list[tuple[int]] = []
    states = 0
    for code, path in codes.items():
        made = automaton(path)
        steps = [(layout.ids[step.predicate], step.inverse) for step in made.steps]
        first += [(-code, states + state, *steps[state]) for state in sorted(made.first)]
        follow += [(states + before, states + after, *steps[after]) for before, after in sorted(made.follow)]
        last += [(-code, states + state) for state in sorted(made.last)]
        empty += [(-code,)] if made.nullable else []
        states += len(steps)
    tables = {name: f"shacl_path_{name}_{level}" for name in ("starts", "first", "follow", "last", "empty")}
    yield Load(tables["starts"], {"path": BIGINT, "set": INTEGER}, sorted((-code, in_set) for code, in_set in starts))
    yield Load(tables["first"], {"path": BIGINT, "state": INTEGER, "p": BIGINT, "inverse": BOOLEAN}, first)
    yield Load(tables["follow"], {"state": INTEGER, "next": INTEGER, "p": BIGINT, "inverse": BOOLEAN}, follow)
    yield Load(tables["last"], {"path": BIGINT, "state": INTEGER}, last)
    yield Load(tables["empty"], {"path": BIGINT}, empty)
    reached = f"{_STATES}_{level}"
    yield Fixpoint(reached, _seed(tables, first), _grow(tables, reached, follow))
    ends = (table(tables["last"], "l"), equal(col("l", "state"), col("r", "state")))
    found = query({"path": col("l", "path"), "node": col("r", "start"), "value": col("r", "node")}, table(reached, "r"), ends)
    in_set = equal(col("f", "set"), col("s", "set"))
    itself = query(
        {"path": col("e", "path"), "node": col("f", "node"), "value": col("f", "node")},
        table(tables["empty"], "e"),
        (table(tables["starts"], "s"), equal(col("s", "path"), col("e", "path"))),
        (table(FOCUS, "f"), in_set),
    )
    yield Append(PATH_VALUES, union([found, itself] if empty else [found], distinct=True))


def _directions(steps: Sequence[tuple[int, int, int, bool]]) -> list[tuple[bool, str, str]]:
    """Give the directions in which some transitions go, with the columns of statements that they come from and go to."""
    return [(inverse, *("os" if inverse else "so")) for inverse in (False, True) if any(each[3] == inverse for each in steps)]


def _seed(tables: dict[str, str], first: Sequence[tuple[int, int, int, bool]]) -> exp.Query:
    branches = [
        query(
            {"state": col("t", "state"), "start": col("f", "node"), "node": col("v", after)},
            table(tables["first"], "t"),
            (table(tables["starts"], "s"), equal(col("s", "path"), col("t", "path"))),
            (table(STATEMENTS, "v"), equal(col("v", "p"), col("t", "p"))),
            (table(FOCUS, "f"), all_of(equal(col("f", "set"), col("s", "set")), equal(col("f", "node"), col("v", before)))),
            where=equal(col("t", "inverse"), exp.Boolean(this=inverse)),
        )
        for inverse, before, after in _directions(first)
    ]
    return union(branches, distinct=True)


def _grow(tables: dict[str, str], reached: str, follow: Sequence[tuple[int, int, int, bool]]) -> exp.Query | None:
    branches = []
    for inverse, before, after in _directions(follow):
        same = [equal(col("k", "state"), col("t", "next")), equal(col("k", "start"), col("r", "start")), equal(col("k", "node"), col("v", after))]
        branches.append(
            query(
                {"state": col("t", "next"), "start": col("r", "start"), "node": col("v", after)},
                table(f"{reached}_new", "r"),
                (table(tables["follow"], "t"), equal(col("t", "state"), col("r", "state"))),
                (table(STATEMENTS, "v"), all_of(equal(col("v", "p"), col("t", "p")), equal(col("v", before), col("r", "node")))),
                where=all_of(equal(col("t", "inverse"), exp.Boolean(this=inverse)), negated(exists(table(reached, "k"), all_of(*same)))),
            )
        )
    return union(branches, distinct=True) if branches else None
