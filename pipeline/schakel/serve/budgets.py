"""What each client may take: requests and seconds of processing a minute, and memory for answers that it has not read yet."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from cachetools import TTLCache

from schakel.serve.responses import Problem

__all__ = ["Budgets", "Work", "client_at"]

_WINDOW_SECONDS: Final = 60
_CLIENTS: Final = 10_000
_IPV6_PREFIX: Final = 64
# How many answers of the largest size wait in memory until their clients have read them: of all clients, and of one.
_ANSWERS: Final = 4
_ANSWERS_OF_CLIENT: Final = 2


@lru_cache(maxsize=_CLIENTS)
def client_at(address: str) -> str:
    """Name the client at an address: for IPv6 its network, as one machine may have all addresses in it.

    >>> client_at("192.0.2.1"), client_at("::ffff:192.0.2.1"), client_at("2001:db8::1:2:3:4")
    ('192.0.2.1', '192.0.2.1', '2001:db8::/64')
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> _IPV6_PREFIX << _IPV6_PREFIX)}/{_IPV6_PREFIX}"
    return str(parsed)


@dataclass
class _Window:
    """What a client has taken since its minute began."""

    began: float
    requests: int = 0
    seconds: float = 0.0


class Budgets:
    """The budgets of all clients.

    >>> now = [0.0]
    >>> budgets = Budgets(requests=2, seconds=60, answer_bytes=1, clock=lambda: now[0])
    >>> budgets.admit("a"), budgets.admit("a"), budgets.left("a")
    (None, None, {'requests': 0, 'seconds': 60})
    >>> budgets.admit("a")
    Traceback (most recent call last):
    schakel.serve.responses.Problem: ('too-many-requests', 'A client may send 2 requests a minute that ask the graph.')
    >>> now[0] = 60.0
    >>> budgets.admit("a")
    """

    def __init__(self, requests: int, seconds: int, answer_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests, self._seconds, self._clock = requests, seconds, clock
        self._windows: TTLCache[str, _Window] = TTLCache(_CLIENTS, _WINDOW_SECONDS, timer=clock)
        self._answer_bytes = answer_bytes
        self._held: Counter[str] = Counter()

    def admit(self, client: str) -> None:
        """Count a request; raise Problem where the client has no more of them, or no more seconds."""
        window = self._window(client)
        if window.requests >= self._requests:
            raise self._spent(window, f"A client may send {self._requests:,} requests a minute that ask the graph.")
        if window.seconds >= self._seconds:
            raise self._spent(window, f"A client may use {self._seconds:,} seconds of processing a minute.")
        window.requests += 1

    def charge(self, client: str, seconds: float) -> None:
        """Take seconds of processing from a client's budget, also beyond its end: what a query costs is known afterwards. The server itself has none."""
        if client:
            self._window(client).seconds += seconds

    def left(self, client: str) -> dict[str, int]:
        """Give what is left of each budget."""
        window = self._window(client)
        return {"requests": self._requests - window.requests, "seconds": max(int(self._seconds - window.seconds), 0)}

    def headers(self, client: str) -> list[tuple[bytes, bytes]]:
        """Tell the client of its budgets, as the IETF's draft of RateLimit headers has it."""
        reset = self._reset(self._window(client))
        policy = f'"requests";q={self._requests};w={_WINDOW_SECONDS}, "seconds";q={self._seconds};w={_WINDOW_SECONDS}'
        limit = ", ".join(f'"{name}";r={left};t={reset}' for name, left in self.left(client).items())
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", limit.encode())]

    def hold(self, client: str, count: int) -> None:
        """Set memory for so many bytes of an answer aside until `release`; raise Problem where too many wait to be read."""
        held = self._held.total() + count > _ANSWERS * self._answer_bytes
        if held or self._held[client] + count > _ANSWERS_OF_CLIENT * self._answer_bytes:
            raise Problem("busy", "Too many answers wait to be read.", retry_after=5)
        self._held[client] += count

    def release(self, client: str, count: int) -> None:
        """Give memory back."""
        self._held[client] -= count
        if not self._held[client]:
            del self._held[client]

    @property
    def held(self) -> int:
        """How many bytes of answers wait to be read."""
        return self._held.total()

    def _window(self, client: str) -> _Window:
        window: _Window | None = self._windows.get(client)
        if window is None:
            window = self._windows[client] = _Window(self._clock())
        return window

    def _reset(self, window: _Window) -> int:
        return max(1, int(window.began + _WINDOW_SECONDS - self._clock() + 0.999))

    def _spent(self, window: _Window, detail: str) -> Problem:
        return Problem("too-many-requests", detail, retry_after=self._reset(window))


@dataclass(slots=True)
class Work:
    """What one request has in hand: the memory of its answers, and what runs for it; `close` gives all of it back."""

    client: str
    budgets: Budgets
    _held: int = 0
    _running: set[Future[Any]] = field(default_factory=set)
    _closed: bool = False

    def hold(self, count: int) -> None:
        """Set memory aside until the request has been answered.

        Raises Problem.
        """
        self.budgets.hold(self.client, count)
        self._held += count

    def watch(self, future: Future[Any]) -> None:
        """Cancel something that runs for the request when the request ends before it does."""
        if self._closed:
            future.cancel()
            return
        self._running.add(future)
        future.add_done_callback(self._running.discard)

    def close(self) -> None:
        """End what still runs, and give the memory back."""
        self._closed = True
        for future in tuple(self._running):
            future.cancel()
        if self._held:
            self.budgets.release(self.client, self._held)
            self._held = 0
