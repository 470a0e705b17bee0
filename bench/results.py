"""What was measured, as it is kept in results.json."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Difference", "Measurement", "Results", "added", "read_results", "write_results"]


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
    def cpu_seconds(self) -> float:
        """The median of the seconds of all processors."""
        return median(run["cpu_seconds"] for run in self.runs)

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
    earlier: list[str] = field(default_factory=list)

    def find(self, task: str, size: str, who: str) -> Measurement | None:
        """Give a measurement that has runs, or None."""
        found = (item for item in self.measurements if (item.task, item.size, item.who) == (task, size, who) and item.runs)
        return next(found, None)


def added(kept: Results, found: Results) -> Results:
    """Add what was measured now to what was kept: of a size that was measured anew nothing old remains.

    Raises ValueError where the two were not measured on the same machine, with the same versions: their times cannot stand in one table.
    """
    if (kept.machine, kept.packages) != (found.machine, found.packages):
        message = "what was kept was measured on another machine, or with other versions: measure everything anew"
        raise ValueError(message)
    anew = set(found.sizes) | {item.size for item in found.measurements}

    def other(items: list[Any]) -> list[Any]:
        return [item for item in items if item.size not in anew]

    sizes = {**kept.sizes, **found.sizes}
    return replace(
        found,
        sizes=dict(sorted(sizes.items(), key=lambda item: item[1]["organisations"])),
        measurements=[*other(kept.measurements), *found.measurements],
        differences=[*other(kept.differences), *found.differences],
        files={**kept.files, **found.files},
        earlier=[size for size in sizes if size not in anew],
    )


def write_results(results: Results, path: Path) -> None:
    """Keep results."""
    path.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_results(path: Path) -> Results:
    """Read what was kept."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    content["measurements"] = [Measurement(**item) for item in content["measurements"]]
    content["differences"] = [Difference(**item) for item in content["differences"]]
    return Results(**content)
