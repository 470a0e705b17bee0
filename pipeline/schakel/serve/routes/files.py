"""Files of the publication, and things: the IRI of a thing leads to the document about it. docs/how-to/host-the-site.md says why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from schakel.serve.codings import coding_for, is_known, kept_coded, tagged
from schakel.serve.editions import Edition
from schakel.serve.negotiation import wanted_format, wanted_language, weights
from schakel.serve.problems import Problem
from schakel.serve.requests import parameters_of, single
from schakel.serve.routes.media_types import COMPRESSED, media_type
from schakel.serve.routes.signposts import signposts
from schakel.serve.service import edition_of, tell_route

__all__ = ["files", "page_languages"]

# As RFC 3986 has a path, so that nothing in it can become a header or another host.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_.~%!$&'()*+,;=:@-]+)+")
_FORMATS: Final[Mapping[str, str]] = {
    "text/html": "html",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/n-triples": "nt",
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
}
_SMALL: Final = 256 << 10
_LANGUAGE: Final = re.compile(rb'<html[^>]*\slang="([A-Za-z-]+)"')
_VARIES: Final = "Accept, Accept-Language"
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_OF_MISSING: Final = frozenset({"Content-Type", "Content-Security-Policy", "Referrer-Policy", "Cache-Control"})
_FOR_READERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class _File:
    """A file as it is sent: what kind of file it is, its headers, and what is in it where it is small enough to be held."""

    path: Path
    kind: str
    headers: Mapping[str, str]
    changed: int
    size: int
    content: bytes | None


async def files(request: Request) -> Response:
    """Give a file, or lead to the document about a thing."""
    edition = edition_of(request)
    try:
        path = _safe(cast("str", request.scope["path"]))
        found = _file(edition, path)
        tell_route(request, "thing" if found is None else found.kind)
        return _led(request, edition, path) if found is None else await _sent(request, edition, found)
    except Problem as problem:
        if problem.kind == "not-found":
            tell_route(request, "nothing")
            problem.headers["Vary"] = "Accept"
        page = _file(edition, "/404.html") if problem.kind == "not-found" else None
        if page is None or page.content is None or "text/html" not in weights(request.headers.get("accept", "")):
            raise
        return Response(page.content, problem.status, {name: value for name, value in page.headers.items() if name in _OF_MISSING} | problem.headers)


def _safe(path: str) -> str:
    """Give the path of a file below the publication; raise Problem for one that could be anything else, or is hidden."""
    segments = path.strip("/").split("/")
    hidden = any(segment.startswith(".") for segment in segments) and not path.startswith("/.well-known/")
    if hidden or any(segment in {".", ".."} for segment in segments) or "\\" in path or "\0" in path or "//" in path:
        raise Problem("not-found")
    return path


def _file(edition: Edition, path: str) -> _File | None:
    name = f"{path}index.html" if path.endswith("/") else path
    kept = cast("_File | None", edition.files.get(name))
    if kept is not None:
        return kept
    file = edition.folder / name.lstrip("/")
    try:
        if file.is_symlink() or not file.is_file() or not file.resolve().is_relative_to(edition.folder.resolve()):
            return None
        stat = file.stat()
        content = file.read_bytes() if stat.st_size <= _SMALL else None
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
    made = _File(file, _kind(name, kind, link), headers | ({"Link": link} if link else {}), int(stat.st_mtime), stat.st_size, content)
    edition.files.put(name, made, 2000 + len(content or b""))
    return made


def _kind(name: str, media_type: str, link: str) -> str:
    """Say what a file is, for the log: a page, data of a thing, a dump, a part of pages, or another."""
    if media_type.startswith("text/html"):
        return "page"
    folder = name.split("/")[1]
    return "data" if link else {"download": "dump", "static": "static", "queries": "answer"}.get(folder, "file")


async def _sent(request: Request, edition: Edition, file: _File) -> Response:
    coding = coding_for(request, file.size, packable=file.headers["Content-Type"].partition(";")[0] in COMPRESSED)
    headers = tagged(file.headers, coding)
    if is_known(request, headers["ETag"], file.changed):
        return Response(status_code=304, headers={name: value for name, value in headers.items() if name not in {"Content-Type", "Content-Encoding"}})
    if coding != "identity":
        content = await kept_coded(edition.files, file.path, coding, lambda: file.path.read_bytes() if file.content is None else file.content)
        return Response(content, headers=headers)
    if file.content is None:
        return FileResponse(file.path, headers=headers)
    return Response(file.content, headers=headers)


def _led(request: Request, edition: Edition, path: str) -> Response:
    """Lead from a thing to a document about it, in the format and language wanted, or in another where there is none in that."""
    raw = cast("bytes", request.scope.get("raw_path") or b"").decode("latin-1").partition("?")[0]
    asked = single(parameters_of(request.scope["query_string"]), "format")
    if asked is not None and asked not in _NAMED:
        raise Problem("not-acceptable", f"There are the formats {', '.join(_NAMED)}.")
    suffix = _NAMED[asked] if asked is not None else wanted_format(request.headers.get("accept"), _FORMATS) or "html"
    if path == "/dataset":
        return RedirectResponse("/" if suffix == "html" else "/void.ttl", 303, {"Vary": _VARIES})
    if not _PATH.fullmatch(raw) or path.endswith("/"):
        raise Problem("not-found")
    if _is_there(edition, f"{path}/index.html"):
        return Response(status_code=301, headers={"Location": f"{raw}/"})
    prefix = "" if suffix != "html" else _prefix(request, edition, path)
    for before, after in ((prefix, suffix), ("", "html"), ("", "ttl")):
        if _is_there(edition, f"{before}{path}.{after}"):
            return Response(status_code=303, headers={"Location": f"{before}{raw}.{after}", "Vary": _VARIES, "Cache-Control": "no-cache"})
    raise Problem("not-found")


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
    kept = cast("list[str] | None", edition.files.get("languages of pages"))
    if kept is not None:
        return kept
    page = edition.folder / "index.html"
    match = _LANGUAGE.search(page.read_bytes()[:2000]) if page.is_file() else None
    first = match[1].decode() if match else edition.graph.context.languages[0]
    others = [tag for tag in edition.graph.context.languages if tag != first and (edition.folder / tag.lower() / "index.html").is_file()]
    edition.files.put("languages of pages", [first, *others], 1)
    return [first, *others]
