"""Expressions of SPARQL as plans: they give what Oxigraph gives, but for its canonical forms."""

from collections.abc import Iterator, Sequence
from typing import cast

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, Store

from schakel.compile.construct import CELL, Source, compile_construct, quads_of
from schakel.compile.errors import NotCompilableError
from schakel.engine import DuckDB
from schakel.sparql import Construct, parse
from schakel.stages.computing import compute

BASE = "https://example.org/base/at"
COLUMNS = ("a", "b", "c")
PREFIXES = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX ex: <https://example.org/ns#> "
Cells = tuple[str, str, str]


@pytest.fixture(scope="module")
def executor() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as executor:
        yield executor


def compiled(executor: DuckDB, expression: str, rows: Sequence[Cells]) -> list[str | None]:
    """Give the term that each row makes by the plan, as N-Triples writes it."""
    query = parse(f"{PREFIXES} CONSTRUCT {{ <x:s> <x:p> ?made }} WHERE {{ BIND({expression} AS ?made) }}")
    assert isinstance(query, Construct), expression
    columns = {"row": "INTEGER", "graph": "VARCHAR", **{CELL.format(at): "VARCHAR" for at in range(len(COLUMNS))}}
    executor.load("cells", columns, ((number, "<x:g>", *(cell or None for cell in row)) for number, row in enumerate(rows)))
    first = compile_construct(query, Source("cells", COLUMNS, 1, base=BASE))
    found = compute(executor, first.keys)
    absent = {f"computed1_{number}" for number in range(100)} - found
    plans = [quads_of([first]), quads_of([compile_construct(query, Source("cells", COLUMNS, 1, base=BASE), absent)])]
    answers = []
    for plan in plans:
        made: dict[int, str] = {}
        if plan is not None:
            executor.run(plan, "made")
            made = {row: term for _, _, term, _, _, row, _ in executor.fetch(plan)}
        answers.append([made.get(number) for number in range(len(rows))])
    assert answers[0] == answers[1], "what needs no look-up is the same without"
    return answers[0]


def oxigraph(expression: str, rows: Sequence[Cells]) -> list[str | None]:
    """Give the term that each row makes by Oxigraph."""
    made = []
    for row in rows:
        values = " ".join(str(Literal(cell)) if cell else "UNDEF" for cell in row)
        query = f"{PREFIXES} SELECT ?made {{ VALUES (?a ?b ?c) {{ ({values}) }} BIND({expression} AS ?made) }}"
        (solution,) = cast("ox.QuerySolutions", Store().query(query, base_iri=BASE))
        made.append(solution["made"] and canonical(str(solution["made"])))
    return made


def canonical(term: str | None) -> str | None:
    """Write a term as Oxigraph's store gives it back."""
    if term is None:
        return None
    store = Store()
    store.load(f"<x:s> <x:p> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    (quad,) = cast("Iterator[Quad]", store)
    return str(quad.object)


cells = st.sampled_from(
    ["", "", "a", "b", "ab", "aba", "x y", 'q"\\\n', "en", "nl-BE", "*", "org/x", "../x", "#f", "https://example.org/é", "é", "e\u0301", "1", "#", "a:b"]
)
variables = st.sampled_from(["?a", "?b", "?c", "?undefined"])
leaves = st.one_of(variables, st.sampled_from(['"a"', '"b"', '"en"', '""', '"a"@en', '"a"@nl', "ex:it", "1", "2", "0"]))


def calls(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = ["STR", "LANG", "DATATYPE", "IRI", "STRLEN", "ISIRI", "ISLITERAL", "ISBLANK", "!", "UCASE", "LCASE", "ENCODE_FOR_URI"]
    two = ["CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "SAMETERM", "LANGMATCHES", "CONCAT", "COALESCE"]
    return st.one_of(
        st.builds("{}({})".format, st.sampled_from(one), below),
        st.builds("{}({}, {})".format, st.sampled_from(two), below, below),
        st.builds("STRDT({}, {})".format, below, st.sampled_from(["xsd:integer", "xsd:string", "ex:type", "xsd:boolean"])),
        st.builds("SUBSTR({}, {}, {})".format, below, st.sampled_from("0123"), st.sampled_from("0123")),
        st.builds("IF({}, {}, {})".format, below, below, below),
        st.builds("({} {} {})".format, below, st.sampled_from(["=", "!=", "<", ">=", "&&", "||"]), below),
        st.builds("({} IN ({}, {}))".format, below, below, below),
        st.builds("BOUND({})".format, variables),
    )


@given(expression=st.recursive(leaves, calls, max_leaves=5), rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=4))
@example(expression="IF(?a, ?b, ?c)", rows=[("", "b", "c")])
@example(expression="(?a || ?b)", rows=[("", "b", ""), ("", "", "")])
def test_expressions_give_what_oxigraph_gives(executor: DuckDB, expression: str, rows: list[Cells]) -> None:
    try:
        found = compiled(executor, expression, rows)
    except NotCompilableError:
        return
    assert [canonical(term) for term in found] == oxigraph(expression, rows)
