"""Canned queries as an API: `/api/members?body=Harbour+Trust&format=csv`, with the parameters and the answers of `schakel query`."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from schakel.answers import FORMATS, Answer
from schakel.errors import (
    AmbiguousNameError,
    BadParameterError,
    EndpointError,
    MissingParameterError,
    NotAnIriError,
    NotInGraphError,
    SchakelError,
    UnknownNameError,
)
from schakel.findings import in_language
from schakel.queries import CannedQuery
from schakel.serve.codings import coded, coding_for, is_known, kept_coded, tag_of, tagged
from schakel.serve.editions import Edition
from schakel.serve.negotiation import wanted_format
from schakel.serve.problems import Problem
from schakel.serve.requests import parameters_of
from schakel.serve.routes.openapi import LANGUAGE, describe_api
from schakel.serve.service import edition_of, tell_route, tell_rows

__all__ = ["API_FORMATS", "api_answer", "api_description", "api_list"]

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
_NAMES_OF_THINGS: Final = (AmbiguousNameError, BadParameterError, NotAnIriError, NotInGraphError, UnknownNameError)
_VARIES: Final = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class _Made:
    """An answer as it is kept: the part of it that was asked for, its tag, and the rows of the whole."""

    content: bytes
    tag: str
    rows: int


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


async def api_list(request: Request) -> Response:
    """List the canned queries."""
    edition = edition_of(request)
    listed = [
        {
            "name": each.name,
            "title": in_language(each.title, "en"),
            "description": in_language(each.description, "en"),
            "category": each.category,
            "url": f"/api/{each.name}",
        }
        for each in edition.graph.queries.values()
    ]
    return await _json(request, {"queries": listed, "description": "/api/openapi.json"})


async def api_description(request: Request) -> Response:
    """Describe the API in OpenAPI."""
    edition = edition_of(request)
    made = cast("_Made | None", edition.answers.get("openapi"))
    if made is None:
        context, formats = edition.graph.context, list(dict.fromkeys(API_FORMATS.values()))
        thing = min((context.short(each) for each in edition.names.best), default=None)
        content = describe_api(context.base, edition.graph.queries.values(), formats, thing)
        made = _Made(content, tag_of(content), 0)
        edition.answers.put("openapi", made, len(content))
    return await _sent(request, "openapi", made, {"Content-Type": "application/json", "Cache-Control": "no-cache"})


async def api_answer(request: Request) -> Response:
    """Answer a canned query."""
    edition = edition_of(request)
    name = request.path_params["name"]
    query = edition.graph.queries.get(name)
    if query is None:
        raise Problem("not-found", str(UnknownNameError("query", name[:100], sorted(edition.graph.queries))))
    tell_route(request, f"/api/{query.name}")
    asked = _asked(request, query)
    made = cast("_Made | None", edition.answers.get(asked))
    if made is None:
        answer = await asyncio.to_thread(_answer, edition, query, asked)
        part = answer if not asked.page else answer[(asked.page - 1) * asked.page_size : asked.page * asked.page_size]
        content = FORMATS[asked.format](part)
        made = _Made(content, tag_of(content), len(answer))
        edition.answers.put(asked, made, len(content) + 500)
    tell_rows(request, made.rows)
    media_type = _TYPES[asked.format]
    written = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return await _sent(request, asked, made, {"Content-Type": written, "X-Total-Count": str(made.rows), **_VARIES, **_pages(request, asked, made.rows)})


async def _sent(request: Request, key: object, made: _Made, headers: Mapping[str, str]) -> Response:
    """Send what is kept, in the coding wanted; or nothing, where the reader has it."""
    coding = coding_for(request, len(made.content))
    told = tagged({**headers, "ETag": made.tag}, coding)
    if is_known(request, told["ETag"]):
        return Response(status_code=304, headers={name: value for name, value in told.items() if name not in {"Content-Type", "Content-Encoding"}})
    content = made.content if coding == "identity" else await kept_coded(edition_of(request).answers, key, coding, lambda: made.content)
    return Response(content, headers=told)


def _answer(edition: Edition, query: CannedQuery, asked: _Asked) -> Answer:
    try:
        return edition.graph.ask(query.name, dict(asked.values), language=asked.language, everything=asked.everything)
    except MissingParameterError as error:
        wanted = "; ".join(f"{name} ({kind}{f', for example {example}' if example else ''})" for name, kind, example in error.missing)
        missing = [{"name": name, "kind": kind, "example": example} for name, kind, example in error.missing]
        raise Problem("bad-parameter", f"The query must know {wanted}; or ask for all with everything=true.", missing=missing) from None
    except _NAMES_OF_THINGS as error:
        raise Problem("bad-parameter", str(error)) from None
    except EndpointError:
        raise Problem("engine-failed", "The query engine gave no answer.") from None
    except SchakelError as error:
        raise Problem("query-unreadable", str(error)) from None


def _asked(request: Request, query: CannedQuery) -> _Asked:
    pairs = parameters_of(request.scope["query_string"])
    given = dict(pairs)
    if len(given) < len(pairs):
        raise Problem("bad-parameter", "A parameter is given twice.")
    own = {each.name for each in query.asks}
    ours = {name: value for name, value in given.items() if name in _OURS and name not in own}
    values = tuple(sorted((name, value) for name, value in given.items() if name not in ours))
    empty = [name for name, value in values if not value.strip()]
    if empty:
        raise Problem("bad-parameter", f"“{empty[0][:100]}” is empty.")
    everything = ours.get("everything", "false")
    if everything not in {"true", "false"}:
        raise Problem("bad-parameter", "“everything” is true or false.")
    size = _number(ours, "page_size", _LARGEST_PAGE)
    page = _number(ours, "page", 1_000_000) or (1 if size else 0)
    return _Asked(query.name, values, _language(ours), everything == "true", _format(request, ours), page, (size or _USUAL_PAGE) if page else 0)


def _number(given: Mapping[str, str], name: str, most: int) -> int:
    text = given.get(name)
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise Problem("bad-parameter", f"“{name}” is a whole number from 1 to {most:,}.")
    return int(text)


def _language(given: Mapping[str, str]) -> str | None:
    tag = given.get("language")
    if tag is not None and not re.fullmatch(LANGUAGE, tag):
        raise Problem("bad-parameter", "“language” is a language tag, as nl.")
    return tag


def _format(request: Request, given: Mapping[str, str]) -> str:
    names = list(dict.fromkeys(API_FORMATS.values()))
    asked = given.get("format") if "format" in given else wanted_format(request.headers.get("accept"), API_FORMATS)
    if asked not in names:
        raise Problem("not-acceptable", f"There are the formats {', '.join(names)}.", headers={"Vary": "Accept"})
    return asked


def _pages(request: Request, asked: _Asked, rows: int) -> dict[str, str]:
    """Lead to the pages around one."""
    if not asked.page:
        return {}
    last = max((rows + asked.page_size - 1) // asked.page_size, 1)
    numbers = {"first": 1, "prev": asked.page - 1, "next": asked.page + 1, "last": last}
    rest = [(name, value) for name, value in parameters_of(request.scope["query_string"]) if name != "page"]
    links = [f'<?{urlencode([*rest, ("page", number)])}>; rel="{rel}"' for rel, number in numbers.items() if 1 <= number <= last]
    return {"Link": ", ".join(links)}


async def _json(request: Request, document: object) -> Response:
    return await coded(request, json.dumps(document, ensure_ascii=False).encode(), {"Content-Type": "application/json", "Cache-Control": "no-cache"})
