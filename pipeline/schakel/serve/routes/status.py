"""How the server is: `/livez` for programs that restart it, `/readyz` for those that send it requests, `/metrics` for Prometheus."""

import json

from starlette.requests import Request
from starlette.responses import Response

from schakel.serve.problems import Problem
from schakel.serve.service import edition_of, service_of

__all__ = ["livez", "metrics", "readyz"]

_NO_STORE = {"Cache-Control": "no-store"}


async def livez(_: Request) -> Response:
    """Say that requests are answered at all, however busy the server is."""
    return Response(b'{"status":"ok"}', headers={"Content-Type": "application/json", **_NO_STORE})


async def readyz(request: Request) -> Response:
    """Say that a publication is in service and that a process is there to answer queries; 503 where none is."""
    edition = edition_of(request)
    if not edition.pool.ready:
        raise Problem("busy", "The query engine does not answer.", retry_after=5)
    return Response(json.dumps({"status": "ok", "publication": edition.number}), headers={"Content-Type": "application/json", **_NO_STORE})


async def metrics(request: Request) -> Response:
    """Give what was counted since the start."""
    return Response(service_of(request).metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", **_NO_STORE})
