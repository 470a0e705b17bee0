"""Validators: one seam, several engines, the same results in the same order."""

from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from schakel import validation
from schakel.errors import ShapesUnusableError, UnknownNameError
from schakel.findings import Severity
from schakel.graph import NTriples, to_ntriples
from schakel.validation import ENGINES, Judgement, Result, engine_named, named_shapes, report_graph

PREFIXES = """
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]


def results(data: Sequence[Triple], shapes: Sequence[Triple], engine: str) -> list[Result]:
    return list(validation.validate(to_ntriples(data), shapes, engine=engine).results)


each_engine = pytest.mark.parametrize("engine", list(ENGINES))

SHAPES = """
:Person a sh:NodeShape ; sh:targetClass :Person ; sh:property :name, :age .
:name sh:path :name ; sh:minCount 1 ; sh:message "No name."@en, "Geen naam."@nl .
:age sh:path :age ; sh:datatype xsd:integer ; sh:severity sh:Warning ; sh:message "No number."@en .
"""
DATA = ":b a :Person ; :age 'old' . :a a :Person ; :age 'young' . :c a :Person ; :name 'C' ; :age 3 ."


@each_engine
def test_results_say_what_was_judged_by_which_shape_and_come_in_a_fixed_order(engine: str) -> None:
    found = results(triples(DATA), triples(SHAPES), engine)
    assert [(str(r.focus), r.shape.value.rpartition("/")[2], r.severity) for r in found] == [
        ("<https://example.org/a>", "age", Severity.WARNING),
        ("<https://example.org/a>", "name", Severity.VIOLATION),
        ("<https://example.org/b>", "age", Severity.WARNING),
        ("<https://example.org/b>", "name", Severity.VIOLATION),
    ]
    assert found[1].messages == {"en": "No name.", "nl": "Geen naam."}
    assert found[0].value == ox.Literal("young")
    assert found[0].path == NamedNode("https://example.org/age")
    assert found[0].component.value.endswith("#DatatypeConstraintComponent")
    assert results(list(reversed(triples(DATA))), list(reversed(triples(SHAPES))), engine) == found


@each_engine
def test_a_constraint_in_sparql_gives_its_messages_in_every_language(engine: str) -> None:
    shapes = """
    :Person a sh:NodeShape ; sh:targetClass :Person ; sh:property :older .
    :older a sh:PropertyShape ; sh:path :age ; sh:sparql :query ;
        sh:message "Too old."@en, "Te oud."@nl, "For gammel."@nb .
    :query a sh:SPARQLConstraint ; sh:select "SELECT $this ?value { $this <https://example.org/age> ?value FILTER(?value > 100) }" .
    """
    for _ in range(3):
        (result,) = results(triples(":a a :Person ; :age 101 . :b a :Person ; :age 100 ."), triples(shapes), engine)
        assert result.messages == {"en": "Too old.", "nl": "Te oud.", "nb": "For gammel."}


@each_engine
def test_the_validator_does_not_reason(engine: str) -> None:
    data = triples(":a a :Employee . :Employee <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> :Person .")
    assert results(data, triples(SHAPES), engine) == []


@pytest.mark.parametrize(("asked", "hint"), [("pyshacle", "Did you mean 'pyshacl'?"), ("qqq", "There are: pyshacl, shacl-rust.")])
def test_an_engine_that_does_not_exist_is_told_with_the_nearest_that_does(asked: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        engine_named(asked)
    assert str(raised.value) == f"No validator '{asked}'. {hint}"


def test_a_further_engine_is_a_line_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    node = NamedNode("https://example.org/x")
    later = Result(NamedNode("https://example.org/z"), None, None, node, node, Severity.INFO, {})
    sooner = Result(NamedNode("https://example.org/a"), None, None, node, node, Severity.INFO, {})

    def judge(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
        assert (len(data), len(shapes)) == (1, 0)
        return Judgement([later, sooner, later], {"https://example.org/shape": "for a reason"})

    monkeypatch.setattr(validation, "ENGINES", {"other": judge})
    judgement = validation.validate(to_ntriples(triples(":a :b :c .")), [], engine="other")
    assert judgement.results == (sooner, later)
    assert judgement.by_reference == {"https://example.org/shape": "for a reason"}


@each_engine
def test_property_shapes_that_are_blank_nodes_get_names_that_files_do_not_share(engine: str) -> None:
    blank = triples(":s a sh:NodeShape ; sh:targetClass :Person ; sh:property [ sh:path :name ; sh:minCount 1 ] .")
    named = named_shapes({"a.ttl": blank, "b.ttl": blank}, "https://example.org/")
    shapes = {triple.object for triple in named if triple.predicate.value.endswith("#property")}
    assert len(shapes) == 2
    assert all(isinstance(shape, NamedNode) for shape in shapes)
    assert {result.shape for result in results(triples(":a a :Person ."), named, engine)} == shapes


def test_a_report_conforms_where_there_is_no_result_at_all() -> None:
    node = NamedNode("https://example.org/x")
    warning = Result(node, None, ox.Literal("v"), node, node, Severity.WARNING, {"en": "m"})
    violation = Result(node, node, None, node, node, Severity.VIOLATION, {"en": "m"})
    for results, conforms in (([], "true"), ([warning], "false"), ([warning, violation], "false")):
        graph = list(report_graph(results, "https://example.org/"))
        assert [triple.object.value for triple in graph if triple.predicate.value.endswith("#conforms")] == [conforms]
        assert sum(1 for triple in graph if triple.predicate.value.endswith("#result")) == len(results)


@each_engine
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(":name sh:minCount 'x' .", id="a count that is no number"),
        pytest.param(":name sh:pattern '(' .", id="a pattern that is none"),
        pytest.param(":Person sh:sparql [ a sh:SPARQLConstraint ; sh:select 'SELECT nonsense' ] .", id="a query that is no SPARQL"),
        pytest.param(":Person sh:property :pathless . :pathless a sh:PropertyShape ; sh:minCount 1 .", id="a property shape without a path"),
    ],
)
def test_shapes_that_cannot_be_used_are_one_kind_of_error(broken: str, engine: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ShapesUnusableError) as raised:
        results(triples(DATA), triples(SHAPES + broken), engine)
    with pytest.raises(ShapesUnusableError) as expected:
        results(triples(DATA), triples(SHAPES + broken), "pyshacl")
    assert str(raised.value) == str(expected.value)
    assert capfd.readouterr() == ("", "")


@each_engine
def test_a_node_shape_without_a_name_and_a_severity_of_ones_own_are_no_error(engine: str) -> None:
    shapes = triples("[] a sh:NodeShape ; sh:targetClass :Person ; sh:severity :Grave ; sh:nodeKind sh:Literal .")
    found = results(triples(":a a :Person ."), named_shapes({"own.ttl": shapes}, "https://example.org/"), engine)
    assert [(result.severity, result.shape.value.startswith("https://example.org/shapes#own.ttl-")) for result in found] == [(Severity.VIOLATION, True)]


@each_engine
def test_messages_of_queries_keep_their_languages_and_are_filled_in(engine: str) -> None:
    shapes = triples("""
:Person a sh:NodeShape ; sh:targetClass :Person ; sh:sparql :unique .
:unique a sh:SPARQLConstraint ; sh:message "Twice: {?value}"@en, "Dubbel: {?value}"@nl ;
    sh:select "SELECT $this ?value WHERE { $this <https://example.org/age> ?value }" .
""")
    (result,) = results(triples(":a a :Person ; :age 'old' ."), shapes, engine)
    assert result.messages == {"en": "Twice: old", "nl": "Dubbel: old"}


def test_results_that_differ_in_their_words_alone_are_different_results() -> None:
    node = NamedNode("https://example.org/x")
    alike = [Result(node, None, None, node, node, Severity.WARNING, {"en": words}) for words in ("a", "b")]
    assert sum(1 for triple in report_graph(alike, "https://example.org/") if triple.predicate.value.endswith("#result")) == 2
