"""The fast validator gives what the reference engine gives: on the project's own graph, on every example, on graphs broken at random, and shape by shape."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from schakel import Settings
from schakel.errors import ShapesUnusableError
from schakel.graph import NTriples, read_rdf, to_ntriples
from schakel.namespaces import OWL, RDF, SH, SKOS, XSD
from schakel.validation import Judgement, named_shapes, validate

REPOSITORY = Path(__file__).parents[2]
BASE = "https://example.org/"
PREFIXES = """
@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

Keys = set[tuple[str, ...]]


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]


def keys(judgement: Judgement) -> Keys:
    return {result.sort_key() for result in judgement.results}


def agreed(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
    """Have both engines judge, compare what they found, and give what the fast one said; where the reference engine cannot, neither can the other."""
    try:
        expected = keys(validate(data, shapes, engine="pyshacl"))
    except ShapesUnusableError:
        with pytest.raises(ShapesUnusableError):
            validate(data, shapes, engine="shacl-rust")
        return Judgement(())
    judgement = validate(data, shapes, engine="shacl-rust")
    found = keys(judgement)
    assert (sorted(expected - found), sorted(found - expected)) == ([], [])
    return judgement


def read(paths: Iterable[Path]) -> list[Triple]:
    return [triple for path in sorted(paths) for triple in read_rdf(path, BASE).triples]


@cache
def own_shapes() -> tuple[Triple, ...]:
    return tuple(named_shapes({path.name: read_rdf(path, BASE).triples for path in sorted((REPOSITORY / "shapes").glob("*.ttl"))}, BASE))


@cache
def ontology() -> tuple[Triple, ...]:
    """The ontology with few of its concepts, so that they are not judged again with every example."""
    every = read((REPOSITORY / "ontology").rglob("*.ttl"))
    kept = {str(each) for each in sorted({triple.subject for triple in every if triple.object == SKOS.Concept}, key=str)[::12]}
    return tuple(triple for triple in every if triple.object != SKOS.Concept or str(triple.subject) in kept)


@cache
def examples() -> tuple[Triple, ...]:
    return tuple(read((REPOSITORY / "tests" / "shapes").glob("*/*.ttl")))


# ------------------------------------------------------------------------------------------------------------------- the project's own shapes


def test_they_agree_on_the_graph_of_the_project(published: Settings) -> None:
    agreed([(published.publication / "download" / "graph.nt").read_bytes()], own_shapes())


def test_they_agree_on_all_examples_in_one_graph() -> None:
    judgement = agreed(to_ntriples({*ontology(), *examples()}), own_shapes())
    assert len({result.shape for result in judgement.results}) > 100


@pytest.mark.parametrize("folder", sorted(path.name for path in (REPOSITORY / "tests" / "shapes").iterdir()))
def test_they_agree_on_each_folder_of_examples(folder: str) -> None:
    agreed(to_ntriples(read((REPOSITORY / "tests" / "shapes" / folder).glob("*.ttl"))), own_shapes())


def test_all_shapes_of_the_project_are_judged_fast(published: Settings) -> None:
    judgement = validate([(published.publication / "download" / "graph.nt").read_bytes()], own_shapes())
    assert judgement.by_reference == {}


def test_every_shape_that_can_report_has_a_name() -> None:
    shapes = own_shapes()
    reporting = {triple.object for triple in shapes if triple.predicate == SH.property}
    reporting |= {triple.subject for triple in shapes if triple.predicate in {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}}
    assert len(reporting) > 150
    assert [str(shape) for shape in reporting if not isinstance(shape, NamedNode)] == []


STRANGE = [
    Literal(""),
    Literal("x"),
    Literal(" \n"),
    Literal("a\u00a0b\t", language="nl"),
    Literal("nåde", language="en-gb"),
    Literal("07", datatype=XSD.integer),
    Literal("-3", datatype=XSD.integer),
    Literal("101", datatype=XSD.integer),
    Literal("seven", datatype=XSD.integer),
    Literal("12.50", datatype=XSD.decimal),
    Literal("1e3", datatype=XSD.double),
    Literal("2021-02-30", datatype=XSD.date),
    Literal("2021-02-29", datatype=XSD.date),
    Literal("2021-05-01", datatype=XSD.date),
    Literal("2021-05", datatype=XSD.gYearMonth),
    Literal("2021-13", datatype=XSD.gYearMonth),
    Literal("2021", datatype=XSD.gYear),
    Literal("20x1", datatype=XSD.gYear),
    Literal("2021\n"),
    BlankNode("strange"),
    NamedNode(f"{BASE}strange"),
]


def broken(whole: Sequence[Triple], random: Random, faults: int) -> list[Triple]:
    """Drop statements, and put other objects, strange ones or those of other statements, in the place of theirs."""
    statements = sorted(whole, key=str)
    for _ in range(faults):
        at = random.randrange(len(statements))
        one = statements[at]
        kind = random.random()
        if kind < 0.3:
            del statements[at]
        elif one.predicate not in {RDF.type, OWL.imports}:
            object_ = random.choice(STRANGE) if kind < 0.8 else random.choice(statements).object
            if kind < 0.9:
                statements[at] = Triple(one.subject, one.predicate, object_)
            else:
                statements.append(Triple(one.subject, one.predicate, object_))
    return statements


@of_hypothesis(max_examples=4)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_examples_broken_at_random(random: Random) -> None:
    files = [list(group) for _, group in groupby(sorted(examples(), key=str), key=lambda triple: str(triple.subject)[:-1].rpartition("/")[0])]
    some = [triple for group in random.sample(files, min(25, len(files))) for triple in group]
    agreed(to_ntriples({*ontology()[:: random.choice((1, 7))], *broken(some, random, 60)}), own_shapes())


# ------------------------------------------------------------------------------------------------------------------- every kind of constraint

THINGS = """
:a a :Thing ; :p :b, "x", "y"@en ; :q 1, 5 ; :r "2020-01-01"^^xsd:date ; :s "2021-01-01"^^xsd:date ; :t :c .
:b a :Small ; :p "Z"@EN-us, "zz"@en ; :q "07"^^xsd:integer, "x" ; :r 5 ; :s 3 ; :t :b .
:c a :Thing, :Small ; :p [ a :Small ; :p "in" ], :a ; :q 2.5, "2.50"^^xsd:decimal, "inf"^^xsd:double ; :r "2020-02-30"^^xsd:date ; :s "2020" ; :t :a, :d .
:d a :Thing ; :q true, "1"^^xsd:boolean, "2020"^^xsd:gYear, "20x0"^^xsd:gYear ; :p "line\\nbreak", "tab\\t", "ünï", "" .
:e :p :a ; :q "-1"^^xsd:nonNegativeInteger, "9999999999999999999999"^^xsd:integer .
:f a :Lone ; :t :f .
:Small rdfs:subClassOf :Thing .
:sub rdfs:subPropertyOf :p .
:g :sub :h .
"""

# Shapes of one kind each, and whether the fast validator judges them without the reference engine.
CONSTRAINTS = {
    "class": (":P sh:path :p ; sh:class :Thing .", True),
    "two classes": (":P sh:path :p ; sh:class :Thing, :Lone .", True),
    "datatype string": (":P sh:path :p ; sh:datatype xsd:string .", True),
    "datatype text in a language": (":P sh:path :p ; sh:datatype rdf:langString .", True),
    "datatype integer": (":P sh:path :q ; sh:datatype xsd:integer .", False),
    "datatype year": (":P sh:path :q ; sh:datatype xsd:gYear .", False),
    "datatype date": (":P sh:path :r ; sh:datatype xsd:date .", False),
    "datatype boolean": (":P sh:path :q ; sh:datatype xsd:boolean .", False),
    "datatype double": (":P sh:path :q ; sh:datatype xsd:double .", False),
    "datatype of one's own": (":P sh:path :q ; sh:datatype :own .", True),
    "node kind": (":P sh:path :p ; sh:nodeKind sh:IRI .", True),
    "node kind, literal": (":P sh:path :p ; sh:nodeKind sh:BlankNodeOrLiteral .", True),
    "counts": (":P sh:path :p ; sh:minCount 2 ; sh:maxCount 2 .", True),
    "lengths": (":P sh:path :p ; sh:minLength 2 ; sh:maxLength 3 .", True),
    "pattern": (":P sh:path :q ; sh:pattern '^[0-9]+$' .", True),
    "pattern, text that ends in a line break": (":P sh:path :p ; sh:pattern '^[a-z]+$' .", False),
    "pattern, of white space": (":P sh:path :p ; sh:pattern '\\\\S' .", False),
    "pattern, letters": (":P sh:path :p ; sh:pattern '^\\\\w+$' .", False),
    "pattern, small or great": (":P sh:path :p ; sh:pattern '^X' ; sh:flags 'i' .", False),
    "pattern, looking ahead": (":P sh:path :p ; sh:pattern '^(?!x)' .", False),
    "smallest": (":P sh:path :q ; sh:minInclusive 2 .", False),
    "greater": (":P sh:path :q ; sh:minExclusive 2 .", False),
    "greatest": (":P sh:path :r ; sh:maxInclusive 4 .", False),
    "less than a date": (":P sh:path :r ; sh:maxExclusive '2020-06-01'^^xsd:date .", False),
    "languages": (":P sh:path :p ; sh:languageIn ( 'en' 'nl' ) .", True),
    "one of a language": (":P sh:path :p ; sh:uniqueLang true .", True),
    "equal": (":P sh:path :p ; sh:equals :t .", True),
    "disjoint": (":P sh:path :p ; sh:disjoint :t .", True),
    "in order": (":P sh:path :r ; sh:lessThan :s .", False),
    "in order or equal": (":P sh:path :r ; sh:lessThanOrEquals :s .", False),
    "one value": (":P sh:path :p ; sh:hasValue :a, 'x' .", True),
    "in a list": (":P sh:path :p ; sh:in ( :a :b 'x' 'y'@en ) .", True),
    "in an empty list": (":P sh:path :p ; sh:in () .", False),
    "and": (":P sh:path :p ; sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class :Thing ] ) .", True),
    "or": (":P sh:path :p ; sh:or ( [ sh:nodeKind sh:Literal ] [ sh:class :Small ] ) .", True),
    "exactly one": (":P sh:path :p ; sh:xone ( [ sh:class :Thing ] [ sh:class :Small ] ) .", True),
    "not": (":P sh:path :p ; sh:not [ sh:class :Small ] .", True),
    "not, twice": (":P sh:path :p ; sh:not [ sh:class :Small ], [ sh:nodeKind sh:Literal ] .", False),
    "node": (":P sh:path :p ; sh:node :N . :N a sh:NodeShape ; sh:class :Thing ; sh:property [ sh:path :p ; sh:minCount 1 ] .", True),
    "node, of literals": (":P sh:path :p ; sh:node :N . :N a sh:NodeShape ; sh:maxLength 1 .", False),
    "property of a property": (":P sh:path :t ; sh:property :Q . :Q sh:path :p ; sh:minCount 2 .", True),
    "property of a property, in doubt": (":P sh:path :t ; sh:property :Q . :Q sh:path :q ; sh:datatype xsd:integer .", False),
    "qualified": (":P sh:path :p ; sh:qualifiedValueShape [ sh:class :Small ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 .", True),
    "a text in a language": (":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 .", True),
    "a text in one of two languages, and more": (
        (
            ":P sh:path :p ; sh:qualifiedValueShape :N ; sh:qualifiedMinCount 1 ; sh:minCount 2 ; sh:severity sh:Info ; sh:message 'Of {$this}: {?value}' ."
            ":N a sh:NodeShape ; sh:languageIn ( 'NL' 'EN-US' ) ; sh:name 'N' ; rdfs:comment 'N' ."
        ),
        True,
    ),
    "a text in a language, and in another": (
        (
            ":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 . :T sh:property :Q ."
            ":Q sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en-us' ) ] ; sh:qualifiedMinCount 1 ."
        ),
        True,
    ),
    "a text in a language, and values in doubt": (
        ":P sh:path :q ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 ; sh:datatype xsd:integer .",
        False,
    ),
    "two texts in a language": (":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 2 .", False),
    "one text in a language": (":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 .", False),
    "a short text in a language": (":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ; sh:maxLength 1 ] ; sh:qualifiedMinCount 1 .", False),
    "a text in a language, far": (":P sh:path ( :p :p ) ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 .", False),
    "a text in a language, of what it leads to": (
        ":P sh:path :t ; sh:property :Q . :Q sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 .",
        False,
    ),
    "a text in a language, or none": (
        ":T sh:not [ sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 ] .",
        False,
    ),
    "qualified, disjoint": (
        (
            ":P sh:path :p ; sh:qualifiedValueShape [ sh:class :Small ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ."
            ":T sh:property :Q . :Q sh:path :p ; sh:qualifiedValueShape [ sh:class :Thing ] ; sh:qualifiedMinCount 1 ."
        ),
        False,
    ),
    "deactivated": (":P sh:path :p ; sh:maxCount 0 ; sh:deactivated true .", True),
    "not a deactivated one": (":P sh:path :p ; sh:not [ sh:class :Thing ; sh:deactivated true ] .", False),
    "severity": (":P sh:path :p ; sh:maxCount 0 ; sh:severity sh:Info .", True),
    "message": (":P sh:path :p ; sh:nodeKind sh:IRI ; sh:message 'No {?value} of {$this}, {$path}, {?other}'@en, 'Geen'@nl, 'Nee'@nl, 'plain' .", True),
    "path, inverse": (":P sh:path [ sh:inversePath :p ] ; sh:minCount 1 ; sh:class :Thing .", True),
    "path, sequence": (":P sh:path ( :p :t ) ; sh:minCount 1 ; sh:class :Small .", True),
    "path, sequence, in doubt": (":P sh:path ( :t :q ) ; sh:minInclusive 2 .", False),
    "path, alternatives": (":P sh:path [ sh:alternativePath ( :p [ sh:inversePath :t ] ) ] ; sh:nodeKind sh:IRI ; sh:maxCount 2 .", True),
    "path, zero or more": (":P sh:path [ sh:zeroOrMorePath :t ] ; sh:class :Small .", True),
    "path, zero or one": (":P sh:path [ sh:zeroOrOnePath :t ] ; sh:class :Small .", True),
    "path, one or more": (":P sh:path [ sh:oneOrMorePath :t ] ; sh:class :Small .", False),
    "path, and back again": (":P sh:path ( :p [ sh:inversePath :p ] ) ; sh:maxCount 1 .", False),
    "path, of the type": (":P sh:path rdf:type ; sh:hasValue :Thing .", True),
    "path, types and classes above": (":P sh:path ( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] ) ; sh:hasValue :Thing .", True),
    "own constraints": (
        ":T sh:property [ sh:path :p ] ; sh:nodeKind sh:BlankNode ; sh:or ( [ sh:class :Small ] [ sh:property [ sh:path :q ; sh:minCount 3 ] ] ) .",
        True,
    ),
    "own constraints, in doubt": (":T sh:not [ sh:property [ sh:path :q ; sh:datatype xsd:decimal ] ] .", False),
    "closed": (":T sh:closed true ; sh:ignoredProperties ( :p ) . :P sh:path :q ; sh:maxCount 9 .", True),
    "closed, with a property in doubt": (":T sh:closed true ; sh:property [ sh:path ( :p :p ) ] .", False),
    "a term that is no part of SHACL": (":P sh:path :p ; :note 'careful' ; rdfs:label 'P' ; sh:minCount 3 .", True),
    "a component of one's own": (
        (
            ":P sh:path :q ; :above 3 . :Above a sh:ConstraintComponent ; sh:parameter [ sh:path :above ] ; "
            "sh:validator [ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER ($value > $above) }' ] ."
        ),
        False,
    ),
    "a rule": (":T sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :p ; sh:object :x ] . :P sh:path :p ; sh:minCount 3 .", False),
    "an expression": (":T sh:expression [ sh:path :p ] . :P sh:path :p ; sh:minCount 3 .", False),
}
TARGETS = {
    "class": ":T sh:targetClass :Thing .",
    "node": ":T sh:targetNode :a, :e, :nowhere .",
    "subjects": ":T sh:targetSubjectsOf :q .",
    "objects": ":T sh:targetObjectsOf :p .",
    "several": ":T sh:targetClass :Lone ; sh:targetNode :b ; sh:targetSubjectsOf :t .",
}


def with_shape(constraint: str, target: str) -> list[Triple]:
    return triples(
        f":T a sh:NodeShape ; sh:property :P . :P a sh:PropertyShape ; sh:path :p . {target} {constraint}".replace(
            ":P a sh:PropertyShape ; sh:path :p .", ":P a sh:PropertyShape ." if ":P sh:path" in constraint else ":P a sh:PropertyShape ; sh:path :p ."
        )
    )


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_they_agree_on_each_kind_of_constraint(name: str) -> None:
    constraint, fast = CONSTRAINTS[name]
    shapes = named_shapes({"own.ttl": with_shape(constraint, TARGETS["class"])}, BASE)
    judgement = agreed(to_ntriples(triples(THINGS)), shapes)
    assert (judgement.by_reference == {}) == fast, judgement.by_reference


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", CONSTRAINTS)
def test_they_agree_on_each_kind_of_target(name: str, target: str) -> None:
    shapes = named_shapes({"own.ttl": with_shape(CONSTRAINTS[name][0], TARGETS[target])}, BASE)
    agreed(to_ntriples(triples(THINGS)), shapes)


def test_a_class_may_be_a_shape_of_its_instances() -> None:
    shapes = triples(":Thing a sh:NodeShape, rdfs:Class ; sh:property :P . :P sh:path :p ; sh:datatype xsd:string ; sh:minCount 3 .")
    judgement = agreed(to_ntriples(triples(THINGS)), shapes)
    assert (len(judgement.results) > 3, judgement.by_reference) == (True, {})


def test_what_is_of_the_type_of_a_shape_that_is_no_class_is_no_focus_node_of_it() -> None:
    shapes = """
        :T a sh:NodeShape ; sh:targetClass :Small ; sh:property :P ; sh:sparql :Q . :P sh:path :r ; sh:qualifiedValueShape :N ; sh:qualifiedMinCount 1 .
        :Q sh:select "SELECT $this { $this <https://example.org/p> ?any }" . :N sh:languageIn ( "en" ) .
    """
    judgement = agreed(to_ntriples(triples(THINGS + ":z a :T ; :p 1 .")), triples(shapes))
    focus = {str(result.focus) for result in judgement.results}
    assert (f"<{BASE}b>" in focus, f"<{BASE}z>" in focus, judgement.by_reference) == (True, False, {})


def test_each_target_of_a_text_that_is_wanted_is_asked_for_it() -> None:
    text = ":P sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 ."
    shapes = triples(f":T sh:targetClass :Lone ; sh:property :P . :S sh:targetClass :Small ; sh:property :P . :U sh:targetNode :e ; sh:node :S . {text}")
    judgement = agreed(to_ntriples(triples(THINGS)), named_shapes({"own.ttl": shapes}, BASE))
    assert set(judgement.by_reference) == {f"{BASE}U"}
    assert {each for each in ("e", "f") for result in judgement.results if str(result.focus) == f"<{BASE}{each}>"} == {"e", "f"}


ILL_FORMED = {
    "node shape with a path": ":X a sh:NodeShape ; sh:path :p .",
    "both": ":X a sh:NodeShape, sh:PropertyShape ; sh:path :p .",
    "property shape without a path": ":X a sh:PropertyShape .",
    "two paths": ":X a sh:PropertyShape ; sh:path :p, :q .",
    "two paths, said by nobody to be one": ":X sh:property :Y . :Y sh:path :p, :q .",
    "two paths, of what has targets": ":X sh:targetNode :a ; sh:path :p, :q .",
    "off and not": ":X a sh:NodeShape ; sh:deactivated true, false .",
    "off by name": ":X a sh:NodeShape ; sh:deactivated :yes .",
    "off by name, in a list": ":X sh:or ( [ sh:deactivated :yes ] ) .",
    "an empty list": ":X sh:and () .",
    "a list that is none": ":X sh:xone :Y .",
}


@pytest.mark.parametrize("name", ILL_FORMED)
def test_what_is_wrong_with_a_shape_that_nothing_leads_to_is_told_as_by_the_reference_engine(name: str) -> None:
    sound = ":T a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P . :P a sh:PropertyShape ; sh:path :p ; sh:minCount 3 ."
    assert agreed(to_ntriples(triples(THINGS)), triples(sound)).results
    agreed(to_ntriples(triples(THINGS)), triples(sound + ILL_FORMED[name]))


def test_a_shape_that_leads_back_to_itself_is_left_to_the_reference_engine() -> None:
    shapes = triples(":T a sh:NodeShape ; sh:targetNode :a ; sh:property :P . :P sh:path :u ; sh:node :T ; sh:maxCount 1 .")
    judgement = agreed(to_ntriples(triples(":a :u :b . :b :u :c, :d .")), shapes)
    assert set(judgement.by_reference) == {f"{BASE}P"}
    assert len(judgement.results) == 1


def test_properties_below_a_targets_property_are_no_targets() -> None:
    shapes = triples(":T a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :P . :P sh:path :q ; sh:minCount 9 .")
    judgement = agreed(to_ntriples(triples(THINGS)), shapes)
    assert NamedNode(f"{BASE}g") not in {result.focus for result in judgement.results}


QUERIES = {
    "plain": ("SELECT $this ?value { $this :q ?value FILTER(?value > 1) }", False),
    "of IRIs": ("SELECT $this ?value { $this :p ?value FILTER(isIRI(?value)) }", True),
    "without a value": ("SELECT $this { $this :t $this }", True),
    "along the path": ("SELECT $this ?value { $this $PATH ?value FILTER NOT EXISTS { ?value a :Small } }", True),
    "of a chain": ("SELECT $this ?value { $this :t+ ?value . ?value :t $this }", True),
    "distinct, in two ways": ("SELECT DISTINCT $this ?value { { $this :p ?value } UNION { ?value :t $this } FILTER(?value != $this) }", True),
    "grouped": ("SELECT $this ?value { $this :t ?value ; :p ?other } GROUP BY $this ?value HAVING (COUNT(?other) > 1)", True),
    "a sum": ("SELECT $this (COUNT(?other) AS ?value) { $this :p ?other } GROUP BY $this", False),
    "where there is none": (
        "SELECT $this { $this :p ?o OPTIONAL { ?o :t ?further } FILTER(!BOUND(?further) && EXISTS { $this :t ?x FILTER(?x != $this) }) }",
        True,
    ),
    "of $this alone": ("SELECT $this { FILTER($this = :a) }", False),
    "of $this in a group": ("SELECT $this { $this :t ?o { ?o :p ?x FILTER($this != ?x) } }", False),
    "bound to another": ("SELECT $this { $this :t ?o BIND($this AS ?that) ?o :p ?that }", True),
    "first where optional": ("SELECT $this { ?o a :Thing OPTIONAL { $this :t ?o } }", False),
    "one of many": ("SELECT $this { $this :t ?o } LIMIT 1", False),
    "any property": ("SELECT $this ?value { $this ?p ?value }", False),
    "no length": ("SELECT $this ?value { $this :t* ?value }", False),
    "everything": ("SELECT * { $this :p ?value }", True),
    "a brace in a remark": ("# {x}\\nSELECT $this ?value { $this :p ?value }", True),
    "inner query": ("SELECT $this { $this :t ?o { SELECT $this { $this :q ?x } } }", False),
    "by pattern": ("SELECT $this ?value { $this :p ?value FILTER(REGEX(STR(?value), 'b')) }", False),
}


@pytest.mark.parametrize("own", [False, True], ids=["of a property", "of the node"])
@pytest.mark.parametrize("name", QUERIES)
def test_they_agree_on_constraints_in_sparql(name: str, own: bool) -> None:  # noqa: FBT001  # two ways, by name
    query, fast = QUERIES[name]
    if own and "$PATH" in query:
        pytest.skip("a node has no path")
    shapes = triples(f"""
        :T a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P . :P sh:path :p .
        {":T" if own else ":P"} sh:sparql :Q ; sh:message "Not {{?value}}"@en .
        :Q a sh:SPARQLConstraint ; sh:message "Niet {{?value}} van {{$this}}"@nl ; sh:select "PREFIX : <https://example.org/> {query}" .
    """)
    judgement = agreed(to_ntriples(triples(THINGS)), shapes)
    assert (judgement.by_reference == {}) == fast, judgement.by_reference


@of_hypothesis(max_examples=40)
@given(
    st.lists(st.sampled_from(sorted(CONSTRAINTS)), min_size=2, max_size=4, unique=True),
    st.sampled_from(sorted(TARGETS)),
    st.randoms(use_true_random=False),
)
def test_they_agree_on_random_shapes_and_random_data(names: list[str], target: str, random: Random) -> None:
    files = {}
    for number, name in enumerate(names):
        renamed = (
            CONSTRAINTS[name][0].replace(":P ", f":P{number} ").replace(":N ", f":N{number} ").replace(":Q ", f":Q{number} ").replace(":T ", f":T{number} ")
        )
        shape = f":T{number} a sh:NodeShape ; sh:property :P{number} . :P{number} a sh:PropertyShape . " + TARGETS[target].replace(":T ", f":T{number} ")
        if f":P{number} sh:path" not in renamed:
            shape += f":P{number} sh:path :p . "
        files[f"{number}.ttl"] = triples(shape + renamed)
    agreed(to_ntriples(broken(triples(THINGS), random, 12)), named_shapes(files, BASE))
