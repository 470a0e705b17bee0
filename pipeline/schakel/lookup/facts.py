"""From statements to facts: with the names of things, with sources, and with what is told of things that have no name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.interface_texts import word
from schakel.lookup.computed_names import named_by_iri
from schakel.lookup.context import Context, language_rank
from schakel.lookup.description import Fact
from schakel.lookup.kinds import Hierarchy
from schakel.lookup.names import NAME_PROPERTIES, STAND_INS
from schakel.lookup.normalization import fold
from schakel.lookup.sources import Source
from schakel.lookup.statements import Statement, without_repeated
from schakel.namespaces import DCT, OWL, RDF

__all__ = ["Known"]

# What is told first in a group; the rest follows by the names of properties.
_FIRST: Final = {term: place for place, term in enumerate((RDF.type, *NAME_PROPERTIES, DCT.description))}


@dataclass(frozen=True)
class Known:
    """All that was read about an entity. `inner` holds the statements of things that have no name, by thing, `computed` what to call those."""

    entity: NamedNode
    context: Context
    language: str | None
    hierarchy: Hierarchy
    labels: Mapping[NamedNode, Literal]
    types: Mapping[NamedNode, AbstractSet[NamedNode]]
    sources: Mapping[NamedNode, Source]
    inner: Mapping[NamedNode, Sequence[Statement]]
    computed: Mapping[NamedNode, Literal]

    def label(self, term: NamedNode) -> Literal:
        """Give what to call something: its name, what is stated of it if it has none, or else its short form."""
        return self.labels.get(term) or self.computed.get(term) or Literal(self.context.short(term))

    def kind(self, node: NamedNode) -> Literal | None:
        """Name the most specific class of the entity, or of something that refers to it."""
        chosen = self.hierarchy.most_specific(self.types.get(node, frozenset()))
        return None if chosen is None else self.term(chosen)

    def term(self, term: NamedNode) -> Literal:
        """Give what to call a property or a class: where it has no label, the words that its IRI is made of."""
        return self.labels.get(term) or Literal(self.context.term(term))

    def facts(self, statements: Iterable[Statement], *, with_inner: bool) -> tuple[Fact, ...]:
        """Make facts of statements of the entity, or about it, sorted for reading."""
        return self._sorted(self._told(statement, with_inner=with_inner) for statement in statements)

    def _told(self, statement: Statement, *, with_inner: bool) -> Fact:
        incoming = statement.subject != self.entity
        other = statement.subject if incoming else statement.value
        inner: list[Fact] = []
        if with_inner and isinstance(other, NamedNode):
            inner = [*(self._kind_of(other) if incoming else ()), *self._inner(other, {self.entity, other})]
        return self._fact(statement, other, inner, incoming=incoming)

    def _fact(self, statement: Statement, value: Term, inner: Iterable[Fact], *, incoming: bool = False) -> Fact:
        return Fact(
            property=statement.predicate,
            property_label=self.term(statement.predicate),
            value=value,
            value_label=self._value_label(statement.predicate, value) if isinstance(value, NamedNode) else None,
            inferred=statement.is_inferred,
            sources=tuple(self.sources[graph] for graph in sorted(statement.stating & self.sources.keys(), key=lambda graph: graph.value)),
            inner=tuple(inner),
            incoming=incoming,
            is_named=not isinstance(value, NamedNode) or value in self.labels,
        )

    def _value_label(self, term: NamedNode, value: NamedNode) -> Literal:
        """Name what a statement leads to; what a thing is called elsewhere by the last part of that name, and where that is."""
        host = urlsplit(value.value).hostname if term == OWL.sameAs and value not in self.labels and not self.context.is_own(value) else None
        if host is None:
            return self.label(value)
        language = self.language or next(iter(self.context.languages), "en")
        return Literal(word("name_elsewhere", language, called=named_by_iri(value, None), host=host))

    def _kind_of(self, node: NamedNode) -> Iterator[Fact]:
        chosen = self.hierarchy.most_specific(self.types.get(node, frozenset()))
        if chosen is not None:
            yield self._fact(Statement(node, RDF.type, chosen, frozenset()), chosen, ())

    def _inner(self, node: NamedNode, path: AbstractSet[Term]) -> tuple[Fact, ...]:
        """Tell what is stated of a thing without a name; what it is part of was told already, and what stands for its name as well."""
        said = without_repeated(self.inner.get(node, ()), self.hierarchy)
        statements = (one for one in said if one.value not in path and one.predicate not in STAND_INS)
        return self._sorted(
            self._fact(one, one.value, self._inner(one.value, path | {one.value}) if isinstance(one.value, NamedNode) else ()) for one in statements
        )

    def _sorted(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        rank = language_rank(self.context, self.language)

        def order(fact: Fact) -> tuple[object, ...]:
            place = _FIRST.get(fact.property, len(_FIRST)), fold(fact.property_label.value), fact.property.value, fact.incoming
            shown = fact.value_label or fact.value
            text, tag = (shown.value, shown.language) if isinstance(shown, Literal) else (str(shown), None)
            # A text in several languages is told in that of the reader first; names of other things go by the alphabet.
            return *place, rank(tag) if fact.value_label is None else 0, fold(text), str(fact.value)

        return tuple(sorted(facts, key=order))
