"""Explanations as a drawing and on a screen, whatever names and words the graph holds."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from rich.console import Console

from schakel.console import show_explanations
from schakel.explaining import AppliedRule, Evidence, Explanation, Explanations, as_dot
from schakel.explaining.derivations import Rule
from schakel.findings import Place
from schakel.lookup import Context

BASE = "https://example.org/"
STRING = r'"(?:[^"\\\n]|\\.)*"'
LINE = re.compile(
    rf"  (?:rankdir=BT;|node \[fontname={STRING}\];|n\d+ \[shape=\w+, label={STRING}\];|n\d+ -> n\d+(?: \[style=dashed\])?;|n\d+ \[peripheries=2\];)"
)


def iri(name: str) -> NamedNode:
    return NamedNode(BASE + name)


def explanations(words: str, title: str | None = None) -> Explanations:
    """One conclusion from a statement that a passage states; all its names, words and texts are the same."""
    evidence = Evidence(
        iri("passage/page/1-2"), iri("passage/page/1-2"), iri("source/page"), Literal(title or words, language="nl"), words, words, Place("data/a.csv", 2)
    )
    stated = Explanation(Triple(iri("b"), iri("q"), Literal(words, language="nl")), (evidence,))
    rule = AppliedRule(Rule(words, "prp-inv1", ()), {"en": words})
    follows = Explanation(Triple(iri("a"), iri("p"), iri("b")), (), rule, (stated, stated))
    return Explanations((follows,), {iri("a"): Literal(words), iri("p"): Literal(words)}, Context(BASE, {}, ("en",)), with_rows=True)


def on_screen(shown: Explanations, *, brief: bool, width: int = 80) -> str:
    out = io.StringIO()
    show_explanations(Console(file=out, width=width, highlight=False, emoji=False, force_terminal=False), shown, "en", brief=brief)
    return out.getvalue()


@given(st.text(min_size=1))
def test_a_drawing_is_a_drawing_whatever_is_in_it(words: str) -> None:
    begin, *lines, end = as_dot(explanations(words), "en").splitlines()
    assert (begin, end) == ("digraph why {", "}")
    assert [line for line in lines if not LINE.fullmatch(line)] == []


@given(st.text(min_size=1))
def test_a_screen_gets_no_commands_and_every_sign_of_markup_as_it_is(words: str) -> None:
    for brief in (False, True):
        assert not set(on_screen(explanations(words), brief=brief)) & {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x2066)}
    assert "[bold]x[/bold]" in on_screen(explanations("[bold]x[/bold]"), brief=False)


def test_a_drawing_has_each_statement_and_passage_once() -> None:
    drawn = as_dot(explanations("words"), "en")
    assert drawn.count("shape=box") == 2
    assert drawn.count("shape=ellipse") == drawn.count("shape=note") == 1
    assert drawn.count("style=dashed") == 1


def test_quotes_and_backslashes_of_a_name_stay_what_they_are() -> None:
    assert r"a \"b\" \\N" in as_dot(explanations('a "b" \\N'), "en")


def test_a_tree_fits_a_terminal() -> None:
    shown = on_screen(explanations("words of a passage that goes on " * 6), brief=False)
    assert max(map(len, shown.splitlines())) <= 80


def test_what_there_is_no_room_for_is_named_with_the_command_that_explains_it() -> None:
    deep = explanations("w")[0]
    for level in range(30):
        deep = Explanation(Triple(iri(f"level{level}"), iri("p"), iri("b")), (), deep.rule, (deep,))
    shown = on_screen(Explanations((deep,), {}, Context(BASE, {}, ("en",)), with_rows=True), brief=False)
    assert max(map(len, shown.splitlines())) <= 80
    assert "explained by: schakel why level18 p b" in " ".join(shown.split())
    # Whoever asks for that goes on from there.
    assert "level17" not in shown
    assert "level29 p b" in shown


def test_a_text_is_quoted_for_the_shell() -> None:
    assert """b q '"two words"@nl'""" in on_screen(explanations("two words"), brief=False)
