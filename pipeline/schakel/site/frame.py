"""What all pages share, and where each of them stands: every link is relative, so that a site works in any folder of any host."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from schakel.about import About
from schakel.document_paths import whole_of
from schakel.findings import Place
from schakel.interface_texts import place
from schakel.lookup import Context, language_rank
from schakel.setting_values import FORMATS
from schakel.site import machines
from schakel.site.localization import Words, message
from schakel.site.look import Look
from schakel.site.machines import Document, PageGroup, Signposts, address_of, as_seen_from, href_between, links_of
from schakel.site.rendering import Renderer
from schakel.site.vocabulary import Terms
from schakel.term_labels import words_of

__all__ = ["CHANGES", "MENU", "Alternate", "Frame", "Link", "View"]

_LINKED: Final = ("http://", "https://", "mailto:")
# The pages that every page leads to, with what they are called.
MENU: Final = (
    ("browse.html", message("Browse")),
    ("queries/index.html", message("Questions")),
    ("sources.html", message("Sources")),
    ("ontology.html", message("Terms")),
    ("downloads.html", message("Downloads")),
    ("about.html", message("About")),
)


# And where there are releases.
CHANGES: Final = ("changes/index.html", message("Changes"))


@dataclass(frozen=True)
class Link:
    """Where something leads to; `outside` says that it leaves the site."""

    href: str
    outside: bool = False


@dataclass(frozen=True)
class Alternate:
    """The same in another form, at the top of the site: its path, media type and name."""

    path: str
    media_type: str
    name: str


@dataclass(frozen=True)
class Frame:
    """What all pages share.

    `languages` are those of the pages, the first of them at the top. `address` is where the site is published, as absolute links need it.
    `templates` are a project's own, name and text of each; `stylesheet` and `logo` are paths of its own below `static/own/`; `look` has
    its colours; `contact` is where readers write to, `corrections` an address with places for what they think is wrong; `menu` are the pages there are;
    `formats` are the suffixes of the files that things have besides their pages.
    """

    about: About
    languages: tuple[str, ...]
    address: str
    context: Context
    terms: Terms
    templates: tuple[tuple[str, str], ...] = ()
    stylesheet: str | None = None
    logo: str | None = None
    look: Look = field(default_factory=Look)
    contact: str = ""
    corrections: str = ""
    editor: bool = False
    formats: tuple[str, ...] = FORMATS
    menu: tuple[tuple[str, str], ...] = MENU

    def prefix(self, language: str) -> str:
        """Give the folder of a language's pages."""
        return "" if language == self.languages[0] else f"{language.lower()}/"

    def views(self, path: str, pages: Mapping[str, str] | None = None) -> Iterator["View"]:
        """Give the view of a page in every language. `pages` are paths of the pages that it can lead to, by IRI."""
        return (View(self, language, path, pages or {}) for language in self.languages)

    def render(self, view: "View", template: str, **values: Any) -> tuple[str, bytes]:  # noqa: ANN401  # whatever a template asks for
        """Give path and content of a page."""
        own: dict[str, Any] = {"alternates": (), "items": (), "entity": None, "types": (), "jsonld": None, **values}
        shared = {"view": view, "frame": self, "_": view.words, "language": view.language, "root": view.root, "page_root": view.to("")}
        content = Renderer(self.templates).render(template, {**own, **shared, "links": _elements(self._links(view, own))})
        return view.path_in(view.language), content

    def group(self, path: str) -> PageGroup:
        """Give where a page is in every language."""
        return PageGroup({language: self.prefix(language) + path for language in self.languages})

    def _links(self, view: "View", page: Mapping[str, Any]) -> Sequence[machines.Link]:
        """Give the links in the head of a page: what it is about, and the same in other languages and forms."""
        data, items = ([Document(form.path, form.media_type) for form in page[name]] for name in ("alternates", "items"))
        thing = page["entity"].value if page["entity"] is not None else ""
        publisher = f"{self.about.base}catalog#publisher"
        signposts = Signposts(self.group(view.path), view.language, thing, page["types"], data, items, self.about.licence, publisher, linkset=bool(items))
        return as_seen_from(view.path_in(view.language), self.address, links_of(self.address, signposts))


def _elements(links: Iterable[machines.Link]) -> Markup:
    """Write links as elements of a head."""
    elements = (" ".join(f'{name}="{escape(value)}"' for name, value in link.attributes.items()) for link in links)
    return Markup("\n".join(f"<link {element}>" for element in elements))  # noqa: S704  # values are escaped


@dataclass(frozen=True)
class View:
    """One page in one language."""

    frame: Frame
    language: str
    path: str
    pages: Mapping[str, str]

    @cached_property
    def words(self) -> Words:
        """The words of the language."""
        return Words(self.language)

    @property
    def root(self) -> str:
        """The way from the page up to the top of the site."""
        return "../" * self._here.count("/")

    def path_in(self, language: str) -> str:
        """Give the path of this page in a language."""
        return self.frame.prefix(language) + self.path

    def to(self, path: str) -> str:
        """Lead to a page in the same language."""
        page, _, fragment = path.partition("#")
        return href_between(self._here, self._prefix + page) + (f"#{quote(fragment)}" if fragment else "")

    def file(self, path: str) -> str:
        """Lead to a file that there is once for all languages."""
        return href_between(self._here, path)

    def in_language(self, language: str) -> str:
        """Lead to this page in another language."""
        return href_between(self._here, self.path_in(language))

    def absolute(self, path: str) -> str:
        """Give the address of a page in the same language, for whoever reads it elsewhere."""
        return address_of(self.frame.address, self._prefix + path)

    @cached_property
    def _prefix(self) -> str:
        return self.frame.prefix(self.language)

    @cached_property
    def _here(self) -> str:
        return self._prefix + self.path

    def link(self, term: object) -> Link | None:
        """Lead to what an IRI names: its page here, its place among the terms, or elsewhere; None where nothing can safely be opened."""
        if not isinstance(term, NamedNode):
            return None
        iri, fragment = whole_of(term.value, self.frame.context.base)
        anchor = self.frame.terms.anchors.get(term.value)
        if anchor is not None:
            return Link(self.to(f"{self.frame.terms.pages.get(term.value, 'ontology.html')}#{anchor}"))
        page = self.pages.get(iri)
        if page is not None:
            if fragment and f"{page}.html" == self.path:
                return Link(f"#{quote(fragment)}")
            return Link(self.to(f"{page}.html#{fragment}" if fragment else f"{page}.html"))
        return None if self.elsewhere(term) is None else Link(term.value, outside=True)

    def elsewhere(self, term: NamedNode) -> str | None:
        """Give the address of a thing that is named elsewhere, None where it has no other address than its page."""
        return term.value if term.value.startswith(_LINKED) and not self.frame.context.is_own(term) else None

    def page_of(self, term: NamedNode) -> str | None:
        """Give the address of a thing's page, None where it has none here."""
        to = self.link(term)
        return None if to is None or to.outside else to.href

    def label(self, term: NamedNode) -> Literal:
        """Name a term of the ontology."""
        return self.frame.terms.labels(self.language).get(term) or Literal(words_of(term.value))

    def short(self, term: NamedNode) -> str:
        """Give what of an IRI a person can read and paste."""
        return self.frame.context.short(term)

    def lang(self, text: Literal | None) -> str | None:
        """Give the language of a text where that is not the language of the page."""
        tag = text.language if text is not None else None
        return tag if tag and tag.lower() != self.language.lower() else None

    def text(self, texts: Mapping[str, str]) -> str:
        """Choose among texts by language: that of the page, then those of the project in their order."""
        rank = language_rank(self.frame.context, self.language)
        return texts[min(texts, key=lambda tag: (rank(tag), tag))] if texts else ""

    def best(self, texts: Iterable[object]) -> Literal | None:
        """Choose among literals by language; None where there is none."""
        literals = {text.language or "": text for text in texts if isinstance(text, Literal)}
        rank = language_rank(self.frame.context, self.language)
        return literals[min(literals, key=lambda tag: (rank(tag), tag))] if literals else None

    def told(self, texts: Mapping[str, str]) -> Markup:
        """Choose among texts by language, and mark which it is where that is not the language of the page."""
        chosen = self.text(texts)
        tag = None if texts.get(self.language) == chosen else next((tag for tag, text in texts.items() if text == chosen), None)
        return escape(chosen) if tag is None else Markup('<span lang="{}">{}</span>').format(tag, chosen)

    def place(self, where: Place) -> str:
        """Say a place in a file."""
        return place(where, self.language)

    @property
    def menu(self) -> Sequence[tuple[str, str, bool]]:
        """Where every page leads to: address, name, and whether it is this page."""
        return [(self.to(path), self.words(name), path == self.path) for path, name in self.frame.menu]
