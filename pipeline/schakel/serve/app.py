"""The application: which address is answered by what."""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schakel.serve.front import Front
from schakel.serve.problems import Problem, problem_response
from schakel.serve.requests import methods_of
from schakel.serve.routes.api import api_answer, api_description, api_list
from schakel.serve.routes.files import files
from schakel.serve.routes.reconcile import flyout, preview, propose_properties, reconcile, suggest, view
from schakel.serve.routes.sparql import sparql
from schakel.serve.routes.status import health, metrics
from schakel.serve.service import Service

__all__ = ["application"]

_KINDS: Mapping[int, str] = {404: "not-found", 405: "method-not-allowed"}
_ROUTES = (
    Route("/sparql", sparql, methods=["GET", "POST"]),
    Route("/api/", api_list),
    Route("/api/openapi.json", api_description),
    Route("/api/{name}", api_answer),
    Route("/reconcile", reconcile, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind}", suggest),
    Route("/reconcile/properties", propose_properties),
    Route("/reconcile/flyout/{kind}", flyout),
    Route("/reconcile/preview", preview),
    Route("/reconcile/view", view),
    Route("/health", health),
    Route("/metrics", metrics),
    Route("/{path:path}", files),
)


def application(service: Service) -> Front:
    """Make the application that serves a publication."""
    app = Starlette(routes=_ROUTES, exception_handlers={Problem: _problem, HTTPException: _http_problem})
    app.router.redirect_slashes = False
    app.state.service = service
    return Front(app, service)


async def _problem(_: Request, error: Any) -> Response:  # noqa: ANN401  # as Starlette types its handlers
    return problem_response(error)


async def _http_problem(request: Request, error: Any) -> Response:  # noqa: ANN401  # as above
    kind = _KINDS.get(error.status_code, "bad-request")
    return problem_response(Problem(kind, headers={"Allow": methods_of(request.scope["path"])} if kind == "method-not-allowed" else error.headers))
