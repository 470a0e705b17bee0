"""A small project published once, and `schakel serve` over it as a process of its own, asked over real connections.

The tests need the extra `serve`, which requirements-dev.txt brings.
"""

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

from schakel import Settings, build, read_settings

LIBRARIES = ("cachetools", "httptools", "prometheus_client", "starlette", "starlette_compress", "uvicorn", "uvloop")
MISSING = [name for name in LIBRARIES if find_spec(name) is None]
if MISSING:
    pytest.skip(f"{', '.join(MISSING)} is not installed: pip install 'schakel[serve]'", allow_module_level=True)

CONTENT = ("data", "ontology", "queries", "shapes")
SELECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"

SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en", "nl"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
TOWERS = [
    ("brandaris", "Brandaris", "1594"),
    ("vuurduin", "Vuurduin <script>alert(1)</script>", "1909"),
    ("eierland", "Eierland", "1864"),
    ("café", "Café", "1900"),
]
ISLES = {"brandaris": "terschelling", "vuurduin": "vlieland"}
MORE = [(f"tower-{number}", f"Tower {number}", "1950") for number in range(60)]
FILES = {
    "data/sources.csv": "id,title,language,file,sha256\npage,A page,en,page.txt,0\n",
    "data/sources.rq": """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX sk: <https://w3id.org/schakel/ns#>
CONSTRUCT { ?source a sk:SourceDocument ; dct:title ?name ; dct:language ?language ; dct:identifier ?file ; sk:sha256 ?sha256 }
WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(STRLANG(?title, ?language) AS ?name) }
""",
    "data/towers.csv": "id,label,year,isle,source\n" + "".join(f"{name},{label},{year},{ISLES.get(name, '')},page\n" for name, label, year in [*TOWERS, *MORE]),
    "data/towers.rq": """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?tower a org:Organization ; skos:prefLabel ?name ; dct:created ?built ; dct:isPartOf ?on }
WHERE {
  BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(STRLANG(?label, "en") AS ?name) BIND(STRDT(?year, xsd:gYear) AS ?built)
  BIND(IRI(CONCAT("isle/", ?isle)) AS ?on)
}
""",
    "data/isles.csv": """id,label,label_nl,mapped,extent,inhabitants,source
terschelling,Terschelling,Skylge,1594-05-01,88.1,4870,page
vlieland,Vlieland,Vlieland,1909-01-31,36.0,1120,page
namesake,Tower 7,Toren 7,1950-01-01,0.5,0,page
""",
    "data/isles.rq": """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?isle a skos:Concept ; skos:prefLabel ?name, ?other ; dct:issued ?on ; dct:extent ?size ; dct:audience ?people ; foaf:page ?page }
WHERE {
  BIND(IRI(CONCAT("isle/", ?id)) AS ?isle) BIND(STRLANG(?label, "en") AS ?name) BIND(STRLANG(?label_nl, "nl") AS ?other)
  BIND(STRDT(?mapped, xsd:date) AS ?on) BIND(STRDT(?extent, xsd:decimal) AS ?size) BIND(STRDT(?inhabitants, xsd:integer) AS ?people)
  BIND(IRI(CONCAT("https://elsewhere.example/", ?id)) AS ?page)
}
""",
    "queries/towers.rq": """#+ summary: Which towers are there?
#+ description: All towers.
#+ method: GET
#+ tags:
#+   - towers

# title: Which towers are there?
# category: towers
# description: All towers.
# column tower: the tower
# column name: its name

PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tower ?name WHERE { ?tower a org:Organization ; skos:prefLabel ?name } ORDER BY ?tower
""",
    "queries/tower.rq": """#+ summary: What is a tower called?
#+ description: The name of a tower.
#+ method: GET
#+ tags:
#+   - towers

# title: What is a tower called?
# category: towers
# description: The name of a tower.
# formerly: lighthouse = tower
# parameter tower: the tower
# parameter built: when it was built
# column tower: the tower
# column name: its name

PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?tower ?name WHERE { VALUES (?_tower_iri ?__built_gYear) { (UNDEF UNDEF) } BIND(?_tower_iri AS ?tower) ?tower a org:Organization ; skos:prefLabel ?name }
""",
}
# Small enough to be reached by tests.
LIMITS = {
    "seconds": 2,
    "rows": 2000,
    "bytes": 300_000,
    "query_length": 20_000,
    "body_bytes": 100_000,
    "patience": 1,
    "at_once": 4,
    "client_at_once": 4,
    "per_minute": 1_000_000,
    "seconds_per_minute": 1_000_000,
    "memory": 1500,
    # From there a client is a proxy.
    "proxies": '["127.0.0.77"]',
}


@dataclass(frozen=True)
class Answer:
    """What the front answers; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever it holds
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The kind of problem that the body tells of."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["type"]).partition("#")[2]


class Front:
    """A running `schakel serve`."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log

    @staticmethod
    def until(true: Callable[[], bool], seconds: float = 15) -> bool:
        """Wait until something is so; tell whether it became so in time."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def ask(self, path: str, accept: str | None = None, *, method: str = "GET", body: bytes | None = None, source: str = "", **headers: str | None) -> Answer:
        """Ask for a path exactly as it is written."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(source, 0) if source else None)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            lengths = {} if body is None else {"Content-Length": str(len(body))}
            for name, value in {"Accept": accept, **lengths, **headers}.items():
                if value is not None:
                    connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def sparql(self, query: str, accept: str | None = None, **parameters: str | list[str]) -> Answer:
        """Ask a query by GET."""
        return self.ask(f"/sparql?{urlencode({'query': query, **{name.replace('_', '-'): value for name, value in parameters.items()}}, doseq=True)}", accept)

    def post(self, query: str | bytes, media_type: str = SELECT, path: str = "/sparql", **headers: str) -> Answer:
        """Ask a query by POST."""
        return self.ask(path, method="POST", body=query.encode() if isinstance(query, str) else query, Content_Type=media_type, **headers)

    def raw(self, sent: bytes, *, seconds: float = 5) -> bytes:
        """Send bytes and give what comes back until the connection is closed, or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(sent)
            received = b""
            try:
                while part := connection.recv(65536):
                    received += part
            except (TimeoutError, ConnectionResetError):
                pass
            return received

    def engines(self) -> list[int]:
        """The processes that answer queries."""
        return children(self.process.pid)


def children(process: int) -> list[int]:
    found = subprocess.run(["/usr/bin/env", "pgrep", "-P", str(process), "-f", "queries/worker.py"], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in found.split()]


Serve: TypeAlias = Callable[..., AbstractContextManager[Front]]


@contextmanager
def serving(project: Path, *arguments: str) -> Iterator[Front]:
    log = Path(tempfile.mkstemp(".log", "serve-", project)[1])
    command = [sys.executable, "-m", "schakel", "--project", str(project), "serve", "--port", "0", *arguments]
    with log.open("w") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            assert "http://127.0.0.1:" in told, log.read_text()
            yield Front(process, int(told.partition("127.0.0.1:")[2].partition("/")[0]), log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def write_project(root: Path, limits: Mapping[str, object] | None = None) -> Settings:
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    for folder in CONTENT:
        (root / folder).mkdir(exist_ok=True)
    lines = "".join(f"{name} = {value}\n" for name, value in {**LIMITS, **(limits or {})}.items())
    (root / "schakel.toml").write_text(f"{SETTINGS}[serve]\n{lines}", "utf-8")
    return read_settings(root)


@pytest.fixture(scope="session")
def towers(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small project, published; not to be changed by any test."""
    settings = write_project(tmp_path_factory.mktemp("towers"))
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return settings


@pytest.fixture(scope="session")
def front(towers: Settings) -> Iterator[Front]:
    """The small project, served."""
    with serving(towers.root) as running:
        yield running


@pytest.fixture
def project(towers: Settings, tmp_path: Path) -> Callable[..., Settings]:
    """Copy the small project, published, with other limits; a test may do with it what it likes."""

    def copy(**limits: object) -> Settings:
        root = tmp_path / "project"
        shutil.copytree(towers.root, root, ignore=shutil.ignore_patterns(".*", "serve-*"))
        return write_project(root, limits)

    return copy


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Start `schakel serve` over a project."""
    return serving


@pytest.fixture(autouse=True)
def _still_there(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test the front that all share must still answer."""
    yield
    if "front" in request.fixturenames:
        front: Front = request.getfixturevalue("front")
        assert front.process.poll() is None, front.log.read_text()
        assert front.ask("/readyz").status == 200
