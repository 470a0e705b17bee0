"""The changes of what is in use, each with its way back: one version in the place of another, or only the difference between them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from schakel.load.fence import Plan
from schakel.load.graph_names import GraphNames
from schakel.load.record import STAGING, SWITCHED, Entry
from schakel.load.updates import Facts, Updates

__all__ = ["amend", "replace", "restore", "unamend"]

# Graphs that statements are copied from, each with the one that they go into.
Pairs: TypeAlias = Sequence[tuple[str, str]]


def replace(names: GraphNames, updates: Updates, run: str, staged: Pairs, filled: Iterable[str], before: Entry | None) -> Plan:  # noqa: PLR0913, PLR0917
    """Put what is staged in the place of what is in use, of which a copy is kept. `filled` are the graphs that loads have filled."""
    old = () if before is None else before.graphs
    emptied = sorted({*filled, *old, *(graph for _, graph in staged)})

    def operations(guard: str, ticket: str) -> Iterator[str]:
        yield from updates.keep(guard, ((graph, names.kept(ticket, graph)) for graph in old))
        yield from updates.empty(guard, emptied)
        yield from updates.fill(guard, staged)

    def kept(ticket: str) -> Facts:
        return {} if before is None else {(names.run(before.run), "kept"): ticket}

    return Plan(operations, kept, _in_use(names, run, SWITCHED, run))


def restore(names: GraphNames, updates: Updates, run: str, ticket: str, filled: Iterable[str], before: Entry | None) -> Plan:  # noqa: PLR0913, PLR0917
    """Put what the switch with that ticket has kept back in the place of what is in use."""
    old = () if before is None else before.graphs

    def operations(guard: str, _: str) -> Iterator[str]:
        yield from updates.empty(guard, sorted({*filled, *old}))
        yield from updates.fill(guard, [(names.kept(ticket, graph), graph) for graph in old])

    return Plan(operations, lambda _: {}, _in_use(names, run, STAGING, before.run if before else None))


def amend(names: GraphNames, updates: Updates, run: str, removed: Pairs, added: Pairs) -> Plan:
    """Take statements out of what is in use, and put others in."""

    def operations(guard: str, _: str) -> Iterator[str]:
        yield from updates.fill(guard, removed, "DELETE")
        yield from updates.fill(guard, added)

    return Plan(operations, lambda _: {}, _in_use(names, run, SWITCHED, run))


def unamend(names: GraphNames, updates: Updates, run: str, removed: Pairs, added: Pairs, before: Entry | None) -> Plan:  # noqa: PLR0913, PLR0917
    """Undo what `amend` has done."""
    plan = amend(names, updates, run, added, removed)
    return Plan(plan.operations, plan.before, _in_use(names, run, STAGING, before.run if before else None))


def _in_use(names: GraphNames, run: str, state: str, current: str | None) -> Facts:
    return {(names.run(run), "state"): state, (names.record, "current"): current}
