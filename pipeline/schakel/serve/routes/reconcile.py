"""The addresses of the reconciliation service; what it answers is in schakel.reconciliation."""

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from schakel.document_paths import path_of
from schakel.reconciliation import (
    PREVIEW_POLICY,
    SUGGESTED,
    IndexedGraph,
    extended,
    flyout_of,
    manifest,
    matched,
    page_of,
    proposed,
    reconciled,
    suggested,
    term_of,
)
from schakel.serve.request_parsing import body_of, media_type_of, number, parameters_of, single
from schakel.serve.responses import PartsResponse, Problem, json_response
from schakel.serve.service import in_thread, site_of, state_of

__all__ = ["flyout", "preview", "propose_properties", "reconcile", "suggest", "view"]

_LONGEST_TEXT: Final = 500
_MOST: Final = 10_000
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


async def reconcile(request: Request) -> Response:
    """Answer queries about names, extend rows, or say what the service is."""
    indexed = _indexed(request)
    pairs = parameters_of(request.scope["query_string"])
    if request.method == "POST":
        media_type, _ = media_type_of(request)
        if media_type == _JSON:
            return await _match(request, indexed)
        if media_type != _FORM:
            raise Problem("unsupported-media-type", f"A body should be {_FORM}.", headers={"Accept-Post": _FORM})
        pairs = [*pairs, *parameters_of(await body_of(request))]
    queries, extend = single(pairs, "queries"), single(pairs, "extend")
    if queries is not None:
        answered = await in_thread(request, reconciled, indexed, _object(queries, "queries"))
        state_of(request.scope).rows = sum(len(each["result"]) for each in answered.values())
        return json_response(answered)
    if extend is not None:
        taken = await in_thread(request, extended, indexed, _object(extend, "extend"))
        state_of(request.scope).rows = len(taken["rows"])
        return json_response(taken)
    # The addresses in it are those that whoever asks sees.
    return json_response(await in_thread(request, manifest, indexed, site_of(request).url("/reconcile")))


async def _match(request: Request, indexed: IndexedGraph) -> Response:
    """Answer a batch of queries as the 1.0 draft has them."""
    body = await body_of(request)
    answered = await in_thread(request, matched, indexed, _object(body.decode("utf-8", "replace"), "The body"))
    state_of(request.scope).rows = sum(len(each["candidates"]) for each in answered["results"])
    return json_response(answered)


async def suggest(request: Request) -> Response:
    """Complete what a person types."""
    kind, pairs = _kind(request), parameters_of(request.scope["query_string"])
    prefix, skipped = (single(pairs, "prefix") or "")[:_LONGEST_TEXT], number(pairs, "cursor", 0, _MOST) or 0
    result = await in_thread(request, suggested, _indexed(request), kind, prefix, skipped)
    state_of(request.scope).rows = len(result)
    return json_response({"result": result})


async def flyout(request: Request) -> Response:
    """Say a few words about something that is suggested."""
    kind, asked = _kind(request), _asked(request)
    shown = flyout_of(_indexed(request), kind, asked)
    if shown is None:
        raise Problem("not-found", "There is no such thing.")
    return json_response({"id": asked, "html": shown})


async def propose_properties(request: Request) -> Response:
    """Propose what can be taken over for things of a type."""
    pairs = parameters_of(request.scope["query_string"])
    limit = number(pairs, "limit", 0, _MOST)
    return json_response(await in_thread(request, proposed, _indexed(request), single(pairs, "type") or "", limit))


async def preview(request: Request) -> Response:
    """Show a thing in a few words, to be framed by OpenRefine."""
    page = page_of(_indexed(request), _asked(request))
    if page is None:
        raise Problem("not-found", "There is no such thing.")
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": PREVIEW_POLICY, "Cache-Control": "no-cache"}
    return PartsResponse([page.encode("utf-8", "replace")], headers)


async def view(request: Request) -> Response:
    """Lead to a thing by its id."""
    indexed = _indexed(request)
    term = term_of(indexed, _asked(request))
    if term is None or not indexed.names.is_own(term):
        raise Problem("not-found", "There is no such thing.")
    # Of this publication, wherever it is served: its IRIs may not lead here yet.
    base = indexed.graph.context.base
    local = term.value.removeprefix(base).lstrip("/") if indexed.graph.context.is_own(term) else path_of(term.value, base)
    return Response(status_code=303, headers={"Location": site_of(request).path(f"/{local}"), "Cache-Control": "no-cache"})


def _indexed(request: Request) -> IndexedGraph:
    """Give the graph in service, asked on account of the client, and its names."""
    state = state_of(request.scope)
    return IndexedGraph(state.edition.graph_for(state.work), state.edition.names)


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in SUGGESTED:
        raise Problem("not-found")
    return kind


def _asked(request: Request) -> str:
    return single(parameters_of(request.scope["query_string"]), "id") or ""


def _object(text: str, name: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError):
        raise Problem("bad-parameter", f"“{name}” is not JSON.") from None
    if not isinstance(document, dict):
        raise Problem("bad-parameter", f"“{name}” is not an object.")
    return document
