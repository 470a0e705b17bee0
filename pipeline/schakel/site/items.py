"""Facts as a page tells them: each once, and what has no page of its own told where the first fact leads to it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Fact, Source, Statement
from schakel.namespaces import DCT, RDF, RDFS, SK, SKOS
from schakel.site.descriptions import Telling
from schakel.site.localization import Words
from schakel.site.node_values import bounds_of, count_of, date_of, period_of

__all__ = ["Item", "Teller"]

# Our own words on a thing, the same in several languages: a reader needs them in one.
_TRANSLATED = frozenset({DCT.description, SKOS.editorialNote, SKOS.definition, SKOS.scopeNote, RDFS.comment})
# What the name, the kind and the order of a part have told.
_NOT_TOLD = frozenset({RDF.type, SKOS.prefLabel, SK.statedIn, SK.position})
# The most facts shown of one part.
_MOST = 100
# Parts of parts are shown within their owner to this depth.
_DEEPEST = 4


@dataclass(frozen=True)
class Item:
    """A fact with what the page shows below it. `anchor` is the fragment of its value, where this is the place that the IRI of the value leads to.

    `kind` and `text` say what that is, in its class and in a description, or in words where it is a period or a count; `inner` is what else is said of it.
    `also` are fragments of what these words say, too, and `left` is how many facts are left to the files of data.
    """

    fact: Fact
    anchor: str = ""
    kind: Literal | None = None
    text: Literal | None = None
    inner: Sequence["Item"] = ()
    sources: Sequence[Source] = ()
    also: Sequence[str] = ()
    is_value: bool = False
    left: int = 0


@dataclass(frozen=True)
class Teller:
    """Tells the facts of one entity.

    `placed` are its parts that have their place on the page already; `direct` are those that its own facts link to, which are shown there and nowhere deeper.
    """

    telling: Telling
    entity: NamedNode
    words: Words
    placed: set[NamedNode] = field(default_factory=set)
    direct: frozenset[Term] = frozenset()

    def items(self, facts: Iterable[Fact], depth: int = 0) -> list[Item]:
        """Tell facts in their order; of texts in several languages the one that the reader knows best."""
        return [self._item(fact, depth) for fact in self._in_one_language(facts)]

    def part(self, node: NamedNode) -> Item:
        """Tell a part that no fact leads to."""
        return self._part(_to(node, self.telling), node, 0)

    def place(self, nodes: Iterable[NamedNode]) -> None:
        """Note that these are shown elsewhere on the page."""
        self.placed.update(nodes)

    def is_part(self, value: object) -> bool:
        """Tell whether something is a part of the entity."""
        return isinstance(value, NamedNode) and self.telling.is_part(value, self.entity)

    def _item(self, fact: Fact, depth: int) -> Item:
        if isinstance(fact.value, NamedNode) and not fact.inferred and self._is_free(fact.value, depth):
            return self._part(fact, fact.value, depth)
        if fact.is_named and not fact.incoming:
            return Item(fact, sources=fact.sources)
        kind = next((inner.value_label for inner in fact.inner if inner.property == RDF.type), None)
        if self.is_part(fact.value):
            return Item(fact, kind=kind, sources=fact.sources)
        inner = self.items([inner for inner in fact.inner if inner.property != RDF.type], depth + 1)
        return Item(fact, kind=kind, inner=inner, sources=_all_sources(fact.sources, inner))

    def _is_free(self, node: NamedNode, depth: int) -> bool:
        return self.is_part(node) and node not in self.placed and depth < _DEEPEST and not (depth and node in self.direct)

    def _value(self, fact: Fact, node: NamedNode) -> Item | None:
        """Tell a period, a moment or a count in words; None where a part is something else, or more is said of it."""
        period, count = period_of(self.telling, node, self.words) or date_of(self.telling, node, self.words), count_of(self.telling, node, self.words)
        if not period and count is None:
            return None
        bounds = [each for each in bounds_of(self.telling, node) if self.is_part(each) and each not in self.placed]
        self.placed.update(bounds)
        said = [one for each in (node, *bounds) for one in self.telling.about.outgoing.get(each, ()) if not one.is_inferred]
        text = Literal(period) if count is None else Literal(f"{count.counted.value}: {count.number}")
        rest = self.telling.facts([one for one in said if one.subject == node and one.predicate in _TRANSLATED], node)
        inner = self.items(rest, 1)
        also = [each.value.partition("#")[2] for each in bounds]
        return Item(
            fact, node.value.partition("#")[2], None, text, inner, _all_sources(fact.sources + tuple(self.telling.stated(said)), inner), also, is_value=True
        )

    def _part(self, fact: Fact, node: NamedNode, depth: int) -> Item:
        self.placed.add(node)
        value = self._value(fact, node)
        if value is not None:
            return value
        about = self.telling.about
        said = [one for one in about.outgoing.get(node, ()) if self._is_news(one)]
        # What links to it from other pages; links from this page are shown where they are.
        said += [one for one in about.incoming.get(node, ()) if not one.is_inferred and not self.is_part(one.subject) and one.subject != self.entity]
        facts = [each for each in self.telling.facts(said, node) if each.incoming or each.value != fact.value_label]
        kind = self.telling.kind(node)
        described = [each for each in self._in_one_language(facts) if each.property == DCT.description]
        text = described[0].value if described and isinstance(described[0].value, Literal) else None
        inner = self.items([each for each in facts if each.property != DCT.description] + described[1:], depth + 1)
        sources = _all_sources(fact.sources, [*inner, *(Item(each, sources=each.sources) for each in self.telling.facts(self._typed(node), node))])
        return Item(fact, node.value.partition("#")[2], kind, text, inner[:_MOST], sources, left=max(len(inner) - _MOST, 0))

    def _typed(self, node: NamedNode) -> list[Statement]:
        """Give what says what a part is and what it is called."""
        return [one for one in self.telling.about.outgoing.get(node, ()) if not one.is_inferred and not self._is_news(one) and one.predicate != SK.statedIn]

    def _is_news(self, one: Statement) -> bool:
        own_name = one.value == self.telling.labels.get(one.subject)
        return not one.is_inferred and one.value != self.entity and one.predicate not in _NOT_TOLD and not own_name

    def _in_one_language(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        languages: dict[NamedNode, str] = {}
        for fact in facts:
            tag = fact.value.language if isinstance(fact.value, Literal) and fact.property in _TRANSLATED else None
            # Facts of a property come in the order of the reader's languages.
            if tag is None or languages.setdefault(fact.property, tag) == tag:
                yield fact


def _to(node: NamedNode, telling: Telling) -> Fact:
    name = telling.name(node)
    return Fact(RDF.type, name, node, name, inferred=False, sources=(), inner=(), is_named=node in telling.labels)


def _all_sources(first: Collection[Source], inner: Iterable[Item]) -> list[Source]:
    return list(dict.fromkeys((*first, *(source for item in inner for source in item.sources))))
