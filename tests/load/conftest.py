"""What tests of loading share: Oxigraph's server to load into, small publications, and a server between that breaks what goes through it."""

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

import pytest

pytest.importorskip("httpx", reason="httpx is not installed: it is the extra `load`")

from schakel import Settings, build, read_settings
from schakel.load import PROFILES

# Given the request, its number and what passes it on; answers it, or not.
Fault: TypeAlias = Callable[["Between", int, Callable[[], tuple[int, dict[str, str], bytes]]], bool]

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
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of whoever runs the tests, and parts so small that there are several."""
    for name in ("SCHAKEL_LOAD_USER", "SCHAKEL_LOAD_PASSWORD", "SCHAKEL_LOAD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setitem(PROFILES, "oxigraph", replace(PROFILES["oxigraph"], statements=6, graphs_at_once=2, changes=1000))  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(*options: str) -> Iterator[str]:
    port = free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    command = [program, "serve", "--bind", f"127.0.0.1:{port}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.fixture(scope="session", params=["own default graph", "union"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """Oxigraph's server: queries that name no graph see its default graph, or all graphs."""
    with serving(*(["--union-default-graph"] if request.param == "union" else [])) as address:
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


class Between(BaseHTTPRequestHandler):
    """Passes requests on to a store, unless the fault of the test says otherwise."""

    protocol_version = "HTTP/1.1"
    # An answer is written in two pieces, and the second would wait for word of the first.
    disable_nagle_algorithm = True
    server: "Proxy"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.count += 1
        number = self.server.count
        self.server.seen.append((self.command, self.path, dict(self.headers), body))

        def passed_on() -> tuple[int, dict[str, str], bytes]:
            connection = HTTPConnection(urlsplit(self.server.behind).netloc, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "accept-encoding", "connection"}}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            content = response.read()
            connection.close()
            return response.status, {"Content-Type": response.headers.get("Content-Type", ""), "Server": response.headers.get("Server", "")}, content

        if self.server.fault(self, number, passed_on):
            return
        self.answer(*passed_on())

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815  # as http.server names them


class Proxy(ThreadingHTTPServer):
    """A server between, with what breaks."""

    daemon_threads = True
    behind = ""
    count = 0
    fault: Fault = staticmethod(lambda *_: False)

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Between)
        self.behind = behind
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A connection that was broken on purpose is no news."""


@pytest.fixture
def between(store: str) -> Iterator[Proxy]:
    with Proxy(store) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


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
    is_union = staticmethod(is_union)


@pytest.fixture
def look() -> Look:
    return Look()
