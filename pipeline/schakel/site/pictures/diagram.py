"""A drawing of things in columns, linked by lines from left to right: the common ground of networks and of ownership."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from schakel.site.pictures.layers import Box, placed
from schakel.site.pictures.markup import element, svg, texts
from schakel.site.pictures.text import Label, width, wrapped

__all__ = ["Diagram", "Edge", "Node"]

FONT: Final = 13
SMALL: Final = 11
_LINE: Final = 17
_SMALL_LINE: Final = 15
_PAD: Final = 12
_GAP: Final = 12
_MARGIN: Final = 8
_WIDEST: Final = 192
_WIDEST_WORDS: Final = 150
# The centre is set bold, and so wider.
_BOLD: Final = 15
_MOST_LINES: Final = 3
_CURVE: Final = 72
# How far lines stand apart where they leave a box, and where they reach one: without words, with a line of words, with one below it too.
_CLOSE, _APART, _WIDE_APART = 8, 18, 32
# The box of a hub is as high as what it is linked with, so that its lines do not bundle; its name is repeated for who has scrolled down.
_FARTHEST: Final = 64
_TALL, _REPEATED = 220, 400
_ABOVE, _BELOW = 5, 12
_DASHES: Final = 5
_WORDLESS: Final = Label("")


@dataclass(frozen=True)
class Node:
    """A thing in a column: what it is called, its page, of which kind it is, and what else its box says.

    `reach` is how many lines away is what belongs to it when it is looked at.
    """

    label: Label
    layer: int
    kind: str
    address: str | None = None
    notes: tuple[str, ...] = ()
    reach: int = 1


@dataclass(frozen=True)
class Edge:
    """A line between two nodes, by their numbers, with words on it; `kinds` are the numbers of what kinds it is of.

    `arrow` is 1 where it points to the right, -1 to the left, and 0 where it points nowhere. Words that have an `address` lead there.
    """

    start: int
    end: int
    words: Label = _WORDLESS
    kinds: tuple[int, ...] = ()
    inferred: bool = False
    arrow: int = 0
    address: str | None = None


@dataclass(frozen=True)
class Diagram:
    """Nodes, the edges between them, each from a column to one further right, and the heads of the columns; lines bend within `curve` pixels."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    heads: Sequence[str] = ()
    curve: int = _CURVE

    def svg(self, title: str, says: str) -> Markup:
        """Draw it, the boxes over the lines."""
        lines = [self._line(number) for number in range(len(self.edges))]
        words = [self._words(number) for number, edge in enumerate(self.edges) if edge.words and edge.address is None]
        # What can be followed is never hidden from who listens.
        links = [self._words(number) for number, edge in enumerate(self.edges) if edge.words and edge.address is not None]
        boxes = [self._box(number, node) for number, node in enumerate(self.nodes)]
        heads = [texts(head, x, _MARGIN + SMALL, _SMALL_LINE, class_="head") for (x, _), head in zip(self._columns, self._head_lines, strict=False)]
        last, wide = self._columns[-1]
        high = max(middle + box.height // 2 for middle, box in zip(self._middles, self._boxes, strict=True))
        hidden = element("g", *lines, *words, class_="edges", aria_hidden="true")
        return svg((last + wide + _MARGIN, high + _MARGIN), title, says, *heads, hidden, *links, *boxes)

    @cached_property
    def _lines(self) -> list[tuple[str, ...]]:
        return [wrapped(node.label.text, _WIDEST, _size(node), _MOST_LINES) for node in self.nodes]

    @cached_property
    def _notes(self) -> list[tuple[str, ...]]:
        return [tuple(line for note in node.notes for line in wrapped(note, _WIDEST, SMALL, 2)) for node in self.nodes]

    @cached_property
    def _head_lines(self) -> list[tuple[str, ...]]:
        return [wrapped(head, _WIDEST, SMALL, 2) for head in self.heads]

    @cached_property
    def _chains(self) -> list[list[int]]:
        """Give for each edge the boxes that it leads through: its ends, and a place of its own in each column that it crosses."""
        chains, number = [], len(self.nodes)
        for edge in self.edges:
            crossed = range(self.nodes[edge.start].layer + 1, self.nodes[edge.end].layer)
            chains.append([edge.start, *range(number, number + len(crossed)), edge.end])
            number += len(crossed)
        return chains

    @cached_property
    def _steps(self) -> list[tuple[int, int]]:
        return [step for chain in self._chains for step in pairwise(chain)]

    @cached_property
    def _apart(self) -> Mapping[int, int]:
        """Give by box how far apart lines reach it, where any of them has words."""
        apart: dict[int, int] = {}
        for edge in self.edges:
            if edge.words:
                apart[edge.end] = max(apart.get(edge.end, 0), _WIDE_APART if len(_short(edge)) > 1 else _APART)
        return apart

    def _leaving(self, number: int) -> int:
        """Tell how far apart lines leave a box."""
        return self._hub_step if number < len(self.nodes) and self.nodes[number].kind == "hub" else _CLOSE

    @cached_property
    def _hub_step(self) -> int:
        """Tell how far apart lines may leave hubs for these to be about as high as the column beside them."""
        leaving = sum(self.nodes[start].kind == "hub" for start, _ in self._steps if start < len(self.nodes))
        beside = sum(self._text_height(number) + _GAP for number, node in enumerate(self.nodes) if node.layer == 1)
        return min(max(beside // max(leaving, 1), _CLOSE), _FARTHEST)

    def _text_height(self, number: int) -> int:
        return len(self._lines[number]) * _LINE + len(self._notes[number]) * _SMALL_LINE + _PAD + 4

    @cached_property
    def _boxes(self) -> list[Box]:
        leaving, reaching = _counted(start for start, _ in self._steps), _counted(end for _, end in self._steps)
        boxes = []
        for number, node in enumerate(self.nodes):
            boxes.append(
                Box(
                    node.layer,
                    max(
                        self._text_height(number),
                        leaving.get(number, 0) * self._leaving(number) + _PAD,
                        reaching.get(number, 0) * self._apart.get(number, _CLOSE) + 4,
                    ),
                )
            )
        for edge, chain in zip(self.edges, self._chains, strict=True):
            boxes += [Box(self.nodes[edge.start].layer + step, _APART) for step in range(1, len(chain) - 1)]
        return boxes

    @cached_property
    def _middles(self) -> list[int]:
        top = 2 * _MARGIN + max(map(len, self._head_lines), default=0) * _SMALL_LINE if self.heads else _MARGIN
        return [middle + top for middle in placed(self._boxes, self._steps, _GAP)]

    @cached_property
    def _columns(self) -> list[tuple[int, int]]:
        """Give where each column begins and how wide it is."""
        columns, x = [], _MARGIN
        for layer in range(max(node.layer for node in self.nodes) + 1):
            x += self._zones[layer] + self.curve if layer else 0
            shown = [width(line, _size(node)) for n, node in enumerate(self.nodes) if node.layer == layer for line in self._lines[n]]
            small = [width(line, SMALL) for n, node in enumerate(self.nodes) if node.layer == layer for line in self._notes[n]]
            head = [width(line, SMALL) - 2 * _PAD for line in (self._head_lines[layer] if layer < len(self._head_lines) else ())]
            columns.append((x, max([*shown, *small, *head, 60]) + 2 * _PAD))
            x += columns[-1][1]
        return columns

    @cached_property
    def _zones(self) -> Mapping[int, int]:
        """Give by column how much room before it the words on the lines into it need."""
        zones = dict.fromkeys(range(max(node.layer for node in self.nodes) + 1), 0)
        for edge in self.edges:
            layer = self.nodes[edge.end].layer
            zones[layer] = max([zones[layer], *(width(line, SMALL) + 2 * _PAD for line in _short(edge))])
        return zones

    @cached_property
    def _ports(self) -> Mapping[tuple[int, int, int], int]:
        """Give the height at which a step of an edge leaves a box (0) or reaches one (1), in the order of where it goes to or comes from."""
        ports = {}
        for end in (0, 1):
            by_box: dict[int, list[tuple[int, int, int]]] = {}
            for edge, chain in enumerate(self._chains):
                for number, step in enumerate(pairwise(chain)):
                    by_box.setdefault(step[end], []).append((self._middles[step[1 - end]], edge, number))
            for box, steps in by_box.items():
                for rank, (_, edge, number) in enumerate(sorted(steps)):
                    ports[edge, number, end] = (
                        self._middles[box] + (2 * rank - len(steps) + 1) * (self._apart.get(box, _CLOSE) if end else self._leaving(box)) // 2
                    )
        return ports

    def _line(self, number: int) -> Markup:
        edge, chain = self.edges[number], self._chains[number]
        drawn = ""
        for step, following in enumerate(chain[1:]):
            layer = self._boxes[following].layer
            (x, wide), to = self._columns[layer - 1], self._columns[layer][0]
            start, bend = x + wide, to - self._zones[layer]
            here, there, half = self._ports[number, step, 0], self._ports[number, step, 1], (start + bend) // 2
            drawn += f"{f'H{start}' if step else f'M{start},{here}'}C{half},{here} {half},{there} {bend},{there}H{to}"
        dash = f" dash-{edge.kinds[0] % _DASHES}" if edge.kinds else ""
        # Where the words lead somewhere, they say it.
        title = element("title", self._said(edge)) if edge.address is None else None
        parts = (title, element("path", d=drawn, class_="line"), self._arrow(number))
        return element("g", *parts, class_=f"edge{dash}{' inferred' if edge.inferred else ''}", **_told(edge))

    def _said(self, edge: Edge) -> str:
        return " – ".join(filter(None, (self.nodes[edge.start].label.text, edge.words.text, self.nodes[edge.end].label.text)))

    def _arrow(self, number: int) -> Markup | None:
        """Draw the head of an arrow at the end to which a line points."""
        edge, last = self.edges[number], len(self._chains[number]) - 2
        if not edge.arrow:
            return None
        x, wide = self._columns[self.nodes[edge.start if edge.arrow < 0 else edge.end].layer]
        point, y = (x + wide, self._ports[number, 0, 0]) if edge.arrow < 0 else (x, self._ports[number, last, 1])
        back = point - 8 * edge.arrow
        return element("path", d=f"M{point},{y}L{back},{y - 4}V{y + 4}Z", class_="arrow")

    def _words(self, number: int) -> Markup:
        edge = self.edges[number]
        layer = self.nodes[edge.end].layer
        x, y = self._columns[layer][0] - self._zones[layer] + 2, self._ports[number, len(self._chains[number]) - 2, 1] - _ABOVE
        told = {} if edge.address is not None else _told(edge)
        written = texts(_short(edge), x, y, _ABOVE + _BELOW, class_="words", lang=edge.words.language, **told)
        return written if edge.address is None else element("a", element("title", self._said(edge)), written, href=edge.address, class_="named", **_told(edge))

    def _box(self, number: int, node: Node) -> Markup:
        (x, wide), box, middle = self._columns[node.layer], self._boxes[number], self._middles[number]
        top = middle - box.height // 2
        lines, notes = self._lines[number], self._notes[number]
        first = middle - (self._text_height(number) - _PAD - 4) // 2 + FONT
        repeated: range = range(0)
        if box.height > _TALL:
            first = top + _PAD + FONT
            repeated = range(first + _REPEATED, top + box.height - _REPEATED // 2, _REPEATED)
        drawn = [
            element("title", node.label.text),
            element("rect", x=x, y=top, width=wide, height=box.height, rx=min(box.height // 2, 17) if node.kind == "what" else 4),
            texts(lines, x + _PAD, first, _LINE, class_="label", lang=node.label.language),
            texts(notes, x + _PAD, first + len(lines) * _LINE - 2, _SMALL_LINE, class_="words") if notes else None,
            *(texts(lines, x + _PAD, y, _LINE, class_="label", lang=node.label.language, aria_hidden="true") for y in repeated),
        ]
        told = {"class_": f"node node-{node.kind}", "data_node": number, "data_reach": node.reach}
        return element("g", *drawn, **told) if node.address is None else element("a", *drawn, href=node.address, **told)


def _counted(numbers: Iterable[int]) -> Mapping[int, int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return counts


def _short(edge: Edge) -> tuple[str, ...]:
    """Give the words of an edge as they stand above and below its line; its title has them all."""
    return wrapped(edge.words.text, _WIDEST_WORDS, SMALL, 2)


def _size(node: Node) -> int:
    return _BOLD if node.kind == "hub" else FONT


def _told(edge: Edge) -> dict[str, object]:
    """Say to scripts what a line links, and of what kinds it is."""
    return {"data_from": edge.start, "data_to": edge.end, "data_kinds": " ".join(map(str, edge.kinds)) or None}
