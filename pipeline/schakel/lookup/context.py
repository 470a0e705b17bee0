"""What reading a project's graph needs to know of the project: its base, its prefixes and the order of its languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from schakel.languages import preferred
from schakel.namespaces import curie
from schakel.term_labels import words_of

__all__ = ["ELSEWHERE", "OWN", "PART", "Context", "language_rank"]

# How near a thing is to what people look for: an entity of the project, a term or concept, a part of an entity (`#address`).
OWN: Final = 0
ELSEWHERE: Final = 1
PART: Final = 2


@dataclass(frozen=True)
class Context:
    """The base of a project's own IRIs, the prefixes it knows, and its languages in the order in which names fall back.

    `naming` are the properties whose values are shown as names before those of other properties.

    >>> lighthouses = Context("https://example.org/", {"sk": "https://w3id.org/schakel/ns#"}, ("en", "nl"))
    >>> lighthouses.short(NamedNode("https://example.org/tower/brandaris")), lighthouses.short(NamedNode("https://w3id.org/schakel/ns#Goal"))
    ('tower/brandaris', 'sk:Goal')
    """

    base: str
    prefixes: Mapping[str, str]
    languages: tuple[str, ...]
    naming: tuple[NamedNode, ...] = ()

    def is_own(self, iri: NamedNode) -> bool:
        """Tell whether an IRI is below the base."""
        return iri.value.startswith(self.base) and iri.value != self.base

    def short(self, iri: NamedNode) -> str:
        """Give what a person can read and paste: the local part of what is below the base, else a CURIE, else the IRI."""
        return iri.value.removeprefix(self.base) if self.is_own(iri) else curie(iri.value, self.prefixes)

    def term(self, iri: NamedNode) -> str:
        """Give what to call a term without a label: its CURIE, or the words that its IRI is made of where no prefix is known."""
        short = self.short(iri)
        return words_of(iri.value) if short == iri.value else short

    def place(self, iri: NamedNode) -> int:
        """Tell how near a thing is to what people look for: `OWN`, `ELSEWHERE` or `PART`."""
        if not self.is_own(iri):
            return ELSEWHERE
        return PART if "#" in iri.value.removeprefix(self.base) else OWN


def language_rank(context: Context, asked: str | None) -> Callable[[str | None], int]:
    """Give a function that ranks language tags, 0 being most wanted: the one asked for, then related ones, then those of the project, then any.

    >>> rank = language_rank(Context("https://example.org/", {}, ("en", "nl")), "nl-BE")
    >>> sorted(["fr", "en", "nl", "nl-BE"], key=rank)
    ['nl-BE', 'nl', 'en', 'fr']
    >>> sorted(["en", "nb", "nn"], key=language_rank(Context("https://example.org/", {}, ("en", "nb")), "nn"))
    ['nn', 'nb', 'en']
    """
    return _rank(tuple(context.languages), asked)


# A page asks for it a dozen times, and all pages of a language for the same.
@lru_cache(maxsize=100)
def _rank(languages: tuple[str, ...], asked: str | None) -> Callable[[str | None], int]:
    wanted = preferred([*filter(None, (asked,)), *languages])
    ranks = {tag: wanted.index(tag) for tag in wanted}
    return lambda tag: ranks.get((tag or "").lower(), len(wanted))
