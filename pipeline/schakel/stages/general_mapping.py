"""Maps the rows of tables whose mapping has no plan, by Oxigraph.

Oxigraph keeps numbers, dates and tags in a canonical form. Wherever it gives a term with the value of one that the row or the mapping states, that one is
taken: nothing that is stated is replaced by a term that only means the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.construct import CELL, GRAPH, ROW, Source, cited_rows, terms_of
from schakel.compile.nodes import column
from schakel.engine.executor import Executor, Row
from schakel.engine.spelling import Parts, literal_spelling, parts_of
from schakel.engine.values import value_of
from schakel.sparql import Bind, Call, Construct, Expression, Literal

__all__ = ["map_by_oxigraph"]

_ROW: Final = "schakel_row"
_BLOCK: Final = 1000
_PROLOGUE: Final = re.compile(r"(?:\s+|#[^\n]*\n|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>)*", re.IGNORECASE)


def map_by_oxigraph(executor: Executor, source: Source, query: Construct, text: str) -> Iterator[Row]:
    """Give the quads that the rows of a table state, in the columns of SPELLED_COLUMNS. `text` is that of the query, whose group holds BINDs alone."""
    selected = [column(ROW, "rows"), column(GRAPH, "rows"), *(column(CELL.format(at), "rows") for at in range(len(source.columns)))]
    rows = executor.fetch(exp.Select(expressions=selected, from_=exp.From(this=cited_rows(source))))
    constants = list(dict.fromkeys(chain.from_iterable(_constants(each.expression) for each in query.where.elements if isinstance(each, Bind))))
    for block in _blocks(rows):
        for position, solution in _solutions(source, query, text, [cells for _, _, *cells in block]):
            row, graph, *cells = block[position]
            stated = [*filter(None, cells), *constants]
            terms = {name: _as_stated(term, stated) for name, term in solution.items()}
            for number, statement in enumerate(query.template):
                triple = [terms.get(term.value) if isinstance(term, Variable) else _spelled(term) for term in terms_of(statement)]
                if None not in triple and not any(str(term).startswith('"') for term in triple[:2]):
                    yield (*triple, graph, source.file, row, number)


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if len(block) == _BLOCK:
            yield block
            block = []
    yield block


def _solutions(source: Source, query: Construct, text: str, rows: Sequence[Sequence[str | None]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give the position of each row, with the terms that its variables have, as N-Triples writes them."""
    prologue = _PROLOGUE.match(text)
    names = dict.fromkeys(term.value for each in query.template for term in terms_of(each) if isinstance(term, Variable))
    head = f"{text[: prologue.end() if prologue else 0]} SELECT {' '.join(f'?{name}' for name in (*names, _ROW))} {{"
    lines = (" ".join("UNDEF" if cell is None else str(ox.Literal(cell)) for cell in cells) for cells in rows)
    values = " ".join(f"({line} {position})" for position, line in enumerate(lines))
    block = f"VALUES ({' '.join(f'?{name}' for name in source.columns)} ?{_ROW}) {{ {values} }}"
    solutions = cast("ox.QuerySolutions", ox.Store().query(f"{head} {block} {text[query.where.at + 1 :]}", base_iri=source.base))
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
