"""Running the tests again and again: each time in a fresh clone, on machines of three kinds, until one fails."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("steady.sh")
# Stands for the project: a run notes itself, tells how many processors it may use, and fails where it is told to.
MAKEFILE = """
test:
	@echo "$(TESTS)" >> "$$NOTES"
	@test ! -e made && touch made
	@if [ "$$(wc -l < "$$NOTES")" = "$$FAILS" ]; then echo "FAILED tests/test_x.py::test_y - assert 1 == 2"; exit 1; fi
	@echo "$$(nproc) of $$(nproc --all) processors"
"""

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(not (GIT and shutil.which("taskset")), reason="it needs git, and taskset of Linux")


def steady(folder: Path, runs: int, fails: int = 0) -> tuple[int, list[str], list[str]]:
    """Run it so often; give its exit code, what it printed, and which tests each run was asked for."""
    project, temporary = folder / "project", folder / "temporary"
    project.mkdir()
    temporary.mkdir()
    (project / "Makefile").write_text(MAKEFILE, "utf-8")
    somebody = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init"], ["add", "."], [*somebody, "commit", "-m", "x"]):
        subprocess.run([str(GIT), *command], cwd=project, check=True, capture_output=True)
    # What `make test` was asked for is not for the `make` of a run.
    kept = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKEOVERRIDES", "TESTS"}}
    environment = {**kept, "NOTES": str(folder / "notes"), "FAILS": str(fails), "TMPDIR": str(temporary)}
    done = subprocess.run([SCRIPT, str(runs), "tests/a", "tests/b"], cwd=project, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines(), (folder / "notes").read_text("utf-8").splitlines()


def test_each_run_is_in_a_fresh_clone_on_a_machine_of_the_next_kind(tmp_path: Path) -> None:
    code, printed, asked = steady(tmp_path, 4)
    assert (code, asked) == (0, ["tests/a tests/b"] * 4)
    assert [line.partition(")")[0] for line in printed] == [
        "Run 1 of 4 (every processor busy",
        "Run 2 of 4 (as it is",
        "Run 3 of 4 (every processor busy",
        "Run 4 of 4 (a single processor",
    ]
    assert "): 1 of " in printed[3]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_first_failure_ends_it_and_is_named(tmp_path: Path) -> None:
    code, printed, asked = steady(tmp_path, 4, fails=2)
    assert (code, len(asked)) == (1, 2)
    assert printed[1] == "FAILED tests/test_x.py::test_y - assert 1 == 2"
    assert printed[2].startswith("Run 2 of 4 (as it is) failed; all that it said: ")
    assert "assert 1 == 2" in Path(printed[2].rpartition(": ")[2]).read_text("utf-8")
