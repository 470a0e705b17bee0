"""The configurations in docs/hosting/ do what docs/how-to/host-the-site.md says, on the real servers. An extra, run by `make test-hosting`."""

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.site.machines import Document, PageGroup, Signposts, as_seen_from, link_header, links_of

Ask = Callable[..., Any]
BASE = "https://kg.example.org/"
FORMATS = ("html", "ttl", "jsonld", "nt")
MEDIA_TYPES = {"html": "text/html", "ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# What a reader accepts and what is given: the front and the configurations of other servers choose alike.
with (Path(__file__).parents[2] / "negotiation.csv").open(encoding="utf-8", newline="") as table:
    WANTED = [(row["accept"] or None, row["given"]) for row in csv.DictReader(table)]


@pytest.mark.parametrize(("accept", "suffix"), WANTED)
def test_a_thing_leads_to_the_document_in_the_format_wanted(accept: str | None, suffix: str, ask: Ask) -> None:
    answer = ask("/org/mst", accept)
    assert (answer.status, address(answer)) == (303, f"/org/mst.{suffix}")
    assert "accept" in answer.headers["vary"].lower()
    assert answer.headers["access-control-allow-origin"] == "*"


def address(answer: Any) -> str:  # noqa: ANN401  # of the conftest beside
    """The path that an answer leads to; it must not lead to another host."""
    location = answer.headers["location"].encode("latin-1").decode("utf-8")
    assert urlsplit(location).netloc in {"", "127.0.0.1"} or urlsplit(location).netloc.startswith("127.0.0.1:"), location
    return unquote(urlsplit(location).path)


RANGES = {
    "text/html": {"html"},
    "text/turtle": {"ttl"},
    "application/ld+json": {"jsonld"},
    "application/n-triples": {"nt"},
    "text/*": {"html", "ttl"},
    "application/*": {"jsonld", "nt"},
    "*/*": set(FORMATS),
    "image/png": set(),
}


def best(weights: Mapping[str, int]) -> str:
    """What RFC 9110 says: of each format counts the most exact range; the first of those wanted most, or none of them."""
    levels = {}
    for suffix in FORMATS:
        fitting = sorted((len(formats), weights[name]) for name, formats in RANGES.items() if suffix in formats and name in weights)
        levels[suffix] = fitting[0][1] if fitting else 0
    found = max(FORMATS, key=lambda suffix: levels[suffix])
    return found if levels[found] or not weights else ""


@given(st.lists(st.tuples(st.sampled_from(sorted(RANGES)), st.integers(0, 10)), unique_by=lambda pair: pair[0]))
def test_weights_are_respected(ask: Ask, ranges: list[tuple[str, int]]) -> None:
    accept = ", ".join(name if weight == 10 else f"{name};q=0.{weight}" for name, weight in ranges)
    answer, wanted = ask("/org/mst", accept or None), best(dict(ranges))
    assert answer.status == (303 if wanted else 406)
    assert not wanted or address(answer) == f"/org/mst.{wanted}"


@pytest.mark.parametrize("accept", ["image/png", "application/rdf+xml", "text/n3", "nonsense", "text/html;q=0"])
def test_who_wants_what_there_is_not_is_told_what_there_is(accept: str, ask: Ask) -> None:
    for path in ("/org/mst", "/org/caf%C3%A9"):
        answer = ask(path, accept)
        assert (answer.status, answer.body.strip()) == (406, b"text/html, text/turtle, application/ld+json, application/n-triples")
        assert "accept" in answer.headers["vary"].lower()
    assert ask("/org/none", accept).status == 404
    assert ask("/org/mst.ttl", accept).status == 200


def test_a_thing_without_a_page_leads_to_its_data(ask: Ask) -> None:
    assert address(ask("/org/bare", BROWSER)) == "/org/bare.ttl"
    assert address(ask("/org/bare", "application/n-triples")) == "/org/bare.nt"


def test_a_thing_that_has_only_a_page_leads_to_it(ask: Ask) -> None:
    assert address(ask("/queries/members", "text/turtle")) == "/queries/members.html"


def test_a_thing_with_other_letters_leads_to_its_document(ask: Ask) -> None:
    answer = ask("/org/caf%C3%A9", "text/turtle")
    assert (answer.status, address(answer)) == (303, "/org/café.ttl")


def test_what_stands_after_a_question_mark_does_not_matter(ask: Ask) -> None:
    answer = ask("/org/mst?x=//example.com/", "text/turtle")
    assert (answer.status, address(answer)) == (303, "/org/mst.ttl")


@pytest.mark.parametrize(("accept", "path"), [(BROWSER, "/"), ("text/turtle", "/void.ttl"), ("application/ld+json", "/void.ttl")])
def test_the_dataset_leads_to_its_description(accept: str, path: str, ask: Ask) -> None:
    answer = ask("/dataset", accept)
    assert (answer.status, address(answer)) == (303, path)
    assert "accept" in answer.headers["vary"].lower()


TYPES = {
    "org/mst.html": "text/html; charset=utf-8",
    "org/mst.ttl": "text/turtle; charset=utf-8",
    "org/mst.jsonld": "application/ld+json",
    "org/mst.nt": "application/n-triples",
    "org/caf%C3%A9.ttl": "text/turtle; charset=utf-8",
    "nl/org/mst.html": "text/html; charset=utf-8",
    "": "text/html; charset=utf-8",
    "nl/": "text/html; charset=utf-8",
    "void.ttl": "text/turtle; charset=utf-8",
    ".well-known/void": "text/turtle; charset=utf-8",
    "linkset.json": "application/linkset+json",
    "download/dataset.nq": "application/n-quads",
    "download/dataset.trig": "application/trig",
    "queries/index.json": "application/json",
    "queries/members.rq": "application/sparql-query",
    "queries/members.csv": "text/csv; charset=utf-8",
    "static/site.css": "text/css; charset=utf-8",
    "static/site.js": "text/javascript; charset=utf-8",
    "static/oxigraph.wasm": "application/wasm",
    "robots.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("path", TYPES)
def test_a_document_comes_with_its_media_type(path: str, ask: Ask, site: Path) -> None:
    answer = ask(f"/{path}", "text/turtle")
    assert answer.status == 200
    assert answer.headers["content-type"].replace(";charset", "; charset").lower() == TYPES[path]
    file = unquote(path) + ("index.html" if path in {"", "nl/"} else "")
    assert answer.body == (site / "public" / file).read_bytes()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_sitemap_is_xml(ask: Ask) -> None:
    assert re.fullmatch(r"(application|text)/xml(; ?charset=utf-8)?", ask("/sitemap.xml").headers["content-type"].lower())


@pytest.mark.parametrize("path", ["/org/mst", "/org/mst.ttl", "/", "/none"])
def test_head_says_what_get_says_without_a_body(path: str, ask: Ask) -> None:
    head, get = ask(path, "text/turtle", method="HEAD"), ask(path, "text/turtle")
    assert (head.status, head.body) == (get.status, b"")
    for name in ("content-type", "location", "vary", "link", "etag"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize(("path", "thing"), [("org/mst.html", "org/mst"), ("nl/org/mst.html", "org/mst"), ("org/caf%C3%A9.html", "org/café")])
def test_a_page_has_the_signposts_that_it_holds(path: str, thing: str, ask: Ask) -> None:
    data = [Document(f"{thing}.{suffix}", MEDIA_TYPES[suffix]) for suffix in FORMATS[1:]]
    links = links_of(BASE, Signposts(PageGroup({"en": unquote(path)}), "en", thing=BASE + thing, data=data))
    told = [link for link in links if link.rel in {"cite-as", "type", "describedby"}]
    assert absolute(ask(f"/{path}").headers["link"], path) == absolute(link_header(told), path) == absolute(link_header(as_seen_from(path, BASE, told)), path)


def absolute(header: str, path: str) -> list[str]:
    header = header.encode("latin-1").decode("utf-8")
    return [re.sub(r"<([^>]*)>", lambda match: f"<{unquote(urljoin(BASE + path, match[1]))}>", link) for link in header.split(", ")]


@pytest.mark.parametrize("suffix", FORMATS[1:])
def test_data_say_what_they_describe(suffix: str, ask: Ask) -> None:
    assert ask(f"/org/mst.{suffix}").headers["link"] == f'<{BASE}org/mst>; rel="describes"'


@pytest.mark.parametrize("path", ["/", "/nl/", "/queries/members.html", "/void.ttl", "/org/bare.ttl", "/download/dataset.nq", "/none"])
def test_nothing_else_has_signposts(path: str, ask: Ask) -> None:
    assert "link" not in ask(path).headers


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("/passage/mst-about/40-69", "/source/mst-about"),
        ("/membership/mst-in-medlon", "/org/mst"),
        ("/name/mst-abbreviation", "/org/mst"),
        ("/tie/mst", "/org/mst"),
        ("/question/ketenpartners-who", "/group/ketenpartners"),
        ("/goal/outpatient-share", "/project/dms-kristiansund#goal-outpatient-share"),
    ],
)
def test_what_had_an_iri_of_its_own_leads_to_what_it_is_a_part_of(path: str, now: str, ask: Ask) -> None:
    answer = ask(path, None)
    # One server leads to the page at once.
    location = urlsplit(answer.headers["location"])
    fragment = f"#{location.fragment}" if location.fragment else ""
    assert (answer.status, location.path.removesuffix(".html") + fragment) == (301, now)


@pytest.mark.parametrize("path", ["/membership/nobody-in-medlon", "/name/nobody", "/tie/" + "-".join("abcdefghijkl")])
def test_what_had_an_iri_and_is_a_part_of_nothing_is_not_there(path: str, ask: Ask) -> None:
    assert ask(path, None).status == 404


@pytest.mark.parametrize(
    "path", ["/none", "/org/none", "/org/mst/", "/org/mst/none", "/org/", "/org", "/org/empty", "/org/empty/", "/none.ttl", "/nl/none.html"]
)
def test_what_is_not_there_is_said_on_a_page(path: str, ask: Ask) -> None:
    answer = ask(path, "text/turtle")
    assert answer.status == 404
    assert answer.body.startswith(b"This is 404.html.")
    assert answer.headers["content-type"].startswith("text/html")


def test_a_folder_with_a_first_page_is_led_to_it(ask: Ask) -> None:
    answer = ask("/nl", BROWSER)
    assert answer.status in {301, 308}
    assert address(answer) == "/nl/"


TRICKS = [
    "/../secret.ttl",
    "/../secret",
    "/org/../../secret.ttl",
    "/..%2fsecret.ttl",
    "/..%2fsecret",
    "/%2e%2e/secret.ttl",
    "/%2e%2e%2fsecret",
    "/org/..%2f..%2fsecret.ttl",
    "/..%5csecret.ttl",
    "/..%252fsecret.ttl",
    "/org/mst%00",
    "/org/mst%00.ttl",
    "/org/mst.html%00.ttl",
    "//secret.ttl",
    "/....//secret.ttl",
    "/.hidden",
    "/org/.hidden",
    "/org/.hidden.ttl",
    "/.htaccess",
    "/org/mst%0d%0aX-Injected:%20yes",
    "/org/mst%0aX-Injected:%20yes.ttl",
    "/%0d%0aX-Injected:%20yes",
    "/$site",
    "/{path}",
    "/%{ENV:SITE}",
]


@pytest.mark.parametrize("path", TRICKS)
@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_no_trick_leads_out_of_the_publication(path: str, accept: str, ask: Ask) -> None:
    answer = ask(path, accept)
    assert answer.status in {400, 403, 404}
    assert b"secret" not in answer.body.replace(path.encode(), b"")
    assert not answer.body.startswith((b"This is .hidden", b"This is org/.hidden", b"# A publication"))
    assert "x-injected" not in answer.headers


@pytest.mark.parametrize("path", ["//org/mst", "///org/mst", "//org//mst", "/org//mst", "//example.com/org/mst", "//example.com/..//org/mst", "/x/..//org/mst"])
def test_no_path_leads_to_another_host(path: str, ask: Ask) -> None:
    answer = ask(path, "text/turtle")
    if answer.status in {301, 303, 308}:
        assert not answer.headers["location"].startswith(("//", "/\\"))
        assert address(answer) in {"/org/mst.ttl", "/org/mst", "/org//mst.ttl", "/x/../org/mst.ttl", "/example.com/../org/mst.ttl"}
    else:
        assert answer.status in {400, 404}


@given(st.text("aorgmst/.%20ef5c-~{}$\\", max_size=30))
def test_no_path_brings_down_a_server_or_leads_to_another_host(ask: Ask, path: str) -> None:
    answer = ask(f"/{path}", "text/turtle")
    assert answer.status < 500
    if "location" in answer.headers:
        address(answer)
    assert b"a secret" not in answer.body


def test_a_reader_that_has_the_newest_gets_nothing_again(ask: Ask) -> None:
    first = ask("/org/mst.ttl")
    assert first.headers["cache-control"] == "no-cache"
    again = ask("/org/mst.ttl", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["/org/mst.html", "/org/mst.ttl", "/download/dataset.nq"])
def test_files_are_packed_for_who_can_unpack_them(path: str, ask: Ask) -> None:
    answer = ask(path, Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert len(answer.body) < 1000


def test_pages_say_what_they_may_load(ask: Ask) -> None:
    policy = ask("/org/mst.html").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert "unsafe-inline" not in policy
    assert ask("/").headers["content-security-policy"] == policy


def test_nothing_is_listed_and_nothing_can_be_written(ask: Ask) -> None:
    assert b"mst" not in ask("/org/").body.replace(b"/org/", b"")
    for method in ("PUT", "DELETE", "POST"):
        answer = ask("/org/mst.ttl", method=method, Content_Length="0")
        assert answer.status in {200, 403, 404, 405}
    assert ask("/org/mst.ttl").body.startswith(b"This is org/mst.ttl")
