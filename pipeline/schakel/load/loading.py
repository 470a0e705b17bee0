"""Loading a publication into a store: staged, verified, brought into use, verified again; then what is not needed is taken away."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from secrets import token_hex
from typing import Final

from schakel.errors import LayoutInUseError, StoreError, TargetInUseError
from schakel.load.credentials import checked, credentials_for
from schakel.load.detection import profile_of, sees_all_graphs
from schakel.load.difference import Difference
from schakel.load.dump import Content, parts_of, read_content
from schakel.load.fence import Fence, Plan
from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames
from schakel.load.http_client import Client, Patience
from schakel.load.lock import Lock, locked
from schakel.load.options import Announce, Loaded, Wanted
from schakel.load.profiles import addresses_of
from schakel.load.record import CHANGING, IN_USE, KEPT, STAGING, Entry, Record, read_record
from schakel.load.staging import difference_from, digests_in, not_verified, same, stage
from schakel.load.store import Store
from schakel.load.switch import Switch
from schakel.load.updates import Updates, batches
from schakel.load.verification import Digest, digests_of
from schakel.settings import Settings

__all__ = ["load"]

_SWITCHES: Final = 3
_IS_BACK: Final = "What was in use before is in use again, and was read back."
_IS_NOT_BACK: Final = "What was in use before could not be brought back whole; run the same command again."
_GRAPHS_AT_ONCE: Final = 100
# Oxigraph drops some graphs of twenty thousand statements each three times as fast in a request each as in one.
_DROPS: Final = 50
# An answer may have so many times the bytes of the dumps, for the veil and for what JSON adds; and so many more.
_FACTOR: Final = 32
_MORE: Final = 1 << 26


def load(settings: Settings, address: str, wanted: Wanted, announce: Announce = lambda *_: None, patience: Patience | None = None) -> Loaded:
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
        self._events: list[tuple[str, int]] = []
        self._by_value = False
        self._began = time.monotonic()

    def load(self) -> Loaded:
        """Load, change, or say what would be done."""
        self._announce("reading", 0, 1)
        record = read_record(self._store, self._names)
        sees_all = sees_all_graphs(self._store, self._names)
        if sees_all is None and not self._wanted.dry_run:
            # A first, harmless line of the record, which stays, shows it.
            self._store.update([self._updates.begin(_now())])
            sees_all = sees_all_graphs(self._store, self._names)
        content = self._content(sees_all=bool(sees_all))
        self._check_targets(record, content)
        profile, address = self._store.profile, self._store.addresses.query
        told = Loaded("planned", address, profile.name, content.version, content.layout, content.graphs(), content.statements, " ".join(content.sha256))
        told = replace(told, sees_all=sees_all, atomic=profile.atomic, tested=profile.tested)
        if self._wanted.dry_run:
            change = self._difference(record, content)
            told = replace(told, added=len(change.added), removed=len(change.removed))
        elif self._is_clean(record) and self._is_in_use(record, content):
            told = replace(told, done="unchanged", kept=_versions(record.kept))
        else:
            told = self._locked(content, told)
        return replace(told, events=tuple(self._events), seconds=time.monotonic() - self._began, by_value=self._by_value)

    def _locked(self, content: Content, told: Loaded) -> Loaded:
        """Load while nobody else does."""
        with locked(self._store, self._names, self._patience.seconds) as self._lock:
            self._fence = Fence(self._store, self._names, self._lock, self._patience, lambda: self._announce("waiting", 0, 1))
            record = self._fence.settle()
            self._check_targets(record, content)
            self._events += [("waited", 0)] if self._fence.waited else []
            self._events += [("undone", 0) for other in record.under_way if other.version != content.version]
            unfinished = bool(record.under_way) or self._fence.waited
            is_in_use = self._is_in_use(record, content)
            if is_in_use and not self._fence.certain:
                self._patience.wait(self._patience.quiet)
                record = self._lock.check()
                is_in_use = self._is_in_use(record, content)
            if is_in_use:
                self._events += [("resumed", content.statements)] if unfinished else []
                done, run = ("loaded" if unfinished else "unchanged"), record.current or ""
            elif self._wanted.diff:
                change = self._difference(record, content)
                told = replace(told, added=len(change.added), removed=len(change.removed))
                done, run = "changed", self._amend(record, content, change)
            else:
                done, run = "loaded", self._replace(record, content)
            return replace(told, done=done, kept=self._tidy(run))

    def _content(self, *, sees_all: bool) -> Content:
        # A default graph of its own is where queries look; where there is none they see every graph.
        graph = self._wanted.graph or (f"{self._names.base}graph/merged" if sees_all else DEFAULT_GRAPH)
        content = read_content(self._publication, self._wanted.layout, graph, self._store.profile.statements)
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

    def _is_in_use(self, record: Record, content: Content) -> bool:
        """Tell whether this version is in use, and whole."""
        if record.in_use is None or record.in_use.version != content.version:
            return False
        return not self._wrong(content, record, digests_of(content.lines(), content.graphs()))

    def _wrong(self, content: Content, record: Record, sent: Mapping[str, Digest]) -> Difference | None:
        """Give how what is in use differs from what was sent; None where it does not."""
        found = digests_in(self._store, {*sent, *record.graphs})
        self._by_value = any(found[graph].exact != digest.exact for graph, digest in sent.items())
        if same({graph: sent.get(graph, Digest()) for graph in found}, found):
            return None
        return difference_from(self._store, content.lines(), found) or None

    # -------------------------------------------------------------------------------------------------------------------------- what changes

    def _difference(self, record: Record, content: Content) -> Difference:
        self._announce("comparing", 0, 1)
        return difference_from(self._store, content.lines(), record.graphs)

    def _amend(self, record: Record, content: Content, change: Difference) -> str:
        """Change only what differs."""
        run, size, whole = token_hex(8), content.size, len(change.added) + len(change.removed)
        self._begin(run, content, CHANGING)
        added, removed = (
            stage(self._store, self._names, run, partial(parts_of, lines, size), self._progress(whole), kind=kind).pairs
            for lines, kind in ((change.added, "added-"), (change.removed, "removed-"))
        )
        switch, sent = Switch(self._names, self._updates, run, record.in_use), digests_of(content.lines(), content.graphs())
        there, back = switch.amend(removed, added), switch.unamend(removed, added)
        self._bring_into_use(content, record, run, _Change(there, None, lambda _: back, lambda _: self._difference(record, content) == change, sent))
        return run

    def _replace(self, record: Record, content: Content) -> str:
        """Put the whole of it in the place of what is in use."""
        own = next((each for each in record.runs.values() if (each.version, each.state) == (content.version, STAGING)), None)
        run = own.run if own else token_hex(8)
        if own is None:
            self._begin(run, content, STAGING)
        staged = stage(self._store, self._names, run, content.parts, self._progress(content.statements), resumed=own is not None)
        self._events += [("resumed", staged.there)] if own else []
        before, filled = record.in_use, {*record.graphs, *content.graphs()}
        switch = Switch(self._names, self._updates, run, before)

        def restored(ticket: str) -> bool:
            kept = {} if before is None else {graph: self._names.kept(ticket, graph) for graph in before.graphs}
            copies, found = digests_in(self._store, kept.values(), self._names.veil), digests_in(self._store, filled)
            return all(digest.same(copies[kept[graph]] if graph in kept else Digest()) for graph, digest in found.items())

        there, again = switch.replace(staged.pairs, filled), switch.replace(staged.pairs, filled, keep=False)
        change = _Change(there, again, lambda ticket: switch.restore(ticket, filled), restored, staged.sent)
        self._bring_into_use(content, record, run, change)
        return run

    def _begin(self, run: str, content: Content, state: str) -> None:
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
        self._store.update([*entered, self._updates.note(guard, {(about, name): value for name, value in {**facts, "state": state}.items()})])

    def _progress(self, whole: int) -> Callable[[int], None]:
        def sent(done: int) -> None:
            self._lock.renew()
            self._announce("staging", done, whole)

        return sent

    def _bring_into_use(self, content: Content, record: Record, run: str, change: "_Change") -> None:
        """Carry a change out and verify it; else take it back.

        Raises NotVerifiedError, StoreError.
        """
        self._announce("switching", 0, 1)
        ticket = self._fence.carry_out(change.there)
        for _ in range(_SWITCHES):
            self._announce("verifying", 0, 1)
            self._lock.renew()
            wrong = self._wrong(content, record, change.sent)
            if wrong is None and not self._fence.certain:
                self._patience.wait(self._patience.quiet)
                wrong = self._wrong(content, record, change.sent)
            if self._lock.check().current == run:
                if wrong is None:
                    return
                self._fence.carry_out(change.back(ticket))
                raise not_verified("What was brought into use", wrong, _IS_BACK if change.restored(ticket) else _IS_NOT_BACK)
            # An update of a run that was cut off was carried out after ours. What that has kept is what was in use before.
            if change.again is None:
                break
            self._fence.carry_out(change.again)
        raise StoreError(self._store.addresses.update, "has carried out updates of loads that were cut off, late; run the same command again")

    def _tidy(self, run: str) -> tuple[str, ...]:
        """Note what is in use now and what is kept, take away all else, and name the versions that are kept."""
        self._announce("tidying", 0, 1)
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


@dataclass(frozen=True)
class _Change:
    """A change, how to do it again, its way back given the ticket, whether that brought back what there was, and what is to be there."""

    there: Plan
    again: Plan | None
    back: Callable[[str], Plan]
    restored: Callable[[str], bool]
    sent: Mapping[str, Digest]


def _versions(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(each.version for each in entries)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
