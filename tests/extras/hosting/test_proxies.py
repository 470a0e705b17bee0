"""`schakel serve` behind the web servers of docs/hosting/proxy/: below the path of its base, and below a path that the proxy strips. An extra."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import html5lib
import pytest

from schakel import build, read_settings

Ask = Callable[..., Any]
BASE: Final = "https://data.example/lod/"
PREFIXES: Final = ("/lod", "/mirror")
FILES: Final = {
    "schakel.toml": f"""
base = "{BASE}"
publisher = "Lighthouse Friends"
languages = ["en", "nl"]
title = {{ en = "Lighthouses" }}
description = {{ en = "Lighthouses" }}
[evidence]
require_passages = false
[serve]
proxies = ["127.0.0.1"]
""",
    "data/towers.csv": "id,label\ncafé,Café\nbrandaris,Brandaris\n",
    "data/towers.rq": """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?tower a org:Organization ; skos:prefLabel ?name }
WHERE { BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, "en") AS ?name) }
""",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A small project with a path in its base, served."""
    root = tmp_path_factory.mktemp("lod")
    for name, content in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content, "utf-8")
    for folder in ("ontology", "queries", "shapes"):
        (root / folder).mkdir()
    outcome = build(read_settings(root))
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    command = [sys.executable, "-m", "schakel", "--project", str(root), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            assert f"{PREFIXES[0]}/ " in told
            yield int(told.partition("127.0.0.1:")[2].partition("/")[0])
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def proxy(request: pytest.FixtureRequest, port: int, proxies: dict[str, Any]) -> Iterator[Ask]:
    with tempfile.TemporaryDirectory() as name, proxies[request.param](port, Path(name)) as asked:
        yield asked


pytestmark = [pytest.mark.parametrize("proxy", ["nginx", "apache", "caddy"], indirect=True), pytest.mark.parametrize("prefix", PREFIXES)]


def led(answer: Any) -> str:  # noqa: ANN401  # of the conftest beside
    """The path that an answer leads to, on the host that was asked."""
    assert urlsplit(answer.headers["location"]).netloc in {"", "data.example"}, answer.headers["location"]
    return urlsplit(answer.headers["location"]).path


def test_things_and_graphs_lead_below_the_prefix(proxy: Ask, prefix: str) -> None:
    for accept, suffix in (("text/html", "html"), ("text/turtle", "ttl"), ("application/rdf+xml", "rdf"), ("application/ld+json", "jsonld")):
        answer = proxy(f"{prefix}/tower/brandaris", accept)
        assert (answer.status, led(answer)) == (303, f"{prefix}/tower/brandaris.{suffix}")
        assert proxy(led(answer)).status == 200
    assert led(proxy(f"{prefix}/dataset", "text/turtle")) == f"{prefix}/void.ttl"
    graph = proxy(f"{prefix}/graph/provenance")
    assert graph.status == 303
    assert proxy(graph.headers["location"]).status == 200
    assert proxy(f"{prefix}/graph?graph={quote(f'{BASE}graph/provenance', safe='')}").status == 200


def test_encoded_letters_stay_so(proxy: Ask, prefix: str) -> None:
    answer = proxy(f"{prefix}/tower/caf%C3%A9", "text/turtle")
    assert (answer.status, answer.headers["location"].endswith(f"{prefix}/tower/caf%C3%A9.ttl")) == (303, True)
    assert proxy(led(answer)).status == 200


def test_addresses_that_are_told_lead_back(proxy: Ask, prefix: str) -> None:
    manifest, described = (proxy(f"{prefix}/{path}").body.decode() for path in ("reconcile", "void.ttl"))
    assert f'"http://data.example{prefix}/reconcile/view?' in manifest
    assert f"<http://data.example{prefix}/sparql>" in described
    assert f'"url": "http://data.example{prefix}"' in proxy(f"{prefix}/api/openapi.json").body.decode()
    assert f"<{prefix}/tower/brandaris.ttl>" in proxy(f"{prefix}/tower/brandaris.html").headers["link"]
    assert f"http://data.example{prefix}/static/site.css" in proxy(f"{prefix}/none", "text/html").body.decode()
    # Of the base, wherever it is served.
    assert f"<loc>{BASE}" in proxy(f"{prefix}/sitemap.xml").body.decode()


def test_every_link_of_the_first_page_leads_somewhere(proxy: Ask, prefix: str) -> None:
    page = html5lib.parse(proxy(f"{prefix}/").body, namespaceHTMLElements=False)
    found = {urljoin(f"{prefix}/", element.attrib["href"]) for element in page.iter() if "://" not in element.attrib.get("href", "://")}
    assert found
    for address in sorted(found):
        assert address.startswith(f"{prefix}/")
        assert proxy(address.partition("#")[0]).status == 200, address


def test_a_client_cannot_say_where_the_service_is(proxy: Ask, prefix: str) -> None:
    answer = proxy(f"{prefix}/tower/brandaris", "text/turtle", X_Forwarded_Prefix="/evil", X_Forwarded_Host="evil.example")
    assert led(answer) == f"{prefix}/tower/brandaris.ttl"
    assert b"evil" not in proxy(f"{prefix}/reconcile", X_Forwarded_Prefix="/evil", X_Forwarded_Host="evil.example").body
