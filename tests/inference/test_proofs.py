"""Why a statement follows: proofs are the shortest there are, and the same whatever the order of what is stated."""

from itertools import permutations
from typing import Protocol

import pytest
from pyoxigraph import Triple

from schakel.errors import UnsupportedAxiomError
from schakel.graph import NTriples, to_ntriples
from schakel.inference import Contradiction, Proof, explain, explain_all, in_words, infer, proofs


class Turtle(Protocol):
    def triples(self, turtle: str) -> set[Triple]: ...

    def statements(self, turtle: str) -> NTriples: ...


def outline(proof: Proof | None) -> object:
    """Give the names of the rules, one within the other; a statement that is stated as it is read in Turtle."""
    if proof is None or proof.rule is None:
        return None if proof is None else " ".join(term.value.rpartition("/")[2] for term in (proof.statement.subject, proof.statement.predicate))
    return (proof.rule.name, *map(outline, proof.premises))


@pytest.fixture
def proved(turtle: Turtle) -> object:
    def prove(ontology: str, stated: str, goal: str) -> object:
        (triple,) = turtle.triples(goal)
        return outline(explain(turtle.statements(stated), turtle.triples(ontology), triple))

    return prove


class Proved(Protocol):
    def __call__(self, ontology: str, stated: str, goal: str) -> object: ...


def test_what_is_stated_needs_no_rule(proved: Proved) -> None:
    assert proved("v:p rdfs:subPropertyOf v:q .", ":a v:p :b .", ":a v:p :b .") == "a p"
    assert proved("", ":b v:q :c . :a v:q :b .", ":a v:q :b .") == "a q"
    assert proved(":a v:p :b .", "", ":a v:p :b .") == "a p"


def test_what_is_stated_and_follows_as_well_is_stated(proved: Proved) -> None:
    assert proved("v:p rdfs:subPropertyOf v:q .", ":a v:p :b ; v:q :b .", ":a v:q :b .") == "a q"


def test_what_does_not_follow_has_no_proof(proved: Proved) -> None:
    assert proved("v:p rdfs:subPropertyOf v:q .", ":a v:p :b .", ":b v:q :a .") is None
    assert proved("", "", ":b v:q :a .") is None


def test_a_step_names_its_rule_and_has_a_proof_for_each_part_of_it(proved: Proved) -> None:
    ontology = "v:p owl:propertyChainAxiom ( v:q v:r ) . v:s owl:inverseOf v:r ."
    assert proved(ontology, ":a v:q :b . :c v:s :b .", ":a v:p :c .") == ("chain_to_p", "a q", ("inverse_of_s", "c s"))


def test_the_shortest_proof_is_given_even_if_its_rule_comes_last(proved: Proved) -> None:
    ontology = "v:a rdfs:subPropertyOf v:b . v:b rdfs:subPropertyOf v:c . v:z rdfs:subPropertyOf v:c ."
    assert proved(ontology, ":x v:a :y .", ":x v:c :y .") == ("b_implies_c", ("a_implies_b", "x a"))
    assert proved(ontology, ":x v:a :y ; v:z :y .", ":x v:c :y .") == ("z_implies_c", "x z")


def test_a_proof_goes_round_in_no_circle(proved: Proved) -> None:
    ontology = "v:p owl:inverseOf v:q . v:p owl:equivalentProperty v:r . v:r a owl:SymmetricProperty, owl:TransitiveProperty ."
    assert proved(ontology, ":a v:q :b .", ":a v:r :b .") == ("symmetric_r", ("p_implies_r", ("inverse_of_q", "a q")))


def test_of_two_that_are_equally_short_the_same_is_given_whatever_the_order(turtle: Turtle) -> None:
    ontology = turtle.triples("v:linked owl:propertyChainAxiom ( v:in v:of ) .")
    stated = sorted(turtle.triples(":a v:in :m1, :m2 . :m1 v:of :b . :m2 v:of :b ."), key=str)
    (goal,) = turtle.triples(":a v:linked :b .")
    proofs = {explain([to_ntriples([triple])[0] for triple in order], ontology, goal) for order in permutations(stated)}
    (proof,) = proofs
    assert proof is not None
    assert list(proof.leaves()) == sorted(turtle.triples(":a v:in :m1 . :m1 v:of :b ."), key=str)


def test_many_are_proved_at_once_in_the_order_asked_for(turtle: Turtle) -> None:
    ontology, statements = turtle.triples("v:p a owl:TransitiveProperty ."), turtle.statements(":a v:p :b . :b v:p :c . :c v:p :d .")
    goals = sorted(turtle.triples(":a v:p :d . :a v:p :b . :d v:p :a ."), key=str)
    found = explain_all(statements, ontology, goals)
    assert list(found) == goals[:2]
    assert len(list(found[goals[1]].leaves())) == 3


@pytest.mark.parametrize("many", [0, 1000], ids=["at once", "one by one"])
def test_what_is_stated_is_found_however_much_is_asked_for(turtle: Turtle, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(proofs, "_MANY", many)
    stated = [""":a v:p :b . :ab v:p :b . :z v:p "a line\\nand \\"another\\"" .""", ":a v:p :bc ; v:q :d ."]
    statements = [piece for each in stated for piece in turtle.statements(each)]
    goals = sorted(turtle.triples(f"{' '.join(stated)} :b v:p :b . :a v:r :o . :a v:p :c ."), key=str)
    found = explain_all(statements, turtle.triples(":a v:r :o ."), goals)
    assert list(found) == [goal for goal in goals if goal in turtle.triples(f"{' '.join(stated)} :a v:r :o .")]
    assert all(proof.rule is None for proof in found.values())


def test_a_long_way_can_be_proved(turtle: Turtle) -> None:
    stated = "".join(f":n{number} v:step :n{number + 1} ." for number in range(40))
    ontology = turtle.triples("v:step rdfs:subPropertyOf v:on . v:on a owl:TransitiveProperty .")
    (goal,) = turtle.triples(":n0 v:on :n40 .")
    proof = explain(turtle.statements(stated), ontology, goal)
    assert proof is not None
    assert len(list(proof.leaves())) == 40


def test_what_is_said_of_a_text_on_the_way_is_passed_over(turtle: Turtle) -> None:
    ontology = turtle.triples("v:beds rdfs:range v:Number . [ owl:onProperty v:beds ; owl:someValuesFrom v:Number ] rdfs:subClassOf v:Counted .")
    (goal,) = turtle.triples(":a a v:Counted .")
    proof = explain(turtle.statements(":a v:beds 12 ."), ontology, goal)
    assert proof is not None
    assert set(proof.leaves()) == turtle.triples(":a v:beds 12 .")


def test_an_axiom_without_a_rule_is_told(turtle: Turtle) -> None:
    (goal,) = turtle.triples(":a v:p :c .")
    with pytest.raises(UnsupportedAxiomError, match="FunctionalProperty"):
        explain(turtle.statements(":a v:p :b ."), turtle.triples("v:p a owl:FunctionalProperty ."), goal)


# -------------------------------------------------------------------------------------------------------------------------- contradictions

CLASHES = {
    "two classes that are kept apart": (
        "v:Site owl:disjointWith v:Body . v:head rdfs:domain v:Body .",
        ":x a v:Site ; v:head :y . :z a v:Body .",
        "https://example.org/x a https://vocabulary.example.org/Body (https://vocabulary.example.org/Site owl:disjointWith https://vocabulary.example.org/Body)",
        ":x a v:Site ; v:head :y .",
    ),
    "a thing that is before itself": (
        "v:before a owl:TransitiveProperty, owl:IrreflexiveProperty .",
        ":x v:before :y . :y v:before :x .",
        "https://example.org/x https://vocabulary.example.org/before https://example.org/x (https://vocabulary.example.org/before a owl:IrreflexiveProperty)",
        ":x v:before :y . :y v:before :x .",
    ),
    "what was said never to be": (
        "[] owl:sourceIndividual :x ; owl:assertionProperty v:p ; owl:targetValue 'no \"such\" text'@en .",
        ":x v:p 'no \"such\" text'@en, 'another'@en .",
        'https://example.org/x https://vocabulary.example.org/p "no \\"such\\" text"@en ([ owl:sourceIndividual https://example.org/x ])',
        ":x v:p 'no \"such\" text'@en .",
    ),
    "what is stated in the ontology itself": (
        "v:A owl:disjointWith v:B . v:term a v:A, v:B .",
        ":x v:p :y .",
        "https://vocabulary.example.org/term a https://vocabulary.example.org/A",
        "v:term a v:A, v:B .",
    ),
}


@pytest.mark.parametrize("what", CLASHES)
def test_a_contradiction_names_what_was_stated(turtle: Turtle, what: str) -> None:
    ontology, stated, problem, statements = CLASHES[what]
    first = infer(turtle.statements(stated), turtle.triples(ontology), engine="nemo").contradictions[0]
    assert problem in first.problem
    assert set(first.statements) == turtle.triples(statements)
    assert list(first.statements) == sorted(first.statements, key=str)


def test_each_contradiction_is_told_once(turtle: Turtle) -> None:
    ontology = turtle.triples("[] a owl:AllDisjointClasses ; owl:members ( v:A v:B v:C ) .")
    contradictions = infer(turtle.statements(":x a v:A, v:B, v:C . :y a v:A, v:C ."), ontology, engine="nemo").contradictions
    assert len(contradictions) == len(set(contradictions)) == 4


def test_a_contradiction_is_told_in_words_with_the_statements_that_were_made(turtle: Turtle) -> None:
    ontology, stated, _, _ = CLASHES["two classes that are kept apart"]
    (contradiction,) = infer(turtle.statements(stated), turtle.triples(ontology), engine="nemo").contradictions
    words = in_words(contradiction, {"v": "https://vocabulary.example.org/", "ex": "https://example.org/"})
    assert words["en"].endswith(". Stated was: ex:x a v:Site; ex:x v:head ex:y.")
    assert words["nl"].endswith(". Vermeld is: ex:x a v:Site; ex:x v:head ex:y.")
    assert contradiction.problem in words["nb"]
    assert in_words(Contradiction("they differ", tuple(turtle.triples(":a v:p 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ."))))["en"].endswith("; (+2).")
