"""What keeps a publication from being loaded into a store."""

from collections.abc import Sequence

from schakel.errors.base import SchakelError

__all__ = [
    "BadStoreAddressError",
    "LayoutInUseError",
    "NotVerifiedError",
    "StoreError",
    "StoreFullError",
    "StoreHeldError",
    "StoreRefusesError",
    "StoreUnreachableError",
    "TargetInUseError",
]


class BadStoreAddressError(SchakelError):
    """What was given as the address of a store is none that can be used."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"the store's address cannot be used: {self.problem}"


class StoreError(SchakelError):
    """A store answers with something that is no success and no plain refusal."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(url, problem)
        self.url = url
        self.problem = problem

    def __str__(self) -> str:
        return f"the store at {self.url} {self.problem}"


class StoreUnreachableError(StoreError):
    """A store cannot be reached, or says nothing within its time; a step that may be repeated was repeated."""


class StoreRefusesError(StoreError):
    """A store refuses what was asked: credentials, a redirect, a request that it does not take."""


class StoreFullError(StoreError):
    """A store has no room for what it was to keep."""


class StoreHeldError(StoreError):
    """Somebody else is loading into a store."""

    def __init__(self, url: str, host: str, process: int, until: str) -> None:
        told = f"is being loaded into by somebody else, on {host} (process {process}); nothing was sent. Wait until that has ended. "
        super().__init__(url, f"{told}If it was cut off there, the store is free at {until} UTC")


class TargetInUseError(SchakelError):
    """A graph that was to be filled holds statements that no load has put there."""

    def __init__(self, graph: str) -> None:
        super().__init__(graph)
        self.graph = graph

    def __str__(self) -> str:
        return f"{self.graph} holds statements that Schakel did not load, and they would be lost; empty it, or name another graph with --graph"


class LayoutInUseError(SchakelError):
    """A load would empty graphs that a former load with another layout has filled."""

    def __init__(self, before: str, now: str, graphs: Sequence[str]) -> None:
        super().__init__(before, now, graphs)
        self.before = before
        self.now = now
        self.graphs = tuple(graphs)

    def __str__(self) -> str:
        first = self.graphs[0] or "the default graph"
        graphs = first if len(self.graphs) == 1 else f"{len(self.graphs):,} graphs, as {first},"
        ways = "load with --graphs both to have them all, or with --replace to empty them"
        return f"{graphs} would be emptied: the store was loaded with --graphs {self.before}, and this is --graphs {self.now}; {ways}"


class NotVerifiedError(SchakelError):
    """What the store gives back is not what was sent."""

    def __init__(self, what: str, missing: int, added: int, example: str, after: str) -> None:
        super().__init__(what, missing, added, example, after)
        self.what = what
        self.missing = missing
        self.added = added
        self.example = example
        self.after = after

    def __str__(self) -> str:
        counts = f"{self.missing:,} statements are missing and {self.added:,} were not sent"
        return f"{self.what} does not hold what was sent: {counts}, as {self.example}. {self.after}"
