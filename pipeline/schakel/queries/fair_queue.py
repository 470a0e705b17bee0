"""Taking turns: a fixed number of places, shared fairly among the clients that wait for one."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Final

from schakel.errors import BusyError

__all__ = ["FairQueue", "Turn"]

_WAITING_PER_PLACE: Final = 16


class Turn:
    """A place that is taken, until it is released."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release: Callable[[], None] | None = release

    def release(self) -> None:
        """Give the place to the next client; a second call does nothing."""
        release, self._release = self._release, None
        if release is not None:
            release()


class FairQueue:
    """So many places, of which a client has at most `per_client`. Clients get places in turn, however many requests each of them has waiting.

    At most sixteen requests wait for each place. Where that many wait already, the client that has most of them waiting loses its latest.
    """

    def __init__(self, places: int, per_client: int, patience: float) -> None:
        self._free = places
        self._per_client = per_client
        self._patience = patience
        self._most_waiting = _WAITING_PER_PLACE * places
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[Turn]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._waiting.values()))

    async def acquire(self, client: str) -> Turn:
        """Wait for a place.

        Raises BusyError where too many wait already, or none becomes free in time.
        """
        if client not in self._waiting and self._may_run(client):
            return self._taken(client)
        if self.waiting >= self._most_waiting:
            self._make_room(client)
        mine: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(mine)
        try:
            async with asyncio.timeout(self._patience):
                return await mine
        except TimeoutError:
            self._forget(client, mine)
            raise BusyError("Too many requests are being processed.", 5) from None
        except asyncio.CancelledError:
            self._forget(client, mine)
            raise

    def _may_run(self, client: str) -> bool:
        return self._free > 0 and self._running[client] < self._per_client

    def _taken(self, client: str) -> Turn:
        self._free -= 1
        self._running[client] += 1
        return Turn(lambda: self._released(client))

    def _released(self, client: str) -> None:
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._hand_out()

    def _hand_out(self) -> None:
        while (following := next(filter(self._may_run, self._waiting), None)) is not None:
            queue = self._waiting[following]
            future = queue.popleft()
            self._waiting.move_to_end(following)
            if not queue:
                del self._waiting[following]
            if not future.done():
                future.set_result(self._taken(following))

    def _make_room(self, client: str) -> None:
        fullest = max(self._waiting, key=lambda each: len(self._waiting[each]))
        if len(self._waiting[fullest]) <= len(self._waiting.get(client, ())) + 1:
            raise BusyError("Too many requests are waiting.", 2)
        dropped = self._waiting[fullest].pop()
        if not dropped.done():
            dropped.set_exception(BusyError("Too many requests of this client are waiting.", 2))

    def _forget(self, client: str, mine: asyncio.Future[Turn]) -> None:
        """Leave the queue; a turn that was handed out at that very moment goes to the next."""
        queue = self._waiting.get(client)
        if queue is not None and mine in queue:
            queue.remove(mine)
            if not queue:
                del self._waiting[client]
        if mine.done() and not mine.cancelled() and mine.exception() is None:
            mine.result().release()
