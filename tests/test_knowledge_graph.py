"""A knowledge graph answers who asks by name, in the language of names that is wanted, and says in words what it must still know."""

import inspect
from collections.abc import Iterator
from datetime import date

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.compare import isomorphic

from schakel import Settings
from schakel.answers import Answer, Text
from schakel.errors import AmbiguousNameError, BadParameterError, MissingParameterError, NotInGraphError, QueryFailedError, SchakelError, UnknownNameError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_project

BASE = "https://kg.example.org/"


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    graph = open_project(published)
    yield graph
    graph.source.close()  # type: ignore[union-attr]


# ----------------------------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    "typed", [f"{BASE}org/mst", f"<{BASE}org/mst>", "org/mst", "mst", "MST", "Medisch Spectrum Twente", " medisch spectrum twente ", "MEDISCH-SPECTRUM TWENTE"]
)
def test_a_thing_is_known_by_iri_id_or_name(typed: str, graph: KnowledgeGraph) -> None:
    assert graph.resolve(typed) == NamedNode(f"{BASE}org/mst")
    assert graph.query("partners", organisation=typed) == graph.query("partners", organisation="org/mst")
    assert {row["organisation"] for row in graph.query("partners", organisation=typed)} == {f"{BASE}org/mst"}


def test_a_term_is_known_by_its_short_form(graph: KnowledgeGraph) -> None:
    assert graph.resolve("sk:Goal") == NamedNode("https://w3id.org/schakel/ns#Goal")


def test_what_the_graph_does_not_have_is_told_with_what_is_near(graph: KnowledgeGraph) -> None:
    with pytest.raises(NotInGraphError, match="Medisch Spectrum Twente") as caught:
        graph.query("partners", organisation="Medisch Spectrum Twnete")
    assert caught.value.typed == "Medisch Spectrum Twnete"
    with pytest.raises(NotInGraphError):
        graph.resolve("xyzzy qwerty")


def test_a_name_of_several_things_is_told_with_each_of_them(graph: KnowledgeGraph) -> None:
    everything = graph.sparql(
        """SELECT ?name (GROUP_CONCAT(DISTINCT STR(?thing)) AS ?things) WHERE {
          ?thing a ?class ; skos:prefLabel ?name FILTER(STRSTARTS(STR(?thing), STR(<>)) && !CONTAINS(STR(?thing), "#"))
        } GROUP BY ?name HAVING(COUNT(DISTINCT ?thing) > 1) ORDER BY ?name LIMIT 1"""
    )
    assert isinstance(everything, Answer)
    assert len(everything) == 1
    with pytest.raises(AmbiguousNameError) as caught:
        graph.resolve(str(everything[0]["name"]))
    assert {f"{BASE}{candidate.short}" for candidate in caught.value.candidates} >= set(str(everything[0]["things"]).split())


@pytest.mark.parametrize("typed", ["", " ", "https://e/a b", "\udcff", "<>", "a" * 10_000, '"} SERVICE <https://e/> {'])
def test_whatever_is_typed_is_told_and_asked_of_nobody(typed: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(SchakelError):
        graph.query("partners", organisation=typed)


# ------------------------------------------------------------------------------------------------------------------------------ parameters


def test_each_query_can_be_asked_with_the_examples_that_it_gives(graph: KnowledgeGraph) -> None:
    for name, query in graph.queries.items():
        examples = graph.examples(query)
        assert set(examples) == {each.name for each in query.asks}, name
        for parameter, example in examples.items():
            assert graph.query(name, everything=True, **{parameter: example}).rows, (name, parameter, example)


def test_no_parameter_is_called_as_something_else_that_a_question_can_say(graph: KnowledgeGraph) -> None:
    taken = set(inspect.signature(graph.query).parameters)
    assert {(name, each.name) for name, query in graph.queries.items() for each in query.asks if each.name in taken} == set()


def test_what_must_be_known_is_told_with_an_example_that_works(graph: KnowledgeGraph) -> None:
    with pytest.raises(MissingParameterError) as caught:
        graph.query("as-of")
    [(name, kind, example)] = caught.value.missing
    assert (caught.value.query, name) == ("as-of", "date")
    assert example is not None
    assert all(word in str(caught.value) for word in ("as-of", "date", kind, f"date={example}", "--all"))
    assert graph.query("as-of", date=example).rows


def test_a_former_name_of_a_parameter_answers_with_a_warning(graph: KnowledgeGraph) -> None:
    with pytest.warns(DeprecationWarning, match="'member' of the query 'participations' is now called 'organisation'"):
        before = graph.query("participations", member="org/mst")
    assert before.rows == graph.query("participations", organisation="org/mst").rows


def test_a_parameter_gives_the_rows_of_the_answer_for_everything_that_have_its_value_in_the_column_it_filters(graph: KnowledgeGraph) -> None:
    filtering = [(name, each) for name, query in graph.queries.items() for each in query.asks if each.kind == "iri" and each.column]
    assert ("participations", "organisation", "member") in {(name, each.name, each.column) for name, each in filtering}
    for name, each in filtering:
        everything = graph.query(name, everything=True)
        at = everything.columns.index(each.column)
        example = graph.example(graph.queries[name], each)
        assert example is not None
        value = graph.resolve(example)
        expected = [row for row in everything.rows if row[at] == value]
        assert expected, name
        assert list(graph.query(name, everything=True, **{each.name: value.value}).rows) == expected, (name, each.name)


def test_an_unknown_parameter_is_told_with_the_nearest(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="'body'"):
        graph.query("members", boddy="org/santeon")
    with pytest.raises(UnknownNameError, match="none"):
        graph.query("documents", body="org/santeon")


def test_an_unknown_query_is_told_with_the_nearest(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="'members'"):
        graph.query("memebrs")


@pytest.mark.parametrize("found", ["gisteren", "2010-13-01", "2010", 2010])
def test_a_value_of_another_type_is_told_with_an_example(found: str | int, graph: KnowledgeGraph) -> None:
    with pytest.raises(BadParameterError) as caught:
        graph.query("as-of", date=found)
    error = caught.value
    assert (error.query, error.name, error.found, error.wanted) == ("as-of", "date", str(found), "date")
    assert error.example is not None
    assert all(word in str(error) for word in ("as-of", "'date'", str(found), error.example))
    assert graph.query("as-of", date=error.example).columns


def test_a_date_may_be_a_date_of_python(graph: KnowledgeGraph) -> None:
    assert graph.query("as-of", date=date(2012, 6, 15)) == graph.query("as-of", date="2012-06-15")


def test_everything_is_answered_where_it_is_asked_for(graph: KnowledgeGraph) -> None:
    whole = graph.query("members", everything=True)
    assert len({row["body"] for row in whole}) > 1
    assert graph.query("members", body=None) == whole
    assert graph.query("members", body="santeon", everything=True) == graph.query("members", body="santeon")
    assert [row for row in whole if row["body"] == f"{BASE}org/santeon"] == list(graph.query("members", body="santeon"))


# ------------------------------------------------------------------------------------------------------------------------------- languages


def roles(graph: KnowledgeGraph, language: str | None) -> set[tuple[str, str | None]]:
    found = {row["role"] for row in graph.query("members", everything=True, language=language)}
    assert all(isinstance(role, Text) for role in found)
    return {(str(role), role.language) for role in found if isinstance(role, Text)}


@pytest.mark.parametrize(("language", "expected"), [("nl", "nl"), ("nb", "nb"), ("en", "en"), (None, "en"), ("fr", "en"), ("nl-BE", "nl"), ("NL", "nl")])
def test_names_are_in_the_language_asked_for_or_else_in_that_of_the_project(language: str | None, expected: str, graph: KnowledgeGraph) -> None:
    assert {tag for _, tag in roles(graph, language)} == {expected}


def test_a_name_that_there_is_in_one_language_only_is_given_in_that_and_says_so(graph: KnowledgeGraph) -> None:
    for language in ("nb", "en", "nl"):
        [name] = {row["bodyName"] for row in graph.query("members", body="santeon", language=language)}
        assert isinstance(name, Text)
        assert (name, name.language) == ("Santeon", "nl")


def test_languages_differ_in_names_and_in_nothing_else(graph: KnowledgeGraph) -> None:
    kept = ["body", "member", "statedRole", "passage"]
    dutch, norwegian = (graph.query("members", everything=True, language=language) for language in ("nl", "nb"))
    assert dutch != norwegian
    assert sorted(str([row[name] for name in kept]) for row in dutch) == sorted(str([row[name] for name in kept]) for row in norwegian)


def test_a_graph_with_another_language_gives_names_in_it(graph: KnowledgeGraph) -> None:
    assert roles(graph.with_language("nb"), None) == roles(graph, "nb")
    assert roles(graph.with_language("nb"), "nl") == roles(graph, "nl")


# ---------------------------------------------------------------------------------------------------------------------------------- SPARQL


def test_each_form_of_sparql_gives_what_it_is_asked_for(graph: KnowledgeGraph) -> None:
    rows = graph.sparql("SELECT ?goal WHERE { ?goal a sk:Goal }")
    assert isinstance(rows, Answer)
    assert rows.rows
    assert graph.sparql("ASK { ?goal a sk:Goal }") is True
    assert graph.sparql("ASK { ?goal a <https://e/none> }") is False
    goals = graph.sparql("CONSTRUCT { ?goal a sk:Goal } WHERE { ?goal a sk:Goal }")
    assert isinstance(goals, rdflib.Graph)
    assert {str(goal) for goal in goals.subjects()} == {row["goal"] for row in rows}
    described = graph.sparql("DESCRIBE <org/mst>")
    assert isinstance(described, rdflib.Graph)
    assert set(described.subjects()) == {rdflib.URIRef(f"{BASE}org/mst")}


@pytest.mark.parametrize("query", ["", "SELECT", "ASK", "INSERT DATA { <a> <b> <c> }", "SELECT * { ?s unknown:p ?o }", "hello"])
def test_what_is_no_query_is_told(query: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(QueryFailedError):
        graph.sparql(query)


def test_the_whole_graph_can_be_had_for_rdflib(graph: KnowledgeGraph, published: Settings) -> None:
    dump = rdflib.Graph().parse(published.publication / "download" / "graph.nt", format="nt")
    assert isomorphic(graph.to_rdflib(), dump)


# --------------------------------------------------------------------------------------------------------------------------------- evidence


def test_evidence_tells_where_it_says_what(graph: KnowledgeGraph) -> None:
    answer = graph.evidence("MST")
    assert answer == graph.query("evidence", entity="org/mst")
    assert {row["entity"] for row in answer} == {f"{BASE}org/mst"}
    assert all(row["passage"] and row["source"] for row in answer)


def test_a_thing_is_told_of_with_its_name_and_groups(graph: KnowledgeGraph) -> None:
    description = graph.entity("MST", language="nl")
    assert description.entity == NamedNode(f"{BASE}org/mst")
    assert description.name == Literal("Medisch Spectrum Twente", language="nl")
    assert "statements" in {group.title_key for group in description.groups}
    assert any(fact.sources for group in description.groups for fact in group.facts)


def test_things_are_found_by_a_part_of_their_name(graph: KnowledgeGraph) -> None:
    answer = graph.find("spectrum twente")
    assert answer[0]["entity"] == f"{BASE}org/mst"
    assert len(graph.find("e", limit=3)) == 3
