"""From shapes to programs: everything that judging runs, in its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from schakel.compile.shacl.counts import count_program
from schakel.compile.shacl.focus import focus_program
from schakel.compile.shacl.graph import SUBCLASS, TYPE, rdfs
from schakel.compile.shacl.layout import Layout, Rule, lay_out
from schakel.compile.shacl.logic import logic_program
from schakel.compile.shacl.plans import Load, Program, col, equal, number, query, table
from schakel.compile.shacl.reporting import reporting_program
from schakel.compile.shacl.rules import rule_program, rule_rows, values_of
from schakel.compile.shacl.shapes import Shapes
from schakel.engine.executor import BIGINT, INTEGER
from schakel.engine.relations import BLANK, TERMS
from schakel.engine.spelling import parts_of

__all__ = ["LABELS", "Compiled", "Pattern", "compile_shapes", "constants"]

# What people call a term, in the order in which it is looked for.
LABELS: Final = ("<http://www.w3.org/2004/02/skos/core#prefLabel>", rdfs("label"))
_PATTERN_RULES: Final = "shacl_pattern_rules"
_QUERY_RULES: Final = "shacl_query_rules"


@dataclass(frozen=True)
class Pattern:
    """A regular expression and its flags, with the number that failures of it have."""

    number: int
    text: str
    flags: str


@dataclass(frozen=True)
class Compiled:
    """What judges a graph: run `focus`, find which value nodes fail `patterns`, run `rules`, ask the `queries`, run `logic`, then `reporting`.

    `candidates` gives (pattern, id, text) of value nodes that patterns judge; None where no shape has one. `asked_nodes` gives (rule, focus, value) of
    what rules in SPARQL judge: focus nodes with 0 for a SELECT, value nodes for an ASK.
    """

    layout: Layout
    focus: Program
    patterns: tuple[Pattern, ...]
    candidates: exp.Query | None
    rules: Program
    queries: tuple[Rule, ...]
    asked_nodes: exp.Query | None
    logic: Program
    reporting: Program


def constants(shapes: Shapes) -> set[str]:
    """Give every term that the dictionary must hold for these shapes."""
    return {TYPE, SUBCLASS, *LABELS, *shapes.constants()}


def compile_shapes(shapes: Shapes, ids: Mapping[str, int]) -> Compiled:
    """Compile shapes; `ids` gives the id of each of their constants()."""
    layout = lay_out(shapes, ids)
    patterns: dict[tuple[str, str], Pattern] = {}
    pattern_of: dict[int, int] = {}
    for rule in layout.of_kind("pattern"):
        text, flags = (parts_of(term).text for term in (rule.constraint.parameter("pattern"), *(rule.constraint.parameters.get("flags") or ('""',))))
        pattern = patterns.setdefault((text, flags), Pattern(len(patterns) + 1, text, flags))
        pattern_of[rule.number] = pattern.number
    focus = focus_program(layout)
    candidates = _candidates(layout, pattern_of, focus)
    queries = tuple(layout.of_kind("sparql"))
    return Compiled(
        layout=layout,
        focus=focus,
        patterns=tuple(patterns.values()),
        candidates=candidates,
        rules=[*rule_program(layout, pattern_of), *count_program(layout)],
        queries=queries,
        asked_nodes=_asked(layout, focus),
        logic=logic_program(layout),
        reporting=reporting_program(layout),
    )


def _candidates(layout: Layout, pattern_of: Mapping[int, int], steps: Program) -> exp.Query | None:
    """Give the value nodes that patterns judge; blank nodes, which have no text, fail all."""
    rows = [(*start, pattern_of[rule.number]) for rule, start in rule_rows(layout, layout.of_kind("pattern"))]
    if not rows:
        return None
    steps.append(Load(_PATTERN_RULES, {"rule": INTEGER, "set": INTEGER, "path": BIGINT, "pattern": INTEGER}, rows))
    values = values_of(_PATTERN_RULES, rows, ["pattern"], "v")
    text = exp.Case().when(equal(col("t", "kind"), number(BLANK)), exp.null(), copy=False).else_(col("t", "text"), copy=False)
    columns = {"pattern": col("v", "pattern"), "value": col("v", "value"), "text": text}
    return query(columns, values, (table(TERMS, "t"), equal(col("t", "id"), col("v", "value"))), distinct=True)


def _asked(layout: Layout, steps: Program) -> exp.Query | None:
    """Give the nodes that queries judge."""
    rules = layout.of_kind("sparql")
    rows = [start if rule.constraint.query is not None and rule.constraint.query.is_ask else (start[0], start[1], 0) for rule, start in rule_rows(layout, rules)]
    if not rows:
        return None
    steps.append(Load(_QUERY_RULES, {"rule": INTEGER, "set": INTEGER, "path": BIGINT}, rows))
    values = values_of(_QUERY_RULES, rows, ["rule"], "v")
    return query({name: col("v", name) for name in ("rule", "focus", "value")}, values)
