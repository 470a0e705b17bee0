"""Whatever a label holds, a picture is well-formed, safe, and no wider than it may be."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.queries import PICTURES
from schakel.site.pictures import draw
from schakel.site.pictures.markup import element
from schakel.site.pictures.text import cleaned, width, wrapped

WILD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "%(name)s %s {0} {shown}",
    "\u202egnp.exe",
    "\x00\x0b\x1b[31m\ufffe\uffff",
    "]]><!--",
    "x" * 10_000,
    "م" * 500,
    "漢字" * 200,
    "e\u0301" * 300,
    " ",
    "",
]
TEXTS = st.sampled_from(WILD) | st.text(max_size=60)


def english(text: str, /, **values: object) -> str:
    return text % values if values else text


def answer_for(picture: str, texts: list[str]) -> Answer:
    """Rows in which every text stands once in each column, things being IRIs."""
    columns = tuple(name.rstrip("…") for name in PICTURES[picture][0].values())
    things = {"member", "body", "owner", "owned", "parent", "place"}
    dates = {"date": "2020-01-01", "depth": "1"}

    def cell(column: str, text: str, number: int) -> Literal | NamedNode:
        return NamedNode(f"https://e/{number}") if column in things else Literal(dates.get(column, text))

    rows = tuple(tuple(cell(column, text, number) for column in columns) for number, text in enumerate(texts))
    return Answer((*columns, "amount"), tuple((*row, Literal(3)) for row in rows))


@pytest.mark.parametrize("picture", sorted(PICTURES))
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_wild_labels_make_pictures_that_are_safe(picture: str, texts: list[str], covered: Callable[..., Any], read: Callable[..., Any]) -> None:
    markup = draw(picture, answer_for(picture, texts), lambda thing: f"javascript:{thing.value}", english)
    assert markup is not None
    root = ET.fromstring(markup)  # noqa: S314  # our own
    names = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert names <= {"figure", "figcaption", "div", "svg", "g", "a", "path", "rect", "circle", "text", "tspan", "title", "desc"} | {
        "ul",
        "li",
        "details",
        "summary",
        "span",
        "bdi",
    }
    for each in root.iter():
        assert "href" not in each.attrib
        assert "style" not in each.attrib
        assert not [name for name in each.attrib if name.startswith("on")]
    assert len(markup) < 20_000 * len(texts)
    assert covered(read(markup), 100) == []


@given(TEXTS)
def test_a_cleaned_text_has_nothing_that_xml_forbids_or_that_turns_others(text: str) -> None:
    clean = cleaned(text)
    assert "".join(ET.fromstring(element("x", clean)).itertext()) == clean  # noqa: S314  # our own
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\n\r\t")
    assert cleaned(clean) == clean


# Beside an ellipsis there is no room for a single sign as wide as these.
@example("漢字" * 2, 40, 20, 1)
@given(TEXTS, st.integers(40, 300), st.integers(8, 20), st.integers(1, 3))
def test_lines_are_no_wider_than_they_may_be(text: str, most: int, size: int, lines: int) -> None:
    made = wrapped(cleaned(text), most, size, lines)
    assert len(made) <= lines
    assert all(width(line, size) <= most for line in made)
    whole = "".join(made).replace(" ", "") == cleaned(text).replace(" ", "")
    assert whole or made[-1].endswith("…")
