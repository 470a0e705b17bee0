"""What a class is linked with: every line has its words, which lead to the property, and nothing covers anything else."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from schakel.site.pictures.classes import ClassLink, around_class
from schakel.site.pictures.text import Label


def english(text: str, /, **values: object) -> str:
    return text % values if values else text


def link(words: str, other: str, *, outwards: bool = True, kind_of: bool = False) -> ClassLink:
    return ClassLink(Label(words), Label(other), outwards, kind_of, None if kind_of else f"#{words}", f"#{other}" if other else None)


LIGHTS = [
    link("kind", "Building", kind_of=True),
    link("kept by", "Keeper"),
    link("paid by", "Keeper"),
    link("shines on", "Tower"),
    link("maps", "Chart", outwards=False),
]


def test_each_class_has_one_box_and_each_property_a_line_with_words_that_lead_to_it(read: Callable[..., Any]) -> None:
    figure = read(around_class(Label("Tower"), "#Tower", LIGHTS, [], english))
    assert sorted(figure.nodes.values()) == ["Building", "Chart", "Keeper", "Tower", "Tower"]
    assert {name: to for name, to in figure.links.items() if "–" in name} == {
        "Tower – kept by – Keeper": "#kept by",
        "Tower – paid by – Keeper": "#paid by",
        "Tower – shines on – Tower": "#shines on",
        "Tower – ← maps – Chart": "#maps",
    }
    assert figure.links["Keeper"] == "#Keeper"
    assert len(list(figure.all("dash-1"))) == 1
    # What can be followed is not kept from who listens.
    hidden = next(each for each in figure.root.iter() if each.get("aria-hidden") == "true")
    assert not [each for each in hidden.iter() if each.get("href")]


def test_what_is_told_and_not_drawn_stands_in_the_caption(read: Callable[..., Any]) -> None:
    figure = read(around_class(Label("Tower"), None, LIGHTS, [Markup("“<b>keeps</b>” says the same.")], english))
    assert "“keeps” says the same." in figure.caption
    assert "dashed" in figure.caption
    assert "dashed" not in read(around_class(Label("Tower"), None, LIGHTS[1:], [], english)).caption


@pytest.mark.parametrize("links", [[], [link("kind", "Building", kind_of=True)]])
def test_without_a_property_there_is_no_picture(links: list[ClassLink]) -> None:
    assert around_class(Label("Tower"), None, links, [], english) is None


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@settings(max_examples=40)
@given(st.lists(st.builds(lambda words, other, outwards: link(words, other, outwards=outwards), NAMES, NAMES, st.booleans()), min_size=1, max_size=30))
def test_nothing_covers_anything_else_and_the_same_is_drawn_the_same(
    read: Callable[..., Any], covered: Callable[..., list[tuple[str, str]]], links: list[ClassLink]
) -> None:
    made = around_class(Label("Tower"), "#Tower", links, [], english)
    assert made == around_class(Label("Tower"), "#Tower", links, [], english)
    figure = read(made)
    assert covered(figure, 100) == []
    assert len(figure.edges) == min(len(links), 24)
