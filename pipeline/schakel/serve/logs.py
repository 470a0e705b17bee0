"""One line of JSON for each thing that happens, on standard error: no addresses, no texts of queries."""

import json
import logging
import sys
from datetime import UTC, datetime

__all__ = ["log", "log_warnings"]

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
