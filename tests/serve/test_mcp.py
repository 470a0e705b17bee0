"""Assistants are answered at `/mcp` where the settings ask for it: from the publication in service, within the budgets of clients."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from schakel import Settings

T = TypeVar("T")
Serve = Callable[..., AbstractContextManager[Any]]


def asked(port: int, ask: Callable[[Client], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp")) as client:
            return await ask(client)

    return asyncio.run(run())


def test_an_assistant_asks_over_http(project: Callable[..., Settings], serve: Serve) -> None:
    with serve(project(mcp="true").root) as front:

        async def ask(client: Client) -> tuple[set[str], Any, Any]:
            names = {tool.name for tool in (await client.list_tools()).tools}
            found = await client.call_tool("find", {"text": "Brandaris"})
            refused = await client.call_tool("sparql", {"query": "DROP ALL"})
            return names, found, refused

        names, found, refused = asked(front.port, ask)
        assert {"find", "show", "why", "sparql"} <= names
        assert found.structured_content["rows"][0]["entity"] == "tower/brandaris"
        assert refused.is_error
        answer = front.ask("/mcp", method="POST", body=b"{", **{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"})
        assert answer.status == 400
        assert "ratelimit" in answer.headers
        # A stream that nothing would be sent on is not opened.
        assert front.ask("/mcp", "text/event-stream").status == 405
        assert front.ask("/mcp", method="OPTIONS").headers["allow"] == "OPTIONS, POST"


def test_nothing_is_there_unless_the_settings_ask_for_it(front: Any) -> None:  # noqa: ANN401  # the server of these tests
    answer = front.ask("/mcp", method="POST", body=b"{}")
    assert answer.status == 404
    assert b"serve.mcp" in answer.body
