"""The addresses that every publication has, for its description in OpenAPI: SPARQL, reconciliation, and how the service is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schakel.serve.problems import PROBLEMS
from schakel.serve.reconciliation import SUGGESTED

__all__ = ["addresses", "components", "problems", "query_parameter"]

_FORM: Final = "application/x-www-form-urlencoded"
_RESULTS: Final = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
_GRAPHS: Final = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads", "application/trig")
_QUERY: Final = "SELECT ?type (COUNT(*) AS ?count) { ?thing a ?type } GROUP BY ?type"
_QUERIES: Final = '{"q0": {"query": "Harbour Trust"}}'
_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_GRAPH: Final[Mapping[str, Any]] = {"type": "array", "items": {"type": "string", "format": "uri"}}
_PAIR: Final[Mapping[str, Any]] = {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
_LIST: Final[Mapping[str, Any]] = {"type": "array", "items": _PAIR}
_JSON_TEXT: Final[Mapping[str, Any]] = {"type": "string", "contentMediaType": "application/json"}
_ALWAYS: Final = (400, 406, 413, 429, 431, 500, 503)


def problems(*more: int) -> dict[str, Any]:
    """Give the responses that tell of problems: those that any request may meet, and more."""
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in sorted({*_ALWAYS, *more})}


def query_parameter(name: str, told: str, schema: Mapping[str, Any] = _TEXT, *, required: bool = False, example: str | None = None) -> dict[str, Any]:
    """Describe a parameter of an address."""
    described = {"name": name, "in": "query", "required": required, "description": told, "schema": dict(schema)}
    return described if example is None else described | {"example": example}


def components() -> dict[str, Any]:
    """Give what the descriptions of addresses refer to."""
    properties = {
        "type": {"enum": [f"https://w3id.org/schakel/problems#{kind}" for kind in PROBLEMS]},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
    }
    problem = {"type": "object", "required": ["type", "title", "status"], "properties": properties}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    binding = {"type": "object", "additionalProperties": {"type": "object", "required": ["type", "value"]}}
    rows = {"type": "object", "required": ["bindings"], "properties": {"bindings": {"type": "array", "items": binding}}}
    head = {"type": "object", "properties": {"vars": {"type": "array", "items": _TEXT}}}
    results = {"type": "object", "required": ["head"], "properties": {"head": head, "results": rows, "boolean": {"type": "boolean"}}}
    return {
        "schemas": {"Problem": problem, "Results": results},
        "responses": {"Problem": {"description": "A problem, as RFC 9457 has it.", "content": content}},
    }


def addresses(thing: str | None) -> dict[str, Any]:
    """Describe the addresses, with the id of a thing as an example."""
    suggest = [
        query_parameter("prefix", "What was typed."),
        query_parameter("cursor", "How many to skip.", {"type": "integer", "minimum": 0, "maximum": 10_000}),
    ]
    identified = [query_parameter("id", "An id, as the service gives them.", required=True, example=thing)]
    found = {"type": "object", "required": ["result"], "properties": {"result": _LIST}}
    shown = {"type": "object", "required": ["id", "html"], "properties": {"id": _TEXT, "html": _TEXT}}
    proposed = {"type": "object", "required": ["type", "properties"], "properties": {"type": _TEXT, "properties": _LIST}}
    limits = [query_parameter("type", "The id of a type."), query_parameter("limit", "How many at most.", {"type": "integer", "minimum": 0, "maximum": 10_000})]
    well = {"type": "object", "required": ["status", "publication"], "properties": {"status": {"const": "ok"}, "publication": {"type": "integer"}}}
    return {
        "/sparql": {"get": _sparql(), "post": _sparql_posted()},
        "/reconcile": {"get": _reconcile(), "post": _reconcile_posted()},
        **{f"/reconcile/suggest/{kind}": _get(f"Suggest: {kind}", suggest, _json(found)) for kind in SUGGESTED},
        **{f"/reconcile/flyout/{kind}": _get(f"Say what is suggested: {kind}", identified, _json(shown), 404) for kind in SUGGESTED},
        "/reconcile/properties": _get("Propose properties to take over", limits, _json(proposed), 502, 504),
        "/reconcile/preview": _get("Show a thing in a few words", identified, {"200": {"description": "A page.", "content": {"text/html": {}}}}, 404),
        "/reconcile/view": _get("Lead to a thing", identified, {"303": {"description": "Where the thing is."}}, 404),
        "/health": _get("Say whether queries are answered", [], _json(well)),
        "/metrics": _get("What was counted, for Prometheus", [], {"200": {"description": "Counts.", "content": {"text/plain": {}}}}),
    }


def _get(summary: str, parameters: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], *more: int) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": {**answers, **problems(*more)}}}


def _json(schema: Mapping[str, Any], told: str = "The answer.") -> dict[str, Any]:
    return {"200": {"description": told, "content": {"application/json": {"schema": dict(schema)}}}}


def _answers() -> dict[str, Any]:
    results: dict[str, Any] = {_RESULTS[0]: {"schema": {"$ref": "#/components/schemas/Results"}}}
    content = results | {name: {} for name in (*_RESULTS[1:], *_GRAPHS)}
    return {"200": {"description": "The answer, or without a query what the service is.", "content": content}, **problems(408, 415, 502, 504)}


def _sparql() -> dict[str, Any]:
    graphs = [query_parameter(f"{kind}-graph-uri", "A graph of this dataset, to ask instead of all.", _GRAPH) for kind in ("default", "named")]
    editor = {"303": {"description": "Where a reader can ask."}}
    parameters = [query_parameter("query", "A query in SPARQL 1.1.", example=_QUERY), *graphs]
    return {"summary": "Ask in SPARQL", "parameters": parameters, "responses": {**editor, **_answers()}}


def _sparql_posted() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {"query": {**_TEXT, "examples": [_QUERY]}, "default-graph-uri": _GRAPH, "named-graph-uri": _GRAPH},
    }
    content = {_FORM: {"schema": form}, "application/sparql-query": {"schema": _TEXT, "example": _QUERY}}
    return {"summary": "Ask in SPARQL", "requestBody": {"required": True, "content": content}, "responses": _answers()}


def _reconcile() -> dict[str, Any]:
    parameters = [
        query_parameter("queries", "Names to find, in JSON.", _JSON_TEXT, example=_QUERIES),
        query_parameter("extend", "Rows to extend, in JSON.", _JSON_TEXT),
    ]
    answers = _json({"type": "object"}, "What was found; without parameters what the service is.")
    return {"summary": "Find what names mean, or what is said of it", "parameters": parameters, "responses": {**answers, **problems(502, 504)}}


def _reconcile_posted() -> dict[str, Any]:
    form = {"type": "object", "properties": {"queries": _JSON_TEXT, "extend": _JSON_TEXT}}
    answers = _json({"type": "object"}, "What was found; without parameters what the service is.")
    body = {"required": True, "content": {_FORM: {"schema": form}}}
    return {"summary": "Find what names mean, or what is said of it", "requestBody": body, "responses": {**answers, **problems(408, 415, 502, 504)}}
