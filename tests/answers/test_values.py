"""Terms become values of Python where Python has one that says the same, and texts where not; never an error."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.answers.plain import one_line, plain, shown, visible
from schakel.answers.values import IRI, Text, is_number, to_python
from schakel.namespaces import PREFIXES, XSD

KINDS = [
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedByte"),
    *("decimal", "double", "float", "boolean", "date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth", "duration", "time", "string", "anyURI"),
]


def typed(form: str, kind: str) -> Literal:
    return Literal(form, datatype=XSD[kind])


@pytest.mark.parametrize(
    ("kind", "form", "value"),
    [
        ("integer", "12", 12),
        ("integer", "+007", 7),
        ("nonNegativeInteger", "0", 0),
        ("byte", "-128", -128),
        ("unsignedLong", str(2**64 - 1), 2**64 - 1),
        ("decimal", "14.30", Decimal("14.30")),
        ("decimal", ".5", Decimal("0.5")),
        ("double", "1.5E3", 1500.0),
        ("double", "INF", float("inf")),
        ("float", "-0.5", -0.5),
        ("boolean", "true", True),
        ("boolean", "0", False),
        ("date", "2017-12-01", date(2017, 12, 1)),
        ("dateTime", "2017-12-01T10:30:00", datetime(2017, 12, 1, 10, 30)),  # noqa: DTZ001  # it has no time zone
        ("dateTime", "2017-12-01T10:30:00.25Z", datetime(2017, 12, 1, 10, 30, 0, 250000, UTC)),
        ("dateTimeStamp", "2017-12-01T10:30:00+02:00", datetime(2017, 12, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("gYear", "2009", 2009),
        ("gYear", "-0044", -44),
    ],
)
def test_what_python_has_a_value_for_is_that_value(kind: str, form: str, value: object) -> None:
    found = to_python(typed(form, kind))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        *[("integer", form) for form in ("", " 12", "1_000", "١٢", "1.0", "1" * 5000, "twelve")],
        *[("byte", "128"), ("positiveInteger", "0"), ("negativeInteger", "0"), ("unsignedInt", "-1")],
        *[("decimal", form) for form in ("1E3", "NaN", ".", "1,5", "1_0.0")],
        *[("double", form) for form in ("inf", "nan", "-NaN", "1e", "0x1p3")],
        *[("boolean", form) for form in ("True", "yes", "")],
        *[("date", form) for form in ("2017-02-30", "20171201", "2017-W01-1", "2017-12-01Z", "-0044-03-15", "12017-01-01", "0000-01-01")],
        *[("dateTime", form) for form in ("2017-12-01", "2017-12-01 10:30:00", "2017-12-01T24:00:00", "2017-12-01T10:30", "2017-12-01T10:30:00.1234567")],
        *[("dateTimeStamp", "2017-12-01T10:30:00"), ("gYear", "2009Z"), ("gYear", "99"), ("gYearMonth", "2017-12"), ("duration", "P1Y"), ("anyURI", "a:b")],
    ],
)
def test_what_python_has_no_value_for_stays_as_it_is_written(kind: str, form: str) -> None:
    found = to_python(typed(form, kind))
    assert (type(found), found) == (Text, form)


def test_a_double_that_is_no_number_is_one_in_python_too() -> None:
    found = to_python(typed("NaN", "double"))
    assert isinstance(found, float)
    assert found != found  # noqa: PLR0124  # that is what NaN is


def test_a_text_keeps_its_language_and_is_else_like_any_other() -> None:
    text = to_python(Literal("ziekenhuis", language="nl"))
    assert isinstance(text, Text)
    assert text.language == "nl"
    assert text == "ziekenhuis"
    assert {"ziekenhuis": 1}[text] == 1
    assert text.upper() == "ZIEKENHUIS"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_text_is_copied_with_its_language(protocol: int) -> None:
    for text in (Text("ziekenhuis", "nl"), Text("MST")):
        for twin in (pickle.loads(pickle.dumps(text, protocol)), copy.deepcopy(text)):  # noqa: S301  # it was pickled on this line
            assert (type(twin), twin, twin.language) == (Text, text, text.language)


def test_an_iri_is_told_from_a_text() -> None:
    assert isinstance(to_python(NamedNode("https://kg.example.org/org/mst")), IRI)
    assert not isinstance(to_python(Literal("https://kg.example.org/org/mst")), IRI)


def test_nothing_is_none_and_other_terms_are_texts() -> None:
    assert to_python(None) is None
    assert to_python(BlankNode("b0")) == "_:b0"
    assert to_python(Triple(NamedNode("a:b"), NamedNode("a:c"), Literal("x"))) == '<a:b> <a:c> "x"'


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"[+-]?[0-9]{0,5}[-.:TZE]?[0-9]{0,5}"), st.sampled_from(KINDS))
@example("9" * 10_000, "decimal")
@example("1E" + "9" * 400, "double")
@example("9999-12-31T23:59:59.999999-14:00", "dateTime")
def test_whatever_is_written_gives_a_value(form: str, kind: str) -> None:
    value = to_python(typed(form, kind))
    assert not isinstance(value, str) or value == form


@given(
    st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.datetimes())
)
def test_a_value_that_was_written_is_read_again(value: Any) -> None:  # noqa: ANN401  # of five types
    kinds = {int: "integer", Decimal: "decimal", float: "double", date: "date", datetime: "dateTime"}
    form = f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else repr(value)
    assert to_python(typed(form, kinds[type(value)])) == value


def test_a_number_is_what_is_written_as_one_and_says_that_it_is() -> None:
    assert is_number(typed("-1.5", "decimal"))
    assert not is_number(typed("=1+1", "integer"))
    assert not is_number(Literal("-1.5"))
    assert not is_number(typed("2009", "gYear"))
    assert not is_number(NamedNode("a:b"))
    assert not is_number(None)


BASE = "https://kg.example.org/"


@pytest.mark.parametrize(
    ("term", "form"),
    [
        (NamedNode(f"{BASE}org/mst"), "org/mst"),
        (NamedNode(BASE), BASE),
        (NamedNode("http://www.w3.org/ns/org#role"), "org:role"),
        (NamedNode("https://elsewhere.example/x"), "https://elsewhere.example/x"),
        (Literal("https://kg.example.org/org/mst"), f"{BASE}org/mst"),
        (Literal("ziekenhuis", language="nl"), "ziekenhuis"),
        (BlankNode("b0"), "_:b0"),
        (None, ""),
    ],
)
def test_a_screen_shows_short_forms(term: ox.Literal | NamedNode | BlankNode | None, form: str) -> None:
    assert shown(term, PREFIXES, BASE) == form


def test_without_a_base_every_iri_is_shortened_by_prefix_alone() -> None:
    assert shown(NamedNode("http://www.w3.org/ns/org#role")) == "org:role"
    assert shown(NamedNode(f"{BASE}org/mst")) == f"{BASE}org/mst"


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\u202e\u2066\ufeff\x1b]0;\x07\u2028\u2029\x85")
def test_what_is_made_visible_commands_no_terminal(text: str) -> None:
    for written in (visible(text), one_line(text)):
        assert len(written.splitlines()) <= 1
        assert all(sign.isprintable() or sign.isspace() or sign in "\u200c\u200d" or ord(sign) > 0x2FF for sign in written)
        assert not {"\x1b", "\u202e", "\u2066", "\ufeff", "\n", "\t"} & set(written)


def test_what_can_be_seen_stays() -> None:
    assert visible("Zuid-Afrika\xa0– ‘é’ 中文 👩\u200d⚕️ می\u200cخواهم") == "Zuid-Afrika\xa0– ‘é’ 中文 👩\u200d⚕️ می\u200cخواهم"
    assert plain(Literal("a\nb")) == "a\nb"
