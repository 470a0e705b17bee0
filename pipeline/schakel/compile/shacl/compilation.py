"""From shapes to programs: everything that judging runs, in its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schakel.compile.shacl.constant_tables import merge_constant_tables
from schakel.compile.shacl.counts import count_program
from schakel.compile.shacl.focus import focus_program
from schakel.compile.shacl.graph import SUBCLASS, TYPE, rdfs
from schakel.compile.shacl.layout import Layout, Rule, lay_out
from schakel.compile.shacl.logic import logic_program
from schakel.compile.shacl.order import order_program
from schakel.compile.shacl.plans import Load, Program, Run, col, query
from schakel.compile.shacl.reporting import reporting_program
from schakel.compile.shacl.rules import RULE_COLUMNS, rule_program, rule_rows, values_of
from schakel.compile.shacl.shapes import Shapes
from schakel.engine.columns import INTEGER
from schakel.engine.spelling import parts_of

__all__ = ["ASKED", "CANDIDATES", "LABELS", "Compiled", "Pattern", "compile_shapes", "constants"]

# What people call a term, in the order in which it is looked for.
LABELS: Final = ("<http://www.w3.org/2004/02/skos/core#prefLabel>", rdfs("label"))
_PATTERN_RULES: Final = "shacl_pattern_rules"
_QUERY_RULES: Final = "shacl_query_rules"
CANDIDATES: Final = "shacl_pattern_candidates"
ASKED: Final = "shacl_asked"


@dataclass(frozen=True)
class Pattern:
    """A regular expression and its flags, with the number that failures of it have."""

    number: int
    text: str
    flags: str


@dataclass(frozen=True)
class Compiled:
    """What judges a graph: run `focus`, find which value nodes fail `patterns`, run `rules`, ask the `queries`, run `logic`, then `reporting`.

    After `focus`, CANDIDATES has (pattern, value) for the value nodes that patterns judge, and ASKED (rule, focus, value) for what rules in SPARQL judge:
    focus nodes for a SELECT, value nodes for an ASK.
    """

    layout: Layout
    constants: Load
    focus: Program
    patterns: tuple[Pattern, ...]
    rules: Program
    queries: tuple[Rule, ...]
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
    focus = [*focus_program(layout), *_candidates(layout, pattern_of), *_asked(layout)]
    rules = [*rule_program(layout, pattern_of), *count_program(layout), *order_program(layout)]
    programs = [focus, rules, logic_program(layout), reporting_program(layout)]
    merged, [focus, rules, logic, reporting] = merge_constant_tables(programs)
    return Compiled(layout, merged, focus, tuple(patterns.values()), rules, tuple(layout.of_kind("sparql")), logic, reporting)


def _candidates(layout: Layout, pattern_of: Mapping[int, int]) -> Program:
    rows = [(*start, pattern_of[rule.number]) for rule, start in rule_rows(layout, layout.of_kind("pattern"))]
    if not rows:
        return []
    values = values_of(_PATTERN_RULES, rows, ["pattern"], "v")
    found = query({"pattern": col("v", "pattern"), "value": col("v", "value")}, values, distinct=True)
    return [Load(_PATTERN_RULES, {**RULE_COLUMNS, "pattern": INTEGER}, rows), Run(CANDIDATES, found)]


def _asked(layout: Layout) -> Program:
    rules = layout.of_kind("sparql")
    rows = [
        start if rule.constraint.query is not None and rule.constraint.query.is_ask else (start[0], start[1], 0) for rule, start in rule_rows(layout, rules)
    ]
    if not rows:
        return []
    values = values_of(_QUERY_RULES, rows, ["rule"], "v")
    found = query({name: col("v", name) for name in ("rule", "focus", "value")}, values)
    return [Load(_QUERY_RULES, RULE_COLUMNS, rows), Run(ASKED, found)]
