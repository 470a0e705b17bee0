"""The documentation of an ontology: every term has its place, on one page or on several, and the tree of classes is right however many there are."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from schakel import Settings, build
from schakel.namespaces import OWL, RDF, RDFS
from schakel.site import ontology as grouping
from schakel.site.ontology import of_class, said_in, tree

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
CheckSite = Callable[[Path, str, Sequence[str]], list[str]]

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en", "nl"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
[site]
languages = ["en", "nl"]
"""
NS = "https://words.example/ns"
PREFIXES = f"""
@prefix : <{NS}#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<{NS}> a owl:Ontology ; rdfs:label "Words of lights"@en .
"""
LIGHTS = """
:Tower a owl:Class ; rdfs:label "tower"@en , "toren"@nl .
:Lighthouse a owl:Class ; rdfs:label "lighthouse"@en ; rdfs:subClassOf :Tower .
:Keeper a owl:Class ; rdfs:label "keeper"@en .
:keptBy a owl:ObjectProperty ; rdfs:label "kept by"@en , "bewaakt door"@nl ; rdfs:domain :Tower ; rdfs:range :Keeper .
:keeps a owl:ObjectProperty ; rdfs:label "keeps"@en ; owl:inverseOf :keptBy .
:headKeptBy a owl:ObjectProperty ; rdfs:label "first kept by"@en ; rdfs:subPropertyOf :keptBy ; rdfs:domain :Tower ; rdfs:range :Keeper .
:height a owl:DatatypeProperty ; rdfs:label "height"@en ; rdfs:domain :Tower .
foaf:nick a owl:AnnotationProperty ; rdfs:label "nickname"@en .
:colours a skos:ConceptScheme ; skos:prefLabel "colours"@en .
:red a skos:Concept ; skos:prefLabel "red"@en ; skos:inScheme :colours .
:classes a owl:Class ; rdfs:label "sets"@en .
:main a owl:Class ; rdfs:label "mainland"@en .
:brandaris a :Tower ; rdfs:label "Brandaris"@en .
"""


@pytest.fixture
def published_with(make_project: MakeProject) -> Callable[..., Settings]:
    def make(terms: str, more: str = "") -> Settings:
        settings = make_project(
            {"schakel.toml": SETTINGS + more, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n", "ontology/words.ttl": PREFIXES + terms}
        )
        outcome = build(settings)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        return settings

    return make


def ids_of(path: Path) -> set[str]:
    return set(re.findall(r' id="([^"]*)"', path.read_text("utf-8")))


def figure_of(page: str, anchor: str) -> str:
    entry = re.search(rf'<section class="term" id="{anchor}">(.*?)</section>', page, re.DOTALL)
    assert entry is not None
    found = re.search(r"<figure.*</figure>", entry[1], re.DOTALL)
    return found[0] if found else ""


def test_every_term_has_its_place_whatever_it_is(published_with: Callable[..., Settings], check_site: CheckSite) -> None:
    settings = published_with(LIGHTS)
    terms = {"Tower", "Lighthouse", "Keeper", "keptBy", "keeps", "headKeptBy", "height", "colours", "red", "classes", "main-2", "brandaris", "foaf-nick"}
    for folder in ("", "nl"):
        assert terms <= ids_of(settings.publication / folder / "ontology.html")
    assert not (settings.publication / "more").exists()
    assert check_site(settings.publication, settings.base, ("en", "nl")) == []


def test_a_class_is_drawn_with_what_its_properties_lead_to_in_the_words_of_the_reader(published_with: Callable[..., Settings]) -> None:
    settings = published_with(LIGHTS)
    page = (settings.publication / "nl" / "ontology.html").read_text("utf-8")
    tower = figure_of(page, "Tower")
    assert re.findall(r'<a href="[^"]*#(\w+)" class="named"', tower) == ["keptBy"]
    assert set(re.findall(r'<a href="[^"]*#(\w+)" class="node', tower)) == {"Tower", "Keeper", "Lighthouse"}
    assert "toren – bewaakt door – keeper" in tower
    assert 'lang="en"' in tower
    assert "dash-1" in tower
    # The inverse and the narrower property are told, and have no line.
    caption = tower.partition("<figcaption>")[2]
    assert "keeps" in caption
    assert "first kept by" in caption
    assert "keeps" not in tower.partition("<figcaption>")[0]
    # What no property leads from or to has no picture, and neither has what is no class.
    assert figure_of(page, "Lighthouse") == ""
    assert figure_of(page, "keptBy") == ""


@pytest.mark.parametrize("terms", ["", ":Tower a owl:Class . :Light a owl:Class ; rdfs:subClassOf :Tower .", ":keeps a owl:ObjectProperty ."])
def test_without_properties_from_class_to_class_nothing_is_drawn(published_with: Callable[..., Settings], terms: str) -> None:
    settings = published_with(terms)
    assert "<figure" not in (settings.publication / "ontology.html").read_text("utf-8")


def test_an_ontology_of_many_terms_is_told_on_several_pages_to_which_the_place_of_each_leads(
    published_with: Callable[..., Settings], check_site: CheckSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "_MOST_ON_ONE_PAGE", 5)
    monkeypatch.setattr(grouping, "_ON_A_PAGE", 2)
    settings = published_with(LIGHTS)
    assert check_site(settings.publication, settings.base, ("en", "nl")) == []
    for folder in (settings.publication, settings.publication / "nl"):
        first = folder / "ontology.html"
        # Its IRI leads to the page with all terms, whatever their number, and that leads on to where the same place tells all.
        further = {}
        for page in sorted((folder / "more" / "ontology").glob("*.html")):
            further.update(dict.fromkeys(re.findall(r'<section class="term" id="([^"]*)"', page.read_text("utf-8")), page.name))
        for term in ("Tower", "Lighthouse", "Keeper", "keptBy", "keeps", "headKeptBy", "height", "red", "brandaris", "foaf-nick", "colours"):
            assert term in ids_of(first)
            assert f'more/ontology/{further[term]}#{term}"' in first.read_text("utf-8")
        assert '<section class="term" id="Tower">' not in first.read_text("utf-8")
        assert {further[term] for term in ("Tower", "Lighthouse", "Keeper")} == {"classes.html", "classes-2.html", "classes-3.html"}
        assert further["height"] == "datatype-properties.html"
        assert "<figure" in (folder / "more" / "ontology" / "classes.html").read_text("utf-8")
    assert f'"{NS}"' not in (settings.publication / "more" / "ontology" / "classes.html").read_text("utf-8")


def test_hostile_names_of_terms_are_harmless(published_with: Callable[..., Settings], check_site: CheckSite) -> None:
    settings = published_with(
        """
:A a owl:Class ; rdfs:label "<script>alert(1)</script>"@en .
:B a owl:Class ; rdfs:label "\\u202Enissim \\"><img src=x onerror=alert(1)>"@en .
:p a owl:ObjectProperty ; rdfs:label "%(property)s <b>{0}</b>"@en ; rdfs:domain :A ; rdfs:range <javascript:alert(1)> .
:q a owl:ObjectProperty ; rdfs:label "</title><script>"@en ; owl:inverseOf :p ; rdfs:range :A .
:r a owl:ObjectProperty ; rdfs:label """
        f'"{"long " * 3000}"@en'
        """ ; rdfs:domain :A ; rdfs:range :B .
""",
        '[inference]\nengine = "owlrl"\n',
    )
    assert check_site(settings.publication, settings.base, ("en", "nl")) == []
    page = (settings.publication / "ontology.html").read_text("utf-8")
    assert "<img" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page
    assert "\u202e" not in figure_of(page, "B")
    assert len(figure_of(page, "A")) < 12_000


def test_a_picture_of_too_many_links_says_how_many_it_leaves_out(published_with: Callable[..., Settings]) -> None:
    leads = "".join(f":K{n} a owl:Class ; rdfs:subClassOf :Keeper . :p{n} a owl:ObjectProperty ; rdfs:domain :Keeper ; rdfs:range :K{n} .\n" for n in range(30))
    page = (published_with(f":Keeper a owl:Class .\n{leads}").publication / "ontology.html").read_text("utf-8")
    assert "24 of 60 links are drawn" in figure_of(page, "Keeper")
    assert figure_of(page, "Keeper").count('class="edge') == 25
    assert "links are drawn" not in figure_of(page, "K1")


def test_three_thousand_classes_stand_in_their_tree() -> None:
    deep = said_of((n, n - 1) for n in range(1, 1500))
    wide = said_of((n, 1500) for n in range(1501, 3001))
    said = deep | wide
    ordered = tree(of_class(said, {OWL.Class}), said, lambda node: int(node.value.rpartition("#")[2]))
    assert [int(node.value.rpartition("#")[2]) for node, _ in ordered] == list(range(3001))
    assert [depth for _, depth in ordered] == [*range(1500), 0, *[1] * 1500]


CLASSES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def said_of(pairs: Iterable[tuple[int, int]]) -> dict[NamedNode, Any]:
    triples = [Triple(NamedNode(f"{NS}#{low}"), RDFS.subClassOf, NamedNode(f"{NS}#{high}")) for low, high in pairs]
    nodes = {node for triple in triples for node in (triple.subject, triple.object)}
    return said_in([*triples, *(Triple(node, RDF.type, OWL.Class) for node in nodes), Triple(NamedNode(NS), RDFS.label, Literal("x"))])


@given(CLASSES)
def test_a_tree_holds_each_class_once_and_below_what_it_is_a_kind_of(pairs: list[tuple[int, int]]) -> None:
    said = said_of(pairs)
    nodes = of_class(said, {OWL.Class})
    ordered = tree(nodes, said, lambda node: node.value)
    assert sorted(node.value for node, _ in ordered) == sorted(node.value for node in nodes)
    path: list[NamedNode] = []
    for node, depth in ordered:
        assert depth <= len(path)
        path = [*path[:depth], node]
        if depth:
            assert path[depth - 1] in said[node][RDFS.subClassOf]
    roots = {node for node in nodes if not set(said[node].get(RDFS.subClassOf, ())) - {node}}
    assert roots <= {node for node, depth in ordered if depth == 0}


def test_a_union_of_classes_is_told_in_words(published_with: Callable[..., Settings]) -> None:
    settings = published_with(
        ":Keeper a owl:Class ; owl:disjointWith :Tower . :Tower a owl:Class . :lights a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( :Keeper :Tower ) ] ."
    )
    page = " ".join(re.sub("<[^>]*>", " ", (settings.publication / "ontology.html").read_text("utf-8")).split())
    assert "is said of keeper or tower" in page
    assert "is never also tower" in page
    assert "owl:disjointWith" not in page
