"""Trees, bars, times and places: every row is there or counted, and no answer, however odd, makes a picture that lies or hangs."""

from collections.abc import Callable
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.namespaces import XSD
from schakel.queries import PICTURES
from schakel.site.pictures import draw

GOALS = "goal label parent depth position"
DATES = "date what subject subjectName event thing thingName"
PLACES = "place placeName kind thing thingName lat long"

# Counts the calls that a function makes.
Calls: TypeAlias = Callable[[Callable[[], object]], int]


def goal(name: str, parent: str | None = None) -> tuple[str | None, ...]:
    return (f":{name}", name.title(), parent and f":{parent}", "1", "1")


def chain(length: int) -> list[tuple[str | None, ...]]:
    return [goal("g0"), *(goal(f"g{n}", f"g{n - 1}") for n in range(1, length))]


def numbers(*values: str) -> Answer:
    rows = tuple((NamedNode(f"https://lights.example/{n}"), Literal(f"Light {n}"), Literal(value, datatype=XSD.integer)) for n, value in enumerate(values))
    return Answer(("light", "lightName", "height"), rows)


def english(text: str, /, **values: object) -> str:
    return text % values if values else text


def outline(each: ET.Element) -> list[Any]:
    """What stands below what in a tree, as nested lists."""
    found = []
    for item in each.findall("li"):
        details = item.find("details")
        name = "".join(next(item.iter("bdi")).itertext())
        below = None if details is None else details.find("ul")
        found.append(name if below is None else [name, *outline(below)])
    return found


def test_a_tree_shows_what_is_below_what_in_the_order_of_the_rows(drawn: Callable[..., Any]) -> None:
    rows = [goal("safe"), goal("lit", "safe"), goal("oil", "lit"), goal("near", "safe"), goal("kept")]
    figure = drawn("tree", GOALS, rows)
    assert outline(figure.root.find("ul")) == [["Safe", ["Lit", "Oil"], "Near"], "Kept"]
    assert figure.links["Oil"] == "../oil.html"


def test_the_first_two_levels_stand_open(drawn: Callable[..., Any]) -> None:
    figure = drawn("tree", GOALS, [goal("a"), goal("b", "a"), goal("c", "b"), goal("d", "c")])
    assert ["open" in each.attrib for each in figure.root.iter("details")] == [True, True, False]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([goal("a", "b"), goal("b", "a")], [["A", ["B", "A"]]]),
        ([goal("a", "a")], [["A", "A"]]),
        ([goal("a", "nowhere")], ["A"]),
        ([goal("a"), goal("b"), goal("c", "a"), goal("c", "b")], [["A", "C"], ["B", "C"]]),
        ([goal("a"), goal("a")], ["A"]),
    ],
    ids=["circle", "itself", "orphan", "two parents", "twice"],
)
def test_odd_trees_are_drawn_all_the_same(rows: list[tuple[str | None, ...]], expected: list[Any], drawn: Callable[..., Any]) -> None:
    assert outline(drawn("tree", GOALS, rows).root.find("ul")) == expected


@given(pairs=st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12)), min_size=1, max_size=40))
def test_everything_is_somewhere_in_the_tree(pairs: list[tuple[int, int | None]], drawn: Callable[..., Any]) -> None:
    figure = drawn("tree", GOALS, [goal(f"g{n}", None if parent is None else f"g{parent}") for n, parent in pairs])
    assert {"".join(each.itertext()) for each in figure.root.iter("bdi")} >= {f"G{n}" for n, _ in pairs}
    assert {each.get("href") for each in figure.root.iter("a")} >= {f"../g{n}.html" for n, _ in pairs}


def test_a_tree_that_is_too_large_or_too_deep_is_counted(drawn: Callable[..., Any]) -> None:
    wide = drawn("tree", GOALS, [goal("top"), *(goal(f"g{n}", "top") for n in range(300))])
    assert len(list(wide.root.iter("li"))) == 150
    assert "150 of 301" in wide.caption
    deep = drawn("tree", GOALS, chain(5000), most=5000)
    assert "40 of 5000" in deep.caption


def test_work_grows_as_a_tree_does(drawn: Callable[..., Any], calls: Calls) -> None:
    assert calls(lambda: drawn("tree", GOALS, chain(5000), most=5000)) < 6 * calls(lambda: drawn("tree", GOALS, chain(1000), most=1000))


def test_bars_are_as_long_as_their_numbers(drawn: Callable[..., Any]) -> None:
    del drawn
    markup = draw("bars", numbers("30", "15", "10", "0"), lambda _: "x.html", english)
    assert [part.partition('"')[0] for part in str(markup).split('<rect width="')[1:]] == ["100.0%", "50.0%", "33.3%", "0.0%"]
    assert "“height”" in str(markup)


@pytest.mark.parametrize("values", [("-1", "2"), ("many",), ("9" * 5000,)])
def test_what_bars_cannot_show_makes_none(values: tuple[str, ...]) -> None:
    assert draw("bars", numbers(*values), lambda _: None, english) is None


def test_nothing_at_all_has_bars_of_no_length() -> None:
    assert 'width="0.0%"' in str(draw("bars", numbers("0", "0"), lambda _: None, english))


def test_rows_about_the_same_thing_share_a_line_of_time(drawn: Callable[..., Any]) -> None:
    rows = [
        ("2023", "plan", ":ann", "Ann", "beginning", ":plan", "Plan"),
        ("2024-06", "name", ":ann", "Ann", "beginning", ":name", "Anna"),
        ("2028", "plan", ":ann", "Ann", "end", ":plan", "Plan"),
        ("some day", "plan", ":ann", "Ann", "end", ":plan", "Plan"),
    ]
    figure = drawn("timeline", DATES, rows)
    assert [figure.called(each) for each in figure.all("node")] == ["Plan – plan · Ann – 2023, 2028", "Anna – name · Ann – 2024-06"]
    assert len(list(figure.all("mark-end"))) == 1
    assert "3 of 4 rows" in figure.caption


def test_later_stands_to_the_right_and_a_year_is_longer_than_a_day(drawn: Callable[..., Any]) -> None:
    rows = [(date, "x", ":a", "A", "beginning", f":t{date}", f"T{date}") for date in ("2001-01-01", "2001", "2003-12-31", "2004-02")]
    marks = [(int(each.get("x")), int(each.get("width"))) for each in drawn("timeline", DATES, rows).all("mark")]
    assert marks[0][0] == marks[1][0] < marks[2][0] < marks[3][0]
    assert marks[1][1] > marks[0][1]


@given(dates=st.lists(st.sampled_from(["0000", "9999-12-31", "-0044-03", "2024-13", "2024-02-30", "", "x" * 500, "2024-01-01T00:00:00Z"]), max_size=6))
def test_odd_dates_make_no_odd_pictures(dates: list[str], drawn: Callable[..., Any], covered: Callable[..., Any]) -> None:
    figure = drawn("timeline", DATES, [(date, "x", ":a", "A" * n, "beginning", f":t{n}", "T" * 60) for n, date in enumerate(dates)])
    assert figure is None or covered(figure, 100) == []


def test_places_without_coordinates_are_a_list(drawn: Callable[..., Any]) -> None:
    rows = [(":ys", "Ys", "town", ":ann", "Ann", None, None), (":ys", "Ys", "town", ":bob", "Bob", None, None), (":lys", "Lys", None, None, None, None, None)]
    figure = drawn("map", PLACES, rows)
    assert outline(figure.root.find("ul")) == ["Ys", "Lys"]
    assert figure.links == {"Ys": "../ys.html", "Ann": "../ann.html", "Bob": "../bob.html", "Lys": "../lys.html"}
    assert "not drawn on a map" in figure.caption


def test_places_with_coordinates_are_a_map_with_north_up(drawn: Callable[..., Any], covered: Callable[..., Any]) -> None:
    rows = [
        (":n", "North", None, ":a", "A", "60.5", "5.0"),
        (":s", "South", None, ":a", "A", "50.5", "5.0"),
        (":e", "East", None, ":a", "A", "55", "9"),
        (":e2", "Nearly east", None, ":a", "A", "55", "9.0001"),
        (":x", "Beyond", None, ":a", "A", "550", "9"),
        (":h", "Huge", None, ":a", "A", "1e999999999", "9"),
    ]
    figure = drawn("map", PLACES, rows)
    dots = {figure.called(node).split(" ")[0]: node.find(".//*[@cx]") for node in figure.all("node")}
    x, y = ({name: int(dot.get(axis)) for name, dot in dots.items()} for axis in ("cx", "cy"))
    assert y["North"] < y["East"] < y["South"]
    assert x["North"] == x["South"] < x["East"]
    assert "2 places have no coordinates" in figure.caption
    assert covered(figure, 115) == []


@pytest.mark.parametrize("picture", sorted(PICTURES))
def test_nothing_makes_no_picture(picture: str) -> None:
    for columns in PICTURES[picture]:
        names = tuple(name.rstrip("…") for name in columns.values())
        for rows in ((), ((None,) * len(names),)):
            made = draw(picture, Answer(names, rows), lambda _: None, english)
            assert made is None
    assert draw(picture, Answer(("x",), ((Literal("y"),),)), lambda _: None, english) is None


def test_an_unknown_picture_is_none() -> None:
    assert draw("hologram", numbers("1"), lambda _: None, english) is None
