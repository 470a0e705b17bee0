"""What is published, served by nginx: the sitemap, the links in pages, the headers and the files agree. An extra, run by `make test-hosting`."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from lxml import etree

from schakel import Settings
from schakel.site.machines import Link

Ask = Callable[..., Any]
BASE = "https://kg.example.org/"
SITEMAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
# One page in so many is looked at.
EACH = 40


@pytest.fixture(scope="module")
def ask(published: Settings, serve_with_nginx: Any) -> Iterator[Ask]:  # noqa: ANN401  # of the conftest beside
    with tempfile.TemporaryDirectory() as name, serve_with_nginx(published.publication.parent, Path(name)) as asked:
        yield asked


@pytest.fixture(scope="module")
def pages(ask: Ask) -> list[str]:
    """The paths of all pages, as the sitemap has them."""
    sitemap = etree.fromstring(ask("/sitemap.xml").body)
    found = [str(address).removeprefix(BASE) for address in sitemap.xpath("//s:loc/text()", namespaces=SITEMAPS)]
    assert len(found) > 500
    return found


def links(page: bytes) -> list[Link]:
    """The links in the head of a page."""
    head = html5lib.parse(page, namespaceHTMLElements=False).find("head")
    named = [element.attrib for element in head.findall("link")]
    return [Link(each["rel"], each["href"], each.get("type", ""), each.get("hreflang", "")) for each in named]


def path_of(path: str, link: Link) -> str:
    return urljoin(BASE + path, link.href).removeprefix(BASE).partition("#")[0]


def test_every_page_of_the_sitemap_is_there_and_no_other(pages: list[str], published: Settings) -> None:
    files = {path.relative_to(published.publication).as_posix() for path in published.publication.rglob("*.html")} - {"404.html"}
    assert {f"{page}index.html" if page == "" or page.endswith("/") else page for page in pages} == files
    assert len(pages) == len(set(pages))


def test_pages_are_what_the_sitemap_says(pages: list[str], ask: Ask) -> None:
    for path in [*pages[:20], *pages[::EACH]]:
        answer = ask(f"/{path}")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        (canonical,) = [link.href for link in links(answer.body) if link.rel == "canonical"]
        assert canonical == BASE + path


def test_every_link_to_machines_leads_to_a_file_of_its_type(pages: list[str], ask: Ask) -> None:
    for path in [*pages[:20], *pages[::EACH]]:
        for link in links(ask(f"/{path}").body):
            if link.rel in {"alternate", "describedby", "item", "linkset"}:
                answer = ask(f"/{path_of(path, link)}", method="HEAD")
                assert answer.status == 200, (path, link)
                assert answer.headers["content-type"].startswith(link.type), (path, link)


def test_a_page_of_a_thing_and_its_header_say_the_same(pages: list[str], ask: Ask, published: Settings) -> None:
    things = [path for path in pages if (published.publication / path).with_suffix(".jsonld").is_file() and path != "ontology.html"]
    assert len(things) > 100
    for path in things[::EACH]:
        answer = ask(f"/{path}")
        told = links(answer.body)
        (thing,) = [link.href for link in told if link.rel == "cite-as"]
        header = answer.headers["link"]
        assert f'<{thing}>; rel="cite-as"' in header
        for link in told:
            if link.rel == "describedby":
                assert f'</{path_of(path, link)}>; rel="describedby"; type="{link.type}"' in header
        for media_type in ("text/html", "text/turtle", "application/ld+json", "application/n-triples"):
            led = ask(f"/{thing.removeprefix(BASE)}", media_type)
            assert led.status == 303
            assert ask(led.headers["location"]).headers["content-type"].startswith(media_type)


def test_the_linkset_leads_to_files_of_their_types(ask: Ask) -> None:
    answer = ask("/linkset.json")
    assert answer.headers["content-type"] == "application/linkset+json"
    contexts = json.loads(answer.body)["linkset"]
    assert contexts[0]["anchor"] == BASE
    assert contexts[0]["item"]
    for context in contexts:
        assert ask(context["anchor"].removeprefix(BASE.rstrip("/"))).status == 200
        for rel in ("item", "describedby", "collection", "describes"):
            for target in context.get(rel, []):
                found = ask(target["href"].removeprefix(BASE.rstrip("/")), method="HEAD")
                assert (found.status, found.headers["content-type"].partition(";")[0]) == (200, target["type"])


def test_the_page_for_what_is_not_there_works_at_any_depth(ask: Ask) -> None:
    answer = ask("/org/no/such/thing", "text/html")
    assert answer.status == 404
    for link in links(answer.body):
        if link.rel == "stylesheet":
            assert ask(urlsplit(urljoin(f"{BASE}org/no/such/thing", link.href)).path).status == 200
