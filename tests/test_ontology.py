"""The ontology and its concept schemes: complete in three languages, aligned with reasons, and concluding exactly what analysts ask for."""

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from schakel import Settings, infer

REPOSITORY = Path(__file__).parent.parent
ENGINES = ("owlrl", "schakel")
ONTOLOGY = REPOSITORY / "ontology"
SK = rdflib.Namespace("https://w3id.org/schakel/ns#")
SCHAKEL = URIRef("https://w3id.org/schakel/ns")
LANGUAGES = {"en", "nl", "nb", "nn"}
MATCHES = (RDFS.seeAlso,)
RDF_ITSELF = (str(RDF), str(rdflib.XSD))


@cache
def file(name: str) -> Graph:
    return Graph().parse(ONTOLOGY / name)


@cache
def everything() -> Graph:
    graph = Graph()
    for path in sorted(ONTOLOGY.rglob("*.ttl")):
        graph.parse(path)
    return graph


SCHEMES = sorted(path.name for path in (ONTOLOGY / "concepts").glob("*.ttl"))
OWN_TERMS = sorted({str(s) for s in everything().subjects() if str(s).startswith(str(SK))})


def languages(graph: Graph, subject: Node, predicate: Node) -> list[str | None]:
    return sorted(str(text.language) for text in graph.objects(subject, predicate) if isinstance(text, Literal))


# --------------------------------------------------------------------------------------------------------------------------- our terms


@pytest.mark.parametrize("iri", OWN_TERMS, ids=lambda iri: iri.removeprefix(str(SK)))
def test_a_term_of_ours_has_a_label_and_a_definition_in_every_language_and_names_its_ontology(iri: str) -> None:
    term, ontology = URIRef(iri), file("schakel.ttl")
    assert languages(ontology, term, RDFS.label) == sorted(LANGUAGES)
    assert languages(ontology, term, SKOS.definition) == sorted(LANGUAGES)
    assert set(ontology.objects(term, RDFS.isDefinedBy)) == {SCHAKEL}
    assert set(ontology.objects(term, RDF.type)) & {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


def test_the_terms_that_the_contract_names_exist() -> None:
    contract = {
        *("Name", "Shareholding", "StatedCount", "Mission", "Vision", "CoreValue", "Strategy", "Project", "Goal", "Service", "SourceDocument"),
        *("abbreviation", "statedRole", "exOfficio", "sharePercentage", "goalOf", "subGoalOf", "position", "withinGoal"),
    }
    assert {str(SK[name]) for name in contract} <= set(OWN_TERMS)


def test_definitions_are_sentences_and_no_two_terms_share_one() -> None:
    definitions = [text for term in OWN_TERMS for text in everything().objects(URIRef(term), SKOS.definition)]
    assert [text for text in definitions if not re.fullmatch(r"[A-ZÆØÅÉ].*\.", str(text), re.DOTALL)] == []
    assert len(definitions) == len(set(definitions))


def test_the_ontology_has_a_version_a_licence_and_texts_in_every_language() -> None:
    ontology = file("schakel.ttl")
    assert (SCHAKEL, RDF.type, OWL.Ontology) in ontology
    version = ontology.value(SCHAKEL, OWL.versionIRI)
    assert str(version).startswith(str(SCHAKEL) + "/")
    assert (SCHAKEL, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in ontology
    assert set(languages(ontology, SCHAKEL, DCTERMS.title)) == LANGUAGES
    assert set(languages(ontology, SCHAKEL, DCTERMS.description)) == LANGUAGES


def test_every_domain_and_range_is_a_term_that_the_ontology_knows_or_a_datatype_of_owl() -> None:
    ends = {*everything().objects(None, RDFS.domain), *everything().objects(None, RDFS.range)}
    unknown = {str(end) for end in ends if (end, RDF.type, None) not in everything() and end not in {rdflib.XSD.decimal, rdflib.XSD.integer, rdflib.XSD.string}}
    assert unknown == set()


def test_nothing_is_made_an_organisation_by_the_property_it_stands_at() -> None:
    organisations = {rdflib.ORG.Organization, rdflib.ORG.FormalOrganization, rdflib.ORG.OrganizationalCollaboration, rdflib.ORG.OrganizationalUnit}
    assert organisations.isdisjoint({*everything().objects(None, RDFS.domain), *everything().objects(None, RDFS.range)})


def test_only_what_owl_2_rl_allows_is_used() -> None:
    beyond = {OWL.unionOf, OWL.oneOf, OWL.minCardinality, OWL.minQualifiedCardinality, OWL.hasSelf, OWL.disjointUnionOf, OWL.ReflexiveProperty}
    assert beyond.isdisjoint({*everything().predicates(), *everything().objects(None, RDF.type)})


# ------------------------------------------------------------------------------------------------------------------------ terms of others


def labelled_terms() -> set[Node]:
    graph = everything()
    return {
        term
        for term in set(graph.subjects())
        if set(languages(graph, term, RDFS.label)) >= LANGUAGES or set(languages(graph, term, SKOS.prefLabel)) >= LANGUAGES
    }


@pytest.mark.parametrize("term", sorted(str(s) for s in set(file("reused.ttl").subjects(RDFS.isDefinedBy))))
def test_a_term_of_others_has_a_label_in_every_language(term: str) -> None:
    assert languages(file("reused.ttl"), URIRef(term), RDFS.label) == sorted(LANGUAGES)


def iris_of(expression: object) -> set[str]:
    if isinstance(expression, URIRef):
        return {str(expression)}
    values = expression.values() if isinstance(expression, CompValue) else expression if isinstance(expression, list | tuple) else ()
    return {iri for value in values for iri in iris_of(value)}


@pytest.mark.parametrize("mapping", sorted((REPOSITORY / "data").glob("*.rq")), ids=lambda path: path.stem)
def test_every_term_that_a_mapping_writes_is_labelled(mapping: Path) -> None:
    algebra = prepareQuery(mapping.read_text(), base="https://base.invalid/").algebra
    written = {str(term) for triple in algebra.template for term in triple if isinstance(term, URIRef)}
    written |= {iri for iri in iris_of(algebra.p) if not iri.startswith(("https://base.invalid/", *RDF_ITSELF)) and not iri.endswith("/")}
    written -= {iri for iri in written if iri.startswith(RDF_ITSELF)}
    assert sorted(written - {str(term) for term in labelled_terms()}) == []


def test_every_term_in_the_published_graph_that_is_used_as_class_or_property_is_labelled(published: Settings) -> None:
    used: set[str] = set()
    for quad in ox.parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS):
        used.add(quad.predicate.value)
        if quad.predicate.value == str(RDF.type):
            used.add(quad.object.value)
    vocabulary_itself = {iri for iri in used if iri.startswith((str(RDF), str(RDFS), str(OWL), "http://purl.org/vocab/vann/"))}
    assert sorted(used - vocabulary_itself - {str(term) for term in labelled_terms()}) == []


# ----------------------------------------------------------------------------------------------------------------------------- concepts


@pytest.mark.parametrize("name", SCHEMES)
def test_a_file_of_concepts_is_one_scheme_with_a_name_in_every_language(name: str) -> None:
    graph = file(f"concepts/{name}")
    (scheme,) = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert languages(graph, scheme, SKOS.prefLabel) == sorted(LANGUAGES)
    assert languages(graph, scheme, DCTERMS.description) == sorted(LANGUAGES)
    assert str(scheme).startswith("https://w3id.org/schakel/")
    assert set(graph.objects(scheme, DCTERMS.license))


@pytest.mark.parametrize("name", SCHEMES)
def test_every_concept_has_labels_a_definition_its_scheme_and_its_id_as_notation(name: str) -> None:
    graph = file(f"concepts/{name}")
    (scheme,) = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        assert languages(graph, concept, SKOS.prefLabel) == sorted(LANGUAGES), concept
        assert languages(graph, concept, SKOS.definition) == sorted(LANGUAGES), concept
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        assert [str(code) for code in graph.objects(concept, SKOS.notation)] == [str(concept).removeprefix(f"{scheme}/")]
        assert bool(set(graph.objects(concept, SKOS.broader)) & concepts) != ((concept, SKOS.topConceptOf, scheme) in graph), concept


@pytest.mark.parametrize("name", SCHEMES)
def test_no_two_concepts_of_a_scheme_have_the_same_label_in_a_language(name: str) -> None:
    graph = file(f"concepts/{name}")
    labels = [(str(text), text.language) for c in graph.subjects(RDF.type, SKOS.Concept) for text in graph.objects(c, SKOS.prefLabel)]
    assert sorted(labels) == sorted(set(labels))


def test_every_concept_that_the_data_use_exists(published: Settings) -> None:
    concepts = {str(concept) for concept in everything().subjects(RDF.type, SKOS.Concept)}
    namespaces = {iri.rpartition("/")[0] + "/" for iri in concepts}
    quads = ox.parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    used = {q.object.value for q in quads if isinstance(q.object, ox.NamedNode) and q.object.value.rpartition("/")[0] + "/" in namespaces}
    assert used - concepts - {f"{SCHAKEL}"} == set()
    assert len(used) > 50


# ------------------------------------------------------------------------------------------------------------------ headings for people


def headings() -> dict[str, str]:
    """Which heading each property has, by its IRI."""
    return {str(term): str(group) for term, group in file("presentation.ttl").subject_objects(SK.factGroup)}


def test_a_property_is_told_under_one_heading_that_there_is() -> None:
    stated, groups = file("presentation.ttl"), file("concepts/fact-groups.ttl")
    assert set(stated.predicates()) == {SK.factGroup}
    assert len(stated) == len(headings())
    assert set(headings().values()) == {str(concept) for concept in groups.subjects(RDF.type, SKOS.Concept)}


def test_what_is_told_under_a_heading_is_a_property_with_a_label() -> None:
    properties = {str(term) for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property) for term in everything().subjects(RDF.type, kind)}
    assert sorted(set(headings()) - properties) == []
    assert sorted(set(headings()) - {str(term) for term in labelled_terms()}) == []


def test_headings_have_an_order_and_a_name_in_every_language_of_pages() -> None:
    groups = file("concepts/fact-groups.ttl")
    concepts = sorted(set(groups.subjects(RDF.type, SKOS.Concept)))
    assert sorted(int(str(position)) for concept in concepts for position in groups.objects(concept, SK.position)) == list(range(1, len(concepts) + 1))
    assert all(set(languages(groups, concept, SKOS.prefLabel)) == LANGUAGES for concept in concepts)


def test_no_heading_is_among_what_the_statements_of_sources_say(published: Settings) -> None:
    quads = ox.parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    graphs = {str(quad.graph_name) for quad in quads if quad.predicate.value == str(SK.factGroup)}
    assert graphs == {str(published.names.vocabulary)}


# --------------------------------------------------------------------------------------------------------------------------- alignments


def test_every_alignment_has_a_reason_of_its_own() -> None:
    graph = file("alignments.ttl")
    aligned = {(s, p, o) for p in MATCHES for s, o in graph.subject_objects(p)}
    explained = {}
    for axiom in graph.subjects(RDF.type, OWL.Axiom):
        parts = tuple(graph.value(axiom, part) for part in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget))
        explained[parts] = [str(reason) for reason in graph.objects(axiom, RDFS.comment)]
    assert set(explained) == aligned
    assert len(aligned) > 10
    reasons = [reason for texts in explained.values() for reason in texts]
    assert all(len(texts) == 1 for texts in explained.values())
    assert all(len(reason) > 20 and "\n" not in reason and reason.endswith(".") for reason in reasons)
    assert len(set(reasons)) == len(reasons)


def test_the_alignments_that_the_contract_names_are_there() -> None:
    graph = file("alignments.ttl")
    assert any("Goal" in str(o) and "fibo" in str(o) for o in graph.objects(SK.Goal, RDFS.seeAlso))
    assert any("openownership" in str(o) for o in graph.objects(SK.Shareholding, RDFS.seeAlso))
    notes = {str(s): str(note) for s, note in graph.subject_objects(SKOS.note)}
    assert any("StratML" in notes.get(str(SK[name]), "") for name in ("Mission", "Vision", "CoreValue", "Strategy"))


def test_what_is_aligned_is_ours_and_the_other_is_not() -> None:
    graph = file("alignments.ttl")
    own = "https://w3id.org/schakel/"
    pairs = [(str(s), str(o)) for p in MATCHES for s, o in graph.subject_objects(p)]
    assert [(s, o) for s, o in pairs if not s.startswith(own) or o.startswith(own)] == []
    assert {s for s, _ in pairs if s.startswith(str(SK))} <= set(OWN_TERMS)


def test_alignments_are_not_reasoned_with() -> None:
    graph = file("alignments.ttl")
    logical = {OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.imports}
    assert logical.isdisjoint(set(graph.predicates()))
    assert not any("openownership" in str(term) for triple in everything() - graph for term in triple)


# --------------------------------------------------------------------------------------------- what follows: questions and their answers

PREFIXES = """
@base <https://example.org/> .
@prefix : <https://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <http://schema.org/> .
@prefix sk: <https://w3id.org/schakel/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix time: <http://www.w3.org/2006/time#> .
"""


def graph_of(turtle: str) -> Graph:
    return Graph().parse(data=PREFIXES + turtle, format="turtle")


def conclusions(turtle: str, engine: str) -> set[str]:
    concluded = infer(graph_of(turtle), everything(), engine=engine)
    assert concluded.contradictions == ()
    return {" ".join(triple) for triple in concluded.triples}


def wanted(turtle: str) -> set[str]:
    return {" ".join(term.n3() for term in triple) for triple in graph_of(turtle)}


QUESTIONS = {
    "Who are the members of a body, and as what?": (
        ":m a org:Membership ; org:member :mst ; org:organization :santeon . :mst org:memberOf :santeon .",
        ":mst org:hasMembership :m . :santeon sk:hasParticipation :m ; org:hasMember :mst .",
    ),
    "A chair takes part, and is not said to belong": (
        ":m a org:Membership ; org:member :mst ; org:organization :roaz ; org:role <https://w3id.org/schakel/role/chair> .",
        ":mst org:hasMembership :m . :roaz sk:hasParticipation :m .",
    ),
    "A shareholding is a membership, and its owner does not belong to the company": (
        ":s a sk:Shareholding ; org:member :mst ; org:organization :medlon .",
        ":s a org:Membership . :mst org:hasMembership :s . :medlon sk:hasParticipation :s .",
    ),
    "A stated tie is found from both ends": (
        ":t a sk:Tie ; sk:tieOf :mst ; sk:tieWith :ut .",
        ":mst sk:hasTie :t . :ut sk:tiedBy :t .",
    ),
    "A hospital of a narrower kind is a hospital, however many steps narrower": (
        ":umcg org:classification :university-hospital . :university-hospital skos:broader :hospital . :hospital skos:broader :care-provider .",
        ":umcg org:classification :hospital, :care-provider .",
    ),
    "A post on a board is a post in the organisation of the board": (
        ":seat a org:Post ; org:postIn :board ; sk:seatOf :mst . :board org:unitOf :lab .",
        """
        :seat org:postIn :lab . :board org:hasPost :seat ; org:subOrganizationOf :lab .
        :lab org:hasPost :seat ; org:hasUnit :board ; org:hasSubOrganization :board .
        """,
    ),
    "A group is a group of FOAF, and no organisation": (":g a sk:Group .", ":g a foaf:Group ."),
    "A sub-goal of a sub-goal is within the main goal, and belongs to its project": (
        ":g1 sk:goalOf :p . :g2 sk:subGoalOf :g1 . :g3 sk:subGoalOf :g2 .",
        """
        :g1 a sk:Goal ; sk:hasSubGoal :g2 . :g2 a sk:Goal ; sk:hasSubGoal :g3 . :g3 a sk:Goal .
        :g2 sk:withinGoal :g1 ; sk:goalOf :p . :g3 sk:withinGoal :g2, :g1 ; sk:goalOf :p .
        :p sk:hasGoal :g1, :g2, :g3 .
        """,
    ),
    "Siblings are not within each other": (
        ":g a sk:Goal . :a a sk:Goal ; sk:subGoalOf :g . :b a sk:Goal ; sk:subGoalOf :g .",
        ":g sk:hasSubGoal :a, :b . :a sk:withinGoal :g . :b sk:withinGoal :g .",
    ),
    "A unit is part of its organisation, and the whole has it": (
        ":u a org:OrganizationalUnit ; org:unitOf :mst .",
        ":u a org:Organization ; org:subOrganizationOf :mst . :mst org:hasUnit :u ; org:hasSubOrganization :u .",
    ),
    "A part is part of a whole, but no unit of it": (
        ":smt org:subOrganizationOf :zgt .",
        ":zgt org:hasSubOrganization :smt .",
    ),
    "A primary site is a site, and each site knows whose it is": (
        ":mst org:hasPrimarySite :enschede ; org:hasSite :oldenzaal .",
        ":mst org:hasSite :enschede . :enschede org:siteOf :mst . :oldenzaal org:siteOf :mst .",
    ),
    "A legal body and a collaboration are organisations": (
        ":f a org:FormalOrganization . :c a org:OrganizationalCollaboration .",
        ":f a org:Organization . :c a org:Organization .",
    ),
    "A project is an organisational collaboration and a project for schema.org": (
        ":p a sk:Project .",
        ":p a org:OrganizationalCollaboration, org:Organization, schema:Project .",
    ),
    "Mission, vision, values, strategy and aims are statements of purpose": (
        ":a a sk:Mission . :b a sk:Vision . :c a sk:CoreValue . :d a sk:Strategy . :e a sk:Aim . :mst sk:hasPurpose :a .",
        """
        :a a sk:StatementOfPurpose . :b a sk:StatementOfPurpose . :c a sk:StatementOfPurpose .
        :d a sk:StatementOfPurpose . :e a sk:StatementOfPurpose .
        """,
    ),
    "A post is known from its body, and holds nobody": (
        ":chair a org:Post ; org:postIn :tazdo ; sk:exOfficio :other . :other a org:Post .",
        ":tazdo org:hasPost :chair .",
    ),
    "What an organisation has is found from it": (
        """
        :o sk:hasName :n ; sk:hasActivity :a ; sk:hasStatedCount :c ; sk:hasService :s ; sk:hasReport :r ; sk:usesEquipment :e .
        :d sk:hasSide :x .
        """,
        """
        :n a sk:Name ; sk:nameOf :o . :a a sk:Activity . :c a sk:StatedCount .
        :s a sk:Service . :r sk:reportOf :o ; a schema:Report . :e a sk:Equipment ; sk:equipmentUsedBy :o .
        :x a sk:DifferenceSide . :d a sk:Difference .
        """,
    ),
    "A source is an entity of provenance": (":s a sk:SourceDocument .", ":s a prov:Entity ."),
    "Meetings that repeat are a series of events": (":m a sk:MeetingSeries .", ":m a schema:EventSeries ."),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_exactly_what_is_wanted_follows(question: str, engine: str) -> None:
    stated, follows = QUESTIONS[question]
    assert conclusions(stated, engine) == wanted(follows)


CONTRADICTIONS = {
    "a site that is an organisation": ":x a org:Site, org:Organization .",
    "a membership that is an organisation": ":x a org:Membership, org:Organization .",
    "an interval that is an instant": ":x a time:ProperInterval, time:Instant .",
    "a goal that is a service": ":x a sk:Goal, sk:Service .",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_what_cannot_be_is_a_contradiction(what: str, engine: str) -> None:
    contradictions = infer(graph_of(CONTRADICTIONS[what]), everything(), engine=engine).contradictions
    assert contradictions
    assert all("https://example.org/x" in str(contradiction) for contradiction in contradictions)


def test_chains_of_the_ontology_pass_through_named_properties_only() -> None:
    graph = everything()
    for items in graph.objects(None, OWL.propertyChainAxiom):
        for step in Collection(graph, items):
            assert (step, RDF.type, OWL.ObjectProperty) in graph
