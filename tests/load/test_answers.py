"""What a store answers that is no success: it is told plainly, and what was in use stays."""

# ruff: noqa: ANN401, PLR0913, PLR0917  # what fixtures give has no type here, as tests cannot import conftest.py

import gzip
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from schakel import Settings
from schakel.errors import NotVerifiedError, SchakelError, StoreError, StoreFullError, StoreRefusesError, StoreUnreachableError
from schakel.load import Patience, Wanted, load

Project = Callable[[str], Settings]
# Impatient, and does not wait between tries.
ONCE = Patience(seconds=20, tries=1, wait=lambda _: None)
THRICE = Patience(seconds=20, tries=3, wait=lambda _: None)
# What is told of HTTP is the same whatever queries see.
pytestmark = pytest.mark.parametrize("server", ["own default graph"], indirect=True)


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
        ("/update", 507, b"", StoreFullError, "no room left"),
        ("/update", 500, b"<html>java.io.IOException: No space left on device</html>", StoreFullError, "No space left on device"),
        ("/update", 500, b"<h1>NullPointerException</h1>", StoreError, "refuses: 500 NullPointerException"),
        ("/update", 413, b"Too large", StoreRefusesError, "refuses: 413 Too large"),
        ("/update", 503, b"Busy", StoreUnreachableError, "503 Busy; tried 3 times"),
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


@pytest.mark.parametrize("lie_from", [1, 2, 3, 4])
def test_a_store_that_says_yes_and_does_nothing(lie_from: int, between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())

    def lie(request: Any, _: int, __: object) -> bool:
        if request.path.startswith("/update") and sum(path == "/update" for _, path, _, _ in between.seen) >= lie_from:
            request.answer(200, {"Content-Type": "text/html"}, b"<h1>Error</h1>")
            return True
        return False

    between.fault = lie
    with pytest.raises((NotVerifiedError, StoreError), match=r"kept nothing|has not changed what is in use"):
        load(project("second"), between.url, Wanted(), patience=ONCE)
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


@pytest.mark.parametrize("version", ["first", "second"])
def test_an_answer_that_never_ends_is_read_no_further_than_it_can_have_to_say(
    version: str, between: Any, store: str, project: Project, monkeypatch: pytest.MonkeyPatch, look: Any
) -> None:
    """A store that sends as fast as it can: reading stops at a number of bytes, of which few are in memory at once."""
    monkeypatch.setattr("schakel.load.loading._MORE", 1 << 20)
    load(project("first"), store, Wanted())

    def flood(request: Any, _: int, __: object) -> bool:
        if b"SELECT+%3Fs+%3Fp+%3Fo+" not in between.seen[-1][3]:
            return False
        request.send_response_only(200)
        request.send_header("Content-Type", "text/tab-separated-values")
        request.end_headers()
        request.wfile.write(b"?s\t?p\t?o\n")
        while True:
            request.wfile.write(b"<urn:s>\t<urn:p>\t<urn:o>\n" * 10_000)

    between.fault = flood
    tracemalloc.start()
    with pytest.raises(StoreError, match=r"answers with more than [0-9,]+ bytes.*reading stopped"):
        load(project(version), between.url, Wanted(), patience=ONCE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 << 20
    assert look.labels(store) == look.FIRST


def test_an_answer_that_is_compressed_unasked_is_not_unpacked(between: Any, project: Project) -> None:
    """A hundred megabytes in a hundred kilobytes."""
    bomb = gzip.compress(bytes(100 << 20))
    seen: list[str] = []

    def bombing(request: Any, _: int, __: object) -> bool:
        seen.append(request.headers.get("Accept-Encoding", ""))
        request.answer(200, {"Content-Type": "application/sparql-results+json", "Content-Encoding": "gzip"}, bomb)
        return True

    between.fault = bombing
    with pytest.raises(StoreError, match="compresses its answer, which was not asked for"):
        load(project("first"), between.url, Wanted(store="oxigraph"), patience=ONCE)
    assert set(seen) == {"identity"}


def test_an_error_that_never_ends_is_not_read_to_its_end(between: Any, project: Project) -> None:
    def flood(request: Any, _: int, __: object) -> bool:
        request.send_response_only(500)
        request.end_headers()
        while True:
            request.wfile.write(b"Oh dear. " * 10_000)

    between.fault = flood
    with pytest.raises(StoreError, match="refuses: 500 Oh dear"):
        load(project("first"), between.url, Wanted(store="oxigraph"), patience=ONCE)
