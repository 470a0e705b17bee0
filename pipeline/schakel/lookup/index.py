"""Every name in the graph, held in memory: searched by people who type and by OpenRefine, which asks for hundreds at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.graph import GraphNames
from schakel.lookup.context import Context
from schakel.lookup.kinds import HOUSEKEEPING, SOUGHT_FIRST, Hierarchy, read_hierarchy
from schakel.lookup.names import Name, best_names, labels_of, read_names
from schakel.lookup.normalization import NormalName, fold, spellings
from schakel.lookup.scoring import Scorer, scorer_of
from schakel.lookup.trigrams import Trigrams, trigrams_of
from schakel.namespaces import OWL, RDF, RDFS, SH, SKOS

__all__ = ["Found", "NameIndex", "last_segment", "read_index"]

_LEAST_SCORE: Final = 60.0
_CANDIDATES: Final = 150
_EXACT: Final = 100.0
_NAMELESS: Final = NormalName((), ())
K = TypeVar("K", str, NamedNode, NormalName)


@dataclass(frozen=True)
class Found:
    """A thing that a text may mean, how near its name is (of 100), and which of its names that was."""

    entity: NamedNode
    score: float
    matched: str


@dataclass(frozen=True)
class NameIndex:
    """All names; the classes of all things that have one; what classes and properties are called.

    `folded` are the names in small letters without accents, by position, and `normal` what they are compared by, one a spelling, with those positions;
    `terms` are no things of the data: they are described by an ontology. `ids` are the last segments of the things' IRIs, by position in `entities`.
    """

    context: Context
    names: Sequence[Name] = ()
    folded: Sequence[str] = ()
    normal: Sequence[tuple[NormalName, int]] = ()
    scorer: Scorer = field(default_factory=Scorer)
    best: Mapping[NamedNode, Literal] = field(default_factory=dict)
    types: Mapping[NamedNode, AbstractSet[NamedNode]] = field(default_factory=dict)
    properties: AbstractSet[NamedNode] = frozenset()
    labels: Mapping[NamedNode, Literal] = field(default_factory=dict)
    hierarchy: Hierarchy = field(default_factory=lambda: Hierarchy({}))
    terms: AbstractSet[NamedNode] = frozenset()
    entities: Sequence[NamedNode] = ()
    ids: Sequence[str] = ()
    _by_name: Mapping[NormalName, Sequence[int]] = field(default_factory=dict)
    _by_entity: Mapping[NamedNode, Sequence[int]] = field(default_factory=dict)
    _by_id: Mapping[str, Sequence[int]] = field(default_factory=dict)
    _near_names: Trigrams = field(default_factory=lambda: Trigrams({}))
    _near_ids: Trigrams = field(default_factory=lambda: Trigrams({}))

    def is_own(self, entity: NamedNode) -> bool:
        """Tell whether something is a thing of the project that has a name."""
        return entity in self._by_entity and self._is_thing(entity)

    def _is_thing(self, entity: NamedNode) -> bool:
        return self.context.is_own(entity) or (entity in self.types and entity not in self.terms)

    @cached_property
    def usual_classes(self) -> Sequence[NamedNode]:
        """The classes of things that people match names with: organisations, places and projects, then the most specific classes of most things."""
        own = (entity for entity, classes in self.types.items() if classes and self.is_own(entity))
        counted = Counter(self.kinds_of(entity)[0] for entity in own)
        usual = sorted(counted, key=lambda term: (-counted[term], term.value))
        sought = [term for term in SOUGHT_FIRST if term in self.classes]
        return list(dict.fromkeys([*sought, *(term for term in usual if term not in HOUSEKEEPING)]))

    @cached_property
    def classes(self) -> AbstractSet[NamedNode]:
        """All classes of the project's things but those that the graph keeps for its own sake."""
        return {term for entity, classes in self.types.items() if self._is_thing(entity) for term in classes} - HOUSEKEEPING

    def search(self, text: str, *, kinds: AbstractSet[NamedNode] = frozenset(), limit: int = 10) -> list[Found]:
        """Find things of the project by what they are called, the best first; with `kinds`, only those of one of these classes.

        Without them, what the graph keeps for its own sake (passages, questions, differences) is left out.
        """
        if limit < 1:
            return []
        scores: dict[int, float] = {}
        for asked in spellings(text):
            for place in self._near(asked, max(_CANDIDATES, limit * 5)):
                name, position = self.normal[place]
                score = self.scorer.score(asked, name)
                if score > scores.get(position, _LEAST_SCORE - 1) and self._fits(self.names[position].entity, kinds):
                    scores[position] = score
        fitting = ((position, score) for position, score in scores.items() if score >= _LEAST_SCORE)
        found: dict[NamedNode, Found] = {}
        for position, score in sorted(fitting, key=lambda pair: (-pair[1], self.names[pair[0]].entity.value, pair[0])):
            found.setdefault(self.names[position].entity, Found(self.names[position].entity, score, self.names[position].text))
        return list(found.values())[:limit]

    def _fits(self, entity: NamedNode, kinds: AbstractSet[NamedNode]) -> bool:
        types = self.types.get(entity, frozenset())
        return self._is_thing(entity) and bool(kinds & types if kinds else not types or types - HOUSEKEEPING)

    def called(self, text: str) -> list[Name]:
        """Give the names that are just this, whatever the case, accents, punctuation and the spelling of legal forms."""
        places = dict.fromkeys(place for asked in spellings(text) for place in self._by_name.get(asked, ()))
        return [self.names[position] for position in dict.fromkeys(self.normal[place][1] for place in places)]

    def with_id(self, last: str) -> list[NamedNode]:
        """Give the things whose IRI ends with this segment."""
        return [self.entities[place] for place in self._by_id.get(last, ())]

    def near_names(self, text: str, limit: int) -> list[Name]:
        """Give names that share most with a text; those that are just the text come first."""
        places = (self.normal[place][1] for asked in spellings(text) for place in self._near(asked, limit))
        return [self.names[position] for position in dict.fromkeys(places)]

    def _near(self, asked: NormalName, limit: int) -> list[int]:
        same = self._by_name.get(asked, ())
        return list(dict.fromkeys([*same, *self._near_names.candidates(asked.text, limit)]))

    def near_ids(self, last: str, limit: int) -> list[int]:
        """Give the positions, in `entities`, of things whose last segment shares most with a text."""
        return self._near_ids.candidates(last.casefold(), limit)

    def beginning(self, text: str, *, limit: int = 10) -> list[Found]:
        """Find things of whose names a word begins so, then those whose names are near."""
        asked = fold(text)
        found: dict[NamedNode, Found] = {}
        if asked:
            fits = [(not folded.startswith(asked), len(folded), place) for place, folded in enumerate(self.folded) if f" {asked}" in f" {folded}"]
            for _, _, place in sorted(fits):
                name = self.names[place]
                if self._fits(name.entity, frozenset()):
                    found.setdefault(name.entity, Found(name.entity, _EXACT, name.text))
        for each in self.search(text, limit=limit):
            found.setdefault(each.entity, each)
        return list(found.values())[:limit]

    def nearness(self, text: str, term: NamedNode) -> float:
        """Tell how near a text is to one of the names of a thing, of 100."""
        names = [self.names[place].text for place in self._by_entity.get(term, ())] or [self.label(term)]
        return max(self.likeness(text, name) for name in names)

    def likeness(self, text: str, other: str) -> float:
        """Tell how near two texts are, of 100."""
        return max(self.scorer.score(asked, found) for asked in spellings(text) for found in spellings(other))

    def kinds_of(self, entity: NamedNode) -> list[NamedNode]:
        """Give the classes of a thing, the one that says most first."""
        classes = self.types.get(entity, frozenset())
        chosen = self.hierarchy.most_specific(classes)
        return sorted(classes, key=lambda term: (term != chosen, term.value))

    def label(self, term: NamedNode) -> str:
        """Say what a thing, a class or a property is called."""
        label = self.best.get(term) or self.labels.get(term)
        return self.context.term(term) if label is None else label.value


def last_segment(entity: NamedNode, context: Context) -> str:
    """Give what a person may type for an IRI below the base: what follows its last slash; empty for a part of a thing and for what is elsewhere.

    >>> tower = NamedNode("https://example.org/tower/brandaris")
    >>> last_segment(tower, Context("https://example.org/", {}, ())), last_segment(tower, Context("https://example.net/", {}, ()))
    ('brandaris', '')
    """
    local = entity.value.removeprefix(context.base)
    return "" if local == entity.value or "#" in local else entity.value.rpartition("/")[2]


def read_index(backend: Backend, context: Context) -> NameIndex:
    """Read all names, classes and properties of a graph."""
    names = read_names(backend)
    types: dict[NamedNode, set[NamedNode]] = {}
    for entity, term in backend.select("SELECT DISTINCT ?entity ?class WHERE { ?entity a ?class }").rows:
        if isinstance(entity, NamedNode) and isinstance(term, NamedNode):
            types.setdefault(entity, set()).add(term)
    used = backend.select("SELECT DISTINCT ?property WHERE { ?s ?property ?o }").rows
    properties = frozenset(term for (term,) in used if isinstance(term, NamedNode))
    terms = {term for classes in types.values() for term in classes} | properties
    normal = [(spelled, position) for position, name in enumerate(names) for spelled in spellings(name.text)]
    entities = sorted(types, key=lambda entity: entity.value)
    return NameIndex(
        context,
        names,
        [fold(name.text) for name in names],
        normal,
        scorer_of(spelled for spelled, _ in normal),
        best_names(names, context, None),
        types,
        properties,
        labels_of(backend, terms, context, None),
        read_hierarchy(backend),
        _terms(backend, context, types),
        entities,
        (ids := [last_segment(entity, context) for entity in entities]),
        _positions(spelled for spelled, _ in normal),
        _positions(name.entity for name in names),
        _positions(ids),
        trigrams_of(spelled.text for spelled, _ in normal),
        trigrams_of(last.casefold() for last in ids),
    )


def _terms(backend: Backend, context: Context, types: Mapping[NamedNode, AbstractSet[NamedNode]]) -> AbstractSet[NamedNode]:
    """Give what is described elsewhere and is no thing of the data: terms and concepts of the ontology."""
    described = backend.select(f"SELECT DISTINCT ?term WHERE {{ GRAPH {GraphNames(context.base).vocabulary} {{ ?term ?property ?value }} }}").rows
    told = {term for (term,) in described if isinstance(term, NamedNode)}
    # A store that holds the merge of all graphs alone does not tell whose concepts they are.
    concepts = () if told else (SKOS.Concept, SKOS.ConceptScheme)
    kinds = {each for classes in types.values() for each in classes if each.value.startswith((OWL.iri, RDFS.iri, RDF.iri, SH.iri)) or each in concepts}
    return told | {term for term, classes in types.items() if classes & kinds}


def _positions(keys: Iterable[K]) -> Mapping[K, Sequence[int]]:
    found: dict[K, list[int]] = {}
    for position, key in enumerate(keys):
        if key and key != _NAMELESS:
            found.setdefault(key, []).append(position)
    return found
