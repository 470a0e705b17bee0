"""The links of a page say the same in HTML, in the HTTP header and in a linkset, and lead nowhere that is not the web."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from schakel.site.machines import Document, Link, PageGroup, Signposts, address_of, as_seen_from, href_between, link_header, links_of, linkset_file

BASE = "https://kg.example.org/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER = f"{BASE}catalog#publisher"
DATA = (Document("org/mst.ttl", "text/turtle"), Document("org/mst.jsonld", "application/ld+json"), Document("org/mst.nt", "application/n-triples"))
MST = Signposts(
    PageGroup({"en": "org/mst.html", "nl": "nl/org/mst.html"}),
    "nl",
    thing=f"{BASE}org/mst",
    types=("http://www.w3.org/ns/org#Organization", "http://www.w3.org/ns/org#Organization"),
    data=DATA,
    licence=LICENCE,
    author=PUBLISHER,
)
HOME = Signposts(
    PageGroup({"en": "index.html", "nl": "nl/index.html"}),
    "en",
    thing=f"{BASE}dataset",
    types=("http://www.w3.org/ns/dcat#Dataset",),
    data=(Document("void.ttl", "text/turtle"), Document("catalog.ttl", "text/turtle")),
    items=(Document("download/graph.ttl", "text/turtle"), Document("download/dataset.nq", "application/n-quads")),
    licence=LICENCE,
    author=PUBLISHER,
    linkset=True,
)


def of(links: list[Link], rel: str) -> list[str]:
    return [link.href for link in links if link.rel == rel]


def test_a_page_says_what_it_is_about_and_whose_that_is() -> None:
    links = links_of(BASE, MST)
    assert of(links, "cite-as") == [f"{BASE}org/mst"]
    assert of(links, "type") == ["https://schema.org/AboutPage", "http://www.w3.org/ns/org#Organization"]
    assert of(links, "license") == [LICENCE]
    assert of(links, "author") == [PUBLISHER]
    assert of(links, "canonical") == [f"{BASE}nl/org/mst.html"]
    assert of(links, "item") == of(links, "linkset") == []


def test_a_page_leads_to_its_data_in_each_format() -> None:
    links = links_of(BASE, MST)
    expected = [(BASE + document.path, document.media_type) for document in DATA]
    assert [(link.href, link.type) for link in links if link.rel == "describedby"] == expected
    assert [(link.href, link.type) for link in links if link.rel == "alternate" and not link.hreflang] == expected


def test_a_page_names_itself_in_each_language() -> None:
    named = {link.hreflang: link.href for link in links_of(BASE, MST) if link.hreflang}
    assert named == {"en": f"{BASE}org/mst.html", "nl": f"{BASE}nl/org/mst.html", "x-default": f"{BASE}org/mst.html"}


def test_a_page_in_one_language_names_no_other() -> None:
    assert not [link for link in links_of(BASE, Signposts(PageGroup({"en": "sparql.html"}), "en")) if link.hreflang]


def test_a_page_about_nothing_has_nothing_to_cite() -> None:
    links = links_of(BASE, Signposts(PageGroup({"en": "about.html"}), "en"))
    assert links == [Link("canonical", f"{BASE}about.html")]


def test_a_dataset_consists_of_its_dumps() -> None:
    links = links_of(BASE, HOME)
    assert of(links, "canonical") == [BASE]
    assert of(links, "item") == [f"{BASE}download/graph.ttl", f"{BASE}download/dataset.nq"]
    assert [(link.href, link.type) for link in links if link.rel == "linkset"] == [(f"{BASE}linkset.json", "application/linkset+json")]


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "urn:isbn:1", "mailto:a@example.org", "//example.org/x", "https:", "", " "])
def test_only_web_addresses_become_links(iri: str) -> None:
    page = Signposts(PageGroup({"en": "a.html"}), "en", thing=iri, types=[iri, "https://example.org/Kind"], licence=iri, author=iri)
    kept = [link.href for link in links_of(BASE, page)]
    assert set(kept) <= {f"{BASE}a.html", "https://schema.org/AboutPage", "https://example.org/Kind"}
    assert "https://example.org/Kind" in kept


def test_data_are_found_where_a_copy_is_read() -> None:
    links = as_seen_from("nl/org/mst.html", BASE, links_of(BASE, MST))
    assert of(links, "describedby") == ["../../org/mst.ttl", "../../org/mst.jsonld", "../../org/mst.nt"]
    assert of(links, "canonical") == [f"{BASE}nl/org/mst.html"]
    assert of(links, "cite-as") == [f"{BASE}org/mst"]
    assert {link.href for link in links if link.hreflang} == {f"{BASE}org/mst.html", f"{BASE}nl/org/mst.html"}


def header_links(header: str) -> list[Link]:
    """Read a header, as RFC 8288 has it; none of ours has a comma within an address."""
    found = []
    for written in header.split(", "):
        match = re.fullmatch(r'<([^<>"\s]*)>((?:; [a-z]+="[^"\\]*")+)', written)
        assert match is not None, written
        found.append(Link(href=match[1], **dict(re.findall(r'; ([a-z]+)="([^"]*)"', match[2]))))
    return found


def test_the_header_says_the_same() -> None:
    links = links_of(BASE, MST)
    assert header_links(link_header(links)) == links


def test_an_element_has_only_the_attributes_that_it_needs() -> None:
    assert Link("cite-as", f"{BASE}org/mst").attributes == {"rel": "cite-as", "href": f"{BASE}org/mst"}
    assert list(Link("alternate", "a", type="text/html", hreflang="nl").attributes) == ["rel", "href", "type", "hreflang"]


# ------------------------------------------------------------------------------------------------------------------------- the linkset


def test_the_linkset_says_of_the_dataset_what_its_page_does() -> None:
    contexts = json.loads(linkset_file(BASE, HOME))["linkset"]
    (home,) = [context for context in contexts if context["anchor"] == BASE]
    told = {
        (rel, target["href"], target.get("type", ""), *target.get("hreflang", [])) for rel, targets in home.items() if rel != "anchor" for target in targets
    }
    links = [link for link in links_of(BASE, HOME) if link.rel not in {"canonical", "linkset"}]
    assert told == {(link.rel, link.href, link.type, *([link.hreflang] if link.hreflang else [])) for link in links}


def test_each_file_leads_back_and_no_anchor_comes_twice() -> None:
    contexts = json.loads(linkset_file(BASE, HOME))["linkset"]
    by_anchor = {context["anchor"]: context for context in contexts}
    assert len(by_anchor) == len(contexts) == 5
    for path in ("download/graph.ttl", "download/dataset.nq"):
        assert by_anchor[BASE + path]["collection"] == [{"href": BASE, "type": "text/html"}]
    for path in ("void.ttl", "catalog.ttl"):
        assert by_anchor[BASE + path]["describes"] == [{"href": BASE, "type": "text/html"}]


def test_the_linkset_is_the_same_each_time() -> None:
    assert linkset_file(BASE, HOME) == linkset_file(BASE, HOME)


# -------------------------------------------------------------------------------------------------------------------------- odd paths

SEGMENT = st.text(min_size=1, max_size=12).filter(lambda each: each not in {".", "..", "index.html"} and "/" not in each)
PATH = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)


def resolved(page: str, href: str) -> str:
    """Resolve as RFC 3986 has it; urljoin() of the standard library drops a semicolon with nothing behind it."""
    (triple,) = parse(f"<{href}> a <{href}> .", RdfFormat.TURTLE, base_iri=page)
    assert isinstance(triple.subject, NamedNode)
    return triple.subject.value


@given(PATH, PATH)
@example("0", "0;")
@example("a", ";b")
@example("a", ":")
@example("a", "javascript:alert(1)")
def test_a_link_between_two_files_leads_to_the_address_of_the_second(path: str, target: str) -> None:
    assert resolved(address_of(BASE, path), href_between(path, target)) == address_of(BASE, target)


@given(PATH, PATH)
@example("0", "0;")
@example("a", ";b")
@example("a", ":")
@example("a", "javascript:alert(1)")
def test_links_seen_from_a_page_lead_where_absolute_ones_do(path: str, target: str) -> None:
    page = Signposts(PageGroup({"en": path}), "en", thing=f"{BASE}org/mst", data=[Document(target, "text/turtle")], linkset=True)
    links = links_of(BASE, page)
    seen = as_seen_from(path, BASE, links)
    assert [resolved(address_of(BASE, path), link.href) for link in seen] == [link.href for link in links]
    assert header_links(link_header(links).replace(",", "%2C").replace("%2C <", ", <")) == [
        Link(link.rel, link.href.replace(",", "%2C"), link.type, link.hreflang) for link in links
    ]
