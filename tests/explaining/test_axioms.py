"""What an axiom says, in words: for every kind that the reasoner applies, in every language."""

import re
import tomllib
from importlib import resources

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from schakel.explaining.axioms import LANGUAGES, axiom_of, labels_in, words_of
from schakel.explaining.derivations import Rule
from schakel.lookup import Context

SENTENCES = tomllib.loads(resources.files("schakel.explaining").joinpath("axioms.toml").read_text("utf-8"))
NS = "https://vocabulary.example.org/"
CONTEXT = Context("https://example.org/", {"v": NS, "owl": "http://www.w3.org/2002/07/owl#"}, ("en",))
PREFIXES = """
@prefix : <https://vocabulary.example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LABELS = labels_in(
    quad.triple
    for quad in ox.parse(
        PREFIXES
        + """:keeps rdfs:label "keeps"@en, "onderhoudt"@nl, "holder ved like"@nb .
        :keptBy rdfs:label "kept by"@en, "onderhouden door"@nl .
        :Tower rdfs:label "tower"@en, "toren"@nl, "tårn"@nb .""",
        format=RdfFormat.TURTLE,
    )
)


def rule(turtle: str, owl: str = "prp-xyz") -> Rule:
    """A rule that rests on the axiom: the triple with the term as subject first, what hangs on it after that."""
    triples = [quad.triple for quad in ox.parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]
    first = [triple for triple in triples if isinstance(triple.subject, NamedNode)]
    return Rule("a rule", owl, (*first, *(triple for triple in triples if triple not in first)))


def said(turtle: str, language: str = "en") -> str:
    return words_of(rule(turtle), LABELS, CONTEXT)[language]


@pytest.mark.parametrize("table", SENTENCES)
def test_every_sentence_has_three_languages_with_the_same_places_to_fill_in(table: str) -> None:
    for texts in SENTENCES[table].values():
        assert set(texts) == set(LANGUAGES)
        assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()}) == 1


@pytest.mark.parametrize(
    ("axiom", "words"),
    [
        (":keptBy owl:inverseOf :keeps .", "“kept by” (v:keptBy) is the inverse of “keeps” (v:keeps)"),
        (":owns rdfs:subPropertyOf :keeps .", "v:owns implies “keeps” (v:keeps)"),
        (":keeps owl:equivalentProperty :owns .", "“keeps” (v:keeps) and v:owns mean the same"),
        (":Lighthouse rdfs:subClassOf :Tower .", "v:Lighthouse is a kind of “tower” (v:Tower)"),
        (":keeps rdfs:domain :Keeper .", "what has “keeps” (v:keeps) is of the class v:Keeper"),
        (":keeps rdfs:range :Tower .", "what “keeps” (v:keeps) leads to is of the class “tower” (v:Tower)"),
        (":keeps a owl:SymmetricProperty .", "“keeps” (v:keeps) is symmetric: it holds in both directions"),
        (":keeps a owl:TransitiveProperty .", "“keeps” (v:keeps) is transitive: what holds step by step holds all the way"),
        (
            ":near owl:propertyChainAxiom ( :keeps :keptBy :keeps ) .",
            "v:near follows from “keeps” (v:keeps), then “kept by” (v:keptBy), then “keeps” (v:keeps)",
        ),
        (":Tower owl:hasKey ( :name :place ) .", "two of “tower” (v:Tower) that agree in v:name and v:place are the same"),
        (":Lighthouse owl:unionOf ( :Tower :Ship ) .", "v:Lighthouse is what is “tower” (v:Tower) or v:Ship"),
    ],
)
def test_each_kind_of_axiom_has_its_sentence(axiom: str, words: str) -> None:
    assert said(axiom) == words


def test_what_has_no_name_is_described() -> None:
    assert said(":Lit owl:equivalentClass [ owl:onProperty :lit ; owl:hasValue true ] .") == "v:Lit and what has v:lit true are the same class"
    inside = ":Kept rdfs:subClassOf [ owl:onProperty :keptBy ; owl:someValuesFrom [ owl:unionOf ( :Trust :Tower ) ] ] ."
    assert said(inside) == "v:Kept is a kind of what has some “kept by” (v:keptBy) of the class v:Trust or “tower” (v:Tower)"


def test_a_class_that_is_described_by_itself_comes_to_an_end() -> None:
    assert "without a name" in said(":Kept rdfs:subClassOf _:kept . _:kept owl:onProperty :keptBy ; owl:allValuesFrom _:kept .")
    assert said(":near owl:propertyChainAxiom _:list . _:list rdf:first :keeps ; rdf:rest _:list .") == "v:near follows from “keeps” (v:keeps)"


def test_terms_are_called_as_the_language_has_it_and_by_their_short_form_alone_where_they_have_no_name() -> None:
    assert said(":keptBy owl:inverseOf :keeps .", "nl") == "“onderhouden door” (v:keptBy) is het omgekeerde van “onderhoudt” (v:keeps)"
    # No Norwegian label: the English one is better than none.
    assert said(":keptBy owl:inverseOf :keeps .", "nb") == "«kept by» (v:keptBy) er det omvendte av «holder ved like» (v:keeps)"


def test_a_rule_without_an_axiom_of_a_known_kind_is_named() -> None:
    assert words_of(rule("", "eq-rep-s"), LABELS, CONTEXT)["en"] == "what is said of a thing holds for whatever is the same as it"
    assert words_of(rule("", "new-rule"), LABELS, CONTEXT)["en"] == "so the rule new-rule of OWL 2 RL has it"
    assert words_of(rule(":keeps :odd :keptBy .", "new-rule"), LABELS, CONTEXT)["nl"] == "zo wil regel new-rule van OWL 2 RL het"
    assert axiom_of(rule("")) is None


def test_a_chain_is_given_with_its_members() -> None:
    axiom = axiom_of(rule(":near owl:propertyChainAxiom ( :keeps :keptBy ) ."))
    assert axiom is not None
    assert (axiom.subject, axiom.values) == (NamedNode(NS + "near"), (NamedNode(NS + "keeps"), NamedNode(NS + "keptBy")))


def test_of_several_labels_in_a_language_it_is_always_the_same() -> None:
    labels = [Triple(NamedNode(NS + "a"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal(text, language="en")) for text in ("b", "a")]
    assert labels_in(labels) == labels_in(reversed(labels)) == {NamedNode(NS + "a"): {"en": "a"}}
