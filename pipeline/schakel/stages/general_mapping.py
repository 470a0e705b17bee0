"""Maps the rows of tables whose mapping has no plan, by Oxigraph.

Oxigraph keeps numbers, dates and tags in a canonical form. Wherever it gives a term with the value of one that the row or the mapping states, that one is
taken: nothing that is stated is replaced by a term that only means the same.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.construct import CELL, GRAPH, ROW, Source, cited_rows, terms_of
from schakel.compile.dependencies import Dependencies
from schakel.compile.nodes import column
from schakel.engine.columns import Row
from schakel.engine.executor import Executor
from schakel.engine.slugs import SLUG, slug
from schakel.engine.spelling import Parts, literal_spelling, parts_of
from schakel.engine.values import value_of
from schakel.sparql import Bind, Call, Construct, Expression, Literal

__all__ = ["lost_by_oxigraph", "map_by_oxigraph"]

_ROW: Final = "schakel_row"
_BLOCK: Final = 1000
_PROLOGUE: Final = re.compile(r"(?:\s+|#[^\n]*\n|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>)*", re.IGNORECASE)


def _slug(text: object) -> ox.Literal | None:
    made = slug(text.value) if isinstance(text, ox.Literal) else ""
    return ox.Literal(made) if made else None


_FUNCTIONS: Final[dict[ox.NamedNode, Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]]] = {ox.NamedNode(SLUG): _slug}


def map_by_oxigraph(executor: Executor, source: Source, query: Construct, text: str) -> Iterator[Row]:
    """Give the quads that the rows of a table state, in the columns of SPELLED_COLUMNS. `text` is that of the query, whose group holds BINDs alone."""
    constants = list(dict.fromkeys(chain.from_iterable(_constants(each.expression) for each in query.where.elements if isinstance(each, Bind))))
    for (row, graph, *cells), solution in _solved(executor, source, query, text):
        stated = [*filter(None, cells), *constants]
        terms = {name: _as_stated(term, stated) for name, term in solution.items()}
        for number, statement in enumerate(query.template):
            triple = [terms.get(term.value) if isinstance(term, Variable) else _spelled(term) for term in terms_of(statement)]
            if None not in triple and not any(str(term).startswith('"') for term in triple[:2]):
                yield (*triple, graph, source.file, row, number)


def lost_by_oxigraph(executor: Executor, source: Source, dependencies: Dependencies, text: str) -> Iterator[tuple[int, list[Bind | str | None], list[str]]]:
    """Give the number of each row of which something is lost, with what [`Losses`][schakel.compile.losses.Losses] has as flags and as texts of resources."""
    for (row, _, *cells), solution in _solved(executor, source, dependencies.query, text, dependencies.names):
        filled = {name for name, cell in zip(source.columns, cells, strict=True) if cell is not None}
        flags = [*_failed(dependencies, solution.keys() | filled), *_unreached(dependencies, solution.keys() | filled, filled)]
        flags += [f"?{name}" for name in dependencies.resources if solution.get(name, "<").startswith('"')]
        if flags:
            yield row, flags, [parts_of(solution[name]).text if name in solution else "" for name in dependencies.resources]


def _failed(dependencies: Dependencies, bound: Collection[str]) -> Iterator[Bind]:
    """Give each BIND that has no value though all that it reads is there."""
    for bind in dependencies.binds:
        name = bind.variable.value
        if name not in bound and dependencies.inputs(bind) <= set(bound) and not dependencies.may_be_undefined(name):
            yield bind


def _unreached(dependencies: Dependencies, bound: Collection[str], filled: Collection[str]) -> Iterator[str | None]:
    """Give each filled cell that reaches no statement since another one is empty; None where the row states nothing."""
    made = [variables for variables in dependencies.template if set(variables) <= set(bound)]
    if not made:
        yield None
        return
    for name in filled:
        about = [variables for variables in dependencies.template if any(name in dependencies.content_of(each) for each in variables)]
        lacking = {each for variables in about for each in variables if each not in bound}
        if about and not any(variables in made for variables in about) and any(dependencies.columns_of(each) - set(filled) for each in lacking):
            yield name


def _solved(executor: Executor, source: Source, query: Construct, text: str, names: Iterable[str] = ()) -> Iterator[tuple[Row, Mapping[str, str]]]:
    """Give each row, its graph and its cells, with the terms that the variables of the template, and others that are named, have."""
    selected = [column(ROW, "rows"), column(GRAPH, "rows"), *(column(CELL.format(at), "rows") for at in range(len(source.columns)))]
    rows = executor.fetch(exp.Select(expressions=selected, from_=exp.From(this=cited_rows(source))))
    of_template = (term.value for each in query.template for term in terms_of(each) if isinstance(term, Variable))
    wanted = list(dict.fromkeys([*of_template, *names]))
    for block in _blocks(rows):
        for position, solution in _solutions(source, query, text, wanted, [cells for _, _, *cells in block]):
            yield block[position], solution


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if len(block) == _BLOCK:
            yield block
            block = []
    yield block


def _solutions(
    source: Source, query: Construct, text: str, names: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give the position of each row, with the terms that its variables have, as N-Triples writes them."""
    prologue = _PROLOGUE.match(text)
    head = f"{text[: prologue.end() if prologue else 0]} SELECT {' '.join(f'?{name}' for name in (*names, _ROW))} {{"
    lines = (" ".join("UNDEF" if cell is None else str(ox.Literal(cell)) for cell in cells) for cells in rows)
    values = " ".join(f"({line} {position})" for position, line in enumerate(lines))
    block = f"VALUES ({' '.join(f'?{name}' for name in source.columns)} ?{_ROW}) {{ {values} }}"
    solutions = cast("ox.QuerySolutions", ox.Store().query(f"{head} {block} {text[query.where.at + 1 :]}", base_iri=source.base, custom_functions=_FUNCTIONS))
    for solution in solutions:
        yield int(cast("ox.Literal", solution[_ROW]).value), {name: str(solution[name]) for name in names if solution[name] is not None}


def _constants(expression: Expression) -> Iterator[str]:
    """Give the texts that an expression names."""
    if isinstance(expression, Literal):
        yield expression.value
        if expression.language is not None:
            yield expression.language
    elif isinstance(expression, Call):
        yield from chain.from_iterable(map(_constants, expression.arguments))


def _as_stated(term: str, stated: Iterable[str]) -> str:
    """Write a literal with the text and the tag that are stated, if they mean the same."""
    parts = parts_of(term)
    if parts.datatype is None:
        return term
    if parts.language is not None:
        tag = next((text for text in stated if text.lower() == parts.language), parts.language)
        return literal_spelling(parts.text, language=tag)
    if value_of(parts.text, parts.datatype).identity is None:
        return term
    return literal_spelling(_same_value(parts, stated), parts.datatype)


def _same_value(parts: Parts, stated: Iterable[str]) -> str:
    identity = value_of(parts.text, parts.datatype or "").identity
    return next((text for text in stated if value_of(text, parts.datatype or "").identity == identity), parts.text)


def _spelled(term: object) -> str | None:
    if isinstance(term, ox.NamedNode):
        return str(term)
    return literal_spelling(term.value, term.datatype.value, term.language or "") if isinstance(term, Literal) else None
