"""The record in a store: which version is in use, which are kept, what is under way, and who holds the store.

Each run has an entry of its own, under a name that is never used again. What a run that was cut off still writes late therefore changes no entry of
another run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames, is_iri, is_run
from schakel.load.store import Store

__all__ = ["CHANGING", "IN_USE", "KEPT", "SWITCHED", "Entry", "Record", "read_record"]

# The states of a run: it is to be switched into use; it was, and is being verified there; it is in use; it is kept.
CHANGING: Final = "changing"
SWITCHED: Final = "switched"
IN_USE: Final = "in use"
KEPT: Final = "kept"


@dataclass(frozen=True)
class Entry:
    """What the record says of one run: the version that it loads, its state, its layout, the graphs that it fills, when it began.

    `kept` is the ticket of the switch that keeps a copy of it.
    """

    run: str
    version: str
    state: str
    layout: str
    graphs: tuple[str, ...]
    begun: str
    kept: str


@dataclass(frozen=True)
class Record:
    """The runs that a store knows of, by name; the one in use; who holds the store; which tickets are out."""

    runs: Mapping[str, Entry]
    current: str | None
    holders: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()

    @property
    def in_use(self) -> Entry | None:
        """Give the run that is in use."""
        return self.runs.get(self.current) if self.current else None

    @property
    def graphs(self) -> frozenset[str]:
        """Name every graph that some run in use or under way fills."""
        return frozenset(graph for each in self.runs.values() if each.state != KEPT for graph in each.graphs)

    @property
    def under_way(self) -> tuple[Entry, ...]:
        """Give the runs that did not come to an end."""
        return tuple(each for each in self.runs.values() if each.state not in {IN_USE, KEPT} or (each.state == IN_USE and each.run != self.current))

    @property
    def kept(self) -> tuple[Entry, ...]:
        """Give the runs that are kept, the latest first."""
        return tuple(sorted((each for each in self.runs.values() if each.state == KEPT), key=lambda each: each.begun, reverse=True))


def read_record(store: Store, names: GraphNames) -> Record:
    """Read the record; of a store into which nothing was loaded it is empty."""
    facts: dict[str, dict[str, list[str]]] = {}
    lines = b"\n".join(line for _, line in store.each([names.record], list))
    for quad in parse(lines, format=RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            facts.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value.removeprefix(names.property("")), []).append(quad.object.value)
    own = facts.pop(names.record, {})
    runs = {about.removeprefix(names.inside): said for about, said in sorted(facts.items()) if is_run(about.removeprefix(names.inside))}
    return Record(
        {run: _entry(run, said) for run, said in runs.items()},
        _one(own, "current") or None,
        tuple(sorted(own.get("holder", ()))),
        tuple(sorted(filter(is_run, own.get("ticket", ())))),
    )


def _entry(run: str, said: Mapping[str, list[str]]) -> Entry:
    kept = _one(said, "kept")
    graphs = tuple(sorted(graph for graph in said.get("graph", ()) if graph == DEFAULT_GRAPH or is_iri(graph)))
    return Entry(run, _one(said, "version"), _one(said, "state"), _one(said, "layout"), graphs, _one(said, "begun"), kept if is_run(kept) else "")


def _one(said: Mapping[str, list[str]], name: str) -> str:
    """Give the value of a fact; none where there are several, of which a late update may have written one."""
    values = said.get(name, ())
    return values[0] if len(values) == 1 else ""
