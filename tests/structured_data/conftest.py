"""What these tests share: the real graph in the words of schema.org, and a graph invented for them."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from schakel import Settings
from schakel.structured_data import SchemaOrg, read_schema_org

BASE = "https://harbour.example.net/id/"
# A harbour of another project, with a query of its own: terms, kinds and languages have nothing in common with the first.
HARBOUR = """
@base <https://harbour.example.net/id/> .
@prefix h: <https://harbour.example.net/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<port/silberbucht> a h:Port ; h:called "Silberbucht"@de, "Baie d’Argent"@fr ; h:near <port/holm> ; h:depth 12.5 ; h:berths 7 ;
  h:lit true ; h:site <https://silber.example/> .
<port/holm> a h:Port ; h:called "Holm" ; h:near <port/silberbucht> .
<ferry/moewe> a h:Ferry ; h:called "Möwe"@de, "Seagull"@en ; h:text "Fährt täglich."@de ;
  h:site <javascript:alert(1)> ; h:since "2017-12"^^xsd:gYearMonth .
<berth/1> a h:Berth ; h:of <ferry/moewe> ; h:at <port/holm> ; h:duty "Liegeplatz"@de, "berth"@en .
"""
HARBOUR_QUERY = """
PREFIX h: <https://harbour.example.net/ns#>
PREFIX schema: <http://schema.org/>
CONSTRUCT {
  ?thing a ?class ; schema:name ?name ; schema:description ?text ; schema:foundingDate ?since ; schema:url ?site .
  ?port schema:containsPlace ?other ; schema:maximumAttendeeCapacity ?berths ; schema:latitude ?depth ; schema:publicAccess ?lit .
  ?ferry schema:memberOf ?berth . ?berth a schema:OrganizationRole ; schema:member ?ferry ; schema:memberOf ?port ; schema:roleName ?duty .
}
WHERE {
  { ?thing a ?kind . VALUES (?kind ?class) { (h:Port schema:Organization) (h:Ferry schema:Organization) }
    OPTIONAL { ?thing h:called ?name } OPTIONAL { ?thing h:text ?text } OPTIONAL { ?thing h:since ?since } OPTIONAL { ?thing h:site ?site } }
  UNION { ?port h:near ?other } UNION { ?port h:berths ?berths } UNION { ?port h:depth ?depth } UNION { ?port h:lit ?lit }
  UNION { ?berth h:of ?ferry ; h:at ?port ; h:duty ?duty }
}
"""


@pytest.fixture(scope="session")
def real(published: Settings) -> SchemaOrg:
    """The repository's own graph in the words of schema.org."""
    query, findings = read_schema_org(published.queries / "exports", published.root)
    assert not findings
    assert query is not None
    store = Store()
    store.bulk_load(path=published.publication / "download" / "graph.nt", format=RdfFormat.N_TRIPLES)
    return SchemaOrg.of(store, query, published.base, published.languages)


@pytest.fixture(scope="session")
def harbour() -> SchemaOrg:
    store = Store()
    store.load(HARBOUR.encode(), format=RdfFormat.TURTLE)
    return SchemaOrg.of(store, HARBOUR_QUERY, BASE, ("de", "fr"))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "queries" / "exports"
    folder.mkdir(parents=True)
    return folder
