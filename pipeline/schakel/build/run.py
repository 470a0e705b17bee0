"""One run: for which project, with which workers, and whom it tells of its progress."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from schakel.cache import Cache, NoCache
from schakel.settings import Settings
from schakel.work import Workers

__all__ = ["Progress", "Run"]

# Told the name of each stage as it begins.
Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What every stage of a run is given. With `dumps_only` neither entities nor queries get files.

    One that only checks `publishes` nothing.
    """

    settings: Settings
    workers: Workers
    progress: Progress
    dumps_only: bool = False
    publishes: bool = True

    @property
    def cache(self) -> Cache | NoCache:
        """The results of earlier runs."""
        return self.workers.cache
