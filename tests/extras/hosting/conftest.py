"""A small publication, and each of the web servers that docs/hosting/ has a configuration for, at work over it on this machine.

`make test-hosting` runs these tests.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeAlias

import pytest

HOSTING = Path(__file__).parents[3] / "docs" / "hosting"
MODULES = Path("/usr/lib/apache2/modules")
OF_PROXY = ("proxy", "proxy_http")
OF_APACHE = ("mpm_event", "authz_core", "alias", "deflate", "dir", "filter", "headers", "mime", "rewrite", "setenvif")

THING = ("html", "ttl", "jsonld", "nt")
FILES = (
    *(f"org/mst.{suffix}" for suffix in THING),
    *(f"org/café.{suffix}" for suffix in THING),
    *(f"org/bare.{suffix}" for suffix in THING[1:]),
    *(f"source/mst-about.{suffix}" for suffix in (*THING, "trig")),
    *(f"group/ketenpartners.{suffix}" for suffix in THING),
    "nl/org/mst.html",
    "nl/index.html",
    "index.html",
    "404.html",
    "catalog.ttl",
    "void.ttl",
    ".well-known/void",
    "linkset.json",
    "sitemap.xml",
    "robots.txt",
    "download/dataset.nq",
    "download/dataset.trig",
    "queries/index.json",
    "queries/members.html",
    "queries/members.rq",
    "queries/members.csv",
    "static/site.css",
    "static/site.js",
    "static/oxigraph.wasm",
    ".hidden",
    "org/.hidden.ttl",
)


@dataclass(frozen=True)
class Answer:
    """What a server answers; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask: TypeAlias = Callable[..., Answer]


@pytest.fixture(scope="session")
def site() -> Iterator[Path]:
    """A folder with a publication in it, and beside that a file which is nobody's business; servers that change their user can read it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "secret.ttl").write_text("a secret")
        for file in FILES:
            path = folder / "public" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"This is {file}.\n" * 200, "utf-8")
        (folder / "public" / "org" / "empty").mkdir()
        yield folder


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def changed(text: str, changes: Mapping[str, str]) -> str:
    """A configuration with what it tells its reader to change, changed."""
    for old, new in changes.items():
        assert old in text, f"there is no {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[Ask]:
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output").open("w") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            for _ in range(200):
                assert process.poll() is None, (folder / "output").read_text()
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield asking(port)
        finally:
            process.terminate()
            process.wait(20)


def asking(port: int) -> Ask:
    def ask(path: str, accept: str | None = None, *, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path exactly as it is written."""
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True, skip_host="Host" in headers)
            for name, value in {"Accept": accept, **headers}.items():
                if value is not None:
                    connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    return ask


@contextmanager
def nginx(site: Path, folder: Path) -> Iterator[Ask]:
    port = free_port()
    ours = changed((HOSTING / "nginx.conf").read_text("utf-8"), {"listen 80;": f"listen 127.0.0.1:{port};", "/srv/schakel/public": str(site / "public")})
    with _nginx(ours, port, folder) as ask:
        yield ask


@contextmanager
def _nginx(ours: str, port: int, folder: Path) -> Iterator[Ask]:
    (folder / "site.conf").write_text(ours, "utf-8")
    temporary = " ".join(f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"daemon off; {user} pid {folder / 'pid'}; error_log stderr; events {{}}\nhttp {{ access_log off; {temporary}\ninclude {folder / 'site.conf'};\n}}\n"
    (folder / "main.conf").write_text(main, "utf-8")
    with running([needed("nginx"), "-p", str(folder), "-c", str(folder / "main.conf")], port, folder) as ask:
        yield ask


@contextmanager
def apache(site: Path, folder: Path) -> Iterator[Ask]:
    with _apache(site / "public", folder, f"AllowOverride None\nInclude {HOSTING / 'apache.htaccess'}") as ask:
        yield ask


@contextmanager
def apache_with_htaccess(site: Path, folder: Path) -> Iterator[Ask]:
    target = site / "public" / ".htaccess"
    shutil.copy(HOSTING / "apache.htaccess", target)
    try:
        with _apache(site / "public", folder, "AllowOverride All") as ask:
            yield ask
    finally:
        target.unlink()


@contextmanager
def w3id(_: Path, folder: Path) -> Iterator[Ask]:
    """What stands at https://w3id.org/: folders of which each has a file of rules."""
    root = folder / "w3id.org"
    (root / "schakel").mkdir(parents=True)
    shutil.copy(HOSTING / "w3id" / ".htaccess", root / "schakel")
    with _apache(root, folder, "AllowOverride All") as ask:
        yield ask


@contextmanager
def _apache(root: Path, folder: Path, directory: str, more: str = "") -> Iterator[Ask]:
    program = needed("apache2")
    if not MODULES.is_dir():
        pytest.skip(f"the modules of Apache are not in {MODULES}")
    port = free_port()
    folder.chmod(0o755)
    lines = [
        f'ServerRoot "{folder}"\nServerName kg.example.org\nListen 127.0.0.1:{port}\nPidFile "{folder / "pid"}"\nErrorLog "{folder / "error"}"',
        *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in (*OF_APACHE, *(OF_PROXY if more else ()))),
        *(["User www-data\nGroup www-data"] if os.geteuid() == 0 else []),
        f'TypesConfig /etc/mime.types\nDocumentRoot "{root}"\n<Directory "{root}">\nRequire all granted\nOptions FollowSymLinks\n{directory}\n</Directory>\n',
        more,
    ]
    (folder / "main.conf").write_text("\n".join(lines), "utf-8")
    with running([program, "-X", "-f", str(folder / "main.conf")], port, folder) as ask:
        yield ask


@contextmanager
def caddy(site: Path, folder: Path) -> Iterator[Ask]:
    port = free_port()
    changes = {"\nkg.example.org {": f"\nhttp://127.0.0.1:{port} {{\n\tbind 127.0.0.1", "/srv/schakel/public": str(site / "public")}
    with _caddy(changed((HOSTING / "Caddyfile").read_text("utf-8"), changes), port, folder) as ask:
        yield ask


@contextmanager
def _caddy(ours: str, port: int, folder: Path) -> Iterator[Ask]:
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + ours, "utf-8")
    with running([needed("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], port, folder) as ask:
        yield ask


@contextmanager
def _proxy(name: str, backend: int, folder: Path) -> Iterator[Ask]:
    """One of the configurations in docs/hosting/proxy/, before a server at a port of this machine; it is asked by the name that the configuration has."""
    port = free_port()
    file = {"nginx": "nginx.conf", "apache": "apache.conf", "caddy": "Caddyfile"}[name]
    changes = {"127.0.0.1:8000": f"127.0.0.1:{backend}"}
    listens = {"nginx": {"listen 80;": f"listen 127.0.0.1:{port};"}, "caddy": {"\ndata.example {": f"\n:{port} {{\n\tbind 127.0.0.1"}, "apache": {}}
    ours = changed((HOSTING / "proxy" / file).read_text("utf-8"), {**changes, **listens[name]})
    if name == "nginx":
        started = _nginx(ours, port, folder)
    elif name == "caddy":
        started = _caddy(ours, port, folder)
    else:
        started = _apache(folder, folder, "", ours)
    with started as ask:
        yield lambda *arguments, **headers: ask(*arguments, **{"Host": "data.example", **headers})


def needed(program: str) -> str:
    """The path of a server; the test is skipped where it was not asked for or is not there."""
    if "SCHAKEL_SERVERS" not in os.environ:
        pytest.skip("servers are started by `make test-hosting` alone")
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    return found


SERVERS = {server.__name__: server for server in (nginx, apache, apache_with_htaccess, caddy)}


@pytest.fixture(scope="session", params=SERVERS)
def ask(request: pytest.FixtureRequest, site: Path) -> Iterator[Ask]:
    """Ask each server in turn."""
    with tempfile.TemporaryDirectory() as name, SERVERS[request.param](site, Path(name)) as asked:
        yield asked


@pytest.fixture(scope="session")
def ask_w3id(site: Path) -> Iterator[Ask]:
    """Ask a server that has our file of rules as w3id.org would."""
    with tempfile.TemporaryDirectory() as name, w3id(site, Path(name)) as asked:
        yield asked


@pytest.fixture(scope="session")
def proxies() -> Mapping[str, Callable[[int, Path], AbstractContextManager[Ask]]]:
    """By name, what starts a proxy before a port, with a folder for its own files."""
    return {name: partial(_proxy, name) for name in ("nginx", "apache", "caddy")}


@pytest.fixture(scope="session")
def serve_with_nginx() -> Callable[[Path, Path], AbstractContextManager[Ask]]:
    """Serve the publication in a folder, from a folder for the server's own files."""
    return nginx
