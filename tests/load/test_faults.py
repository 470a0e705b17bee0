"""Whatever breaks on the way: nothing is lost, nothing is half-visible, and a plain message says what happened."""

# ruff: noqa: ANN401, PLR0913, PLR0917  # what fixtures give has no type here, as tests cannot import conftest.py

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from load_proxy import Answer

from schakel import Settings
from schakel.errors import NotVerifiedError, StoreError
from schakel.load import Patience, Wanted, load

Project = Callable[[str], Settings]
# Impatient, and does not wait between tries.
ONCE = Patience(seconds=20, tries=1, wait=lambda _: None)


def test_another_version_after_a_load_that_was_cut_off(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted("named"))

    def cut(request: Any, _: int, __: object) -> bool:
        gone = any(b'"changing"' in body for _, _, _, body in between.seen[:-1])
        return gone and request.hang_up() is None

    between.fault = cut
    with pytest.raises(StoreError):
        load(project("second"), between.url, Wanted("named"), patience=ONCE)
    between.fault = lambda *_: False
    settings = project("first")
    loaded = load(settings, store, Wanted("merged", graph="https://example.org/all", replace=True))
    assert "undone" in loaded.events
    assert look.labels(store) == look.FIRST
    assert not [graph for graph in look.graphs(store) if graph.startswith("https://example.org/load/")]


@pytest.mark.parametrize("layout", ["merged", "named"])
def test_a_loader_that_is_killed(layout: str, between: Any, server: str, store: str, project: Project, look: Any) -> None:
    if (layout == "merged") == look.is_union(server):
        pytest.skip("a default graph of its own is of interest to the merged layout, a union to the named graphs")
    load(project("first"), store, Wanted(layout))
    settings = project("second")
    held, killed = threading.Event(), threading.Event()

    def hold(request: Any, _: int, pass_on: Callable[[], Answer]) -> bool:
        if b'"changing"' not in between.seen[-1][3] or killed.is_set():
            return False
        pass_on()
        held.set()
        killed.wait(20)
        return request.hang_up() is None

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
    assert "A load of this version had been cut off; it is complete now." in again.stdout
    assert look.labels(store) == look.SECOND


EIERLAND = '?s <http://www.w3.org/2004/02/skos/core#prefLabel> "Eierland"@en'
VUURDUIN = EIERLAND.replace("Eierland", "Vuurduin")


def lose(label: str, look: Any, store: str) -> None:
    """Take a label out of all graphs."""
    both = f"DELETE {{ {label} }} WHERE {{ {label} }} ; DELETE {{ GRAPH ?g {{ {label} }} }} WHERE {{ GRAPH ?g {{ {label} }} }}"
    look.asked(store, "/update", {"update": both})


def losing(label: str, versions: tuple[set[str], ...], look: Any, store: str) -> Callable[[Any, int, Callable[[], Answer]], bool]:
    """Lets the store lose a label as soon as each of these versions is in use, in that order."""
    to_come = list(versions)

    def fault(request: Any, _: int, pass_on: Callable[[], Answer]) -> bool:
        if not request.path.startswith("/update"):
            return False
        answer = pass_on()
        if to_come and look.labels(store) == to_come[0]:
            to_come.pop(0)
            lose(label if not to_come or len(versions) == 1 else EIERLAND, look, store)
        request.answer(*answer)
        return True

    return fault


LAYOUTS = pytest.mark.parametrize("wanted", [Wanted(), Wanted("named", keep=1)], ids=["merged", "named"])


@LAYOUTS
def test_what_was_switched_and_is_not_right_is_taken_back(wanted: Wanted, between: Any, store: str, project: Project, look: Any) -> None:
    """After the switch the store loses a statement; what was in use comes back."""
    load(project("first"), store, Wanted(wanted.layout))
    between.fault = losing(EIERLAND, (look.SECOND,), look, store)
    with pytest.raises(NotVerifiedError, match=r"1 statements are missing.*Eierland.* was in use before is in use again, and was read back\."):
        load(project("second"), between.url, wanted, patience=ONCE)
    assert look.labels(store) == look.FIRST
    between.fault = lambda *_: False
    assert load(project("second"), store, wanted).done == "changed"
    assert look.labels(store) == look.SECOND


@LAYOUTS
def test_nothing_is_said_to_be_in_use_again_but_what_was_read_back(wanted: Wanted, between: Any, store: str, project: Project, look: Any) -> None:
    """The store loses a statement of the new version, and when that is taken back one of the former."""
    load(project("first"), store, Wanted(wanted.layout))
    between.fault = losing(VUURDUIN, (look.SECOND, look.FIRST), look, store)
    with pytest.raises(NotVerifiedError, match=r"Eierland.*What was in use before could not be brought back whole; run the same command again\."):
        load(project("second"), between.url, wanted, patience=ONCE)
    assert look.labels(store) == look.FIRST - {"Vuurduin"}
    assert load(project("second"), store, wanted).done == "changed"
    assert look.labels(store) == look.SECOND


def test_a_version_that_is_itself_in_use_is_taken_back(between: Any, store: str, project: Project, look: Any) -> None:
    """Somebody has spoiled what is in use. It is loaded once more, and that fails too: what is in use again is what was there, as bad as it was."""
    load(project("second"), store, Wanted("named"))
    lose(EIERLAND, look, store)
    spoiled = look.labels(store)
    between.fault = losing(EIERLAND, (look.SECOND,), look, store)
    with pytest.raises(NotVerifiedError, match="is in use again, and was read back"):
        load(project("second"), between.url, Wanted("named"), patience=ONCE)
    assert look.labels(store) == spoiled != look.SECOND
    assert load(project("second"), store, Wanted("named")).done == "changed"
    assert look.labels(store) == look.SECOND


def test_a_switch_whose_answer_comes_too_late_is_found_to_be_done(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())
    late: list[int] = []

    def delay(request: Any, number: int, pass_on: Callable[[], object]) -> bool:
        if request.path.startswith("/update") and not late and b"Eierland" in between.seen[-1][3]:
            late.append(number)
            pass_on()
            request.hang_up()
            return True
        return False

    between.fault = delay
    assert load(project("second"), between.url, Wanted(), patience=ONCE).done == "changed"
    assert late
    assert len([body for _, _, _, body in between.seen if b"Eierland" in body]) == 1, "it was done twice"
    assert look.labels(store) == look.SECOND
