"""Things: the IRI of a thing leads to a document about it, that of a graph to its statements, and a former IRI to the present one."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from schakel.document_paths import path_of
from schakel.serve.editions import Edition
from schakel.serve.request_parsing import negotiated, parameters_of, single, wanted_language
from schakel.serve.responses import Problem
from schakel.serve.service import edition_of, service_of, site_of
from schakel.settings import Moved

__all__ = ["DERIVED", "lead", "moved_to"]

# As RFC 3986 has a path, so that nothing in it can become a header or another host.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_.~%!$&'()*+,;=:@-]+)+")
_SUFFIX: Final = re.compile(r"\.(?:html|ttl|jsonld|nt)\Z")
# Formats that are made of the files of others when somebody asks for them.
DERIVED: Final[Mapping[str, Sequence[str]]] = {"jsonld": ("ttl",), "n3": ("ttl",), "nt": ("ttl",), "rdf": ("nt", "ttl")}
# Suffixes of documents by media type; the first is given where nothing is asked for.
_FORMATS: Final[Mapping[str, str]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/turtle": "ttl",
    "application/x-turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/n-triples": "nt",
    "application/trig": "trig",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "text/n3": "n3",
    "text/rdf+n3": "n3",
}
_LANGUAGE: Final = re.compile(rb'<html[^>]*\slang="([A-Za-z-]+)"')
_VARIES: Final = "Accept, Accept-Language"


def lead(request: Request, path: str) -> Response:
    """Lead from the path of a thing to where it is described.

    Raises Problem where there is no such thing, or nothing about it in a format that the client takes.
    """
    edition, site = edition_of(request), site_of(request)
    raw = request.scope["raw_path"].decode("latin-1")
    if path == "/dataset":
        suffix = _wanted(request, ["html", "ttl", *DERIVED])
        return RedirectResponse(site.path("/" if suffix == "html" else f"/void.{suffix}"), 303, {"Vary": _VARIES})
    base, iri = edition.graph.context.base, single(parameters_of(request.scope["query_string"]), "iri") if path == "/about" else None
    new = _moved(request, edition, path)
    if new is not None:
        return Response(status_code=301, headers={"Location": site.path(new), "Cache-Control": "no-cache"})
    if not _PATH.fullmatch(raw):
        raise Problem("not-found")
    if iri is None and _is_there(edition, f"{path}/index.html"):
        return Response(status_code=301, headers={"Location": site.path(f"{raw}/")})
    document = _document(edition, [iri] if iri is not None else [base + raw[1:], base + path[1:]])
    if document is None and (iri is not None or path.endswith("/")):
        raise Problem("not-found")
    path = document or path
    suffixes = _suffixes(edition, path)
    if not suffixes:
        return _graph(request, edition, path)
    suffix = _wanted(request, suffixes)
    prefix = _prefix(request, edition, path) if suffix == "html" else ""
    return Response(status_code=303, headers={"Location": site.path(f"{prefix}{path}.{suffix}"), "Vary": _VARIES, "Cache-Control": "no-cache"})


def _document(edition: Edition, iris: Iterable[str]) -> str | None:
    """Give the path of the document about the first of some IRIs that has one, without its suffix."""
    folders = [language.lower() for language in _page_languages(edition)]
    paths = (f"/{path_of(iri, edition.graph.context.base, folders, narrow=narrow)}" for iri in iris for narrow in (True, False))
    return next((path for path in paths if _suffixes(edition, path)), None)


def _graph(request: Request, edition: Edition, path: str) -> Response:
    """Lead from the IRI of a graph to its statements."""
    iri, named = edition.graph.context.base + path.removeprefix("/"), single(parameters_of(request.scope["query_string"]), "format")
    if iri not in edition.graphs:
        if _SUFFIX.sub("", path.lstrip("/")) in edition.gone:
            raise Problem("gone", f"It was in the version before this one{f', {edition.former}' if edition.former else ''}.")
        raise Problem("not-found")
    query = urlencode({"graph": iri, **({"format": named} if named else {})})
    return RedirectResponse(f"{site_of(request).path('/graph')}?{query}", 303)


def _suffixes(edition: Edition, path: str) -> list[str]:
    """Give the suffixes of the documents about a thing, of those that are derived too."""
    there = [suffix for suffix in ("html", "ttl", "jsonld", "nt", "trig") if _is_there(edition, f"{path}.{suffix}")]
    return there + [suffix for suffix, sources in DERIVED.items() if suffix not in there and not set(sources).isdisjoint(there)]


def _wanted(request: Request, suffixes: Sequence[str]) -> str:
    """Give the suffix of the document that `format` asks for, or else `Accept`."""
    offered = {media_type: suffix for media_type, suffix in _FORMATS.items() if suffix in suffixes}
    return negotiated(request, parameters_of(request.scope["query_string"]), offered, _VARIES)


def _moved(request: Request, edition: Edition, path: str) -> str | None:
    """Give the address of what had another IRI in an earlier version, or is a part of something now."""
    rules = service_of(request).settings.serve_moved
    if not rules or any(_is_there(edition, f"{path}.{suffix}") for suffix in ("html", "ttl")):
        return None
    return moved_to(path, rules, _page_languages(edition), lambda thing: any(_is_there(edition, f"/{thing}.{suffix}") for suffix in ("html", "ttl")))


def moved_to(path: str, rules: Sequence[Moved], languages: Sequence[str], is_there: Callable[[str], bool]) -> str | None:
    """Give the path, with its fragment, of what was at a path; None where no rule leads to a thing.

    `is_there` tells of a path without suffix whether there is such a thing. Of a page or file the new one is given, in its language (a folder).
    """
    first, _, rest = path.lstrip("/").partition("/")
    folder, old = (f"{first}/", rest) if rest and first in {language.lower() for language in languages} else ("", path.lstrip("/"))
    suffix = match[0] if (match := _SUFFIX.search(old)) else ""
    for new in _candidates(old.removesuffix(suffix), rules):
        thing, _, fragment = new.partition("#")
        if is_there(thing):
            return f"/{folder if suffix else ''}{thing}{suffix}{'#' * bool(fragment)}{fragment}"
    return None


def _candidates(old: str, rules: Sequence[Moved]) -> Iterator[str]:
    """Give what the rules make of a path, in their order. What the first group holds is tried whole, and then with one word less after another."""
    for rule in rules:
        match = rule.pattern.fullmatch(old)
        if match is None:
            continue
        groups = match.groups("")
        for target in rule.targets:
            if not groups:
                yield target
                continue
            words = groups[0].split("-")
            for count in range(len(words), 0, -1):
                yield target.format("-".join(words[:count]), *groups[1:])


def _prefix(request: Request, edition: Edition, path: str) -> str:
    first, *others = _page_languages(edition)
    wanted = wanted_language(request.headers.get("accept-language"), [first, *others])
    prefix = "" if wanted == first else f"/{wanted.lower()}"
    return prefix if _is_there(edition, f"{prefix}{path}.html") else ""


def _is_there(edition: Edition, path: str) -> bool:
    try:
        return (edition.folder / path.lstrip("/")).is_file()
    except (OSError, ValueError):
        return False


def _page_languages(edition: Edition) -> Sequence[str]:
    """Name the languages that pages are in, that of the pages at the top first."""
    return _languages_in(edition.folder, edition.graph.context.languages)


@lru_cache(maxsize=4)
def _languages_in(folder: Path, languages: Sequence[str]) -> Sequence[str]:
    page = folder / "index.html"
    match = _LANGUAGE.search(page.read_bytes()[:2000]) if page.is_file() else None
    first = match[1].decode() if match else languages[0]
    return [first, *(tag for tag in languages if tag != first and (folder / tag.lower() / "index.html").is_file())]
