"""Verdicts of shapes on small graphs, those above all that engines have got wrong, and what results say."""

from pathlib import Path

import pytest

from schakel import validate
from schakel.engine import DuckDB, close_dictionary, encode
from schakel.engine.relations import QUADS, SPELLED, SPELLED_COLUMNS
from schakel.errors import ShapeError
from schakel.stages.validation import Result, encode_statements, places_of
from schakel.validation_report import Report

PREFIXES = """
@prefix : <https://example.org/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def judge(tmp_path: Path):  # noqa: ANN201  # a function that judges texts
    def judged(data: str, shapes: str) -> Report:
        (tmp_path / "data.ttl").write_text(PREFIXES + data)
        (tmp_path / "shapes").mkdir(exist_ok=True)
        (tmp_path / "shapes" / "shapes.ttl").write_text(PREFIXES + shapes)
        return validate(tmp_path / "data.ttl", tmp_path / "shapes")

    return judged


def found(report: Report) -> list[tuple[str, str, str | None]]:
    """Give the results by focus node, component and value, in short."""

    def local(term: str) -> str:
        return term.removeprefix("<").removesuffix(">").rpartition("/")[2].rpartition("#")[2].removesuffix("ConstraintComponent")

    return [(local(each.focus), local(each.component), each.value) for each in report.results]


def only(report: Report) -> Result:
    [result] = report.results
    return result


# ---------------------------------------------------------------------------------------------------------------- literals as they are stated


@pytest.mark.parametrize(
    ("value", "datatype", "is_right"),
    [
        ('"5"^^xsd:nonNegativeInteger', "xsd:nonNegativeInteger", True),
        ('"5"^^xsd:nonNegativeInteger', "xsd:integer", False),
        ('"1.50"^^xsd:decimal', "xsd:decimal", True),
        ('"007"^^xsd:integer', "xsd:integer", True),
        ('"1"^^xsd:boolean', "xsd:boolean", True),
        ('"1e400"^^xsd:double', "xsd:double", True),
        ('"0x1F"^^xsd:integer', "xsd:integer", False),
        ('"2020-02-30"^^xsd:date', "xsd:date", False),
        ('"300"^^xsd:byte', "xsd:byte", False),
        ('"anything"^^:unknown', ":unknown", True),
        ('"a"@en', "rdf:langString", True),
        (":iri", "xsd:string", False),
    ],
)
def test_a_literal_is_judged_as_it_is_stated(judge, value: str, datatype: str, *, is_right: bool) -> None:  # noqa: ANN001  # a fixture
    report = judge(f":a a :C ; :p {value} .", f":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:datatype {datatype} ] .")
    assert report.conforms == is_right


def test_a_value_keeps_its_lexical_form_in_the_report(judge) -> None:  # noqa: ANN001
    report = judge(':a a :C ; :p "1.50"^^xsd:decimal .', ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:maxInclusive 1 ] .")
    assert only(report).value == '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def test_whole_numbers_of_any_size_are_compared_exactly(judge) -> None:  # noqa: ANN001
    shapes = ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:maxInclusive 9007199254740992 ] ."
    assert [value for _, _, value in found(judge(":a a :C ; :p 9007199254740992, 9007199254740993 .", shapes))] == [
        '"9007199254740993"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_a_query_sees_the_lexical_form(judge) -> None:  # noqa: ANN001
    shapes = """
        :S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [
            sh:select "SELECT $this ?value { $this <https://example.org/p> ?value FILTER (STR(?value) = '1.50') }" ] .
    """
    report = judge(':a a :C ; :p "1.50"^^xsd:decimal . :b a :C ; :p 1.5 .', shapes)
    assert found(report) == [("a", "SPARQL", '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>')]


# ---------------------------------------------------------------------------------------------------------------- wrong verdicts of other engines


def test_a_shape_that_another_uses_keeps_its_constraints(judge) -> None:  # noqa: ANN001
    shapes = """
        :P a sh:NodeShape ; sh:targetClass :Person ; sh:property :ha .
        :ha sh:path :address ; sh:nodeKind sh:IRI ; sh:node :A .
        :A a sh:NodeShape ; sh:targetClass :Address ; sh:property :co .
        :co sh:path :inCountry ; sh:minCount 1 ; sh:property :cd .
        :cd sh:path :code ; sh:datatype xsd:integer .
    """
    assert found(judge(":p a :Person ; :address :x . :x a :Place .", shapes)) == [("p", "Node", "<https://example.org/x>")]
    assert judge(":p a :Person ; :address :x . :x a :Place ; :inCountry :nl . :nl :code 31 .", shapes).conforms
    assert found(judge(':p a :Person ; :address :x . :x a :Place ; :inCountry :nl . :nl :code "31" .', shapes)) == [("p", "Node", "<https://example.org/x>")]


def test_a_class_that_is_a_shape_too_is_judged_at_its_instances(judge) -> None:  # noqa: ANN001
    shapes = ":C a rdfs:Class, owl:Class, sh:NodeShape ; sh:property :Q . :Q sh:path :q ; sh:minCount 1 ."
    assert found(judge(":a a :C ; :q 1 . :b a :C .", shapes)) == [("b", "MinCount", None)]


def test_equals_below_or_is_judged(judge) -> None:  # noqa: ANN001
    shapes = ":S a sh:NodeShape ; sh:targetClass :C ; sh:or ( [ sh:property [ sh:path :p ; sh:equals :q ] ] [ sh:property [ sh:path :r ; sh:minCount 1 ] ] ) ."
    assert found(judge(':a a :C ; :p "x" ; :q "y" .', shapes)) == [("a", "Or", "<https://example.org/a>")]
    assert judge(':a a :C ; :p "x" ; :q "x" .', shapes).conforms


def test_each_language_that_clashes_is_a_result(judge) -> None:  # noqa: ANN001
    shapes = ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:uniqueLang true ] ."
    report = judge(':a a :C ; :p "a"@en, "b"@EN, "c"@nl, "d"@nl, "e"@nb .', shapes)
    assert found(report) == [("a", "UniqueLang", None)] * 2
    assert {each.message("en").partition(" in the language ")[2].partition(",")[0] for each in report.results} == {"en", "nl"}


def test_a_severity_of_ones_own_is_kept(judge) -> None:  # noqa: ANN001
    report = judge(":a a :C .", ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity :Hint ] .")
    assert only(report).severity == "https://example.org/Hint"
    assert not report.conforms


def test_a_property_shape_that_two_shapes_share_reports_for_both(judge) -> None:  # noqa: ANN001
    shapes = ":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P . :T a sh:NodeShape ; sh:targetClass :D ; sh:property :P . :P sh:path :p ; sh:minCount 1 ."
    assert found(judge(":a a :C, :D . :b a :D .", shapes)) == [("a", "MinCount", None)] * 2 + [("b", "MinCount", None)]


def test_a_path_of_several_steps_is_in_the_report(judge) -> None:  # noqa: ANN001
    report = judge(":a a :C .", ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:minCount 1 ] .")
    assert only(report).path == "<https://example.org/p>/^<https://example.org/q>"
    assert "sh:resultPath ( <https://example.org/p> [ sh:inversePath <https://example.org/q> ] )" in " ".join(report.to_turtle().split())


# ---------------------------------------------------------------------------------------------------------------- order


def test_a_date_with_and_one_without_a_time_zone_are_incomparable(judge) -> None:  # noqa: ANN001
    shapes = ':S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minInclusive "2020-01-01T00:00:00"^^xsd:dateTime ] .'
    report = judge(':a a :C ; :p "2020-01-01T12:00:00Z"^^xsd:dateTime . :b a :C ; :p "2020-01-02T00:00:00Z"^^xsd:dateTime .', shapes)
    assert [focus for focus, _, _ in found(report)] == ["a"]
    assert "incomparable" in only(report).message("en")
    assert "time zone" in only(report).message("en")


def test_values_of_two_kinds_are_incomparable(judge) -> None:  # noqa: ANN001
    report = judge(':a a :C ; :from 5 ; :until "x" .', ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :from ; sh:lessThan :until ] .")
    assert "not values of one kind" in only(report).message("en")


def test_what_is_out_of_order_is_said_plainly(judge) -> None:  # noqa: ANN001
    report = judge(":a a :C ; :from 5 ; :until 4 .", ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :from ; sh:lessThan :until ] .")
    assert only(report).message("en") == '<https://example.org/from> "5"^^xsd:integer is not less than <https://example.org/until> "4"^^xsd:integer'


# ---------------------------------------------------------------------------------------------------------------- shapes that cannot be used


def test_recursive_shapes_are_refused_by_name(judge) -> None:  # noqa: ANN001
    with pytest.raises(ShapeError, match=r"refers to itself \(<https://example.org/S> → <https://example.org/P> → <https://example.org/S>\)"):
        judge(":a a :C .", ":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P . :P sh:path :p ; sh:node :S .")


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        ("sh:property [ sh:path :p ; sh:minCount 1, 2 ]", "more than one sh:minCount"),
        ('sh:property [ sh:path :p ; sh:minCount "many" ]', "must be an xsd:integer"),
        ("sh:property [ sh:path :p, :q ; sh:minCount 1 ]", "more than one sh:path"),
        ("sh:property [ sh:path [ sh:inversePath :p, :q ] ; sh:minCount 1 ]", "not well-formed"),
        ("sh:minCount 1", "for property shapes"),
        ("sh:in ( 1 . 2 )".replace(" . ", " ") + " , [ rdf:first 1 ]", "more than one sh:in"),
        ("sh:in [ rdf:first 1 ]", "not well-formed"),
        ("sh:nodeKind :IRI", "a kind of node"),
        ('sh:pattern "("', "no regular expression"),
        ('sh:sparql [ sh:select "SELECT $this WHERE { $this ?p }" ]', "not SPARQL"),
    ],
)
def test_what_is_no_well_formed_shape_is_refused_with_what_is_wrong(judge, shape: str, problem: str) -> None:  # noqa: ANN001
    with pytest.raises(ShapeError, match=problem):
        judge(":a a :C .", f":S a sh:NodeShape ; sh:targetClass :C ; {shape} .")


# ---------------------------------------------------------------------------------------------------------------- shapes that do nothing


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("sh:property [ sh:path :p ; sh:minCuont 1 ]", ["sh:minCuont", "sh:minCount"]),
        ("sh:target [ a sh:SPARQLTarget ]", ["sh:SPARQLTarget"]),
        ("sh:expression [ sh:path :p ]", ["sh:expression"]),
        ("sh:js [ sh:jsFunctionName 'f' ]", ["sh:js"]),
        ("sh:reifierShape :T", ["sh:reifierShape"]),
    ],
)
def test_a_term_that_does_nothing_is_a_warning(judge, shape: str, said: list[str]) -> None:  # noqa: ANN001
    report = judge(":a a :C .", f":S a sh:NodeShape ; sh:targetClass :C ; {shape} .")
    texts = " ".join(warning.text("en") for warning in report.warnings)
    assert all(each in texts for each in said)
    assert {language for warning in report.warnings for language in warning.message} == {"en", "nl", "nb", "nn"}


def test_a_target_class_that_is_nowhere_is_a_warning_with_the_nearest_class(judge) -> None:  # noqa: ANN001
    report = judge(":a a :Person .", ":S a sh:NodeShape ; sh:targetClass :Persn ; sh:nodeKind sh:IRI .")
    [warning] = report.warnings
    assert "Persn" in warning.text("en")
    assert "Write <https://example.org/Person>" in warning.text("en") or "Write :Person" in warning.text("en")


def test_an_import_that_is_nowhere_is_a_warning_and_one_that_is_there_is_read(judge, tmp_path: Path) -> None:  # noqa: ANN001
    shapes = (
        "<https://example.org/shapes> a owl:Ontology ; owl:imports <https://example.org/more> . :S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:IRI ."
    )
    report = judge(":a a :C .", shapes)
    assert [warning.kind for warning in report.warnings] == ["import-missing"]
    (tmp_path / "shapes" / "more.ttl").write_text(
        f"{PREFIXES} <https://example.org/more> a owl:Ontology . :T a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] ."
    )
    report = validate(tmp_path / "data.ttl", tmp_path / "shapes" / "shapes.ttl")
    assert report.warnings == ()
    assert found(report) == [("a", "MinCount", None)]


# ---------------------------------------------------------------------------------------------------------------- messages


def test_a_message_is_composed_where_none_is_given(judge) -> None:  # noqa: ANN001
    data = ':a a :C . dcat:contactPoint rdfs:label "contact point"@en, "contactpunt"@nl .'
    result = only(judge(data, ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path dcat:contactPoint ; sh:minCount 1 ] ."))
    assert result.message("en") == "needs at least one contact point (dcat:contactPoint) and has none"
    assert result.message("nl") == "heeft ten minste één contactpunt (dcat:contactPoint) nodig en heeft er geen"
    assert {language for language, _ in result.messages} == {"en", "nl", "nb", "nn"}


def test_a_message_that_is_given_is_kept_in_its_languages(judge) -> None:  # noqa: ANN001
    shapes = ':S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:message "Missing."@en, "Ontbreekt."@nl ] .'
    assert only(judge(":a a :C .", shapes)).messages == (("en", "Missing."), ("nl", "Ontbreekt."))


def test_a_message_of_a_query_is_filled_in(judge) -> None:  # noqa: ANN001
    shapes = """
        :S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [
            sh:message "{$this} has {?value}, and {?n} is {?unknown}"@en ;
            sh:select "SELECT $this ?value ?n { $this <https://example.org/p> ?value BIND (?value + 1 AS ?n) }" ] .
    """
    assert only(judge(":a a :C ; :p 1 .", shapes)).message("en") == "https://example.org/a has 1, and 2 is {?unknown}"


# ---------------------------------------------------------------------------------------------------------------- places


def test_places_of_statements_are_found_in_bulk() -> None:
    with DuckDB() as executor:
        statements = [("<x:a>", "<x:p>", '"1"'), ("<x:a>", "<x:p>", '"2"'), ("<x:b>", "<x:p>", '"1"')]
        rows = [(*statements[0], "<x:g>", 1, 7, 0), (*statements[0], "<x:h>", 1, 3, 0), (*statements[1], "<x:g>", 2, 4, 0), (*statements[2], "<x:g>", 0, 0, 0)]
        executor.load(SPELLED, SPELLED_COLUMNS, rows)
        close_dictionary(executor, [(SPELLED, ("s", "p", "o", "g"))])
        encode(executor, SPELLED, ("s", "p", "o", "g"), ("file", "row", "template"), QUADS)
        encode_statements(executor)
        assert places_of(executor, [*statements, ("<x:c>", "<x:p>", '"1"')]) == {statements[0]: [(1, 3), (1, 7)], statements[1]: [(2, 4)]}
