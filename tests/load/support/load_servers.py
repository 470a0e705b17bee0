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
  sr:sailImpl [ sail:sailType "openrdf:MemoryStore" ; <http://www.openrdf.org/config/sail/memory#persist> true ] ] .
"""


@dataclass(frozen=True)
class Started:
    """A store that runs: its profile, its address, the environment for `schakel load`, and its process."""

    name: str
    address: str
    process: subprocess.Popen[bytes]
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
def _running(command: list[str], folder: Path, port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the test is done; it has two minutes to answer."""
    with (folder / "out.log").open("ab") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        try:
            for _ in range(480):
                assert process.poll() is None, (folder / "out.log").read_text("utf-8", "replace")[-2000:]
                if _answers(port, path):
                    break
                time.sleep(0.25)
            else:
                pytest.fail((folder / "out.log").read_text("utf-8", "replace")[-2000:])
            yield process
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
def in_memory(*options: str) -> Iterator[str]:
    """Run Oxigraph's server without a folder, and give its address."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--bind", f"127.0.0.1:{port}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(400):
                if _answers(port, "/"):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@contextmanager
def oxigraph(folder: Path, *, union: bool = True) -> Iterator[Started]:
    port = free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    command = [program, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}", *(["--union-default-graph"] if union else [])]
    with _running(command, folder, port, "/") as process:
        yield Started("oxigraph", f"http://127.0.0.1:{port}", process)


@contextmanager
def fuseki(folder: Path, *, union: bool = True) -> Iterator[Started]:
    port, jar = free_port(), _artifact(_FUSEKI)
    (folder / "store").mkdir(exist_ok=True)
    where = ["--localhost", "--port", str(port), "--tdb2", f"--loc={folder / 'store'}", *(["--set", "tdb2:unionDefaultGraph=true"] if union else [])]
    with _running([_program("java"), "-Xmx1g", "-jar", str(jar), *where, "--update", "/ds"], folder, port, "/ds") as process:
        yield Started("fuseki", f"http://127.0.0.1:{port}/ds", process)


@contextmanager
def virtuoso(folder: Path, *, union: bool = True) -> Iterator[Started]:
    """Its default graph is always the union."""
    del union
    port, program = free_port(), _program("virtuoso-t")
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, port=port, sql=free_port()), "utf-8")
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    with _running([program, "+foreground", "+configfile", "virtuoso.ini"], folder, port, "/sparql") as process:
        yield Started("virtuoso", f"http://127.0.0.1:{port}/sparql", process, {"SCHAKEL_LOAD_USER": "dba", "SCHAKEL_LOAD_PASSWORD": "dba"})


@contextmanager
def rdf4j(folder: Path, *, union: bool = True) -> Iterator[Started]:
    """Its default graph is always the union."""
    del union
    port, war, runner = free_port(), _artifact(_RDF4J), _artifact(_JETTY)
    options = ["-Xmx512m", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder}"]
    command = [_program("java"), *options, "-jar", str(runner), "--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    with _running(command, folder, port, "/rdf4j-server/protocol") as process:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("PUT", "/rdf4j-server/repositories/schakel", _REPOSITORY, {"Content-Type": "text/turtle"})
        # 409: it was there before the server was started anew.
        assert connection.getresponse().status in {200, 204, 409}
        connection.close()
        yield Started("rdf4j", f"http://127.0.0.1:{port}/rdf4j-server/repositories/schakel", process)


STORES: dict[str, Callable[[Path], contextmanager]] = {"oxigraph": oxigraph, "fuseki": fuseki, "virtuoso": virtuoso, "rdf4j": rdf4j}  # type: ignore[type-arg]


# What is to be printed when all tests are done.
SUMMARY: pytest.StashKey[list[Callable[[], str]]] = pytest.StashKey()


def named() -> list[str]:
    """Name the stores to try: those in SCHAKEL_STORES, else none but Oxigraph, which is a Python package."""
    names = os.environ.get("SCHAKEL_STORES", "oxigraph").split()
    if not names or not STORES.keys() >= set(names):
        pytest.exit(f"SCHAKEL_STORES should name some of {', '.join(STORES)}", returncode=2)
    return names
