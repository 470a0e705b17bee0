"""Find entities by text: in their names, then among names that differ by a typing error, last in descriptions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode
from rapidfuzz import process
from rapidfuzz.distance import OSA

from schakel.answers.answer import Answer
from schakel.answers.backend import Backend
from schakel.lookup.context import Context, language_rank
from schakel.lookup.kinds import kinds_of
from schakel.lookup.names import Name, best_names, every_name, name_rank, read_names
from schakel.lookup.normalization import fold
from schakel.lookup.sparql import HEADER

__all__ = ["find"]

_COLUMNS: Final = ("entity", "name", "kind", "matched")

# How a text fits what was asked, the best first.
_EXACT, _BEGINNING, _WORDS, _INSIDE, _JOINED, _TYPO, _DESCRIPTION = range(7)

# Shorter texts are found inside others by chance, once spaces are gone.
_JOINED_LENGTH = 4


@dataclass(frozen=True)
class _Hit:
    """A text of an entity that fits, how well it does, and how many letters differ."""

    fit: int
    typos: int
    folded: str
    name: Name


def find(backend: Backend, text: str, context: Context, language: str | None = None, limit: int = 20) -> Answer:
    """Find entities by text; words may come in any order, and case, accents and punctuation do not matter.

    Gives at most `limit` rows, one an entity, the best first: what it is called, what kind it is, and which of its names or descriptions fitted.
    Names that differ by a typing error, and descriptions, fill up what names that hold the text leave free.
    """
    asked = fold(text)
    rank = language_rank(context, language)
    found: dict[NamedNode, _Hit] = {}
    if asked and limit > 0:
        folded = [(fold(name.text), name) for name in every_name(backend)]
        for search in (_holding, _mistyped):
            if len(found) < limit:
                _keep_best(found, search(asked, folded), rank)
        if len(found) < limit:
            _keep_best(found, _described(backend, asked), rank)
    chosen = sorted(found.values(), key=_order(context))[:limit]
    return Answer(_COLUMNS, tuple(_rows(backend, chosen, context, language)))


def _keep_best(found: dict[NamedNode, _Hit], hits: Iterable[_Hit], language_of: Callable[[str | None], int]) -> None:
    """Keep one text for each entity that has none yet: of those that fit equally well, the one in the language most wanted."""

    def order(hit: _Hit) -> tuple[object, ...]:
        return hit.fit, hit.typos, language_of(hit.name.language), name_rank(hit.name), len(hit.folded), hit.name.text, hit.name.language or ""

    for hit in sorted(hits, key=order):
        found.setdefault(hit.name.entity, hit)


def _order(context: Context) -> Callable[[_Hit], tuple[object, ...]]:
    """Order entities: what fits best, what people look for, then short names, as more of them is what was asked for."""
    return lambda hit: (hit.fit, hit.typos, context.place(hit.name.entity), len(hit.folded), hit.folded, hit.name.entity.value)


def _holding(asked: str, folded: Iterable[tuple[str, Name]]) -> Iterator[_Hit]:
    """Give the names that hold all words asked for, in any order."""
    words = asked.split()
    joined = asked.replace(" ", "")
    for text, name in folded:
        if all(word in text for word in words):
            yield _Hit(_fit(asked, words, text), 0, text, name)
        elif len(joined) >= _JOINED_LENGTH and joined in text.replace(" ", ""):
            yield _Hit(_JOINED, 0, text, name)


def _fit(asked: str, words: Sequence[str], text: str) -> int:
    if text == asked:
        return _EXACT
    if text.startswith(asked):
        return _BEGINNING
    return _WORDS if set(words) <= set(text.split()) else _INSIDE


def _mistyped(asked: str, folded: Sequence[tuple[str, Name]]) -> Iterator[_Hit]:
    """Give the names that have, for each word asked for, a word that differs little."""
    vocabulary = sorted({word for text, _ in folded for word in text.split()})
    near = [_near(word, vocabulary) for word in asked.split()]
    for text, name in folded:
        words = set(text.split())
        distances = [min((typos[word] for word in words & typos.keys()), default=None) for typos in near]
        typed = [distance for distance in distances if distance is not None]
        if len(typed) == len(near):
            yield _Hit(_TYPO, sum(typed), text, name)


def _near(word: str, vocabulary: Sequence[str]) -> dict[str, int]:
    """Give the words that `word` can have been meant to be, with the number of letters that differ; two that changed places are one.

    >>> _near("terschellingg", ["terschelling", "en", "terschellinggs", "ameland"])
    {'terschelling': 1, 'terschellinggs': 1}
    """
    # A short word with another letter is another word.
    allowed = (len(word) >= 4) + (len(word) >= 8)  # noqa: PLR2004  # the numbers are the rule
    matches = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    return {match: int(distance) for match, distance, _ in sorted(matches)}


def _described(backend: Backend, asked: str) -> Iterator[_Hit]:
    """Give the descriptions that hold all words asked for."""
    words = asked.split()
    for entity, text in backend.select(f"{HEADER}SELECT DISTINCT ?entity ?text WHERE {{ ?entity dct:description ?text }}").rows:
        if isinstance(entity, NamedNode) and isinstance(text, Literal):
            folded = fold(text.value)
            if all(word in folded for word in words):
                yield _Hit(_DESCRIPTION, 0, folded, Name(entity, text.value, text.language, "dct:description"))


def _rows(backend: Backend, hits: Sequence[_Hit], context: Context, language: str | None) -> Iterator[tuple[NamedNode, Literal, Literal | None, Literal]]:
    entities = [hit.name.entity for hit in hits]
    names = best_names(read_names(backend, entities), context, language) if entities else {}
    kinds = kinds_of(backend, entities, context, language)
    for hit in hits:
        entity = hit.name.entity
        yield entity, names.get(entity, Literal(context.short(entity))), kinds.get(entity), hit.name.literal
