"""The SPARQL 1.1 Protocol, as far as it asks: GET, POST of a form, POST of a query."""

from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from schakel.publish.service_description import DESCRIPTIONS, describe_service
from schakel.queries.checks import check_graphs, check_query, graphs_asked
from schakel.queries.pool import Query
from schakel.serve.request_parsing import body_of, media_type_of, negotiated, parameters_of, single
from schakel.serve.responses import PartsResponse, Problem
from schakel.serve.service import edition_of, run_query, service_of, site_of, state_of

__all__ = ["graph", "sparql"]

_QUERY: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_JSON, _XML, _CSV, _TSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"
# By what may be asked for, what the engine is asked for.
_ROWS: Final[Mapping[str, str]] = {_JSON: _JSON, "application/json": _JSON, _XML: _XML, "application/xml": _XML, "text/xml": _XML, _CSV: _CSV, _TSV: _TSV}
_BOOLEAN: Final[Mapping[str, str]] = {name: media_type for name, media_type in _ROWS.items() if media_type in {_JSON, _XML}}
_GRAPH: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in ("text/turtle", "application/n-triples", "application/rdf+xml", "text/n3", "application/ld+json", "application/n-quads", "application/trig")
    },
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
}
_FORMATS: Final = {"SELECT": _ROWS, "ASK": _BOOLEAN, "CONSTRUCT": _GRAPH, "DESCRIBE": _GRAPH}
_TEXTUAL: Final = frozenset({"text/csv", "text/n3", "text/tab-separated-values", "text/turtle"})
_VARIES: Final = {"Vary": "Accept"}


async def sparql(request: Request) -> Response:
    """Answer a query, or describe the service where none is given."""
    asked = await _parameters(request)
    known = {"query", "default-graph-uri", "named-graph-uri"}
    names = {name for name, _ in asked}
    if names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise Problem("query-refused", "This service only reads: there is no update.")
    query = single(asked, "query")
    if query is None:
        if names & known or request.method == "POST":
            raise Problem("bad-request", "There is no query.")
        return await _description(request)
    return await _answer(request, query, asked)


async def _answer(request: Request, query: str, asked: Sequence[tuple[str, str]]) -> Response:
    service, edition = service_of(request), edition_of(request)
    form = check_query(query, service.settings.serve_query_length, service.settings.serve_query_depth)
    default, named = (tuple(value for name, value in asked if name == wanted) for wanted in ("default-graph-uri", "named-graph-uri"))
    check_graphs([*default, *named, *graphs_asked(query, edition.graph.context.base)], edition.graphs)
    media_type = negotiated(request, asked, _FORMATS[form])
    return await _sent(request, Query(query, media_type, default, named))


async def graph(request: Request) -> Response:
    """Give the statements of one graph, as the SPARQL 1.1 Graph Store HTTP Protocol names it: `graph=` and its IRI, percent-encoded, or `default`."""
    pairs, edition = parameters_of(request.scope["query_string"]), edition_of(request)
    iri, default = single(pairs, "graph"), single(pairs, "default")
    if (iri is None) == (default is None):
        raise Problem("bad-request", "Name one graph: graph= and its IRI, percent-encoded; or default for all statements.")
    if iri is not None and iri not in edition.graphs:
        raise Problem("not-found", f"There is no such graph; GET {site_of(request).url('/sparql')} lists those that there are.")
    media_type = negotiated(request, pairs, _GRAPH)
    asked = "?s ?p ?o" if iri is None else f"GRAPH {NamedNode(iri)} {{ ?s ?p ?o }}"
    return await _sent(request, Query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {asked} }}", media_type))


async def _sent(request: Request, query: Query) -> Response:
    result, media_type = await run_query(request, query), query.media_type
    state_of(request.scope).rows = result.rows
    written = f"{media_type}; charset=utf-8" if media_type in _TEXTUAL else media_type
    return PartsResponse(result.parts, {"Content-Type": written, "Cache-Control": "no-cache", **_VARIES})


async def _parameters(request: Request) -> list[tuple[str, str]]:
    """Read the parameters of a request, wherever the protocol has them."""
    in_url = parameters_of(request.scope["query_string"])
    if request.method != "POST":
        return in_url
    media_type, _ = media_type_of(request)
    if media_type == _FORM:
        return [*in_url, *parameters_of(await body_of(request))]
    if media_type == _QUERY:
        try:
            query = (await body_of(request)).decode()
        except UnicodeDecodeError:
            raise Problem("bad-request", "The query is not UTF-8.") from None
        return [*in_url, ("query", query)]
    raise Problem("unsupported-media-type", f"A query comes as {_QUERY} or {_FORM}.", headers={"Accept-Post": f"{_QUERY}, {_FORM}"})


async def _description(request: Request) -> Response:
    """Describe the service to a program, and lead a reader to the editor."""
    edition = edition_of(request)
    offered = {**{name: name for name in DESCRIPTIONS}, "text/html": "text/html", "application/xhtml+xml": "text/html"}
    wanted = negotiated(request, parameters_of(request.scope["query_string"]), offered)
    if wanted == "text/html":
        page = "/sparql.html" if (edition.folder / "sparql.html").is_file() else "/"
        return RedirectResponse(site_of(request).path(page), 303, _VARIES)
    headers = {"Content-Type": f"{wanted}; charset=utf-8" if wanted in _TEXTUAL else wanted, "Cache-Control": "no-cache", **_VARIES}
    return PartsResponse([describe_service(edition.graph.context.base, site_of(request).url("/"), sorted(edition.graphs), wanted)], headers)
