"""The query that makes structured data: read with everything that is wrong with it, told in every language."""

from pathlib import Path

import pytest

from schakel.structured_data import read_schema_org

GOOD = "PREFIX schema: <http://schema.org/> CONSTRUCT { ?s a schema:Place ; schema:name ?n } WHERE { ?s <https://example.org/n> ?n }"
WRONG = {
    "no SPARQL": ("CONSTRUCT { ?s ?p", "query-syntax", "at line 1"),
    "a prefix that is not declared": ("CONSTRUCT { ?s schema:name ?n } WHERE { ?s ?p ?n }", "query-syntax", "The query cannot be read"),
    "asks another machine": (GOOD.replace("{ ?s <", "{ SERVICE <https://example.org/> { ?x ?y ?z } ?s <"), "query-unsafe", "SERVICE"),
    "changes something": ("DELETE WHERE { ?s ?p ?o }", "query-unsafe", "DELETE"),
    "rows": ("SELECT ?s WHERE { ?s ?p ?o }", "query-not-a-construct", "SELECT"),
    "yes or no": ("ASK { ?s ?p ?o }", "query-not-a-construct", "ASK"),
    "statements that it does not choose": ("DESCRIBE <https://example.org/a>", "query-not-a-construct", "DESCRIBE"),
    "the clock": (GOOD.replace("{ ?s <", "{ BIND(NOW() AS ?now) ?s <"), "query-not-repeatable", "something else each time"),
    "a blank node in brackets": (GOOD.replace("schema:name ?n", "schema:address [ schema:name ?n ]"), "query-makes-blank-nodes", "blank nodes"),
    "a blank node by name": (GOOD.replace("schema:name ?n", "schema:address _:a"), "query-makes-blank-nodes", "blank nodes"),
    "a property of another vocabulary": (GOOD.replace("schema:name ?n", "<http://www.w3.org/ns/org#memberOf> ?n"), "query-not-schema-org", "org#memberOf"),
    "a class of another vocabulary": (GOOD.replace("a schema:Place", "a <https://example.org/Port>"), "query-not-schema-org", "https://example.org/Port"),
    "the other way to write schema.org": (GOOD.replace("http://schema", "https://schema"), "query-not-schema-org", "https://schema.org/name"),
    "nested too deeply": (GOOD.replace("{ ?s <", "{" * 200 + " ?s <") + "}" * 200, "query-syntax", "nested"),
}


def test_a_project_without_the_query_has_nothing_to_embed_and_nothing_wrong(tmp_path: Path) -> None:
    assert read_schema_org(tmp_path / "queries" / "exports", tmp_path) == (None, [])


def test_a_good_query_is_given_as_it_stands(exports: Path, tmp_path: Path) -> None:
    (exports / "schema-org.rq").write_text(GOOD)
    assert read_schema_org(exports, tmp_path) == (GOOD, [])


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_its_file(what: str, exports: Path, tmp_path: Path) -> None:
    text, kind, words = WRONG[what]
    (exports / "schema-org.rq").write_text(text)
    query, findings = read_schema_org(exports, tmp_path)
    assert query is None
    assert [item.kind for item in findings] == [kind]
    assert [str(place) for place in findings[0].places] == ["queries/exports/schema-org.rq"]
    assert words in findings[0].text("en")
    assert len({findings[0].text(language) for language in ("en", "nl", "nb")}) == 3


def test_bytes_that_are_no_text(exports: Path, tmp_path: Path) -> None:
    (exports / "schema-org.rq").write_bytes(b"CONSTRUCT \xff")
    query, findings = read_schema_org(exports, tmp_path)
    assert (query, [item.kind for item in findings]) == (None, ["query-syntax"])


def test_a_query_under_another_name_is_one_that_nobody_reads(exports: Path, tmp_path: Path) -> None:
    (exports / "schemaorg.rq").write_text(GOOD)
    query, findings = read_schema_org(exports, tmp_path)
    assert (query, [item.kind for item in findings]) == (None, ["unread-file"])
    assert "schema-org.rq" in findings[0].text("en")


RIGHT = {
    "braces that are none": GOOD.replace("CONSTRUCT {", "# { } {\nCONSTRUCT { # }\n"),
    "a variable class and a variable property": GOOD.replace("a schema:Place", "a ?class ; ?property ?n"),
    "a list of values": GOOD.replace("?n }", '"{ }"@en , 7 }', 1),
    "the form without a template": "CONSTRUCT WHERE { ?s a <http://schema.org/Place> }",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_whatever_is_of_schema_org_is_taken(exports: Path, tmp_path: Path, text: str) -> None:
    (exports / "schema-org.rq").write_text(text)
    assert read_schema_org(exports, tmp_path) == (text, [])
