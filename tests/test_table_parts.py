"""Tables are read in parts: whatever the size of these, rows, their numbers and what is wrong with them stay the same."""

import csv
import io
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schakel.findings import Finding
from schakel.tables import Table, decoded, parse_table, rows_of_part

FILE = "data/towers.csv"
# More records than any table here has.
ALL = 10_000


def parsed(content: bytes, size: int) -> tuple[Table | None, list[Finding]]:
    """Read a table with so many records to a part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("schakel.tables._RECORDS", size)
        return parse_table("towers", content, FILE)


def written(record: Sequence[str], *, quoted: bool) -> str:
    """Write a record as any program could."""
    return ",".join('"{}"'.format(cell.replace('"', '""')) if quoted or set(cell) & set('",\r\n') else cell for cell in record)


texts = st.one_of(
    st.sampled_from(
        ["", "", " ", "a", "b", "a/b", "two\nlines", "two\r\nlines\r\n", "\r", "\n\n", '"', '""', ",", "a,\nb", "\u2028", "\u0085x", "\x0b", "x\ufeff"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
)
blank = st.sampled_from([[], [""], [" "], ["", "", ""], [" ", "\t", "\n"]])
columns = st.sampled_from([["id", "label", "note"], ["label", "note", "source"]])
usual = st.lists(texts, min_size=3, max_size=3)
records = st.lists(st.one_of(usual, usual, blank, st.lists(texts, max_size=5)), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Make a CSV file as an unfortunate editor could have left it, but with a sound header."""
    every = [*draw(st.lists(blank, max_size=4)), draw(columns), *draw(records)]
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"]]))
    lines = [written(record, quoted=draw(st.booleans())) + draw(st.sampled_from(ends)) for record in every]
    text = "".join(lines) if draw(st.booleans()) else "".join(lines).rstrip("\r\n")
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def expected_rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Read the rows of a text all at once: those below the first that is not blank, that are as long as it."""
    every = [(number, tuple(map(str.strip, record))) for number, record in enumerate(csv.reader(io.StringIO(text, newline="")), start=1)]
    header, *others = [(number, record) for number, record in every if any(record)]
    return [(number, record) for number, record in others if len(record) == len(header[1])]


@given(tables(), st.integers(1, 5))
@example(b"\n\n\n\nid,label\n\n\na,x\nb,y\n", 2)
@example(b'id,label\r\na,"x\r\n\r\ny"\r\n\r\nb,y', 1)
def test_each_part_read_alone_gives_its_rows_and_all_give_the_table(content: bytes, size: int) -> None:
    text, problem = decoded(content, FILE)
    assert problem is None
    table, _ = parsed(content, size)
    assert table is not None
    alone = [rows_of_part(text[part.begin : part.end], part, table.columns) for part in table.parts]
    assert [row for rows in alone for row in rows] == list(table.rows)
    assert [(row.number, row.cells) for row in table.rows] == expected_rows(text)
    for part, rows in zip(table.parts, alone, strict=True):
        assert all(part.number <= row.number < part.number + size for row in rows)


@given(tables(), st.integers(1, 5))
def test_parts_are_the_whole_text_one_after_the_other(content: bytes, size: int) -> None:
    text, _ = decoded(content, FILE)
    table, _ = parsed(content, size)
    assert table is not None
    assert (table.parts[0].begin, table.parts[0].number, table.parts[-1].end) == (0, 1, len(text))
    for part, following in pairwise(table.parts):
        assert part.begin < part.end == following.begin
        assert following.number == part.number + size
    assert all(part.first >= part.number for part in table.parts)
    assert len(table.parts) == max(1, -(-sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) // size))


@given(tables(), st.integers(1, 5))
def test_what_is_found_is_the_same_whatever_the_size_of_the_parts(content: bytes, size: int) -> None:
    assert parsed(content, size) == parsed(content, ALL)


# Nothing but signs of which CSV makes something; quotation marks may be anywhere.
wild = st.text(st.sampled_from('ab,,""\n\n\r '), max_size=40)


@given(st.sampled_from(["", "id,label\n", "label,note\r\n"]), wild, st.integers(1, 5))
@example("", "", 1)
@example("id,label\n", 'a,b\nc,"d\n', 1)
@example("id,label\n", 'a,b\nc,d\ne,"f"g\n', 2)
def test_what_is_found_in_any_text_is_the_same_whatever_the_size_of_the_parts(header: str, text: str, size: int) -> None:
    content = (header + text).encode()
    table, findings = parsed(content, size)
    assert (table, findings) == parsed(content, ALL)
    if table is not None:
        rows = [row for part in table.parts for row in rows_of_part(decoded(content, FILE)[0][part.begin : part.end], part, table.columns)]
        assert rows == list(table.rows)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, ALL])
def test_every_kind_of_problem_is_found_across_parts(size: int) -> None:
    content = b'\xef\xbb\xbf\r\n,,\r\nid,label,note\r\na,"x\r\ny",\r\n,x,\r\na/b,x,\r\n\r\na,z,\r\nb,x\r\nc,x,y,z\r\na,w,\r\n'
    table, findings = parsed(content, size)
    assert table is not None
    assert [(item.kind, item.places[0].row) for item in findings] == [
        ("ragged-row", 9),
        ("ragged-row", 10),
        ("missing-id", 5),
        ("bad-id", 6),
        ("duplicate-key", 8),
        ("duplicate-key", 11),
    ]
    assert [row.number for row in table.rows] == [4, 5, 6, 8, 11]
    assert table.rows[0].cells == ("a", "x\ny", "")


@pytest.mark.parametrize("size", [1, 2, 3, ALL])
def test_a_row_that_stands_twice_is_found_in_another_part(size: int) -> None:
    _, findings = parsed(b"label,note\nx,y\n\nz,\nx,y\nz\nx , y\n", size)
    assert [(item.kind, item.places[0].row) for item in findings] == [("ragged-row", 6), ("duplicate-row", 5), ("duplicate-row", 7)]
