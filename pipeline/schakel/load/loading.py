"""Loading a publication into a store: compared with what is in use, changed where it differs, and read back; then what is not needed is taken away."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final, TypeAlias

from schakel.errors import LayoutInUseError, NotVerifiedError, StoreError, TargetInUseError
from schakel.load.credentials import checked, credentials_for
from schakel.load.dump import Content, read_content
from schakel.load.fence import Fence, Plan
from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames
from schakel.load.http_client import Client, Patience
from schakel.load.lock import Lock, locked
from schakel.load.profiles import addresses_of, profile_of
from schakel.load.record import CHANGING, IN_USE, KEPT, SWITCHED, Entry, Record, read_record
from schakel.load.store import Store
from schakel.load.updates import Facts, Updates, batches
from schakel.load.verification import Comparison, Difference, Digest, compare, digests_of, same
from schakel.settings import Settings

__all__ = ["Announce", "Loaded", "Wanted", "load"]

# Given what is being done.
Announce: TypeAlias = Callable[[str], None]
_SWITCHES: Final = 3
_IS_BACK: Final = "What was in use before is in use again, and was read back."
_IS_NOT_BACK: Final = "What was in use before could not be brought back whole; run the same command again."
_GRAPHS_AT_ONCE: Final = 100
# Oxigraph drops some large graphs three times as fast in a request each as in one.
_DROPS: Final = 50
# An answer may have so many times the bytes of the dumps, as it may be of a version that was longer, and for what JSON adds; and so many more.
_FACTOR: Final = 32
_MORE: Final = 1 << 26


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
    replace: bool = False
    always: bool = False


@dataclass(frozen=True)
class Loaded:
    """What was loaded where. `done` is loaded, changed, unchanged or planned; `events` are what happened on the way.

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
    events: tuple[str, ...] = ()


def load(settings: Settings, address: str, wanted: Wanted, announce: Announce = lambda _: None, patience: Patience | None = None) -> Loaded:
    """Load what a project has published into the store at an address.

    Raises BadStoreAddressError, TargetInUseError, LayoutInUseError, NotVerifiedError, the kinds of StoreError, NothingPublishedError, GraphUnreadableError.
    """
    credentials = credentials_for(checked(address))
    patience = patience or Patience(seconds=settings.load_seconds)
    client = Client(address, credentials, patience, always=wanted.always)
    try:
        profile = profile_of(client, address, wanted.store)
        store = Store(client, profile, addresses_of(profile, address, credentials=bool(credentials)))
        return _Run(settings, store, wanted, announce, patience).load()
    finally:
        client.close()


class _Run:
    """One run of loading."""

    _lock: Lock
    _fence: Fence

    def __init__(self, settings: Settings, store: Store, wanted: Wanted, announce: Announce, patience: Patience) -> None:
        self._store = store
        self._wanted = wanted
        self._announce = announce
        self._patience = patience
        self._names = GraphNames(settings.base)
        self._updates = Updates(self._names, store.profile)
        self._publication = settings.publication
        self._by_value = False
        self._began = time.monotonic()

    def load(self) -> Loaded:
        """Load, or say what would be done."""
        self._announce("reading")
        record = read_record(self._store, self._names)
        sees_all = self._store.sees_all_graphs(self._names)
        if sees_all is None and not self._wanted.dry_run:
            # A first, harmless line of the record, which stays, shows it.
            self._store.update([self._updates.begin(_now())])
            sees_all = self._store.sees_all_graphs(self._names)
        content = self._content(sees_all=bool(sees_all))
        self._check_targets(record, content)
        profile, address = self._store.profile, self._store.addresses.query
        told = Loaded("planned", address, profile.name, content.version, content.layout, content.graphs(), content.statements, " ".join(content.sha256))
        told = replace(told, sees_all=sees_all, atomic=profile.atomic, tested=profile.tested)
        if self._wanted.dry_run:
            change = self._compared(record, content).difference
            told = replace(told, added=len(change.added), removed=len(change.removed))
        elif self._is_clean(record) and self._is_in_use(record, content):
            told = replace(told, done="unchanged", kept=_versions(record.kept))
        else:
            told = self._locked(content, told)
        return replace(told, seconds=time.monotonic() - self._began, by_value=self._by_value)

    def _locked(self, content: Content, told: Loaded) -> Loaded:
        """Load while nobody else does."""
        with locked(self._store, self._names, self._patience.seconds) as self._lock:
            self._fence = Fence(self._store, self._names, self._lock, self._patience, lambda: self._announce("waiting"))
            record = self._fence.settle()
            self._check_targets(record, content)
            events = ["waited"] if self._fence.waited else []
            events += ["resumed" if other.version == content.version else "undone" for other in record.under_way]
            is_in_use = self._is_in_use(record, content)
            if is_in_use and not self._fence.certain:
                self._patience.wait(self._patience.quiet)
                record = self._lock.check()
                is_in_use = self._is_in_use(record, content)
            if is_in_use:
                done, run = ("loaded" if events else "unchanged"), record.current or ""
            else:
                compared = self._compared(record, content)
                change = compared.difference
                told = replace(told, added=len(change.added), removed=len(change.removed))
                done, run = ("changed" if record.in_use else "loaded"), self._bring_into_use(content, record, compared)
            atomic = told.atomic and not self._fence.divided
            return replace(told, done=done, kept=self._tidy(run), atomic=atomic, events=tuple(dict.fromkeys(events)))

    def _content(self, *, sees_all: bool) -> Content:
        # A default graph of its own is where queries look; where there is none they see every graph.
        graph = self._wanted.graph or (f"{self._names.base}graph/merged" if sees_all else DEFAULT_GRAPH)
        content = read_content(self._publication, self._wanted.layout, graph)
        self._store.largest = _MORE + _FACTOR * content.length
        return content

    def _check_targets(self, record: Record, content: Content) -> None:
        graphs, before = set(content.graphs()), record.in_use
        filled = self._store.filled(sorted(graphs - record.graphs))
        if filled is not None:
            raise TargetInUseError(filled or "the default graph")
        emptied = set() if before is None or self._wanted.replace or not before.layout else set(before.graphs) - graphs
        if before is not None and emptied and (before.layout != content.layout or content.layout == "merged"):
            raise LayoutInUseError(before.layout, content.layout, sorted(emptied))

    def _is_clean(self, record: Record) -> bool:
        """Tell whether nothing is under way, and no more is kept than should be."""
        return not (record.under_way or record.tickets or record.holders) and len(record.kept) <= self._wanted.keep

    # ---------------------------------------------------------------------------------------------------------------------------- comparing

    def _is_in_use(self, record: Record, content: Content) -> bool:
        """Tell whether this version is in use, and whole."""
        if record.in_use is None or record.in_use.version != content.version:
            return False
        return not self._wrong(record, content, digests_of(content.lines()))

    def _wrong(self, record: Record, content: Content, sent: Mapping[str, Digest]) -> Difference | None:
        """Give how what is in use differs from what is published; None where it does not."""
        found = self._digests({*sent, *record.graphs})
        self._by_value = any(found.get(graph, Digest()).exact != digest.exact for graph, digest in sent.items())
        return None if same(sent, found) else self._compared(record, content, values=True).difference or None

    def _compared(self, record: Record, content: Content, *, values: bool | None = None) -> Comparison:
        """Compare what is in use with what is published: by value where the store keeps no forms of numbers."""
        self._announce("comparing")
        graphs = {*record.graphs, *content.graphs()}
        return compare(lambda use: self._store.each(graphs, use), content.lines(), values=self._store.profile.values if values is None else values)

    def _digests(self, graphs: Iterable[str]) -> dict[str, Digest]:
        digests: dict[str, Digest] = {}
        for graph, digest in self._store.each(graphs, lambda lines: digests_of(lines).items()):
            digests[graph] = digests.get(graph, Digest()) + digest
        return digests

    # ---------------------------------------------------------------------------------------------------------------------------- switching

    def _bring_into_use(self, content: Content, record: Record, compared: Comparison) -> str:
        """Change what is in use, verify it, and give the run that is in use then; take the change back where the store does not give back what was sent.

        Raises NotVerifiedError, StoreError.
        """
        run, change = token_hex(8), compared.difference
        self._enter(run, content)
        before, keeps = record.in_use, self._wanted.keep > 0
        there = {(self._names.run(run), "state"): SWITCHED, (self._names.record, "current"): run}
        for _ in range(_SWITCHES):
            self._announce("switching")
            self._fence.carry_out(self._plan(change, there, before if keeps else None))
            self._announce("verifying")
            self._lock.renew()
            wrong = self._wrong(record, content, compared.sent)
            if wrong is None and not self._fence.certain:
                self._patience.wait(self._patience.quiet)
                wrong = self._wrong(record, content, compared.sent)
            if self._lock.check().current == run:
                if wrong is None:
                    return run
                raise self._taken_back(run, record, compared, change, wrong)
            # An update of a load that was cut off was carried out after ours. What ours has kept is what was in use before.
            change, keeps = wrong or Difference([], []), False
        raise StoreError(self._store.addresses.update, "has carried out updates of loads that were cut off, late; run the same command again")

    def _enter(self, run: str, content: Content) -> None:
        """Enter a run in the record."""
        about, guard = self._names.run(run), self._lock.guard
        facts = {
            "version": content.version,
            "layout": content.layout,
            "sha256": " ".join(content.sha256),
            "statements": str(content.statements),
            "begun": _now(),
        }
        entered = [self._updates.enter(guard, run, some) for some in batches(content.graphs(), _GRAPHS_AT_ONCE)]
        # The state comes last: an entry that was cut off has none.
        self._store.update([*entered, self._updates.note(guard, {(about, name): value for name, value in {**facts, "state": CHANGING}.items()})])

    def _plan(self, change: Difference, after: Facts, kept: Entry | None = None) -> Plan:
        """Plan to change what differs, and to keep a copy of the run that is in use."""

        def operations(guard: str, ticket: str) -> Iterator[str]:
            if kept:
                yield from self._updates.keep(guard, ((graph, self._names.kept(ticket, graph)) for graph in kept.graphs))
            yield from self._updates.state("DELETE", guard, change.removed)
            yield from self._updates.state("INSERT", guard, change.added)

        return Plan(operations, lambda ticket: {(self._names.run(kept.run), "kept"): ticket} if kept else {}, after)

    def _taken_back(self, run: str, record: Record, compared: Comparison, change: Difference, wrong: Difference) -> NotVerifiedError:
        """Take a change back, and make the error that says whether what was in use before is so again."""
        state = {(self._names.run(run), "state"): CHANGING, (self._names.record, "current"): record.current}
        self._fence.carry_out(self._plan(change.reverse, state))
        is_back = same(compared.found, self._digests({*record.graphs, *compared.sent}))
        _, example = min([*wrong.added, *wrong.removed], key=lambda each: (each[1], each[0]))
        what, after = "What was brought into use", _IS_BACK if is_back else _IS_NOT_BACK
        return NotVerifiedError(what, len(wrong.added), len(wrong.removed), example.decode("utf-8", "replace"), after)

    def _tidy(self, run: str) -> tuple[str, ...]:
        """Note what is in use now and what is kept, take away all else, and name the versions that are kept."""
        self._announce("tidying")
        record, guard = self._lock.check(), self._lock.guard
        # Where a switch is no transaction, what one that was cut off has copied may be a part of a version only.
        is_whole = self._store.profile.atomic or self._fence.certain
        before = [each for each in record.runs.values() if each.state == IN_USE and each.run != run and each.kept and is_whole]
        kept = [each for each in (*before, *record.kept) if each.version != record.runs[run].version][: self._wanted.keep]
        gone = [each.run for each in record.runs.values() if each.run != run and each not in kept]
        states = {(self._names.run(run), "state"): IN_USE, **{(self._names.run(each.run), "state"): KEPT for each in kept}}
        self._store.update([self._updates.note(guard, states), *(self._updates.strike(guard, each) for each in gone)])
        # Only what the record does not speak of any more is dropped, and under names that are never used again.
        self._lock.check()
        stays = {self._names.kept(each.kept, graph) for each in kept for graph in each.graphs}
        dropped = [graph for graph in self._store.graphs_below(self._names.inside) if graph not in stays and self._names.run_of(graph)]
        for some in batches(dropped, 1 + len(dropped) // _DROPS):
            self._lock.renew()
            self._store.update(list(self._updates.drop(some)))
        return _versions(kept)


def _versions(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(each.version for each in entries)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
