"""Whatever breaks on the way: nothing is lost, nothing is half-visible, and a plain message says what happened."""

# ruff: noqa: ANN401, PLR0913, PLR0917  # what fixtures give has no type here, as tests cannot import conftest.py

import base64
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from schakel import Settings
from schakel.cli import main
from schakel.errors import NotVerifiedError, SchakelError, StoreError, StoreFullError, StoreRefusesError, StoreUnreachableError
from schakel.stores import LAYOUTS, Loaded, Patience, Wanted, load

Project = Callable[[str], Settings]
# Impatient, and does not wait between tries.
ONCE = Patience(seconds=20, tries=1, wait=lambda _: None)
THRICE = Patience(seconds=20, tries=3, wait=lambda _: None)


def requests_of(between: Any, run: Callable[[], Loaded]) -> int:
    """Count the requests of a load that goes well."""
    between.count = 0
    run()
    return int(between.count)


@pytest.mark.parametrize(
    "wanted", [Wanted("merged"), Wanted("named"), Wanted("named", keep=1), Wanted("named", diff=True)], ids=["merged", "named", "keep", "diff"]
)
def test_a_load_that_is_cut_off_anywhere(wanted: Wanted, between: Any, server: str, store: str, project: Project, look: Any) -> None:
    """The loader is gone after each request in turn, which the store carried out; then it is started again."""
    if (wanted.layout == "merged") == look.is_union(server):
        pytest.skip("a default graph of its own is of interest to the merged layout, a union to the named graphs")
    first, second = project("first"), project("second")
    layout = Wanted(wanted.layout)
    load(first, store, layout)
    before = look.kept_aside(store)
    whole = requests_of(between, lambda: load(second, between.url, wanted, patience=ONCE))
    for number in range(1, whole + 1):
        look.put_back(store, before)
        between.count = 0

        def cut(request: Any, count: int, pass_on: Callable[[], object], last: int = number) -> bool:
            if count == last:
                pass_on()
            if count >= last:
                request.hang_up()
            return count >= last

        between.fault = cut
        try:
            load(second, between.url, wanted, patience=ONCE)
        except SchakelError as error:
            assert "127.0.0.1" in str(error)  # noqa: PT017  # which of many runs fails, and at which request, is not told beforehand
        assert look.labels(store) in (look.FIRST, look.SECOND), f"after request {number} of {whole}, a part is seen"
        between.fault = lambda *_: False
        done = load(second, between.url, wanted, patience=ONCE)
        assert done.done in {"loaded", "changed", "unchanged"}, number
        assert look.labels(store) == look.SECOND, number
        left = [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/") and "/kept/" not in graph]
        assert not left, f"after request {number}"


def test_another_version_after_a_load_that_was_cut_off(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted("named"))
    between.fault = lambda request, number, _: number > 8 and request.hang_up() is None
    with pytest.raises(StoreError):
        load(project("second"), between.url, Wanted("named"), patience=ONCE)
    between.fault = lambda *_: False
    settings = project("first")
    loaded = load(settings, store, Wanted("merged", graph="https://example.org/all"))
    assert ("undone", 0) in loaded.events
    assert look.labels(store) == look.FIRST
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_loader_that_is_killed(layout: str, between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted(layout))
    settings = project("second")
    put, held, killed = threading.Event(), threading.Event(), threading.Event()

    def hold(request: Any, _: int, __: object) -> bool:
        if request.path.startswith("/store"):
            put.set()
        elif put.is_set() and not killed.is_set():
            held.set()
            killed.wait(20)
        return False

    between.fault = hold
    command = [sys.executable, "-m", "schakel", "--project", str(settings.root), "load", between.url, "--graphs", layout]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert held.wait(60)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    killed.set()
    assert look.labels(store) == look.FIRST
    between.fault = lambda *_: False
    command[-3] = store
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "had been cut off, and was gone on with; 11 statements were there already." in again.stdout
    assert look.labels(store) == look.SECOND


def test_a_store_that_comes_back(between: Any, store: str, project: Project, look: Any) -> None:
    failed: list[int] = []

    def ill(request: Any, number: int, _: object) -> bool:
        if number % 3 == 0 and number not in failed:
            failed.append(number)
            request.answer(503, {"Retry-After": "1"}, b"Starting")
            return True
        return False

    between.fault = ill
    waits: list[float] = []
    load(project("first"), between.url, Wanted(), patience=Patience(seconds=20, tries=3, wait=waits.append))
    assert failed
    assert min(waits) >= 1, "the store said how long to wait"
    assert look.labels(store) == look.FIRST


@pytest.mark.parametrize(
    ("path", "status", "content", "error", "told"),
    [
        ("/store", 507, b"", StoreFullError, "no room left"),
        ("/update", 500, b"<html>java.io.IOException: No space left on device</html>", StoreFullError, "No space left on device"),
        ("/store", 500, b"<h1>NullPointerException</h1>", StoreError, "refuses: 500 NullPointerException"),
        ("/store", 413, b"Too large", StoreRefusesError, "refuses: 413 Too large"),
        ("/store", 503, b"Busy", StoreUnreachableError, "503 Busy; tried 3 times"),
        ("/query", 401, b"", StoreRefusesError, "SCHAKEL_LOAD_USER"),
        ("/query", 403, b"", StoreRefusesError, "does not let you in"),
        ("/query", 200, b"<html>Welcome to the intranet</html>", StoreError, "answers with something else than was asked for: <html>Welcome"),
        ("/query", 200, b"", StoreError, "nothing"),
    ],
)
def test_what_is_no_success_is_told(  # the columns of the table above
    path: str, status: int, content: bytes, error: type[SchakelError], told: str, between: Any, store: str, project: Project, look: Any
) -> None:
    load(project("first"), store, Wanted())

    def answer(request: Any, _: int, __: object) -> bool:
        if request.path.startswith(path) and request.command == "POST":
            request.answer(status, {"Content-Type": "text/html"}, content)
            return True
        return False

    between.fault = answer
    with pytest.raises(error, match=told):
        load(project("second"), between.url, Wanted(), patience=THRICE)
    assert look.labels(store) == look.FIRST


@pytest.mark.parametrize("path", ["/store", "/update"])
def test_a_store_that_says_yes_and_does_nothing(path: str, between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())

    def lie(request: Any, _: int, __: object) -> bool:
        if request.path.startswith(path):
            request.answer(200, {"Content-Type": "text/html"}, b"<h1>Error</h1>")
            return True
        return False

    between.fault = lie
    with pytest.raises((NotVerifiedError, StoreError), match=r"missing|not brought"):
        load(project("second"), between.url, Wanted(), patience=ONCE)
    assert look.labels(store) == look.FIRST


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("named", diff=True)], ids=["whole", "diff"])
def test_what_was_switched_and_is_not_right_is_taken_back(wanted: Wanted, between: Any, store: str, project: Project, look: Any) -> None:
    """After the switch the store loses a statement; what was in use comes back."""
    load(project("first"), store, Wanted(wanted.layout))
    lost: list[int] = []

    def lose(request: Any, number: int, pass_on: Callable[[], tuple[int, dict[str, str], bytes]]) -> bool:
        if not request.path.startswith("/update") or lost or b"Eierland" in look.asked(store, "/query", {"query": "SELECT * { <urn:none> ?p ?o }"}):
            return False
        answer = pass_on()
        if look.labels(store) == look.SECOND:
            lost.append(number)
            label = '?s <http://www.w3.org/2004/02/skos/core#prefLabel> "Eierland"@en'
            both = f"DELETE {{ {label} }} WHERE {{ {label} }} ; DELETE {{ GRAPH ?g {{ {label} }} }} WHERE {{ GRAPH ?g {{ {label} }} }}"
            look.asked(store, "/update", {"update": both})
        request.answer(*answer)
        return True

    between.fault = lose
    with pytest.raises(NotVerifiedError, match=r"1 statements are missing.*Eierland"):
        load(project("second"), between.url, wanted, patience=ONCE)
    assert lost
    assert look.labels(store) == look.FIRST


def test_an_answer_that_is_cut_off_is_no_answer(between: Any, project: Project) -> None:
    def cut(request: Any, _: int, pass_on: Callable[[], tuple[int, dict[str, str], bytes]]) -> bool:
        status, _, content = pass_on()
        request.send_response_only(status)
        request.send_header("Content-Length", str(len(content) + 10))
        request.end_headers()
        request.wfile.write(content)
        request.hang_up()
        return True

    between.fault = cut
    with pytest.raises(StoreUnreachableError, match="cut its answer off; tried 3 times"):
        load(project("first"), between.url, Wanted(), patience=THRICE)


@pytest.mark.parametrize("way", ["silent", "drop by drop"])
def test_a_store_that_does_not_come_to_an_end(way: str, between: Any, project: Project) -> None:
    def slow(request: Any, _: int, __: object) -> bool:
        if way == "drop by drop":
            request.send_response_only(200)
            request.send_header("Content-Length", "100000")
            request.end_headers()
            for _ in range(30):
                request.wfile.write(b" ")
                request.wfile.flush()
                time.sleep(0.1)
        else:
            time.sleep(2)
        request.hang_up()
        return True

    between.fault = slow
    began = time.monotonic()
    with pytest.raises(StoreUnreachableError, match=r"within 0.5 seconds|after 0.5 seconds"):
        load(project("first"), between.url, Wanted(), patience=Patience(seconds=0.5, tries=1, wait=lambda _: None))
    assert time.monotonic() - began < 3


def test_a_switch_whose_answer_comes_too_late_is_found_to_be_done(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())
    late: list[int] = []

    def delay(request: Any, number: int, pass_on: Callable[[], object]) -> bool:
        if request.path.startswith("/update") and not late and b"SUBSTR" in between.seen[-1][3]:
            late.append(number)
            pass_on()
            request.hang_up()
            return True
        return False

    between.fault = delay
    assert load(project("second"), between.url, Wanted(), patience=THRICE).done == "loaded"
    assert late
    assert len([body for _, _, _, body in between.seen if b"SUBSTR" in body]) == 1, "it was done twice"
    assert look.labels(store) == look.SECOND


# ---------------------------------------------------------------------------------------------------------------------------- credentials


def test_credentials_go_where_they_are_asked_for_and_nowhere_else(
    between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_USER", "keeper")
    monkeypatch.setenv("SCHAKEL_LOAD_PASSWORD", "light-house")
    expected = "Basic " + base64.b64encode(b"keeper:light-house").decode()

    def guard(request: Any, _: int, __: object) -> bool:
        if request.headers.get("Authorization") != expected:
            request.answer(401, {"WWW-Authenticate": 'Basic realm="store"'}, b"")
            return True
        return False

    between.fault = guard
    load(project("first"), between.url, Wanted())
    assert look.labels(store) == look.FIRST
    assert "Authorization" not in between.seen[0][2]


def test_a_token_is_sent(between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del store
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    load(project("first"), between.url, Wanted())
    assert {headers.get("Authorization") for _, _, headers, _ in between.seen} == {"Bearer t0ken"}


def test_netrc_is_read(between: Any, store: str, project: Project, tmp_path: Any) -> None:
    del store
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login keeper password light-house\n", "utf-8")
    (tmp_path / "netrc").chmod(0o600)
    between.fault = lambda request, _, __: not request.headers.get("Authorization") and request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    load(project("first"), between.url, Wanted())
    assert [headers for _, _, headers, _ in between.seen if "Authorization" in headers]


def test_wrong_credentials_are_not_told(between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    del store
    monkeypatch.setenv("SCHAKEL_LOAD_USER", "keeper")
    monkeypatch.setenv("SCHAKEL_LOAD_PASSWORD", "light-house")
    between.fault = lambda request, _, __: request.answer(401, {"WWW-Authenticate": "Basic"}, b"") is None
    result = CliRunner().invoke(main, ["-v", "--project", str(project("first").root), "load", between.url])
    assert result.exit_code == 2
    assert "does not let you in" in result.output
    assert "light-house" not in result.output


def test_credentials_do_not_travel_unencrypted(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    with pytest.raises(SchakelError, match="https only"):
        load(project("first"), "http://192.0.2.1/", Wanted())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int, between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_LOAD_TOKEN", "t0ken")
    between.fault = lambda request, _, __: request.answer(status, {"Location": f"{store}/query"}, b"") is None
    with pytest.raises(StoreRefusesError, match=r"has moved to .*; nothing was sent there"):
        load(project("first"), between.url, Wanted(), patience=ONCE)
