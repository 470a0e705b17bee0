"""The server of the Model Context Protocol: it lists the tools and resources of a graph, checks what it is given, and answers."""

import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from schakel import __version__
from schakel.errors import MissingExtraError, SchakelError, UnknownNameError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.mcp_server.resources import RESOURCES, read_resource, thing_template
from schakel.mcp_server.tools import NOTICE, Tool, tools_of

try:
    import jsonschema
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server
    from mcp.shared.exceptions import MCPError
except ModuleNotFoundError:
    raise MissingExtraError("mcp", "mcp") from None

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

__all__ = ["make_server", "serve_stdio"]


def make_server(graph: KnowledgeGraph, title: str = "Schakel") -> "Server[Any]":
    """Make a server that answers from a graph; `title` says to an assistant whose graph it is."""
    tools = tools_of(graph)

    async def list_tools(_context: "ServerRequestContext[Any]", _params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in tools.values()])

    async def call_tool(_context: "ServerRequestContext[Any]", params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            return _refused(str(UnknownNameError("tool", params.name[:100], sorted(tools))))
        arguments = params.arguments or {}
        problems = sorted(each.message for each in jsonschema.Draft202012Validator(dict(tool.schema)).iter_errors(arguments))
        if problems:
            return _refused("; ".join(problems))
        try:
            return _answered(await anyio.to_thread.run_sync(tool.call, graph, arguments))
        except SchakelError as error:
            return _refused(str(error))

    async def list_resources(_context: "ServerRequestContext[Any]", _params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        listed = [types.Resource(uri=each.uri, name=each.name, description=each.description, mime_type="application/json") for each in RESOURCES]
        return types.ListResourcesResult(resources=listed)

    async def list_templates(_context: "ServerRequestContext[Any]", _params: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        thing = types.ResourceTemplate(
            uri_template=thing_template(graph), name="thing", description="All that is said of a thing, by its IRI.", mime_type="application/json"
        )
        return types.ListResourceTemplatesResult(resource_templates=[thing])

    async def read(_context: "ServerRequestContext[Any]", params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            content = await anyio.to_thread.run_sync(read_resource, graph, params.uri)
        except SchakelError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        text = types.TextResourceContents(uri=params.uri, mime_type="application/json", text=_json({"notice": NOTICE, **content}))
        return types.ReadResourceResult(contents=[text])

    return Server(
        "schakel",
        version=__version__,
        title=title,
        instructions=f"{title}: a knowledge graph of organisations, places, partnerships and goals, each statement with the passage it was read in. "
        f"Look things up by name with `find`, ask a canned query where one fits, and quote the passages in answers. {NOTICE}",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read,
    )


def serve_stdio(graph: KnowledgeGraph, title: str) -> None:
    """Serve a graph over standard input and output, until the input ends."""
    # The protocol owns both streams: what else is said would break it.
    logging.getLogger("mcp").setLevel(logging.ERROR)
    anyio.run(partial(_serve, make_server(graph, title)))


async def _serve(server: "Server[Any]") -> None:
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())


def _described(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    return types.Tool(name=tool.name, title=tool.title, description=tool.description, input_schema=dict(tool.schema), annotations=hints)


def _answered(answer: Mapping[str, Any]) -> types.CallToolResult:
    content = {"notice": NOTICE, **answer}
    return types.CallToolResult(content=[types.TextContent(type="text", text=_json(content))], structured_content=content)


def _refused(reason: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=reason)], is_error=True)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
