"""Which conclusions are worth having, rule by rule."""

from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Triple

from schakel import inference
from schakel.errors import UnknownNameError
from schakel.inference import infer
from schakel.inference.worth import axioms, worth_having

PREFIXES = """
@prefix : <https://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://vocabulary.example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

KNOWN = ":mst a org:Organization ; v:leads :ward ."
ONTOLOGY = "v:leads a owl:ObjectProperty . v:Ward a owl:Class . v:concept a skos:Concept . :mst v:stands v:here ."


def triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in ox.parse(PREFIXES + turtle, format=RdfFormat.TURTLE)}


def kept(turtle: str) -> set[Triple]:
    return worth_having(triples(turtle), frozenset(triples(KNOWN)), triples(ONTOLOGY))


WORTHLESS = {
    "1. what was stated": ":mst v:leads :ward .",
    "1. what stands in the ontology": ":mst v:stands v:here .",
    "2. what is said of a blank node": "[] v:ledBy :mst .",
    "2. what leads to a blank node": ":ward v:ledBy [] .",
    "3. the type of a property of the ontology": "v:leads a v:Ward .",
    "3. what is said of a concept of the ontology": "v:concept v:ledBy :mst .",
    "4. that a thing is the same as itself": ":ward owl:sameAs :ward .",
    "4. that a thing is an equivalent of itself": ":ward owl:equivalentClass :ward .",
    "4. that a thing is a part of itself by a term of RDFS": ":ward rdfs:subClassOf :ward .",
    "5. that something is a thing": ":ward a owl:Thing .",
    "5. that something is a resource": ":ward a rdfs:Resource .",
    "5. that something is a class": ":ward a owl:Class .",
    "5. that something is a list": ":ward a rdf:List .",
    "5. that something is an individual": ":ward a owl:NamedIndividual .",
    "6. that two things differ": ":ward owl:differentFrom :mst .",
    "6. that something is a subclass": ":ward rdfs:subClassOf :mst .",
    "6. the label of something": ':ward rdfs:label "ward" .',
    "6. the first of a list": ":ward rdf:first :mst .",
}


@pytest.mark.parametrize("what", WORTHLESS)
def test_what_tells_nobody_anything_is_dropped(what: str) -> None:
    assert kept(WORTHLESS[what]) == set()


WORTHY = {
    "a relation to another thing": ":ward v:ledBy :mst .",
    "a class of another vocabulary": ":ward a org:Organization .",
    "that two things are one": ":ward owl:sameAs :department .",
    "a value": ":ward v:beds 12 .",
    "a text with a language": ':ward v:name "afdeling"@nl .',
    "a relation to a concept": ":ward v:kind v:concept .",
    "a relation from a thing to itself by a term of ours": ":ward v:ledBy :ward .",
    "a statement in terms of SKOS": ":ward skos:related :mst .",
}


@pytest.mark.parametrize("what", WORTHY)
def test_what_tells_something_is_kept(what: str) -> None:
    assert kept(WORTHY[what]) == triples(WORTHY[what])


def test_a_literal_is_never_a_subject_of_a_conclusion() -> None:
    # owlrl types literals on its way; here a range would do so.
    new, _ = infer(triples(':a v:beds 12 ; v:name "A"@en .'), triples("v:beds rdfs:range xsd:integer . v:name rdfs:range rdf:langString ."))
    assert new == set()


def test_an_engine_gets_axioms_and_types_and_none_of_what_annotates() -> None:
    annotated = """
    v:leads a owl:ObjectProperty ; rdfs:label "leads"@en ; rdfs:comment "c" ; rdfs:isDefinedBy v: ; rdfs:seeAlso v:x ; skos:closeMatch v:y ;
        dct:source v:z ; owl:inverseOf v:ledBy .
    v:concept a skos:Concept ; skos:broader v:other .
    """
    assert set(axioms(triples(annotated))) == triples(
        "v:leads a owl:ObjectProperty ; dct:source v:z ; owl:inverseOf v:ledBy . v:concept a skos:Concept ; skos:broader v:other ."
    )


def test_a_statement_in_the_data_that_is_made_of_annotations_still_counts() -> None:
    new, _ = infer(triples(":a skos:broader :b ."), triples("skos:broader owl:inverseOf v:narrows ."))
    # The axiom is about SKOS itself, and so is not handed on as an annotation.
    assert new == triples(":b v:narrows :a .")


def test_nothing_follows_from_nothing() -> None:
    assert infer(set(), set()) == (set(), [])


def test_what_follows_does_not_depend_on_the_order_of_what_is_stated() -> None:
    stated, ontology = sorted(triples(":a v:p :b . :b v:p :c . :c v:p :d ."), key=str), triples("v:p a owl:TransitiveProperty .")
    assert infer(stated, ontology) == infer(reversed(stated), ontology)
    assert infer(stated, ontology)[0] == triples(":a v:p :c, :d . :b v:p :d .")


def test_what_is_given_is_left_as_it_is() -> None:
    stated, ontology = triples(":a v:p :b ."), triples("v:p owl:inverseOf v:q .")
    before = set(stated), set(ontology)
    infer(stated, ontology)
    assert (stated, ontology) == before


def test_contradictions_are_told_in_a_fixed_order_with_what_contradicts() -> None:
    stated = triples(":b a v:Site, v:Body . :a a v:Site, v:Body .")
    _, contradictions = infer(stated, triples("v:Site owl:disjointWith v:Body ."))
    assert contradictions == sorted(contradictions)
    assert any("https://example.org/a" in text for text in contradictions)
    assert any("https://example.org/b" in text for text in contradictions)


@pytest.mark.parametrize(("asked", "hint"), [("owlr", "Did you mean 'owlrl'?"), ("OWLRL", "Did you mean 'owlrl'?"), ("zzz", "There are: owlrl.")])
def test_an_engine_that_does_not_exist_is_told_with_the_nearest_that_does(asked: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        infer(set(), set(), engine=asked)
    assert str(raised.value) == f"No reasoner '{asked}'. {hint}"


def test_a_further_engine_is_a_line_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def conclude(statements: Iterable[Triple], ontology: Iterable[Triple]) -> tuple[set[Triple], list[str]]:
        assert set(statements) == triples(":a v:p :b .")
        assert set(ontology) == triples("v:p owl:inverseOf v:q .")
        return triples(":b v:q :a . :a a owl:Thing ."), ["a contradiction"]

    engines: dict[str, Callable[..., tuple[set[Triple], list[str]]]] = {**inference.ENGINES, "other": conclude}
    monkeypatch.setattr(inference, "ENGINES", engines)
    assert infer(triples(":a v:p :b ."), triples("v:p owl:inverseOf v:q ."), engine="other") == (triples(":b v:q :a ."), ["a contradiction"])


def test_values_in_axioms_are_handed_on() -> None:
    ontology = (
        "v:Two a owl:Restriction ; owl:onProperty v:p ; owl:maxCardinality '1'^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger> ; rdfs:label 'two' ."
    )
    kept = {triple.predicate.value.rpartition("#")[2] for triple in axioms(triples(ontology))}
    assert kept == {"type", "onProperty", "maxCardinality"}
