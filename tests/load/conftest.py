"""What tests of loading share: Oxigraph's server to load into, small publications, and a server between that breaks what goes through it."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

pytest.importorskip("httpx", reason="httpx is not installed: it is the extra `load`")

from schakel import Settings, build, read_settings
from schakel.load import PROFILES

sys.path.insert(0, str(Path(__file__).with_name("support")))

from load_proxy import Proxy
from load_proxy import between as put_between
from load_servers import SUMMARY, in_memory

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
SOURCES = "id,title,language,file,sha256\npage,A page,en,page.txt,0\n"
SOURCES_RQ = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sk: <https://w3id.org/schakel/ns#>
CONSTRUCT { ?source a sk:SourceDocument ; dct:title ?name ; dct:language ?language ; dct:identifier ?file ; sk:sha256 ?sha256 }
WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(STRLANG(?title, ?language) AS ?name) }
"""
TOWERS_RQ = """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?tower a org:Organization ; skos:prefLabel ?name ; skos:notation ?height }
WHERE { BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, "en") AS ?name) }
"""
# The second version has another name, one tower more and one less.
TOWERS = {
    "first": "id,label,height,source\nbrandaris,Brandaris,52.5,page\nvuurduin,Vuurduin,40,page\n",
    "second": 'id,label,height,source\nbrandaris,"The <b>Brandaris</b> ""tower"" \\ of Terschelling",52.5,page\neierland,Eierland,35,page\n',
}


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SUMMARY] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for told in config.stash[SUMMARY]:
        terminalreporter.write_line(told())


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two publications of one small project."""
    folders = {}
    for name, towers in TOWERS.items():
        root = tmp_path_factory.mktemp(name)
        for folder in ("data", "ontology", "shapes", "queries"):
            (root / folder).mkdir()
        files = {"data/sources.csv": SOURCES, "data/sources.rq": SOURCES_RQ, "data/towers.csv": towers, "data/towers.rq": TOWERS_RQ, "schakel.toml": SETTINGS}
        for path, content in files.items():
            (root / path).write_text(content, "utf-8")
        outcome = build(read_settings(root), dumps_only=True)
        assert not outcome.blocked, [item.text("en") for item in outcome.findings]
        folders[name] = root
    return folders


@pytest.fixture
def project(versions: dict[str, Path], tmp_path: Path) -> Callable[[str], Settings]:
    """The project as it was published in a version."""

    def settings(version: str) -> Settings:
        root = tmp_path / version
        if not root.exists():
            shutil.copytree(versions[version], root)
        return read_settings(root)

    return settings


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of whoever runs the tests, and parts so small that there are several."""
    for name in ("SCHAKEL_LOAD_USER", "SCHAKEL_LOAD_PASSWORD", "SCHAKEL_LOAD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setitem(sys.modules, "keyring", None)
    if "server" in request.fixturenames:
        monkeypatch.setitem(PROFILES, "oxigraph", replace(PROFILES["oxigraph"], statements=6, graphs_at_once=2))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=["own default graph", "union"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """Oxigraph's server: queries that name no graph see its default graph, or all graphs."""
    with in_memory(*(["--union-default-graph"] if request.param == "union" else [])) as address:
        yield address


@pytest.fixture
def store(server: str) -> str:
    """The server, empty."""
    asked(server, "/update", {"update": "DROP ALL"})
    return server


def asked(address: str, path: str, form: dict[str, str]) -> bytes:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
    connection.request("POST", path, urlencode(form), headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    assert response.status < 300, content
    return content


def labels(address: str) -> set[str]:
    """The names of towers, as somebody sees them who asks a plain question."""
    query = "SELECT DISTINCT ?name { { ?tower <http://www.w3.org/2004/02/skos/core#notation> ?height ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
    query += (
        " UNION { GRAPH ?g { ?tower <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER(STRSTARTS(STR(?tower), 'https://example.org/tower/')) } } }"
    )
    return {row["name"]["value"] for row in json.loads(asked(address, "/query", {"query": query}))["results"]["bindings"]}


def graphs(address: str) -> set[str]:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    return {row["g"]["value"] for row in json.loads(asked(address, "/query", {"query": query}))["results"]["bindings"]}


FIRST = {"Brandaris", "Vuurduin"}
SECOND = {'The <b>Brandaris</b> "tower" \\ of Terschelling', "Eierland"}


@pytest.fixture
def between(store: str) -> Iterator[Proxy]:
    with put_between(store) as proxy:
        yield proxy


def kept_aside(address: str) -> bytes:
    """All that a store holds."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", "/store", headers={"Accept": "application/n-quads"})
    content = connection.getresponse().read()
    connection.close()
    return content


def put_back(address: str, content: bytes) -> None:
    """Let a store hold this and nothing else."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("PUT", "/store", content, {"Content-Type": "application/n-quads"})
    assert connection.getresponse().status < 300
    connection.close()


def default_graph(address: str, filled: tuple[str, ...]) -> bool:
    """Whether the default graph holds something, where that was filled."""
    return filled == ("",) and b"true" in asked(address, "/query", {"query": "ASK { ?s ?p ?o }"})


def is_union(address: str) -> bool:
    """Whether queries that name no graph see all graphs."""
    put_back(address, b"<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    seen = b"true" in asked(address, "/query", {"query": "ASK { ?s ?p ?o }"})
    put_back(address, b"")
    return seen


class Look:
    """What somebody sees who asks a store."""

    FIRST = FIRST
    SECOND = SECOND
    asked = staticmethod(asked)
    graphs = staticmethod(graphs)
    labels = staticmethod(labels)
    kept_aside = staticmethod(kept_aside)
    put_back = staticmethod(put_back)
    default_graph = staticmethod(default_graph)
    is_union = staticmethod(is_union)


@pytest.fixture
def look() -> Look:
    return Look()
