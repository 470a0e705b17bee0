"""The fence: every update of what is in use has a ticket of its own, and no update can take effect whose ticket was withdrawn.

A client that was killed, or lost its connection, may have left a request that the store begins with later, or has begun with and not yet carried out.
Withdrawing the ticket stops the first kind: the ticket is the guard of each of its operations. The second kind shows itself by using the ticket up, in the
same transaction that changes what is in use. A store that carries out one update at a time has done so when the withdrawal is answered. For others we wait
until it has, or until the longest time of a request is over; after that the store is verified twice.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from schakel.errors import StoreError, StoreUnreachableError
from schakel.load.graph_names import GraphNames
from schakel.load.http_client import Patience
from schakel.load.lock import Lock
from schakel.load.record import Record
from schakel.load.store import Store
from schakel.load.updates import Facts, Updates

__all__ = ["Fence", "Plan"]

_TRIES: Final = 3
_LOOK: Final = 0.2
_LONGEST_LOOK: Final = 2.0


@dataclass(frozen=True)
class Plan:
    """A change of what is in use: given the guard and the ticket, its operations; the facts noted with the ticket, and those noted when it is done."""

    operations: Callable[[str, str], Iterable[str]]
    before: Callable[[str], Facts]
    after: Facts


class Fence:
    """The fence around what is in use, for one load that holds the store.

    `certain` tells whether every update that was sent is known to be done, or to do nothing any more; `waited` whether one had to be waited for;
    `divided` whether a change was too long for one transaction.
    """

    def __init__(self, store: Store, names: GraphNames, lock: Lock, patience: Patience, waiting: Callable[[], None]) -> None:
        self._store = store
        self._updates = Updates(names, store.profile)
        self._lock = lock
        self._patience = patience
        self._waiting = waiting
        self.certain = True
        self.waited = False
        self.divided = False

    def settle(self) -> Record:
        """See to it that no update of what is in use is under way, and give the record.

        Raises StoreHeldError, StoreError.
        """
        record = self._lock.check()
        if record.tickets:
            self.waited = True
            self._settle(record)
            record = self._lock.check()
        return record

    def carry_out(self, plan: Plan) -> str:
        """Carry a change out, once and wholly, and give its ticket.

        Where the store's word is lost, the record tells what became of the update.
        Raises StoreError, StoreHeldError.
        """
        for _ in range(_TRIES):
            ticket = token_hex(8)
            self._store.update([self._updates.issue(ticket, self._lock.guard, plan.before(ticket))])
            if ticket not in self._lock.check().tickets:
                raise StoreError(self._store.addresses.update, "says that all is well, and has kept nothing of what it was told")
            guard = self._updates.allowed_by(ticket)
            if self._is_done(ticket, [*plan.operations(guard, ticket), self._updates.use(ticket, plan.after)]):
                return ticket
        raise StoreUnreachableError(self._store.addresses.update, f"lost the connection while it was to switch, {_TRIES} times; run the same command again")

    def _is_done(self, ticket: str, operations: Iterable[str]) -> bool:
        """Send an update, and tell whether it was carried out; if not, it will not be."""
        try:
            requests = self._store.update(operations, once=True)
            self.divided = self.divided or (self._store.profile.atomic and requests > 1)
        except StoreUnreachableError:
            record = self._lock.check()
            return ticket not in record.tickets or ticket not in self._settle(record)
        except StoreError:
            self._lock.check()
            self._withdraw(ticket)
            raise
        if ticket in self._lock.check().tickets:
            self._withdraw(ticket)
            raise StoreError(self._store.addresses.update, "says that all is well, and has not changed what is in use, which is as it was")
        return True

    def _settle(self, record: Record) -> set[str]:
        """Withdraw the tickets that are out, wait until what was begun with them must be done, and give those that were never used."""
        self._waiting()
        out = set(record.tickets)
        self._store.update(self._updates.withdraw(out))
        left = out & {*self._lock.check().tickets}
        if not self._store.profile.serial:
            longest = self._patience.seconds if self._patience.settle is None else self._patience.settle
            end, look = time.monotonic() + longest, _LOOK
            while left and time.monotonic() < end:
                self._patience.wait(look)
                look = min(look * 1.5, _LONGEST_LOOK)
                self._lock.renew()
                left = out & {*self._lock.check().tickets}
            self.certain = self.certain and not left
        if left:
            self._store.update(self._updates.forget_tickets(self._lock.guard, left))
        return left

    def _withdraw(self, ticket: str) -> None:
        """Withdraw the ticket of an update that the store has refused."""
        self._store.update([*self._updates.withdraw([ticket]), *self._updates.forget_tickets(self._lock.guard, [ticket])])
