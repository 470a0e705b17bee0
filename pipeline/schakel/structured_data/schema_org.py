"""JSON-LD of schema.org for the page of a thing: the thing first, then what it needs to be understood, each with its IRI.

Framing of our own, as for the files of entities: one fixed form, made straight from sorted lines, as quickly for one thing of a hundred thousand as of ten.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Self, TypeAlias, cast
from urllib.parse import urlsplit

import pyoxigraph as ox
from pyoxigraph import Store

from schakel.lookup import Context
from schakel.lookup.context import language_rank
from schakel.ntriples import sorted_piece
from schakel.structured_data.nodes import Node, Rank, as_scalar, name_of, node_of, texts_of

__all__ = ["CONTEXT", "Document", "SchemaOrg", "page_nodes"]

# A JSON-LD document, and a node of one.
Document: TypeAlias = dict[str, Any]

# As crawlers know it, who take the terms for granted and do not fetch it.
CONTEXT: Final = "https://schema.org"
# What says nothing by its name alone and is given whole wherever a thing leads to it; anything else has a page of its own, and gets its name and type here.
_GIVEN_WHOLE: Final = frozenset(
    {"AdministrativeArea", "Certification", "City", "Country", "OrganizationRole", "Place", "PostalAddress", "QuantitativeValue", "Role"}
)
# A crawler reads no thousand members in a page, and the page is to stay small. The dumps have all.
_MOST_VALUES: Final = 200
# An address on the web rather than a thing that is spoken of.
_ADDRESSES: Final = frozenset({"contentUrl", "image", "license", "logo", "sameAs", "url"})
_FIRST: Final = ("@id", "@type", "name", "alternateName", "description")


class SchemaOrg:
    r"""A graph in the words of schema.org, by thing. It is small enough to be sent to another process: lines by subject, read when a page needs them.

    >>> line = b'<https://example.org/a> <http://schema.org/name> "Turm"@de .'
    >>> typed = b'<https://example.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Place> .'
    >>> SchemaOrg(line + b"\n" + typed + b"\n", ["en"]).document("https://example.org/a", "en")["@graph"]
    [{'@id': 'https://example.org/a', '@type': 'Place', 'name': 'Turm'}]
    """

    def __init__(self, statements: bytes, languages: Sequence[str]) -> None:
        """Take statements as N-Triples, and the languages of the project in the order in which texts fall back."""
        lines = sorted_piece(statements).splitlines(keepends=True)
        self._lines = {key[1:].decode(): b"".join(group) for key, group in groupby(lines, _subject) if key.startswith(b"<")}
        self._languages = tuple(languages)

    @classmethod
    def of(cls, store: Store, query: str, base: str, languages: Sequence[str]) -> Self:
        """Ask the query of a store whose default graph is the merge of all graphs."""
        answer = cast("ox.QueryTriples", store.query(query, base_iri=base))
        return cls(cast("bytes", answer.serialize(format=ox.RdfFormat.N_TRIPLES)), languages)

    def __contains__(self, iri: object) -> bool:
        """Tell whether a thing has a document."""
        node = self._node(iri) if isinstance(iri, str) else None
        return node is not None and bool(node.types)

    def things(self) -> Iterator[str]:
        """Give the IRIs of all things that have a document, sorted."""
        return (iri for iri in self._lines if iri in self)

    def only(self, iris: Iterable[str]) -> "SchemaOrg":
        """Give what the documents of some things need, and no more: for a process that makes their pages."""
        needed: dict[str, None] = {}
        for iri in iris:
            framing = _Framing(self._lines, iri, language_rank(self._context(), None))
            needed |= dict.fromkeys(framing.seen) if framing.entity else {}
        part = SchemaOrg(b"", self._languages)
        part._lines.update((iri, self._lines[iri]) for iri in needed if iri in self._lines)
        return part

    def document(self, iri: str, language: str, page_url: str | None = None, breadcrumbs: Sequence[tuple[str, str]] = ()) -> Document | None:
        """Give the document of a thing's page, in a language; None for a thing of which schema.org has nothing to say.

        Texts are plain, in that language, and fall back by the order of the project's languages. With the URL of the page it says what the page is; breadcrumbs
        are the names and URLs of the pages above it, the page itself last. URLs are absolute.
        """
        rank = language_rank(self._context(), language)
        framing = _Framing(self._lines, iri, rank)
        if framing.entity is None:
            return None
        nodes = list(framing.nodes())
        if page_url is not None:
            nodes += page_nodes(page_url, language, iri, breadcrumbs)
        return {"@context": CONTEXT, "@graph": nodes}

    @property
    def statements(self) -> bytes:
        """All that it is made of, as N-Triples: whoever reads them again has the same."""
        return b"".join(self._lines.values())

    @property
    def lines(self) -> Mapping[str, bytes]:
        """The statements about each thing, by its IRI."""
        return self._lines

    def _node(self, iri: str) -> Node | None:
        lines = self._lines.get(iri)
        return None if lines is None else node_of(iri, lines)

    def _context(self) -> Context:
        return Context("", {}, self._languages)


def page_nodes(url: str, language: str, about: str, breadcrumbs: Sequence[tuple[str, str]]) -> Iterator[Document]:
    """Say what a page is, and where it stands among the others."""
    page: Document = {"@id": url, "@type": "WebPage", "inLanguage": language, "mainEntity": {"@id": about}, "url": url}
    if not breadcrumbs:
        yield page
        return
    trail = f"{url}#breadcrumb"
    yield page | {"breadcrumb": {"@id": trail}}
    items = [
        {"@id": f"{trail}-{position}", "@type": "ListItem", "item": address, "name": name, "position": position}
        for position, (name, address) in enumerate(breadcrumbs, start=1)
    ]
    yield {"@id": trail, "@type": "BreadcrumbList", "itemListElement": items}


class _Framing:
    """What stands in the document of one thing: itself, what is given whole, and everything else that these lead to, by name."""

    def __init__(self, lines: Mapping[str, bytes], iri: str, rank: Rank) -> None:
        self._lines = lines
        self._rank = rank
        self.entity = self._known(iri)
        self.whole: dict[str, Node] = {}
        self.named: dict[str, Node] = {}
        if self.entity is not None:
            self._gather(self.entity)

    @property
    def seen(self) -> Iterator[str]:
        """Every thing that has a node of its own in the document."""
        yield from self.whole
        yield from self.named

    def nodes(self) -> Iterator[Document]:
        """Write all nodes: the thing, what is given whole in the order in which it leads there, and the others by their IRIs."""
        yield from (self._written(node) for node in self.whole.values())
        yield from (self._stub(self.named[iri]) for iri in sorted(self.named))

    def _gather(self, entity: Node) -> None:
        waiting = deque([entity])
        self.whole[entity.iri] = entity
        while waiting:
            for iri in self._led_to(waiting.popleft()):
                node = self._known(iri)
                if node is None or iri in self.whole:
                    continue
                if _GIVEN_WHOLE.isdisjoint(node.types):
                    self.named[iri] = node
                else:
                    self.whole[iri] = node
                    waiting.append(node)

    def _known(self, iri: str) -> Node | None:
        lines = self._lines.get(iri)
        node = None if lines is None else node_of(iri, lines)
        return node if node is not None and node.types else None

    def _links(self, node: Node) -> Iterator[tuple[str, Sequence[str]]]:
        """Give what a node leads to; what is given whole does not lead back, as the thing leads to it."""
        for name, targets in sorted(node.links.items()):
            kept = targets if self.entity is None or node.iri == self.entity.iri else [iri for iri in targets if iri != self.entity.iri]
            if kept:
                yield name, kept[:_MOST_VALUES]

    def _led_to(self, node: Node) -> Iterator[str]:
        for name, targets in self._links(node):
            if name not in _ADDRESSES:
                yield from targets

    def _written(self, node: Node) -> Document:
        written = self._stub(node)
        values: dict[str, list[Any]] = {"alternateName": self._other_names(node, written.get("name"))}
        for name, literals in node.literals.items():
            if name not in {"name", "alternateName"}:
                values[name] = [as_scalar(literal) for literal in texts_of(literals, self._rank)]
        for name, targets in self._links(node):
            things = filter(_is_address, targets) if name in _ADDRESSES else ({"@id": iri} for iri in targets)
            values.setdefault(name, []).extend(things)
        written |= {name: _one_or_list(each[:_MOST_VALUES]) for name, each in values.items() if each}
        return {name: written[name] for name in sorted(written, key=_place)}

    def _other_names(self, node: Node, name: str | None) -> list[str]:
        """Give the names in other languages and the other names, those most wanted first."""
        others = [*node.literals.get("name", ()), *node.literals.get("alternateName", ())]
        ranked = sorted(others, key=lambda literal: (self._rank(literal.language), literal.value))
        return [text for text in dict.fromkeys(literal.value for literal in ranked) if text != name]

    def _stub(self, node: Node) -> Document:
        name = name_of(node, self._rank)
        return {"@id": node.iri, "@type": _one_or_list(list(node.types)), **({} if name is None else {"name": name})}


def _subject(line: bytes) -> bytes:
    return line.partition(b">")[0]


def _one_or_list(values: list[Any]) -> Any:  # noqa: ANN401  # as JSON-LD has it: one value stands alone
    return values[0] if len(values) == 1 else values


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _is_address(iri: str) -> bool:
    return urlsplit(iri).scheme in {"http", "https"}
