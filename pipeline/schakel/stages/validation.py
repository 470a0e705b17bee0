"""Judging by shapes: runs what the compiler of SHACL gives, and tells what it finds.

The tables `statements` and `terms` are there before; the dictionary holds the constants() of the shapes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.shacl import (
    CANDIDATES,
    LABELS,
    Append,
    Compiled,
    Fixpoint,
    Load,
    Messages,
    Program,
    Rule,
    Run,
    Shapes,
    compile_shapes,
    constants,
    report_plan,
)
from schakel.compile.shacl.paths import sparql_path
from schakel.engine import Dictionary, Executor, encode
from schakel.engine.columns import BIGINT, INTEGER, Columns, Row
from schakel.engine.regular_expressions import matcher
from schakel.engine.relations import BLANK, QUADS, SPELLED, STATEMENTS, TERMS
from schakel.languages import preferred
from schakel.stages.constraint_messages import Composer
from schakel.stages.shape_queries import Solution, ask_queries

__all__ = ["Result", "encode_statements", "judge", "places_of"]

_FAILURES: Final[Columns] = {"pattern": INTEGER, "value": BIGINT}
_SH: Final = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Result:
    """One `sh:ValidationResult`. Terms are as N-Triples writes them, exactly as they were stated.

    `path` is written as SPARQL writes a path, None for a node shape; `path_node` is the node of the shapes graph that describes it, or a property.
    `component` is an IRI. `constraint` is the node of a constraint in SPARQL, None for any other.
    """

    focus: str
    path: str | None
    value: str | None
    component: str
    shape: str
    severity: str
    messages: Messages
    constraint: str | None = None
    path_node: str | None = None

    def sort_key(self) -> tuple[str, ...]:
        """Order results by what they say."""
        return (self.focus, self.shape, self.component, self.path or "", self.value or "", self.severity, self.constraint or "", *map(str, self.messages))

    def message(self, language: str) -> str:
        """Give the message in a language, in English, or the first there is."""
        texts = {tag.lower(): text for tag, text in reversed(self.messages)}
        for tag in (*preferred((language, "en")), ""):
            if tag in texts:
                return texts[tag]
        return self.messages[0][1]


def judge(  # noqa: PLR0913, PLR0917  # what is judged, by which shapes, and in which words
    executor: Executor,
    dictionary: Dictionary,
    shapes: Shapes,
    prefixes: Mapping[str, str],
    shapes_lines: Sequence[str] = (),
    notes: list[str] | None = None,
) -> list[Result]:
    """Judge the statements by shapes; results come sorted, as often as the specification has them.

    `prefixes` shorten IRIs in messages that are composed here; `shapes_lines` are the shapes graph as N-Triples, for queries that look into it;
    `notes` gets what no plan could be made of. Raises ShapeError for a query that cannot be asked.
    """
    compiled = compile_shapes(shapes, dictionary.ids(constants(shapes)))
    if not compiled.layout.shapes:
        return []
    _run(executor, [compiled.constants, *compiled.focus])
    _match_patterns(executor, compiled)
    _run(executor, compiled.rules)
    solutions = ask_queries(executor, dictionary, compiled, shapes_lines, [] if notes is None else notes)
    _run(executor, compiled.logic)
    _run(executor, compiled.reporting)
    found = list(executor.fetch(report_plan()))
    composer = Composer(compiled.layout, prefixes, lambda terms: _labels(executor, dictionary, terms))
    composer.prepare(found)
    rules = {rule.number: rule for rule in compiled.layout.rules}
    return sorted((_result(rules[row[0]], row, solutions, composer) for row in found), key=Result.sort_key)


def encode_statements(executor: Executor) -> None:
    """Make the table of statements of one of spelled quads, once the dictionary is closed."""
    encode(executor, SPELLED, ("s", "p", "o"), (), "encoded_statements")
    executor.run(exp.select("s", "p", "o").distinct().from_("encoded_statements"), STATEMENTS)
    executor.drop("encoded_statements")


def _run(executor: Executor, program: Program) -> None:
    for step in program:
        match step:
            case Load(table, columns, rows):
                executor.load(table, columns, rows) if rows else executor.create(table, columns)
            case Run(table, plan):
                executor.run(plan, table)
            case Append(table, plan):
                executor.append(plan, table)
            case Fixpoint(table, seed, grow):
                _iterate(executor, table, seed, grow)


def _iterate(executor: Executor, table: str, seed: exp.Query, grow: exp.Query | None) -> None:
    """Add to a table until nothing is new."""
    new, after = f"{table}_new", f"{table}_next"
    added = executor.run(seed, table)
    if grow is None:
        return
    executor.run(exp.select("*").from_(table), new)
    while added:
        added = executor.run(grow, after)
        if added:
            executor.append(exp.select("*").from_(after), table)
            executor.run(exp.select("*").from_(after), new)
    executor.drop(new, after)


def _match_patterns(executor: Executor, compiled: Compiled) -> None:
    """Find the value nodes that fail a pattern: each once, by one library, whatever runs the plans."""
    if not compiled.patterns:
        return
    matches = {pattern.number: matcher(pattern.text, pattern.flags) for pattern in compiled.patterns}
    # Blank nodes have no text, and fail.
    text = exp.Case().when(exp.EQ(this=column("kind", "t"), expression=exp.Literal.number(BLANK)), exp.null()).else_(column("text", "t"))
    on = exp.EQ(this=column("id", "t"), expression=column("value", "c"))
    plan = exp.select(column("pattern", "c"), column("value", "c"), text).from_(exp.to_table(CANDIDATES, alias="c")).join(exp.to_table(TERMS, alias="t"), on=on)
    found = executor.fetch(plan)
    executor.load("shacl_pattern_failures", _FAILURES, [(number, value) for number, value, text in found if text is None or not matches[number](text)])


def _labels(executor: Executor, dictionary: Dictionary, terms: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Give what people call terms, by language: preferred labels before others, and of several in one language the first."""
    ids = dictionary.ids([*terms, *LABELS])
    executor.load("shacl_labelled", {"id": BIGINT, "spelling": "VARCHAR"}, ((ids[term], term) for term in terms))
    executor.load("shacl_label_properties", {"id": BIGINT, "rank": INTEGER}, ((ids[label], rank) for rank, label in enumerate(LABELS)))
    columns = [column("spelling", "w"), column("rank", "l"), column("language", "t"), column("text", "t")]
    plan = exp.select(*columns).from_(exp.to_table("shacl_labelled", alias="w"))
    plan = plan.join(exp.to_table(STATEMENTS, alias="s"), on=exp.EQ(this=column("s", "s"), expression=column("id", "w")))
    plan = plan.join(exp.to_table("shacl_label_properties", alias="l"), on=exp.EQ(this=column("p", "s"), expression=column("id", "l")))
    plan = plan.join(exp.to_table(TERMS, alias="t"), on=exp.EQ(this=column("o", "s"), expression=column("id", "t")))
    found: dict[str, dict[str, str]] = {}
    for term, _, language, text in sorted(executor.fetch(plan), key=lambda row: (row[0], row[1], row[2] or "", row[3])):
        found.setdefault(term, {}).setdefault((language or "").lower(), text)
    return found


def _result(rule: Rule, row: Row, solutions: Mapping[int, Solution], composer: Composer) -> Result:
    _, focus, value, path, _, number, _ = row
    shape, constraint = rule.shape, rule.constraint
    solution = solutions.get(number) if constraint.kind == "sparql" else None
    if solution is not None and value is None:  # a term that the query made
        value = solution.values.get("value")
    messages = composer.messages(rule, row, solution)
    text = path or (None if shape.path is None else sparql_path(shape.path))
    return Result(focus, text, value, constraint.component, shape.node, shape.severity[1:-1], messages, constraint.source, path or shape.path_node)


# Gives the file and row of statements.
Places = Mapping[tuple[str, str, str], Sequence[tuple[int, int]]]
_Wanted = Callable[[Result], Sequence[tuple[str, str, str]]]


def places_of(executor: Executor, statements: Sequence[tuple[str, str, str]]) -> Places:
    """Find where statements were read: numbers of files and rows, sorted, by a join with the table of quads."""
    spelled = {"s": "VARCHAR", "p": "VARCHAR", "o": "VARCHAR"}
    executor.load("shacl_located", spelled, dict.fromkeys(statements))
    plan = exp.select(*(column(name, "w") for name in "spo"), column("file", "q"), column("row", "q")).distinct()
    plan = plan.from_(exp.to_table("shacl_located", alias="w"))
    for name in "spo":
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column("spelling", f"{name}_term"), expression=column(name, "w")))
    same = (exp.EQ(this=column(name, "q"), expression=column("id", f"{name}_term")) for name in "spo")
    plan = plan.join(exp.to_table(QUADS, alias="q"), on=exp.and_(*same))
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for subject, predicate, object_, file, number in executor.fetch(plan.where(exp.GT(this=column("file", "q"), expression=exp.Literal.number(0)))):
        found.setdefault((subject, predicate, object_), []).append((file, number))
    return {statement: sorted(places) for statement, places in found.items()}
