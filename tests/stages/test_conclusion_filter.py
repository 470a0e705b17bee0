"""Which conclusions are worth having, rule by rule, and that each engine gives the same of them."""

import pytest
from rdflib import Graph

from schakel import infer
from schakel.rdf_terms import rdflib_spelled

PREFIXES = """
@prefix : <https://example.org/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://vocabulary.example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def graph_of(turtle: str) -> Graph:
    return Graph().parse(data=PREFIXES + turtle, format="turtle")


def wanted(turtle: str) -> set[str]:
    return {" ".join(term.n3() for term in triple) for triple in graph_of(turtle)}


def concluded(stated: str, ontology: str, engine: str) -> set[str]:
    return {" ".join(triple) for triple in infer(graph_of(stated), graph_of(ontology), engine=engine).triples}


every_engine = pytest.mark.parametrize("engine", ["schakel", "owlrl"])

# What is stated, the ontology, and what of that follows and is worth having.
CASES = {
    "a relation to another thing": (":ward v:of :mst .", "v:of owl:inverseOf v:leads .", ":mst v:leads :ward ."),
    "a class of another vocabulary": (":ward a v:Ward .", "v:Ward rdfs:subClassOf org:Organization .", ":ward a org:Organization ."),
    "a value": (":ward v:beds 12 .", "v:beds rdfs:subPropertyOf v:places .", ":ward v:places 12 ."),
    "a text with a language": (':ward v:name "afdeling"@nl .', "v:name rdfs:subPropertyOf v:text .", ':ward v:text "afdeling"@nl .'),
    "a relation to a concept": (":ward v:is v:concept .", "v:is rdfs:subPropertyOf v:kind . v:concept a skos:Concept .", ":ward v:kind v:concept ."),
    "a relation from a thing to itself": (":a v:near :b .", "v:near a owl:SymmetricProperty, owl:TransitiveProperty .", ":b v:near :a, :b . :a v:near :a ."),
    "a statement in terms of SKOS": (":ward v:like :mst .", "v:like rdfs:subPropertyOf skos:related .", ":ward skos:related :mst ."),
    "an axiom about SKOS itself": (":a skos:broader :b .", "skos:broader owl:inverseOf v:narrows .", ":b v:narrows :a ."),
    "1. what is stated": (":a v:p :b ; v:q :b .", "v:p rdfs:subPropertyOf v:q .", ""),
    "1. what is in the ontology": (":a v:p :b .", "v:p rdfs:subPropertyOf v:q . :a v:q :b .", ""),
    "2. what is said of a blank node": (":a v:p [] .", "v:p owl:inverseOf v:q .", ""),
    "2. what leads to a blank node": ("[] v:p :a .", "v:p owl:inverseOf v:q .", ""),
    "2. what is said of a literal": (':a v:beds 12 ; v:name "A"@en .', "v:beds rdfs:range xsd:integer . v:name rdfs:range rdf:langString .", ""),
    "3. what is said of a property of the ontology": (
        "v:leads v:near :a .",
        "v:near a owl:SymmetricProperty . v:leads a owl:ObjectProperty .",
        ":a v:near v:leads .",
    ),
    "3. what is said of a concept of the ontology": (":a v:kind v:concept .", "v:kind owl:inverseOf v:kindOf . v:concept a skos:Concept .", ""),
    "5. and 6. the language itself": (":a v:near :b .", "v:near rdfs:domain owl:Thing ; rdfs:range rdfs:Resource ; rdfs:subPropertyOf rdfs:seeAlso .", ""),
    "what is dropped leads to what is kept, by a concept": (
        ":a v:kind v:narrow .",
        "v:narrow v:below v:wide . v:kind owl:propertyChainAxiom ( v:kind v:below ) .",
        ":a v:kind v:wide .",
    ),
    "what is dropped leads to what is kept, by the language": (
        ':a v:name "A" .',
        "v:name rdfs:subPropertyOf rdfs:label . rdfs:label rdfs:subPropertyOf v:text .",
        ':a v:text "A" .',
    ),
    "what is dropped leads to what is kept, by a literal": (
        ":a v:beds 12 .",
        "v:beds rdfs:range v:Number . [ owl:onProperty v:beds ; owl:someValuesFrom v:Number ] rdfs:subClassOf v:Counted .",
        ":a a v:Counted .",
    ),
    "nothing follows from nothing": ("", "", ""),
}


@every_engine
@pytest.mark.parametrize("case", CASES)
def test_what_tells_something_is_kept_and_what_tells_nobody_anything_is_dropped(case: str, engine: str) -> None:
    stated, ontology, follows = CASES[case]
    assert concluded(stated, ontology, engine) == wanted(follows)


@every_engine
def test_what_follows_is_in_order_whatever_the_order_of_what_is_stated(engine: str) -> None:
    ontology = graph_of("v:p a owl:TransitiveProperty .")
    stated = [":a v:p :b .", ":b v:p :c .", ":c v:p :d ."]
    one, other = (infer(graph_of("\n".join(order)), ontology, engine=engine).triples for order in (stated, stated[::-1]))
    assert one == other == tuple(sorted(one))
    assert {" ".join(triple) for triple in one} == wanted(":a v:p :c, :d . :b v:p :d .")


@every_engine
def test_what_is_given_is_left_as_it_is(engine: str) -> None:
    stated, ontology = graph_of(":a v:p :b ."), graph_of("v:p owl:inverseOf v:q .")
    before = set(stated), set(ontology)
    infer(stated, ontology, engine=engine)
    assert (set(stated), set(ontology)) == before


@every_engine
@pytest.mark.parametrize("iri", ["javascript:alert(1)", "urn:example:a", "mailto:a@example.org", "data:text/plain,x", "tag:example.org,2026:a"])
@pytest.mark.parametrize("axiom", ["v:p rdfs:range <{}> .", "v:A rdfs:subClassOf <{}> .", "v:p rdfs:subPropertyOf <{}> ."])
def test_a_term_may_have_an_iri_of_any_scheme(axiom: str, iri: str, engine: str) -> None:
    assert any(f"<{iri}>" in triple for triple in concluded(":a v:p :b ; a v:A .", axiom.format(iri), engine))


# ------------------------------------------------------------------------------------------------------------------------ contradictions

CLASHES = {
    "two classes that are kept apart": ("v:Site owl:disjointWith v:Body . v:head rdfs:domain v:Body .", ":x a v:Site ; v:head :y . :z a v:Body ."),
    "a thing that is before itself": ("v:before a owl:TransitiveProperty, owl:IrreflexiveProperty .", ":x v:before :y . :y v:before :x ."),
    "what was said never to be": (
        "[] owl:sourceIndividual :x ; owl:assertionProperty v:p ; owl:targetValue 'no \"such\" text'@en .",
        ":x v:p 'no \"such\" text'@en, 'another'@en .",
    ),
}
RESTS_ON = {
    "two classes that are kept apart": ":x a v:Site ; v:head :y .",
    "a thing that is before itself": ":x v:before :y . :y v:before :x .",
    "what was said never to be": ":x v:p 'no \"such\" text'@en .",
}


@pytest.mark.parametrize("what", CLASHES)
def test_a_contradiction_names_what_was_stated(what: str) -> None:
    ontology, stated = CLASHES[what]
    first = infer(graph_of(stated), graph_of(ontology)).contradictions[0]
    of_things = {" ".join(triple) for triple in first.statements if triple[0].startswith("<https://example.org/")}
    assert of_things == wanted(RESTS_ON[what])


def test_each_contradiction_is_told_once_and_in_a_fixed_order() -> None:
    ontology = graph_of("[] a owl:AllDisjointClasses ; owl:members ( v:A v:B v:C ) .")
    found = infer(graph_of(":x a v:A, v:B, v:C . :y a v:A, v:C ."), ontology)
    assert found.contradiction_count == len(found.contradictions) == len({str(each) for each in found.contradictions}) == 4
    assert infer(graph_of(":y a v:C, v:A . :x a v:C, v:B, v:A ."), ontology).contradictions == found.contradictions


def test_nothing_is_printed_and_no_file_is_left(capfd: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder))
        infer(graph_of(":a v:p :b ."), graph_of("v:p rdfs:domain v:A . v:A owl:disjointWith v:A ."))
    assert list(folder.iterdir()) == []
    assert capfd.readouterr() == ("", "")


# -------------------------------------------------------------------------------------------------------------------------------- proofs


def outline(explanation: object) -> object:
    """Give the names of the rules, one within the other; what is stated by the local names of its subject and property."""
    rule, premises, triple = (getattr(explanation, name) for name in ("rule", "premises", "triple"))
    return (rule, *map(outline, premises)) if rule else " ".join(term[1:-1].rpartition("/")[2] for term in triple[:2])


def proved(ontology: str, stated: str, goal: str) -> object:
    (triple,) = graph_of(goal)
    s, p, o = map(rdflib_spelled, triple)
    found = infer(graph_of(stated), graph_of(ontology), explain=True).explanations
    return outline(found[s, p, o]) if (s, p, o) in found else None


def test_what_does_not_follow_has_no_proof() -> None:
    assert proved("v:p rdfs:subPropertyOf v:q .", ":a v:p :b .", ":b v:q :a .") is None


def test_the_shortest_proof_is_given_even_if_its_axiom_comes_last() -> None:
    ontology = "v:a rdfs:subPropertyOf v:b . v:b rdfs:subPropertyOf v:c . v:z rdfs:subPropertyOf v:c ."
    assert proved(ontology, ":x v:a :y ; v:z :y .", ":x v:c :y .") in {("prp-spo1", "x z"), ("prp-spo1", "x a")}


def test_a_proof_goes_round_in_no_circle() -> None:
    ontology = "v:p owl:inverseOf v:q . v:p owl:equivalentProperty v:r . v:r a owl:SymmetricProperty, owl:TransitiveProperty ."

    def above(told: object, seen: tuple[object, ...] = ()) -> None:
        assert told not in seen
        for premise in told[1:] if isinstance(told, tuple) else ():
            above(premise, (*seen, told))

    above(proved(ontology, ":a v:q :b .", ":a v:r :b ."))


def test_of_two_that_are_equally_short_the_same_is_given_whatever_the_order() -> None:
    ontology = "v:linked owl:propertyChainAxiom ( v:in v:of ) ."
    stated = [":a v:in :m1, :m2 .", ":m1 v:of :b .", ":m2 v:of :b ."]
    one, other = (proved(ontology, "\n".join(order), ":a v:linked :b .") for order in (stated, stated[::-1]))
    assert one is not None
    assert one == other


def test_a_long_way_can_be_proved() -> None:
    stated = "".join(f":n{number} v:step :n{number + 1} ." for number in range(40))
    told = proved("v:step rdfs:subPropertyOf v:on . v:on a owl:TransitiveProperty .", stated, ":n0 v:on :n40 .")

    def leaves(each: object) -> int:
        return sum(map(leaves, each[1:])) if isinstance(each, tuple) else 1

    assert leaves(told) == 40
