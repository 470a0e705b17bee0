"""Signposting: typed links that say of a page which thing it is about, what that is, where its data are, and whose they are.

What the relations mean is written at https://signposting.org/FAIR/. A program that follows them needs no page to be taken apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.site.machines.addresses import PageGroup, address_of, address_of_iri, href_between, is_web_address
from schakel.site.machines.links import Link

__all__ = ["LINKSET", "LINKSET_TYPE", "Document", "Signposts", "as_seen_from", "links_of"]

LINKSET: Final = "linkset.json"
LINKSET_TYPE: Final = "application/linkset+json"
# The class that the profile asks for of a page about something else.
_ABOUT_PAGE: Final = "https://schema.org/AboutPage"
_HTML: Final = "text/html"
_DEFAULT: Final = "x-default"
# Links to files beside the page, which a copy of the publication on another host has too.
_BESIDE: Final = frozenset({"alternate", "describedby", "item", "linkset"})


@dataclass(frozen=True)
class Document:
    """A file of the publication: its path below the base, and its media type."""

    path: str
    media_type: str


@dataclass(frozen=True)
class Signposts:
    """What there is to say of a page.

    `thing` is the IRI of what the page is about, `types` are its classes; `data` holds what the page says, in each format; `items` are the files that the thing
    consists of, where it is a dataset. `author` is the IRI of the publisher. With `linkset`, the page leads to the linkset of the publication.
    """

    page: PageGroup
    language: str
    thing: str = ""
    types: Sequence[str] = ()
    data: Sequence[Document] = ()
    items: Sequence[Document] = ()
    licence: str = ""
    author: str = ""
    linkset: bool = False

    @property
    def path(self) -> str:
        """Where the page is in its language."""
        return self.page.paths[self.language]


def links_of(base: str, page: Signposts) -> list[Link]:
    """Give every link of a page, all absolute, in a fixed order. An IRI of the data that is no web address is left out."""
    return [link for link in _links(base, page) if is_web_address(link.href)]


def _links(base: str, page: Signposts) -> Iterator[Link]:
    yield Link("canonical", address_of(base, page.path))
    yield from _languages(base, page.page)
    if page.thing:
        yield Link("cite-as", address_of_iri(page.thing))
        yield Link("type", _ABOUT_PAGE)
    for iri in dict.fromkeys(page.types):
        yield Link("type", address_of_iri(iri))
    for document in page.data:
        yield Link("describedby", address_of(base, document.path), type=document.media_type)
    for document in page.data:
        yield Link("alternate", address_of(base, document.path), type=document.media_type)
    for document in page.items:
        yield Link("item", address_of(base, document.path), type=document.media_type)
    if page.licence:
        yield Link("license", address_of_iri(page.licence))
    if page.author:
        yield Link("author", address_of_iri(page.author))
    if page.linkset:
        yield Link("linkset", address_of(base, LINKSET), type=LINKSET_TYPE)


def _languages(base: str, page: PageGroup) -> Iterator[Link]:
    """Give the page in each language, itself included, as search engines ask for it."""
    if len(page.paths) > 1:
        for language, path in page.paths.items():
            yield Link("alternate", address_of(base, path), type=_HTML, hreflang=language)
        yield Link("alternate", address_of(base, next(iter(page.paths.values()))), type=_HTML, hreflang=_DEFAULT)


def as_seen_from(path: str, base: str, links: Sequence[Link]) -> list[Link]:
    """Make the links to data relative to a page, so that they lead to the copy that is being read; names of things and of pages stay absolute."""
    root = address_of_iri(base)
    return [_beside(path, root, link) if link.rel in _BESIDE and not link.hreflang else link for link in links]


def _beside(path: str, root: str, link: Link) -> Link:
    if not link.href.startswith(root):
        return link
    # The address is percent-encoded already. What stands before a colon in a first segment would be taken for a scheme.
    below = link.href.removeprefix(root)
    steps = href_between(path, "") or ("./" if not below or ":" in below.partition("/")[0] else "")
    return Link(link.rel, steps + below, link.type, link.hreflang)
