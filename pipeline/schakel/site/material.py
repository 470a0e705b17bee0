"""What pages are made of, read from the graph when a page first asks for it: where all pages are those of an earlier run none does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schakel.releases.history import Entry, entries_by_thing
from schakel.site.entity_index import Things, read_things
from schakel.site.neighbours import Neighbours
from schakel.site.passages import Passage, read_passages
from schakel.site.query_form import Asked, questions_about
from schakel.site.site import Site

__all__ = ["Material"]


@dataclass(frozen=True)
class Material:
    """A site with what is read from its graph."""

    site: Site

    @cached_property
    def neighbours(self) -> Neighbours:
        """Every statement, found by what it is about."""
        return Neighbours(self.site.dataset, self.site.names, self.site.paths)

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """Passages and sources by IRI."""
        return read_passages(self.site.dataset.triples(self.site.names.provenance))

    @cached_property
    def asked(self) -> Mapping[str, Sequence[Asked]]:
        """Canned queries that have an answer about a thing, by its IRI."""
        ask, language = self.site.ask, self.site.frame.languages[0]
        return {} if ask is None else questions_about(self.site.queries, lambda query: ask(query, language))

    @cached_property
    def history(self) -> Mapping[str, Sequence[Entry]]:
        """What changed of each thing from release to release, newest first."""
        return entries_by_thing(self.site.steps, self.site.frame.languages)

    @cached_property
    def things(self) -> Things:
        """All things that have pages."""
        return read_things(self.site.frame, self.neighbours, self.site.paths, self.passages)
