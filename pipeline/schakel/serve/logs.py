"""One line of JSON for each thing that happens, on standard error: no addresses, no texts of queries."""

import json
import sys
from datetime import UTC, datetime

__all__ = ["log"]


def log(event: str, **told: object) -> None:
    """Write a line."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **told}
    # Whoever read the log has gone; that is no reason to stop serving.
    try:
        sys.stderr.write(json.dumps(line, ensure_ascii=True) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return
