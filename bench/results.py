"""What was measured, as it is kept in results.json."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Difference", "Measurement", "Results", "read_results", "write_results"]


@dataclass
class Measurement:
    """One task by one program at one size: its runs, each of seconds, seconds of all processors and megabytes; and why there is none where there is none.

    `longer_than` are the seconds after which a program was stopped, 0 where none was.
    """

    task: str
    size: str
    who: str
    runs: list[dict[str, float]] = field(default_factory=list)
    note: str = ""
    longer_than: float = 0

    @property
    def seconds(self) -> float:
        """The median of the runs."""
        return median(run["seconds"] for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The median of the peaks."""
        return median(run["megabytes"] for run in self.runs)


@dataclass
class Difference:
    """What a program gave beside what Schakel gave for the same."""

    task: str
    size: str
    who: str
    ours: int
    theirs: int
    only_ours: int
    only_theirs: int
    examples: list[str]


@dataclass
class Results:
    """Everything: the machine, the versions, how large each size is, and what was measured and compared at each."""

    machine: dict[str, str]
    packages: dict[str, str]
    engines: list[str]
    runs: int
    build: str
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    files: dict[str, dict[str, int]] = field(default_factory=dict)

    def find(self, task: str, size: str, who: str) -> Measurement | None:
        """Give a measurement that has runs, or None."""
        found = (item for item in self.measurements if (item.task, item.size, item.who) == (task, size, who) and item.runs)
        return next(found, None)


def write_results(results: Results, path: Path) -> None:
    """Keep results."""
    path.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_results(path: Path) -> Results:
    """Read what was kept."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    content["measurements"] = [Measurement(**item) for item in content["measurements"]]
    content["differences"] = [Difference(**item) for item in content["differences"]]
    return Results(**content)
