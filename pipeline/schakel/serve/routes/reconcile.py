"""The Reconciliation Service API 0.2 of the W3C community group: OpenRefine finds the things that cells name, and takes over what is said of them."""

import asyncio
import html
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from schakel.errors import NotAnIriError
from schakel.graph import Term
from schakel.lookup import as_iri
from schakel.namespaces import curie
from schakel.serve.editions import Edition
from schakel.serve.index import Found
from schakel.serve.problems import Problem
from schakel.serve.requests import form_of_body, parameters_of, single
from schakel.serve.service import edition_of, service_of, tell_rows

__all__ = ["preview", "propose_properties", "reconcile", "suggest"]

_SUGGESTED: Final = ("entity", "type", "property")
_MOST_QUERIES: Final = 100
_MOST_IDS: Final = 500
_MOST_PROPERTIES: Final = 20
_MOST_RESULTS: Final = 50
_USUAL_RESULTS: Final = 10
_MATCH: Final = 95.0
_LONGEST_TEXT: Final = 500
_PREVIEW_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


async def reconcile(request: Request) -> Response:
    """Answer queries about names, extend rows, or say what the service is."""
    edition, options = edition_of(request), service_of(request).options
    pairs = parameters_of(request.scope["query_string"])
    if request.method == "POST":
        pairs = [*pairs, *await form_of_body(request, options.body_bytes, options.patience)]
    queries, extend = single(pairs, "queries"), single(pairs, "extend")
    if queries is not None:
        return _json(await asyncio.to_thread(_reconciled, edition, _object(queries, "queries")))
    if extend is not None:
        return _json(await asyncio.to_thread(_extended, edition, _object(extend, "extend")))
    return _json(_manifest(edition, _origin(request)))


def _manifest(edition: Edition, origin: str) -> dict[str, Any]:
    base = edition.graph.context.base
    service = f"{origin}/reconcile"
    suggests = {kind: {"service_url": service, "service_path": f"/suggest/{kind}"} for kind in _SUGGESTED}
    return {
        "versions": ["0.2"],
        "name": f"Things of {base}",
        "identifierSpace": base,
        "schemaSpace": base,
        "defaultTypes": [],
        "view": {"url": f"{base}{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": 430, "height": 200},
        "suggest": suggests,
        "extend": {"propose_properties": {"service_url": service, "service_path": "/properties"}, "property_settings": []},
    }


def _origin(request: Request) -> str:
    """Say where the service is, as whoever asks sees it; a name that is none does not come back in an answer."""
    host = request.headers.get("host", "")
    sound = host and all(sign.isascii() and (sign.isalnum() or sign in ".-:[]") for sign in host)
    return f"{request.url.scheme}://{host}" if sound else ""


def _reconciled(edition: Edition, queries: Mapping[str, Any]) -> dict[str, Any]:
    if len(queries) > _MOST_QUERIES:
        raise Problem("too-large", f"There may be {_MOST_QUERIES} queries at once.")
    return {key: {"result": _candidates(edition, each)} for key, each in queries.items()}


def _candidates(edition: Edition, asked: object) -> list[dict[str, Any]]:
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise Problem("bad-parameter", "Each query is an object with a text “query”.")
    limit = asked.get("limit", _USUAL_RESULTS)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise Problem("bad-parameter", "“limit” is a whole number from 1.")
    named = asked.get("type", [])
    types = named if isinstance(named, list) else [named]
    if not all(isinstance(each, str) for each in types):
        raise Problem("bad-parameter", "“type” is an id, or a list of them.")
    text = asked["query"][:_LONGEST_TEXT]
    kinds = frozenset(term for each in types if (term := _term(edition, each)) is not None)
    if types and not kinds:
        return []
    exact = _term(edition, text)
    if exact is not None and exact in edition.names.best:
        return [_told(edition, Found(exact, 100.0, text), match=True)]
    found = edition.names.search(text, kinds=kinds, limit=min(limit, _MOST_RESULTS))
    certain = bool(found) and found[0].score >= _MATCH and (len(found) == 1 or found[1].score < found[0].score)
    return [_told(edition, each, match=certain and place == 0) for place, each in enumerate(found)]


def _told(edition: Edition, found: Found, *, match: bool) -> dict[str, Any]:
    return {
        "id": edition.graph.context.short(found.entity),
        "name": edition.names.label(found.entity, edition.graph.context),
        "score": found.score,
        "match": match,
        "type": [_named(edition, term) for term in edition.names.kinds_of(found.entity)],
    }


def _named(edition: Edition, term: NamedNode) -> dict[str, str]:
    return {"id": edition.graph.context.short(term), "name": edition.names.label(term, edition.graph.context)}


def _term(edition: Edition, typed: str) -> NamedNode | None:
    """Give the IRI of an id, as we give ids; None where it can be none."""
    if not typed.strip() or len(typed) > _LONGEST_TEXT or any(sign in typed for sign in ' <>"{}|\\^`\n\r\t'):
        return None
    try:
        return as_iri(typed, edition.graph.context)
    except NotAnIriError:
        return None


def _object(text: str, name: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem("bad-parameter", f"“{name}” is not JSON.") from None
    if not isinstance(document, dict):
        raise Problem("bad-parameter", f"“{name}” is not an object.")
    return document


def _extended(edition: Edition, asked: Mapping[str, Any]) -> dict[str, Any]:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(each, str) for each in ids):
        raise Problem("bad-parameter", "“extend” has lists “ids” and “properties”.")
    if len(ids) > _MOST_IDS or len(properties) > _MOST_PROPERTIES:
        raise Problem("too-large", f"There may be {_MOST_IDS} ids and {_MOST_PROPERTIES} properties at once.")
    wanted = {each["id"]: _term(edition, each["id"]) for each in properties if isinstance(each, dict) and isinstance(each.get("id"), str)}
    if len(wanted) < len(properties):
        raise Problem("bad-parameter", "Each property is an object with an “id”, each once.")
    entities = {each: _term(edition, each) for each in ids}
    values = _values(edition, [term for term in entities.values() if term], [term for term in wanted.values() if term])
    rows = {
        each: {name: [_cell(edition, value) for value in values.get((entity, term), [])] for name, term in wanted.items()} for each, entity in entities.items()
    }
    return {"meta": [{"id": name, "name": edition.names.label(term, edition.graph.context) if term else name} for name, term in wanted.items()], "rows": rows}


def _values(edition: Edition, entities: Sequence[NamedNode], properties: Sequence[NamedNode]) -> dict[tuple[Term | None, Term | None], list[Term]]:
    if not entities or not properties:
        return {}
    subjects, predicates = (" ".join(map(str, terms)) for terms in (entities, properties))
    answer = edition.graph.source.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {subjects} }} VALUES ?p {{ {predicates} }} ?s ?p ?o }} ORDER BY ?s ?p ?o")
    found: dict[tuple[Term | None, Term | None], list[Term]] = {}
    for subject, predicate, value in answer.rows:
        if value is not None:
            found.setdefault((subject, predicate), []).append(value)
    return found


def _cell(edition: Edition, value: Term) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        return _named(edition, value)
    if not isinstance(value, Literal):
        return {"str": str(value)}
    kind = curie(value.datatype.value)
    if kind in {"xsd:integer", "xsd:decimal", "xsd:double"}:
        try:
            return {"int": int(value.value)} if kind == "xsd:integer" else {"float": float(value.value)}
        except ValueError:
            pass
    return {"date": value.value} if kind in {"xsd:date", "xsd:dateTime"} else {"str": value.value}


async def suggest(request: Request) -> Response:
    """Complete what a person types: things, types, properties."""
    edition = edition_of(request)
    prefix = (single(parameters_of(request.scope["query_string"]), "prefix") or "")[:_LONGEST_TEXT]
    names, context = edition.names, edition.graph.context
    if request.path_params["kind"] not in _SUGGESTED:
        raise Problem("not-found")
    if request.path_params["kind"] == "entity":
        found = await asyncio.to_thread(names.beginning, prefix)
        told = [_named(edition, each.entity) | {"notable": [_named(edition, term) for term in names.kinds_of(each.entity)[:1]]} for each in found]
        tell_rows(request, len(told))
        return _json({"result": told})
    terms = {term for classes in names.types.values() for term in classes} if request.path_params["kind"] == "type" else set(names.properties)
    wanted = prefix.casefold()
    fitting = [each for term in terms if wanted in (each := _named(edition, term))["name"].casefold() or wanted in context.short(term).casefold()]
    return _json({"result": sorted(fitting, key=lambda each: (not each["name"].casefold().startswith(wanted), each["name"], each["id"]))[:_MOST_RESULTS]})


async def propose_properties(request: Request) -> Response:
    """Propose what can be taken over for things of a type: what most of them have first."""
    edition = edition_of(request)
    pairs = parameters_of(request.scope["query_string"])
    asked = single(pairs, "type") or ""
    kind = _term(edition, asked) if asked else None
    pattern = f"?s a {kind} ." if kind else ""
    query = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {pattern} ?s ?p ?o }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT {_MOST_RESULTS}"
    answer = await asyncio.to_thread(edition.graph.source.select, query)
    return _json({"type": asked, "properties": [_named(edition, term) for term, _ in answer.rows if isinstance(term, NamedNode)]})


async def preview(request: Request) -> Response:
    """Show a thing in a few words, to be framed by OpenRefine."""
    edition = edition_of(request)
    asked = single(parameters_of(request.scope["query_string"]), "id") or ""
    term = _term(edition, asked)
    if term is None or term not in edition.names.best:
        raise Problem("not-found", "There is no such thing.")
    name = html.escape(edition.names.label(term, edition.graph.context))
    kinds = ", ".join(html.escape(_named(edition, each)["name"]) for each in edition.names.kinds_of(term))
    address = html.escape(quote(term.value, safe=":/#?&=%@!$'()*+,;~-._"), quote=True)
    link = f'<a href="{address}" target="_blank" rel="noopener"><strong>{name}</strong></a>'
    body = f'<!doctype html><meta charset="utf-8"><title>{name}</title><p>{link}</p><p>{kinds}</p>'
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _PREVIEW_POLICY, "Cache-Control": "no-cache"}
    return Response(body.encode("utf-8", "replace"), headers=headers)


def _json(document: object) -> Response:
    return Response(
        json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"), headers={"Content-Type": "application/json", "Cache-Control": "no-cache"}
    )
