"""Two who load into one store at the same time: the second is told, and sends nothing; nobody waits for one that is gone."""

# ruff: noqa: ANN401  # what fixtures give has no type here, as tests cannot import conftest.py

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from schakel import Settings
from schakel.cli import main
from schakel.errors import StoreError, StoreHeldError
from schakel.load import LAYOUTS, Patience, Wanted, load

Project = Callable[[str], Settings]
RECORD = "<https://example.org/load>"
HELD = f"GRAPH {RECORD} {{ {RECORD} <https://example.org/load#holder> ?holder }}"
SOMEBODY = f"{(datetime.now(UTC) + timedelta(hours=1)).strftime('%Y-%m-%dT%H:%M:%SZ')} elsewhere.example 17 00ff"
# Who holds a store is the same whatever queries see.
pytestmark = pytest.mark.parametrize("server", ["own default graph"], indirect=True)
ONCE = Patience(seconds=20, tries=1, wait=lambda _: None)


def hold(look: Any, store: str, holder: str) -> None:
    statement = HELD.replace("?holder", f'"{holder}"')
    look.asked(store, "/update", {"update": f"INSERT DATA {{ {statement} }}"})


def holders(look: Any, store: str) -> bytes:
    content: bytes = look.asked(store, "/query", {"query": f"SELECT ?holder {{ {HELD} }}"})
    return content.partition(b'"bindings"')[2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_second_of_two_is_told_and_sends_nothing(layout: str, between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted(layout))
    second = project("second")
    stopped, go_on = threading.Event(), threading.Event()

    def stop(_: Any, __: int, ___: object) -> bool:
        if b'"changing"' in between.seen[-1][3] and not go_on.is_set():
            stopped.set()
            go_on.wait(60)
        return False

    between.fault = stop
    command = [sys.executable, "-m", "schakel", "--project", str(second.root), "load", between.url, "--graphs", layout]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert stopped.wait(60)
        before = look.kept_aside(store)
        for wanted in (Wanted(layout), Wanted(layout, keep=1)):
            with pytest.raises(StoreHeldError, match=rf"by somebody else, on {socket.gethostname()} \(process {process.pid}\); nothing was sent"):
                load(second, store, wanted)
        assert load(second, store, Wanted(layout, dry_run=True)).done == "planned"
        assert look.kept_aside(store) == before
        go_on.set()
        told, _ = process.communicate(timeout=60)
        assert process.returncode == 0, told
    assert look.labels(store) == look.SECOND
    assert b"literal" not in holders(look, store)
    assert load(project("first"), store, Wanted(layout)).done == "changed"


def test_the_command_says_who_and_until_when(store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())
    hold(look, store, SOMEBODY)
    result = CliRunner().invoke(main, ["--project", str(project("second").root), "load", store])
    assert result.exit_code == 2
    assert (
        f"on elsewhere.example (process 17); nothing was sent. Wait until that has ended. If it was cut off there, the store is free at {SOMEBODY[11:16]} UTC"
        in " ".join(result.output.split())
    )
    assert look.labels(store) == look.FIRST


@pytest.mark.parametrize(
    "holder",
    [
        "2020-01-01T00:00:00Z elsewhere.example 17 00ff",
        SOMEBODY.replace("elsewhere.example 17", f"{socket.gethostname()} {os.getpid()}"),
        SOMEBODY.replace("elsewhere.example 17", f"{socket.gethostname()} 99999999"),
        "nonsense",
    ],
    ids=["its time is over", "it was this process", "its process is gone", "nobody"],
)
def test_nobody_waits_for_one_that_is_gone(holder: str, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())
    hold(look, store, holder)
    assert load(project("second"), store, Wanted()).done == "changed"
    assert b"literal" not in holders(look, store)


def test_of_two_that_come_at_the_same_moment_each_sees_the_other(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted())

    def both(_: Any, __: int, pass_on: Callable[[], object]) -> bool:
        if b"holder" in between.seen[-1][3] and b"INSERT" in between.seen[-1][3]:
            between.fault = lambda *_: False
            pass_on()
            hold(look, store, SOMEBODY)
        return False

    between.fault = both
    with pytest.raises(StoreHeldError, match=r"elsewhere.example"):
        load(project("second"), between.url, Wanted(), patience=ONCE)
    assert holders(look, store).count(b"literal") == 1, "the one that gave way still holds it"
    assert look.labels(store) == look.FIRST


def test_a_load_that_stood_still_does_not_go_on_when_another_has_come(between: Any, store: str, project: Project, look: Any) -> None:
    load(project("first"), store, Wanted("named"))

    def lose(request: Any, _: int, __: object) -> bool:
        if b'"changing"' in between.seen[-1][3]:
            look.asked(store, "/update", {"update": f"DELETE WHERE {{ {HELD} }}"})
        del request
        return False

    between.fault = lose
    with pytest.raises(StoreError, match="was given to somebody else while this load stood still"):
        load(project("second"), between.url, Wanted("named"), patience=ONCE)
    assert look.labels(store) == look.FIRST
    between.fault = lambda *_: False
    assert load(project("second"), store, Wanted("named")).done == "changed"
    assert look.labels(store) == look.SECOND
