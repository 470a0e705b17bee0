"""Two graphs to look things up in: the published one, and an invented one with another base and another language."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from schakel import Settings
from schakel.answers import Answer
from schakel.lookup import Context
from schakel.namespaces import PREFIXES

ROLES = "https://w3id.org/schakel/role/"


@dataclass(frozen=True)
class StoreBackend:
    """A store, asked as the program's own backends ask."""

    store: Store

    def select(self, query: str) -> Answer:
        solutions = self.store.query(query, use_default_graph_as_union=True)
        columns = tuple(variable.value for variable in solutions.variables)
        return Answer(columns, tuple(tuple(row[at] for at in range(len(columns))) for row in solutions))


def loaded(path: Path, rdf_format: RdfFormat) -> StoreBackend:
    store = Store()
    store.bulk_load(path=path, format=rdf_format)
    return StoreBackend(store)


INVENTED = """
@prefix s: <https://words.example/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sk: <https://w3id.org/schakel/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <urn:fyr:> .

<urn:fyr:graph/vocabulary> {
  s:Fyr a rdfs:Class ; rdfs:label "fyr"@da, "lighthouse"@en ; rdfs:subClassOf s:Byg .
  s:Byg a rdfs:Class ; rdfs:label "bygning"@da .
  s:vogtes rdfs:label "vogtes af"@da ; rdfs:subPropertyOf s:passes .
  s:passes rdfs:label "passes af"@da .
}
<urn:fyr:page/1> {
  <urn:fyr:tower/skagen> a s:Fyr ; skos:prefLabel "Det Grå Fyr"@da, "Grey Tower"@en ; s:vogtes <urn:fyr:guild/lavet> ; s:passes <urn:fyr:guild/lavet> .
  <urn:fyr:guild/lavet> a s:Lav ; skos:prefLabel "Fyrlavet på Sjælsø"@da ; dct:description "Hjælper sømænd i nød."@da .
  <urn:fyr:guild/skagen> a s:Lav ; skos:prefLabel "Skagen"@da ; sk:abbreviation "FLS" .
  <urn:fyr:vagt/7> a s:Vagt ; s:ved <urn:fyr:tower/skagen> ; s:tid <urn:fyr:vagt/7#tid> .
  <urn:fyr:vagt/7#tid> a s:Tid ; s:time 4 ; s:fra <urn:fyr:vagt/7> .
}
<urn:fyr:source/log> {
  <urn:fyr:name/old> a sk:Name ; sk:nameOf <urn:fyr:tower/skagen> ; sk:nameText "Vippefyret"@da .
  <urn:fyr:tower/skagen> s:vogtes <urn:fyr:guild/skagen> .
}
<urn:fyr:graph/inferred> {
  <urn:fyr:tower/skagen> a s:Byg ; sk:hasName <urn:fyr:name/old> .
  <urn:fyr:guild/lavet> s:vogter <urn:fyr:tower/skagen> .
}
<urn:fyr:graph/provenance> {
  <urn:fyr:tower/skagen> sk:statedIn <urn:fyr:page/1> .
  <urn:fyr:source/log> a sk:SourceDocument ; dct:title "Logbog"@da .
  <urn:fyr:page/1> oa:hasSource <urn:fyr:source/log> ; sk:firstWords "Det grå" ; sk:lastWords "ved havet" .
}
"""


@pytest.fixture(scope="session")
def content(published: Settings) -> StoreBackend:
    return loaded(published.publication / "download" / "dataset.nq", RdfFormat.N_QUADS)


@pytest.fixture(scope="session")
def merged(published: Settings) -> StoreBackend:
    """The same statements in a store without named graphs."""
    return loaded(published.publication / "download" / "graph.nt", RdfFormat.N_TRIPLES)


@pytest.fixture(scope="session")
def context(published: Settings) -> Context:
    return Context(published.base, PREFIXES | {"role": ROLES}, published.languages)


@pytest.fixture
def tower_store() -> Store:
    store = Store()
    store.load(INVENTED, format=RdfFormat.TRIG)
    return store


@pytest.fixture
def towers(tower_store: Store) -> StoreBackend:
    return StoreBackend(tower_store)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that any store is asked from now on."""
    queries: list[str] = []
    select = StoreBackend.select

    def noting(self: StoreBackend, query: str) -> Answer:
        queries.append(query)
        return select(self, query)

    monkeypatch.setattr(StoreBackend, "select", noting)
    return queries


@pytest.fixture
def danish() -> Context:
    return Context("urn:fyr:", PREFIXES | {"s": "https://words.example/"}, ("da", "en"))
