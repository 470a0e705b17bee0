"""The query that makes structured data: read with everything that is wrong with it, told in every language."""

from pathlib import Path

import pytest
from rdflib import RDF, URIRef
from rdflib.plugins.sparql import prepareQuery

from schakel.structured_data import read_schema_org
from schakel.structured_data.query import _plainly_named  # what it finds is what is judged

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


PLAIN = {
    "a template": (GOOD, {"schema:Place", "schema:name"}),
    "braces that are none": (GOOD.replace("CONSTRUCT {", "# { } {\nCONSTRUCT { # }\n"), {"schema:Place", "schema:name"}),
    "a variable class and a variable property": (GOOD.replace("a schema:Place", "a ?class ; ?property ?n"), {"schema:name", "a"}),
    "a list of values": (GOOD.replace("?n }", '"{ }"@en , 7 }', 1), {"schema:Place", "schema:name"}),
    "the form without a template": ("CONSTRUCT WHERE { ?s a <http://schema.org/Place> }", None),
    "a blank node": (WRONG["a blank node by name"][0], None),
    "an anonymous one": (WRONG["a blank node in brackets"][0], None),
}


@pytest.mark.parametrize(("text", "expected"), PLAIN.values(), ids=PLAIN)
def test_what_a_template_names_is_what_rdflib_finds_in_it(text: str, expected: set[str] | None) -> None:
    found = _plainly_named(text)
    if expected is None:
        assert found is None
        return
    assert found is not None
    template = prepareQuery(text).algebra.template
    terms = {str(term) for _, term, _ in template if isinstance(term, URIRef)}
    terms |= {str(value) for _, term, value in template if term == RDF.type and isinstance(value, URIRef)}
    assert found == terms
    assert expected - {"a"} <= {term.replace("http://schema.org/", "schema:") for term in terms}
