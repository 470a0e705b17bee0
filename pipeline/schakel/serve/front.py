"""What happens to every request: its number, how often its client may ask, the publication that it is answered from, the headers of all answers, the log."""

import secrets
import time
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schakel.serve.at_hand import LARGEST_HEADERS, AtHand
from schakel.serve.logs import log
from schakel.serve.problems import Problem, problem_response
from schakel.serve.requests import methods_of
from schakel.serve.service import Service
from schakel.serve.throttle import Throttle

__all__ = ["Front"]

# What asks the graph; files cost little, and a page has many of them.
_COUNTED: Final = ("/sparql", "/api/", "/reconcile")
_ALLOWED: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
_ALWAYS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Retry-After, X-Request-ID, X-Total-Count",
}
# What is no page is never to be one, whatever a browser makes of it.
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class Front:
    """The outermost layer: gives requests to the application within, and answers for it where that fails."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._throttle = Throttle(service.options.per_minute)
        self.at_hand = AtHand(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        service, began, number = self._service, time.perf_counter(), secrets.token_hex(8)
        state = scope["state"] = {"rows": 0, "route": ""}
        status, start = 0, None

        async def tell(message: Message) -> None:
            nonlocal status, start
            if message["type"] == "http.response.start":
                status, start = message["status"], message
                _complete(MutableHeaders(raw=message["headers"]), number)
            elif start is not None:
                self.at_hand.keep(scope, start, message)
                start = None
            await send(message)

        service.active += 1
        try:
            await self._answer(scope, receive, tell)
        except Exception as error:  # noqa: BLE001  # whoever asked is told no more than that it failed
            log("failure", request=number, kind=type(error).__name__, where=_where(error))
            if not status:
                await problem_response(Problem("failed"))(scope, receive, tell)
        finally:
            service.active -= 1
            taken = time.perf_counter() - began
            route = state["route"] or _route(scope)
            method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
            service.requests[method, route, status] += 1
            service.seconds[route] += taken
            log("request", request=number, method=method, route=route, status=status, ms=round(taken * 1000, 1), rows=state["rows"])

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._admit(scope)
            if scope["method"] == "OPTIONS":
                methods = methods_of(scope["path"])
                await Response(status_code=204, headers={"Allow": methods, "Access-Control-Allow-Methods": methods, **_ALLOWED})(scope, receive, send)
                return
            async with self._service.desk.reading() as edition:
                scope["state"]["edition"] = edition
                await self._app(scope, receive, send)
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        """Raise Problem for a request that is too large, or one of too many."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            raise Problem("headers-too-large", headers={"Connection": "close"})
        # A sign of a query may take twelve in an address.
        if len(scope.get("raw_path", b"")) > LARGEST_HEADERS or len(scope["query_string"]) > LARGEST_HEADERS + 12 * self._service.options.query_length:
            raise Problem("too-large", "The address is too long.", headers={"Connection": "close"})
        if scope["path"].startswith(_COUNTED):
            client = scope.get("client")
            wait = self._throttle.wait(client[0] if client else "")
            if wait:
                raise Problem("too-many-requests", f"A client may ask {self._service.options.per_minute} times a minute.", retry_after=wait)


def _complete(headers: MutableHeaders, number: str) -> None:
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers["X-Request-ID"] = number
    if "content-security-policy" not in headers:
        headers["Content-Security-Policy"] = _POLICY


def _route(scope: Scope) -> str:
    """Name the route of a request, also where it was refused before it came to one; of any other address no more than that."""
    route = getattr(scope.get("route"), "path", "")
    if route and not route.startswith("/{"):
        return str(route)
    return next((each for each in _COUNTED if scope["path"].startswith(each)), "other")


def _where(error: BaseException) -> str:
    """Name the line that an error came from: of our own code, with nothing of the request in it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
