"""Whatever an answer holds, each format keeps its rows and cells apart, and what can be read back is the same."""

import csv
import io
import json
from decimal import Decimal
from html import unescape

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, QueryResultsFormat, Triple

from schakel.answers import FORMATS, Answer, answer_from_json, to_python
from schakel.answers.plain import one_line, plain
from schakel.answers.values import is_number
from schakel.graph import Term
from schakel.namespaces import XSD

SPECIAL = "=+-@＝＋－＠\t\r\n \"',;|\\`*_~[]()<>&#!$:\x00\x0b\x1b\x7f\x85\u2028\u2029\u202e\ufeff\u200b\u200dé中😀a1"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(SPECIAL), max_size=15) | st.sampled_from(
    ["=cmd|' /C calc'!A0", "\t=1", "| a |", "\\|", "\\", "`|`", "<b>x</b>", "<!-- x", "&lt;b&gt;", "&amp;", "[a](javascript:b)", "![a](b:c)", "~~a~~", "__a__"]
)
IRIS = st.sampled_from(["https://kg.example.org/org/mst", "a:b", "javascript:alert(1)", "https://e.example/_a_*b*?c=d&lt;e=(f)", "urn:x:é"]).map(NamedNode)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["nl", "en-gb", "zh-hans"])),
    st.builds(lambda text, way: Literal(text, language="ar", direction=way), TEXTS, st.sampled_from([BaseDirection.LTR, BaseDirection.RTL])),
    st.builds(
        lambda text, kind: Literal(text, datatype=XSD[kind]),
        TEXTS | st.sampled_from(["-1", "+1.50", "-1E400", "NaN", "true", "2017-12-01", "-0044"]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date", "gYear", "string"]),
    ),
)
TERMS: st.SearchStrategy[Term] = st.one_of(
    LITERALS, IRIS, st.sampled_from(["b0", "x1"]).map(BlankNode), st.builds(Triple, IRIS, IRIS, LITERALS | st.builds(Triple, IRIS, IRIS, LITERALS))
)


@st.composite
def wild_answers(draw: st.DrawFn) -> Answer:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[st.none() | TERMS] * width), max_size=5))
    return Answer(("a", "b", "c", "d")[:width], tuple(rows))


ANSWERS = wild_answers()
ONE_EMPTY = Answer(("a",), ((Literal(""),), (None,)))


def begins_a_formula(cell: str) -> bool:
    return cell[:1] in {"\t", "\r", "\n"} or cell.strip(" \xa0\t\r\n\x00\x0b\x1b\x7f\x85\u2028\u2029\u202e\ufeff\u200b\u200d")[:1] in set("=+-@＝＋－＠")


def as_in_a_spreadsheet(term: Term | None, cell: str) -> None:
    text = plain(term)
    assert cell in {text, f"'{text}"}
    assert is_number(term) or not begins_a_formula(cell)
    assert cell == text or not text[0].isalnum()


@given(ANSWERS, st.booleans())
@example(ONE_EMPTY, False)  # noqa: FBT003  # as Hypothesis has it
def test_csv_gives_the_same_cells_back(answer: Answer, bom: bool) -> None:  # noqa: FBT001
    content = FORMATS["csv"](answer, bom=bom).decode("utf-8-sig" if bom else "utf-8")
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert tuple(header) == answer.columns
    assert len(rows) == len(answer)
    for cells, terms in zip(rows, answer.rows, strict=True):
        for cell, term in zip(cells, terms, strict=True):
            as_in_a_spreadsheet(term, cell)


@given(ANSWERS)
@example(ONE_EMPTY)
def test_tsv_keeps_rows_and_cells_apart(answer: Answer) -> None:
    header, *lines, last = FORMATS["tsv"](answer).decode().split("\n")
    assert (tuple(header.split("\t")), last) == (answer.columns, "")
    for line, terms in zip(lines, answer.rows, strict=True):
        for cell, term in zip(line.split("\t"), terms, strict=True):
            text = plain(term).replace("\t", " ").replace("\r", " ").replace("\n", " ")
            assert cell in {text, f"'{text}"}
            assert is_number(term) or not begins_a_formula(cell)


@given(ANSWERS)
@example(ONE_EMPTY)
def test_json_gives_the_same_terms_back(answer: Answer) -> None:
    content = FORMATS["json"](answer)
    assert answer_from_json(content) == answer
    theirs = ox.parse_query_results(content, format=QueryResultsFormat.JSON)
    assert isinstance(theirs, ox.QuerySolutions)
    assert tuple(tuple(row) for row in theirs) == answer.rows


@given(ANSWERS)
def test_json_lines_are_objects_of_all_columns_and_lose_no_digit(answer: Answer) -> None:
    lines = FORMATS["jsonl"](answer).decode().splitlines()
    for line, terms in zip(lines, answer.rows, strict=True):
        row = json.loads(line, parse_float=Decimal, parse_constant=None)
        assert tuple(row) == answer.columns
        for found, term in zip(row.values(), terms, strict=True):
            value = to_python(term)
            if isinstance(found, str):
                assert found == plain(term)
            elif isinstance(value, float):
                assert float(found) == value
            else:
                assert (found is None, found) == (value is None, value)


@given(ANSWERS)
@example(ONE_EMPTY)
def test_no_cell_breaks_a_markdown_table_or_is_more_than_text(answer: Answer) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(FORMATS["md"](answer).decode())
    assert (tokens[0].type, tokens[-1].type) == ("table_open", "table_close")
    assert sum(token.type == "tr_open" for token in tokens) == len(answer) + 1
    cells = [token for token in tokens if token.type == "inline"]
    terms = [None] * len(answer.columns) + [term for row in answer.rows for term in row]
    for cell, term in list(zip(cells, terms, strict=True))[len(answer.columns) :]:
        parts = cell.children or []
        if isinstance(term, NamedNode):  # Markdown may stress a part of it, but nothing more
            assert {part.type for part in parts} <= {"text", "text_special", "em_open", "em_close", "strong_open", "strong_close"}
        else:
            assert {part.type for part in parts} <= {"text", "text_special"}
            assert "".join(part.content for part in parts) == one_line(plain(term)).strip()


@given(ANSWERS)
def test_text_has_one_line_a_row_and_begins_each_column_at_one_place(answer: Answer) -> None:
    content = FORMATS["text"](answer).decode()
    lines = content.split("\n")
    assert len(lines) == len(answer) + 2
    assert content.splitlines() == lines[:-1]
    if content.isascii():
        for name in answer.columns[1:]:
            place = lines[0].index(f"  {name}")
            assert {line[place : place + 2] for line in lines[:-1]} == {"  "}


@given(ANSWERS)
def test_a_notebook_holds_text_only(answer: Answer) -> None:
    content = answer._repr_html_()
    inside = content.split("<tbody>")[1].split("</tbody>")[0]
    cells = [cell.split(">", 1)[1] for cell in inside.replace("</tr>", "").replace("<tr>", "").split("</td>")[:-1]]
    terms = [term for row in answer.rows for term in row]
    for cell, term in zip(cells, terms, strict=True):
        text = cell.removesuffix("</a>").split(">", 1)[1] if cell.startswith("<a ") else cell
        assert "<" not in text
        assert unescape(text) == unescape(text.replace("<", "")) == one_line(plain(term))
