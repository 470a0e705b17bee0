"""The rules of OWL 2 RL, each by what it concludes or contradicts."""

from pathlib import Path

import pytest
import rdflib

from schakel import infer
from schakel.inference_result import Inference

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def inferred(text: str, **options: bool) -> Inference:
    return infer(graph(text), **options)


def graph(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


def concluded(text: str) -> set[tuple[str, str, str]]:
    """Give conclusions about names of the example, in short."""
    return {(short(s), short(p), short(o)) for s, p, o in inferred(text).triples}


def short(term: str) -> str:
    for begin, prefix in (
        ("<https://example.org/", ":"),
        ("<http://www.w3.org/2002/07/owl#", "owl:"),
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"),
        ("<http://www.w3.org/2000/01/rdf-schema#", "rdfs:"),
    ):
        if term.startswith(begin):
            return prefix + term.removeprefix(begin)[:-1]
    return term


# Axioms and statements; what follows of it, and nothing else about named things does.
CONCLUSIONS = {
    "prp-dom": (":p rdfs:domain :C . :x :p :y .", ":x rdf:type :C"),
    "prp-rng": (":p rdfs:range :C . :x :p :y .", ":y rdf:type :C"),
    "prp-fp": (":p a owl:FunctionalProperty . :x :p :y, :z .", ":y owl:sameAs :z"),
    "prp-ifp": (":p a owl:InverseFunctionalProperty . :x :p :z . :y :p :z .", ":x owl:sameAs :y"),
    "prp-ifp of texts": (':p a owl:InverseFunctionalProperty . :x :p "z" . :y :p "z"^^xsd:token .', ":x owl:sameAs :y"),
    "prp-symp": (":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x"),
    "prp-trp": (":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", ":x :p :z"),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :x :p :y .", ":x :q :y"),
    "prp-spo2": (":r owl:propertyChainAxiom ( :p :q ) . :x :p :y . :y :q :z .", ":x :r :z"),
    "prp-spo2 of one": (":r owl:propertyChainAxiom ( :p ) . :x :p :y .", ":x :r :y"),
    "prp-spo2 of four": (":r owl:propertyChainAxiom ( :p :q :p :q ) . :x :p :y . :y :q :x .", ":x :r :x"),
    "prp-eqp1": (":p owl:equivalentProperty :q . :x :p :y .", ":x :q :y"),
    "prp-eqp2": (":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y"),
    "prp-inv1": (":p owl:inverseOf :q . :x :p :y .", ":y :q :x"),
    "prp-inv2": (":p owl:inverseOf :q . :x :q :y .", ":y :p :x"),
    "prp-inv of a nameless inverse": ("[ owl:inverseOf :p ] rdfs:subPropertyOf :q . :x :p :y .", ":y :q :x"),
    "prp-key": (":C owl:hasKey ( :p :q ) . :x a :C ; :p 1 ; :q 2 . :y a :C ; :p 01 ; :q 2.0 .", ":x owl:sameAs :y"),
    "prp-key of one": (":C owl:hasKey ( :p ) . :x a :C ; :p :z . :y a :C ; :p :z .", ":x owl:sameAs :y"),
    "prp-key looks at the last": (":C owl:hasKey ( :p :q ) . :x a :C ; :p 1 ; :q 2 . :y a :C ; :p 1 ; :q 3 .", ""),
    "prp-key is of a class": (":C owl:hasKey ( :p ) . :x a :C ; :p 1 . :y a :D ; :p 1 .", ""),
    "prp-key tells values apart": (":C owl:hasKey ( :p ) . :x a :C ; :p 1 . :y a :C ; :p 1e0 .", ""),
    "cls-int1": (":C owl:intersectionOf ( :A :B :D ) . :x a :A, :B, :D .", ":x rdf:type :C"),
    "cls-int1 looks at the last": (":C owl:intersectionOf ( :A :B :D ) . :x a :A, :B .", ""),
    "cls-int2": (":C owl:intersectionOf ( :A :B ) . :x a :C .", ":x rdf:type :A; :x rdf:type :B"),
    "cls-uni": (":C owl:unionOf ( :A :B ) . :x a :B .", ":x rdf:type :C"),
    "cls-oo": (":C owl:oneOf ( :x :y ) .", ":x rdf:type :C; :y rdf:type :C"),
    "cls-svf1": ("[ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :C . :x :p :y . :y a :A . :z :p :z .", ":x rdf:type :C"),
    "cls-svf1 of a datatype": ('[ owl:onProperty :p ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf :C . :x :p 1 . :y :p "1" .', ":x rdf:type :C"),
    "cls-svf2": ("[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :C . :x :p :y .", ":x rdf:type :C"),
    "cls-avf": (":C rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :A ] . :x a :C ; :p :y . :z :p :z .", ":y rdf:type :A"),
    "cls-hv1": (":C rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :v ] . :x a :C .", ":x :p :v"),
    "cls-hv2": ("[ owl:onProperty :p ; owl:hasValue :v ] rdfs:subClassOf :C . :x :p :v . :y :p :w .", ":x rdf:type :C"),
    "cls-hv2 of a value": ("[ owl:onProperty :p ; owl:hasValue 1 ] rdfs:subClassOf :C . :x :p 1.0 . :y :p 1e0 .", ":x rdf:type :C"),
    "cls-maxc2": (":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] . :x a :C ; :p :y, :z . :w :p :y, :x .", ":y owl:sameAs :z"),
    "cls-maxqc3": (
        ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass :A ] . :x a :C ; :p :y, :z, :w . :y a :A . :z a :A .",
        ":y owl:sameAs :z",
    ),
    "cls-maxqc4": (
        ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing ] . :x a :C ; :p :y, :z .",
        ":y owl:sameAs :z",
    ),
    "cax-sco": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :x a :A .", ":x rdf:type :B; :x rdf:type :C"),
    "cax-eqc1": (":A owl:equivalentClass :B . :x a :A .", ":x rdf:type :B"),
    "cax-eqc2": (":A owl:equivalentClass :B . :x a :B .", ":x rdf:type :A"),
    "scm-cls, where somebody asks": (":A a owl:Class . [ owl:intersectionOf ( owl:Thing :B ) ] rdfs:subClassOf :C . :x a :A, :B .", ":x rdf:type :C"),
    "scm-svf1": (
        ":A rdfs:subClassOf :B . :x a [ owl:onProperty :p ; owl:someValuesFrom :A ] . [ owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :C .",
        ":x rdf:type :C",
    ),
    "scm-svf2": (
        ":p rdfs:subPropertyOf :q . :x a [ owl:onProperty :p ; owl:someValuesFrom :A ] . [ owl:onProperty :q ; owl:someValuesFrom :A ] rdfs:subClassOf :C .",
        ":x rdf:type :C",
    ),
    "scm-avf2": (
        ":p rdfs:subPropertyOf :q . :x a [ owl:onProperty :q ; owl:allValuesFrom :A ] . [ owl:onProperty :p ; owl:allValuesFrom :A ] rdfs:subClassOf :C .",
        ":x rdf:type :C",
    ),
    "an axiom that follows": (":kind rdfs:subPropertyOf rdfs:subClassOf . :A :kind :B . :x a :A .", ":x rdf:type :B"),
    "an axiom that follows late": (
        ":p rdfs:domain owl:TransitiveProperty . :q rdfs:subPropertyOf :p . :r :q :s . :x :r :y . :y :r :z . :z :r :w .",
        ":r :p :s; :x :r :z; :y :r :w; :x :r :w",
    ),
    "a property of a property of the language": ("rdf:type rdfs:subPropertyOf :kind . :x a :A .", ":x :kind :A"),
    "variables are not captured": (
        "[ owl:onProperty :q ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf [ owl:onProperty :s ; owl:allValuesFrom :A ] . :x :q :y ; :s :z .",
        ":z rdf:type :A",
    ),
}


@pytest.mark.parametrize("name", CONCLUSIONS)
def test_conclusions(name: str) -> None:
    text, expected = CONCLUSIONS[name]
    wanted = {tuple(each.split()) for each in expected.split("; ")} if expected else set()
    axioms = {"rdfs:subClassOf", "rdfs:subPropertyOf"}
    assert {each for each in concluded(text) if each[1] not in axioms and not each[0].startswith("rdf")} == wanted


CONTRADICTIONS = {
    "eq-diff1": ":x owl:sameAs :y . :y owl:sameAs :z . :z owl:differentFrom :x .",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( :x :y :z ) . :y owl:sameAs :z .",
    "eq-diff3": "[] a owl:AllDifferent ; owl:distinctMembers ( :x :y :z ) . :z owl:sameAs :x .",
    "prp-irp": ":p a owl:IrreflexiveProperty . :x :p :x .",
    "prp-asyp": ":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :x :p 1 ; :q 1.0 .",
    "prp-adp": "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :p :y ; :r :y .",
    "prp-npa1": "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y . :x :p :y .",
    "prp-npa2": "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetValue 1 . :x :p 01 .",
    "cls-nothing2": ":x a owl:Nothing .",
    "cls-com": ":A owl:complementOf :B . :x a :A, :B .",
    "cls-maxc1": ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 0 ] . :x a :C ; :p :y .",
    "cls-maxqc1": ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass :A ] . :x a :C ; :p :y . :y a :A .",
    "cls-maxqc2": ":C rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing ] . :x a :C ; :p :y .",
    "cax-dw": ":A owl:disjointWith :B . :x a :A . :y a :B . :x owl:sameAs :y .",
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :A, :C .",
    "dt-not-type": ":p rdfs:range xsd:byte . :x :p 300 .",
    "dt-not-type by a class": ':C rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom xsd:integer ] . :x a :C ; :p "1" .',
    "prp-fp dt-diff": ':p a owl:FunctionalProperty . :x :p 1, 01, "one" .',
    "prp-fp dt-diff by two names": ":p a owl:FunctionalProperty . :x owl:sameAs :y . :x :p 1 . :y :p 2 .",
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions(name: str) -> None:
    found = inferred(CONTRADICTIONS[name])
    assert found.contradiction_count == 1
    assert found.contradictions[0].rule == name.partition(" by ")[0]
    # All that was stated about things is needed here, but for values that agree.
    stated = {term.n3() for triple in graph(CONTRADICTIONS[name]) for term in triple if str(term).startswith("https://example.org/")}
    named = {term for triple in found.contradictions[0].statements for term in triple if term.startswith("<https://example.org/")}
    assert named == stated


def test_valid_values_are_no_contradictions() -> None:
    ranges = {"float": "NaN INF -INF -0", "double": "NaN INF -0", "date": "0000-01-01 -0044-03-15 12000-01-01", "gYear": "-0044 12000"}
    texts = [f':{name} rdfs:range xsd:{name} . :x :{name} "{value}"^^xsd:{name} .' for name, values in ranges.items() for value in values.split()]
    texts += [':s rdfs:range xsd:dateTime . :x :s "2000-01-01T00:00:00.1234567890123456789Z"^^xsd:dateTime .', ":d rdfs:range xsd:decimal . :x :d 1 ."]
    assert inferred("\n".join(texts)).consistent


def test_values_that_are_equal_and_not_the_same_differ() -> None:
    text = ':p a owl:FunctionalProperty . :x :p "0"^^xsd:float, "-0"^^xsd:float .'
    assert not inferred(text).consistent
    assert inferred(text.replace("-0", "+0")).consistent


def test_unknown_datatypes_contradict_nothing() -> None:
    assert inferred(':p a owl:FunctionalProperty ; rdfs:range :metre . :x :p "1"^^:metre, "2"^^:metre .').consistent


def test_conclusions_keep_literals_as_stated(tmp_path: Path) -> None:
    # From a file, as rdflib writes literals anew.
    (tmp_path / "data.ttl").write_text(PREFIXES + ":p rdfs:subPropertyOf :q . :C owl:hasKey ( :p ) . :x :p 01 . :y :p 1.50 ; :p 1.5 .")
    assert {(short(s), short(p), short(o)) for s, p, o in infer(tmp_path).triples} == {
        (":x", ":q", '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (":y", ":q", '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (":y", ":q", '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    }


def test_what_is_the_same_is_concluded_about_one_name() -> None:
    text = ":p rdfs:subPropertyOf :q . :b owl:sameAs :a . :c owl:sameAs :b . :c :p :d ."
    assert concluded(text) == {(":a", ":q", ":d"), (":a", "owl:sameAs", ":b"), (":a", "owl:sameAs", ":c")}
    everything = {(short(s), short(p), short(o)) for s, p, o in inferred(text, everything=True).triples}
    assert {(s, p, ":d") for s in (":a", ":b", ":c") for p in (":p", ":q")} - {(":c", ":p", ":d")} <= everything
    same = {(s, "owl:sameAs", o) for s in (":a", ":b", ":c") for o in (":a", ":b", ":c") if s != o}
    assert same - everything == {(":b", "owl:sameAs", ":a"), (":c", "owl:sameAs", ":b")}


def test_the_same_class_or_property_has_the_same_rules() -> None:
    text = ":A owl:sameAs :B . :p owl:sameAs :q . :B rdfs:subClassOf :C . :q rdfs:domain :B . :x :p :y ."
    assert {(":x", "rdf:type", ":C"), (":x", "rdf:type", ":A")} <= concluded(text)


def test_equalities_that_follow_meet_rules_that_follow() -> None:
    text = """
        :id a owl:InverseFunctionalProperty . :A :id 1 . :B :id 01 . :x a :A . :B rdfs:subClassOf :C . :C owl:disjointWith :D . :x a :D .
    """
    found = inferred(text)
    assert not found.consistent
    assert {short(triple[1]) for triple in found.contradictions[0].statements} == {":id", "rdf:type", "rdfs:subClassOf", "owl:disjointWith"}


def test_rules_that_come_later_leave_the_earlier_ones_as_they_are() -> None:
    text = ":C a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( :A :B ) ] . :A rdfs:subClassOf :D . :x a :C ."
    found = {(short(s), short(o)) for s, _, o in inferred(text, everything=True).triples}
    assert {(":x", ":A"), (":x", ":B"), (":x", ":D")} <= found


def test_lists_that_do_not_end_are_named() -> None:
    found = inferred(":C owl:intersectionOf _:a . _:a rdf:first :A ; rdf:rest _:a . :D owl:unionOf ( :A ) . :x a :A .")
    assert [short(triple[0]) for triple in found.unreadable_axioms] == [":C"]
    assert ("<https://example.org/x>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://example.org/D>") in found.triples


def test_explanations_lead_to_what_is_stated() -> None:
    text = """
        :p rdfs:subPropertyOf :q . :q a owl:InverseFunctionalProperty . :x :p :z . :y :q :z . :y :r :w . :r rdfs:range :C . :D owl:disjointWith :C .
        :v owl:sameAs :w .
    """
    found = inferred(text, explain=True)
    stated = {tuple(term.n3() for term in triple) for triple in graph(text)}
    assert set(found.explanations) == set(found.triples)
    for explanation in found.explanations.values():
        pending = [explanation]
        while pending:
            at = pending.pop()
            assert (at.triple in stated) is (not at.rule)
            pending += at.premises
    member = found.explanations["<https://example.org/v>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://example.org/C>"]
    assert "owl:sameAs" in "\n".join(member.lines())


def test_files_and_imports(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(PREFIXES + ":x a :A .")
    (tmp_path / "terms.ttl").write_text(PREFIXES + "<https://example.org/terms> a owl:Ontology ; owl:imports :more, :missing . :A rdfs:subClassOf :B .")
    (tmp_path / "more.ttl").write_text(PREFIXES + ":more a owl:Ontology . :B rdfs:subClassOf :C .")
    found = infer(tmp_path / "data.ttl", tmp_path / "terms.ttl")
    assert [short(triple[2]) for triple in found.triples] == [":B", ":C"]
    assert found.missing_imports == ("https://example.org/missing",)
    assert len(found.to_rdflib()) == 2
    assert "example.org" in found.to_turtle()
