"""The process that holds a local graph and answers queries about it, so that a query can be ended by ending the process.

Oxigraph cannot stop a query once it runs, and a query nested deeply enough ends the process it runs in.

It needs nothing of this package, and is started as `python worker.py FILE`. It writes a line of JSON when the file is loaded, and one for each line
of JSON that it reads, followed by as many bytes as that line says: an answer in the JSON results format of SPARQL, or N-Triples.
"""

import contextlib
import json
import resource
import signal
import sys
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

__all__ = ["main"]

_FORMATS: Final = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".trig": ox.RdfFormat.TRIG, ".ttl": ox.RdfFormat.TURTLE}
# Longer than whoever asked waits: this ends the process only where that one has gone.
_GRACE_SECONDS: Final = 5
_DAY_SECONDS: Final = 86_400
_STANDARD_STREAMS: Final = 3


class _TooLongError(Exception):
    """An answer has more bytes than were asked for."""


class _Limited:
    """A file in memory that takes so many bytes and no more."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = limit

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise _TooLongError
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


def _answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer one request: the line that says what follows, and what follows."""
    out = _Limited(request["bytes"])
    try:
        answer = store.query(request["query"], base_iri=request["base"])
        if isinstance(answer, ox.QueryTriples):
            answer.serialize(out, format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]  # what it writes to needs no more than write() and flush()
        else:
            answer.serialize(out, format=ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]  # as above
    except _TooLongError:
        return {"problem": "too-long"}, b""
    except SyntaxError as error:
        return {"problem": "syntax", "text": str(error)}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return {"problem": "failed", "text": str(error)}, b""
    content = b"".join(out.parts)
    return {"triples": isinstance(answer, ox.QueryTriples), "bytes": len(content)}, content


def _say(out: IO[bytes], line: dict[str, Any], content: bytes = b"") -> None:
    out.write(json.dumps(line).encode() + b"\n" + content)
    out.flush()


def main(file: Path) -> None:
    """Load the file, and answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends this process
    store = ox.Store()
    try:
        store.load(path=file, format=_FORMATS[file.suffix])
        # Oxigraph's own union of graphs would meet a statement once for every graph that it is in, and counts would be wrong.
        if next(store.named_graphs(), None) is not None:
            store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }")
    except KeyError:
        _say(sys.stdout.buffer, {"problem": "unreadable", "text": f"its name should end in {', '.join(_FORMATS)}"})
        return
    except (SyntaxError, ValueError, OSError) as error:
        _say(sys.stdout.buffer, {"problem": "unreadable", "text": str(error)})
        return
    # With no file that could still be opened there is no connection either, whatever a query asks for.
    resource.setrlimit(resource.RLIMIT_NOFILE, (_STANDARD_STREAMS, _STANDARD_STREAMS))
    _say(sys.stdout.buffer, {"statements": len(store)})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.alarm(int(min(request["seconds"], _DAY_SECONDS)) + _GRACE_SECONDS)
        _say(sys.stdout.buffer, *_answer(store, request))
        signal.alarm(0)


if __name__ == "__main__":
    # Whoever asked may be gone before the answer is ready.
    with contextlib.suppress(BrokenPipeError):
        main(Path(sys.argv[1]))
