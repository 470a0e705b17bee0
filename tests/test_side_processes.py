"""Processes that help: the same results as without them, whatever becomes of them, and no program run twice."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

from schakel.cache import Cache, NoCache
from schakel.side_processes import SideProcesses

Eventually: TypeAlias = Callable[[Callable[[], bool]], None]

TASKS = """
import os, sys, time
from pathlib import Path

HERE = {here}

def told(task):
    folder, text = task
    with (folder / "done").open("a") as file:
        file.write(f"{{text}} {{os.getpid()}}\\n")
    time.sleep(0.02)
    return text.encode()

def prints(task):
    print("among the answers", flush=True)
    return told(task)

def ends_there(task):
    if os.getpid() != HERE:
        os._exit(3)
    return told(task)

def fails(task):
    if task[1] == "4":
        raise LookupError("the fourth")
    return told(task)

def fails_there(task):
    if os.getpid() != HERE:
        raise LookupError("only there")
    return told(task)

def not_bytes_there(task):
    return told(task) if os.getpid() == HERE else 7
"""


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module that side processes find as they find all others."""
    (tmp_path / "helped_tasks.py").write_text(TASKS.format(here=os.getpid()))
    monkeypatch.syspath_prepend(tmp_path)
    import helped_tasks  # type: ignore[import-not-found]  # noqa: PLC0415  # it is there now

    yield helped_tasks
    del sys.modules["helped_tasks"]


def asked(folder: Path, count: int = 40) -> list[tuple[Path, str]]:
    return [(folder, str(number)) for number in range(count)]


def expected(count: int = 40) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def done(folder: Path) -> list[tuple[str, int]]:
    """What was done, and by which process."""
    return [(text, int(process)) for text, process in (line.split() for line in (folder / "done").read_text().splitlines())]


@pytest.mark.parametrize("most", [0, 1, 3])
@pytest.mark.parametrize("function", ["told", "prints", "ends_there", "fails_there", "not_bytes_there"])
def test_results_are_the_same_in_the_same_order_however_many_help_and_whatever_becomes_of_them(
    tasks: ModuleType, tmp_path: Path, most: int, function: str
) -> None:
    with SideProcesses(NoCache(), most) as side:
        assert list(side.each_once("stage", getattr(tasks, function), asked(tmp_path), lambda task: task[1])) == expected()
    assert {text for text, _ in done(tmp_path)} == {str(number) for number in range(40)}


def test_they_are_at_work_while_this_process_does_something_else(tasks: ModuleType, tmp_path: Path, eventually: Eventually) -> None:
    with SideProcesses(NoCache(), 2) as side:
        results = side.each_once("stage", tasks.told, asked(tmp_path, 8), lambda task: task[1])
        eventually(lambda: (tmp_path / "done").exists() and len(done(tmp_path)) == 8)
        assert os.getpid() not in {process for _, process in done(tmp_path)}
        assert list(results) == expected(8)
    # Nothing was done once more by whoever waited.
    assert len(done(tmp_path)) == 8


def test_for_little_work_no_process_is_started(tasks: ModuleType, tmp_path: Path) -> None:
    with SideProcesses(NoCache(), 3) as side:
        assert list(side.each_once("stage", tasks.told, asked(tmp_path, 2), lambda task: task[1])) == expected(2)
    assert {process for _, process in done(tmp_path)} == {os.getpid()}


def test_what_an_earlier_run_did_is_not_done_again_but_what_was_damaged_is(tasks: ModuleType, tmp_path: Path) -> None:
    for again in (False, True):
        with SideProcesses(Cache(tmp_path / "kept"), 1) as side:
            assert list(side.each_once("stage", tasks.told, asked(tmp_path), lambda task: task[1])) == expected()
        if not again:
            (tmp_path / "done").unlink()
            for name in ("3", "17"):
                (tmp_path / "kept" / "stage" / name).write_bytes(b"damaged")
    assert {text for text, _ in done(tmp_path)} == {"3", "17"}


@pytest.mark.parametrize("most", [0, 2])
def test_what_goes_wrong_in_a_task_is_told_as_without_them(tasks: ModuleType, tmp_path: Path, most: int) -> None:
    with pytest.raises(LookupError, match="the fourth"), SideProcesses(NoCache(), most) as side:
        list(side.each_once("stage", tasks.fails, asked(tmp_path), lambda task: task[1]))


def test_at_the_end_no_process_is_left(tasks: ModuleType, tmp_path: Path, eventually: Eventually) -> None:
    with SideProcesses(NoCache(), 2) as side:
        results = side.each_once("stage", tasks.told, asked(tmp_path), lambda task: task[1])
        next(results)
        eventually(lambda: not {process for _, process in done(tmp_path)} <= {os.getpid()})
    for process in {process for _, process in done(tmp_path)} - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_program_that_shares_its_work_is_not_run_again(tasks: ModuleType, tmp_path: Path) -> None:
    assert tasks.HERE
    program = tmp_path / "program.py"
    program.write_text(
        """
from pathlib import Path
import helped_tasks
from schakel.cache import NoCache
from schakel.side_processes import SideProcesses
print("once")
here = Path(__file__).parent
with SideProcesses(NoCache(), 1) as side:
    print(*side.each_once("stage", helped_tasks.told, [(here, str(number)) for number in range(9)], str))
"""
    )
    ran = subprocess.run([sys.executable, str(program)], check=True, capture_output=True, text=True)
    assert ran.stdout == f"once\n{' '.join(map(str, expected(9)))}\n"
    assert ran.stderr == ""
