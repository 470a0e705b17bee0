"""The rules proposed to w3id.org lead every term and concept of the ontology to its document, on a real Apache. An extra, run by
`make test-hosting`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest

from schakel.lookup import Context
from schakel.namespaces import known_prefixes
from schakel.site.vocabulary import Terms, read_terms
from schakel.vocabulary import Vocabulary, read_vocabulary

ROOT = Path(__file__).parents[3]
SPACE = "https://w3id.org"
SITE = "https://kg.example.org"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(ROOT / "ontology", ROOT, SITE)[0]


@pytest.fixture(scope="module")
def terms(vocabulary: Vocabulary) -> Terms:
    return read_terms(vocabulary.triples, Context(f"{SITE}/", known_prefixes(vocabulary.prefixes), ("en",)))


@pytest.fixture(scope="module")
def own(terms: Terms) -> list[str]:
    found = sorted(iri for iri in terms.anchors if iri.startswith(f"{SPACE}/schakel/"))
    assert len(found) > 200
    return found


def test_every_term_leads_to_its_place_on_the_page(ask_w3id: Ask, own: list[str], terms: Terms) -> None:
    for iri in own:
        address, fragment = urldefrag(iri)
        answer = ask_w3id(address.removeprefix(SPACE), BROWSER)
        assert answer.status == 303, iri
        page, place = urldefrag(answer.headers["location"])
        assert page == f"{SITE}/ontology.html", iri
        # A browser keeps what stood after the number sign, where the address that it is led to has none.
        ontology = iri in {f"{SPACE}/schakel/ns", f"{SPACE}/schakel/alignments"}
        assert (place or fragment or terms.anchors[iri]) == terms.anchors[iri], iri
        assert bool(place) == (not fragment and not ontology), iri


@pytest.mark.parametrize(("accept", "suffix"), [("text/turtle", "ttl"), ("application/ld+json", "jsonld"), ("application/n-triples, */*;q=0.1", "nt")])
def test_every_term_leads_to_its_data(accept: str, suffix: str, ask_w3id: Ask, own: list[str]) -> None:
    for path in sorted({urldefrag(iri)[0].removeprefix(SPACE) for iri in own}):
        answer = ask_w3id(path, accept)
        assert (answer.status, answer.headers["location"]) == (303, f"{SITE}/ontology.{suffix}"), path
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "accept" in answer.headers["vary"].lower()


def test_a_version_of_the_ontology_leads_to_it(ask_w3id: Ask) -> None:
    assert ask_w3id("/schakel/ns/0.1.0", "text/turtle").headers["location"] == f"{SITE}/ontology.ttl"


def test_shapes_lead_to_the_page_of_shapes(ask_w3id: Ask) -> None:
    assert ask_w3id("/schakel/shapes", BROWSER).headers["location"] == f"{SITE}/shapes.html"


def test_the_name_alone_leads_to_the_site(ask_w3id: Ask) -> None:
    answer = ask_w3id("/schakel/", BROWSER)
    assert (answer.status, answer.headers["location"]) == (303, f"{SITE}/")


@pytest.mark.parametrize("path", ["/schakel/none", "/schakel/role/member/none", "/schakel/role/%0d%0aX:y", "/schakel/nsx", "/schakel/ns/..%2f"])
def test_nothing_else_leads_anywhere(path: str, ask_w3id: Ask) -> None:
    for accept in (BROWSER, "text/turtle"):
        assert ask_w3id(path, accept).status in {400, 404}
