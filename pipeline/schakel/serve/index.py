"""Every name in the graph, held in memory to be searched by people who type and by OpenRefine, which asks for hundreds at once."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from schakel.answers import Backend
from schakel.lookup import Context, Hierarchy, Name, best_names, fold, hierarchy_of, labels_of, read_names

__all__ = ["Found", "NameIndex", "read_index"]

_LEAST_SCORE: Final = 60.0
_CANDIDATES: Final = 200
_EXACT: Final = 100.0


@dataclass(frozen=True)
class Found:
    """A thing that a text may mean, how near its name is (of 100), and which of its names that was."""

    entity: NamedNode
    score: float
    matched: str


@dataclass(frozen=True)
class NameIndex:
    """Names of the project's own things, their classes, and what classes and properties are called."""

    names: Sequence[Name] = ()
    folded: Sequence[str] = ()
    best: Mapping[NamedNode, Literal] = field(default_factory=dict)
    types: Mapping[NamedNode, AbstractSet[NamedNode]] = field(default_factory=dict)
    properties: Mapping[NamedNode, int] = field(default_factory=dict)
    labels: Mapping[NamedNode, Literal] = field(default_factory=dict)
    hierarchy: Hierarchy = field(default_factory=lambda: Hierarchy({}))
    calling: Mapping[NamedNode, Sequence[str]] = field(default_factory=dict)

    def search(self, text: str, *, kinds: AbstractSet[NamedNode] = frozenset(), limit: int = 10) -> list[Found]:
        """Find things by what they are called, the best first; with `kinds`, only those of one of these classes."""
        asked = fold(text)
        if not asked or limit < 1:
            return []
        matches = process.extract(asked, self.folded, scorer=fuzz.token_sort_ratio, score_cutoff=_LEAST_SCORE, limit=max(_CANDIDATES, limit * 5))
        found: dict[NamedNode, Found] = {}
        for _, score, place in sorted(matches, key=lambda match: (-match[1], self.names[match[2]].entity.value, match[2])):
            name = self.names[place]
            if not kinds or kinds & self.types.get(name.entity, frozenset()):
                found.setdefault(name.entity, Found(name.entity, round(score, 1) if self.folded[place] != asked else _EXACT, name.text))
        return list(found.values())[:limit]

    def called(self, text: str) -> list[NamedNode]:
        """Give what has just this name, whatever its case, accents and punctuation."""
        asked = fold(text)
        return [self.names[place].entity for place, folded in enumerate(self.folded) if asked and folded == asked]

    def beginning(self, text: str, *, limit: int = 10) -> list[Found]:
        """Find things of whose names a word begins so, then those whose names are near."""
        asked = fold(text)
        if not asked:
            return []
        found: dict[NamedNode, Found] = {}
        fits = [(not folded.startswith(asked), len(folded), place) for place, folded in enumerate(self.folded) if f" {asked}" in f" {folded}"]
        for _, _, place in sorted(fits):
            found.setdefault(self.names[place].entity, Found(self.names[place].entity, _EXACT, self.names[place].text))
        for each in self.search(text, limit=limit):
            found.setdefault(each.entity, each)
        return list(found.values())[:limit]

    def nearness(self, text: str, term: NamedNode, context: Context) -> float:
        """Tell how near a text is to one of the names of a thing, of 100."""
        asked = fold(text)
        names = self.calling.get(term) or [fold(self.label(term, context))]
        return max((float(fuzz.token_sort_ratio(asked, name)) for name in names), default=0.0) if asked else 0.0

    def kinds_of(self, entity: NamedNode) -> list[NamedNode]:
        """Give the classes of a thing, the one that says most first."""
        classes = self.types.get(entity, frozenset())
        chosen = self.hierarchy.most_specific(classes)
        return sorted(classes, key=lambda term: (term != chosen, term.value))

    def label(self, term: NamedNode, context: Context) -> str:
        """Say what a thing, a class or a property is called."""
        label = self.best.get(term) or self.labels.get(term)
        return context.short(term) if label is None else label.value


def read_index(backend: Backend, context: Context) -> NameIndex:
    """Read all names, classes and properties of a graph."""
    names = [name for name in read_names(backend) if context.is_own(name.entity)]
    types: dict[NamedNode, set[NamedNode]] = {}
    for entity, term in backend.select("SELECT DISTINCT ?entity ?class WHERE { ?entity a ?class }").rows:
        if isinstance(entity, NamedNode) and isinstance(term, NamedNode) and context.is_own(entity):
            types.setdefault(entity, set()).add(term)
    used: dict[NamedNode, int] = {}
    for term, count in backend.select("SELECT ?property (COUNT(*) AS ?count) WHERE { ?s ?property ?o } GROUP BY ?property").rows:
        if isinstance(term, NamedNode) and isinstance(count, Literal):
            used[term] = int(count.value)
    above = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?term ?over WHERE { ?term rdfs:subClassOf|rdfs:subPropertyOf ?over }"
    hierarchy = hierarchy_of((term, over) for term, over in backend.select(above).rows)
    terms = {term for classes in types.values() for term in classes} | used.keys()
    folded = [fold(name.text) for name in names]
    calling: dict[NamedNode, list[str]] = {}
    for name, text in zip(names, folded, strict=True):
        calling.setdefault(name.entity, []).append(text)
    return NameIndex(
        names,
        folded,
        best_names(names, context, None),
        types,
        used,
        labels_of(backend, terms, context, None),
        hierarchy,
        calling,
    )
