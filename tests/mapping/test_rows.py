"""What rows state: each cell as the text it is, nothing lost unsaid, the same whatever rows go into a query together."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel import Settings, build, read_settings, record_evidence
from schakel.graph import from_ntriples
from schakel.mapping import Construct, judge_rows, map_rows, read_construct, read_constructs
from schakel.tables import Row, Table, read_table, read_tables

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]
WriteMapping: TypeAlias = Callable[..., str]

REPOSITORY = Path(__file__).parents[2]
TABLE = "data/towers.csv"
MAPPING = "data/towers.rq"
BASE = "https://example.org/"
GRAPH = NamedNode(f"{BASE}source/page")
ORG = "http://www.w3.org/ns/org#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
COLUMNS = ("id", "label", "note")


def triples_of(tables: list[Table], constructs: Mapping[str, Construct], *, rows_a_query: int | None = None) -> frozenset[Triple]:
    """Map all tables into one graph, so many rows a query, or as many as the engine sees fit."""
    assert not judge_rows(tables, constructs, BASE)
    mapped: list[bytes] = []
    for table in tables:
        size = rows_a_query or len(table.rows) or 1
        for at in range(0, len(table.rows), size):
            mapped += (block.piece for block in map_rows({GRAPH: [(table, table.rows[at : at + size])]}, constructs, BASE))
    return frozenset(from_ntriples(mapped))


@pytest.fixture(scope="session")
def constructs(towers_rq: WriteMapping) -> Mapping[str, Construct]:
    """A mapping of towers with a label and a note, which uses both in more than one way."""
    mapping = towers_rq("?tower ex:upper ?upper ; ex:note ?note ; ex:is <tower/fixed> .", "BIND(UCASE(?note) AS ?upper)")
    construct, findings = read_construct(mapping, MAPPING, Table("towers", TABLE, COLUMNS, ()))
    assert construct is not None
    assert not findings
    return {"towers": construct}


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
# What SPARQL, N-Triples or CSV could take for something else than text.
QUOTES = ['"', "'", '"""', "'''", "\\", "\\n", "\\u0022", "\\U00000022", "\\\\u0022", '"@en', "@en", "^^xsd:int", '""', '","']
SPARQL = ["{", "}", ") }", "(", "?id", "$id", "?undefined", "?schakel_row", "#", "# x\n", "<", ">", "<x>", "a:b", "_:b", "%7B", "UNDEF", "BIND(1 AS ?x)"]
INJECTED = ['" UNDEF', '") ("', '" } SELECT * { ?s ?p ?o } #', "}\nINSERT DATA { <a> <b> <c> }", '"""} UNION {', "schakel:nothing", "=1+1", "&amp;"]
SIGNS = ["\n", "\t", "\u2028", "\u0085", "\ufeff", "\x07", "\x1f", "\U0001d518", "e\u0301", "\ufffe"]
sly = st.sampled_from([*QUOTES, *SPARQL, *INJECTED, *SIGNS])
cells = st.one_of(texts, st.lists(st.one_of(sly, texts), max_size=6).map("".join))


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_any_text_in_a_cell_comes_out_as_that_text_and_changes_no_query(
    tmp_path_factory: pytest.TempPathFactory, constructs: Mapping[str, Construct], rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "towers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *((f"t{number}", *row) for number, row in enumerate(rows))])
    table, findings = read_table(path, TABLE)
    assert table is not None
    assert not findings
    expected = set()
    for number, (label, note) in enumerate(rows):
        tower = NamedNode(f"{BASE}tower/t{number}")
        expected.add(Triple(tower, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(f"{ORG}Organization")))
        expected.add(Triple(tower, NamedNode("http://example.com/is"), NamedNode(f"{BASE}tower/fixed")))
        if label.strip():
            expected.add(Triple(tower, NamedNode(f"{SKOS}prefLabel"), Literal(label.strip(), language="en")))
        if note.strip():
            expected.add(Triple(tower, NamedNode("http://example.com/note"), Literal(note.strip())))
    found = triples_of([table], constructs)
    upper = {triple for triple in found if triple.predicate == NamedNode("http://example.com/upper")}
    assert found - upper == expected
    assert len(upper) == sum(1 for _, note in rows if note.strip())


@given(st.lists(st.tuples(cells, cells), max_size=12), st.integers(1, 12))
def test_rows_state_the_same_one_by_one_in_blocks_and_all_at_once(constructs: Mapping[str, Construct], rows: list[tuple[str, str]], size: int) -> None:
    table = Table("towers", TABLE, COLUMNS, tuple(Row(number, (f"t{number}", *row)) for number, row in enumerate(rows, start=2)))
    assert triples_of([table], constructs, rows_a_query=1) == triples_of([table], constructs, rows_a_query=size) == triples_of([table], constructs)


def test_a_table_of_thousands_of_rows_states_what_its_rows_state(constructs: Mapping[str, Construct]) -> None:
    table = Table("towers", TABLE, COLUMNS, tuple(Row(number, (f"t{number}", "" if number % 7 else "x", str(number))) for number in range(2503)))
    found = triples_of([table], constructs)
    assert found == triples_of([table], constructs, rows_a_query=1)
    assert {triple.subject for triple in found} == {NamedNode(f"{BASE}tower/t{number}") for number in range(2503)}


def test_the_tables_of_the_project_state_the_same_row_by_row_as_all_at_once() -> None:
    tables, findings = read_tables(REPOSITORY / "data", REPOSITORY)
    constructs, problems = read_constructs(REPOSITORY / "data", REPOSITORY, tables)
    assert not findings
    assert not problems
    assert len(constructs) == len(tables)
    found = triples_of(tables, constructs)
    assert found == triples_of(tables, constructs, rows_a_query=1)
    assert len(found) > 1000


@pytest.mark.parametrize(
    ("triples", "binds", "row", "kind", "column", "words"),
    [
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IRI(CONCAT("place/", ?place)) AS ?at)',
            "a,A,the harbour",
            "unformed-term",
            "place",
            ("?at", "place = “the harbour”", "no spaces"),
            id="IRI",
        ),
        pytest.param("?tower ex:at ?at .", "BIND(IRI(?place) AS ?at)", "a,A,http://[", "unformed-term", "place", ("“http://[”",), id="whole IRI"),
        pytest.param(
            "?tower ex:at ?at .",
            "BIND(STRLANG(?label, ?place) AS ?at)",
            "a,A,no such",
            "unformed-term",
            "",
            ("label = “A”", "place = “no such”", "language tag"),
            id="language tag",
        ),
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IRI(CONCAT("place/", ?place)) AS ?there) BIND(IRI(CONCAT(STR(?there), "#address")) AS ?at)',
            "a,A,<x>",
            "unformed-term",
            "place",
            ("place = “<x>”",),
            id="IRI of an IRI",
        ),
        pytest.param(
            "?tower ex:at ?at .",
            'BIND(IF(BOUND(?place), IRI(CONCAT("place/", ?place)), ?undefined) AS ?at)',
            "a,A,{x}",
            "unformed-term",
            "place",
            ("place = “{x}”",),
            id="IRI in a choice",
        ),
        pytest.param("?place ex:of ?tower .", "", "a,A,harbour", "not-an-iri", "", ("“harbour”", "?place", "IRI(CONCAT("), id="text as a subject"),
        pytest.param("?tower ?place 1 .", "", "a,A,harbour", "not-an-iri", "", ("“harbour”",), id="text as a predicate"),
    ],
)
def test_a_term_that_cannot_be_formed_is_told_with_its_cells(  # noqa: PLR0913, PLR0917
    told: Tell, towers_rq: WriteMapping, triples: str, binds: str, row: str, kind: str, column: str, words: tuple[str, ...]
) -> None:
    found = told({TABLE: f"id,label,place,source\nfine,Fine,,page\n{row},page\n", MAPPING: towers_rq(triples, binds)})
    assert list(found) == [(kind, found_at := f"{TABLE}, row 3" + (f", column {column}" if column else ""))]
    for word in words:
        assert word in found[kind, found_at]
    assert MAPPING in found[kind, found_at]


def test_every_row_of_which_something_is_lost_is_told(told: Tell, towers_rq: WriteMapping) -> None:
    rows = "".join(f"t{number},T,{'a b' if number % 400 == 3 else 'ab'},page\n" for number in range(1500))
    found = told({TABLE: f"id,label,place,source\n{rows}", MAPPING: towers_rq("?at a ex:Place .", 'BIND(IRI(CONCAT("place/", ?place)) AS ?at)')})
    assert set(found) == {("unformed-term", f"{TABLE}, row {number}, column place") for number in (5, 405, 805, 1205)}


def test_a_row_that_states_nothing_is_told_with_its_empty_cells(told: Tell) -> None:
    mapping = """PREFIX ex: <http://example.com/>
    CONSTRUCT { ?tower ex:label ?label . ?tower ex:height ?height } WHERE { BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) }"""
    found = told({TABLE: "id,label,height,source\na,,,page\n", MAPPING: mapping})
    assert set(found) == {("row-states-nothing", f"{TABLE}, row 2")}
    text = found["row-states-nothing", f"{TABLE}, row 2"]
    assert "empty cells: height, label" in text
    assert MAPPING in text
    assert "Fill in" in text


def test_an_empty_cell_makes_no_triple_and_no_finding(told: Tell, towers_rq: WriteMapping) -> None:
    mapping = towers_rq(
        "?tower ex:at ?at ; ex:kind ?kind .",
        'BIND(IRI(CONCAT("place/", ?place)) AS ?at) BIND(IF(?place = "west", "w", ?undefined) AS ?kind)',
    )
    assert told({TABLE: "id,label,place,source\na,A,,page\n", MAPPING: mapping}) == {}


def test_another_base_moves_every_iri_and_is_one_line(make_project: MakeProject) -> None:
    settings = make_project({"data/extra.ttl": "<tower/vuurduin> a [] ."})
    toml = settings.root / "schakel.toml"
    toml.write_text(toml.read_text("utf-8").replace(BASE, "http://lights.example/kg/") + "[evidence]\nrequire_passages = false\n", "utf-8")
    settings = read_settings(settings.root, captures=settings.captures)
    record_evidence(settings)
    assert not build(settings).blocked
    quads = (settings.publication / "download" / "dataset.nq").read_text("utf-8")
    assert "<http://lights.example/kg/tower/brandaris>" in quads
    assert BASE not in quads
