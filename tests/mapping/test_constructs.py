"""What a mapping may be, and what is told of one that is something else."""

import socket
from collections.abc import Callable, Iterator, Mapping
from threading import Event, Thread
from typing import TypeAlias

import pytest

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
State: TypeAlias = Callable[[Mapping[str, str | bytes]], frozenset[str]]
WriteMapping: TypeAlias = Callable[..., str]

TABLE = "data/towers.csv"
MAPPING = "data/towers.rq"


@pytest.fixture
def server() -> Iterator[tuple[str, Event]]:
    """Listen on this machine; give the address, and whether anybody asked."""
    asked = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            asked.set()
            connection.close()

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", asked
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    ("mapping", "kind", "words"),
    [
        pytest.param("", "mapping-syntax", ("line 1, column 1", "expected SELECT, CONSTRUCT"), id="empty"),
        pytest.param("CONSTRUCT { ?id a ?label }\n  WERE {}", "mapping-syntax", ("line 2, column 3", "found “WERE”"), id="a slip of the pen"),
        pytest.param("CONSTRUCT { ?id a ?label \n WHERE {}", "mapping-syntax", ("line 2", "expected “.” or “}”"), id="a brace not closed"),
        pytest.param("CONSTRUCT { ?id a foo:Tower } WHERE {}", "mapping-syntax", ("foo",), id="a prefix not declared"),
        pytest.param("CONSTRUCT { ?id a ?label } WHERE { BIND(1 AS ?x) BIND(2 AS ?x) }", "mapping-syntax", ("x",), id="a variable made twice"),
        pytest.param("INSERT DATA { <a> <b> <c> }", "mapping-syntax", ("INSERT",), id="an update"),
        pytest.param(b"# caf\xe9\nCONSTRUCT { ?id a ?label } WHERE {}", "mapping-syntax", ("utf-8",), id="Latin-1"),
        pytest.param("SELECT ?id ?label WHERE {}", "not-a-construct", ("SELECT", "CONSTRUCT { … }"), id="SELECT"),
        pytest.param("ASK {}", "not-a-construct", ("ASK",), id="ASK"),
        pytest.param("DESCRIBE <a>", "not-a-construct", ("DESCRIBE",), id="DESCRIBE"),
        pytest.param("CONSTRUCT {} WHERE {}", "not-a-construct", ("at least one triple",), id="no triple"),
        pytest.param("CONSTRUCT WHERE { ?id a ?label }", "mapping-not-flat", ("a triple pattern", "Write BINDs only"), id="the short form"),
    ],
)
def test_what_is_no_mapping_is_told(told: Tell, mapping: str | bytes, kind: str, words: tuple[str, ...]) -> None:
    found = told({MAPPING: mapping})
    assert set(found) == {(kind, MAPPING)}
    for word in words:
        assert word in found[kind, MAPPING]


@pytest.mark.parametrize(
    ("binds", "what"),
    [
        ('OPTIONAL { BIND("x" AS ?x) }', "OPTIONAL"),
        ('{ BIND("x" AS ?x) } UNION { BIND("y" AS ?x) }', "UNION"),
        ('FILTER(?id != "x")', "FILTER"),
        ("?a ?b ?c .", "a triple pattern"),
        ("?a org:unitOf+ ?c .", "a triple pattern"),
        ('GRAPH <g> { BIND("x" AS ?x) }', "GRAPH"),
        ('{ SELECT ?x { BIND("x" AS ?x) } }', "a query in the query"),
        ('VALUES ?x { "x" }', "VALUES"),
        ("MINUS { ?a ?b ?c }", "MINUS"),
        ("BIND(EXISTS { ?a ?b ?c } AS ?x)", "EXISTS"),
        ("BIND(IF(NOT EXISTS { ?a ?b ?c }, 1, 2) AS ?x)", "EXISTS"),
    ],
)
def test_a_mapping_that_could_lose_or_add_rows_is_told(told: Tell, towers_rq: WriteMapping, binds: str, what: str) -> None:
    found = told({MAPPING: towers_rq("?tower ex:x ?x .", binds)})
    assert set(found) == {("mapping-not-flat", MAPPING)}
    assert what in found["mapping-not-flat", MAPPING]
    assert "Write BINDs only" in found["mapping-not-flat", MAPPING]


@pytest.mark.parametrize("modifier", ["LIMIT 1", "OFFSET 1", "ORDER BY ?id", "GROUP BY ?id", "HAVING (1 = 1)", 'VALUES ?x { "x" }'])
def test_a_mapping_that_picks_rows_after_its_where_is_told(told: Tell, towers_rq: WriteMapping, modifier: str) -> None:
    assert set(told({MAPPING: towers_rq() + modifier})) == {("mapping-not-flat", MAPPING)}


@pytest.mark.parametrize(
    "pattern", ["SERVICE <{}> {{ ?a ?b ?c }}", "SERVICE SILENT <{}> {{ ?a ?b ?c }}", "BIND(EXISTS {{ SERVICE <{}> {{ ?a ?b ?c }} }} AS ?x)"]
)
def test_a_mapping_that_would_ask_another_server_is_told_and_never_asks(told: Tell, towers_rq: WriteMapping, server: tuple[str, Event], pattern: str) -> None:
    address, asked = server
    assert set(told({MAPPING: towers_rq("?tower ex:x ?x .", pattern.format(address))})) == {("mapping-not-flat", MAPPING)}
    assert not asked.is_set()


@pytest.mark.parametrize(
    "expression", ["xsd:gYear(?label)", "xsd:integer(?label)", "IF(BOUND(?label), STR(xsd:decimal(?label)), ?undefined)", 'CONCAT(STR(xsd:date(?label)), "")']
)
def test_a_cast_is_told_as_it_would_lose_cells(told: Tell, towers_rq: WriteMapping, expression: str) -> None:
    found = told({MAPPING: towers_rq("?tower ex:x ?x .", f"BIND({expression} AS ?x)"), TABLE: "id,label,source\na,2006-01-01,page\n"})
    assert ("mapping-cast", MAPPING) in found
    assert "xsd:" in found["mapping-cast", MAPPING]
    assert "STRDT(?year, xsd:gYear)" in found["mapping-cast", MAPPING]


@pytest.mark.parametrize(
    ("triples", "binds"),
    [
        ("?tower ex:x [] .", ""),
        ("[ ex:x ?tower ] ex:y 1 .", ""),
        ("?tower ex:x _:b .", ""),
        ("?tower ex:x ( 1 ) .", ""),
        ("?tower ex:x ?x .", "BIND(BNODE() AS ?x)"),
    ],
)
def test_a_blank_node_is_told_as_nobody_could_refer_to_it(told: Tell, towers_rq: WriteMapping, triples: str, binds: str) -> None:
    found = told({MAPPING: towers_rq(triples, binds)})
    assert set(found) == {("blank-node-in-mapping", MAPPING)}
    assert "Mint an IRI" in found["blank-node-in-mapping", MAPPING]


@pytest.mark.parametrize("call", ["UUID()", "STRUUID()", "RAND()", "NOW()", 'IF(BOUND(?id), CONCAT(STR(NOW()), ""), ?undefined)'])
def test_what_is_something_else_each_time_is_told(told: Tell, towers_rq: WriteMapping, call: str) -> None:
    found = told({MAPPING: towers_rq("?tower ex:x ?x .", f"BIND({call} AS ?x)")})
    assert set(found) == {("mapping-not-repeatable", MAPPING)}


def test_a_variable_that_is_no_column_is_told_with_the_nearest_column(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({MAPPING: towers_rq("?tower ex:x ?labell ; ex:y ?y ; ex:z ?zzzzzz .", "BIND(STR(?sorce) AS ?y)")})
    assert set(found) == {("unbound-variable", MAPPING)}
    text = found["unbound-variable", MAPPING]
    for words in ("?labell, and data/towers.csv has no such column. Did you mean label?", "?sorce, and data/towers.csv", "Did you mean source?", "?zzzzzz"):
        assert words in text
    assert "id, label, source" in text


def test_a_column_that_a_mapping_does_not_use_is_told(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({MAPPING: towers_rq(), TABLE: "id,label,height,colour,source\na,A,30,red,page\n"})
    assert set(found) == {("unused-column", f"{TABLE}, row 1, column height"), ("unused-column", f"{TABLE}, row 1, column colour")}
    assert "“height”" in found["unused-column", f"{TABLE}, row 1, column height"]
    assert MAPPING in found["unused-column", f"{TABLE}, row 1, column height"]


def test_a_column_that_a_bind_makes_anew_is_told(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({MAPPING: towers_rq("?tower ex:x ?colour .", "BIND(STRLANG(?id, 'en') AS ?colour)"), TABLE: "id,label,colour,source\na,A,red,page\n"})
    assert ("column-bound-again", MAPPING) in found
    assert "?colour" in found["column-bound-again", MAPPING]


def test_a_table_without_a_mapping_and_a_mapping_without_a_table_are_told(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({"data/keepers.csv": "id,source\njan,page\n", "data/keeper.rq": towers_rq()})
    assert set(found) == {("table-without-mapping", "data/keepers.csv"), ("mapping-without-table", "data/keeper.rq")}
    assert "data/keepers.rq" in found["table-without-mapping", "data/keepers.csv"]
    assert "keeper" in found["mapping-without-table", "data/keeper.rq"]


def test_all_that_is_wrong_with_mappings_and_their_rows_is_told_together(told: Tell, towers_rq: WriteMapping) -> None:
    found = told(
        {
            MAPPING: towers_rq("?tower ex:x ?x ; ex:y ?missing .", "BIND(xsd:integer(?height) AS ?x)"),
            TABLE: "id,label,height,colour,source\na,A,30,red,page\n,B,40,red,page\n",
            "data/keepers.csv": "id,source\njan,page\n",
            "data/keepers.rq": "SELECT",
        }
    )
    assert {kind for kind, _ in found} >= {"mapping-cast", "unbound-variable", "unused-column", "missing-id", "mapping-syntax"}


@pytest.mark.parametrize(
    ("before", "triples", "binds"),
    [
        pytest.param("", "", "", id="nothing more"),
        pytest.param("\ufeff", "", "", id="a byte order mark"),
        pytest.param("# Straße, ŉ, ﬃ: longer in capitals", "", "", id="letters that capitals lengthen"),
        pytest.param("# CONSTRUCT { WHERE {", "", "# } WHERE { CONSTRUCT", id="braces in comments"),
        pytest.param("PREFIX construct: <http://example.com/construct#>", "?tower a construct:WHERE .", "", id="words of SPARQL in names"),
        pytest.param("", "", "BIND(\"}\" AS ?a) BIND('{' AS ?b) BIND(\"\"\"}\"}\"\"\" AS ?c) BIND('''{'{''' AS ?d)", id="braces in texts"),
        pytest.param("", "", 'BIND("\\"}" AS ?a) BIND(\'\\\'{\' AS ?b) BIND("#" AS ?c)', id="quotes and signs of comments in texts"),
        pytest.param("", "?tower a <http://example.com/a#{}> .".replace("{}", "b"), "", id="a fragment"),
        pytest.param("", "?tower a ex:a\\#b , ex:O\\'Brien , ex:c\\~d .", "", id="escapes in names"),
        pytest.param("", "", "BIND(IF(1<2&&3>2, 1, 2) AS ?a)", id="comparisons"),
    ],
)
def test_whatever_signs_a_mapping_holds_rows_are_put_where_they_belong(stated: State, towers_rq: WriteMapping, before: str, triples: str, binds: str) -> None:
    lines = stated({MAPPING: towers_rq(triples, binds, before=before)})
    page = "<https://example.org/source/page>"
    assert f'<https://example.org/tower/brandaris> <http://www.w3.org/2004/02/skos/core#prefLabel> "Brandaris"@en {page} .' in lines


def test_a_mapping_may_be_written_in_small_letters_with_windows_line_ends(stated: State, towers_rq: WriteMapping) -> None:
    mapping = towers_rq("?tower ex:height ?height .", 'BIND(STRDT("30", xsd:integer) AS ?height)')
    small = mapping
    for word in ("PREFIX", "CONSTRUCT", "WHERE", "BIND", "CONCAT", "IRI", "STRLANG", "STRDT"):
        small = small.replace(word, word.lower())
    assert stated({MAPPING: small.replace("\n", "\r\n")}) == stated({MAPPING: mapping})
