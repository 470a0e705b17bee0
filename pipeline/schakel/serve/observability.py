"""What is logged, one line of JSON for each thing that happens, and what is counted, for Prometheus."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Summary, disable_created_metrics, generate_latest

__all__ = ["Metrics", "known_method", "log", "log_warnings"]

_encoded = json.JSONEncoder().encode


def log(event: str, **told: object) -> None:
    """Write a line."""
    line = _encoded({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **told})
    # Where nobody reads the log any more, that is no reason to stop serving.
    try:
        sys.stderr.write(f"{line}\n")
    except (OSError, ValueError):
        return


def log_warnings() -> None:
    """Write what libraries warn of as lines of the same kind."""
    logging.basicConfig(handlers=[_Warnings()], level=logging.WARNING, force=True)


class _Warnings(logging.Handler):
    """Writes records of `logging`: who warns, and of what; not what was at hand when it did."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        log("warning", library=record.name, told=record.getMessage())


# Who needs when a counter began sees it by what it counts.
disable_created_metrics()  # type: ignore[no-untyped-call]
_TICK_SECONDS: Final = 0.02
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def known_method(method: str) -> str:
    """Name a method, but for those that anybody may make up."""
    return method if method in _METHODS else "other"


class Metrics:
    """Counts since the start, and the state of the moment."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("schakel_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry)
        self._seconds = Summary("schakel_request_seconds", "Seconds spent on requests.", ["route"], registry=self._registry)
        # To look a child up by its labels takes longer than to count.
        self._children: dict[tuple[str, str, int], tuple[Counter, Summary]] = {}
        self.active = 0
        self._stall = 0.0
        self.gauge("schakel_event_loop_stall_seconds", "Longest work between two turns of the event loop since this was last asked.", self._stalled)
        self.gauge("schakel_requests_active", "Requests being answered.", lambda: self.active)
        self.refused_connections = Counter("schakel_connections_refused", "Connections refused.", ["limit"], registry=self._registry)
        self.cut_connections = Counter("schakel_connections_cut", "Connections cut off.", ["reason"], registry=self._registry)

    async def measure_stalls(self) -> None:
        """Measure what holds up the event loop, or Python's lock: how long this process works, in seconds of a processor, until the loop has its turn again."""
        last = time.process_time()
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = time.process_time()
            self._stall, last = max(self._stall, now - last), now

    def _stalled(self) -> float:
        stall, self._stall = self._stall, 0.0
        return stall

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        key = known_method(method), route, status
        if key not in self._children:
            self._children[key] = self._requests.labels(key[0], route, str(status)), self._seconds.labels(route)
        requests, summary = self._children[key]
        requests.inc()
        summary.observe(seconds)

    def gauge(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Show a value as it is whenever somebody looks."""
        Gauge(name, description, registry=self._registry).set_function(value)

    def text(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self._registry)
