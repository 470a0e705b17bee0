"""What a store says of itself: which version is in use, which are kept, and what was under way when a load was cut off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from schakel.stores.names import Names
from schakel.stores.store import Store

__all__ = ["CHANGING", "IN_USE", "KEPT", "SWITCHED", "VERIFIED", "WAITING", "Record", "Version", "read_record"]

# The states of a version: its parts are being put beside; all are there and verified; they were brought into use and are being verified there;
# they are in use; they are kept for later. Or what is in use is being changed to be this version.
WAITING: Final = "waiting"
VERIFIED: Final = "verified"
SWITCHED: Final = "switched"
IN_USE: Final = "in use"
KEPT: Final = "kept"
CHANGING: Final = "changing"


@dataclass(frozen=True)
class Version:
    """What the record says of one version: its name, its state, the graphs that it fills, when it was begun."""

    name: str
    state: str
    graphs: tuple[str, ...]
    begun: str

    @property
    def under_way(self) -> bool:
        """Tell whether its load has not come to an end."""
        return self.state in {WAITING, VERIFIED, SWITCHED, CHANGING}


@dataclass(frozen=True)
class Record:
    """The versions that a store knows of, by name, the name of the one in use, and who holds the store to load into it."""

    versions: Mapping[str, Version]
    current: str | None
    holders: tuple[str, ...] = ()

    @property
    def in_use(self) -> Version | None:
        """Give the version that is in use."""
        return self.versions.get(self.current) if self.current else None

    @property
    def graphs(self) -> frozenset[str]:
        """Name every graph that some version in use or under way fills."""
        return frozenset(graph for each in self.versions.values() if each.state != KEPT for graph in each.graphs)

    @property
    def under_way(self) -> tuple[Version, ...]:
        """Give the versions whose loads were cut off."""
        return tuple(each for each in self.versions.values() if each.under_way)

    @property
    def kept(self) -> tuple[Version, ...]:
        """Give the versions that are kept, the latest first."""
        return tuple(sorted((each for each in self.versions.values() if each.state == KEPT), key=lambda each: each.begun, reverse=True))


def read_record(store: Store, names: Names) -> Record:
    """Read the record; of a store into which nothing was loaded it is empty."""
    facts: dict[str, dict[str, list[str]]] = {}
    current = None
    holders = []
    for quad in parse(b"\n".join(store.read([names.record])[names.record]), format=RdfFormat.N_TRIPLES):
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
            continue
        about, name = quad.subject.value, quad.predicate.value.removeprefix(names.about(""))
        if about == names.record and name == "current":
            current = quad.object.value
        elif about == names.record and name == "holder":
            holders.append(quad.object.value)
        elif about.startswith(names.version("")):
            facts.setdefault(about.removeprefix(names.version("")), {}).setdefault(name, []).append(quad.object.value)
    versions = {
        version: Version(version, _last(said, "state"), tuple(sorted(said.get("graph", ()))), _last(said, "begun")) for version, said in sorted(facts.items())
    }
    return Record(versions, current, tuple(sorted(holders)))


def _last(said: Mapping[str, list[str]], name: str) -> str:
    return max(said.get(name, [""]))
