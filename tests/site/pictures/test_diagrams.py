"""Networks and ownership: all that the answer links is drawn or counted, in places where nothing covers anything else."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.site.pictures import Link, around, draw

PARTS = "member memberName body bodyName role"
PAIRS = "a aName b bName through throughName"
SHARES = "owner ownerName owned ownedName share statedRole"


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
    rows = [(":ann", "Ann", ":bob", "Bob", ":trust", "Trust"), (":bob", "Bob", ":ann", "Ann", ":trust", "Trust"), (":ann", "Ann", ":cleo", "Cleo", ":guild", "Guild")]
    figure = drawn("network", PAIRS, rows)
    assert sorted(figure.edges) == sorted(drawn("network", PARTS, LIGHTS).edges)
    assert figure.root.get("data-kinds") is None


def test_ties_lead_from_who_has_several_to_with_whom(drawn: Callable[..., Any]) -> None:
    columns = "organisation organisationName partner partnerName kind"
    figure = drawn("network", columns, [part("ann", "bob", "close"), part("ann", "cleo", "loose"), part("bob", "ann", "close")])
    assert sorted(figure.edges) == [("Ann", "Bob"), ("Ann", "Bob"), ("Ann", "Cleo")] or ("Ann", "Bob") in figure.edges
    assert len(figure.edges) == 3
    assert "ties" in figure.caption


def test_only_things_with_a_page_are_links(drawn: Callable[..., Any]) -> None:
    rows = [(":ann", "Ann", "<javascript:alert(1)>", "Trap", "member"), (":bob", "Bob", "<https://elsewhere.example/x>", "Elsewhere", "member")]
    assert drawn("network", PARTS, rows).links == {"Ann": "../ann.html", "Bob": "../bob.html"}


@pytest.mark.parametrize("address", ["javascript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//elsewhere.example/", "\\\\x", "vbscript:x"])
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
    rows = [(":a", "A", ":b", "B", "50", None), (":a", "A", ":b", "B", "60", None)]
    assert [figure_edge for figure_edge in map(drawn("ownership", SHARES, rows).called, drawn("ownership", SHARES, rows).all("edge"))] == [
        "A – 50 per cent · 60 per cent – B"
    ]


def test_a_chain_that_is_too_long_is_counted(drawn: Callable[..., Any]) -> None:
    figure = drawn("ownership", SHARES, [(f":c{n}", f"C{n}", f":c{n + 1}", f"C{n + 1}", "1", None) for n in range(20)])
    assert len(figure.edges) == 7
    assert "7 of 20 links" in figure.caption


ENDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["", "member", "a role with a very long name indeed, longer than any box"])), min_size=1)


@settings(max_examples=60, deadline=None)
@given(ENDS, st.booleans())
def test_no_words_cover_others(ends: list[tuple[int, int, str]], owned: bool) -> None:  # noqa: FBT001
    from tests_site_pictures import covers  # noqa: PLC0415

    assert covers(ends, owned) == []
