"""The process that answers queries about a graph, one at a time, so that a query can be ended by ending the process.

Oxigraph cannot stop a query once it runs, and a query nested deeply enough ends the process it runs in.

This file needs nothing of the package, whose import takes longer than most queries. It is started in one of two ways:

    python worker.py FILE                      loads a file of N-Quads, N-Triples, TriG or Turtle into memory
    python worker.py STORE MEGABYTES PARENT    opens a store of Oxigraph read-only; takes no more memory than that, and ends with the process PARENT

It writes a line of JSON when the graph is there, and one for each line of JSON that it reads, followed by as many bytes as that line says. A request has
`query`, `base`, `bytes` and `seconds`, and may have `media_type`, `rows`, `default_graphs` and `named_graphs`.
"""

import contextlib
import ctypes
import html
import json
import os
import platform
import re
import resource
import signal
import struct
import sys
import threading
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

__all__ = ["UnnamedPropertyError", "main", "rows_in", "valid_xml"]

_FILES: Final = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".trig": ox.RdfFormat.TRIG, ".ttl": ox.RdfFormat.TURTLE}
_JSON: Final = "application/sparql-results+json"
_N_TRIPLES: Final = "application/n-triples"
# As bytes of UTF-8: what XML 1.0 cannot hold, a carriage return that a parser would take for the end of a line, and an element without a local name.
_NOT_IN_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\r")
_UNNAMED: Final = re.compile(rb"<([^\s<>/:]+):[\s>]")
# Longer than the caller waits: this ends the process only where the caller has gone.
_GRACE_SECONDS: Final = 5
_DAY_SECONDS: Final = 86_400
_STANDARD_STREAMS: Final = 3
# What parsing and evaluating a deeply nested query may need; it is taken only where it is used.
_STACK_BYTES: Final = 16 << 20
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER_MODE = 1, 38, 22, 2
# By architecture: how the kernel calls it, and the numbers of connect and io_uring_setup, which could connect in its stead.
_CALLS: Final = {"x86_64": (0xC000003E, 42, 425), "aarch64": (0xC00000B7, 203, 425)}
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # refused with “permission denied”
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06


class _TooLongError(Exception):
    """An answer has more bytes than were asked for."""


class UnnamedPropertyError(ValueError):
    """RDF/XML can make no name of the IRI of a property, which this error holds."""


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


def rows_in(content: bytes, media_type: str) -> int:
    r"""Count the rows of results as Oxigraph writes them: compact JSON, XML, CSV or TSV.

    >>> rows_in(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"},{\\""}},{}]}}', "application/sparql-results+json")
    2
    >>> rows_in(b'a,b\r\n1,"x\ny"\r\n', "text/csv"), rows_in(b"?a\n1\n2\n", "text/tab-separated-values")
    (1, 2)
    """
    match media_type:
        case "application/sparql-results+json":
            # What is left outside of strings; only rows are objects of a list.
            bare = b"".join(content.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])
            return bare.count(b",{") + bare.count(b"[{")
        case "application/sparql-results+xml":
            return content.count(b"<result>") + content.count(b"<result/>")
        case "text/csv":
            return max(b"".join(content.split(b'"')[::2]).count(b"\n") - 1, 0)
    return max(content.count(b"\n") - 1, 0)


def valid_xml(content: bytes) -> bytes:
    r"""Mend XML as Oxigraph writes it, which copies every character: what XML 1.0 cannot hold becomes U+FFFD.

    Raises UnnamedPropertyError.

    >>> valid_xml(b"<a>\x01 \r\n</a>").decode()
    '<a>� &#13;\n</a>'
    """
    unnamed = _UNNAMED.search(content)
    if unnamed is not None:
        namespace = content.partition(b'xmlns:%b="' % unnamed[1])[2].partition(b'"')[0]
        raise UnnamedPropertyError(html.unescape(namespace.decode("utf-8", "replace")))
    return _NOT_IN_XML.sub(lambda match: b"&#13;" if match[0] == b"\r" else b"\xef\xbf\xbd", content)


def _answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer one request: the line that says what follows, and what follows."""
    out, rows = _Limited(request["bytes"]), 0
    try:
        answer = store.query(request["query"], base_iri=request["base"], **_dataset(request))
        triples = isinstance(answer, ox.QueryTriples)
        media_type = request.get("media_type") or (_N_TRIPLES if triples else _JSON)
        written = ox.RdfFormat.from_media_type(media_type) if triples else ox.QueryResultsFormat.from_media_type(media_type)
        answer.serialize(out, format=written)  # type: ignore[arg-type]  # what it writes to needs no more than write() and flush()
    except _TooLongError:
        return {"problem": "too-long"}, b""
    except SyntaxError as error:
        return {"problem": "syntax", "text": str(error)}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return {"problem": "failed", "text": str(error)}, b""
    content = b"".join(out.parts)
    if media_type.endswith("xml"):
        try:
            content = valid_xml(content)
        except UnnamedPropertyError as error:
            return {"problem": "unnamed-property", "text": str(error)}, b""
    if isinstance(answer, ox.QuerySolutions) and "rows" in request:
        rows = rows_in(content, media_type)
        if rows > request["rows"]:
            return {"problem": "too-many-rows"}, b""
    return {"triples": triples, "rows": rows, "bytes": len(content)}, content


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """Give the dataset of a request as the SPARQL protocol has it: where it names any graph, there are no others."""
    default, named = request.get("default_graphs", []), request.get("named_graphs", [])
    if not default and not named:
        return {}
    return {"default_graph": [ox.NamedNode(each) for each in default], "named_graphs": [ox.NamedNode(each) for each in named]}


def _say(out: IO[bytes], line: dict[str, Any], content: bytes = b"") -> None:
    out.write(json.dumps(line).encode() + b"\n" + content)
    out.flush()


def _loaded(file: Path) -> ox.Store:
    """Load a file, with the merge of its graphs as default graph; after that this process opens nothing any more.

    Oxigraph's own union of graphs would meet a statement once for every graph that it is in, and counts would be wrong.
    """
    store = ox.Store()
    store.load(path=file, format=_FILES[file.suffix])
    if next(store.named_graphs(), None) is not None:
        store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }")
    # With no file that could still be opened there is no connection either, whatever a query asks for.
    resource.setrlimit(resource.RLIMIT_NOFILE, (_STANDARD_STREAMS, _STANDARD_STREAMS))
    return store


def _confine(megabytes: int, parent: int) -> None:
    """Bind this process to its parent and to its memory, and refuse it every connection: the check of a query's text may err.

    What needs Linux is left out elsewhere, and where the kernel has no such filter.
    """
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
        _refuse_connections(library)
    if os.getppid() != parent:
        sys.exit(1)  # it ended before it could be watched


def _refuse_connections(library: ctypes.CDLL) -> None:
    calls = _CALLS.get(platform.machine())
    if calls is None or library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return
    architecture, *refused = calls
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    held = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    library.prctl(_SET_FILTER, _FILTER_MODE, ctypes.c_char_p(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(held))), 0, 0)


def _answer_all(path: Path) -> None:
    """Open the graph, and answer until nobody asks any more."""
    out = sys.stdout.buffer
    try:
        store = ox.Store.read_only(str(path)) if path.is_dir() else _loaded(path)
    except KeyError:
        return _say(out, {"problem": "unreadable", "text": f"its name should end in {', '.join(_FILES)}"})
    except (SyntaxError, ValueError, OSError) as error:
        return _say(out, {"problem": "unreadable", "text": str(error)})
    _say(out, {})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.alarm(int(min(request["seconds"], _DAY_SECONDS)) + _GRACE_SECONDS)
        _say(out, *_answer(store, request))
        signal.alarm(0)
    return None


def main(path: str, megabytes: str = "", parent: str = "") -> None:
    """Answer queries about the file or the store at a path; a store is asked by strangers."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process
    # The caller may be gone before the answer is ready.
    with contextlib.suppress(BrokenPipeError):
        if megabytes:
            _confine(int(megabytes), int(parent))
            threading.stack_size(_STACK_BYTES)
            thread = threading.Thread(target=_answer_all, args=(Path(path),))
            thread.start()
            thread.join()
        else:
            _answer_all(Path(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
