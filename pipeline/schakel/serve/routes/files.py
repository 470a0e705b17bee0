"""Files of the publication, and things: the IRI of a thing leads to the document about it. docs/how-to/host-the-site.md says why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from schakel.document_paths import path_of
from schakel.serve.editions import Edition
from schakel.serve.negotiation import wanted_format, wanted_language, weights
from schakel.serve.problems import Problem
from schakel.serve.request_parsing import parameters_of, single
from schakel.serve.response_cache import may_be_cached
from schakel.serve.routes.media_types import media_type
from schakel.serve.routes.moved import moved_to
from schakel.serve.routes.signposts import signposts
from schakel.serve.service import edition_of, service_of, state_of

__all__ = ["files", "page_languages"]

# As RFC 3986 has a path, so that nothing in it can become a header or another host.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_.~%!$&'()*+,;=:@-]+)+")
_FORMATS: Final[Mapping[str, str]] = {
    "text/html": "html",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/n-triples": "nt",
    "application/trig": "trig",
}
_NAMED: Final[Mapping[str, str]] = {
    "html": "html",
    "ttl": "ttl",
    "turtle": "ttl",
    "jsonld": "jsonld",
    "json-ld": "jsonld",
    "json": "jsonld",
    "nt": "nt",
    "ntriples": "nt",
    "trig": "trig",
}
# What is read at once, and what is packed for a client that takes that.
_SMALL: Final = 256 << 10
_LARGEST_PACKED: Final = 16 << 20
_LANGUAGE: Final = re.compile(rb'<html[^>]*\slang="([A-Za-z-]+)"')
_VARIES: Final = "Accept, Accept-Language"
_UNESCAPED: Final = "/:@!$&'()*+,;=~"
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_OF_MISSING: Final = frozenset({"Content-Type", "Content-Security-Policy", "Referrer-Policy", "Cache-Control"})
_FOR_READERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class _File:
    """A file as it is sent: where it is, what kind of file it is, its size and its headers."""

    path: Path
    kind: str
    size: int
    headers: Mapping[str, str]


class _LargeFile(FileResponse):
    """A file that is sent as it is: to pack it would take a second."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # packed by the one that is given
        """Send it."""
        await super().__call__(scope, receive, scope["send_unpacked"])


async def files(request: Request) -> Response:
    """Give a file, or lead to the document about a thing."""
    edition, state = edition_of(request), state_of(request.scope)
    may_be_cached(request.scope)
    try:
        path = _safe(cast("str", request.scope["path"]))
        found = _file(edition, path)
        state.route = "thing" if found is None else found.kind
        if found is not None:
            return _sent(found)
        return _moved(request, edition, path) or _led(request, edition, path)
    except Problem as problem:
        if problem.kind == "not-found":
            state.route = "nothing"
            problem.headers["Vary"] = "Accept"
        page = _file(edition, "/404.html") if problem.kind == "not-found" else None
        if page is None or "text/html" not in weights(request.headers.get("accept", "")):
            raise
        headers = {name: value for name, value in page.headers.items() if name in _OF_MISSING} | problem.headers
        return Response(page.path.read_bytes(), problem.status, headers)


def _safe(path: str) -> str:
    """Give the path of a file below the publication; raise Problem for one that could be anything else, or is hidden."""
    segments = path.strip("/").split("/")
    hidden = any(segment.startswith(".") for segment in segments) and not path.startswith("/.well-known/")
    if hidden or any(segment in {".", ".."} for segment in segments) or "\\" in path or "\0" in path or "//" in path:
        raise Problem("not-found")
    return path


def _file(edition: Edition, path: str) -> _File | None:
    name = f"{path}index.html" if path.endswith("/") else path
    file = edition.folder / name.lstrip("/")
    try:
        if file.is_symlink() or not file.is_file() or not file.resolve().is_relative_to(edition.folder.resolve()):
            return None
        stat = file.stat()
    except (OSError, ValueError):
        return None  # a name that is too long, or that no file can have
    kind = media_type(name)
    headers = {
        "Content-Type": kind,
        "ETag": f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
        "Last-Modified": formatdate(stat.st_mtime, usegmt=True),
        "Cache-Control": "no-cache",
        **(_FOR_READERS if kind.startswith("text/html") else {}),
    }
    link = signposts(edition.folder, edition.graph.context.base, name)
    return _File(file, _kind(name, kind, link), stat.st_size, headers | ({"Link": link} if link else {}))


def _kind(name: str, media_type: str, link: str) -> str:
    """Say what a file is, for the log: a page, data of a thing, a dump, a part of pages, or another."""
    if media_type.startswith("text/html"):
        return "page"
    folder = name.split("/")[1]
    return "data" if link else {"download": "dump", "static": "static", "queries": "answer"}.get(folder, "file")


def _sent(file: _File) -> Response:
    if file.size <= _SMALL:
        return Response(file.path.read_bytes(), headers=file.headers)
    return (_LargeFile if file.size > _LARGEST_PACKED else FileResponse)(file.path, headers=file.headers)


def _led(request: Request, edition: Edition, path: str) -> Response:
    """Lead from a thing to a document about it, in the format and language wanted, or in another where there is none in that."""
    raw = cast("bytes", request.scope.get("raw_path") or b"").decode("latin-1").partition("?")[0]
    asked = single(parameters_of(request.scope["query_string"]), "format")
    if asked is not None and asked not in _NAMED:
        raise Problem("not-acceptable", f"There are the formats {', '.join(_NAMED)}.")
    suffix = _NAMED[asked] if asked is not None else wanted_format(request.headers.get("accept"), _FORMATS) or "html"
    if path == "/dataset":
        return RedirectResponse("/" if suffix == "html" else "/void.ttl", 303, {"Vary": _VARIES})
    iri = single(parameters_of(request.scope["query_string"]), "iri") if path == "/about" else None
    if iri is None and (not _PATH.fullmatch(raw) or (path.endswith("/") and not _document(edition, [edition.graph.context.base + raw[1:]]))):
        raise Problem("not-found")
    if iri is None and _is_there(edition, f"{path}/index.html"):
        return Response(status_code=301, headers={"Location": f"{raw}/"})
    base = edition.graph.context.base
    document = _document(edition, [iri] if iri is not None else [base + raw[1:], base + path[1:]]) or ("" if iri is not None else path)
    prefix = "" if suffix != "html" else _prefix(request, edition, document)
    for before, after in ((prefix, suffix), ("", "html"), ("", "ttl")):
        if _is_there(edition, f"{before}{document}.{after}"):
            location = quote(f"{before}{document}.{after}", safe=_UNESCAPED)
            return Response(status_code=303, headers={"Location": location, "Vary": _VARIES, "Cache-Control": "no-cache"})
    raise Problem("not-found")


def _document(edition: Edition, iris: Sequence[str]) -> str:
    """Give the path of the document about the first of some IRIs that has one; empty where none has."""
    folders = [language.lower() for language in page_languages(edition)]
    paths = (f"/{path_of(iri, edition.graph.context.base, folders, narrow=narrow)}" for iri in iris for narrow in (True, False))
    return next((path for path in paths if any(_is_there(edition, f"{path}.{suffix}") for suffix in ("html", "ttl"))), "")


def _moved(request: Request, edition: Edition, path: str) -> Response | None:
    """Lead from what had another IRI in an earlier version to what it has now, or is a part of now."""
    rules = service_of(request).settings.serve_moved
    if not rules or any(_is_there(edition, f"{path}.{suffix}") for suffix in ("html", "ttl")):
        return None
    new = moved_to(path, rules, page_languages(edition), lambda thing: any(_is_there(edition, f"/{thing}.{suffix}") for suffix in ("html", "ttl")))
    return None if new is None else Response(status_code=301, headers={"Location": quote(new, safe="/#~"), "Cache-Control": "no-cache"})


def _prefix(request: Request, edition: Edition, path: str) -> str:
    first, *others = page_languages(edition)
    wanted = wanted_language(request.headers.get("accept-language"), [first, *others])
    prefix = "" if wanted == first else f"/{wanted.lower()}"
    return prefix if _is_there(edition, f"{prefix}{path}.html") else ""


def _is_there(edition: Edition, path: str) -> bool:
    try:
        return (edition.folder / path.lstrip("/")).is_file()
    except (OSError, ValueError):
        return False


def page_languages(edition: Edition) -> list[str]:
    """Name the languages that pages are in, that of the pages at the top first."""
    return list(_page_languages(edition.folder, edition.graph.context.languages))


@lru_cache(maxsize=4)
def _page_languages(folder: Path, languages: Sequence[str]) -> Sequence[str]:
    page = folder / "index.html"
    match = _LANGUAGE.search(page.read_bytes()[:2000]) if page.is_file() else None
    first = match[1].decode() if match else languages[0]
    return [first, *(tag for tag in languages if tag != first and (folder / tag.lower() / "index.html").is_file())]
