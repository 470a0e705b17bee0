"""What findings say: every kind, in every language, and nothing that no kind says."""

import ast
import string
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from schakel.findings import Finding, Place, Severity, blocking, finding, in_language, kinds, quoted

LANGUAGES = {"en", "nl", "nb", "nn"}
CODE = Path(str(resources.files("schakel")))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Every call and every constant in the code, with its file."""
    files = ((path.relative_to(CODE).as_posix(), ast.parse(path.read_text("utf-8"))) for path in sorted(CODE.rglob("*.py")))
    return tuple((file, node) for file, tree in files for node in ast.walk(tree) if isinstance(node, ast.Call | ast.Constant))


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Give every call that makes a finding of a kind named there and then: where, the kind, and the values that it fills in."""
    for file, node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "finding" and isinstance(node.args[0], ast.Constant):
            yield f"{file}:{node.lineno}", str(node.args[0].value), {word.arg for word in node.keywords if word.arg}


@pytest.mark.parametrize("kind", kinds())
def test_each_kind_says_in_four_languages_what_is_wrong_and_how_to_mend_it_with_the_same_values(kind: str) -> None:
    entry = kinds()[kind]
    assert set(entry) == {"severity", "message", "mend"}
    assert entry["severity"] in set(Severity)
    for words in (entry["message"], entry["mend"]):
        assert set(words) == LANGUAGES
        assert len({frozenset(placeholders(text)) for text in words.values()}) == 1
        for text in words.values():
            assert text == text.strip()
            assert text.endswith((".", "}"))
        assert len({words[language] for language in LANGUAGES - {"nn"}}) == len(LANGUAGES) - 1, "a text was not translated"


def test_every_kind_that_the_code_tells_has_words_and_gets_all_their_values() -> None:
    for place, kind, values in calls():
        assert kind in kinds(), place
        entry = kinds()[kind]
        assert placeholders(entry["message"]["en"]) | placeholders(entry["mend"]["en"]) <= values, place


def test_every_kind_that_has_words_is_told_by_the_code() -> None:
    constants = {node.value for _, node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(kinds()) <= constants


def test_a_finding_says_what_is_wrong_and_how_to_mend_it_in_the_language_asked_for() -> None:
    found = finding("bad-id", Place("data/towers.csv", 3, "id"), found="a b")
    assert found.severity is Severity.VIOLATION
    mend = "Use letters, digits, hyphens and dots, without spaces or slashes, as in “north-tower”."
    assert found.text("en") == f"“a b” cannot be an id: an address cannot be formed of it. {mend}"
    assert found.text("nl").startswith("“a b” kan geen id zijn")
    assert found.text("nb").startswith("«a b» kan ikke være en id")


def test_a_cell_with_braces_is_told_as_it_stands() -> None:
    assert "“{0} {x} {{”" in finding("bad-id", Place("t.csv"), found="{0} {x} {{").text("en")


@pytest.mark.parametrize(("language", "text"), [("nl", "toren"), ("nn", "tårn"), ("no", "tårn"), ("de", "tower")])
def test_a_reader_of_another_language_gets_the_nearest(language: str, text: str) -> None:
    assert in_language({"nl": "toren", "nb": "tårn", "en": "tower"}, language) == text


def test_a_text_in_no_language_near_is_better_than_none() -> None:
    assert in_language({"nl": "toren"}, "nb") == "toren"
    assert in_language({}, "nb") == ""


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("data/a.csv"), "data/a.csv"),
        (Place("data/a.csv", 2), "data/a.csv, row 2"),
        (Place("data/a.csv", 2, "id"), "data/a.csv, row 2, column id"),
    ],
)
def test_a_place_is_said_as_an_editor_looks_for_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_findings_stand_gravest_first_then_causes_before_consequences_then_by_place() -> None:
    warning = finding("no-rows", Place("a.csv"))
    late = finding("empty-file", Place("b.csv"))
    early = finding("missing-id", Place("b.csv"))
    tenth = finding("missing-id", Place("a.csv", 10))
    second = finding("missing-id", Place("a.csv", 2))
    assert sorted([warning, early, late, tenth, second], key=Finding.sort_key) == [late, second, tenth, early, warning]


def test_only_the_severities_asked_for_block() -> None:
    warning, violation = finding("no-rows", Place("a.csv")), finding("missing-id", Place("a.csv"))
    assert blocking([warning, violation], [Severity.VIOLATION]) == [violation]
    assert blocking([warning, violation], [Severity.VIOLATION, Severity.WARNING]) == [warning, violation]
    assert blocking([warning, violation], []) == []


def test_a_long_list_is_told_by_its_first_names_and_how_many_more() -> None:
    assert quoted(["b", "a"]) == "a, b"
    assert quoted("jihgfedcba") == "a, b, c, d, e, f, g, h (+2)"
