"""An inverted index of trigrams: which texts may be near another, found in milliseconds among hundreds of thousands."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Trigrams", "trigrams_of"]

# What is read of a text that is looked up, and how many entries of the index are looked at: the rarest trigrams, which tell most, first.
_LONGEST = 100
_MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class Trigrams:
    """For each trigram, the positions of the texts that have it.

    >>> trigrams_of(["brandaris", "vuurduin", "eierland"]).candidates("brandarys", 2)
    [0, 2]
    """

    positions: Mapping[str, Sequence[int]]

    def candidates(self, text: str, limit: int) -> list[int]:
        """Give the positions of at most `limit` texts that share trigrams with one, those that share most first."""
        shared: Counter[int] = Counter()
        entries = 0
        for found in sorted((self.positions[each] for each in _trigrams(text[:_LONGEST]) if each in self.positions), key=len):
            entries += len(found)
            if shared and entries > _MOST_ENTRIES:
                break
            shared.update(found[:_MOST_ENTRIES])
        return [position for position, _ in shared.most_common(limit)]


def trigrams_of(texts: Iterable[str]) -> Trigrams:
    """Index texts by their trigrams."""
    positions: dict[str, array[int]] = {}
    for position, text in enumerate(texts):
        for each in _trigrams(text):
            positions.setdefault(each, array("I")).append(position)
    return Trigrams(positions)


def _trigrams(text: str) -> Iterator[str]:
    """Give the trigrams of each word, in order and each once; where a word begins and ends counts as a letter."""
    padded = (f" {word} " for word in text.split())
    return iter(dict.fromkeys(word[start : start + 3] for word in padded for start in range(max(len(word) - 2, 1))))
