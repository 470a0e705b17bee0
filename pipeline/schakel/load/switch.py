"""The changes of what is in use, each with its way back: one version in the place of another, or only the difference between them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from schakel.load.fence import Plan
from schakel.load.graph_names import GraphNames
from schakel.load.record import STAGING, SWITCHED, Entry
from schakel.load.updates import Facts, Updates

__all__ = ["Switch"]

# Graphs that statements are copied from, each with the one that they go into.
Pairs: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Switch:
    """The ways to bring a run into use where `before` is in use, and back."""

    names: GraphNames
    updates: Updates
    run: str
    before: Entry | None

    def replace(self, staged: Pairs, filled: Iterable[str], *, keep: bool = True) -> Plan:
        """Put what is staged in the place of what is in use, and keep a copy of that. `filled` are all graphs that loads have filled, or will."""
        old = self.before.graphs if self.before and keep else ()
        emptied = sorted(filled)

        def operations(guard: str, ticket: str) -> Iterator[str]:
            yield from self.updates.keep(guard, ((graph, self.names.kept(ticket, graph)) for graph in old))
            yield from self.updates.empty(guard, emptied)
            yield from self.updates.fill(guard, staged)

        def kept(ticket: str) -> Facts:
            return {(self.names.run(self.before.run), "kept"): ticket} if self.before and keep else {}

        return Plan(operations, kept, self._in_use)

    def restore(self, ticket: str, filled: Iterable[str]) -> Plan:
        """Put what the switch with that ticket has kept in the place of what is in use."""
        old = self.before.graphs if self.before else ()
        emptied = sorted(filled)

        def operations(guard: str, _: str) -> Iterator[str]:
            yield from self.updates.empty(guard, emptied)
            yield from self.updates.fill(guard, [(self.names.kept(ticket, graph), graph) for graph in old])

        return Plan(operations, _nothing, self._staged)

    def amend(self, removed: Pairs, added: Pairs) -> Plan:
        """Take statements out of what is in use, and put others in."""
        return Plan(self._difference(removed, added), _nothing, self._in_use)

    def unamend(self, removed: Pairs, added: Pairs) -> Plan:
        """Undo what `amend` has done."""
        return Plan(self._difference(added, removed), _nothing, self._staged)

    def _difference(self, removed: Pairs, added: Pairs) -> Callable[[str, str], Iterator[str]]:
        def operations(guard: str, _: str) -> Iterator[str]:
            yield from self.updates.fill(guard, removed, "DELETE")
            yield from self.updates.fill(guard, added)

        return operations

    @property
    def _in_use(self) -> Facts:
        return {(self.names.run(self.run), "state"): SWITCHED, (self.names.record, "current"): self.run}

    @property
    def _staged(self) -> Facts:
        return {(self.names.run(self.run), "state"): STAGING, (self.names.record, "current"): self.before.run if self.before else None}


def _nothing(_: str) -> Facts:
    return {}
