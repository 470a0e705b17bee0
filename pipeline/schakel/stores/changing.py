"""Changing what is in use into what is published: only what differs is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schakel.errors import NotVerifiedError
from schakel.stores.content import DEFAULT_GRAPH
from schakel.stores.sparql import deleting, inserting
from schakel.stores.store import Store
from schakel.stores.verifying import by_value, compared

__all__ = ["Change", "carry_out", "change_between"]


@dataclass(frozen=True)
class Change:
    """Statements to take out and to put in, each with its graph, sorted so that what is said of one thing is together."""

    removed: tuple[tuple[str, bytes], ...]
    added: tuple[tuple[str, bytes], ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.removed or self.added)

    @property
    def inverse(self) -> "Change":
        """The change that undoes this one."""
        return Change(self.added, self.removed)

    def operations(self, size: int) -> Iterator[list[str]]:
        """Give updates, each of about so many statements; what changes of one thing is in one of them."""
        removed, added = set(self.removed), set(self.added)
        changes = sorted(removed | added, key=lambda each: (each[1][: each[1].index(b" ")], each))
        together: list[tuple[str, bytes]] = []
        for number, change in enumerate(changes):
            together.append(change)
            last = number == len(changes) - 1
            if last or (len(together) >= size and _subject(change) != _subject(changes[number + 1])) or len(together) >= 2 * size:
                out, into = (
                    _by_graph(form for each in together if each in removed for form in _forms(each)),
                    _by_graph(each for each in together if each in added),
                )
                yield [*([deleting(out)] if out else []), *([inserting(into)] if into else [])]
                together = []


def _subject(change: tuple[str, bytes]) -> bytes:
    return change[1][: change[1].index(b" ")]


def _forms(change: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    """Give a statement as a store gives it back, and as it was sent: some stores delete only what is written as it was sent."""
    graph, line = change
    return [change] if b"^^" not in line else [(graph, form) for form in dict.fromkeys((line, by_value(line)))]


def _by_graph(changes: Iterator[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    graphs: dict[str, list[bytes]] = {}
    for graph, line in changes:
        graphs.setdefault(graph, []).append(line)
    return graphs


def change_between(found: Mapping[str, set[bytes]], wanted: Mapping[str, set[bytes]]) -> Change:
    """Tell what is to change where a store holds the one and should hold the other. What has the same value does not change."""
    removed, added = [], []
    for graph in sorted({*found, *wanted}):
        here, there = wanted.get(graph, set()), found.get(graph, set())
        if here != there and not compared({graph: here}, {graph: there}).same:
            values_here, values_there = ({by_value(line) for line in lines} for lines in (here - there, there - here))
            removed += [(graph, line) for line in sorted(there - here) if by_value(line) not in values_here]
            added += [(graph, line) for line in sorted(here - there) if by_value(line) not in values_there]
    return Change(tuple(removed), tuple(added))


def carry_out(store: Store, change: Change, wanted: Mapping[str, set[bytes]], last: str) -> int:
    """Change what the store holds, with `last` as the last operation, and verify it; else undo it. Gives how many statements are the same by value only.

    Where the store has transactions and the change is small, all of it is seen at once.
    Raises NotVerifiedError.
    """
    steps = list(change.operations(store.profile.changes))
    for step in [*steps[:-1], [*(steps[-1] if steps else []), last]]:
        store.update(step)
    graphs = sorted({*wanted, *(graph for graph, _ in change.removed)})
    result = compared(wanted, store.read(graphs))
    if result.same:
        return result.by_value
    for step in change.inverse.operations(store.profile.changes):
        store.update(step)
    what = "What was changed" if len(graphs) > 1 else (graphs[0] if graphs[0] != DEFAULT_GRAPH else "The default graph")
    raise NotVerifiedError(what, result.missing, result.added, result.example, "The change was undone.")
