"""The graph for assistants: canned queries, names, facts, explanations and SPARQL as tools of the Model Context Protocol."""

from schakel.mcp_server.server import make_server, serve_stdio

__all__ = ["make_server", "serve_stdio"]
