"""Triple stores of others on loopback, each started when a test first asks for it; what is not on this machine is skipped and named."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest

pytest.importorskip("httpx", reason="httpx is not installed: run `make test-stores`")
if not os.environ.get("SCHAKEL_STORES"):
    pytest.skip("stores of others are tried by `make test-stores`", allow_module_level=True)

from schakel import Settings, build, read_settings

_REPOSITORY_ROOT = Path(__file__).parents[3]
_MAVEN = Path(os.environ.get("SCHAKEL_MAVEN", "~/.m2/repository")).expanduser()
_FUSEKI = "org/apache/jena/jena-fuseki-server/*/jena-fuseki-server-*.jar"
_RDF4J = "org/eclipse/rdf4j/rdf4j-http-server/*/rdf4j-http-server-*.war"
_JETTY = "org/eclipse/jetty/jetty-runner/*/jetty-runner-*.jar"
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""
_REPOSITORY = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
[] a rep:Repository ; rep:repositoryID "schakel" ; rep:repositoryImpl [ rep:repositoryType "openrdf:SailRepository" ;
  sr:sailImpl [ sail:sailType "openrdf:MemoryStore" ] ] .
"""


@dataclass(frozen=True)
class Started:
    """A store that runs: what `schakel load` is told, and with which environment."""

    name: str
    address: str
    environment: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _artifact(pattern: str) -> Path:
    found = sorted(_MAVEN.glob(pattern))
    if not found:
        pytest.skip(f"{Path(pattern).name} is not on this machine (in {_MAVEN}); `make test-stores` gets it with Maven")
    return found[-1]


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on this machine; `make test-stores` installs it where it can")
    return found


@contextmanager
def _running(command: list[str], folder: Path, port: int, path: str) -> Iterator[None]:
    """Run a server until the test is done; it has two minutes to answer."""
    with (folder / "out.log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        try:
            for _ in range(480):
                assert process.poll() is None, (folder / "out.log").read_text("utf-8", "replace")[-2000:]
                if _answers(port, path):
                    break
                time.sleep(0.25)
            else:
                pytest.fail((folder / "out.log").read_text("utf-8", "replace")[-2000:])
            yield
        finally:
            process.kill()


def _answers(port: int, path: str) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
    except OSError:
        return False
    return status < 500


@contextmanager
def oxigraph(folder: Path) -> Iterator[Started]:
    port = free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    command = [program, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with _running(command, folder, port, "/"):
        yield Started("oxigraph", f"http://127.0.0.1:{port}")


@contextmanager
def fuseki(folder: Path) -> Iterator[Started]:
    port, jar = free_port(), _artifact(_FUSEKI)
    (folder / "store").mkdir()
    union = ["--set", "tdb2:unionDefaultGraph=true"]
    command = [
        _program("java"),
        "-Xmx1g",
        "-jar",
        str(jar),
        "--localhost",
        "--port",
        str(port),
        "--tdb2",
        f"--loc={folder / 'store'}",
        *union,
        "--update",
        "/ds",
    ]
    with _running(command, folder, port, "/ds"):
        yield Started("fuseki", f"http://127.0.0.1:{port}/ds")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Started]:
    port, program = free_port(), _program("virtuoso-t")
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, port=port, sql=free_port()), "utf-8")
    with _running([program, "+foreground", "+configfile", "virtuoso.ini"], folder, port, "/sparql"):
        yield Started("virtuoso", f"http://127.0.0.1:{port}/sparql", {"SCHAKEL_LOAD_USER": "dba", "SCHAKEL_LOAD_PASSWORD": "dba"})


@contextmanager
def rdf4j(folder: Path) -> Iterator[Started]:
    port, war, runner = free_port(), _artifact(_RDF4J), _artifact(_JETTY)
    options = ["-Xmx512m", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder}"]
    command = [_program("java"), *options, "-jar", str(runner), "--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    with _running(command, folder, port, "/rdf4j-server/protocol"):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("PUT", "/rdf4j-server/repositories/schakel", _REPOSITORY, {"Content-Type": "text/turtle"})
        assert connection.getresponse().status < 300
        connection.close()
        yield Started("rdf4j", f"http://127.0.0.1:{port}/rdf4j-server/repositories/schakel")


STORES: dict[str, Callable[[Path], contextmanager]] = {"oxigraph": oxigraph, "fuseki": fuseki, "virtuoso": virtuoso, "rdf4j": rdf4j}  # type: ignore[type-arg]


# Which of them are tried: those that SCHAKEL_STORES names.
_NAMED = os.environ["SCHAKEL_STORES"].split()
if not _NAMED or not STORES.keys() >= set(_NAMED):
    pytest.exit(f"SCHAKEL_STORES should name some of {', '.join(STORES)}", returncode=2)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The repository's own content, its dumps published: no store is given anything else."""
    root = tmp_path_factory.mktemp("published")
    for folder in ("data", "ontology", "queries", "shapes"):
        shutil.copytree(_REPOSITORY_ROOT / folder, root / folder)
    shutil.copy(_REPOSITORY_ROOT / "schakel.toml", root)
    outcome = build(read_settings(root), dumps_only=True)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return read_settings(root)


@pytest.fixture(scope="session", params=_NAMED)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Each store in turn."""
    with STORES[request.param](tmp_path_factory.mktemp(request.param)) as store:
        yield store
