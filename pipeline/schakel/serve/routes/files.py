"""Files of the publication, with their media types and signposts to what they are about. docs/how-to/host-the-site.md says why."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote, unquote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from schakel.document_paths import decoded
from schakel.lookup import Context
from schakel.publish.service_description import describe_access
from schakel.queries.worker import UnnamedPropertyError, valid_xml
from schakel.serve.addresses import Site
from schakel.serve.editions import Edition
from schakel.serve.request_parsing import weights
from schakel.serve.response_cache import may_be_cached
from schakel.serve.responses import Problem, tag_of
from schakel.serve.routes.things import DERIVED, lead
from schakel.serve.service import edition_of, in_thread, site_of, state_of
from schakel.site.machines import Link, link_header
from schakel.site.machines.addresses import address_of_iri

__all__ = ["files"]

# As the configurations in docs/hosting/ have them.
_TYPES: Final = {
    "atom": "application/atom+xml",
    "gz": "application/gzip",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "n3": "text/n3; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "rq": "application/sparql-query",
    "trig": "application/trig",
    "wasm": "application/wasm",
    "xml": "application/xml; charset=utf-8",
    "woff2": "font/woff2",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
}
_NAMED: Final = {"/.well-known/void": _TYPES["ttl"], "/linkset.json": "application/linkset+json"}
_ANY: Final = "application/octet-stream"
# What is said here of the service itself, besides what was published.
_DESCRIPTIONS: Final = frozenset({"/.well-known/void", "/void.ttl", "/catalog.ttl"})
# What is read at once, what other formats are made of, and what is packed for a client that takes that.
_SMALL: Final = 256 << 10
_LARGEST_DERIVED: Final = 4 << 20
_LARGEST_PACKED: Final = 16 << 20
_PAGE: Final = re.compile(r"(?:/[a-z]{2,3}(?:-[a-z0-9]+)*)?(/.+)\.html")
_DATA: Final = re.compile(r"(/.+)\.(?:ttl|jsonld|nt|trig|rdf|n3)")
_IN_PATH: Final = "/:@!$&'()*+,;="
_DESCRIBED_BY: Final = ("ttl", "jsonld", "nt")
# The links of the page for what is not there are absolute, as it is shown at any depth: these lead to its style sheets.
_ROOT: Final = re.compile(rb'href="([^"]+)static/')
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_MISSING: Final = frozenset({"gone", "not-found"})
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
        # Of what describes the service, the addresses depend on the host that the client names.
        state.cacheable = _DESCRIPTIONS.isdisjoint({path, f"{path.rpartition('.')[0]}.ttl"})
        found = _file(edition, state.site, path)
        if found is None:
            state.route = "thing"
            return await _derived(request, edition, path) or lead(request, path)
        state.route = found.kind
        return _sent(found, state.site, edition, path)
    except Problem as problem:
        if problem.kind in _MISSING:
            state.route = "nothing"
            problem.headers["Vary"] = "Accept"
        page = _file(edition, state.site, "/404.html") if problem.kind in _MISSING else None
        if page is None or "text/html" not in weights(request.headers.get("accept", "")):
            raise
        headers = {name: value for name, value in page.headers.items() if name in _OF_MISSING} | problem.headers
        return Response(_missing(page.path.read_bytes(), state.site), problem.status, headers)


def _missing(page: bytes, site: Site) -> bytes:
    """Let the links of the page for what is not there lead to where the client sees the site."""
    root = _ROOT.search(page)
    return page if root is None else page.replace(root[1], html.escape(site.url("/")).encode())


def _safe(path: str) -> str:
    """Give the path of a file below the publication; raise Problem for one that could be anything else, or is hidden."""
    segments = path.strip("/").split("/")
    hidden = any(segment.startswith(".") for segment in segments) and not path.startswith("/.well-known/")
    if hidden or any(segment in {".", ".."} for segment in segments) or "\\" in path or "\0" in path or "//" in path:
        raise Problem("not-found")
    return path


def _file(edition: Edition, site: Site, path: str) -> _File | None:
    name = f"{path}index.html" if path.endswith("/") else path
    file = edition.folder / name.lstrip("/")
    try:
        if file.is_symlink() or not file.is_file() or not file.resolve().is_relative_to(edition.folder.resolve()):
            return None
        stat = file.stat()
    except (OSError, ValueError):
        return None  # a name that is too long, or that no file can have
    kind = _NAMED.get(name) or _TYPES.get(file.suffix[1:], _ANY)
    headers = {
        "Content-Type": kind,
        "ETag": f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
        "Last-Modified": formatdate(stat.st_mtime, usegmt=True),
        "Cache-Control": "no-cache",
        **(_FOR_READERS if kind.startswith("text/html") else {}),
    }
    link = _signposts(edition, site, name)
    return _File(file, _kind(name, kind, link), stat.st_size, headers | ({"Link": link} if link else {}))


def _kind(name: str, media_type: str, link: str) -> str:
    """Say what a file is, for the log: a page, data of a thing, a dump, a part of pages, or another."""
    if media_type.startswith("text/html"):
        return "page"
    folder = name.split("/")[1]
    return "data" if link else {"download": "dump", "static": "static", "queries": "answer"}.get(folder, "file")


def _sent(file: _File, site: Site, edition: Edition, path: str) -> Response:
    if path in _DESCRIPTIONS:
        content = _described(file.path.read_bytes(), edition, site)
        return Response(content, headers={**file.headers, "ETag": tag_of(content)})
    if file.size <= _SMALL:
        return Response(file.path.read_bytes(), headers=file.headers)
    return (_LargeFile if file.size > _LARGEST_PACKED else FileResponse)(file.path, headers=file.headers)


def _described(content: bytes, edition: Edition, site: Site) -> bytes:
    """Add to a description of the dataset how it can be asked here."""
    return content + b"\n" + describe_access(edition.graph.context.base, site.url("/"))


async def _derived(request: Request, edition: Edition, path: str) -> Response | None:
    """Give what a file holds in a format that it was not published in; None where there is no such file."""
    stem, _, suffix = path.rpartition(".")
    site = site_of(request)
    sources = (_file(edition, site, f"{stem}.{each}") for each in DERIVED.get(suffix, ()))
    source = next((file for file in sources if file is not None and file.size <= _LARGEST_DERIVED), None)
    if source is None:
        return None
    state_of(request.scope).route = "data"
    content = source.path.read_bytes()
    if f"{stem}.ttl" in _DESCRIPTIONS:
        content = _described(content, edition, site)
    if suffix != "n3":  # of which Turtle is a part
        content = await in_thread(request, _converted, content, source.path.suffix[1:], suffix, edition.graph.context)
    link = _signposts(edition, site, path)
    kept = {name: source.headers[name] for name in ("Last-Modified", "Cache-Control")}
    return Response(content, headers={"Content-Type": _TYPES[suffix], "ETag": tag_of(content), **kept, **({"Link": link} if link else {})})


def _converted(content: bytes, source: str, suffix: str, context: Context) -> bytes:
    read, written = (ox.RdfFormat.from_extension(each) for each in (source, suffix))
    assert read is not None and written is not None  # noqa: PT018, S101  # of DERIVED
    statements = (quad.triple for quad in ox.parse(content, format=read, base_iri=context.base))
    used = {name: iri for name, iri in context.prefixes.items() if iri.encode() in content}
    converted = cast("bytes", ox.serialize(statements, format=written, prefixes=used))
    if suffix != "rdf":
        return converted
    try:
        return valid_xml(converted)
    except UnnamedPropertyError as error:
        raise Problem("not-acceptable", f"RDF/XML has no name for the property <{error}>; ask for another format.") from None


def _signposts(edition: Edition, site: Site, path: str) -> str:
    """Write the `Link` header of a page of a thing or of its data, for programs that ask with HEAD; the configurations in docs/hosting/ send the same."""
    named = quote(path, safe=_IN_PATH)
    for thing in (match for pattern in (re.compile(r"(/.+)\.html"), _PAGE) if (match := pattern.fullmatch(named))):
        if (edition.folder / f"{unquote(thing[1])}.jsonld".lstrip("/")).is_file():
            data = [Link("describedby", site.path(f"{thing[1]}.{suffix}"), type=_TYPES[suffix].partition(";")[0]) for suffix in _DESCRIBED_BY]
            return link_header([Link("cite-as", _thing(edition, thing[1])), Link("type", "https://schema.org/AboutPage"), *data])
    described = _DATA.fullmatch(named)
    if described is not None and (edition.folder / f"{unquote(described[1])}.html".lstrip("/")).is_file():
        return link_header([Link("describes", _thing(edition, described[1]))])
    return ""


def _thing(edition: Edition, path: str) -> str:
    """Give the address of the thing that a document is about."""
    return address_of_iri(decoded(unquote(path).lstrip("/"), edition.graph.context.base))
