"""What pages need to know of the ontology: what its terms are called, which are above which, and under which heading facts are told."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from schakel.lookup import NAME_PROPERTIES, Context, Hierarchy, Name, best_names, hierarchy_of, usual_names
from schakel.namespaces import OWL, RDF, RDFS, SK, curie
from schakel.site.ontology import grouped, pages_of, said_in
from schakel.term_labels import term_labels

__all__ = ["Terms", "read_terms"]

_NOT_IN_ANCHORS: Final = re.compile(r"[^\w.-]+")
# What every page calls places of its own.
_TAKEN: Final = frozenset({"main", "search"})
# A statement that leads from one term to another.
_Link: TypeAlias = tuple[NamedNode, NamedNode, NamedNode]

_KINDS: Final = {term: curie(term.value) for term in NAME_PROPERTIES}


@dataclass(frozen=True)
class Terms:
    """The terms of an ontology. `themes` are the headings of facts, in order; `headings` and `inverses` are by property.

    `anchors` say where on the page of the ontology each term stands, by IRI, and `pages` on which page it is told where that one only lists it.
    """

    names: Sequence[Name]
    hierarchy: Hierarchy
    themes: Sequence[str]
    headings: Mapping[NamedNode, str]
    inverses: Mapping[NamedNode, NamedNode]
    anchors: Mapping[str, str]
    context: Context
    pages: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _labels(self) -> dict[str, dict[NamedNode, Literal]]:
        return {}

    def labels(self, language: str) -> Mapping[NamedNode, Literal]:
        """Give what the terms are called in a language."""
        if language not in self._labels:
            self._labels[language] = best_names(self.names, self.context, language)
        return self._labels[language]

    def theme(self, term: NamedNode, *, incoming: bool) -> str | None:
        """Give the heading of facts with a property, None where there is none; that of its inverse for those that lead to a thing."""
        if not incoming:
            return self.headings.get(term)
        inverse = self.inverses.get(term)
        return None if inverse is None else self.headings.get(inverse)


def read_terms(vocabulary: Iterable[Triple], context: Context) -> Terms:
    """Read the terms of an ontology."""
    triples = [triple for triple in vocabulary if isinstance(triple.subject, NamedNode)]
    links = [(each.subject, each.predicate, each.object) for each in triples if isinstance(each.subject, NamedNode) and isinstance(each.object, NamedNode)]
    above = [(term, over) for term, predicate, over in links if predicate in {RDFS.subClassOf, RDFS.subPropertyOf}]
    ontologies = {term.value for term, predicate, kind in links if predicate == RDF.type and kind == OWL.Ontology}
    anchors = _anchors({term.value for each in triples if isinstance(term := each.subject, NamedNode)}, ontologies, context)
    themes, headings = _headings(triples, links)
    pages = pages_of(grouped(said_in(triples), anchors))
    return Terms(_names(triples), hierarchy_of(above), themes, headings, _inverses(links), anchors, context, pages)


def _names(triples: Iterable[Triple]) -> list[Name]:
    found: set[Name] = set()
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal) and triple.predicate in _KINDS:
            found.add(Name(triple.subject, triple.object.value, triple.object.language, _KINDS[triple.predicate]))
    return sorted(found | usual_names(found, map(NamedNode, term_labels())), key=repr)


def _headings(triples: Iterable[Triple], links: Iterable[_Link]) -> tuple[list[str], dict[NamedNode, str]]:
    """Give the headings of facts in the order of their positions, and that of each property."""
    groups: dict[NamedNode, set[str]] = defaultdict(set)
    for term, predicate, group in links:
        if predicate == SK.factGroup:
            groups[term].add(group.value)
    chosen = {term: min(named) for term, named in groups.items()}
    given = ((each.subject.value, each.object) for each in triples if isinstance(each.subject, NamedNode) and each.predicate == SK.position)
    positions = {group: int(position.value) for group, position in given if isinstance(position, Literal) and position.value.isdecimal()}
    return sorted(set(chosen.values()), key=lambda group: (positions.get(group, len(positions) + 1), group)), chosen


def _inverses(links: Iterable[_Link]) -> dict[NamedNode, NamedNode]:
    found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for term, predicate, other in links:
        if predicate == OWL.inverseOf:
            found[term].add(other)
            found[other].add(term)
    return {term: min(others, key=lambda other: other.value) for term, others in found.items()}


def _anchors(described: Iterable[str], ontologies: Collection[str], context: Context) -> dict[str, str]:
    """Give each term an anchor: the fragment of its IRI where its ontology is ours, so that the IRI leads to it, else its CURIE; no two have the same."""
    anchors: dict[str, str] = {}
    taken = set(_TAKEN)
    for iri in sorted(described, key=lambda iri: (iri.partition("#")[0] not in ontologies, iri)):
        ontology, _, fragment = iri.partition("#")
        wanted = fragment if fragment and ontology in ontologies else context.short(NamedNode(iri))
        anchor = base = _NOT_IN_ANCHORS.sub("-", wanted)
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        taken.add(anchor)
        anchors[iri] = anchor
    return anchors
