"""Holding a store: one person loads at a time. The record says who, and until when; whoever else comes is told, and sends nothing.

Who was cut off could not say so. A process of this machine that is gone holds nothing any more; of another machine it is one that has not been heard of
for a while.
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
from schakel.stores.names import Names
from schakel.stores.record import read_record
from schakel.stores.sparql import holding, releasing
from schakel.stores.store import Store

__all__ = ["Hold", "held"]

# A hold lasts for so many times the longest request, and is renewed when half of that is over.
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


class Hold:
    """The hold of one load."""

    def __init__(self, store: Store, names: Names, seconds: float) -> None:
        self._store = store
        self._names = names
        self._lasts = timedelta(seconds=max(seconds * _REQUESTS, 1))
        self._own = self._next()
        self._renewed = 0.0

    def take(self) -> None:
        """Take hold of the store.

        Raises StoreHeldError where somebody else has it, StoreError where the store does not keep that.
        """
        found = self._holders()
        self._refuse([each for each in found.values() if not each.is_gone])
        self._store.update([*releasing(self._names, found), holding(self._names, str(self._own))])
        now = self._holders()
        others = [holder for text, holder in now.items() if text != str(self._own)]
        if others:
            # Two came at the same moment: whoever sees the other lets go.
            self.let_go()
            self._refuse(others)
        if str(self._own) not in now:
            raise StoreError(self._store.addresses.update, "says that all is well, and has kept nothing of what it was told")
        self._renewed = time.monotonic()

    def renew(self, *, surely: bool = False) -> None:
        """Hold on for longer, where half of the time is over; and see then, or `surely`, that nobody else came when it was over.

        Raises StoreHeldError, and StoreError where somebody else has come and gone.
        """
        is_early = time.monotonic() - self._renewed < self._lasts.total_seconds() / 2
        if is_early and not surely:
            return
        found = self._holders()
        self._refuse([holder for text, holder in found.items() if text != str(self._own)])
        if str(self._own) not in found:
            raise StoreError(self._store.addresses.update, "was given to somebody else while this load stood still; run it again")
        if is_early:
            return
        before, self._own = self._own, self._next()
        self._store.update([*releasing(self._names, [str(before)]), holding(self._names, str(self._own))])
        self._renewed = time.monotonic()

    def let_go(self) -> None:
        """Hold the store no longer; where it cannot be told, that is found out by whoever comes next."""
        with suppress(SchakelError):
            self._store.update(list(releasing(self._names, [str(self._own)])), tries=1)

    def _next(self) -> _Holder:
        return _Holder(datetime.now(UTC) + self._lasts, socket.gethostname() or "?", os.getpid())

    def _holders(self) -> dict[str, _Holder]:
        return {text: _read(text) for text in read_record(self._store, self._names).holders}

    def _refuse(self, others: list[_Holder]) -> None:
        if others:
            other = max(others, key=lambda each: each.until)
            raise StoreHeldError(self._store.addresses.update, other.host, other.process, other.until.strftime("%H:%M"))


@contextmanager
def held(store: Store, names: Names, seconds: float) -> Iterator[Hold]:
    """Hold a store for as long as something is loaded into it.

    Raises StoreHeldError.
    """
    hold = Hold(store, names, seconds)
    hold.take()
    try:
        yield hold
    finally:
        hold.let_go()


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
