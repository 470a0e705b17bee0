"""What to call everything that changes speak of, by the names of the newer version, else of the older one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from schakel.graph import Term
from schakel.lookup import NAME_PROPERTIES, STAND_INS, Context, Hierarchy, Name, Statement, best_names, computed_names, hierarchy_of, usual_names
from schakel.namespaces import OA, RDF, RDFS, SK, curie
from schakel.releases.changes import Change
from schakel.releases.sorted_dump import SortedDump

__all__ = ["Naming"]

_KINDS = {term: curie(term.value) for term in (*NAME_PROPERTIES, *STAND_INS)}


@dataclass(frozen=True)
class Naming:
    """What is said of everything that changes speak of, and what that makes to call it."""

    context: Context
    said: Mapping[NamedNode, list[Statement]]
    names: frozenset[Name]
    types: Mapping[NamedNode, frozenset[NamedNode]]
    hierarchy: Hierarchy
    words: Mapping[str, str]
    sources: Mapping[str, str]
    kinds: Mapping[str, str]

    @classmethod
    def of(cls, old: SortedDump, new: SortedDump, changes: Iterable[Change], context: Context) -> "Naming":
        """Look up all that the changes name, and what that leads to."""
        reading = _Lookup(old, new)
        wanted = {iri for change in changes for iri in _named_in(change)}
        evidence = {graph for change in changes for graph in (*change.before, *change.after)}
        passages = {graph: reading.about(graph) for graph in evidence}
        words = {graph: text for graph, said in passages.items() if (text := _words(said))}
        pages = {graph: page for graph, said in passages.items() if (page := next(_iris(said, OA.hasSource), None))}
        wanted |= {*pages.values(), *(evidence - pages.keys())}
        said = {iri: reading.about(iri) for iri in wanted}
        linked = {iri for quads in list(said.values()) for quad in quads for iri in (_iri(quad.object),) if iri} - said.keys()
        said |= {iri: reading.about(iri) for iri in linked}
        classes = {iri for quads in said.values() for iri in _iris(quads, RDF.type)}
        pending = sorted(classes)
        while pending:
            iri = pending.pop()
            said.setdefault(iri, reading.about(iri))
            above = set(_iris(said[iri], RDFS.subClassOf)) - classes
            classes |= above
            pending += sorted(above)
        types = {NamedNode(iri): frozenset(map(NamedNode, _iris(quads, RDF.type))) for iri, quads in said.items()}
        hierarchy = hierarchy_of((NamedNode(iri), NamedNode(over)) for iri in classes for over in _iris(said[iri], RDFS.subClassOf))
        names = {name for quads in said.values() for name in _names(quads)}
        names |= usual_names(names, map(NamedNode, said))
        things = {change.thing for change in changes}
        chosen = {iri: hierarchy.most_specific(types[NamedNode(iri)]) for iri in sorted({*things, *wanted} & said.keys())}
        kinds = {iri: kind.value for iri, kind in chosen.items() if kind is not None}
        statements = {NamedNode(iri): _statements(said[iri]) for iri in wanted}
        return cls(context, statements, frozenset(names), types, hierarchy, words, pages, kinds)

    def labels(self, language: str) -> dict[str, str]:
        """Give what to call each thing in a language; what has no name is called by what is said of it, or by its short form."""
        best = best_names(self.names, self.context, language)
        best |= {node: name for node, name in computed_names(self.said, self.types, self.hierarchy, best, self.context).items() if node not in best}
        return {node.value: best[node].value if node in best else self.context.short(node) for node in sorted(self.types, key=lambda node: node.value)}


def _named_in(change: Change) -> Iterable[str]:
    yield change.thing
    yield change.node
    if change.property:
        yield change.property
    for term, value in change.details:
        yield term
        if value.startswith("<"):
            yield value[1:-1]
    yield from (value[1:-1] for value in (*change.old, *change.new) if value.startswith("<"))


@dataclass(frozen=True)
class _Lookup:
    old: SortedDump
    new: SortedDump

    def about(self, iri: str) -> list[Quad]:
        lines = self.new.about(iri) or self.old.about(iri)
        return list(ox.parse(b"".join(lines), format=RdfFormat.N_QUADS))


def _iri(term: object) -> str | None:
    return term.value if isinstance(term, NamedNode) else None


def _iris(quads: Iterable[Quad], term: NamedNode) -> Iterator[str]:
    return iter(sorted({quad.object.value for quad in quads if quad.predicate == term and isinstance(quad.object, NamedNode)}))


def _words(quads: Iterable[Quad]) -> str:
    """Give the words that a passage begins and ends with."""
    texts = {quad.predicate: quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    return " … ".join(texts[term] for term in (SK.firstWords, SK.lastWords) if term in texts)


def _names(quads: Iterable[Quad]) -> Iterable[Name]:
    for quad in quads:
        if quad.predicate in _KINDS and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield Name(quad.subject, quad.object.value, quad.object.language, _KINDS[quad.predicate])


def _statements(quads: Iterable[Quad]) -> list[Statement]:
    """Read what is stated of a thing, as names are computed of it."""
    graphs: defaultdict[tuple[NamedNode, NamedNode, Term], set[NamedNode]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.predicate != SK.statedIn:
            graphs[quad.subject, quad.predicate, quad.object].update([quad.graph_name] if isinstance(quad.graph_name, NamedNode) else [])
    return [Statement(*triple, frozenset(found)) for triple, found in graphs.items()]
