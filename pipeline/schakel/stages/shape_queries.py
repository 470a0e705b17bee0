"""Queries of shapes, asked by Oxigraph: all at once where that means the same as once for each node, else node by node.

Oxigraph keeps numbers and dates in a canonical form; what it answers is looked up among the terms that were stated, and never takes their place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.shacl import ASKED, BLANK, VIOLATIONS, Compiled, Query, Rule, template_of, variables_in
from schakel.compile.shacl.prebinding import Template
from schakel.engine import Executor
from schakel.engine.executor import BIGINT, INTEGER, VARCHAR, Columns
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.engine.spelling import literal_spelling
from schakel.errors import ShapeError
from schakel.stages.bulk_queries import bulk_query

__all__ = ["Solution", "ask_queries"]

_SHAPES_GRAPH: Final = ox.NamedNode("urn:x-schakel:shapes")
_ANSWERS: Final = "shacl_answers"
_ANSWER_COLUMNS: Final[Columns] = {
    "rule": INTEGER, "focus": VARCHAR, "value": VARCHAR, "path": VARCHAR, "number": BIGINT,
}  # fmt: skip


@dataclass(frozen=True)
class Solution:
    """What a query answered: its variables, as spelled."""

    values: Mapping[str, str]


def ask_queries(executor: Executor, compiled: Compiled, shapes_lines: Sequence[str]) -> Mapping[int, Solution]:
    """Ask all queries, and add what they find to the violations; give the solutions by number."""
    if not compiled.queries:
        return {}
    asker = _Asker(executor, compiled, shapes_lines)
    solutions: dict[int, Solution] = {}

    def rows() -> Iterator[tuple[int, str, str | None, str | None, int]]:
        for rule, focus, value, solution in asker.answers():
            solutions[len(solutions) + 1] = Solution(solution)
            found = value if value is not None else solution.get("value")
            of_node_shape = found is None and rule.shape.path is None
            yield rule.number, focus, focus if of_node_shape else found, solution.get("path"), len(solutions)

    executor.load(_ANSWERS, _ANSWER_COLUMNS, list(rows()))
    executor.append(_violations(), VIOLATIONS)
    return solutions


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
    same = exp.and_(
        exp.EQ(this=column("rule", "judged"), expression=column("rule", "a")), exp.EQ(this=column("focus", "judged"), expression=column("id", "focus_term"))
    )
    return plan.join(judged, on=same)


class _Asker:
    """Asks the queries of rules."""

    def __init__(self, executor: Executor, compiled: Compiled, shapes_lines: Sequence[str]) -> None:
        self._executor = executor
        self._queries = [(rule, rule.constraint.query) for rule in compiled.queries if rule.constraint.query is not None]
        self._bulk = {rule.number: bulk_query(query) for rule, query in self._queries}
        self._stated: dict[str, str] = {}
        self._templates: dict[str, Template] = {}
        self._store = ox.Store()
        self._fill(shapes_lines if any("shapesGraph" in variables_in(query.text) for _, query in self._queries) else [])

    def answers(self) -> Iterator[tuple[Rule, str, str | None, Mapping[str, str]]]:
        """Give for each violation its rule, focus node, value node of an ASK, and solution."""
        one_by_one = [(rule, query) for rule, query in self._queries if self._bulk[rule.number] is None]
        nodes = self._nodes([rule.number for rule, _ in one_by_one])
        for rule, query in self._queries:
            if self._bulk[rule.number] is not None:
                for solution in self._select(rule, query.text, {}):
                    yield rule, solution["this"], None, solution
            elif query.is_ask:
                yield from self._failing(rule, query, nodes.get(rule.number, ()))
            else:
                for focus, _ in nodes.get(rule.number, ()):
                    for solution in self._select(rule, query.text, _bound(rule, query, focus)):
                        yield rule, focus, None, solution

    def _failing(self, rule: Rule, query: Query, nodes: Iterable[tuple[str, str]]) -> Iterator[tuple[Rule, str, str, Mapping[str, str]]]:
        """Give the value nodes for which an ASK says no; each is asked once where the query does not look at the focus node."""
        by_focus = "this" in variables_in(query.text)
        known: dict[tuple[str, str], bool] = {}
        for focus, value in nodes:
            key = (focus if by_focus else "", value)
            if key not in known:
                bound = _bound(rule, query, focus, value)
                known[key] = bool(self._answer(rule, query.text, bound))
            if not known[key]:
                yield rule, focus, value, {"this": focus, "value": value}

    def _select(self, rule: Rule, text: str, bound: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
        answer = self._answer(rule, text, bound)
        if not isinstance(answer, ox.QuerySolutions):
            raise ShapeError(rule.shape.node, "its query is no SELECT")
        names = [variable.value for variable in answer.variables]
        for solution in answer:
            values = {name: self._spelled(solution[name]) for name in names if solution[name] is not None}
            if values.get("failure", "").startswith('"true"'):
                raise ShapeError(rule.shape.node, "its query answered that it failed (?failure)")
            yield {**bound, **values}

    def _answer(self, rule: Rule, text: str, bound: Mapping[str, str]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        template = self._templates.setdefault(text, template_of(text))
        try:
            return self._store.query(template.filled(bound) if bound else text, custom_functions=_FUNCTIONS)
        except SyntaxError as error:
            raise ShapeError(rule.shape.node, f"its query is not SPARQL: {' '.join(str(error).split())}") from None

    def _nodes(self, rules: Sequence[int]) -> Mapping[int, list[tuple[str, str]]]:
        """Give the focus and value nodes that rules judge, as spelled and sorted."""
        if not rules:
            return {}
        plan = exp.select(column("rule", "a"), exp.alias_(column("spelling", "f"), "focus"), exp.alias_(column("spelling", "v"), "value")).from_(
            exp.to_table(ASKED, alias="a")
        )
        for alias, name in (("f", "focus"), ("v", "value")):
            plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column("id", alias), expression=column(name, "a")))
        plan = plan.where(exp.In(this=column("rule", "a"), expressions=[exp.Literal.number(rule) for rule in rules]))
        found: dict[int, list[tuple[str, str]]] = {}
        for rule, focus, value in sorted(self._executor.fetch(plan)):
            found.setdefault(rule, []).append((focus, value))
        return found

    # ------------------------------------------------------------------------------------------------------------------------ the store

    def _fill(self, shapes_lines: Sequence[str]) -> None:
        """Load the statements that queries look at; all where one does not name its properties."""
        looked_at: set[str] = set()
        every = False
        for bulk in self._bulk.values():
            every = every or bulk is None
            looked_at |= bulk or set()
        spellings = [exp.alias_(column("spelling", f"{name}_term"), name) for name in "spo"]
        plan = exp.select(*spellings).from_(exp.to_table(STATEMENTS, alias="q"))
        for name in "spo":
            plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column(name, "q"), expression=column("id", f"{name}_term")))
        if not every:
            plan = plan.where(exp.In(this=column("spelling", "p_term"), expressions=[exp.Literal.string(each) for each in sorted(looked_at)]))
        typed: set[str] = set()
        batch: list[str] = []
        for subject, predicate, object_ in self._executor.fetch(plan):
            batch.append(f"{subject} {predicate} {object_} .\n")
            if '"^^<' in object_ or '"@' in object_:
                typed.add(object_)
        self._load("".join(batch))
        self._note_changed(sorted(typed))
        for line in ox.parse("".join(shapes_lines).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True):
            self._store.add(ox.Quad(line.subject, line.predicate, line.object, _SHAPES_GRAPH))

    def _load(self, lines: str) -> None:
        quads = ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        if "_:" in lines:  # loading would give blank nodes other names
            self._store.extend(quads)
        else:
            self._store.load(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def _note_changed(self, literals: Sequence[str]) -> None:
        """Note which literals the store gives back in another form; of several that it makes one, the first is what was meant."""
        lines = "".join(f"<x:{number}> <x:p> {literal} .\n" for number, literal in enumerate(literals))
        store = ox.Store()
        store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True))
        for quad in store:
            literal = literals[int(quad.subject.value.removeprefix("x:"))]
            given = _spell(quad.object)
            self._stated[given] = min(literal, self._stated.get(given, literal))

    def _spelled(self, term: object) -> str:
        spelled = _spell(term)
        return self._stated.get(spelled, spelled)


def _bound(rule: Rule, query: Query, focus: str, value: str | None = None) -> Mapping[str, str]:
    shape = rule.shape.node
    bound = {"this": focus, "currentShape": shape, "shapesGraph": f"<{_SHAPES_GRAPH.value}>", **query.bound}
    return bound if value is None else {**bound, "value": value}


def _blank(label: object) -> ox.BlankNode | None:
    return ox.BlankNode(label.value) if isinstance(label, ox.Literal) else None


_FUNCTIONS: Final[dict[ox.NamedNode, Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]]] = {ox.NamedNode(BLANK): _blank}


def _spell(term: object) -> str:
    match term:
        case ox.NamedNode():
            return f"<{term.value}>"
        case ox.BlankNode():
            return f"_:{term.value}"
        case ox.Literal():
            return literal_spelling(term.value, term.datatype.value, term.language or "")
    return str(term)
