"""What breaks: engines, the front itself, a publication in the middle of a swap, an endpoint behind the front. Nothing is half there."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from schakel import Settings, build, read_settings

# Of the conftest beside.
Front: TypeAlias = Any
Other: TypeAlias = Any

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def left(settings: Settings) -> list[Path]:
    return list(settings.root.glob(".public.serving-*"))


def test_an_engine_that_is_killed_is_started_again(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(patience=10).root) as front:
        for _ in range(3):
            for engine in front.engines():
                os.kill(engine, signal.SIGKILL)
            assert front.sparql("ASK { ?s ?p ?o }").json["boolean"] is True
        assert front.until(lambda: front.ask("/health").status == 200)
        assert front.until(lambda: len(front.engines()) == 4)
        assert front.log.read_text().count("a query process ended with status -9") >= 3


def test_a_front_that_is_killed_leaves_no_engine_and_its_files_are_cleared(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project()
    with serve(settings.root) as front:
        engines = front.engines()
        assert len(engines) == 4
        os.kill(front.process.pid, signal.SIGKILL)
        assert front.until(lambda: not any(map(alive, engines)))
    abandoned = left(settings)
    assert len(abandoned) == 1
    with serve(settings.root) as front:
        assert front.sparql(COUNT).status == 200
        assert abandoned[0] not in left(settings)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(number: signal.Signals, project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project()
    with serve(settings.root) as front:
        engines = front.engines()
        front.process.send_signal(number)
        assert front.process.wait(15) == 0
        assert not any(map(alive, engines))
    assert left(settings) == []


def changed(settings: Settings) -> Settings:
    """Add a tower to the tables, take two away, and publish."""
    table = settings.root / "data" / "towers.csv"
    kept = [line for line in table.read_text("utf-8").splitlines() if not line.startswith(("tower-5,", "tower-6,"))]
    table.write_text("\n".join([*kept, "noord,Noord,1900,,page", ""]), "utf-8")
    outcome = build(read_settings(settings.root))
    assert not outcome.blocked
    return settings


def test_a_new_publication_is_taken_into_service_and_no_request_is_dropped(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project(patience=10, seconds=20)
    with serve(settings.root) as front:
        former = front.sparql(COUNT).body
        engines = front.engines()
        stop, problems, seen = threading.Event(), [], set()

        def ask() -> None:
            while not stop.is_set():
                try:
                    answer, page = front.sparql(COUNT), front.ask("/tower/brandaris.ttl")
                except OSError as error:
                    problems.append(repr(error))
                    continue
                if (answer.status, page.status) != (200, 200):
                    problems.append(f"{answer} {page}")
                seen.add(answer.body)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert front.ask("/tower/noord.ttl").status == 404
        changed(settings)
        assert front.until(lambda: front.ask("/tower/noord.ttl").status == 200, 30)
        time.sleep(0.3)
        stop.set()
        for thread in threads:
            thread.join()
        assert problems == []
        assert len(seen) == 2
        assert front.sparql(COUNT).body != former
        assert front.ask("/tower/tower-5").problem == front.ask("/tower/tower-5.ttl").problem == "gone"
        assert "1.0.0" in front.ask("/tower/tower-5").json["detail"]
        assert front.ask("/tower/never").problem == "not-found"
        assert front.ask("/api/tower?tower=Noord").headers["x-total-count"] == "1"
        assert front.ask("/reconcile/suggest/entity?prefix=Noord").json["result"][0]["id"] == "tower/noord"
        assert front.until(lambda: not any(map(alive, engines)))
        assert front.until(lambda: [path.name for path in left(settings)[0].iterdir() if path.is_dir()] == ["2"])


def test_what_cannot_be_served_leaves_the_former_in_service(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project()
    with serve(settings.root) as front:
        former = front.sparql(COUNT).body
        broken = settings.root / "broken"
        shutil.copytree(settings.publication, broken)
        (broken / "download" / "dataset.nq").write_text("this is no N-Quads\n")
        shutil.copy(broken / "download" / "index.json", broken / "download" / "x")
        (broken / "download" / "x").replace(broken / "download" / "index.json")
        settings.publication.rename(settings.root / "aside")
        broken.rename(settings.publication)
        assert front.until(lambda: '"refused"' in front.log.read_text())
        assert front.sparql(COUNT).body == former
        assert front.ask("/tower/brandaris.ttl").status == 200
        shutil.rmtree(settings.publication)
        time.sleep(1.5)
        assert front.ask("/tower/brandaris.ttl").status == 200


def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "schakel", "--project", str(settings.root), "serve", "--port", "0", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_not_published_cannot_be_served(project: Callable[..., Settings]) -> None:
    settings = project()
    shutil.rmtree(settings.publication)
    done = command(settings)
    assert (done.returncode, "holds no publication yet" in done.stderr) == (2, True)
    assert left(settings) == []


# Each refused in turn, in one process: most of the time of a command goes into its start.
SERVE_EACH = """
from schakel.cli import main
for asked in {}:
    try:
        main(["--project", {!r}, "serve", *asked.split()])
    except SystemExit as ended:
        print(ended.code)
"""


def test_an_address_that_cannot_be_listened_at_is_told(towers: Settings, front: Front) -> None:
    asked = [f"--port {front.port}", "--host 203.0.113.5 --port 0", "--host nonsense.invalid", "--host ::2 --port 0", "--backend http://127.0.0.1:1/ --port 0"]
    program = SERVE_EACH.format(asked, str(towers.root))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "2\n" * len(asked)
    assert done.stderr.splitlines() == [
        f"Error: cannot listen at 127.0.0.1, port {front.port}: another program listens there; choose another port with --port",
        "Error: cannot listen at 203.0.113.5, port 0: it is no address of this machine; choose another with --host",
        "Error: cannot listen at nonsense.invalid, port 8000: it is not the name of an address; choose another with --host",
        "Error: cannot listen at [::2], port 0: it is no address of this machine; choose another with --host",
        "Error: the endpoint http://127.0.0.1:1/ gives no answer: it cannot be reached, or is no SPARQL endpoint",
    ]


class Endpoint:
    """An endpoint that answers as it is told to."""

    def __init__(self) -> None:
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: handler.send_error(500)
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                endpoint.answer(self)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


def said(
    body: bytes, status: int = 200, length: int | None = None, media_type: str = "application/sparql-results+json", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body) if length is None else length), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(4)
    said(b"{}")(handler)


EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
LIES = {
    "failing": (said(b"secret internals", 500), 502),
    "refusing": (said(b"error at 2:8: expected x", 400), 400),
    "cut off": (said(EMPTY[:10], length=len(EMPTY)), 502),
    "of another type": (said(b"<html>", media_type="text/html"), 502),
    "moved": (said(b"", 302, Location="http://127.0.0.1:1/"), 502),
    "slow": (slow, 504),
    "closing": (lambda handler: handler.connection.close(), 502),
}


@pytest.fixture(scope="module")
def behind(towers: Settings, serve: Callable[..., Any]) -> Any:  # noqa: ANN401  # a generator of what conftest has
    endpoint = Endpoint()
    endpoint.answer = said(EMPTY)
    with serve(towers.root, "--backend", endpoint.url) as front:
        yield endpoint, front
    endpoint.server.shutdown()
    endpoint.server.server_close()


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_endpoint_that_does_not_answer_is_told_without_its_words(lie: Other, behind: Other) -> None:
    endpoint, front = behind
    endpoint.answer, status = lie
    answer = front.sparql(COUNT)
    assert answer.status == status
    assert answer.problem in {"engine-failed", "query-timeout", "query-unreadable"}
    assert b"secret" not in answer.body
    assert b"127.0.0.1" not in answer.body
    endpoint.answer = said(EMPTY)
    assert front.sparql(COUNT).status == 200
    assert front.engines() == []


def test_an_endpoint_serves_as_well_as_our_own_engine(published: Settings, sparql_server: Callable[..., str], serve: Callable[..., Any]) -> None:
    with serve(published.root, "--backend", sparql_server()) as front:
        assert front.ask("/health").status == 200
        answer = front.ask("/api/organisations?format=csv&language=en")
        assert answer.status == 200
        assert answer.body.count(b"\n") > 50
