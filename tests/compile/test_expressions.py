"""Expressions of SPARQL as plans: they give what Oxigraph gives, but for its canonical forms."""

from collections.abc import Iterator, Sequence
from typing import cast

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Store

from schakel.compile.construct import CELL, CompiledConstruct, Source, compile_construct, quads_of
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


def compiled(executor: DuckDB, expressions: Sequence[str], rows: Sequence[Cells]) -> list[list[str | None]]:
    """Give the terms that each expression makes of each row by a plan, as N-Triples writes them."""
    binds = " ".join(f"BIND({expression} AS ?made{number})" for number, expression in enumerate(expressions))
    triples = " ".join(f"<x:{number}> <x:p> ?made{number} ." for number in range(len(expressions)))
    query = parse(f"{PREFIXES} CONSTRUCT {{ {triples} }} WHERE {{ {binds} }}", BASE)
    assert isinstance(query, Construct)
    columns = {"row": "INTEGER", **{CELL.format(at): "VARCHAR" for at in range(len(COLUMNS))}}
    executor.load("cells", columns, ((number, *(cell or None for cell in row)) for number, row in enumerate(rows)))
    source = Source("cells", COLUMNS, 1, base=BASE)
    first = compile_construct(query, source)
    absent = frozenset(first.lookups) - compute(executor, first.keys)
    answers = [made(executor, each, len(expressions), len(rows)) for each in (first, compile_construct(query, source, absent))]
    assert answers[0] == answers[1], "what no row needs to look up can be left out"
    return answers[0]


def made(executor: DuckDB, mapping: CompiledConstruct, expressions: int, rows: int) -> list[list[str | None]]:
    plan = quads_of([mapping])
    terms: list[list[str | None]] = [[None] * rows for _ in range(expressions)]
    for subject, _, term, _, _, row, _ in executor.fetch(plan) if plan is not None else ():
        terms[int(subject[3:-1])][row] = term
    return terms


def oxigraph(expressions: Sequence[str], rows: Sequence[Cells]) -> list[list[str | None]]:
    """Give the terms that each expression makes of each row by Oxigraph."""
    terms: list[list[str | None]] = [[] for _ in expressions]
    binds = " ".join(f"BIND({expression} AS ?made{number})" for number, expression in enumerate(expressions))
    for row in rows:
        values = " ".join(str(ox.Literal(cell)) if cell else "UNDEF" for cell in row)
        query = f"{PREFIXES} SELECT * {{ VALUES (?a ?b ?c) {{ ({values}) }} {binds} }}"
        (solution,) = cast("ox.QuerySolutions", Store().query(query, base_iri=BASE))
        for number, found in enumerate(terms):
            term = solution[f"made{number}"]
            found.append(None if term is None else canonical(str(term)))
    return terms


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
    one = ["STR", "LANG", "DATATYPE", "IRI", "STRLEN", "ISIRI", "ISLITERAL", "ISBLANK", "UCASE", "LCASE", "ENCODE_FOR_URI", "MD5", "SHA256", "ISNUMERIC"]
    two = ["STRBEFORE", "STRAFTER", "STRLANG", "CONCAT", "COALESCE"]
    tests = ["CONTAINS", "STRSTARTS", "STRENDS", "SAMETERM", "LANGMATCHES"]
    # The specification says that a text in a language is true, and that a boolean which is none is false; Oxigraph takes both for errors.
    truths = st.one_of(
        st.sampled_from(["?a", "?b", "?undefined", '""', '"a"', "0", "1", "true", "ex:it"]),
        st.builds("({} {} {})".format, below, st.sampled_from(["=", "!="]), below),
        # Oxigraph has no order of booleans, which the specification has.
        st.builds("({} {} {})".format, leaves, st.sampled_from(["<", ">="]), leaves),
        st.builds("(STR({}) {} STR({}))".format, below, st.sampled_from(["<=", ">"]), below),
        st.builds("({} {}IN ({}, {}))".format, below, st.sampled_from(["", "NOT "]), below, below),
        st.builds("{}({}, {})".format, st.sampled_from(tests), below, below),
        st.builds("BOUND({})".format, variables),
        st.builds('REGEX({}, "{}")'.format, below, st.sampled_from(["^a", "[b-x]", "."])),
    )
    return st.one_of(
        truths,
        st.builds("{}({})".format, st.sampled_from(one), below),
        st.builds("{}({}, {})".format, st.sampled_from(two), below, below),
        st.builds("STRDT({}, {})".format, below, st.sampled_from(["xsd:integer", "xsd:string", "ex:type", "xsd:boolean"])),
        st.builds("SUBSTR({}, {}, {})".format, below, st.sampled_from("0123"), st.sampled_from("0123")),
        st.builds('REPLACE({}, "a", "[$0]")'.format, below),
        st.builds("IF({}, {}, {})".format, truths, below, below),
        st.builds("({} {} {})".format, truths, st.sampled_from(["&&", "||"]), truths),
        st.builds("(!{})".format, truths),
        st.builds("({} {} {})".format, below, st.sampled_from("+-*/"), below),
    )


rows = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6)


# A statement costs more than what it does, so many expressions go into one.
@settings(max_examples=25)
@given(expressions=st.lists(st.recursive(leaves, calls, max_leaves=6), min_size=1, max_size=25), rows=rows)
@example(expressions=["IF(?a, ?b, ?c)", "?a || ?b", "?a && ?b", "!?a", "COALESCE(?a, ?b)"], rows=[("", "b", "c"), ("a", "", ""), ("", "", "")])
def test_expressions_give_what_oxigraph_gives(executor: DuckDB, expressions: list[str], rows: list[Cells]) -> None:
    found = compiled(executor, expressions, rows)
    expected = oxigraph(expressions, rows)
    for expression, ours, theirs in zip(expressions, found, expected, strict=True):
        assert [canonical(term) for term in ours] == theirs, expression


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('"a"@en', "true"),
        ('""', "false"),
        ('"x"^^xsd:boolean', "false"),
        ('"1"^^xsd:boolean', "true"),
        ('"x"^^xsd:integer', "false"),
        ("0.0", "false"),
        ("ex:it", None),
    ],
)
def test_truth_is_as_the_specification_has_it(executor: DuckDB, condition: str, truth: str | None) -> None:
    ((found,),) = compiled(executor, [f"IF({condition}, true, false)"], [("a", "b", "c")])
    assert found == (truth and f'"{truth}"^^<http://www.w3.org/2001/XMLSchema#boolean>')


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", 'REGEX(?a, "(?=a)")'])
def test_what_has_no_exact_plan_is_refused_by_name(executor: DuckDB, call: str) -> None:
    with pytest.raises(NotCompilableError, match=call.partition("(")[0]):
        compiled(executor, [call], [("a", "b", "c")])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param('STRLANG(?a, "EN-gb")', '"a"@EN-gb', id="a tag as stated"),
        pytest.param("STRDT(?b, xsd:decimal)", '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', id="a number as stated"),
        pytest.param("9007199254740993 = 9007199254740992", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>', id="beyond the integers of a double"),
        pytest.param("0.1 + 0.2", '"0.3"^^<http://www.w3.org/2001/XMLSchema#decimal>', id="decimals"),
        pytest.param("99999999999999999999 + 1", '"100000000000000000000"^^<http://www.w3.org/2001/XMLSchema#integer>', id="integers of any size"),
        pytest.param('"0x1F"^^xsd:integer = 31', None, id="what only a database takes for a number"),
        pytest.param("YEAR(STRDT(?c, xsd:dateTime))", '"-45"^^<http://www.w3.org/2001/XMLSchema#integer>', id="years before the first"),
    ],
)
def test_values_are_exact(executor: DuckDB, expression: str, expected: str | None) -> None:
    ((found,),) = compiled(executor, [expression], [("a", "1.50", "-0045-03-15T12:00:00Z")])
    assert found == expected
