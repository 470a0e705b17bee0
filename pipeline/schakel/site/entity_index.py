"""All things that have pages: what each is called and of which kind it is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.document_paths import whole_of
from schakel.lookup import Name, best_names, fold, named_by_iri
from schakel.namespaces import OA, OWL, SK, SKOS
from schakel.site.descriptions import names_in
from schakel.site.frame import Frame
from schakel.site.neighbours import Neighbours
from schakel.site.passages import Passage, named_by_words
from schakel.term_labels import words_of

__all__ = ["Kind", "Things", "read_things"]

# What says where something was read, what it is called or what terms mean, rather than what there is.
_ABOUT_OTHERS: Final = frozenset({SK.SourceDocument, SK.Name, SK.OpenQuestion, SK.Difference, OA.SpecificResource, OWL.Ontology, SKOS.ConceptScheme})
# Parts of things that are listed all the same.
_LISTED: Final = frozenset({SK.OpenQuestion.value, SK.Difference.value})
# Names that some file systems keep for themselves.
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})
_NOT_IN_PATHS: Final = re.compile(r"[^\w-]+")
_LONGEST: Final = 50
_FREE: Final = "untyped"


@dataclass(frozen=True)
class Kind:
    """A class with the things of which it is the most specific one, and the path of their list without its suffix."""

    term: NamedNode
    path: str
    things: Sequence[str]


@dataclass(frozen=True)
class Things:
    """The things of a graph that have pages, by kind.

    `paths` are those of their pages, by IRI; `names` are all names, whatever they name; passages are called by their words.
    `classes` has for each class all things that are of it, whatever else they are; of open questions and differences those that are parts of a thing, too.
    """

    frame: Frame
    paths: Mapping[str, str]
    names: Sequence[Name]
    passages: Mapping[str, Passage]
    kinds: Sequence[Kind]
    classes: Mapping[NamedNode, Sequence[str]]

    @cached_property
    def _labels(self) -> dict[str, Mapping[NamedNode, Literal]]:
        return {}

    def labels(self, language: str) -> Mapping[NamedNode, Literal]:
        """Give what to call each thing in a language."""
        if language not in self._labels:
            labels = best_names(self.names, self.frame.context, language)
            self._labels[language] = {**labels, **named_by_words(self.passages, labels)}
        return self._labels[language]

    def label(self, iri: str, language: str) -> Literal:
        """Give what to call a thing: its name, or its kind and the last part of its IRI where it has none."""
        node = NamedNode(iri)
        found = self.labels(language).get(node)
        if found is None:
            kind = self.kind_of.get(iri)
            label = None if kind is None else self.labels(language).get(kind) or self.frame.terms.labels(language).get(kind) or Literal(words_of(kind.value))
            found = Literal(named_by_iri(node, label))
        return found

    @cached_property
    def kind_pages(self) -> Mapping[str, str]:
        """Paths of the lists by class."""
        return {kind.term.value: f"{kind.path}.html" for kind in self.kinds}

    @cached_property
    def kind_of(self) -> Mapping[str, NamedNode]:
        """The most specific class of each thing that has one."""
        return {thing: kind.term for kind in self.kinds for thing in kind.things}

    def is_sought(self, kind: Kind) -> bool:
        """Tell whether people look for things of a kind: not for evidence or terms, nor for what mostly has no name."""
        labels = self.labels(self.frame.languages[0])
        named = sum(1 for thing in kind.things if NamedNode(thing) in labels)
        return 2 * named >= len(kind.things) and kind.term not in _ABOUT_OTHERS

    def sorted(self, things: Iterable[str], language: str) -> list[tuple[str, Literal]]:
        """Give things with what they are called, as in a register."""
        named = [(thing, self.label(thing, language)) for thing in things]
        return sorted(named, key=lambda item: (fold(item[1].value), item[1].value, item[0]))


def read_things(frame: Frame, neighbours: Neighbours, paths: Mapping[str, str], passages: Mapping[str, Passage]) -> Things:
    """Sort all things with pages by the class that says most of them."""
    classes: defaultdict[str, set[NamedNode]] = defaultdict(set)
    for thing, of_class in neighbours.types():
        if thing in paths or (of_class in _LISTED and whole_of(thing, frame.context.base)[0] in paths):
            classes[thing].add(NamedNode(of_class))
    chosen: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for thing, terms in classes.items():
        most = frame.terms.hierarchy.most_specific(terms) if thing in paths else None
        if most is not None:
            chosen[most].append(thing)
    taken = {f"kinds/{name}" for name in _RESERVED}
    kinds = []
    for term in sorted(chosen, key=lambda term: term.value):
        path = wanted = f"kinds/{_slug(frame.terms.anchors.get(term.value) or frame.context.short(term))}"
        number = 1
        while path.casefold() in taken:
            number += 1
            path = f"{wanted}-{number}"
        taken.add(path.casefold())
        kinds.append(Kind(term, path, sorted(chosen[term])))
    return Things(frame, paths, names_in(neighbours.naming({*paths, *classes})), passages, kinds, _by_class(classes))


def _by_class(classes: Mapping[str, Iterable[NamedNode]]) -> dict[NamedNode, list[str]]:
    found: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for thing, terms in classes.items():
        for term in terms:
            found[term].append(thing)
    return found


def _slug(text: str) -> str:
    return _NOT_IN_PATHS.sub("-", text)[:_LONGEST].strip("-") or _FREE
