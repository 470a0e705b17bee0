"""Whatever breaks on the way: nothing is lost, nothing is half-visible, and a plain message says what happened."""

# ruff: noqa: ANN401, PLR0913, PLR0917  # what fixtures give has no type here, as tests cannot import conftest.py

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from schakel import Settings
from schakel.errors import NotVerifiedError, SchakelError, StoreError
from schakel.load import LAYOUTS, Loaded, Patience, Wanted, load

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

    def cut(request: Any, _: int, __: object) -> bool:
        gone = any(path.startswith("/store") for _, path, _, _ in between.seen[:-1])
        return gone and request.hang_up() is None

    between.fault = cut
    with pytest.raises(StoreError):
        load(project("second"), between.url, Wanted("named"), patience=ONCE)
    between.fault = lambda *_: False
    settings = project("first")
    loaded = load(settings, store, Wanted("merged", graph="https://example.org/all"))
    assert ("undone", 0) in loaded.events
    assert look.labels(store) == look.FIRST
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_loader_that_is_killed(layout: str, between: Any, server: str, store: str, project: Project, look: Any) -> None:
    if (layout == "merged") == look.is_union(server):
        pytest.skip("as above")
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
