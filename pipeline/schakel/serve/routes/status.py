"""How the service is, for whoever watches it: `/health` for programs that start and stop it, `/metrics` for Prometheus."""

import json
import re

from starlette.requests import Request
from starlette.responses import Response

from schakel.serve.asking import Question
from schakel.serve.problems import Problem
from schakel.serve.service import edition_of, service_of

__all__ = ["health", "metrics"]

_QUOTED = re.compile(r'[\\"\n]')


async def health(request: Request) -> Response:
    """Say that queries are answered; 503 where they are not."""
    edition = edition_of(request)
    try:
        await edition.asker.ask(Question("ASK { }", "application/sparql-results+json"))
    except Problem:
        raise Problem("busy", "The query engine does not answer.", retry_after=5) from None
    return Response(json.dumps({"status": "ok", "publication": edition.number}), headers={"Content-Type": "application/json", "Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """Give what was counted since the start, as Prometheus reads it."""
    service, edition = service_of(request), edition_of(request)
    lines = ["# HELP schakel_requests_total Requests answered.", "# TYPE schakel_requests_total counter"]
    for (method, route, status), count in sorted(service.requests.items()):
        lines.append(f'schakel_requests_total{{method="{method}",route="{_QUOTED.sub("_", route)}",status="{status}"}} {count}')
    lines += ["# HELP schakel_request_seconds_total Seconds spent on requests.", "# TYPE schakel_request_seconds_total counter"]
    lines += [f'schakel_request_seconds_total{{route="{_QUOTED.sub("_", route)}"}} {seconds:.6f}' for route, seconds in sorted(service.seconds.items())]
    restarts = sum(max(engine.restarts, 0) for engine in edition.asker.engines)
    for name, kind, told, value in (
        ("schakel_requests_active", "gauge", "Requests being answered.", service.active),
        ("schakel_engine_restarts", "gauge", "Restarts of the query engines of the publication in service.", restarts),
        ("schakel_engines_ready", "gauge", "Query engines that answer.", sum(engine.ready.is_set() for engine in edition.asker.engines)),
        ("schakel_publication", "gauge", "Number of the publication in service, since the start.", edition.number),
    ):
        lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}", f"{name} {value}"]
    return Response("\n".join(lines) + "\n", headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"})
