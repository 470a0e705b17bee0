"""The Model Context Protocol over HTTP, at `/mcp`: each request is answered by itself, from the publication in service, on account of its client."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from schakel.findings import in_language
from schakel.knowledge_graph import KnowledgeGraph
from schakel.serve.responses import Problem
from schakel.serve.service import in_thread, service_of, state_of
from schakel.settings import Settings

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

__all__ = ["Mcp", "session_manager"]

T = TypeVar("T")


class Mcp:
    """The route. Where the settings do not ask for the protocol there is nothing at its address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        manager = service_of(Request(scope)).mcp
        if manager is None:
            raise Problem("not-found", "The Model Context Protocol is not served here: the setting “serve.mcp” turns it on.")
        # A stream of messages, which GET would open, has none to bring: each answer is whole.
        if scope["method"] != "POST":
            raise HTTPException(405)
        state_of(scope).route = "/mcp"
        await manager.handle_request(scope, receive, send)


def session_manager(settings: Settings) -> "StreamableHTTPSessionManager":
    """Make what speaks the protocol, without sessions: an answer is one object of JSON.

    Raises MissingExtraError where the extra is not installed.
    """
    # Only who turns it on waits for it to be imported.
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415

    from schakel.mcp_server import make_server  # noqa: PLC0415

    server = make_server(_InService(), in_language(settings.title, "en"))
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=settings.serve_body_bytes)


class _InService:
    """Answers from the publication that a request came to."""

    def graph(self, context: "ServerRequestContext[Any]") -> KnowledgeGraph:
        """Give its graph, asked on account of the client."""
        state = state_of(_request(context).scope)
        return state.edition.graph_for(state.work)

    async def run(self, context: "ServerRequestContext[Any]", function: Callable[..., T], *arguments: object) -> T:
        """Call a function in a thread, within the client's budget."""
        return await in_thread(_request(context), function, *arguments)


def _request(context: "ServerRequestContext[Any]") -> Request:
    if not isinstance(context.request, Request):
        raise TypeError("a request over HTTP comes with its request")  # no user meets it
    return context.request
