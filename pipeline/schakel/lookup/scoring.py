"""How near two names are: shared words count by how few names have them, legal forms and articles hardly, and small typing errors cost little."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from schakel.lookup.normalization import MINOR_WORDS, NormalName

__all__ = ["MATCH", "Scorer", "is_same_but_for_forms", "scorer_of"]

# From this score, of 100, a name is taken for another unless something else is as near.
MATCH: Final = 95.0
_SAME: Final = 100.0
_REORDERED: Final = 99.0
# What is left of the score where a legal form is missing, and where it is another one, which is another organisation.
_FORM_MISSING: Final = 0.98
_OTHER_FORM: Final = 0.9
# A name that has all words asked for is worth showing, however much more it says.
_CONTAINED: Final = 60.0
# The weight of an article, as a part of that of a word that no name has.
_MINOR: Final = 0.04
# Words of fewer letters are other words with another letter; longer ones may have a second error.
_ONE_ERROR: Final = 5
_TWO_ERRORS: Final = 8
_MOST_ERRORS: Final = 2


@dataclass(frozen=True)
class Scorer:
    """In how many names each word is, of how many names.

    >>> names = [NormalName(("vuurtoren", place), ()) for place in ("oost", "west", "noord")]
    >>> scorer = scorer_of(names)
    >>> scorer.score(names[0], names[0]), scorer.score(NormalName(("oosterhout",), ()), names[0]) < MATCH
    (100.0, True)
    """

    frequencies: Mapping[str, int] = field(default_factory=dict)
    names: int = 1

    def score(self, asked: NormalName, name: NormalName) -> float:
        """Tell how near a name is to what was asked, of 100."""
        if asked == name:
            return _SAME
        if not asked.words or not name.words:
            return 0.0
        ours, theirs = _joined(asked.words, name.words)
        near = _REORDERED if ours != theirs else _SAME
        shared = self._shared(ours, theirs)
        total = sum(shared.weights)
        near = min(near, _SAME * 2 * shared.weight / total)
        if shared.has_all:
            near = max(near, _CONTAINED + near * (1 - _CONTAINED / _SAME) / 2)
        return round(near * _forms(asked.forms, name.forms), 1)

    def _shared(self, asked: tuple[str, ...], name: tuple[str, ...]) -> "_Shared":
        left, over, has_telling = list(name), [], False
        weight = 0.0
        for word in asked:
            if word in left:
                left.remove(word)
                weight += self.weight(word)
                has_telling = has_telling or word not in MINOR_WORDS
            else:
                over.append(word)
        has_all = has_telling and not over
        ours = theirs = weight
        for word in over:
            found, near = max(((other, _nearness(word, other)) for other in left), key=lambda pair: pair[1], default=("", 0.0))
            if near:
                left.remove(found)
                # A word that is mistyped is in no name: what it weighs is what the right one weighs.
                weight += near * self.weight(found)
                ours += self.weight(found)
                theirs += self.weight(found)
            else:
                ours += self.weight(word)
        theirs += sum(map(self.weight, left))
        return _Shared(weight, (ours, theirs), has_all)

    def weight(self, word: str) -> float:
        """Tell how much a word says: most where few names have it."""
        if word in MINOR_WORDS:
            return _MINOR * log(1 + self.names)
        return log(1 + self.names / max(self.frequencies.get(word, 0), 1))


class _Shared(NamedTuple):
    """The weight of what two names share, that of each of them, and whether the one has all words of the other."""

    weight: float
    weights: tuple[float, float]
    has_all: bool


def scorer_of(names: Iterable[NormalName]) -> Scorer:
    """Count the words of names."""
    each = list(names)
    return Scorer(Counter(word for name in each for word in set(name.words)), max(len(each), 1))


def is_same_but_for_forms(one: NormalName, other: NormalName) -> bool:
    """Tell whether two names have the same words, and no legal form against another."""
    return bool(one.words) and one.words == other.words and _forms(one.forms, other.forms) >= _FORM_MISSING


def _nearness(word: str, other: str) -> float:
    """Tell how near two words are that differ, of 1: 0 where they are other words.

    >>> _nearness("spectrum", "spektrum"), _nearness("oost", "oest"), _nearness("vestfold", "ostfold"), _nearness("regio12", "regio13")
    (0.9375, 0.0, 0.0, 0.0)
    """
    # People seldom mistype the first letter, and a number with another digit is another number.
    if word[0] != other[0] or abs(len(word) - len(other)) > _MOST_ERRORS:
        return 0.0
    shorter = min(len(word), len(other))
    if shorter < _ONE_ERROR or not (word.isalpha() and other.isalpha()):
        return 0.0
    allowed = _MOST_ERRORS if shorter >= _TWO_ERRORS else 1
    errors = OSA.distance(word, other, score_cutoff=allowed)
    return 1 - errors * errors / (2 * max(len(word), len(other))) if errors <= allowed else 0.0


def _joined(asked: tuple[str, ...], name: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write words together that the other name writes together: `zorg groep` for `zorggroep`."""
    if set(asked) == set(name):
        return asked, name
    return _pairs_joined(asked, frozenset(name)), _pairs_joined(name, frozenset(asked))


def _pairs_joined(words: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    found: list[str] = []
    place = 0
    while place < len(words):
        pair = "".join(words[place : place + 2])
        together = place + 1 < len(words) and pair in known
        found.append(pair if together else words[place])
        place += 1 + together
    return tuple(found)


def _forms(asked: tuple[str, ...], name: tuple[str, ...]) -> float:
    if asked == name:
        return 1.0
    # One of `Coöperatie X U.A.` is enough.
    return _FORM_MISSING if set(asked) <= set(name) or set(name) <= set(asked) else _OTHER_FORM
