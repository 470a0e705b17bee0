"""Networks and ownership: all that the answer links is drawn or counted, in places where nothing covers anything else."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.site.pictures import draw

PARTS = "member memberName body bodyName role"
PAIRS = "a aName b bName through throughName"
SHARES = "owner ownerName owned ownedName share statedRole"

# Counts the calls that a function makes.
Calls: TypeAlias = Callable[[Callable[[], object]], int]


def part(who: str, what: str, role: str = "member") -> tuple[str, ...]:
    return (f":{who}", who.title(), f":{what}", what.title(), role)


LIGHTS = [part("ann", "trust"), part("ann", "guild", "chair"), part("bob", "trust"), part("cleo", "guild"), part("bob", "trust", "founder")]


def test_a_network_shows_each_thing_once_and_each_part_with_its_roles(drawn: Callable[..., Any]) -> None:
    figure = drawn("network", PARTS, LIGHTS)
    assert sorted(figure.nodes.values()) == ["Ann", "Bob", "Cleo", "Guild", "Trust"]
    assert sorted(figure.edges) == [("Ann", "Guild"), ("Ann", "Trust"), ("Guild", "Cleo"), ("Trust", "Bob")]
    assert sorted(figure.called(edge) for edge in figure.all("edge")) == [
        "Ann – chair – Guild",
        "Ann – member – Trust",
        "Guild – member – Cleo",
        "Trust – member · founder – Bob",
    ]
    assert figure.root.get("data-kinds") == '["member", "chair", "founder"]'


def test_pairs_and_parts_make_the_same_network(drawn: Callable[..., Any]) -> None:
    rows = [
        (":ann", "Ann", ":bob", "Bob", ":trust", "Trust"),
        (":bob", "Bob", ":ann", "Ann", ":trust", "Trust"),
        (":ann", "Ann", ":cleo", "Cleo", ":guild", "Guild"),
    ]
    figure = drawn("network", PAIRS, rows)
    assert sorted(figure.edges) == sorted(drawn("network", PARTS, LIGHTS).edges)
    assert figure.root.get("data-kinds") is None


def test_ties_lead_from_who_has_several_to_with_whom(drawn: Callable[..., Any]) -> None:
    columns = "organisation organisationName partner partnerName kind"
    figure = drawn("network", columns, [part("ann", "bob", "close"), part("ann", "cleo", "loose"), part("bob", "ann", "close")])
    assert sorted(figure.edges) == [("Ann", "Bob"), ("Ann", "Bob"), ("Ann", "Cleo")]  # whom Bob has his one tie with stands in the middle too
    assert "ties" in figure.caption


def test_only_things_with_a_page_are_links(drawn: Callable[..., Any]) -> None:
    rows = [(":ann", "Ann", "<javascript:alert(1)>", "Trap", "member"), (":bob", "Bob", "<https://elsewhere.example/x>", "Elsewhere", "member")]
    assert drawn("network", PARTS, rows).links == {"Ann": "../ann.html", "Bob": "../bob.html"}


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//elsewhere.example/", "\\\\x", "vbscript:x"]
)
def test_an_address_that_a_browser_would_run_is_no_link(address: str) -> None:
    answer = Answer(tuple(PARTS.split()), ((NamedNode("https://e/a"), Literal("A"), NamedNode("https://e/b"), Literal("B"), Literal("x")),))
    assert "href" not in str(draw("network", answer, lambda _: address, lambda text, **values: text % values))


def test_what_is_not_drawn_is_counted(drawn: Callable[..., Any]) -> None:
    rows = [part(f"m{n}", f"b{n % 3}") for n in range(40)]
    figure = drawn("network", PARTS, rows, most=10)
    assert len(figure.nodes) == 10
    assert f"10 of 43 things, {len(figure.edges)} of 40 links" in figure.caption
    assert "Only" not in drawn("network", PARTS, rows).caption


def test_the_best_connected_are_drawn(drawn: Callable[..., Any]) -> None:
    rows = [part(f"lone{n}", f"body{n}") for n in range(20)] + [part("ann", f"club{n}") for n in range(5)]
    figure = drawn("network", PARTS, rows, most=6)
    assert set(figure.nodes.values()) == {"Ann", *(f"Club{n}" for n in range(5))}


def test_owners_stand_left_of_what_they_own(drawn: Callable[..., Any]) -> None:
    rows = [(":a", "A", ":b", "B", "50", None), (":b", "B", ":c", "C", None, "owner"), (":a", "A", ":c", "C", "12.5", None)]
    figure = drawn("ownership", SHARES, rows)
    assert sorted(figure.called(edge) for edge in figure.all("edge")) == ["A – 12.5 per cent – C", "A – 50 per cent – B", "B – owner – C"]
    left = {figure.called(node): int(next(iter(node.iter("{http://www.w3.org/2000/svg}rect"))).get("x")) for node in figure.all("node")}
    assert left["A"] < left["B"] < left["C"]


def test_circles_of_owners_are_drawn_with_an_arrow_back(drawn: Callable[..., Any]) -> None:
    rows = [(":a", "A", ":b", "B", "50", None), (":b", "B", ":a", "A", "10", None), (":a", "A", ":a", "A", "5", None)]
    figure = drawn("ownership", SHARES, rows)
    assert sorted(figure.called(edge) for edge in figure.all("edge")) == ["A – 50 per cent – B", "A – ← 10 per cent – B"]
    assert len(list(figure.all("arrow"))) == 2
    assert any("owns of itself: 5 per cent" in text for text, _ in figure.lines_of_text())


def test_statements_that_differ_stand_side_by_side(drawn: Callable[..., Any]) -> None:
    figure = drawn("ownership", SHARES, [(":a", "A", ":b", "B", "50", None), (":a", "A", ":b", "B", "60", None)])
    assert list(map(figure.called, figure.all("edge"))) == ["A – 50 per cent · 60 per cent – B"]


def test_a_chain_that_is_too_long_is_counted(drawn: Callable[..., Any]) -> None:
    figure = drawn("ownership", SHARES, [(f":c{n}", f"C{n}", f":c{n + 1}", f"C{n + 1}", "1", None) for n in range(20)])
    assert len(figure.edges) == 7
    assert "7 of 20 links" in figure.caption


ENDS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["", "member", "a role with a very long name indeed, longer than any box"])), min_size=1
)


@given(ends=ENDS)
def test_no_words_cover_others(ends: list[tuple[int, int, str]], drawn: Callable[..., Any], covered: Callable[..., Any]) -> None:
    name = "The Honourable Society of {} and of all that belongs to them"
    network = drawn("network", PARTS, [(f":m{a}", name.format(a), f":b{b}", f"B{b}", role) for a, b, role in ends])
    ownership = drawn("ownership", SHARES, [(f":m{a}", name.format(a), f":m{b}", name.format(b), None, role) for a, b, role in ends])
    for figure in (network, ownership):
        assert covered(figure, 100) == []
        assert covered(figure, 115) == []


@given(ends=ENDS)
def test_all_that_the_answer_links_is_drawn(ends: list[tuple[int, int, str]], drawn: Callable[..., Any]) -> None:
    figure = drawn("network", PARTS, [(f":m{a}", f"M{a}", f":b{b}", f"B{b}", role) for a, b, role in ends])
    expected = {frozenset((f"M{a}", f"B{b}")) for a, b, _ in ends}
    assert {frozenset(edge) for edge in figure.edges} == expected
    assert len(figure.edges) == len(expected)
    assert set(figure.nodes.values()) == {end for edge in expected for end in edge}
    owned = drawn("ownership", SHARES, [(f":m{a}", f"M{a}", f":m{b}", f"M{b}", None, role) for a, b, role in ends])
    left_out = "Only the best connected" in owned.caption
    assert left_out or {frozenset(edge) for edge in owned.edges} == {frozenset((f"M{a}", f"M{b}")) for a, b, _ in ends if a != b}


@pytest.mark.parametrize(("picture", "columns"), [("network", PARTS), ("ownership", SHARES)])
def test_boxes_of_a_column_stand_apart(picture: str, columns: str, drawn: Callable[..., Any]) -> None:
    rows = [(f":m{n % 17}", f"M {n % 17}", f":b{n % 5}", f"B {n % 5}", "role", None)[: len(columns.split())] for n in range(85)]
    areas: dict[str, list[tuple[int, int]]] = {}
    for rect in drawn(picture, columns, rows).root.iter("{http://www.w3.org/2000/svg}rect"):
        areas.setdefault(rect.get("x", ""), []).append((int(rect.get("y", "")), int(rect.get("height", ""))))
    for column in areas.values():
        ordered = sorted(column)
        assert all(top + high < following for (top, high), (following, _) in pairwise(ordered))


@pytest.mark.parametrize("picture", [("network", PARTS), ("ownership", SHARES)], ids=["network", "ownership"])
@pytest.mark.parametrize("distinct", [3, 70, None])
def test_work_grows_as_rows_do(distinct: int | None, picture: tuple[str, str], drawn: Callable[..., Any], calls: Calls) -> None:
    def draw_rows(count: int) -> None:
        things = distinct or count
        rows = [part(f"m{n % things}", f"b{n * 7 % (things + 1)}", f"r{n % 7}") for n in range(count)]
        figure = drawn(*picture, [(*row[:4], row[4], None)[: len(picture[1].split())] for row in rows])
        assert 0 < len(figure.nodes) <= 150

    assert calls(lambda: draw_rows(5000)) < 6 * calls(lambda: draw_rows(1000))
