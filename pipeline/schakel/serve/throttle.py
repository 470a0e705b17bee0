"""How often a client may ask: a bucket of tokens for each, which fills again as time goes by."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Throttle"]

_MINUTE: Final = 60.0
_CLIENTS: Final = 10_000


@dataclass
class Throttle:
    """So many requests a minute of each client, all of them at once if need be.

    >>> throttle = Throttle(60, clock=lambda: 0.0)
    >>> [throttle.wait("a") for _ in range(60)] == [0.0] * 60, throttle.wait("a")
    (True, 1.0)
    """

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, client: str) -> float:
        """Take a token of a client, and give 0; or give how many seconds there is none."""
        now = self.clock()
        tokens, filled = self._buckets.get(client, (float(self.per_minute), now))
        tokens = min(tokens + (now - filled) * self.per_minute / _MINUTE, float(self.per_minute))
        enough = tokens >= 1
        self._buckets[client] = tokens - enough, now
        self._buckets.move_to_end(client)
        while len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (1 - tokens) * _MINUTE / self.per_minute
