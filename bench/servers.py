"""The servers that are measured, each started on this machine over the same publication and ended afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from project import REPOSITORY

__all__ = ["Server", "needed", "nginx", "oxigraph", "schakel"]

_STACK: Final = str(16 << 20)
_PATIENCE: Final = 60.0
# As Debian's nginx.conf has it, but for one worker and what has to be of its own.
_MAIN: Final = """daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
sendfile on;
tcp_nopush on;
types_hash_max_size 2048;
access_log {folder}/access.log;
{temporary}
include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Server:
    """A server at work: where it is, and its process."""

    url: str
    process: int


@contextmanager
def schakel(program: Path, project: Path, folder: Path) -> Iterator[Server]:
    """Serve a project with `schakel serve`; its log goes to a file."""
    told = folder / "serve.out"
    command = [str(program), "--project", str(project), "serve", "--port", "0"]
    with told.open("w", encoding="utf-8") as output, (folder / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=output, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        with _ended(process):
            deadline = time.monotonic() + _PATIENCE
            while "http://" not in told.read_text("utf-8"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"schakel serve does not start: {(folder / 'serve.log').read_text('utf-8')[-500:]}")
                time.sleep(0.05)
            port = told.read_text("utf-8").partition("127.0.0.1:")[2].partition("/")[0]
            yield Server(f"http://127.0.0.1:{port}", process.pid)


@contextmanager
def oxigraph(public: Path, folder: Path) -> Iterator[Server]:
    """Serve the graph of a publication with Oxigraph's server alone: loaded as Schakel's store is."""
    program, store, port = needed("oxigraph"), folder / "store", _free_port()
    shutil.rmtree(store, ignore_errors=True)
    files = [str(public / "download" / name) for name in ("dataset.nq", "graph.nt")]
    subprocess.run([program, "load", "--location", store, "--file", *files], check=True, stderr=subprocess.DEVNULL)
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with _started(command, folder / "oxigraph.log", port, {"RUST_MIN_STACK": _STACK, "RUST_BACKTRACE": "0"}) as server:
        yield server


@contextmanager
def nginx(public: Path, folder: Path) -> Iterator[Server]:
    """Serve the files of a publication with nginx, configured as docs/hosting/ has it, with one worker and a log of requests."""
    port = _free_port()
    site = (REPOSITORY / "docs" / "hosting" / "nginx.conf").read_text("utf-8")
    for before, after in (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/schakel/public", str(public))):
        if before not in site:
            raise SystemExit(f"docs/hosting/nginx.conf has no {before}")
        site = site.replace(before, after)
    (folder / "site.conf").write_text(site, "utf-8")
    temporary = "\n".join(f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(_MAIN.format(user=user, folder=folder, temporary=temporary), "utf-8")
    with _started([needed("nginx"), "-p", str(folder), "-c", str(folder / "main.conf")], folder / "nginx.log", port, None) as server:
        yield server


def needed(program: str) -> str:
    """Give the path of a program; empty where it is not on this machine."""
    beside = Path(sys.executable).with_name(program)
    return str(beside) if beside.is_file() else shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin") or ""


@contextmanager
def _started(command: Sequence[str], log: Path, port: int, environment: dict[str, str] | None) -> Iterator[Server]:
    with log.open("w", encoding="utf-8") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=environment)
    with _ended(process):
        deadline = time.monotonic() + _PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} does not start: {log.read_text('utf-8')[-500:]}")
            time.sleep(0.05)
        yield Server(f"http://127.0.0.1:{port}", process.pid)


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
