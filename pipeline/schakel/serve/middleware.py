"""What happens to every request: its number, its client's budget, the publication that it is answered from, the headers of all responses, the log."""

import os
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schakel.errors import SchakelError
from schakel.serve.addresses import locate
from schakel.serve.budgets import Work, client_at
from schakel.serve.observability import Metrics, known_method, log
from schakel.serve.request_parsing import methods_of
from schakel.serve.responses import Problem, problem_of, problem_response
from schakel.serve.service import RequestState, Service

__all__ = ["RequestMiddleware", "completed", "record", "request_number"]

# As nginx logs a client that has gone before it was answered.
_CLIENT_CLOSED: Final = 499
_LARGEST_HEADERS: Final = 16_384
# What asks the graph; files cost little, and a page has many of them.
_OF_GRAPH: Final = ("/sparql", "/api/", "/reconcile")
_KINDS: Final[Mapping[int, str]] = {404: "not-found", 405: "method-not-allowed"}
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID, X-Total-Count"),
)
# What is no page is never to be one, whatever a browser makes of it.
_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class RequestMiddleware:
    """The outermost layer: gives requests to the application within, and answers for it where that fails."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        service, began, number, method = self._service, time.perf_counter(), request_number(), scope["method"]
        peer = scope.get("client")
        work = Work(client_at(peer[0] if peer else ""), service.budgets)
        edition = service.editions.current
        site = locate(scope, edition.graph.context.base, service.root_path)
        # A browser asks for permission with OPTIONS, and counts a refusal as one for the request.
        of_graph = (scope["path"].startswith(_OF_GRAPH) or scope["path"] == "/graph") and method != "OPTIONS"
        state = scope["schakel"] = RequestState(service, edition, work, site, of_graph)
        status = 0

        async def complete(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] if state.completed else completed(message["headers"])
                headers.append((b"x-request-id", number.encode()))
                if state.of_graph:
                    headers += service.budgets.headers(work.client)
                message["headers"] = headers
            await send(message)

        service.metrics.active += 1
        edition.enter()
        try:
            self._admit(scope, state)
            await self._app(scope, receive, complete)
        except Problem as problem:
            await problem_response(problem)(scope, receive, complete)
        except SchakelError as error:
            await problem_response(problem_of(error))(scope, receive, complete)
        except HTTPException as error:
            allow = {"Allow": methods_of(scope["path"])} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
            await problem_response(Problem(_KINDS.get(error.status_code, "bad-request"), headers=allow))(scope, receive, complete)
        except ClientDisconnect:
            status = status or _CLIENT_CLOSED
        except Exception as error:  # noqa: BLE001  # the client learns no more than that it failed
            log("failure", request=number, kind=type(error).__name__, where=_where(error))
            if not status:
                await problem_response(Problem("failed"))(scope, receive, complete)
        finally:
            edition.leave()
            work.close()
            service.metrics.active -= 1
            taken = time.perf_counter() - began
            record(service.metrics, number, method, state.route or _route(scope), status, taken, state.rows)

    def _admit(self, scope: Scope, state: RequestState) -> None:
        """Raise Problem for a request that is too large, or whose client has used up its budget."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _LARGEST_HEADERS:
            raise Problem("headers-too-large", headers={"Connection": "close"})
        # A character of a query may take twelve in an address; a file needs none.
        longest = _LARGEST_HEADERS + (12 * self._service.settings.serve_query_length if state.of_graph else 0)
        if len(scope.get("raw_path", b"")) > _LARGEST_HEADERS or len(scope["query_string"]) > longest:
            raise Problem("too-large", "The address is too long.", headers={"Connection": "close"})
        if state.of_graph:
            self._service.budgets.admit(state.work.client)


def request_number() -> str:
    """Make the number of a request."""
    return os.urandom(8).hex()


def record(metrics: Metrics, number: str, method: str, route: str, status: int, seconds: float, rows: int) -> None:  # noqa: PLR0913, PLR0917  # a line of the log
    """Count a request, and log it."""
    metrics.observe(method, route, status, seconds)
    log("request", request=number, method=known_method(method), route=route, status=status, ms=round(seconds * 1000, 1), rows=rows)


def completed(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Give the headers of a response with those that all have, but for what differs each time."""
    whole = [*headers, *_ALWAYS]
    return whole if any(name == _POLICY[0] for name, _ in whole) else [*whole, _POLICY]


def _route(scope: Scope) -> str:
    """Name the route of a request, also where it was refused before it came to one; of any other address no more than that."""
    route = getattr(scope.get("route"), "path", "")
    if route and not route.startswith("/{"):
        return str(route)
    return next((each for each in _OF_GRAPH if scope["path"].startswith(each)), "other")


def _where(error: BaseException) -> str:
    """Name the line that an error came from: of our own code, with nothing of the request in it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
