"""What the tests of pictures share: answers made of plain texts, and figures read as XML."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.site.pictures import draw
from schakel.site.pictures.text import width

BASE = "https://lights.example/"
SVG = "{http://www.w3.org/2000/svg}"
Area: TypeAlias = tuple[int, int, int, int]


def english(text: str, /, **values: object) -> str:
    return text % values if values else text


def page_of(thing: NamedNode) -> str | None:
    return f"../{thing.value.removeprefix(BASE)}.html" if thing.value.startswith(BASE) else None


def term(cell: str | None) -> Literal | NamedNode | None:
    """`:a` is a thing of ours, `<…>` another, anything else a text."""
    if cell is None:
        return None
    if cell.startswith(":"):
        return NamedNode(BASE + cell[1:])
    return NamedNode(cell[1:-1]) if cell.startswith("<") else Literal(cell)


@dataclass(frozen=True)
class Figure:
    """A picture as a person or a program finds it."""

    root: ET.Element

    def all(self, name: str) -> Iterator[ET.Element]:
        """Every element of a class."""
        return (each for each in self.root.iter() if name in each.get("class", "").split())

    @property
    def links(self) -> dict[str, str]:
        """The address of each thing that has one, by what stands there."""
        return {self.called(each): each.get("href", "") for each in self.root.iter() if each.tag in {"a", f"{SVG}a"}}

    @property
    def caption(self) -> str:
        return "".join(self.root.find("figcaption").itertext())  # type: ignore[union-attr]

    @property
    def nodes(self) -> dict[str, str]:
        """What the boxes are called, by their numbers."""
        return {each.get("data-node", ""): self.called(each) for each in self.all("node")}

    @property
    def edges(self) -> list[tuple[str, str]]:
        return [(self.nodes[each.get("data-from", "")], self.nodes[each.get("data-to", "")]) for each in self.all("edge")]

    @staticmethod
    def called(each: ET.Element) -> str:
        title = each.find(f"{SVG}title")
        return "".join((each if title is None else title).itertext())

    def lines_of_text(self, looseness: int = 100) -> list[tuple[str, Area]]:
        """Where each line of text stands, if letters are so many per cent as wide as is reckoned with."""
        bold = {id(text) for hub in self.all("node-hub") for text in hub.iter(f"{SVG}text")}
        found = []
        for text in self.root.iter(f"{SVG}text"):
            size = 11 if text.get("class") != "label" else 15 if id(text) in bold else 13
            for span in text.iter(f"{SVG}tspan"):
                x, y, wide = int(span.get("x", "")), int(span.get("y", "")), width(span.text or "", size) * looseness // 100
                found.append((span.text or "", (x, y - 9, x + wide, y + 3)))
        return found


Drawn: TypeAlias = Callable[..., Figure | None]


def figure_of(markup: Markup | None) -> Figure | None:
    return None if markup is None else Figure(ET.fromstring(markup))  # noqa: S314  # our own


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Draw rows of texts under columns, and read what comes of it."""

    def made(picture: str, columns: str, rows: list[tuple[str | None, ...]], most: int = 150) -> Figure | None:
        answer = Answer(tuple(columns.split()), tuple(tuple(map(term, row)) for row in rows))
        first, again = (draw(picture, answer, page_of, english, most=most) for _ in range(2))
        assert first == again
        return figure_of(first)

    return made


@pytest.fixture(scope="session")
def read() -> Callable[[Markup | None], Figure | None]:
    return figure_of


def overlapping(areas: list[tuple[str, Area]]) -> list[tuple[str, str]]:
    """Pairs of areas that cover each other."""
    ordered = sorted(areas, key=lambda each: each[1][1])
    pairs = []
    for number, (text, (left, _, right, bottom)) in enumerate(ordered):
        for other, (its_left, its_top, its_right, _) in ordered[number + 1 :]:
            if its_top >= bottom:
                break
            if left < its_right and its_left < right:
                pairs.append((text, other))
    return pairs


@pytest.fixture(scope="session")
def covered() -> Callable[[Figure, int], list[tuple[str, str]]]:
    """Tell which lines of text of a figure cover each other."""
    return lambda figure, looseness: overlapping(figure.lines_of_text(looseness))


@pytest.fixture(scope="session")
def calls() -> Callable[[Callable[[], object]], int]:
    """Count the calls that a function makes: how much work it does, whatever the machine."""

    def counted(function: Callable[[], object]) -> int:
        count = 0

        def note(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            function()
        finally:
            sys.setprofile(before)
        return count

    return counted
