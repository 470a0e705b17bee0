"""The application: which address is answered by what, and the layers around."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from schakel.serve.content_coding import Compression, ContentCoding
from schakel.serve.middleware import RequestMiddleware
from schakel.serve.request_parsing import methods_of
from schakel.serve.response_cache import ResponseCache
from schakel.serve.routes.api import api_answer, api_description, api_list
from schakel.serve.routes.files import files
from schakel.serve.routes.reconcile import flyout, preview, propose_properties, reconcile, suggest, view
from schakel.serve.routes.sparql import sparql
from schakel.serve.routes.status import livez, metrics, readyz
from schakel.serve.service import Service

__all__ = ["application"]

_ROUTES: Final[Sequence[BaseRoute]] = (
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
    Route("/livez", livez),
    Route("/readyz", readyz),
    Route("/health", readyz),
    Route("/metrics", metrics),
    Route("/{path:path}", files),
)

_PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


def application(service: Service) -> tuple[ASGIApp, ResponseCache]:
    """Make the application that serves a publication, from the outermost layer to the routes, and give its cache too."""
    cache = ResponseCache(ContentCoding(Compression(_Routes())), service)
    service.metrics.gauge("schakel_response_cache_bytes", "Bytes of responses that are kept.", lambda: cache.size)
    return RequestMiddleware(cache, service), cache


class _Routes:
    """The routes, which raise what keeps them from answering; Starlette's application would answer for it."""

    def __init__(self) -> None:
        self._router = Router(_ROUTES, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            methods = methods_of(scope["path"])
            await Response(None, 204, {"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT})(scope, receive, send)
            return
        scope["app"] = self  # so that the router raises too
        await self._router(scope, receive, send)
