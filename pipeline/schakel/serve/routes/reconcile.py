"""The addresses of the reconciliation service; what it answers is in schakel.serve.reconciliation."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from schakel.serve.codings import coded
from schakel.serve.problems import Problem
from schakel.serve.reconciliation import PREVIEW_POLICY, SUGGESTED, extended, flyout_of, manifest, page_of, proposed, reconciled, suggested, term_of
from schakel.serve.requests import form_of_body, parameters_of, single
from schakel.serve.service import edition_of, service_of, tell_rows

__all__ = ["flyout", "preview", "propose_properties", "reconcile", "suggest", "view"]

_LONGEST_TEXT: Final = 500
_MOST: Final = 10_000
_SAFE: Final = ":/#?&=%@!$'()*+,;~-._"


async def reconcile(request: Request) -> Response:
    """Answer queries about names, extend rows, or say what the service is."""
    edition, options = edition_of(request), service_of(request).options
    pairs = parameters_of(request.scope["query_string"])
    if request.method == "POST":
        pairs = [*pairs, *await form_of_body(request, options.body_bytes, options.patience)]
    queries, extend = single(pairs, "queries"), single(pairs, "extend")
    if queries is not None:
        answered = await asyncio.to_thread(reconciled, edition, _object(queries, "queries"))
        tell_rows(request, sum(len(each["result"]) for each in answered.values()))
        return await _json(request, answered)
    if extend is not None:
        taken = await asyncio.to_thread(extended, edition, _object(extend, "extend"))
        tell_rows(request, len(taken["rows"]))
        return await _json(request, taken)
    # The addresses in it are those that whoever asks sees.
    return await _json(request, await asyncio.to_thread(manifest, edition, _origin(request)))


async def suggest(request: Request) -> Response:
    """Complete what a person types."""
    kind, pairs = _kind(request), parameters_of(request.scope["query_string"])
    prefix, skipped = (single(pairs, "prefix") or "")[:_LONGEST_TEXT], _number(single(pairs, "cursor"), "cursor") or 0
    result = await asyncio.to_thread(suggested, edition_of(request), kind, prefix, skipped)
    tell_rows(request, len(result))
    return await _json(request, {"result": result})


async def flyout(request: Request) -> Response:
    """Say a few words about something that is suggested."""
    kind, asked = _kind(request), _asked(request)
    shown = flyout_of(edition_of(request), kind, asked)
    if shown is None:
        raise Problem("not-found", "There is no such thing.")
    return await _json(request, {"id": asked, "html": shown})


async def propose_properties(request: Request) -> Response:
    """Propose what can be taken over for things of a type."""
    pairs = parameters_of(request.scope["query_string"])
    limit = _number(single(pairs, "limit"), "limit")
    return await _json(request, await asyncio.to_thread(proposed, edition_of(request), single(pairs, "type") or "", limit))


async def preview(request: Request) -> Response:
    """Show a thing in a few words, to be framed by OpenRefine."""
    page = page_of(edition_of(request), _asked(request))
    if page is None:
        raise Problem("not-found", "There is no such thing.")
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": PREVIEW_POLICY, "Cache-Control": "no-cache"}
    return await coded(request, page.encode("utf-8", "replace"), headers)


async def view(request: Request) -> Response:
    """Lead to a thing by its id."""
    edition = edition_of(request)
    term = term_of(edition, _asked(request))
    if term is None or term not in edition.names.best:
        raise Problem("not-found", "There is no such thing.")
    # Of this publication, wherever it is served: its IRIs may not lead here yet.
    local = term.value.removeprefix(edition.graph.context.base).lstrip("/")
    return Response(status_code=303, headers={"Location": f"/{quote(local, safe=_SAFE)}", "Cache-Control": "no-cache"})


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in SUGGESTED:
        raise Problem("not-found")
    return kind


def _asked(request: Request) -> str:
    return single(parameters_of(request.scope["query_string"]), "id") or ""


def _number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST)) and int(text) <= _MOST):
        raise Problem("bad-parameter", f"“{name}” is a whole number to {_MOST:,}.")
    return int(text)


def _object(text: str, name: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError):
        raise Problem("bad-parameter", f"“{name}” is not JSON.") from None
    if not isinstance(document, dict):
        raise Problem("bad-parameter", f"“{name}” is not an object.")
    return document


def _origin(request: Request) -> str:
    """Say where the service is, as whoever asks sees it; a name that is none does not come back in an answer."""
    host = request.headers.get("host", "")
    sound = host and all(sign.isascii() and (sign.isalnum() or sign in ".-:[]") for sign in host)
    return f"{request.url.scheme}://{host}" if sound else ""


async def _json(request: Request, document: object) -> Response:
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return await coded(request, content, {"Content-Type": "application/json", "Cache-Control": "no-cache"})
