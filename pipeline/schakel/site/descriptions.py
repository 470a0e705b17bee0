"""What pages tell of things: the descriptions that `schakel show` gives, made of statements at hand and for many things at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final
from unicodedata import category

from pyoxigraph import Literal, NamedNode, Triple

from schakel.document_paths import whole_of
from schakel.graph import from_ntriples
from schakel.lookup import (
    GROUPS,
    NAME_PROPERTIES,
    STAND_INS,
    Context,
    Description,
    Fact,
    Group,
    Known,
    Name,
    Source,
    Statement,
    best_names,
    computed_names,
    grouped,
    inner_statements,
    language_rank,
    told,
    without_repeated,
)
from schakel.namespaces import OA, SK, curie
from schakel.site.neighbours import Lines, Neighbourhood
from schakel.site.passages import Passage, named_by_words
from schakel.site.vocabulary import Terms

__all__ = ["Descriptions", "is_read", "names_in", "statements_in"]

_KINDS: Final = {term: curie(term.value) for term in (*NAME_PROPERTIES, *STAND_INS)}
_STAND_INS: Final = frozenset(curie(term.value) for term in STAND_INS)
# Signs that nobody sees: controls, marks of direction, joiners.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_LOOKED_AT: Final = 200
# Groups whose facts are told under the headings of the ontology, where it has one for them.
_THEMED: Final = ("statements", "referred_to")


def statements_in(lines: Lines) -> list[Statement]:
    """Read lines as statements."""
    graphs = {name: NamedNode(name) for held in lines.values() for name in held}
    read = from_ntriples([b"".join(line + b"\n" for line in lines)])
    return [_statement(triple, frozenset(map(graphs.__getitem__, held))) for triple, held in zip(read, lines.values(), strict=True)]


def _statement(triple: Triple, graphs: frozenset[NamedNode]) -> Statement:
    if not isinstance(triple.subject, NamedNode):
        raise TypeError(triple)
    return Statement(triple.subject, triple.predicate, triple.object, graphs)


def is_read(text: str) -> bool:
    r"""Tell whether there is anything in a text for a person to read.

    >>> is_read("Brandaris"), is_read(" \u200b")
    (True, False)
    """
    return any(not sign.isspace() and category(sign) not in _UNSEEN for sign in text[:_LOOKED_AT])


def names_in(lines: Iterable[bytes]) -> list[Name]:
    """Read lines that name things: a name that is a thing of its own counts as one of what it names."""
    triples = list(from_ntriples([b"".join(line + b"\n" for line in dict.fromkeys(lines))]))
    texts: defaultdict[object, list[Literal]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == SK.nameText and isinstance(triple.object, Literal):
            texts[triple.subject].append(triple.object)
    found: list[Name] = []
    for triple in triples:
        # A name that is a thing of its own may say what it names, rather than be said of that.
        turned = triple.predicate == SK.nameOf
        named, name, term = (triple.object, triple.subject, SK.hasName) if turned else (triple.subject, triple.object, triple.predicate)
        if isinstance(named, NamedNode) and term in _KINDS:
            given = [name] if isinstance(name, Literal) else texts[name]
            found += [Name(named, text.value, text.language, _KINDS[term]) for text in given if is_read(text.value)]
    return found


@dataclass(frozen=True)
class Descriptions:
    """What there is to tell about some entities, ready to be told in any language.

    `parts` are those that are spoken of, by the entity's IRI, and `located` the coordinates that are stated of things, by property.
    """

    neighbourhood: Neighbourhood
    outgoing: Mapping[NamedNode, Sequence[Statement]]
    incoming: Mapping[NamedNode, Sequence[Statement]]
    names: Sequence[Name]
    named: frozenset[NamedNode]
    parts: Mapping[str, Sequence[NamedNode]]
    types: Mapping[NamedNode, frozenset[NamedNode]]
    located: Mapping[str, Mapping[NamedNode, Literal]]
    passages: Mapping[str, Passage]
    terms: Terms
    context: Context

    @classmethod
    def of(cls, neighbourhood: Neighbourhood, passages: Mapping[str, Passage], terms: Terms, context: Context) -> "Descriptions":
        """Read the lines of a neighbourhood."""
        outgoing: defaultdict[NamedNode, list[Statement]] = defaultdict(list)
        incoming: defaultdict[NamedNode, list[Statement]] = defaultdict(list)
        for statement in statements_in(neighbourhood.statements):
            outgoing[statement.subject].append(statement)
            if isinstance(statement.value, NamedNode):
                incoming[statement.value].append(statement)
        types: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in from_ntriples([b"".join(line + b"\n" for line in neighbourhood.types)]):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                types[triple.subject].add(triple.object)
        frozen = {node: frozenset(classes) for node, classes in types.items()}
        located: defaultdict[str, dict[NamedNode, Literal]] = defaultdict(dict)
        for triple in from_ntriples([b"".join(line + b"\n" for line in neighbourhood.located)]):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
                located[whole_of(triple.subject.value, context.base)[0]].setdefault(triple.predicate, triple.object)
        names = names_in(neighbourhood.names)
        named = frozenset(name.entity for name in names if name.kind not in _STAND_INS)
        parts: defaultdict[str, list[NamedNode]] = defaultdict(list)
        for node in sorted({*outgoing, *incoming}, key=lambda node: node.value):
            entity, fragment = whole_of(node.value, context.base)
            if fragment:
                parts[entity].append(node)
        return cls(neighbourhood, outgoing, incoming, names, named, parts, frozen, located, passages, terms, context)

    def in_language(self, language: str) -> "Telling":
        """Choose names for everything in a language."""
        labels = {**self.terms.labels(language), **best_names(self.names, self.context, language)}
        labels |= named_by_words(self.passages, labels)
        sources = {NamedNode(name): passage.source(name, labels) for name, passage in self.passages.items()}
        return Telling(self, language, labels, sources, computed_names(self.outgoing, self.types, self.terms.hierarchy, labels, self.context))


@dataclass(frozen=True)
class Telling:
    """Descriptions in one language. `computed` are names of things that have none."""

    about: Descriptions
    language: str
    labels: Mapping[NamedNode, Literal]
    sources: Mapping[NamedNode, Source]
    computed: Mapping[NamedNode, Literal]

    def whole_of(self, node: NamedNode) -> tuple[str, str]:
        """Give the IRI of the thing that something is, or is a part of, and the fragment of the part."""
        return whole_of(node.value, self.about.context.base)

    def is_part(self, node: NamedNode, entity: NamedNode) -> bool:
        """Tell whether something is a part of an entity."""
        whole, fragment = self.whole_of(node)
        return whole == entity.value and bool(fragment)

    def called(self, node: NamedNode) -> Literal | None:
        """Give what to call something, None where there are no words for it."""
        return self.labels.get(node) or self.computed.get(node)

    def name(self, node: NamedNode) -> Literal:
        """Give what to call something: its name, or its short form where there are no words for it."""
        return self.called(node) or Literal(self.about.context.short(node))

    def kind(self, node: NamedNode) -> Literal | None:
        """Give what the most specific class of something is called, None where no class of it is known."""
        chosen = self.about.terms.hierarchy.most_specific(self.about.types.get(node, frozenset()))
        return None if chosen is None else self.name(chosen)

    def best(self, texts: Iterable[object]) -> Literal | None:
        """Choose among texts the one in the language that the reader knows best; None where there is none."""
        rank = language_rank(self.about.context, self.language)
        found = [text for text in texts if isinstance(text, Literal)]
        return min(found, key=lambda text: (rank(text.language), text.value), default=None)

    def stated(self, statements: Iterable[Statement]) -> list[Source]:
        """Give the passages that state any of these, in the order of sources and of their texts."""
        return self.sources_of(graph for one in statements for graph in one.stating)

    def sources_of(self, graphs: Iterable[NamedNode]) -> list[Source]:
        """Give the passages whose graphs these are, in the same order."""

        def place(graph: NamedNode) -> tuple[str, int, str]:
            passage = self.about.passages.get(graph.value)
            return ("", 0, graph.value) if passage is None else (passage.page, passage.start or 0, graph.value)

        return [self.sources[graph] for graph in sorted({graph for graph in graphs if graph in self.sources}, key=place)]

    def describe(self, entity: NamedNode) -> Description:
        """Tell what is said of an entity and what refers to it, under the headings of the ontology."""
        # Of a passage its words are told already.
        own = (one for one in self.about.outgoing.get(entity, ()) if one.predicate != OA.hasSelector)
        outgoing, incoming = told(own), list(self.about.incoming.get(entity, ()))
        known = self._known(entity, [*outgoing, *incoming])
        groups = grouped(without_repeated(outgoing, known.hierarchy), without_repeated(told(incoming), known.hierarchy))
        made = [Group(key, known.facts(groups[key], with_inner=key != "inferred")) for key in GROUPS if groups.get(key)]
        return Description(entity, known.label(entity), known.kind(entity), tuple(self._themed(made)))

    def facts(self, statements: Sequence[Statement], entity: NamedNode) -> tuple[Fact, ...]:
        """Make facts of some statements about an entity, as where they were read."""
        known = self._known(entity, statements)
        return known.facts(without_repeated(statements, known.hierarchy), with_inner=False)

    def _known(self, entity: NamedNode, statements: Iterable[Statement]) -> Known:
        about = self.about
        inner = inner_statements(entity, statements, about.context, self._nameless)
        return Known(entity, about.context, self.language, about.terms.hierarchy, self.labels, about.types, self.sources, inner, self.computed)

    def _nameless(self, things: AbstractSet[NamedNode]) -> Mapping[NamedNode, Sequence[Statement]]:
        return {node: self.about.outgoing[node] for node in things if node in self.about.outgoing and node not in self.about.named}

    def _themed(self, groups: Sequence[Group]) -> Iterator[Group]:
        """Put facts under the headings that the ontology has for their properties; the rest stays where it was."""
        themes: defaultdict[str, list[Fact]] = defaultdict(list)
        rest: dict[str, Group] = {}
        for group in groups:
            left: list[Fact] = []
            for fact in group.facts:
                theme = self.about.terms.theme(fact.property, incoming=fact.incoming) if group.title_key in _THEMED else None
                (left if theme is None else themes[theme]).append(fact)
            rest[group.title_key] = replace(group, facts=tuple(left))
        for key in ("names", "kind", "statements"):
            if key in rest and rest[key].facts:
                yield rest[key]
        for theme in self.about.terms.themes:
            if themes.get(theme):
                yield Group(theme, tuple(themes[theme]))
        for key in ("referred_to", "inferred", "open"):
            if key in rest and rest[key].facts:
                yield rest[key]
