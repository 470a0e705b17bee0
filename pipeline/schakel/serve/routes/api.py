"""Canned queries as an API: `/api/members?body=Harbour+Trust&format=csv`, with the parameters and the answers of `schakel query`."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from schakel import __version__
from schakel.answers import FORMATS
from schakel.errors import UnknownNameError
from schakel.findings import in_language
from schakel.queries import CannedQuery, Parameter
from schakel.queries.pool import Query, Result
from schakel.serve.graph_source import TSV, rows_of
from schakel.serve.request_parsing import negotiated, number, parameters_of
from schakel.serve.response_cache import may_be_cached
from schakel.serve.responses import PartsResponse, Problem, json_response, tag_of
from schakel.serve.service import edition_of, in_thread, run_query, service_of, site_of, state_of

__all__ = ["api_answer", "api_description", "api_list", "llms"]

LANGUAGE: Final = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$"
_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
    "decimal": {"type": "number"},
    "double": {"type": "number"},
    "gYear": {"type": "string", "pattern": "^-?[0-9]{4,}$"},
    "gYearMonth": {"type": "string", "pattern": "^-?[0-9]{4,}-[0-9]{2}$"},
    "integer": {"type": "integer"},
    "iri": {"type": "string", "minLength": 1, "description": "An IRI, a CURIE, the part of an IRI below the base, or a name."},
    "text": {"type": "string", "minLength": 1},
}
_ROWS: Final = ("text/csv", "text/tab-separated-values", "application/x-ndjson", "text/markdown")


def describe_api(base: str, address: str, queries: Iterable[CannedQuery], thing: str | None) -> bytes:
    """Describe everything below the address of the service, which has no slash at its end; `thing` is the id of a thing, as an example."""
    template = files(__package__).joinpath("openapi.json").read_text("utf-8")
    for placeholder, value in (("@base", base), ("@version", __version__), ("@thing", thing or "org/example")):
        template = template.replace(placeholder, json.dumps(value)[1:-1])
    document = json.loads(template) | {"servers": [{"url": address}]}
    shared = list(document["components"].pop("parameters").values())
    document["paths"] |= {f"/api/{query.name}": {"get": _operation(query, shared)} for query in queries}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _operation(query: CannedQuery, shared: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = ", ".join(f"{name}{f': {description}' if description else ''}" for name, description in query.columns.items())
    return {
        "operationId": query.name,
        "summary": in_language(query.title, "en"),
        "description": in_language(query.description, "en"),
        "tags": [query.category] if query.category else [],
        "parameters": [*map(_parameter, query.asks), *_former(query), *shared],
        "responses": {
            "200": {
                "description": f"Columns: {columns}"[:2000],
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Total-Count", "Link", "RateLimit")},
                "content": {
                    "application/sparql-results+json": {"schema": {"$ref": "#/components/schemas/Results"}},
                    **{media_type: {"schema": {"type": "string"}} for media_type in _ROWS},
                },
            },
            "304": {"description": "The answer is the one with the tag given."},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _former(query: CannedQuery) -> Iterator[dict[str, Any]]:
    known = {each.name: each for each in query.asks}
    for old, new in query.former_names.items():
        yield {**_parameter(known[new]), "name": old, "description": f"The former name of {new}.", "deprecated": True}


def _parameter(each: Parameter) -> dict[str, Any]:
    needed = " Needed, unless everything=true." if each.required else ""
    schema = _SCHEMAS.get(each.kind, _SCHEMAS["text"])
    example = {"example": each.example} if each.example else {}
    return {"name": each.name, "in": "query", "required": False, "description": f"{each.description}{needed}".strip(), "schema": schema, **example}


# By media type, the name of the format; the first is given where nothing is asked for.
API_FORMATS: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/x-ndjson": "jsonl",
    "text/markdown": "md",
}
_TYPES: Final = {name: media_type for media_type, name in reversed(list(API_FORMATS.items()))}
_OURS: Final = frozenset({"format", "language", "page", "page_size", "everything"})
_LARGEST_PAGE: Final = 10_000
_USUAL_PAGE: Final = 100
_VARIES: Final = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class _Asked:
    """What a request asks of a canned query; a page of 0 is all of the answer."""

    name: str
    values: tuple[tuple[str, str], ...]
    language: str | None
    everything: bool
    format: str
    page: int
    page_size: int
    former: tuple[tuple[str, str], ...]


async def api_list(request: Request) -> Response:
    """List the canned queries."""
    site = site_of(request)
    listed = [
        {
            "name": each.name,
            "title": in_language(each.title, "en"),
            "description": in_language(each.description, "en"),
            "category": each.category,
            "url": site.path(f"/api/{each.name}"),
        }
        for each in edition_of(request).graph.queries.values()
    ]
    return json_response({"queries": listed, "description": site.path("/api/openapi.json")})


async def api_description(request: Request) -> Response:
    """Describe the API in OpenAPI."""
    graph, names = edition_of(request).graph, edition_of(request).names
    thing = min((graph.context.short(each) for each in names.best if names.is_own(each)), default=None)
    content = describe_api(graph.context.base, site_of(request).url(""), graph.queries.values(), thing)
    return PartsResponse([content], {"Content-Type": "application/json", "Cache-Control": "no-cache", "ETag": tag_of(content)})


async def llms(request: Request) -> Response:
    """Say to an assistant, in Markdown as https://llmstxt.org/ has it, what can be asked here and how."""
    settings, site, edition = service_of(request).settings, site_of(request), edition_of(request)
    queries = []
    for each in edition.graph.queries.values():
        asked = ", ".join(f"{parameter.name} ({parameter.description})" for parameter in each.asks)
        described = f"{in_language(each.description, 'en')}{f' Parameters: {asked}.' if asked else ''}"
        queries.append(f"- [{in_language(each.title, 'en')}]({site.url(f'/api/{each.name}')}): {described}")
    lines = [
        f"# {in_language(settings.title, 'en')}\n\n> {in_language(settings.description, 'en')}\n",
        f"IRIs of things begin with {edition.graph.context.base}; {site.url('/')} and the rest of the IRI leads to data, by Accept or ?format=ttl.\n",
        "## Ask\n",
        f"- [SPARQL 1.1]({site.url('/sparql')}): GET with query= and format=csv or json; without a query, a description of the endpoint",
        f"- [Canned queries in OpenAPI]({site.url('/api/openapi.json')}): parameters take IRIs, ids or names; format=csv, json or md",
        f"- [Reconciliation of names]({site.url('/reconcile')}): which things a name may mean",
        f"- [What the dataset holds, in VoID]({site.url('/void.ttl')}): classes, properties, counts, dumps\n",
        "## Canned queries\n",
        *queries,
    ]
    return PartsResponse(["\n".join([*lines, ""]).encode()], {"Content-Type": "text/markdown; charset=utf-8", "Cache-Control": "no-cache"})


async def api_answer(request: Request) -> Response:
    """Answer a canned query."""
    may_be_cached(request.scope)
    state = state_of(request.scope)
    name, graph = request.path_params["name"], state.edition.graph_for(state.work)
    query = graph.queries.get(name)
    if query is None:
        raise Problem("not-found", str(UnknownNameError("query", name[:100], sorted(graph.queries))))
    state.route = f"/api/{query.name}"
    asked = _asked(request, query)
    text = await in_thread(request, partial(graph.bound, asked.name, dict(asked.values), language=asked.language, everything=asked.everything))
    # Rows are kept whole: another page of them is not another query.
    result = await run_query(request, Query(text, TSV), keep=True)
    if not result.rows and service_of(request).backend:
        await in_thread(request, graph.refuse_empty)
    content, tag = await in_thread(request, _rendered, result, asked)
    state.rows = result.rows
    media_type = _TYPES[asked.format]
    written = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return PartsResponse([content], {"Content-Type": written, "ETag": tag, "X-Total-Count": str(result.rows), **_VARIES, **_links(request, asked, result.rows)})


def _rendered(result: Result, asked: _Asked) -> tuple[bytes, str]:
    """Write the part of an answer that was asked for, and give its tag too."""
    rows = result.content
    if asked.page:
        lines = io.BytesIO(rows)
        header = next(lines)
        rows = header + b"".join(islice(lines, (asked.page - 1) * asked.page_size, asked.page * asked.page_size))
    content = FORMATS[asked.format](rows_of(rows))
    return content, tag_of(content)


def _asked(request: Request, query: CannedQuery) -> _Asked:
    pairs = parameters_of(request.scope["query_string"])
    given = dict(pairs)
    if len(given) < len(pairs):
        raise Problem("bad-parameter", "A parameter is given twice.")
    own = {each.name for each in query.asks}
    ours = {name: value for name, value in given.items() if name in _OURS and name not in own}
    named, former = query.renamed({name: value for name, value in given.items() if name not in ours})
    values = tuple(sorted(named.items()))
    empty = [name for name, value in values if not value.strip()]
    if empty:
        raise Problem("bad-parameter", f"“{empty[0][:100]}” is empty.")
    everything = ours.get("everything", "false")
    if everything not in {"true", "false"}:
        raise Problem("bad-parameter", "“everything” is true or false.")
    own_pairs = list(ours.items())
    size = number(own_pairs, "page_size", 1, _LARGEST_PAGE)
    page = number(own_pairs, "page", 1, 1_000_000) or (1 if size else 0)
    written = negotiated(request, own_pairs, API_FORMATS)
    return _Asked(query.name, values, _language(ours), everything == "true", written, page, (size or _USUAL_PAGE) if page else 0, tuple(former.items()))


def _language(given: Mapping[str, str]) -> str | None:
    tag = given.get("language")
    if tag is not None and not re.fullmatch(LANGUAGE, tag):
        raise Problem("bad-parameter", "“language” is a language tag, as nl.")
    return tag


def _links(request: Request, asked: _Asked, rows: int) -> dict[str, str]:
    """Lead to the pages around one and, where a parameter was given by a former name, to the same request with its name."""
    links = [*_successor(request, asked), *_pages(request, asked, rows)]
    return {"Link": ", ".join(links)} if links else {}


def _successor(request: Request, asked: _Asked) -> Iterator[str]:
    if asked.former:
        now = dict(asked.former)
        pairs = [(now.get(name, name), value) for name, value in parameters_of(request.scope["query_string"])]
        yield f'<?{urlencode(pairs)}>; rel="successor-version"'


def _pages(request: Request, asked: _Asked, rows: int) -> Iterator[str]:
    if not asked.page:
        return
    last = max((rows + asked.page_size - 1) // asked.page_size, 1)
    numbers = {"first": 1, "prev": asked.page - 1, "next": asked.page + 1, "last": last}
    rest = [(name, value) for name, value in parameters_of(request.scope["query_string"]) if name != "page"]
    yield from (f'<?{urlencode([*rest, ("page", number)])}>; rel="{rel}"' for rel, number in numbers.items() if 1 <= number <= last)
