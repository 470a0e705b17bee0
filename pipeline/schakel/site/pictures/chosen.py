"""Which links are drawn where there are too many: those between the things that have the most, and of these those that most is said of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schakel.graph import Term
from schakel.site.pictures.text import Label

__all__ = ["Part", "best_connected"]

# More lines than this for each thing are a tangle, which shows nothing.
_LINES_A_THING: Final = 3


@dataclass(frozen=True)
class Part:
    """A link from one thing to another, of what kinds it is, and how often it is mentioned."""

    start: Term
    end: Term
    kinds: tuple[Label, ...] = ()
    mentions: int = 1

    @property
    def iris(self) -> tuple[str, str]:
        """What it is ordered by, whatever things are called in the language of the reader."""
        return str(self.start), str(self.end)


def best_connected(parts: Sequence[Part], most: int) -> list[Part]:
    """Choose links with no more than `most` things at their ends, in the order in which they came; the same thing at both sides counts as two."""
    counts: dict[tuple[bool, Term], int] = {}
    for part in parts:
        for thing in ((False, part.start), (True, part.end)):
            counts[thing] = counts.get(thing, 0) + 1
    if len(counts) <= most and len(parts) <= most * _LINES_A_THING:
        return list(parts)
    # A link may only come in with room for both ends, so the things drawn are never alone.
    ranked = sorted(range(len(parts)), key=lambda n: (-min(_ends(parts[n], counts)), -max(_ends(parts[n], counts)), -parts[n].mentions, parts[n].iris))
    things: set[tuple[bool, Term]] = set()
    chosen: list[int] = []
    for number in ranked:
        ends = {(False, parts[number].start), (True, parts[number].end)}
        if len(things | ends) <= most and len(chosen) < most * _LINES_A_THING:
            things |= ends
            chosen.append(number)
    return [parts[number] for number in sorted(chosen)]


def _ends(part: Part, counts: dict[tuple[bool, Term], int]) -> tuple[int, int]:
    return counts[False, part.start], counts[True, part.end]
