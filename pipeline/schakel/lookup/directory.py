"""Where resolving looks things up: by asking the graph, which needs no preparation, or in an index of all its names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.errors import Candidate
from schakel.lookup.context import Context
from schakel.lookup.index import NameIndex
from schakel.lookup.kinds import kinds_of
from schakel.lookup.names import Name, every_name, labels_of, names_called

__all__ = ["AskedDirectory", "IndexedDirectory"]

_NEAR: Final = 200


@dataclass(frozen=True)
class AskedDirectory:
    """Asks the graph each time: right for a question or two, and slow where all names must be read."""

    backend: Backend
    context: Context
    language: str | None

    def has(self, iri: NamedNode) -> bool:
        """Tell whether the graph says anything of it, or of something else with it."""
        return _is_in_graph(self.backend, iri)

    def with_id(self, typed: str) -> list[NamedNode]:
        """Give the entities of which the last segments of the local part are what was typed, sorted."""
        base = Literal(self.context.base)
        query = f"""SELECT DISTINCT ?entity WHERE {{
  ?entity a ?class
  FILTER(STRSTARTS(STR(?entity), {base}) && STRENDS(STR(?entity), {Literal("/" + typed)}) && !CONTAINS(STRAFTER(STR(?entity), {base}), "#"))
}}"""
        return _sorted(entity for (entity,) in self.backend.select(query).rows if isinstance(entity, NamedNode))

    def with_name(self, typed: str) -> Iterable[Name]:
        """Give the names that are what was typed but for capitals, which the store looks for, or else all names."""
        return names_called(self.backend, typed) or every_name(self.backend)

    def near_ids(self, last: str, *, parts: bool) -> Sequence[NamedNode]:  # noqa: ARG002  # all are looked at
        """Give everything of which the graph says what it is."""
        whole = "" if parts else f'FILTER(!CONTAINS(STRAFTER(STR(?entity), {Literal(self.context.base)}), "#"))'
        answer = self.backend.select(f"SELECT DISTINCT ?entity WHERE {{ ?entity a ?class {whole} }}")
        return _sorted(entity for (entity,) in answer.rows if isinstance(entity, NamedNode))

    def near_names(self, typed: str) -> Iterable[Name]:  # noqa: ARG002  # all are looked at
        """Give all names."""
        return every_name(self.backend)

    def candidates(self, entities: Sequence[NamedNode]) -> list[Candidate]:
        """Tell things apart for a person: what to paste, what it is called, what kind it is."""
        names = labels_of(self.backend, entities, self.context, self.language)
        kinds = kinds_of(self.backend, entities, self.context, self.language)
        return [Candidate(self.context.short(entity), _text(names.get(entity)), _text(kinds.get(entity))) for entity in entities]


@dataclass(frozen=True)
class IndexedDirectory:
    """Looks up an index of the graph, and asks the graph only about an IRI of which it does not say what it is."""

    backend: Backend
    index: NameIndex

    def has(self, iri: NamedNode) -> bool:
        """Tell whether the graph says anything of it, or of something else with it."""
        return iri in self.index.types or iri in self.index.properties or _is_in_graph(self.backend, iri)

    def with_id(self, typed: str) -> list[NamedNode]:
        """Give the entities of which the last segments of the local part are what was typed, sorted."""
        return [entity for entity in self.index.with_id(typed.rpartition("/")[2]) if entity.value.endswith(f"/{typed}")]

    def with_name(self, typed: str) -> Iterable[Name]:
        """Give the names that are what was typed but for capitals or, where there are none, those that share most with it."""
        names = self.index.called(typed)
        return [name for name in names if name.text.lower() == typed.lower()] or names or self.near_names(typed)

    def near_ids(self, last: str, *, parts: bool) -> Sequence[NamedNode]:
        """Give the things whose last segments share most with that one; a part is found by what it is a part of."""
        near = (self.index.entities[place] for place in self.index.near_ids(last, 2 * _NEAR))
        return _sorted(islice((entity for entity in near if parts or "#" not in self.index.context.short(entity)), _NEAR))

    def near_names(self, typed: str) -> Iterable[Name]:
        """Give the names that share most with a text."""
        return self.index.near_names(typed, _NEAR)

    def candidates(self, entities: Sequence[NamedNode]) -> list[Candidate]:
        """Tell things apart for a person: what to paste, what it is called, what kind it is."""
        return [Candidate(self.index.context.short(entity), _text(self.index.best.get(entity)), self._kind(entity)) for entity in entities]

    def _kind(self, entity: NamedNode) -> str:
        kinds = self.index.kinds_of(entity)
        return self.index.label(kinds[0]) if kinds else ""


def _is_in_graph(backend: Backend, iri: NamedNode) -> bool:
    query = f"SELECT ?property WHERE {{ {{ {iri} ?property ?value }} UNION {{ ?subject ?property {iri} }} UNION {{ ?subject {iri} ?value }} }} LIMIT 1"
    return bool(backend.select(query).rows)


def _sorted(entities: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(set(entities), key=lambda entity: entity.value)


def _text(literal: Literal | None) -> str:
    return "" if literal is None else literal.value
