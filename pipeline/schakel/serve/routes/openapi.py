"""The API described in OpenAPI 3.1: what every publication has, from openapi.json beside this file, and a path for each canned query."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from schakel import __version__
from schakel.findings import in_language
from schakel.queries import CannedQuery, Parameter

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
_ROWS: Final = ("text/csv", "text/tab-separated-values", "application/x-ndjson", "text/markdown")


def describe_api(base: str, queries: Iterable[CannedQuery], thing: str | None) -> bytes:
    """Describe every address; `thing` is the id of a thing, as an example."""
    template = files(__package__).joinpath("openapi.json").read_text("utf-8")
    for placeholder, value in (("@base", base), ("@version", __version__), ("@thing", thing or "org/example")):
        template = template.replace(placeholder, json.dumps(value)[1:-1])
    document = json.loads(template)
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
