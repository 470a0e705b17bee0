"""Pages tell of a thing what `schakel show` tells: the same facts with the same sources, in the same groups, whichever way they were gathered."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from schakel import Settings, build, read_settings
from schakel.about import About
from schakel.answers import Answer
from schakel.cache import NoCache
from schakel.graph import Dataset, GraphNames
from schakel.lookup import Context, Description, Fact, describe
from schakel.namespaces import OA, PREFIXES, SK
from schakel.site import Frame, Site, publishing, read_terms
from schakel.site.descriptions import Descriptions, Telling
from schakel.site.material import Material

INVENTED = Path(__file__).parent.parent / "invented"
OWN_GROUPS = ("names", "kind", "inferred", "open")
# A fact with all that a page or a terminal shows of it, as a text, to be compared and read.
Shown: TypeAlias = str


@dataclass(frozen=True)
class StoreBackend:
    """A store, asked as the program's own backends ask."""

    store: Store

    def select(self, query: str) -> Answer:
        solutions: Any = self.store.query(query, use_default_graph_as_union=True)
        columns = tuple(variable.value for variable in solutions.variables)
        return Answer(columns, tuple(tuple(row[at] for at in range(len(columns))) for row in solutions))


@dataclass(frozen=True)
class Told:
    """A graph, told in both ways."""

    backend: StoreBackend
    context: Context
    batches: Mapping[str, Descriptions]
    tellings: dict[tuple[int, str], Telling] = field(default_factory=dict)

    def by_asking(self, iri: str, language: str) -> Description:
        return describe(self.backend, NamedNode(iri), self.context, language)

    def on_page(self, iri: str, language: str) -> Description:
        about = self.batches[iri.partition("#")[0]]
        if (id(about), language) not in self.tellings:
            self.tellings[id(about), language] = about.in_language(language)
        return self.tellings[id(about), language].describe(NamedNode(iri))

    @cached_property
    def called_by_words(self) -> set[str]:
        """Passages and sources: what pages call by its words."""
        return {iri for about in {id(about): about for about in self.batches.values()}.values() for iri in about.passages}

    def parts(self) -> Iterator[str]:
        for entity, about in self.batches.items():
            yield from (node.value for node in about.parts.get(entity, ()) if node in about.outgoing)


def tell(quads: list[Quad], base: str, languages: tuple[str, ...]) -> Told:
    """Read quads as the site does, and put them into a store to be asked."""
    dataset, store, names = Dataset(), Store(), GraphNames(base)
    store.extend(quads)
    for graph in sorted({quad.graph_name for quad in quads}, key=str):
        dataset.add([quad.triple for quad in quads if quad.graph_name == graph], graph)
    context = Context(base, PREFIXES, languages)
    about = About(base, {"en": "Towers"}, {}, "Friends", "https://example.org/licence", "1", languages, PREFIXES)
    vocabulary = list(dataset.triples(names.vocabulary))
    frame = Frame(about, languages, base, context, read_terms(vocabulary, context))
    things = {term.value.partition("#")[0] for quad in quads for term in (quad.subject, quad.object) if isinstance(term, NamedNode) and context.is_own(term)}
    paths = {iri: iri.removeprefix(base) for iri in sorted(things)}
    site = Site(frame, names, dataset, paths, (), vocabulary, (), None, "", (), (), {}, None, {}, NoCache())
    made = list(publishing._batches(Material(site)))  # noqa: SLF001  # what a page is made of
    described = ((batch, Descriptions.of(batch.around, batch.passages, frame.terms, context)) for batch in made)
    batches = {iri: about for batch, about in described for iri in batch.around.entities}
    return Told(StoreBackend(store), context, batches)


def shown(fact: Fact, told: Told) -> Shown:
    """Give all of a fact but what a passage is called: pages call it by its words."""
    label = None if isinstance(fact.value, NamedNode) and fact.value.value in told.called_by_words else fact.value_label
    sources = sorted(str((source.passage, source.page, source.page_title, source.first_words, source.last_words)) for source in fact.sources)
    inner = sorted(shown(each, told) for each in fact.inner)
    return str((fact.incoming, str(fact.property), str(fact.property_label), str(fact.value), str(label), fact.inferred, sources, inner))


def groups_of(description: Description, told: Told) -> dict[str, list[Shown]]:
    """Give the facts of each group; what has a heading of the ontology counts as said of the thing, as it is without such headings."""
    found: dict[str, list[Shown]] = {}
    for group in description.groups:
        for fact in group.facts:
            # Pages quote a passage by its words instead of leading to what says which they are, and tell under a heading of their own what was read there.
            if fact.property in {OA.hasSelector, SK.statedIn}:
                continue
            key = group.title_key if group.title_key in OWN_GROUPS else "referred_to" if fact.incoming else "statements"
            found.setdefault(key, []).append(shown(fact, told))
    return {key: sorted(facts) for key, facts in found.items()}


def assert_told_alike(told: Told, iri: str, language: str) -> None:
    asked, page = told.by_asking(iri, language), told.on_page(iri, language)
    assert all(group.complete for group in asked.groups), f"more refers to {iri} than is read"
    assert groups_of(page, told) == groups_of(asked, told), iri
    if iri not in told.called_by_words:
        assert page.name == asked.name, iri
    assert page.kind == asked.kind, iri


# ------------------------------------------------------------------------------------------------------------------- graphs that there are


@pytest.fixture(scope="module")
def real(published: Settings) -> Told:
    quads = list(ox.parse(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS))
    return tell(quads, published.base, published.languages)


@pytest.mark.parametrize("language", ["en", "nl", "nn"])
def test_a_page_of_the_real_graph_tells_what_asking_tells(language: str, real: Told) -> None:
    every = {"en": 1, "nl": 3, "nn": 5}[language]
    for iri in [iri for iri in sorted(real.batches) if not real.context.short(NamedNode(iri)).startswith("graph/")][::every]:
        assert_told_alike(real, iri, language)


def test_a_part_of_a_thing_of_the_real_graph_is_told_as_asking_tells(real: Told) -> None:
    parts = [iri for iri in real.parts() if iri.partition("#")[0] not in real.called_by_words]
    assert len(parts) > 20
    for iri in parts:
        assert_told_alike(real, iri, "en")


def test_the_headings_of_the_ontology_hold_what_stands_under_none_otherwise(real: Told) -> None:
    page = real.on_page(f"{real.context.base}org/mst", "en")
    themes = [group for group in page.groups if group.title_key.startswith("https://w3id.org/schakel/fact-group/")]
    assert len(themes) > 3
    order = real.batches[f"{real.context.base}org/mst"].terms.themes
    assert [group.title_key for group in themes] == [theme for theme in order if theme in {group.title_key for group in themes}]
    assert not [fact for group in themes for fact in group.facts if fact.inferred]
    keys = [group.title_key for group in page.groups]
    assert len(keys) == len(set(keys))
    assert keys[:2] == ["names", "kind"]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The invented project: another base, other languages, terms of its own."""
    root = tmp_path_factory.mktemp("described") / "harbour"
    shutil.copytree(INVENTED, root)
    settings = read_settings(root, captures=root / "pages")
    assert not build(settings).blocked
    return tell(list(ox.parse(path=settings.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)), settings.base, settings.languages)


@pytest.mark.parametrize("language", ["de", "fr", "nl"])
def test_a_page_of_the_invented_graph_tells_what_asking_tells(language: str, harbour: Told) -> None:
    assert len(harbour.batches) > 10
    for iri in [*harbour.batches, *harbour.parts()]:
        assert_told_alike(harbour, iri, language)


# ------------------------------------------------------------------------------------------------------------------- graphs of any form

BASE = "https://example.org/"
TERMS = "https://words.example/"
SKOS_LABEL, RDFS_LABEL, ALT = (NamedNode(PREFIXES[prefix] + name) for prefix, name in (("skos", "prefLabel"), ("rdfs", "label"), ("skos", "altLabel")))
SK_HAS_NAME, SK_NAME_OF, SK_NAME_TEXT, SK_TOPIC, SK_ABOUT = (
    NamedNode(PREFIXES["sk"] + name) for name in ("hasName", "nameOf", "nameText", "topic", "questionAbout")
)
TYPE, OVER, ABOVE = (NamedNode(PREFIXES[prefix] + name) for prefix, name in (("rdf", "type"), ("rdfs", "subClassOf"), ("rdfs", "subPropertyOf")))
STATED_IN, HAS_SOURCE = SK.statedIn, NamedNode(PREFIXES["oa"] + "hasSource")

OWN = [NamedNode(f"{BASE}{name}") for name in ("a", "b", "c", "d", "a#part", "b#part", "name/1")]
ELSEWHERE = [NamedNode("https://far.example/x")]
PROPERTIES = [NamedNode(f"{TERMS}{name}") for name in ("p", "q", "r")]
CLASSES = [NamedNode(f"{TERMS}{name}") for name in ("A", "B", "C")]
TEXTS = [
    Literal("one", language="en"),
    Literal("een", language="nl"),
    Literal("one"),
    Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
]
GRAPHS = [NamedNode(f"{BASE}{name}") for name in ("source/s#p-000000000009", "source/s", "graph/file/x", "graph/inferred")]
VOCABULARY = NamedNode(f"{BASE}graph/vocabulary")

things = st.sampled_from(OWN)
ends = st.sampled_from([*OWN, *OWN, *OWN, *ELSEWHERE])
said = st.one_of(
    st.tuples(things, st.sampled_from([*PROPERTIES, SK_ABOUT, STATED_IN]), ends),
    st.tuples(things, st.sampled_from(PROPERTIES), st.sampled_from(TEXTS)),
    st.tuples(things, st.just(TYPE), st.sampled_from(CLASSES)),
    st.tuples(things, st.sampled_from([SKOS_LABEL, RDFS_LABEL, ALT, SK_TOPIC, SK_NAME_TEXT]), st.sampled_from(TEXTS[:3])),
    st.tuples(things, st.sampled_from([SK_HAS_NAME, SK_NAME_OF]), things),
)
in_vocabulary = st.one_of(
    st.tuples(st.sampled_from(CLASSES), st.just(OVER), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(PROPERTIES), st.just(ABOVE), st.sampled_from(PROPERTIES)),
    st.tuples(st.sampled_from([*CLASSES, *PROPERTIES]), st.just(RDFS_LABEL), st.sampled_from(TEXTS[:2])),
)
PROVENANCE = [
    (NamedNode(f"{BASE}source/s"), TYPE, NamedNode(PREFIXES["sk"] + "SourceDocument")),
    (NamedNode(f"{BASE}source/s"), NamedNode(PREFIXES["dct"] + "title"), Literal("A page", language="en")),
    (NamedNode(f"{BASE}source/s#p-000000000009"), HAS_SOURCE, NamedNode(f"{BASE}source/s")),
]

A, B, C, D, A_PART = (NamedNode(f"{BASE}{name}") for name in ("a", "b", "c", "d", "a#part"))
# Things without a name lead from one to the next, and the fourth of them has something to say.
CHAIN = [(B, PROPERTIES[0], A_PART), (A_PART, PROPERTIES[0], C), (C, PROPERTIES[0], D), (D, PROPERTIES[0], A)]


@example([(triple, GRAPHS[0]) for triple in [*CHAIN, *((A, each, A) for each in PROPERTIES)]], [], "en")
@example([(triple, GRAPHS[0]) for triple in [*CHAIN, (A, PROPERTIES[0], TEXTS[0])]], [], "en")
@hypothesis_settings(max_examples=300)
@given(st.lists(st.tuples(said, st.sampled_from(GRAPHS)), max_size=25), st.lists(in_vocabulary, max_size=6), st.sampled_from(["en", "nl", "da"]))
def test_of_a_graph_of_any_form_a_page_tells_what_asking_tells(
    stated: list[tuple[tuple[Any, Any, Any], NamedNode]], vocabulary: list[tuple[Any, Any, Any]], language: str
) -> None:
    quads = {Quad(*triple, graph) for triple, graph in stated} | {Quad(*triple, VOCABULARY) for triple in vocabulary}
    quads |= {Quad(*triple, NamedNode(f"{BASE}graph/provenance")) for triple in PROVENANCE}
    told = tell(sorted(quads, key=str), BASE, ("en", "nl"))
    for iri in [*told.batches, *told.parts()]:
        assert_told_alike(told, iri, language)
