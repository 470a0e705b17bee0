"""The process that asks an endpoint elsewhere, as schakel.queries.worker asks a store of our own: the same requests, the same replies.

    python -m schakel.queries.endpoint_worker URL BASE

Whatever the endpoint sends is read, bounded and checked here, so that a hostile one holds up nobody but the client who asked.
"""

import contextlib
import json
import signal
import sys
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from schakel.answers import answer_from_json
from schakel.answers.formats import FORMATS
from schakel.errors import AnswerTooLongError, EndpointError, QueryFailedError, QueryTimeoutError
from schakel.queries.endpoint import Endpoint
from schakel.queries.limits import Limits
from schakel.queries.text import form_of
from schakel.queries.worker import UnnamedPropertyError, valid_xml

__all__ = ["main"]

_GRACE_SECONDS: Final = 5


def _answer(url: str, base: str, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer one request: the line that says what follows, and what follows."""
    limits = Limits(request["seconds"], request["rows"], request["bytes"])
    endpoint = Endpoint(url, base, limits, default_graphs=request["default_graphs"], named_graphs=request["named_graphs"])
    rows = 0
    try:
        reply = endpoint.ask(request["query"])
        if form_of(request["query"]) == "SELECT":
            answer = limits.rows_checked(answer_from_json(reply.content))
            rows, content = len(answer), _results(FORMATS["json"](answer), request["media_type"])
        elif reply.triples:
            statements = ox.parse(reply.content, format=ox.RdfFormat.N_TRIPLES)
            content = cast("bytes", ox.serialize(statements, format=ox.RdfFormat.from_media_type(request["media_type"])))
        else:
            content = _results(reply.content, request["media_type"])
        if request["media_type"].endswith("xml"):
            content = valid_xml(content)
    except UnnamedPropertyError as error:
        return {"problem": "unnamed-property", "text": str(error)}, b""
    except AnswerTooLongError as error:
        return {"problem": "too-many-rows" if error.rows else "too-long"}, b""
    except QueryTimeoutError:
        return {"problem": "timeout"}, b""
    except QueryFailedError:
        return {"problem": "refused"}, b""
    except (EndpointError, SyntaxError, ValueError):
        return {"problem": "failed"}, b""
    return {"triples": reply.triples, "rows": rows, "bytes": len(content)}, content


def _results(content: bytes, media_type: str) -> bytes:
    parsed = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    return cast("bytes", parsed.serialize(format=ox.QueryResultsFormat.from_media_type(media_type)))


def main(url: str, base: str) -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process
    out: IO[bytes] = sys.stdout.buffer
    out.write(b"{}\n")
    out.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.alarm(request["seconds"] + _GRACE_SECONDS)
        reply, content = _answer(url, base, request)
        signal.alarm(0)
        out.write(json.dumps(reply).encode() + b"\n" + content)
        out.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(*sys.argv[1:])
