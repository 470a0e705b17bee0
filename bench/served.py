"""What was measured of servers, as it is kept in serving.json."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Endurance", "Sample", "Served", "Turn", "read_served", "write_served"]


@dataclass
class Turn:
    """One task asked of one server, as often as there were runs; `note` says why where there is none, and `differing` how many answers are not the peer's."""

    task: str
    size: str
    who: str
    runs: list[dict[str, float]] = field(default_factory=list)
    note: str = ""
    differing: int = 0

    def median(self, name: str) -> float:
        """Give the median of the runs."""
        return median(run[name] for run in self.runs)

    @property
    def errors(self) -> int:
        """The requests of all runs that were answered with an error, lost or late."""
        return int(sum(run["errors"] for run in self.runs))


@dataclass
class Sample:
    """Megabytes of the front and of all its engines, so many seconds after the load began."""

    at: float
    front: float
    engines: float


@dataclass
class Endurance:
    """What a long mixed load found.

    `kinds` are, by what was asked, how many answers there were, how many of those were errors, and percentiles of milliseconds. `refused` counts the
    answers that were not as expected by status, `lost` the connections that were cut off. `switch` tells when a new publication was built, from the
    second to the second, and when it answered. `others` is the share of all processors that was taken by what has nothing to do with it.
    """

    seconds: float
    connections: int
    kinds: dict[str, dict[str, float]]
    unexpected: dict[str, int]
    lost: int
    late: int
    samples: list[Sample]
    switch: dict[str, float]
    restarts: int
    others: float
    failures: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """All requests that were answered."""
        return int(sum(kind["answers"] for kind in self.kinds.values()))

    @property
    def errors(self) -> int:
        """All that went wrong."""
        return sum(self.unexpected.values()) + self.lost + self.late


@dataclass
class Served:
    """Everything: the machine, the versions, how it was asked, what was asked, and what was measured, also (`former`) of an earlier version of Schakel."""

    machine: dict[str, str]
    packages: dict[str, str]
    asked: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    endurance: Endurance | None = None
    former: list[Turn] = field(default_factory=list)

    def find(self, task: str, size: str, who: str) -> Turn | None:
        """Give what was measured, or None."""
        return next((turn for turn in self.turns if (turn.task, turn.size, turn.who) == (task, size, who) and turn.runs), None)

    def ratio(self, task: str, size: str, who: str, peer: str) -> float | None:
        """Give what share of a peer's requests a server answers: the median over runs made one after the other; None where one was not measured."""
        ours, theirs = self.find(task, size, who), self.find(task, size, peer)
        if ours is None or theirs is None:
            return None
        return _median_ratio((one["a_second"], other["a_second"]) for one, other in zip(ours.runs, theirs.runs, strict=False))

    def thrift(self, task: str, size: str, who: str, peer: str) -> float | None:
        """Give what share of a server's processor time a request costs its peer, which others on the machine change little; None where one was not measured."""
        ours, theirs = self.find(task, size, who), self.find(task, size, peer)
        if ours is None or theirs is None:
            return None
        return _median_ratio((other["cost"], one["cost"]) for one, other in zip(ours.runs, theirs.runs, strict=False))


def _median_ratio(pairs: Iterable[tuple[float, float]]) -> float | None:
    ratios = [one / other for one, other in pairs if other]
    return median(ratios) if ratios else None


def write_served(served: Served, path: Path) -> None:
    """Keep what was measured."""
    path.write_text(json.dumps(asdict(served), ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_served(path: Path) -> Served:
    """Read what was kept."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name in ("turns", "former"):
        content[name] = [Turn(**turn) for turn in content.get(name, [])]
    if content["endurance"] is not None:
        content["endurance"]["samples"] = [Sample(**sample) for sample in content["endurance"]["samples"]]
        content["endurance"] = Endurance(**content["endurance"])
    return Served(**content)
