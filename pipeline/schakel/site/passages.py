"""Passages and sources, as pages quote them: the words that a passage begins and ends with, and its page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from schakel.evidence import ADDRESSES, text_directive
from schakel.findings import is_language_tag
from schakel.lookup import Source
from schakel.namespaces import DCT, OA, RDF, SK

__all__ = ["Passage", "named_by_words", "read_passages"]

# What is stated of a node.
_Properties: TypeAlias = Mapping[NamedNode, list[object]]


@dataclass(frozen=True)
class Passage:
    """Where something was read. A source that is cited as a whole has no words; a short passage is quoted whole in `first`.

    `start` and `end` are places in the text of the page, in characters. `address` is where the page is on the web, `language` that of its
    words; both None where not known. `whole` is all of its text, None where that may not be shown.
    """

    page: str
    first: str | None = None
    last: str | None = None
    start: int | None = None
    end: int | None = None
    address: str | None = None
    language: str | None = None
    whole: str | None = None

    @property
    def link(self) -> str | None:
        """Give an address that opens the page at the passage, as browsers that know text fragments do.

        >>> Passage("https://example.org/source/a", "the old", "left-hand pier", address="https://example.org/a").link
        'https://example.org/a#:~:text=the%20old,left%2Dhand%20pier'
        """
        if self.address is None or self.first is None:
            return self.address
        return f"{self.address.partition('#')[0]}#{text_directive(self.first, self.last)}"

    @property
    def words(self) -> Literal | None:
        """What it begins and ends with as a text, None where it has no words.

        >>> Passage("https://example.org/source/a", "the old", "left-hand pier").words.value
        '“the old … left-hand pier”'
        """
        quoted = " … ".join(filter(None, (self.first, self.last)))
        return Literal(f"“{quoted}”", language=self.language) if quoted else None

    def source(self, name: str, labels: Mapping[NamedNode, Literal]) -> Source:
        """Give it as descriptions have it."""
        page = NamedNode(self.page)
        return Source(NamedNode(name), page, labels.get(page), self.first, self.last)


def named_by_words(passages: Mapping[str, Passage], labels: Mapping[NamedNode, Literal]) -> dict[NamedNode, Literal]:
    """Call passages, which have no names, by their words."""
    named = ((NamedNode(iri), passage.words) for iri, passage in passages.items())
    return {node: words for node, words in named if words is not None and node not in labels}


def read_passages(provenance: Iterable[Triple]) -> dict[str, Passage]:
    """Read passages and sources from what is stated of them."""
    said: defaultdict[object, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in provenance:
        said[triple.subject][triple.predicate].append(triple.object)
    addresses = {node: _address(properties) for node, properties in said.items() if SK.SourceDocument in properties.get(RDF.type, ())}
    named = ((node, address) for node, address in addresses.items() if isinstance(node, NamedNode))
    found = {node.value: Passage(node.value, address=address, language=_language(said[node])) for node, address in named}
    for node, properties in list(said.items()):
        for page in properties.get(OA.hasSource, ()):
            if isinstance(node, NamedNode) and isinstance(page, NamedNode):
                selectors = [said[each] for each in properties.get(OA.hasSelector, ()) if each in said]
                found[node.value] = replace(_passage(page.value, properties, selectors), address=addresses.get(page), language=_language(said.get(page, {})))
    return found


def _passage(page: str, properties: _Properties, selectors: Sequence[_Properties]) -> Passage:
    first, last = (_text(properties.get(words, ())) for words in (SK.firstWords, SK.lastWords))
    start, end = (_number(term for selector in selectors for term in selector.get(bound, ())) for bound in (OA.start, OA.end))
    return Passage(page, first, last if first else None, start, end)


def _language(properties: _Properties) -> str | None:
    """Give the language of a source where one alone is stated, as a text or as the code at the end of an IRI; else that of its title, if it has one title."""
    codes = {getattr(term, "value", "").rpartition("/")[2] for term in properties.get(DCT.language, ())}
    codes = codes or {getattr(term, "language", None) or "" for term in properties.get(DCT.title, ())}
    return next(iter(codes)) if len(codes) == 1 and all(is_language_tag(code) for code in codes) else None


def _text(terms: Iterable[object]) -> str | None:
    return min((term.value for term in terms if isinstance(term, Literal)), default=None)


def _number(terms: Iterable[object]) -> int | None:
    return min((int(term.value) for term in terms if isinstance(term, Literal) and term.value.isdecimal()), default=None)


def _address(properties: _Properties) -> str | None:
    given = (getattr(term, "value", "") for each in ADDRESSES for term in properties.get(each, ()))
    return min((address for address in given if address.startswith(("https://", "http://"))), default=None)
