"""The API described in OpenAPI 3.1, made from the canned queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from schakel import __version__
from schakel.findings import in_language
from schakel.queries import CannedQuery, Parameter
from schakel.serve.routes.addresses import addresses, components, problems, query_parameter

__all__ = ["LANGUAGE", "describe_api"]

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
_RESULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "application/sparql-results+json": {"schema": {"$ref": "#/components/schemas/Results"}},
    "text/csv": {"schema": {"type": "string"}},
    "text/tab-separated-values": {"schema": {"type": "string"}},
    "application/x-ndjson": {"schema": {"type": "string"}},
    "text/markdown": {"schema": {"type": "string"}},
}


def describe_api(base: str, queries: Iterable[CannedQuery], formats: Sequence[str], thing: str | None = None) -> bytes:
    """Describe every canned query as a path, and the addresses beside them; `thing` is the id of one, as an example."""
    paths = {f"/api/{query.name}": {"get": _operation(query, formats)} for query in queries}
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": f"The dataset {base}",
            "version": __version__,
            "description": "Questions that this dataset answers. Names may be given for IRIs.",
        },
        "paths": {"/api/": {"get": _listing()}, **paths, **addresses(thing)},
        "components": components(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _operation(query: CannedQuery, formats: Sequence[str]) -> dict[str, Any]:
    return {
        "operationId": query.name,
        "summary": in_language(query.title, "en"),
        "description": in_language(query.description, "en"),
        "tags": [query.category] if query.category else [],
        "parameters": [*map(_parameter, query.asks), *_shared(formats)],
        "responses": {"200": _answer(query), "304": {"description": "The answer is the one with the tag given."}, **problems(404, 502, 504)},
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    needed = " Needed, unless everything=true." if each.required else ""
    return query_parameter(each.name, f"{each.description}{needed}".strip(), _SCHEMAS.get(each.kind, _SCHEMAS["text"]))


def _shared(formats: Sequence[str]) -> list[dict[str, Any]]:
    shared: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "format": ("The format; else the header Accept decides.", {"type": "string", "enum": list(formats)}),
        "language": ("The language of names, as nl.", {"type": "string", "pattern": LANGUAGE}),
        "everything": ("Leave out what the query must know: answer for all.", {"type": "boolean", "default": False}),
        "page": ("The page of the answer; without page and page_size all of it is given.", {"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        "page_size": ("Rows of a page.", {"type": "integer", "minimum": 1, "maximum": 10_000}),
    }
    return [query_parameter(name, told, schema) for name, (told, schema) in shared.items()]


def _answer(query: CannedQuery) -> dict[str, Any]:
    columns = ", ".join(f"{name}{f': {told}' if told else ''}" for name, told in query.columns.items())
    headers = {
        "X-Total-Count": {"description": "Rows of the whole answer.", "schema": {"type": "integer"}},
        "Link": {"description": "The pages around this one.", "schema": {"type": "string"}},
    }
    return {"description": f"Columns: {columns}"[:2000], "headers": headers, "content": dict(_RESULTS)}


def _listing() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", "required": ["queries"]}}}
    return {"summary": "List the canned queries", "responses": {"200": {"description": "The queries.", "content": content}, **problems()}}
