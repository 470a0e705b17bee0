"""The rules that an ontology amounts to, and the file that `schakel rules` prints."""

from typing import Protocol

import pytest
from click.testing import CliRunner
from pyoxigraph import Triple

from schakel import Settings
from schakel.cli import main
from schakel.inference import rule_file, rules
from schakel.vocabulary import read_vocabulary


class Turtle(Protocol):
    def triples(self, turtle: str) -> set[Triple]: ...


PREFIXES = {"v": "https://vocabulary.example.org/", "owl": "http://www.w3.org/2002/07/owl#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}

# Each axiom with the rules it amounts to, by the names of OWL 2 RL.
AXIOMS = {
    "v:A rdfs:subClassOf v:B .": ["cax-sco | v:B(?x) :- v:A(?x) ."],
    "v:A owl:equivalentClass v:B .": ["cax-eqc1 | v:B(?x) :- v:A(?x) .", "cax-eqc2 | v:A(?x) :- v:B(?x) ."],
    "v:p rdfs:subPropertyOf v:q .": ["prp-spo1 | v:q(?x, ?y) :- v:p(?x, ?y) ."],
    "v:p owl:equivalentProperty v:q .": ["prp-eqp1 | v:q(?x, ?y) :- v:p(?x, ?y) .", "prp-eqp2 | v:p(?x, ?y) :- v:q(?x, ?y) ."],
    "v:p owl:inverseOf v:q .": ["prp-inv1 | v:q(?y, ?x) :- v:p(?x, ?y) .", "prp-inv2 | v:p(?y, ?x) :- v:q(?x, ?y) ."],
    "v:p a owl:SymmetricProperty .": ["prp-symp | v:p(?y, ?x) :- v:p(?x, ?y) ."],
    "v:p a owl:TransitiveProperty .": ["prp-trp | v:p(?x, ?z) :- v:p(?x, ?y), v:p(?y, ?z) ."],
    "v:p rdfs:domain v:A .": ["prp-dom | v:A(?x) :- v:p(?x, ?y) ."],
    "v:p rdfs:range v:A .": ["prp-rng | v:A(?x) :- v:p(?y, ?x) ."],
    "v:p owl:propertyChainAxiom ( v:q [ owl:inverseOf v:r ] v:s ) .": ["prp-spo2 | v:p(?x, ?z) :- v:q(?x, ?y1), v:r(?y2, ?y1), v:s(?y2, ?z) ."],
    "[ owl:onProperty v:p ; owl:someValuesFrom v:A ] rdfs:subClassOf v:B .": ["cls-svf1 cax-sco | v:B(?x) :- v:p(?x, ?y1), v:A(?y1) ."],
    "[ owl:onProperty v:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf v:B .": ["cls-svf2 cax-sco | v:B(?x) :- v:p(?x, ?y1) ."],
    "v:A rdfs:subClassOf [ owl:onProperty v:p ; owl:allValuesFrom v:B ] .": ["cax-sco cls-avf | v:B(?y1) :- v:A(?x), v:p(?x, ?y1) ."],
    "v:A owl:equivalentClass [ owl:onProperty v:p ; owl:hasValue v:term ] .": [
        'cax-eqc1 cls-hv1 | v:p(?x, "<https://vocabulary.example.org/term>") :- v:A(?x) .',
        'cls-hv2 cax-eqc2 | v:A(?x) :- v:p(?x, "<https://vocabulary.example.org/term>") .',
    ],
    "v:A owl:intersectionOf ( v:B v:C ) .": [
        "cls-int2 | v:B(?x) :- v:A(?x) .",
        "cls-int2 | v:C(?x) :- v:A(?x) .",
        "cls-int1 | v:A(?x) :- v:B(?x), v:C(?x) .",
    ],
    "v:A owl:unionOf ( v:B v:C ) .": ["cls-uni | v:A(?x) :- v:B(?x) .", "cls-uni | v:A(?x) :- v:C(?x) ."],
    "v:A rdfs:subClassOf [ owl:unionOf ( v:B v:C ) ] .": [],
    "v:A a owl:Class ; rdfs:label 'A'@en ; rdfs:isDefinedBy v:vocabulary ; owl:versionInfo '1' . v:p a owl:ObjectProperty, owl:ReflexiveProperty .": [],
    "v:A owl:disjointWith v:B .": ["cax-dw | contradiction_no_A_is_B(?x) :- v:A(?x), v:B(?x) ."],
    "[] a owl:AllDisjointClasses ; owl:members ( v:A v:B ) .": ["cax-adc | contradiction_no_A_is_B(?x) :- v:A(?x), v:B(?x) ."],
    "v:A owl:complementOf v:B .": ["cls-com | contradiction_no_A_is_B(?x) :- v:A(?x), v:B(?x) ."],
    "v:p owl:propertyDisjointWith v:q .": ["prp-pdw | contradiction_no_p_implies_q(?x, ?y) :- v:p(?x, ?y), v:q(?x, ?y) ."],
    "[] a owl:AllDisjointProperties ; owl:members ( v:p v:q ) .": ["prp-adp | contradiction_no_p_implies_q(?x, ?y) :- v:p(?x, ?y), v:q(?x, ?y) ."],
    "v:p a owl:IrreflexiveProperty .": ["prp-irp | contradiction_irreflexive_p(?x) :- v:p(?x, ?x) ."],
    "v:p a owl:AsymmetricProperty .": ["prp-asyp | contradiction_asymmetric_p(?x, ?y) :- v:p(?x, ?y), v:p(?y, ?x) ."],
    "v:A rdfs:subClassOf [ owl:onProperty v:p ; owl:maxCardinality 0 ] .": ["cax-sco cls-maxc1 | contradiction_A_is_those(?x, ?y1) :- v:A(?x), v:p(?x, ?y1) ."],
}
NOTHING = "cls-nothing2 | contradiction_nothing(?x) :- owl:Nothing(?x) ."


def written(text: str) -> list[str]:
    """Give the rules of a file as in the table above."""
    blocks = [block.splitlines() for block in text.split("\n\n") if "#[name(" in block]
    return [f"{block[1].rpartition('[')[2].rstrip(']')} | {block[3]}" for block in blocks]


@pytest.mark.parametrize("axiom", AXIOMS)
def test_an_axiom_becomes_the_rules_of_the_specification(turtle: Turtle, axiom: str) -> None:
    assert sorted(written(rule_file(turtle.triples(axiom), PREFIXES))) == sorted([*AXIOMS[axiom], NOTHING])


def test_a_rule_says_which_axiom_it_comes_from(turtle: Turtle) -> None:
    text = rule_file(turtle.triples("v:p owl:propertyChainAxiom ( v:q [ owl:inverseOf v:r ] ) ."), PREFIXES)
    assert (
        "%%% <https://vocabulary.example.org/p>\n"
        "%%% v:p owl:propertyChainAxiom ( v:q [ owl:inverseOf v:r ] ) [prp-spo2]\n"
        '#[name("chain_to_p")]\n'
        "v:p(?x, ?z) :- v:q(?x, ?y1), v:r(?z, ?y1) .\n"
    ) in text
    assert "@prefix v: <https://vocabulary.example.org/> .\n" in text


def test_no_two_rules_have_one_name_and_their_order_is_fixed(turtle: Turtle) -> None:
    axioms = sorted(turtle.triples("v:p rdfs:domain v:A, v:B ; owl:propertyChainAxiom ( v:q v:r ), ( v:r v:q ) . v:q rdfs:domain v:A ."), key=str)
    names = [rule.name for rule in rules(axioms)]
    assert names == [rule.name for rule in rules(reversed(axioms))]
    assert set(names) == {"domain_of_p", "domain_of_p_2", "domain_of_q", "chain_to_p", "chain_to_p_2"}


def test_a_rule_names_the_term_that_its_axiom_is_about(turtle: Turtle) -> None:
    (rule,) = rules(turtle.triples("[ owl:onProperty v:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf v:B ."))
    assert rule.term.value == "https://vocabulary.example.org/B"
    assert {triple.predicate.value.rpartition("#")[2] for triple in rule.axiom} == {"subClassOf", "onProperty", "someValuesFrom"}


def test_a_name_that_is_no_name_in_nemo_is_written_as_an_iri(turtle: Turtle) -> None:
    assert "<https://vocabulary.example.org/b-2>(?x) :- v:a_1(?x) ." in rule_file(turtle.triples("v:a_1 rdfs:subClassOf v:b-2 ."), PREFIXES)


# ------------------------------------------------------------------------------------------------------------------------- the command


def test_the_command_prints_the_rules_of_the_project(published: Settings) -> None:
    result = CliRunner().invoke(main, ["--project", str(published.root), "rules"])
    vocabulary, _ = read_vocabulary(published.ontology, published.root, published.base)
    assert result.exit_code == 0
    for rule in rules(vocabulary.triples):
        assert f'#[name("{rule.name}")]' in result.output
    assert "sk:hasSide(?y, ?x) :- sk:sideOf(?x, ?y) ." in result.output


def test_the_command_tells_an_axiom_that_has_no_rule_in_one_line(published: Settings) -> None:
    file = published.ontology / "functional.ttl"
    file.write_text("<https://example.org/p> a <http://www.w3.org/2002/07/owl#FunctionalProperty> .", "utf-8")
    try:
        result = CliRunner().invoke(main, ["--project", str(published.root), "rules"])
    finally:
        file.unlink()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "https://example.org/p rdf:type owl:FunctionalProperty" in result.stderr
