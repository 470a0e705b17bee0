"""The difference between what a store holds and what is published."""

from collections.abc import Iterable
from dataclasses import dataclass

from schakel.load.verification import by_values

__all__ = ["Difference", "difference_between"]


@dataclass(frozen=True)
class Difference:
    """Statements to take out and to put in, each with its graph, sorted by subject."""

    removed: list[tuple[str, bytes]]
    added: list[tuple[str, bytes]]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.removed or self.added)


def difference_between(found: Iterable[tuple[str, bytes]], wanted: Iterable[tuple[str, bytes]]) -> Difference:
    """Tell what is to change where a store holds the one and should hold the other. What has the same value does not change. Holds both in memory."""
    there, here = set(found), set(wanted)
    about = {_about(each) for each in here ^ there}
    missing, surplus = (by_values(each for each in side if _about(each) in about) for side in (here, there))
    added = [missing[value] for value in missing.keys() - surplus.keys()]
    removed = [surplus[value] for value in surplus.keys() - missing.keys()]
    return Difference(*(sorted(each, key=lambda change: (change[1], change[0])) for each in (removed, added)))


def _about(statement: tuple[str, bytes]) -> tuple[str, ...]:
    """Give the graph, subject and property of a statement."""
    graph, line = statement
    return (graph, *line.decode().split(" ", 2)[:2])
