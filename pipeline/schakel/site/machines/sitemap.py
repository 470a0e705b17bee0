"""The sitemap: every page in every language, for search engines; and `robots.txt`, which says where it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from schakel.site.machines.addresses import PageGroup, address_of

__all__ = ["MOST_BYTES", "MOST_PAGES", "SITEMAP", "robots_file", "sitemap_files"]

# The limits of the format for one file.
MOST_PAGES: Final = 50_000
MOST_BYTES: Final = 50 * 1024 * 1024
SITEMAP: Final = "sitemap.xml"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = b' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD: Final = _DECLARATION + b"<urlset" + _NAMESPACE + b' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
_TAIL: Final = b"</urlset>\n"
_INDEX_HEAD: Final = _DECLARATION + b"<sitemapindex" + _NAMESPACE + b">\n"
_INDEX_TAIL: Final = b"</sitemapindex>\n"


@dataclass(frozen=True)
class _Limits:
    """How much one file may hold."""

    pages: int
    bytes: int


def sitemap_files(base: str, pages: Iterable[PageGroup], *, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the sitemap: one file, or where that would be too large several, `sitemap-1.xml` and so on, and an index of them.

    The pages are read one after another; never more than two files are in memory. There is no date of change: nothing here knows the time.
    """
    files = _files(base, pages, _Limits(most_pages, most_bytes))
    first, second = next(files, _HEAD + _TAIL), next(files, None)
    if second is None:
        yield SITEMAP, first
        return
    parts = 0
    for parts, content in enumerate(chain((first, second), files), start=1):
        yield _part(parts), content
    entries = (b"<sitemap><loc>%s</loc></sitemap>\n" % address_of(base, _part(each)).encode() for each in range(1, parts + 1))
    yield SITEMAP, b"".join([_INDEX_HEAD, *entries, _INDEX_TAIL])


def _part(number: int) -> str:
    return f"sitemap-{number}.xml"


def _files(base: str, pages: Iterable[PageGroup], limits: _Limits) -> Iterator[bytes]:
    """Fill one file after another."""
    entries: list[bytes] = []
    size = 0
    for page in pages:
        for entry in _entries(base, page):
            if entries and (len(entries) == limits.pages or len(_HEAD) + size + len(entry) + len(_TAIL) > limits.bytes):
                yield b"".join([_HEAD, *entries, _TAIL])
                entries, size = [], 0
            entries.append(entry)
            size += len(entry)
    if entries:
        yield b"".join([_HEAD, *entries, _TAIL])


def _entries(base: str, page: PageGroup) -> Iterator[bytes]:
    """Write an entry for each language; each names all of them, itself too, as search engines ask for it."""
    addresses = {language: address_of(base, path) for language, path in page.paths.items()}
    named = [*addresses.items(), ("x-default", next(iter(addresses.values()), ""))] if len(addresses) > 1 else []
    others = "".join(f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(address)}/>' for language, address in named)
    for address in addresses.values():
        yield f"<url><loc>{escape(address)}</loc>{others}</url>\n".encode()


def robots_file(base: str) -> bytes:
    """Write `robots.txt`: everything may be read, and where the sitemap is. Robots only look for it at the root of a host."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {address_of(base, SITEMAP)}\n".encode()
