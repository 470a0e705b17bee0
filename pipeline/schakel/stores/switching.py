"""Bringing a version into use: in one transaction where the store has it, verified there, and taken back where it is not what was sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from schakel.errors import NotVerifiedError, StoreError, StoreUnreachableError
from schakel.stores.content import Content
from schakel.stores.names import Names
from schakel.stores.record import IN_USE, KEPT, SWITCHED, VERIFIED, Record, Version, read_record
from schakel.stores.sparql import Switch, batches, dropping, recording
from schakel.stores.store import Store
from schakel.stores.verifying import Compared, compared

__all__ = ["Waiting", "bring_into_use", "drop_kept", "forget", "note", "prune", "set_state", "tidy", "verify_in_use"]

_LOOKS: Final = 5
_FACTS_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Waiting:
    """What waits in a store to be brought into use.

    `pairs` are the graphs it waits in with those that they go into, `before` is the version in use until now, `filled` every graph that a load has filled.
    """

    content: Content
    pairs: tuple[tuple[str, str], ...]
    before: Version | None
    filled: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The name of the version."""
        return self.content.version


def note(store: Store, names: Names, version: str | None, facts: Iterable[tuple[str, str]]) -> None:
    """Write facts into the record."""
    for batch in batches(facts, _FACTS_AT_ONCE):
        store.update([recording(names, version, batch)])


def set_state(store: Store, names: Names, version: str, change: tuple[str, str], current: str | None) -> None:
    """Change the state of a version from one to another."""
    store.update([Switch(names, version, change[0], 1).ending(change[1], current)])


def bring_into_use(store: Store, names: Names, waiting: Waiting, wait: Callable[[float], None]) -> None:
    """Put what waits in the place of what is in use, which is kept beside.

    Where the store's word is lost on the way the record tells what became of it; the request does nothing a second time.
    Raises StoreError.
    """
    switch = Switch(names, waiting.version, VERIFIED, store.profile.graphs_at_once, store.profile.clears)
    before = waiting.before
    old = () if before is None else before.graphs
    operations = [
        *(switch.keeping((graph, names.kept(before.name, graph)) for graph in old) if before else ()),
        *switch.emptying(sorted({*old, *waiting.filled, *(graph for _, graph in waiting.pairs)})),
        *switch.using(waiting.pairs),
        switch.ending(SWITCHED, waiting.version),
    ]
    for look in range(1, _LOOKS + 1):
        try:
            store.update(operations, tries=1)
        except StoreUnreachableError:
            if look == _LOOKS:
                raise
            wait(float(look))
        if _state(read_record(store, names), waiting.version) == SWITCHED:
            return
    raise StoreError(store.addresses.update, "says that all is well, and has not brought the new version into use; what was in use before still is")


def _state(record: Record, version: str) -> str:
    return record.versions[version].state if version in record.versions else ""


def verify_in_use(store: Store, names: Names, waiting: Waiting) -> Compared:
    """See that what is in use is what was to be; else put what was there before back.

    Raises NotVerifiedError.
    """
    sent = waiting.content.by_graph()
    result = compared(sent, store.read(sorted({*sent, *waiting.filled})))
    if result.same:
        return result
    _take_back(store, names, waiting)
    raise NotVerifiedError("What was brought into use", result.missing, result.added, result.example, "What was in use before is so again.")


def _take_back(store: Store, names: Names, waiting: Waiting) -> None:
    switch = Switch(names, waiting.version, SWITCHED, store.profile.graphs_at_once, store.profile.clears)
    before = waiting.before
    kept = () if before is None else tuple((names.kept(before.name, graph), graph) for graph in before.graphs)
    filled = {graph for _, graph in waiting.pairs} | {graph for _, graph in kept}
    store.update([*switch.emptying(sorted(filled)), *switch.using(kept), switch.ending(VERIFIED, before.name if before else "")])
    if before is not None:
        store.update(list(dropping(source for source, _ in kept)))


def drop_kept(store: Store, names: Names, version: Version) -> None:
    """Take away the graphs in which a version was kept."""
    for batch in batches([names.kept(version.name, graph) for graph in version.graphs], store.profile.changes):
        store.update(list(dropping(batch)))


def forget(store: Store, names: Names, version: Version) -> None:
    """Take away what a version has beside what is in use, and what the record says of it."""
    about = names.version(version.name)
    for batch in batches(store.graphs_below(names.waiting_all(version.name)), store.profile.changes):
        store.update(list(dropping(batch)))
    drop_kept(store, names, version)
    store.update([f"DELETE WHERE {{ GRAPH <{names.record}> {{ <{about}> ?property ?value }} }}"])


def tidy(store: Store, names: Names, waiting: Waiting, keep: int) -> tuple[str, ...]:
    """After a version was verified in use: take away where it waited, and all older versions but so many. Gives the names of those that are kept."""
    for batch in batches([source for source, _ in waiting.pairs], store.profile.changes):
        store.update(list(dropping(batch)))
    set_state(store, names, waiting.version, (SWITCHED, IN_USE), waiting.version)
    before = waiting.before
    if before is not None and before.name != waiting.version:
        gone = sorted({*before.graphs, *waiting.filled} - {graph for _, graph in waiting.pairs} - {""})
        for batch in batches(gone, store.profile.changes):
            store.update(list(dropping(batch)))
        set_state(store, names, before.name, (before.state, KEPT), waiting.version)
    return prune(store, names, waiting.version, keep)


def prune(store: Store, names: Names, version: str, keep: int) -> tuple[str, ...]:
    """Take away all older versions but so many; give the names of those that are kept."""
    kept = [each for each in read_record(store, names).kept if each.name != version]
    for old in kept[keep:]:
        forget(store, names, old)
    return tuple(each.name for each in kept[:keep])
