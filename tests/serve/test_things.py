"""Files, and things that lead to documents about them: as the web servers in docs/hosting/ do, and in the reader's language."""

import csv
import re
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

import pytest

from schakel import Settings

# Of the conftest beside.
Front: TypeAlias = Any

FORMATS = {"html": "text/html", "ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# What a reader accepts and what is given: the front and the configurations of other servers choose alike.
with (Path(__file__).parents[1] / "negotiation.csv").open(encoding="utf-8", newline="") as table:
    WANTED = [(row["accept"] or None, row["given"]) for row in csv.DictReader(table)]


@pytest.mark.parametrize(("accept", "suffix"), WANTED)
def test_a_thing_leads_to_the_document_in_the_format_wanted(accept: str | None, suffix: str, front: Front) -> None:
    answer = front.ask("/tower/brandaris", accept)
    assert (answer.status, answer.headers["location"]) == (303, f"/tower/brandaris.{suffix}")
    assert "accept" in answer.headers["vary"].lower()
    document = front.ask(answer.headers["location"])
    assert (document.status, document.headers["content-type"].partition(";")[0]) == (200, FORMATS[suffix])


@pytest.mark.parametrize(("asked", "suffix"), [("ttl", "ttl"), ("turtle", "ttl"), ("jsonld", "jsonld"), ("nt", "nt"), ("html", "html")])
def test_a_format_may_be_asked_for_by_name(asked: str, suffix: str, front: Front) -> None:
    assert front.ask(f"/tower/brandaris?format={asked}", "text/html").headers["location"] == f"/tower/brandaris.{suffix}"
    assert front.ask("/tower/brandaris?format=exe").problem == "not-acceptable"


@pytest.mark.parametrize(
    ("wanted", "prefix"), [(None, ""), ("en", ""), ("nl", "/nl"), ("nl-BE, en;q=0.3", "/nl"), ("fr", ""), ("en;q=0.2, nl;q=0.8", "/nl"), ("nl;q=0", "")]
)
def test_a_reader_gets_the_page_in_the_language_wanted(wanted: str | None, prefix: str, front: Front, towers: Settings) -> None:
    if not (towers.publication / "nl").is_dir():
        pytest.skip("pages are in one language")
    answer = front.ask("/tower/brandaris", BROWSER, Accept_Language=wanted)
    assert answer.headers["location"] == f"{prefix}/tower/brandaris.html"
    assert "accept-language" in answer.headers["vary"].lower()
    # Data are the same in every language.
    assert front.ask("/tower/brandaris", "text/turtle", Accept_Language=wanted).headers["location"] == "/tower/brandaris.ttl"


def test_any_iri_leads_to_its_document(front: Front, towers: Settings) -> None:
    answer = front.ask(f"/about?iri={quote(towers.base, safe='')}tower/brandaris", "text/turtle")
    assert (answer.status, answer.headers["location"]) == (303, "/tower/brandaris.ttl")
    assert front.ask("/about?iri=https://nobody.example/x", BROWSER).status == 404
    assert front.ask("/about", BROWSER).headers["location"] == "/about.html"


def test_letters_beyond_ascii_stay_encoded(front: Front) -> None:
    answer = front.ask("/tower/caf%C3%A9", "text/turtle")
    assert unquote(answer.headers["location"]) == "/tower/café.ttl"
    assert front.ask(answer.headers["location"]).status == 200


def test_the_dataset_leads_to_its_description(front: Front) -> None:
    assert front.ask("/dataset", BROWSER).headers["location"] == "/"
    assert front.ask("/dataset", "text/turtle").headers["location"] == "/void.ttl"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html"),
        ("/ontology.html", "text/html"),
        ("/download/dataset.nq", "application/n-quads"),
        ("/download/dataset.trig", "application/trig"),
        ("/download/graph.nt", "application/n-triples"),
        ("/queries/towers.rq", "application/sparql-query"),
        ("/queries/towers.csv", "text/csv"),
        ("/queries/index.json", "application/json"),
    ],
)
def test_files_are_given_as_they_are_with_their_media_types(path: str, media_type: str, front: Front, towers: Settings) -> None:
    answer = front.ask(path)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert answer.body == (towers.publication / (path.lstrip("/") or "index.html")).read_bytes()
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_file_of_the_publication_is_there(front: Front, towers: Settings) -> None:
    files = [path.relative_to(towers.publication).as_posix() for path in towers.publication.rglob("*") if path.is_file()]
    for file in files[::7]:
        answer = front.ask(f"/{''.join(f'%{byte:02X}' if byte > 127 else chr(byte) for byte in file.encode())}", method="HEAD")
        assert (answer.status, answer.body) == (200, b""), file
        assert int(answer.headers["content-length"]) == (towers.publication / file).stat().st_size


def test_a_reader_who_has_the_file_gets_no_second_one(front: Front) -> None:
    first = front.ask("/void.ttl")
    for condition in (
        {"If_None_Match": first.headers["etag"]},
        {"If_None_Match": f'"other", W/{first.headers["etag"]}'},
        {"If_Modified_Since": first.headers["last-modified"]},
    ):
        answer = front.ask("/void.ttl", **condition)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", first.headers["etag"])
    for condition in ({"If_None_Match": '"other"'}, {"If_Modified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, {"If_Modified_Since": "nonsense"}):
        assert front.ask("/void.ttl", **condition).status == 200
    # Of both conditions the one by the tag counts.
    assert front.ask("/void.ttl", If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"]).status == 200


def test_signposts(front: Front) -> None:
    page = front.ask("/tower/brandaris.html", method="HEAD").headers["link"]
    assert '<https://example.org/tower/brandaris>; rel="cite-as"' in page
    assert '</tower/brandaris.ttl>; rel="describedby"; type="text/turtle"' in page
    assert front.ask("/tower/brandaris.ttl").headers["link"] == '<https://example.org/tower/brandaris>; rel="describes"'
    assert "link" not in front.ask("/void.ttl").headers
    assert re.fullmatch(r"[\x20-\x7e]+", front.ask("/tower/caf%C3%A9.html").headers["link"])


def test_folders(front: Front) -> None:
    answer = front.ask("/queries")
    assert (answer.status, answer.headers["location"]) in [(301, "/queries/"), (303, "/queries.html")]
    assert front.ask("/tower/").status == 404


@pytest.mark.parametrize("path", ["/nothing", "/tower/nobody", "/tower/brandaris.exe", "/tower/brandaris/", "/" + "a" * 300, "/a/" * 50 + "b"])
def test_what_is_not_there(path: str, front: Front) -> None:
    assert front.ask(path).problem == "not-found"
    page = front.ask(path, BROWSER)
    assert (page.status, page.headers["vary"]) == (404, "Accept, Accept-Encoding")
    assert front.ask(path).headers["vary"] == "Accept"


def test_pages_may_only_run_what_is_theirs(front: Front) -> None:
    policy = front.ask("/").headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "default-src 'none'" in front.sparql("ASK {}").headers["content-security-policy"]


def test_a_connection_is_kept_and_nothing_waits_on_it(front: Front) -> None:
    connection = HTTPConnection("127.0.0.1", front.port, timeout=10)
    began = time.monotonic()
    for _ in range(50):
        connection.request("GET", "/void.ttl")
        assert connection.getresponse().read()
    connection.close()
    # A body that waits until its headers are acknowledged takes a twenty-fifth of a second.
    assert time.monotonic() - began < 1.5
