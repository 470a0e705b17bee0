"""Queries of shapes that have no plan, asked of Oxigraph, node by node.

Oxigraph keeps numbers and dates in a canonical form; what it answers is looked up among the terms that were stated, and never takes their place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox
from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.shacl import ASKED, BLANK, Query, Rule, template_of, variables_in
from schakel.compile.shacl.prebinding import Template
from schakel.compile.shacl.query_groups import looked_at, parsed
from schakel.engine import Executor
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.engine.spelling import literal_spelling
from schakel.errors import ShapeError

__all__ = ["ask_oxigraph"]

_SHAPES_GRAPH: Final = "urn:x-schakel:shapes"


def ask_oxigraph(executor: Executor, rules: Sequence[Rule], shapes_lines: Sequence[str]) -> Iterator[tuple[Rule, str, Mapping[str, str]]]:
    """Give for each violation of some rules its rule, its focus node and the solution that says so."""
    if not rules:
        return
    queries = {rule.number: (rule, rule.constraint.query) for rule in rules if rule.constraint.query is not None}
    in_shapes = any("shapesGraph" in variables_in(query.text) for _, query in queries.values())
    asker = _Asker(_statements(executor, rules), shapes_lines if in_shapes else [])
    known: dict[tuple[int, str, str], bool] = {}
    for number, focus, value in _nodes(executor, list(queries)):
        rule, query = queries[number]
        if not query.is_ask:
            yield from ((rule, focus, solution) for solution in asker.select(rule, query, focus))
            continue
        # An ASK that does not look at the focus node is asked once for each value node.
        key = (number, focus if "this" in variables_in(query.text) else "", value)
        if key not in known:
            known[key] = asker.ask(rule, query, focus, value)
        if not known[key]:
            yield rule, focus, {**query.bound, "this": focus, "value": value}


def _nodes(executor: Executor, rules: Sequence[int]) -> list[tuple[int, str, str]]:
    """Give the focus and value nodes that rules judge, as spelled and sorted."""
    columns = [column("rule", "a"), exp.alias_(column("spelling", "f"), "focus"), exp.alias_(column("spelling", "v"), "value")]
    plan = exp.select(*columns).from_(exp.to_table(ASKED, alias="a"))
    for alias, name in (("f", "focus"), ("v", "value")):
        plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column("id", alias), expression=column(name, "a")))
    plan = plan.where(exp.In(this=column("rule", "a"), expressions=[exp.Literal.number(rule) for rule in rules]))
    return sorted(executor.fetch(plan))


def _statements(executor: Executor, rules: Sequence[Rule]) -> Iterator[tuple[str, str, str]]:
    """Give the statements that queries look at; all where one does not name its properties."""
    properties = [looked_at(parsed(rule)) for rule in rules]
    plan = exp.select(*(exp.alias_(column("spelling", f"{name}_term"), name) for name in "spo")).from_(exp.to_table(STATEMENTS, alias="q"))
    for name in "spo":
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column(name, "q"), expression=column("id", f"{name}_term")))
    if None not in properties:
        named = sorted({each for some in properties if some is not None for each in some})
        plan = plan.where(exp.In(this=column("spelling", "p_term"), expressions=[exp.Literal.string(each) for each in named]) if named else exp.false())
    return executor.fetch(plan)


class _Asker:
    """Asks queries of a store."""

    def __init__(self, statements: Iterator[tuple[str, str, str]], shapes_lines: Sequence[str]) -> None:
        self._store = ox.Store()
        # Stated literals by the form that the store gives them back in; of several with one form, the first.
        self._stated: dict[str, str] = {}
        self._templates: dict[str, Template] = {}
        rows = list(statements)
        self._store.extend(ox.parse("".join(f"{s} {p} {o} .\n" for s, p, o in rows).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True))
        self._note_forms(sorted({o for _, _, o in rows if '"^^<' in o or '"@' in o}))
        for triple in ox.parse("".join(shapes_lines).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True):
            self._store.add(ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(_SHAPES_GRAPH)))

    def select(self, rule: Rule, query: Query, focus: str) -> Iterator[Mapping[str, str]]:
        """Give the solutions of a SELECT about a focus node."""
        bound = {"this": focus, "currentShape": rule.shape.node, "shapesGraph": f"<{_SHAPES_GRAPH}>", **query.bound}
        answer = self._answer(rule, query, bound)
        if isinstance(answer, ox.QuerySolutions):
            names = [variable.value for variable in answer.variables]
            for solution in answer:
                yield {"this": focus, **query.bound, **{name: self._spelled(solution[name]) for name in names if solution[name] is not None}}

    def ask(self, rule: Rule, query: Query, focus: str, value: str) -> bool:
        """Give the answer of an ASK about a value node."""
        bound = {"this": focus, "value": value, "currentShape": rule.shape.node, "shapesGraph": f"<{_SHAPES_GRAPH}>", **query.bound}
        return bool(self._answer(rule, query, bound))

    def _answer(self, rule: Rule, query: Query, bound: Mapping[str, str]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        template = self._templates.setdefault(query.text, template_of(query.text))
        try:
            return self._store.query(template.filled(bound), custom_functions=_FUNCTIONS)
        except SyntaxError as error:
            raise ShapeError(rule.shape.node, f"its query cannot be asked: {' '.join(str(error).split())}") from None

    def _note_forms(self, literals: Sequence[str]) -> None:
        store = ox.Store()
        lines = "".join(f"<x:{number}> <x:p> {literal} .\n" for number, literal in enumerate(literals))
        store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True))
        for quad in store:
            literal = literals[int(quad.subject.value.removeprefix("x:"))]
            form = _spell(quad.object)
            self._stated[form] = min(literal, self._stated.get(form, literal))

    def _spelled(self, term: object) -> str:
        spelled = _spell(term)
        return self._stated.get(spelled, spelled)


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
