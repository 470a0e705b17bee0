"""Loading a publication into a store: put beside what is in use, verified, brought into use, verified again; then what is not needed is taken away."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from schakel.errors import NotVerifiedError, TargetInUseError
from schakel.settings import Settings
from schakel.stores.changing import carry_out, change_between
from schakel.stores.client import Client, Patience
from schakel.stores.content import DEFAULT_GRAPH, Content, Part, read_content
from schakel.stores.credentials import checked, credentials_for
from schakel.stores.holding import Hold, held
from schakel.stores.names import Names, unveiled, veiled
from schakel.stores.probing import profile_of, sees_all_graphs
from schakel.stores.profiles import addresses_of
from schakel.stores.record import CHANGING, IN_USE, KEPT, SWITCHED, VERIFIED, WAITING, Record, Version, read_record
from schakel.stores.sparql import Switch
from schakel.stores.store import Store
from schakel.stores.switching import Waiting, bring_into_use, drop_kept, forget, note, prune, set_state, tidy, verify_in_use
from schakel.stores.verifying import compared, digest_of

__all__ = ["Announce", "Loaded", "Wanted", "load"]

# Told what is being done, how much of it is done, and how much there is.
Announce: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wanted:
    """How a publication is to be loaded. `graph` is that of the layout `merged`; None: the one that queries without a graph see."""

    layout: str = "merged"
    graph: str | None = None
    store: str | None = None
    keep: int = 0
    dry_run: bool = False
    diff: bool = False


@dataclass(frozen=True)
class Loaded:
    """What was loaded where. `done` is what was done: loaded, changed, unchanged or planned; `events` are kinds of what happened on the way, with a number."""

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
    by_value: int = 0
    sees_all: bool | None = None
    atomic: bool = True
    kept: tuple[str, ...] = ()
    events: tuple[tuple[str, int], ...] = ()


def load(settings: Settings, address: str, wanted: Wanted, announce: Announce = lambda *_: None, patience: Patience | None = None) -> Loaded:
    """Load what a project has published into the store at an address.

    Raises BadStoreAddressError, TargetInUseError, NotVerifiedError, the kinds of StoreError, NothingPublishedError, GraphUnreadableError.
    """
    credentials = credentials_for(checked(address))
    patience = patience or Patience(seconds=settings.load_seconds)
    client = Client(address, credentials, patience)
    try:
        profile = profile_of(client, address, wanted.store)
        store = Store(client, profile, addresses_of(profile, address, credentials=bool(credentials)))
        return _Run(settings, store, wanted, announce, patience).load()
    finally:
        client.close()


class _Run:
    """One run of loading."""

    _hold: Hold

    def __init__(self, settings: Settings, store: Store, wanted: Wanted, announce: Announce, patience: Patience) -> None:
        self._store = store
        self._wanted = wanted
        self._announce = announce
        self._patience = patience
        self._names = Names(settings.base)
        self._publication = settings.publication
        self._events: list[tuple[str, int]] = []
        self._began = time.monotonic()

    def load(self) -> Loaded:
        """Load, change, or tell what would be done."""
        self._announce("reading", 0, 1)
        record = read_record(self._store, self._names)
        sees_all = sees_all_graphs(self._store, self._names)
        if sees_all is None and not self._wanted.dry_run:
            # Told by a first, harmless line of the record, which stays.
            note(self._store, self._names, None, [("begun", _now())])
            sees_all = sees_all_graphs(self._store, self._names)
        content = self._content(sees_all)
        told = Loaded(
            "planned",
            self._store.addresses.query,
            self._store.profile.name,
            content.version,
            content.layout,
            content.graphs(),
            content.statements,
            sees_all=sees_all,
            atomic=self._store.profile.atomic,
        )
        self._check_targets(record, content)
        if self._wanted.dry_run:
            told = self._by_difference(record, content, told)
        elif not self._wanted.diff and len(record.kept) <= self._wanted.keep and self._is_there(record, content):
            told = self._unchanged(record, content, told)
        else:
            with held(self._store, self._names, self._patience.seconds) as self._hold:
                told = self._changed(content, told)
        return replace(told, events=tuple(self._events), seconds=time.monotonic() - self._began)

    def _changed(self, content: Content, told: Loaded) -> Loaded:
        """Load, now that nobody else does; somebody may have done so until now."""
        record = read_record(self._store, self._names)
        self._check_targets(record, content)
        if self._wanted.diff:
            return self._by_difference(record, content, told)
        if self._is_there(record, content):
            prune(self._store, self._names, content.version, self._wanted.keep)
            return self._unchanged(read_record(self._store, self._names), content, told)
        return self._whole(record, content, told)

    def _unchanged(self, record: Record, content: Content, told: Loaded) -> Loaded:
        kept = tuple(each.name for each in record.kept if each.name != content.version)
        return replace(told, done="unchanged", digest=digest_of(content.by_graph()), kept=kept)

    def _content(self, sees_all: bool | None) -> Content:  # noqa: FBT001  # a fact about the store
        graph = None
        if self._wanted.layout == "merged":
            # A default graph of its own is where queries look; where there is none they see every graph.
            graph = self._wanted.graph or (f"{self._names.base}graph/merged" if sees_all else DEFAULT_GRAPH)
        return read_content(self._publication, self._wanted.layout, graph, self._store.profile.statements)

    def _check_targets(self, record: Record, content: Content) -> None:
        filled = self._store.filled(sorted(set(content.graphs()) - record.graphs))
        if filled is not None:
            raise TargetInUseError(filled or "the default graph")

    def _is_there(self, record: Record, content: Content) -> bool:
        """Tell whether this version is in use and whole."""
        if record.current != content.version or record.under_way or record.in_use is None or record.in_use.state != IN_USE:
            return False
        sent = content.by_graph()
        return compared(sent, self._store.read(sent)).same

    # -------------------------------------------------------------------------------------------------------------------- only what differs

    def _by_difference(self, record: Record, content: Content, told: Loaded) -> Loaded:
        self._announce("comparing", 0, 1)
        wanted = content.by_graph()
        found = self._store.read(sorted({*wanted, *record.graphs}))
        change = change_between(found, wanted)
        told = replace(told, added=len(change.added), removed=len(change.removed), digest=digest_of(wanted))
        if self._wanted.dry_run:
            return told
        before = record.in_use
        if not change and record.current == content.version and not record.under_way:
            return replace(told, done="unchanged")
        own = record.versions.get(content.version)
        if own is None or own.state != CHANGING:
            self._begin(content, CHANGING, own)
        else:
            self._events.append(("resumed", 0))
        self._hold.renew(surely=True)
        self._announce("changing", 0, 1)
        last = Switch(self._names, content.version, CHANGING, 1).ending(IN_USE, content.version)
        try:
            by_value = carry_out(self._store, change, wanted, last)
        except NotVerifiedError:
            set_state(self._store, self._names, content.version, (IN_USE, CHANGING), before.name if before else "")
            raise
        if own is not None:
            drop_kept(self._store, self._names, own)
        self._sweep(record, content)
        return replace(told, done="changed", by_value=by_value)

    # ---------------------------------------------------------------------------------------------------------------------- the whole of it

    def _whole(self, record: Record, content: Content, told: Loaded) -> Loaded:
        own = record.versions.get(content.version)
        state = own.state if own is not None and own.under_way else None
        before = record.in_use if record.current != content.version else self._before(record, content)
        # What was being changed in place when that was cut off is no version that could be kept.
        keep = 0 if any(each.state == CHANGING for each in record.under_way) else self._wanted.keep
        if state in {None, CHANGING}:
            self._begin(content, WAITING, own)
        pairs = self._put_parts(content, resumed=state is not None, verified=state == SWITCHED)
        waiting = Waiting(content, pairs, before, tuple(sorted(record.graphs)))
        if state not in {VERIFIED, SWITCHED}:
            set_state(self._store, self._names, content.version, (WAITING, VERIFIED), None)
        if state != SWITCHED:
            self._hold.renew(surely=True)
            self._announce("switching", 0, 1)
            bring_into_use(self._store, self._names, waiting, self._patience.wait)
        self._announce("verifying", 0, 1)
        result = verify_in_use(self._store, self._names, waiting)
        self._announce("tidying", 0, 1)
        kept = tidy(self._store, self._names, waiting, keep)
        if own is not None:
            # It may have been kept until now, and is in use again.
            drop_kept(self._store, self._names, own)
        self._sweep(record, content)
        return replace(told, done="loaded", digest=digest_of(content.by_graph()), by_value=result.by_value, kept=kept)

    def _before(self, record: Record, content: Content) -> Version | None:
        """Give the version that was in use until this one, whose load was cut off after the switch; it is still beside."""
        others = [each for each in record.versions.values() if each.name != content.version and each.state == IN_USE]
        return others[0] if others else None

    def _sweep(self, record: Record, content: Content) -> None:
        """Take away what loads of other versions have left that were cut off."""
        self._events += [("undone", 0) for other in record.under_way if other.name not in {content.version, record.current}]
        for other in read_record(self._store, self._names).versions.values():
            if other.name != content.version and other.state != KEPT:
                forget(self._store, self._names, other)

    def _begin(self, content: Content, state: str, own: Version | None) -> None:
        """Note in the record what is under way."""
        if own is not None and own.state:
            set_state(self._store, self._names, content.version, (own.state, state), None)
            return
        facts = [("layout", content.layout), ("sha256", content.sha256), ("statements", str(content.statements)), ("begun", _now())]
        # The state comes last: a record that was cut off says nothing of a version.
        note(self._store, self._names, content.version, [*facts, *(("graph", graph) for graph in content.graphs()), ("state", state)])

    def _put_parts(self, content: Content, *, resumed: bool, verified: bool) -> tuple[tuple[str, str], ...]:
        """Put each part beside what is in use, and see that it is there; parts that a load had put there before it was cut off are not sent again."""
        pairs: list[tuple[str, str]] = []
        done = there = 0
        for part in content.parts():
            self._hold.renew()
            graphs = {self._names.waiting(content.version, part.number, graph): graph for graph in part.graphs}
            pairs += graphs.items()
            if not verified:
                there += self._put_part(part, graphs, resumed=resumed)
            done += part.statements
            self._announce("putting", done, content.statements)
        if resumed:
            self._events.append(("resumed", there))
        return tuple(pairs)

    def _put_part(self, part: Part, graphs: dict[str, str], *, resumed: bool) -> int:
        """Put one part beside; tell how many of its statements were there already."""
        sent = {name: set(part.graphs[graph]) for name, graph in graphs.items()}
        if resumed and compared(sent, self._waiting(sent)).same:
            return part.statements
        self._store.put({name: veiled(sorted(lines), self._names.veil) for name, lines in sent.items()})
        result = compared(sent, self._waiting(sent))
        if not result.same:
            after = "Nothing was brought into use; what was there before is as it was."
            raise NotVerifiedError("What was put beside", result.missing, result.added, result.example, after)
        return 0

    def _waiting(self, graphs: dict[str, set[bytes]]) -> dict[str, set[bytes]]:
        return {name: set(unveiled(lines, self._names.veil)) for name, lines in self._store.read(graphs).items()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
