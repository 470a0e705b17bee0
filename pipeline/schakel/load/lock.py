"""The lock of a store: one load at a time. The record says who holds the store, and until when; everybody else is told so, and sends nothing.

A process of this machine that is gone holds nothing any more; on another machine it is one that has not been heard of for a while. What it had sent may
still be under way: see fence.py.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Final

from schakel.errors import SchakelError, StoreError, StoreHeldError
from schakel.load.graph_names import GraphNames
from schakel.load.record import Record, read_record
from schakel.load.store import Store
from schakel.load.updates import Updates

__all__ = ["Lock", "locked"]

# A lock lasts for so many times the longest request, and is renewed when half of that is over.
_REQUESTS: Final = 2
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class _Holder:
    """Who holds a store: until when, on which machine, in which process."""

    until: datetime
    host: str
    process: int
    name: str = field(default_factory=lambda: token_hex(8))

    def __str__(self) -> str:
        return f"{self.until.strftime(_FORM)} {self.host} {self.process} {self.name}"

    @property
    def is_gone(self) -> bool:
        """Tell whether it holds nothing any more. This process loads into a store once at a time: what it held before was cut off."""
        if self.until < datetime.now(UTC):
            return True
        return self.host == socket.gethostname() and (self.process == os.getpid() or not _lives(self.process))


class Lock:
    """The lock of one load."""

    def __init__(self, store: Store, names: GraphNames, seconds: float) -> None:
        self._store = store
        self._names = names
        self._updates = Updates(names, store.profile)
        self._lasts = timedelta(seconds=max(seconds * _REQUESTS, 1))
        self._own = self._next()
        self._renewed = 0.0

    @property
    def guard(self) -> str:
        """Give the pattern that matches while this load holds the store."""
        return self._updates.held_by(str(self._own))

    def take(self) -> None:
        """Take hold of the store.

        Raises StoreHeldError where somebody else has it, StoreError where the store does not keep that.
        """
        found = read_record(self._store, self._names).holders
        self._refuse([holder for holder in map(_read, found) if not holder.is_gone])
        self._store.update(self._updates.hold(str(self._own), found))
        now = read_record(self._store, self._names).holders
        if others := [_read(text) for text in now if text != str(self._own)]:
            # Two came at the same moment: each that sees the other lets go.
            self.release()
            self._refuse(others)
        if str(self._own) not in now:
            raise StoreError(self._store.addresses.update, "says that all is well, and has kept nothing of what it was told")
        self._renewed = time.monotonic()

    def check(self) -> Record:
        """Give the record, if this load still holds the store.

        Raises StoreHeldError, and StoreError where somebody else has come and gone.
        """
        record = read_record(self._store, self._names)
        self._refuse([_read(text) for text in record.holders if text != str(self._own)])
        if str(self._own) not in record.holders:
            raise StoreError(self._store.addresses.update, "was given to somebody else while this load stood still; run it again")
        return record

    def renew(self) -> None:
        """Hold the store for longer, where half of the time is over. Raises as `check` does."""
        if time.monotonic() - self._renewed < self._lasts.total_seconds() / 2:
            return
        self.check()
        before, self._own = self._own, self._next()
        self._store.update(self._updates.hold(str(self._own), [str(before)]))
        self._renewed = time.monotonic()

    def release(self) -> None:
        """Let go of the store; where that cannot be told, the next load finds out."""
        with suppress(SchakelError):
            self._store.update(self._updates.release([str(self._own)]), once=True)

    def _next(self) -> _Holder:
        return _Holder(datetime.now(UTC) + self._lasts, socket.gethostname() or "?", os.getpid())

    def _refuse(self, others: list[_Holder]) -> None:
        if others:
            other = max(others, key=lambda each: each.until)
            raise StoreHeldError(self._store.addresses.update, other.host, other.process, other.until.strftime("%H:%M"))


@contextmanager
def locked(store: Store, names: GraphNames, seconds: float) -> Iterator[Lock]:
    """Hold a store for as long as something is loaded into it.

    Raises StoreHeldError.
    """
    lock = Lock(store, names, seconds)
    lock.take()
    try:
        yield lock
    finally:
        lock.release()


def _read(text: str) -> _Holder:
    """Read what a holder says of itself; what cannot be read holds nothing."""
    try:
        until, host, process, name = text.split(" ")
        return _Holder(datetime.strptime(until, _FORM).replace(tzinfo=UTC), host, int(process), name)
    except ValueError:
        return _Holder(datetime.min.replace(tzinfo=UTC), "?", 0, text)


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True  # os.kill() ends it elsewhere
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
