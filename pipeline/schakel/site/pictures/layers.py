"""Where boxes in columns stand: ordered so that few lines cross, each as near to what it is linked with as the others beside it allow.

Only sums, products and quotients are made, and the results rounded, so that every machine comes to the same places.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["Box", "placed", "spread"]

_ORDERING_SWEEPS: Final = 8
_PLACING_SWEEPS: Final = 8
# How much a box counts that is linked with nothing on the side that is looked at.
_YIELDING: Final = 1 / 64

Links = list[list[int]]


@dataclass(frozen=True)
class Box:
    """A box in a column (`layer`), so high."""

    layer: int
    height: int


def placed(boxes: Sequence[Box], lines: Sequence[tuple[int, int]], gap: int) -> list[int]:
    """Give the height at which the middle of each box stands, from 0 at the top. A line leads from a box to one in the next column.

    Boxes of a column stand at least `gap` apart; where nothing else tells, they stand in the order in which they come.
    """
    if not boxes:
        return []
    before: Links = [[] for _ in boxes]
    after: Links = [[] for _ in boxes]
    for start, end in lines:
        after[start].append(end)
        before[end].append(start)
    layers = _ordered([[n for n, box in enumerate(boxes) if box.layer == layer] for layer in range(max(box.layer for box in boxes) + 1)], before, after)
    middles = _settled(layers, boxes, before, after, gap)
    top = min(middle - boxes[number].height // 2 for number, middle in enumerate(middles))
    return [middle - top for middle in middles]


def _ordered(layers: list[list[int]], before: Links, after: Links) -> list[list[int]]:
    """Order each column by what its boxes are linked with in the one beside it, back and forth; the order with the fewest crossings is kept."""
    best, fewest = layers, _crossings(layers, after)
    for sweep in range(_ORDERING_SWEEPS):
        if not fewest:
            break
        layers = _swept(layers, before) if sweep % 2 == 0 else _swept(layers[::-1], after)[::-1]
        crossings = _crossings(layers, after)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _swept(layers: list[list[int]], links: Links) -> list[list[int]]:
    done = layers[:1]
    for layer in layers[1:]:
        ranks = {number: rank for rank, number in enumerate(done[-1])}
        scale = len(done[-1]) / max(len(layer), 1)
        wanted = {number: _mean([ranks[other] for other in links[number]], rank * scale) for rank, number in enumerate(layer)}
        done = [*done, sorted(layer, key=wanted.__getitem__)]
    return done


def _mean(values: Sequence[float], instead: float) -> float:
    return sum(values) / len(values) if values else instead


def _crossings(layers: list[list[int]], after: Links) -> int:
    """Count the pairs of lines that cross: those whose ends stand in another order than their starts."""
    crossings = 0
    for layer, following in pairwise(layers):
        ranks = {number: rank for rank, number in enumerate(following)}
        ends: list[int] = []
        for number in layer:
            ranked = sorted(ranks[end] for end in after[number])
            crossings += sum(len(ends) - bisect_right(ends, rank) for rank in ranked)
            for rank in ranked:
                insort(ends, rank)
    return crossings


def _settled(layers: list[list[int]], boxes: Sequence[Box], before: Links, after: Links, gap: int) -> list[int]:
    """Move each column, back and forth, to where its boxes are nearest to what they are linked with; the order stays."""
    middles = [0] * len(boxes)
    for sweep in range(_PLACING_SWEEPS):
        rightwards = sweep % 2 == 0
        towards, back = (before, after) if rightwards else (after, before)
        for layer in layers if rightwards else reversed(layers):
            wanted = [_mean([middles[other] for other in towards[n] or back[n]], middles[n]) for n in layer]
            weights = [1 if towards[n] else _YIELDING for n in layer]
            for number, middle in zip(layer, spread(wanted, [boxes[n].height for n in layer], gap, weights), strict=True):
                middles[number] = middle
    return middles


def spread(wanted: Sequence[float], heights: Sequence[int], gap: int, weights: Sequence[float] = ()) -> list[int]:
    """Give the middles of boxes below each other that are, by least squares, nearest to those wanted, with `gap` between them at least.

    One of little weight makes way for the others.

    Taking off what the boxes above need at least leaves heights that must not fall: where one does, it and those before it get their mean.

    >>> spread([10, 10], [20, 20], 4)
    [-2, 22]
    """
    taken = [0] * len(heights)
    for rank in range(1, len(heights)):
        taken[rank] = taken[rank - 1] + (heights[rank - 1] + 1) // 2 + gap + (heights[rank] + 1) // 2
    blocks: list[tuple[float, float, int]] = []
    for want, offset, weight in zip(wanted, taken, weights or [1] * len(taken), strict=True):
        total, weighs, count = (want - offset) * weight, weight, 1
        while blocks and blocks[-1][0] * weighs > total * blocks[-1][1]:
            more, heavier, others = blocks.pop()
            total, weighs, count = total + more, weighs + heavier, count + others
        blocks.append((total, weighs, count))
    settled = [int(total / weighs // 1) for total, weighs, count in blocks for _ in range(count)]
    return [height + offset for height, offset in zip(settled, taken, strict=True)]
