"""References: to what a table defines, to what the ontology defines, and what is told of those that lead nowhere."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

Tell: TypeAlias = Callable[[Mapping[str, str | bytes]], dict[tuple[str, str], str]]
WriteMapping: TypeAlias = Callable[..., str]

TABLE = "data/towers.csv"
MAPPING = "data/towers.rq"
ONTOLOGY = """
@prefix ex: <http://example.com/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix colour: <http://example.com/colour/> .
ex: a owl:Ontology .
ex:Lighthouse a owl:Class ; rdfs:isDefinedBy ex: .
ex:partOf a owl:ObjectProperty ; rdfs:isDefinedBy ex: .
ex:colour a owl:ObjectProperty ; rdfs:isDefinedBy ex: .
colour:red a skos:Concept .
colour:white a skos:Concept .
"""
PART = ("?tower ex:partOf ?of .", 'BIND(IRI(CONCAT("tower/", ?whole)) AS ?of)')


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        pytest.param("a,A,brandariss\nbrandaris,B,", 2, ("<https://example.org/tower/brandariss>", "there: brandaris."), id="a slip of the pen"),
        pytest.param("brandaris,B,\nvuurduin,V,\nbrandaris-west,W,brandarus", 4, ("there: brandaris.",), id="the last row"),
        pytest.param("a,zzzz,zzzz", 2, ("<https://example.org/tower/zzzz>",), id="two cells with the same text"),
        pytest.param("zzz,zzzz,zzzz", 2, ("<https://example.org/tower/zzzz>",), id="cells of which one holds the other"),
        pytest.param("a,A,Brandaris\nbrandaris,B,", 2, ("<https://example.org/tower/Brandaris>", "there: brandaris."), id="a capital"),
    ],
)
def test_a_reference_to_an_id_that_no_table_defines_is_told_with_the_nearest(
    told: Tell, towers_rq: WriteMapping, rows: str, row: int, words: tuple[str, ...]
) -> None:
    rows = "".join(f"{line},page\n" for line in rows.splitlines())
    found = told({TABLE: f"id,label,whole,source\n{rows}", MAPPING: towers_rq(*PART)})
    place = f"{TABLE}, row {row}, column whole"
    assert set(found) == {("undefined-reference", place)}
    for word in words:
        assert word in found["undefined-reference", place]
    assert "Add a row for it" in found["undefined-reference", place]


def test_every_row_that_refers_to_what_is_not_there_is_named(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({TABLE: "id,label,whole,source\na,A,x,page\nb,B,a,page\nc,C,x,page\n", MAPPING: towers_rq(*PART)})
    assert set(found) == {("undefined-reference", f"{TABLE}, row 2, column whole; {TABLE}, row 4, column whole")}


def test_references_between_tables_are_looked_up_in_all_of_them(told: Tell, towers_rq: WriteMapping) -> None:
    keepers = """PREFIX org: <http://www.w3.org/ns/org#>
    CONSTRUCT { ?keeper a org:Post ; org:postIn ?in } WHERE { BIND(IRI(CONCAT("keeper/", ?id)) AS ?keeper) BIND(IRI(?tower) AS ?in) }"""
    files = {MAPPING: towers_rq(), "data/keepers.rq": keepers}
    assert told({**files, "data/keepers.csv": "id,tower,source\njan,tower/brandaris,page\n"}) == {}
    found = told({**files, "data/keepers.csv": "id,tower,source\njan,tower/brandari,page\npiet,keeper/xxxx,page\n"})
    assert set(found) == {
        ("undefined-reference", "data/keepers.csv, row 2, column tower"),
        ("undefined-reference", "data/keepers.csv, row 3, column tower"),
    }
    assert "there: brandaris." in found["undefined-reference", "data/keepers.csv, row 2, column tower"]
    assert "there: jan, piet." in found["undefined-reference", "data/keepers.csv, row 3, column tower"]


def test_a_cell_that_is_escaped_in_its_reference_is_named(told: Tell, towers_rq: WriteMapping) -> None:
    mapping = towers_rq("?tower ex:partOf ?of .", 'BIND(IRI(CONCAT("tower/", ENCODE_FOR_URI(?whole))) AS ?of)')
    found = told({TABLE: "id,label,whole,source\na,A,the tower,page\n", MAPPING: mapping})
    assert set(found) == {("undefined-reference", f"{TABLE}, row 2, column whole")}


def test_a_reference_that_a_mapping_makes_of_no_cell_is_told_with_the_mapping(told: Tell, towers_rq: WriteMapping) -> None:
    found = told({TABLE: "id,label,source\na,A,page\nb,B,page\n", MAPPING: towers_rq("?tower ex:partOf <tower/none> .")})
    assert set(found) == {("undefined-reference", MAPPING)}


@pytest.mark.parametrize(
    ("colour", "expected"),
    [("rd", "red"), ("white-ish", "white"), ("Red", "red"), ("zzzzz", "red, white")],
)
def test_a_concept_that_the_ontology_does_not_have_is_told_with_the_nearest(told: Tell, towers_rq: WriteMapping, colour: str, expected: str) -> None:
    mapping = towers_rq("?tower ex:colour ?c .", 'BIND(IRI(CONCAT("http://example.com/colour/", ?colour)) AS ?c)')
    found = told({TABLE: f"id,label,colour,source\na,A,red,page\nb,B,{colour},page\n", MAPPING: mapping, "ontology/terms.ttl": ONTOLOGY})
    place = f"{TABLE}, row 3, column colour"
    assert set(found) == {("undefined-term", place)}
    assert f"<http://example.com/colour/{colour}>" in found["undefined-term", place]
    assert f"as in {expected};" in found["undefined-term", place]


@pytest.mark.parametrize(("triples", "near"), [("?tower a ex:Lighthous .", "Lighthouse"), ("?tower ex:partof ?tower .", "partOf")])
def test_a_term_that_a_mapping_misspells_is_told_with_the_mapping(told: Tell, towers_rq: WriteMapping, triples: str, near: str) -> None:
    found = told({MAPPING: towers_rq(triples), "ontology/terms.ttl": ONTOLOGY})
    assert set(found) == {("undefined-term", MAPPING)}
    assert near in found["undefined-term", MAPPING]


def test_terms_of_others_and_what_a_file_defines_are_defined(told: Tell, towers_rq: WriteMapping) -> None:
    mapping = towers_rq(
        "?tower a ex:Lighthouse ; ex:colour <http://example.com/colour/red> ; org:unitOf <tower/extra> ; <http://other.org/anything> <http://other.org/x> ."
    )
    extra = "<tower/extra> a <http://www.w3.org/ns/org#Organization> ."
    assert told({MAPPING: mapping, "ontology/terms.ttl": ONTOLOGY, "data/extra.ttl": extra}) == {}


def test_a_value_that_keeps_a_thing_from_being_anything_is_told_in_its_cell_and_no_reference_to_the_thing(told: Tell) -> None:
    found = told(
        {
            TABLE: "id,label,kind,whole,source\na,A,towr,,page\nb,B,tower,a,page\n",
            MAPPING: """
PREFIX ex: <http://example.com/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?tower a ?class ; skos:prefLabel ?name ; ex:partOf ?of }
WHERE {
  BIND(IRI(CONCAT("tower/", ?id)) AS ?tower)
  BIND(STRLANG(?label, "en") AS ?name)
  BIND(IF(?kind = "tower", ex:Tower, IF(?kind = "light", ex:Light, ?undefined)) AS ?class)
  BIND(IRI(CONCAT("tower/", ?whole)) AS ?of)
}
""",
        }
    )
    assert set(found) == {("unknown-choice", f"{TABLE}, row 2, column kind")}
    assert "“towr”" in found["unknown-choice", f"{TABLE}, row 2, column kind"]
    assert "light, tower" in found["unknown-choice", f"{TABLE}, row 2, column kind"]
