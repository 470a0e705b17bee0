"""Programs run one at a time and in turn, and what they took."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from compare import compare
from generate import generate
from machine import machine, packages
from measure import run
from results import Difference, Measurement, Results

__all__ = ["MADE", "Program", "Session", "unmeasured"]

_HERE: Final = Path(__file__).resolve().parent
# What a build makes, its cache included.
MADE: Final = (".schakel", "public", "report")


@dataclass(frozen=True)
class Program:
    """Something to measure: its task, size and name, its command, and what to do before each run."""

    task: str
    size: str
    who: str
    command: Sequence[str | Path]
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None


class Session:
    """One session of measuring. A program that fails or takes too long is not run again."""

    def __init__(self, folder: Path, schakel: Path, morph_kgc: Path | None, runs: int, limit: float) -> None:
        self.folder = folder
        self.schakel = schakel
        self.limit = limit
        self.morph_kgc = morph_kgc
        help_for_dumps = subprocess.run([schakel, "build", "--dumps-only", "--help"], capture_output=True, check=False)
        self.dumps_only = ["--dumps-only"] if help_for_dumps.returncode == 0 else []
        build = "schakel build --dumps-only" if self.dumps_only else "schakel build, with the file of each entity"
        self.results = Results(machine(), packages(morph_kgc), [], runs, build)

    def project(self, size: str) -> Path:
        """Give the folder of a size's project."""
        return self.folder / "projects" / size

    def work(self, size: str) -> Path:
        """Give the folder in which the programs of a size write."""
        folder = self.folder / "work" / size
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def build(self, project: Path, *options: str) -> list[str | Path]:
        """Give the command of a build."""
        return [self.schakel, "--project", project, "build", *options]

    def in_turn(self, programs: Sequence[Program]) -> None:
        """Run each program once, and all of them again, as often as asked."""
        measured = [Measurement(program.task, program.size, program.who) for program in programs]
        self.results.measurements += measured
        for _ in range(self.results.runs):
            for program, measurement in zip(programs, measured, strict=True):
                if not measurement.note:
                    self._once(program, measurement)

    def _once(self, program: Program, measurement: Measurement) -> None:
        program.before()
        try:
            done = run([str(part) for part in program.command], self.limit)
        finally:
            program.after()
        click.echo(f"{program.size:>6} {program.task:<18} {program.who:<18} {done.seconds:8.2f} s {done.megabytes:8.0f} MB", err=True)
        if done.code == 0:
            measurement.runs.append({"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "megabytes": done.megabytes})
            return
        measurement.note = (
            f"stopped after {self.limit:.0f} s" if done.code is None else f"failed: {done.told.splitlines()[-1][:200] if done.told else done.code}"
        )
        measurement.longer_than = self.limit if done.code is None else 0
        click.echo(f"       {measurement.note}", err=True)

    def skip(self, task: str, size: str, who: str) -> None:
        """Say that something was not run."""
        self.results.measurements.append(Measurement(task, size, who, note="not run"))

    def differs(self, task: str, size: str, who: str, ours: Any, theirs: Any) -> None:  # noqa: ANN401  # iterables of lines
        """Compare what two programs gave, and keep how they differ."""
        found = compare(ours, theirs)
        self.results.differences.append(Difference(task, size, who, found.ours, found.theirs, found.only_ours, found.only_theirs, list(found.examples)))

    def write(self, size: str, organisations: int) -> None:
        """Write a project of some size."""
        self.clean(self.project(size))
        written = generate(self.project(size), organisations, seed=1, faults=0.001)
        self.results.sizes[size] = {"organisations": organisations, "rows": int(str(written["rows"]))}
        self.engines: dict[str, list[str]] = json.loads(unmeasured("engines", self.project(size)))
        self.results.engines = self.engines["used"]

    @staticmethod
    def clean(project: Path) -> None:
        """Remove all that a build made: the cache too."""
        for name in MADE:
            shutil.rmtree(project / name, ignore_errors=True)


def unmeasured(*arguments: str | Path) -> str:
    """Ask a stage of Schakel for something that is not measured."""
    done = subprocess.run([sys.executable, _HERE / "ours.py", *arguments], capture_output=True, check=False, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout
