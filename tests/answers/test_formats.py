"""Every format carries the answer, and a spreadsheet, a page or a terminal that opens it runs nothing."""

import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from schakel.answers import FORMATS, Answer
from schakel.answers.delimited import guarded
from schakel.namespaces import XSD

MST = NamedNode("https://kg.example.org/org/mst")
ANSWER = Answer(
    ("member", "memberName", "share"),
    ((MST, Literal("MST", language="nl"), Literal("14.30", datatype=XSD.decimal)), (BlankNode("b0"), Literal('"Ziekenhuis", zegt men'), None)),
)


def written(name: str, *terms: Literal | NamedNode | None) -> str:
    """Give the one row of an answer in a format, without the header."""
    content: bytes = FORMATS[name](Answer(tuple("abcdefgh"[: len(terms)]), (terms,)))
    return content.decode() if name == "jsonl" else content.decode().split("\n", 1)[1]


def test_csv_is_that_of_sparql() -> None:
    expected = b'member,memberName,share\r\nhttps://kg.example.org/org/mst,MST,14.30\r\n_:b0,"""Ziekenhuis"", zegt men",\r\n'
    assert FORMATS["csv"](ANSWER) == expected
    assert FORMATS["csv"](ANSWER, bom=True) == b"\xef\xbb\xbf" + expected


def test_tsv_has_plain_values() -> None:
    assert FORMATS["tsv"](ANSWER).decode().splitlines() == [
        "member\tmemberName\tshare",
        "https://kg.example.org/org/mst\tMST\t14.30",
        '_:b0\t"Ziekenhuis", zegt men\t',
    ]


def test_jsonl_has_numbers_with_all_their_digits_and_null_for_what_is_unbound() -> None:
    assert FORMATS["jsonl"](ANSWER).decode().splitlines() == [
        '{"member":"https://kg.example.org/org/mst","memberName":"MST","share":14.30}',
        '{"member":"_:b0","memberName":"\\"Ziekenhuis\\", zegt men","share":null}',
    ]


@pytest.mark.parametrize(
    ("form", "kind", "expected"),
    [
        ("12345678901234567890123", "integer", "12345678901234567890123"),
        ("+0.1000000000000000000000000001", "decimal", "0.1000000000000000000000000001"),
        (".5", "decimal", "0.5"),
        ("1e400", "double", '"1e400"'),
        ("INF", "double", '"INF"'),
        ("1.5E3", "double", "1500.0"),
        ("1", "boolean", "true"),
        ("2009", "gYear", "2009"),
        ("2017-12-01", "date", '"2017-12-01"'),
        ("2017-12-01T10:30:00.50Z", "dateTime", '"2017-12-01T10:30:00.50Z"'),
        ("twelve", "integer", '"twelve"'),
    ],
)
def test_jsonl_writes_what_json_has_as_it_is_and_the_rest_as_it_was_written(form: str, kind: str, expected: str) -> None:
    assert written("jsonl", Literal(form, datatype=XSD[kind])) == f'{{"a":{expected}}}\n'


def test_markdown_is_a_table() -> None:
    assert FORMATS["md"](ANSWER).decode().splitlines() == [
        "| member | memberName | share |",
        "| --- | --- | --- |",
        "| https://kg.example.org/org/mst | MST | 14.30 |",
        '| \\_:b0 | "Ziekenhuis", zegt men |  |',
    ]


def test_markdown_escapes_what_would_be_more_than_text() -> None:
    assert written("md", Literal("a|b \\ `c` <i>\n&lt; & [d](e:f) *g*")).splitlines()[-1] == r"| a\|b \\ \`c\` &lt;i&gt; &amp;lt; & \[d\](e:f) \*g\* |"


def test_text_is_aligned_also_where_signs_are_wide_or_stand_on_others() -> None:
    rows = tuple((Literal(text), Literal("|")) for text in ("abcd", "中文", "e\u0301e\u0301"))
    assert FORMATS["text"](Answer(("a", "b"), rows)).decode().splitlines() == ["a     b", "abcd  |", "中文  |", "e\u0301e\u0301    |"]


def test_text_shows_controls_and_never_folds() -> None:
    assert written("text", Literal("one\ntwo\x1b[2J\u202e"), Literal("x" * 5000)) == f"one\\ntwo\\x1b[2J\\u202e  {'x' * 5000}\n"


def test_an_answer_without_rows_has_its_header() -> None:
    none = Answer(("a", "b"), ())
    assert FORMATS["csv"](none) == b"a,b\r\n"
    assert FORMATS["tsv"](none) == b"a\tb\n"
    assert FORMATS["text"](none) == b"a  b\n"
    assert FORMATS["md"](none) == b"| a | b |\n| --- | --- |\n"
    assert FORMATS["jsonl"](none) == b""
    assert json.loads(FORMATS["json"](none)) == {"head": {"vars": ["a", "b"]}, "results": {"bindings": []}}


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "md", "text", "tsv"])
def test_an_answer_without_columns_can_be_written(name: str) -> None:
    assert isinstance(FORMATS[name](Answer((), ((), ()))), bytes)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "\x00=1", "\ufeff=1", "\u200b\xa0-1", "＝1", "＋1", "－1", "＠x", "\x0b ＝1", "="]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_a_spreadsheet_takes_no_text_for_a_formula(name: str, text: str) -> None:
    for term in (Literal(text), Literal(text, language="nl"), Literal(text, datatype=XSD.integer) if text not in {"+1", "-1"} else Literal(text)):
        cell = written(name, term).rstrip("\r\n").removeprefix('"')
        assert cell.startswith("'")
    header = FORMATS[name](Answer((text,), ())).decode().removeprefix('"')
    assert header.startswith("'")


@pytest.mark.parametrize("text", ["", " ", "a=1", "'=1", "1-1", "é", "–1", "\x00", "(=1)"])
def test_other_texts_get_no_apostrophe(text: str) -> None:
    assert guarded(text) == text


def test_numbers_stay_numbers() -> None:
    numbers = [Literal("-12", datatype=XSD.integer), Literal("+1.5", datatype=XSD.decimal), Literal("-1E3", datatype=XSD.double)]
    assert written("csv", *numbers) == "-12,+1.5,-1E3\r\n"
    assert written("tsv", *numbers) == "-12\t+1.5\t-1E3\n"


def test_in_tsv_a_quotation_mark_hides_no_formula() -> None:
    assert written("tsv", Literal('"=1+1"')) == '\'"=1+1"\n'
    assert written("csv", Literal('"=1+1"')) == '"""=1+1"""\r\n'


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_json_holds_the_text_itself(name: str) -> None:
    for text in FORMULAS:
        content = json.loads(FORMATS[name](Answer(("a",), ((Literal(text),),))))
        assert (content["a"] if name == "jsonl" else content["results"]["bindings"][0]["a"]["value"]) == text
