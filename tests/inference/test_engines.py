"""Every engine concludes the same: on the repository's own content, and on whatever ontology hypothesis thinks of within what Nemo has rules for."""

from typing import Protocol

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from schakel import Settings
from schakel.errors import UnsupportedAxiomError
from schakel.graph import NTriples, to_ntriples
from schakel.inference import explain_all, infer, rules
from schakel.inference.proofs import Proof
from schakel.inference.rule import Variable
from schakel.ntriples import sort_key
from schakel.vocabulary import read_vocabulary


class Turtle(Protocol):
    def triples(self, turtle: str) -> set[Triple]: ...

    def statements(self, turtle: str) -> NTriples: ...


def lines(pieces: NTriples) -> list[bytes]:
    return b"".join(pieces).splitlines()


# ------------------------------------------------------------------------------------------------------------------------ our own content


@pytest.fixture(scope="module")
def content(published: Settings) -> tuple[NTriples, frozenset[Triple]]:
    aside = {published.names.inferred, published.names.provenance, published.names.vocabulary}
    quads = ox.parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    stated = {quad.triple for quad in quads if quad.graph_name not in aside}
    vocabulary, _ = read_vocabulary(published.ontology, published.root, published.base)
    return to_ntriples(sorted(stated, key=str)), frozenset(vocabulary.triples)


def test_nemo_concludes_from_our_own_content_what_owlrl_does(content: tuple[NTriples, frozenset[Triple]]) -> None:
    reference, fast = (infer(*content, engine=engine) for engine in ("owlrl", "nemo"))
    assert len(lines(fast.triples)) > 500
    assert lines(fast.triples) == lines(reference.triples)
    assert fast.contradictions == reference.contradictions == ()


def test_the_ontology_of_the_repository_needs_no_other_engine(content: tuple[NTriples, frozenset[Triple]]) -> None:
    assert infer(*content).fallback == ""


# ------------------------------------------------------------------------------------------------------------------- invented ontologies

CLASSES, PROPERTIES, THINGS = ["v:A", "v:B", "v:C", "v:D"], ["v:p", "v:q", "v:r", "v:s"], [":a", ":b", ":c", "v:term"]
VALUES = ['"10"^^xsd:integer', '"010"^^xsd:integer', '"x y, \\"z\\" <> <https://vocabulary.example.org/p> "@en-GB', '"""line\nbreak\ttab"""', '""']
a_class, a_property, a_thing, a_value = map(st.sampled_from, (CLASSES, PROPERTIES, THINGS, VALUES))
a_relation = st.one_of(a_property, a_property.map("[ owl:inverseOf {} ]".format))


def some(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: form.format(*values))


def listed(items: st.SearchStrategy[str], least: int = 2) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=least, max_size=3, unique=True).map(lambda members: f"( {' '.join(members)} )")


a_premise = st.recursive(
    a_class,
    lambda inner: st.one_of(
        some("[ a owl:Class ; owl:intersectionOf {} ]", listed(inner)),
        some("[ owl:unionOf {} ]", listed(inner)),
        some("[ a owl:Restriction ; owl:onProperty {} ; owl:someValuesFrom {} ]", a_relation, st.one_of(inner, st.just("owl:Thing"))),
        some("[ owl:onProperty {} ; owl:hasValue {} ]", a_relation, st.just(":a")),
        some("[ owl:onProperty {} ; owl:hasValue {} ]", a_property, a_value),
    ),
    max_leaves=4,
)
a_conclusion = st.recursive(
    a_class,
    lambda inner: st.one_of(
        some("[ owl:intersectionOf {} ]", listed(inner)),
        some("[ owl:onProperty {} ; owl:allValuesFrom {} ]", a_relation, inner),
        some("[ owl:onProperty {} ; owl:hasValue {} ]", a_relation, st.just(":a")),
        some("[ owl:onProperty {} ; owl:hasValue {} ]", a_property, a_value),
        some("[ owl:unionOf {} ]", listed(inner)),
    ),
    max_leaves=4,
)
an_axiom = st.one_of(
    some("{} rdfs:subClassOf {} .", a_premise, a_conclusion),
    some("{} owl:equivalentClass {} .", a_class, a_class),
    some("{} owl:intersectionOf {} .", a_class, listed(a_class)),
    some("{} owl:unionOf {} .", a_class, listed(a_premise)),
    some("{} rdfs:subPropertyOf {} .", a_relation, a_relation),
    some("{} owl:equivalentProperty {} .", a_property, a_property),
    some("{} owl:inverseOf {} .", a_property, a_property),
    some("{} a owl:SymmetricProperty .", a_property),
    some("{} a owl:TransitiveProperty .", a_property),
    some("{} rdfs:domain {} .", a_property, a_conclusion),
    some("{} rdfs:range {} .", a_property, a_conclusion),
    some("{} owl:propertyChainAxiom {} .", a_property, st.lists(a_relation, min_size=1, max_size=4).map(lambda chain: f"( {' '.join(chain)} )")),
    some("v:term {} {} .", a_property, a_thing),
    some("v:term a {} .", a_class),
)
a_ban = st.one_of(
    some("{} owl:disjointWith {} .", a_class, a_class),
    some("[] a owl:AllDisjointClasses ; owl:members {} .", listed(a_class)),
    some("{} owl:complementOf {} .", a_class, a_class),
    some("{} rdfs:subClassOf [ owl:complementOf {} ] .", a_class, a_class),
    some("{} rdfs:subClassOf owl:Nothing .", a_class),
    some("{} rdfs:subClassOf [ owl:onProperty {} ; owl:maxCardinality 0 ] .", a_class, a_property),
    some("{} owl:propertyDisjointWith {} .", a_property, a_property),
    some("{} a owl:IrreflexiveProperty .", a_property),
    some("{} a owl:AsymmetricProperty .", a_property),
    some("[] owl:sourceIndividual {} ; owl:assertionProperty {} ; owl:targetIndividual {} .", a_thing, a_property, a_thing),
    some("[] owl:sourceIndividual {} ; owl:assertionProperty {} ; owl:targetValue {} .", a_thing, a_property, a_value),
)
a_statement = st.one_of(
    some("{} {} {} .", a_thing, a_property, st.one_of(a_thing, a_value)),
    some("{} a {} .", a_thing, a_class),
)


def text(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=most).map("\n".join)


@settings(max_examples=100)
@given(ontology=text(an_axiom, 6), stated=text(a_statement, 6))
def test_nemo_concludes_from_any_ontology_what_owlrl_does(turtle: Turtle, ontology: str, stated: str) -> None:
    axioms, statements = turtle.triples(ontology), turtle.statements(stated)
    assert lines(infer(statements, axioms, engine="nemo").triples) == lines(infer(statements, axioms, engine="owlrl").triples)


@settings(max_examples=100)
@given(ontology=text(an_axiom, 3), bans=text(a_ban, 3), stated=text(a_statement, 6))
def test_nemo_finds_contradictions_where_owlrl_does(turtle: Turtle, ontology: str, bans: str, stated: str) -> None:
    axioms, statements = turtle.triples(ontology + bans), turtle.statements(stated)
    fast, reference = (infer(statements, axioms, engine=engine) for engine in ("nemo", "owlrl"))
    assert bool(fast.contradictions) == bool(reference.contradictions)
    known = axioms | turtle.triples(stated)
    assert all(set(contradiction.statements) <= known for contradiction in fast.contradictions)


def instance_of_its_rule(proof: Proof) -> bool:
    """Tell whether the statements of a proof's last step are those of its rule, with some value for each variable."""
    assert proof.rule is not None
    values: dict[Variable, object] = {}
    pairs = list(zip((proof.rule.head, *proof.rule.body), (proof.statement, *(premise.statement for premise in proof.premises)), strict=True))
    return all(
        (values.setdefault(place, term) if isinstance(place, Variable) else place) == term
        for atom, triple in pairs
        for place, term in ((atom.subject, triple.subject), (atom.predicate, triple.predicate), (atom.object, triple.object))
    )


def steps_of(proof: Proof) -> list[Proof]:
    return [proof, *(step for premise in proof.premises for step in steps_of(premise))]


def checked(proof: Proof, stated: set[Triple], known_rules: set[str]) -> None:
    for step in steps_of(proof):
        if step.rule is None:
            assert step.statement in stated
        else:
            assert step.statement not in stated
            assert step.rule.name in known_rules
            assert instance_of_its_rule(step)
            assert step.statement not in [below.statement for premise in step.premises for below in steps_of(premise)]


# Of texts nothing is said here: a class of texts has no place in a proof.
about_things = some("{} {} {} .", a_thing, a_property, a_thing) | some("{} a {} .", a_thing, a_class)


@settings(max_examples=100)
@given(ontology=text(an_axiom, 6).filter(lambda ontology: '"' not in ontology), stated=st.lists(about_things, max_size=6))
def test_every_conclusion_has_a_proof_of_steps_by_its_rules_from_what_is_stated(turtle: Turtle, ontology: str, stated: list[str]) -> None:
    axioms, known = turtle.triples(ontology), turtle.triples("\n".join(stated))
    statements = to_ntriples(sorted(known, key=str))
    concluded = [quad.triple for piece in infer(statements, axioms, engine="nemo").triples for quad in ox.parse(piece, format=RdfFormat.N_TRIPLES)]
    proofs = explain_all(statements, axioms, concluded)
    assert list(proofs) == concluded
    for triple, proof in proofs.items():
        assert proof.statement == triple
        checked(proof, known | axioms, {rule.name for rule in rules(axioms)})
    backwards = [to_ntriples([triple])[0] for triple in sorted(known, key=str, reverse=True)]
    assert explain_all(backwards, sorted(axioms, key=str, reverse=True), concluded) == proofs


# ------------------------------------------------------------------------------------------------------------------------------ wild terms

a_text = st.text(st.characters(exclude_categories=["Cs"]))
a_literal = st.one_of(
    a_text.map(Literal),
    st.tuples(a_text, st.sampled_from(["en-GB", "nl", "EN", "de-1996"])).map(lambda parts: Literal(parts[0], language=parts[1])),
    st.tuples(a_text, st.sampled_from(["https://example.org/datatype", "http://www.w3.org/2001/XMLSchema#integer"])).map(
        lambda parts: Literal(parts[0], datatype=NamedNode(parts[1]))
    ),
    st.sampled_from(["10", "010", "10.0", "1e1", "+10", "true", "2024-01-01", "12:00:00Z"]).map(Literal),
)
in_an_iri = st.one_of(st.characters(categories=["L", "Nd"]), st.sampled_from(["%C3%A9", "%3E", *"-._~!$&'()*+,;=:@/?"]))
an_iri = st.lists(in_an_iri, max_size=12).map(lambda parts: NamedNode("https://example.org/" + "".join(parts)))


@settings(max_examples=100)
@given(st.lists(st.tuples(an_iri, st.one_of(a_literal, an_iri)), max_size=8))
def test_terms_come_out_as_they_went_in(turtle: Turtle, pairs: list[tuple[NamedNode, Literal | NamedNode]]) -> None:
    v = "https://vocabulary.example.org/"
    stated = to_ntriples([Triple(subject, NamedNode(v + "p"), value) for subject, value in pairs])
    expected = {line.replace(f" <{v}p> ".encode(), f" <{v}q> ".encode(), 1) for line in lines(stated)}
    assert lines(infer(stated, turtle.triples("v:p rdfs:subPropertyOf v:q ."), engine="nemo").triples) == sorted(expected, key=sort_key)


# ------------------------------------------------------------------------------------------------------------------------ what has no rule

UNSUPPORTED = {
    "v:p a owl:FunctionalProperty .": "owl:FunctionalProperty",
    "v:p a owl:InverseFunctionalProperty .": "owl:InverseFunctionalProperty",
    ":a owl:sameAs :b .": "owl:sameAs",
    "v:A owl:hasKey ( v:p ) .": "owl:hasKey",
    "v:A rdfs:subClassOf [ owl:onProperty v:p ; owl:someValuesFrom v:B ] .": "owl:someValuesFrom",
    "v:A owl:equivalentClass [ owl:onProperty v:p ; owl:allValuesFrom v:B ] .": "owl:allValuesFrom",
    "v:A rdfs:subClassOf [ owl:onProperty v:p ; owl:maxCardinality 1 ] .": "owl:maxCardinality",
    "v:A rdfs:subClassOf [ owl:onProperty v:p ; owl:minCardinality 1 ] .": "put together",
    "v:A a owl:Restriction ; owl:onProperty v:p ; owl:hasValue :a .": "",
    "owl:Thing rdfs:subClassOf v:A .": "owl:Thing",
    "rdf:type rdfs:domain v:A .": "rdf:type",
    "v:p rdfs:subPropertyOf rdfs:subClassOf .": "rdfs:subClassOf",
    "[ owl:onProperty v:p ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf v:A .": "xsd:integer",
    "v:A rdfs:subClassOf _:x . v:B rdfs:subClassOf _:x . _:x owl:intersectionOf ( v:C v:D ) .": "share",
    "v:p owl:propertyChainAxiom () .": "empty",
    "v:A rdfs:subClassOf v:B . v:A rdfs:domain v:B .": "both a class and a property",
}


@pytest.mark.parametrize("ontology", UNSUPPORTED)
def test_an_axiom_that_has_no_rule_is_named_and_left_to_owlrl(turtle: Turtle, ontology: str) -> None:
    axioms, statements = turtle.triples(ontology), turtle.statements(":a v:p :b ; a v:A . v:A v:p v:B .")
    with pytest.raises(UnsupportedAxiomError) as raised:
        infer(statements, axioms, engine="nemo")
    assert UNSUPPORTED[ontology] in str(raised.value)
    assert str(raised.value).endswith('set engine = "owlrl" under [inference] in schakel.toml')
    by_default = infer(statements, axioms)
    assert by_default.triples == infer(statements, axioms, engine="owlrl").triples
    assert raised.value.axiom in by_default.fallback


@pytest.mark.parametrize("stated", ["v:p a owl:TransitiveProperty .", "v:A rdfs:subClassOf v:B .", ":a owl:sameAs :b ."])
def test_an_axiom_among_the_statements_is_left_to_owlrl(turtle: Turtle, stated: str) -> None:
    with pytest.raises(UnsupportedAxiomError, match="it stands among the statements"):
        infer(turtle.statements(stated), turtle.triples("v:p rdfs:domain v:A ."), engine="nemo")
    assert infer(turtle.statements(stated), turtle.triples("v:p rdfs:domain v:A .")).fallback


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "urn:example:a", "mailto:a@example.org", "data:text/plain,x", "tag:example.org,2026:a"])
@pytest.mark.parametrize("axiom", ["v:p rdfs:range <{}> .", "v:A rdfs:subClassOf <{}> .", "v:p rdfs:subPropertyOf <{}> ."])
@pytest.mark.parametrize("stated", [":a v:p :b ; a v:A .", ":a v:p :b ; a v:A ; <{}> :c . :c a <{}> ."])
def test_a_term_may_have_an_iri_of_any_scheme(turtle: Turtle, axiom: str, stated: str, iri: str) -> None:
    axioms, statements = turtle.triples(axiom.format(iri)), turtle.statements(stated.format(iri, iri))
    fast = infer(statements, axioms, engine="nemo")
    assert lines(fast.triples) == lines(infer(statements, axioms, engine="owlrl").triples)
    assert f"<{iri}>".encode() in b"".join(fast.triples)


def test_nothing_is_printed_and_no_file_is_left(turtle: Turtle, capfd: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(folder))
        infer(turtle.statements(":a v:p :b ."), turtle.triples("v:p rdfs:domain v:A . v:A owl:disjointWith v:A ."), engine="nemo")
    assert list(folder.iterdir()) == []
    assert capfd.readouterr() == ("", "")
