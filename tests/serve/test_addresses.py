"""Where a client sees the service: every address in a response leads there, and none to where somebody else says."""

import re
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from schakel.serve.addresses import Site, locate

# Of the conftest beside.
Front: TypeAlias = Any

LOD: Final = "https://data.example/lod/"
PROXY, OTHER = "127.0.0.77", "127.0.0.78"
FORWARDED: Final = {"X_Forwarded_Prefix": "/lod", "X_Forwarded_Host": "data.example", "X_Forwarded_Proto": "https"}
RDF: Final = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "n3": "text/n3", "nt": "application/n-triples", "jsonld": "application/ld+json"}


def located(path: str, base: str, root_path: str = "", **headers: str) -> tuple[Site, str]:
    raw = [(b"host", b"here.example:8000"), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "http", "scheme": "http", "path": path, "raw_path": path.encode(), "headers": raw}
    return locate(scope, base, root_path), scope["raw_path"].decode()  # type: ignore[attr-defined]  # bytes


@pytest.mark.parametrize(
    ("path", "base", "root_path", "prefix", "below"),
    [
        ("/org/x", "https://data.example/", "", "", "/org/x"),
        ("/lod/org/x", LOD, "", "/lod", "/org/x"),
        ("/lod/", LOD, "", "/lod", "/"),
        ("/lod", LOD, "", "/lod", ""),
        ("/l%6Fd/org/%C3%A9", LOD, "", "/lod", "/org/%C3%A9"),
        ("/lodger", LOD, "", "", "/lodger"),
        ("/org/x", LOD, "", "", "/org/x"),
        ("/org/x", LOD, "/other", "/other", "/org/x"),
        ("/other/org/x", LOD, "/other", "/other", "/org/x"),
        ("/a/b/c", "https://data.example/a/b/", "", "/a/b", "/c"),
        ("/org/x", "urn:example:", "", "", "/org/x"),
    ],
)
def test_a_site_is_below_the_path_of_its_base_or_of_its_proxy(path: str, base: str, root_path: str, prefix: str, below: str) -> None:
    assert located(path, base, root_path) == (Site("http://here.example:8000", prefix), below)


@pytest.mark.parametrize("forwarded", ["//evil.example", "/a b", "/a\r\nb", '/a"', "/../x", "/a?b"])
def test_what_is_no_prefix_is_none(forwarded: str) -> None:
    site, _ = located("/org/x", LOD, x_forwarded_prefix=forwarded)
    assert re.fullmatch(r"(?:/[\w.%-]+)?", site.prefix, re.ASCII)
    assert ".." not in site.prefix


def test_behind_a_proxy_every_address_leads_there(front: Front) -> None:
    def ask(path: str, accept: str | None = None, **headers: str) -> Any:  # noqa: ANN401  # of the conftest beside
        return front.ask(path, accept, source=PROXY, **FORWARDED, **headers)

    # Stripped of its prefix or not.
    for before in ("", "/lod"):
        assert ask(f"{before}/tower/brandaris", "text/turtle").headers["location"] == "/lod/tower/brandaris.ttl"
        assert ask(f"{before}/queries").headers["location"] == "/lod/queries/"
        assert ask(f"{before}/dataset", "text/turtle").headers["location"] == "/lod/void.ttl"
        assert ask(f"{before}/sparql", "text/html").headers["location"].startswith("/lod/")
        assert ask(f"{before}/reconcile/view?id=tower/brandaris").headers["location"] == "/lod/tower/brandaris"
        assert '</lod/tower/brandaris.ttl>; rel="describedby"' in ask(f"{before}/tower/brandaris.html").headers["link"]
        assert {each["url"] for each in ask(f"{before}/api/").json["queries"]} == {"/lod/api/tower", "/lod/api/towers"}
        assert ask(f"{before}/api/openapi.json").json["servers"] == [{"url": "https://data.example/lod"}]
        assert ask(f"{before}/reconcile").json["view"]["url"].startswith("https://data.example/lod/reconcile/view?")
        assert b'href="https://data.example/lod/static/site.css"' in ask(f"{before}/nothing", "text/html").body
        assert b"<https://data.example/lod/sparql>" in ask(f"{before}/void.ttl").body
        assert b"(https://data.example/lod/api/tower): The name of a tower. Parameters: tower (the tower)," in ask(f"{before}/llms.txt").body
    # And asked directly, the same page leads to where it was asked.
    assert '</tower/brandaris.ttl>; rel="describedby"' in front.ask("/tower/brandaris.html").headers["link"]
    assert front.ask("/tower/brandaris", "text/turtle").headers["location"] == "/tower/brandaris.ttl"


def test_nobody_but_a_proxy_says_where_the_service_is(front: Front) -> None:
    for path in ("/tower/brandaris", "/queries"):
        assert not front.ask(path, "text/turtle", source=OTHER, **FORWARDED).headers["location"].startswith("/lod")
    assert "data.example" not in front.ask("/reconcile", source=OTHER, **FORWARDED).body.decode()


@pytest.mark.parametrize("path", ["/sparql/", "/graph/", "/reconcile/", "/api"])
def test_an_endpoint_with_a_slash_too_many_or_too_few_is_found(path: str, front: Front) -> None:
    for method in ("GET", "POST"):
        answer = front.ask(f"{path}?a=b", method=method)
        found, _, query = answer.headers["location"].partition("?")
        assert (answer.status, found.rstrip("/"), query) == (308, path.rstrip("/"), "a=b")
        assert found != path


@pytest.mark.parametrize(("suffix", "media_type"), RDF.items())
def test_a_thing_is_given_in_every_syntax_of_rdf(suffix: str, media_type: str, front: Front) -> None:
    location = front.ask("/tower/brandaris", media_type).headers["location"]
    assert location == f"/tower/brandaris.{suffix}"
    found = []
    for path in (location, "/tower/brandaris.nt"):
        answer = front.ask(path)
        given = answer.headers["content-type"].partition(";")[0]
        found.append({str(quad.triple) for quad in ox.parse(answer.body, format=ox.RdfFormat.from_media_type(given))})
        assert given == (media_type if path == location else "application/n-triples")
    assert found[0] == found[1] != set()


@pytest.mark.parametrize("accept", ["image/png", "application/trig", "nonsense"])
def test_a_thing_that_is_not_there_in_the_format_wanted_is_refused_with_a_list(accept: str, front: Front) -> None:
    answer = front.ask("/tower/brandaris", accept)
    assert (answer.status, answer.problem) == (406, "not-acceptable")
    assert all(media_type in answer.json["detail"] for media_type in RDF.values())
    assert "accept" in answer.headers["vary"].lower()


def test_a_graph_leads_to_its_statements(front: Front) -> None:
    iri = "https://example.org/graph/provenance"
    answer = front.ask("/graph/provenance", "text/turtle")
    assert (answer.status, answer.headers["location"]) == (303, f"/graph?graph={quote(iri, safe='')}")
    by_iri = front.ask(answer.headers["location"], "application/n-triples")
    asked = front.sparql(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "application/n-triples")
    assert by_iri.status == 200
    assert set(by_iri.body.splitlines()) == set(asked.body.splitlines()) != set()
    assert set(front.ask("/graph?default&format=nt").body.splitlines()) > set(by_iri.body.splitlines())
    # The graph of a source is in the document about it.
    assert front.ask("/source/page", "application/trig").headers["location"] == "/source/page.trig"
    assert front.ask("/graph").problem == front.ask("/graph?default&graph=x").problem == "bad-request"
    assert front.ask("/graph?graph=https%3A%2F%2Fother.example%2F").problem == "not-found"


@pytest.mark.parametrize("path", ["/void.ttl", "/.well-known/void", "/catalog.ttl", "/void.rdf", "/void.jsonld", "/sparql"])
def test_descriptions_name_what_there_is_at_the_address_asked_for(path: str, front: Front) -> None:
    answer = front.ask(path, "text/turtle" if path == "/sparql" else None, source=PROXY, X_Forwarded_Host="here.example")
    triples = {str(quad.triple) for quad in ox.parse(answer.body, format=ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0]))}
    for service in ("sparql", "graph", "api/", "reconcile"):
        assert f"<http://here.example/{service}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#DataService>" in triples
        assert f"<https://example.org/catalog> <http://www.w3.org/ns/dcat#service> <http://here.example/{service}>" in triples
    assert "<https://example.org/dataset> <http://rdfs.org/ns/void#sparqlEndpoint> <http://here.example/sparql>" in triples
    if path == "/sparql":
        graph = f"<http://here.example/graph?graph={quote('https://example.org/graph/provenance', safe='')}>"
        assert f"{graph} <http://www.w3.org/ns/sparql-service-description#name> <https://example.org/graph/provenance>" in triples


def test_what_xml_cannot_hold_breaks_no_answer(front: Front) -> None:
    text = r'"a\u0001\u000B\uFFFEb\rc"'
    rows = front.sparql(f"SELECT ({text} AS ?x) {{}}", "application/sparql-results+xml")
    (solution,) = ox.parse_query_results(rows.body, format=ox.QueryResultsFormat.XML)  # type: ignore[misc]  # rows, no boolean
    triples = front.sparql(f"CONSTRUCT {{ <urn:a> <urn:b> {text} }} WHERE {{}}", "application/rdf+xml")
    (quad,) = ox.parse(triples.body, format=ox.RdfFormat.RDF_XML)
    assert solution["x"] == quad.object == ox.Literal("a\ufffd\ufffd\ufffdb\rc")
    refused = front.sparql("CONSTRUCT { <urn:a> <https://example.org/1> 1 } WHERE {}", "application/rdf+xml")
    assert (refused.status, refused.problem) == (400, "query-unreadable")
    assert "<https://example.org/1>" in refused.json["detail"]


def test_conditions_as_rfc_9110_has_them(front: Front) -> None:
    path = "/tower/brandaris.ttl"
    tag, modified = (front.ask(path).headers[name] for name in ("etag", "last-modified"))
    before, after = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    for _ in range(2):  # the second time from the cache
        for headers, status in (
            ({"If_Match": tag}, 200),
            ({"If_Match": f'"other", {tag}'}, 200),
            ({"If_Match": "*"}, 200),
            ({"If_Match": '"other"'}, 412),
            ({"If_Match": f"W/{tag}"}, 412),
            ({"If_Match": tag, "If_Unmodified_Since": before}, 200),
            ({"If_Match": tag, "If_None_Match": tag}, 304),
            ({"If_Unmodified_Since": modified}, 200),
            ({"If_Unmodified_Since": after}, 200),
            ({"If_Unmodified_Since": before}, 412),
            ({"If_Unmodified_Since": "nonsense"}, 200),
        ):
            assert front.ask(path, **headers).status == status, headers


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=a-b", "bytes=", "bytes", "lines=1-2", "bytes=1-2,x"])
def test_a_range_that_is_none_is_ignored(wanted: str, front: Front) -> None:
    answer = front.ask("/download/graph.nt", Range=wanted)
    assert (answer.status, len(answer.body)) == (200, len(front.ask("/download/graph.nt").body))


def test_scripts_of_other_pages_may_log_in_and_ask(front: Front) -> None:
    for path in ("/sparql", "/tower/brandaris", "/nothing", "*"):
        answer = front.ask(path, method="OPTIONS", Origin="https://other.example", Access_Control_Request_Headers="authorization, content-type")
        allowed = {each.strip().lower() for each in answer.headers["access-control-allow-headers"].split(",")}
        assert answer.status == 204
        assert {"accept", "authorization", "content-type"} <= allowed
        assert "ratelimit" not in answer.headers
