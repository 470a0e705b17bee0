"""What a load is asked to do, and what it says of what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Announce", "Loaded", "Wanted"]

# Given what is being done, how much of it is done, and how much there is.
Announce: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wanted:
    """How to load a publication. `graph` is that of the merged statements; None: the one that queries without a graph see.

    With `replace`, graphs of another layout that is in use are emptied. With `always`, credentials are sent before they are asked for.
    """

    layout: str = "merged"
    graph: str | None = None
    store: str | None = None
    keep: int = 0
    dry_run: bool = False
    diff: bool = False
    replace: bool = False
    always: bool = False


@dataclass(frozen=True)
class Loaded:
    """What was loaded where. `done` is loaded, changed, unchanged or planned; `events` are what happened on the way, each with a number.

    `by_value`: some statements were given back in another form of the same value. `digest` is the SHA-256 of each dump.
    """

    done: str
    address: str
    profile: str
    version: str
    layout: str
    graphs: tuple[str, ...]
    statements: int
    digest: str = ""
    added: int = 0
    removed: int = 0
    seconds: float = 0.0
    by_value: bool = False
    sees_all: bool | None = None
    atomic: bool = True
    tested: bool = True
    kept: tuple[str, ...] = ()
    events: tuple[tuple[str, int], ...] = ()
