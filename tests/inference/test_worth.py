"""Which conclusions are worth having, rule by rule."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Triple

from schakel import inference
from schakel.errors import UnknownNameError
from schakel.graph import NTriples, from_ntriples, to_ntriples
from schakel.inference import Conclusions, Contradiction, Engine, Once, infer
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


def concluded(stated: str, ontology: str, engine: str) -> set[Triple]:
    return set(from_ntriples(infer(to_ntriples(triples(stated)), triples(ontology), engine=engine).triples))


every_engine = pytest.mark.parametrize("engine", ["owlrl", "nemo", "auto"])


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


@every_engine
def test_a_literal_is_never_a_subject_of_a_conclusion(engine: str) -> None:
    # Engines type literals on their way; here a range would do so.
    assert concluded(':a v:beds 12 ; v:name "A"@en .', "v:beds rdfs:range xsd:integer . v:name rdfs:range rdf:langString .", engine) == set()


@every_engine
@pytest.mark.parametrize(
    ("stated", "ontology"),
    [
        ("v:leads v:near :a .", "v:near a owl:SymmetricProperty . v:leads a owl:ObjectProperty ."),
        (":a v:kind v:concept .", "v:kind owl:inverseOf v:kindOf . v:concept a skos:Concept ."),
        (":a v:near :b .", "v:near rdfs:domain owl:Thing ; rdfs:range rdfs:Resource ; rdfs:subPropertyOf rdfs:seeAlso ."),
    ],
)
def test_an_engine_gives_nothing_about_terms_and_nothing_in_terms_of_the_language(stated: str, ontology: str, engine: str) -> None:
    assert {triple.subject.value for triple in concluded(stated, ontology, engine)} <= {"https://example.org/a"}
    assert not any(triple.object.value.startswith("http://www.w3.org/") for triple in concluded(stated, ontology, engine))


@every_engine
def test_what_is_dropped_may_lead_to_what_is_kept(engine: str) -> None:
    through_a_concept = concluded(":a v:kind v:narrow .", "v:narrow v:below v:wide . v:kind owl:propertyChainAxiom ( v:kind v:below ) .", engine)
    assert through_a_concept == triples(":a v:kind v:wide .")
    through_the_language = concluded(':a v:name "A" .', "v:name rdfs:subPropertyOf rdfs:label . rdfs:label rdfs:subPropertyOf v:text .", engine)
    assert through_the_language == triples(':a v:text "A" .')
    through_a_literal = concluded(
        ":a v:beds 12 .", "v:beds rdfs:range v:Number . [ owl:onProperty v:beds ; owl:someValuesFrom v:Number ] rdfs:subClassOf v:Counted .", engine
    )
    assert through_a_literal == triples(":a a v:Counted .")


def test_an_engine_gets_axioms_and_types_and_none_of_what_annotates() -> None:
    annotated = """
    v:leads a owl:ObjectProperty ; rdfs:label "leads"@en ; rdfs:comment "c" ; rdfs:isDefinedBy v: ; rdfs:seeAlso v:x ; skos:closeMatch v:y ;
        dct:source v:z ; owl:inverseOf v:ledBy .
    v:concept a skos:Concept ; skos:broader v:other .
    """
    assert set(axioms(triples(annotated))) == triples(
        "v:leads a owl:ObjectProperty ; dct:source v:z ; owl:inverseOf v:ledBy . v:concept a skos:Concept ; skos:broader v:other ."
    )


@every_engine
def test_a_statement_in_the_data_that_is_made_of_annotations_still_counts(engine: str) -> None:
    # The axiom is about SKOS itself, and so is not handed on as an annotation.
    assert concluded(":a skos:broader :b .", "skos:broader owl:inverseOf v:narrows .", engine) == triples(":b v:narrows :a .")


@every_engine
def test_nothing_follows_from_nothing(engine: str) -> None:
    nothing = infer([], set(), engine=engine)
    assert b"".join(nothing.triples) == b""
    assert nothing.contradictions == ()


@every_engine
def test_what_follows_is_in_order_whatever_the_order_of_what_is_stated(engine: str) -> None:
    stated, ontology = sorted(triples(":a v:p :b . :b v:p :c . :c v:p :d ."), key=str), triples("v:p a owl:TransitiveProperty .")
    one, other = (infer([to_ntriples([triple])[0] for triple in order], ontology, engine=engine).triples for order in (stated, reversed(stated)))
    assert b"".join(one) == b"".join(other) == to_ntriples(sorted(triples(":a v:p :c, :d . :b v:p :d ."), key=str))[0]


@every_engine
def test_what_is_given_is_left_as_it_is(engine: str) -> None:
    stated, ontology = to_ntriples(triples(":a v:p :b .")), triples("v:p owl:inverseOf v:q .")
    before = list(stated), set(ontology)
    infer(stated, ontology, engine=engine)
    assert (stated, ontology) == before


@every_engine
def test_contradictions_are_told_in_a_fixed_order_with_what_contradicts(engine: str) -> None:
    stated = to_ntriples(triples(":b a v:Site, v:Body . :a a v:Site, v:Body ."))
    problems = [contradiction.problem for contradiction in infer(stated, triples("v:Site owl:disjointWith v:Body ."), engine=engine).contradictions]
    assert problems == sorted(problems)
    assert any("https://example.org/a" in problem for problem in problems)
    assert any("https://example.org/b" in problem for problem in problems)


@pytest.mark.parametrize(("asked", "hint"), [("owlr", "Did you mean 'owlrl'?"), ("OWLRL", "Did you mean 'owlrl'?"), ("zzz", "There are: auto, nemo, owlrl.")])
def test_an_engine_that_does_not_exist_is_told_with_the_nearest_that_does(asked: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        infer([], set(), engine=asked)
    assert str(raised.value) == f"No reasoner '{asked}'. {hint}"


def test_a_further_engine_is_a_line_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def conclude(statements: NTriples, ontology: Iterable[Triple], _: Once) -> Conclusions:
        assert set(from_ntriples(statements)) == triples(":a v:p :b .")
        assert set(ontology) == triples("v:p owl:inverseOf v:q .")
        return Conclusions(to_ntriples(triples(":b v:q :a .")), (Contradiction("a contradiction"),))

    engines: dict[str, Engine] = {**inference.ENGINES, "other": conclude}
    monkeypatch.setattr(inference, "ENGINES", engines)
    given = infer(to_ntriples(triples(":a v:p :b .")), triples("v:p owl:inverseOf v:q ."), engine="other")
    assert given == Conclusions(to_ntriples(triples(":b v:q :a .")), (Contradiction("a contradiction"),))


def test_values_in_axioms_are_handed_on() -> None:
    ontology = (
        "v:Two a owl:Restriction ; owl:onProperty v:p ; owl:maxCardinality '1'^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger> ; rdfs:label 'two' ."
    )
    kept = {triple.predicate.value.rpartition("#")[2] for triple in axioms(triples(ontology))}
    assert kept == {"type", "onProperty", "maxCardinality"}
