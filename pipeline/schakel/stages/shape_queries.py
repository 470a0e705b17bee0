"""Constraints in SPARQL: each group of like queries as one plan, bound beforehand to all nodes that it judges; what has no plan is asked of Oxigraph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.errors import NotCompilableError
from schakel.compile.shacl import ASKED, VIOLATIONS, Compiled, Rule
from schakel.compile.shacl.query_groups import QueryGroup, looks_at_shapes, query_groups
from schakel.compile.sparql import Program, compile_select, constants_of
from schakel.compile.sparql.program import Seeds
from schakel.engine import Dictionary, Executor
from schakel.engine.columns import BIGINT, INTEGER, VARCHAR, Columns
from schakel.engine.relations import TERMS
from schakel.errors import ShapeError
from schakel.stages.oxigraph_queries import ask_oxigraph
from schakel.stages.query_programs import prepared, sliced, spelled_answer

__all__ = ["Solution", "ask_queries"]

_ANSWERS: Final = "shacl_answers"
_ANSWER_COLUMNS: Final[Columns] = {"rule": INTEGER, "focus": VARCHAR, "value": VARCHAR, "path": VARCHAR, "number": BIGINT}
_SEEDS: Final = "shacl_seeds"
_RULES: Final = "shacl_seed_rules"
_PASSING: Final = "shacl_passing"


@dataclass(frozen=True)
class Solution:
    """What a query answered: its variables, as spelled."""

    values: Mapping[str, str]


@dataclass(frozen=True)
class _Tables:
    """What a query reads: a table of what it binds beforehand, and the tables of statements with one property."""

    seeds: str
    slices: Mapping[str, str]


@dataclass
class _Answers:
    """Solutions by number, and the rows that they give."""

    solutions: dict[int, Solution] = field(default_factory=dict)
    rows: list[tuple[int, str, str | None, str | None, int]] = field(default_factory=list)

    def add(self, rule: Rule, focus: str, solution: Mapping[str, str]) -> None:
        """Add a solution about a focus node; without a value it is about the node itself, if the shape is a node shape."""
        if solution.get("failure", "").startswith('"true"'):
            raise ShapeError(rule.shape.node, "its query answered that it failed (?failure)")
        number = len(self.solutions) + 1
        self.solutions[number] = Solution(solution)
        value = solution.get("value", focus if rule.shape.path is None else None)
        self.rows.append((rule.number, focus, value, solution.get("path"), number))


def ask_queries(executor: Executor, dictionary: Dictionary, compiled: Compiled, shapes_lines: Sequence[str], notes: list[str]) -> Mapping[int, Solution]:
    """Ask all queries, and add what they find to the violations; give the solutions by number. `notes` gets what no plan could be made of."""
    answers = _Answers()
    groups = list(query_groups([rule for rule in compiled.queries if not looks_at_shapes(rule)]))
    left = [rule for rule in compiled.queries if looks_at_shapes(rule)]
    refused = dict.fromkeys((rule.shape.node for rule in left), "it looks at the shapes graph")
    ids = dictionary.ids({each for group in groups for each in (*constants_of(group.query), *group.spellings())})
    width = max((len(group.constants) for group in groups), default=0)
    executor.load(_RULES, {"rule": INTEGER, **{f"c{at}": BIGINT for at in range(width)}}, (row for group in groups for row in group.rows(ids, width)))
    with sliced(executor, dictionary, [group.query for group in groups]) as slices:
        for number, group in enumerate(groups):
            try:
                _ask(executor, ids, group, _Tables(f"{_SEEDS}_{number}", slices), answers)
            except NotCompilableError as error:
                left += group.rules
                refused |= {rule.shape.node: str(error) for rule in group.rules}
    notes += [f"a query of the shape {shape} is asked of Oxigraph: {reason}" for shape, reason in refused.items()]
    for rule, focus, solution in ask_oxigraph(executor, left, shapes_lines):
        answers.add(rule, focus, solution)
    if answers.rows:
        executor.load(_ANSWERS, _ANSWER_COLUMNS, answers.rows)
        executor.append(_violations(), VIOLATIONS)
    return answers.solutions


def _ask(executor: Executor, ids: Mapping[str, int], group: QueryGroup, tables: _Tables, answers: _Answers) -> None:
    """Ask the query of a group for all its nodes at once. Raises NotCompilableError."""
    names = {"this": "focus", **({"value": "value"} if group.is_ask else {}), **{name: f"c{at}" for at, name in enumerate(group.constants)}}
    seeds = Seeds(tables.seeds, names)
    if any(not ids[each] for each in group.spellings()):
        raise NotCompilableError("a constant that the dictionary does not have")
    program = compile_select(group.query, ids, seeds=seeds, slices=tables.slices)
    executor.run(_seeds(group), tables.seeds)
    with prepared(executor, program) as plan:
        if group.is_ask:
            executor.run(plan, _PASSING)
            executor.append(_failing(program, group), VIOLATIONS)
            return
        rules: dict[tuple[str, ...], list[Rule]] = {}
        for rule in group.rules:
            rules.setdefault(group.values[rule.number], []).append(rule)
        columns = [each.variable for each in program.columns]
        for row in executor.fetch(spelled_answer(program, plan)):
            solution = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
            for rule in rules[tuple(solution[name] for name in group.constants)]:
                bound = {name: values[0] for name, values in rule.constraint.parameters.items()}
                answers.add(rule, solution["this"], {**bound, **solution})


def _seeds(group: QueryGroup) -> exp.Query:
    """Give the nodes that a group judges, each once with the constants of its rules."""
    names = ["focus", *(["value"] if group.is_ask else [])]
    columns = [*(column(name, "a") for name in names), *(column(f"c{at}", "r") for at in range(len(group.constants)))]
    same = exp.EQ(this=column("rule", "a"), expression=column("rule", "r"))
    plan = exp.select(*columns).distinct().from_(exp.to_table(_RULES, alias="r")).join(exp.to_table(ASKED, alias="a"), on=same)
    return plan.where(_of_group(group))


def _of_group(group: QueryGroup) -> exp.Expression:
    return exp.In(this=column("rule", "r"), expressions=[exp.Literal.number(rule.number) for rule in group.rules])


def _failing(program: Program, group: QueryGroup) -> exp.Query:
    """Give the violations of an ASK: the value nodes for which it has no solution."""
    column_of = {each.variable: each.column for each in program.columns}
    pairs = [("this", column("focus", "a")), ("value", column("value", "a")), *((name, column(f"c{at}", "r")) for at, name in enumerate(group.constants))]
    passing = exp.select(exp.Literal.number(1)).from_(exp.to_table(_PASSING, alias="p"))
    passing = passing.where(*(exp.EQ(this=column(column_of[name], "p"), expression=node) for name, node in pairs))
    zero = exp.Literal.number(0)
    others = [exp.alias_(zero.copy(), name) for name in ("path", "other", "number")]
    columns = [column("rule", "a"), column("focus", "a"), column("value", "a"), *others, exp.alias_(exp.false(), "doubt")]
    same = exp.EQ(this=column("rule", "a"), expression=column("rule", "r"))
    plan = exp.select(*columns).from_(exp.to_table(_RULES, alias="r")).join(exp.to_table(ASKED, alias="a"), on=same)
    return plan.where(_of_group(group), exp.Not(this=exp.Exists(this=passing)))


def _violations() -> exp.Query:
    """Give the answers about nodes that their rules judge, with ids in place of spellings."""
    zero = exp.Literal.number(0)
    ids = [exp.alias_(exp.Coalesce(this=column("id", f"{name}_term"), expressions=[zero.copy()]), name) for name in ("focus", "value", "path")]
    others = [exp.alias_(zero.copy(), "other"), column("number", "a"), exp.alias_(exp.false(), "doubt")]
    plan = exp.select(column("rule", "a"), *ids, *others).from_(exp.to_table(_ANSWERS, alias="a"))
    for name in ("focus", "value", "path"):
        on = exp.EQ(this=column("spelling", f"{name}_term"), expression=column(name, "a"))
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=on, join_type="left")
    judged = exp.select("rule", "focus").distinct().from_(ASKED).subquery("judged")
    same = (
        exp.EQ(this=column("rule", "judged"), expression=column("rule", "a")),
        exp.EQ(this=column("focus", "judged"), expression=column("id", "focus_term")),
    )
    return plan.join(judged, on=exp.and_(*same))
