"""Tables as relations: what the executor reads by itself is what the careful parser reads, row by row and finding by finding."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot import exp

from schakel.compile.construct import rows_of
from schakel.engine import DuckDB
from schakel.findings import Finding
from schakel.project.large_tables import read_large_table
from schakel.project.tables import read_tables
from schakel.project.text_lint import faults_of_table
from schakel.table_files import Declaration
from schakel.tables import read_table

FILE = "data/towers.csv"


@pytest.fixture(scope="module")
def executor() -> Iterator[DuckDB]:
    with DuckDB(threads=2) as executor:
        yield executor


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((item.kind, str(item.places[0]), item.message["en"]) for item in findings)


def assert_alike(executor: DuckDB, tmp_path: Path, content: bytes) -> bool:
    """Read a table both ways; tell whether the executor could read it by itself."""
    path = tmp_path / "towers.csv"
    path.write_bytes(content)
    tables, problems = read_table(Declaration("towers", path), FILE)
    read = read_large_table(executor, path, FILE, 1)
    if read is None:
        return False
    source, count, findings = read
    (careful,) = tables
    assert source.columns == careful.columns
    assert count == len(careful.rows)
    rows = sorted((row, tuple(cell or "" for cell in cells)) for row, *cells in executor.fetch(exp.select("*").from_(exp.to_table(source.table))))
    assert rows == [(row.number, row.cells) for row in careful.rows]
    assert told(findings) == told([*problems, *faults_of_table(careful)])
    for at, name in enumerate(source.columns):
        cells = [row.cells[at] for row in careful.rows if row.cells[at]]
        facts = source.facts[name]
        assert facts.filled == (len(cells) == len(careful.rows))
        assert facts.signs is not None
        assert facts.signs.issuperset(set("".join(cells)) & set('"\\\n\t\x07'))
    return True


SIGNS = ['"', ",", "\n", "\r\n", " ", "\t", "\u00a0", "\u2003", "#", "\\", "'", "a", "é", "\u202e", "e\u0301", "\x07", "NULL", "0x1F", "1_000"]
cells = st.lists(st.sampled_from(SIGNS), max_size=5).map("".join)


@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", "c", "é", "a/b", ""]), cells, cells), min_size=1, max_size=8),
    ends=st.sampled_from(["\n", "\r\n"]),
    quoted=st.booleans(),
)
@example(rows=[("#a", "#", "# no comment"), ("", "", ""), ("b", "NULL", "null")], ends="\n", quoted=False)
def test_the_executor_reads_what_the_careful_parser_reads(
    executor: DuckDB, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], ends: str, *, quoted: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=ends, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([("id", "label", "note"), *rows])
    assert_alike(executor, tmp_path_factory.getbasetemp(), text.getvalue().encode())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbfid,label\na,x\n", id="byte order mark"),
        pytest.param(b"id,label\r\na,x\r\nb,y\r\n", id="Windows line ends"),
        pytest.param(b"id,label\na,x\nb,y", id="no line end at the end"),
        pytest.param(b'id,label\n#a,x\nb,"#"\n', id="rows that begin with a number sign"),
        pytest.param(b"id,label\n,\nb,y\n , \nc,z\n", id="rows without a word"),
        pytest.param(b'id,label\na,"x ""y"" z"\nb,"two\nlines"\nc,d\n', id="quotes and lines in a cell"),
        pytest.param("id,label\na, \u00a0é\u2003\nb,y \n".encode(), id="white space at the ends"),
        pytest.param("id,label,passage\na,#N/A,#N/A\nb,“x”,“x”\nc,1.2E+17,\nd,123456789012,\n".encode(), id="faulty cells"),
        pytest.param("id,label,since\na,CoÃ¶p,2009-01-01\nb,Café,31.12.2010\n".encode(), id="faulty letters, and a date unlike others"),
        pytest.param(b"label,note\nx,y\nz,y\nx,y\n", id="rows twice"),
        pytest.param(b"id,label\na,x\n,y\nb/c,z\na,w\n", id="ids"),
        pytest.param(b"id,label\n" + b"".join(b"k%d,%d\n" % (number, number) for number in range(150_000)), id="many rows"),
        pytest.param(b"id,label\na," + b"x" * 1_000_000 + b"\nb,y\n", id="a cell of 1 MB"),
    ],
)
def test_the_executor_reads_by_itself(executor: DuckDB, tmp_path: Path, content: bytes) -> None:
    assert assert_alike(executor, tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"id,label\na,x\n\nb,y\n", id="a blank line"),
        pytest.param(b"\nid,label\na,x\n", id="a blank line before the header"),
        pytest.param(b"id,label\na,x,y\nb\n", id="ragged rows that even out"),
        pytest.param(b'id,label\na,"x"y\n', id="a quote in a cell"),
        pytest.param(b'id,label\na,x"y\n', id="a quote alone"),
        pytest.param(b'id,label\na,"x\n', id="an open quote"),
        pytest.param(b"id,label\ra,x\r", id="line ends of an old Mac"),
        pytest.param(b"id,label\na,\0\n", id="NUL"),
        pytest.param(b"id,label\na,\xe9\n", id="Latin-1"),
        pytest.param(b"id;label\na;x\n", id="semicolons"),
        pytest.param(b"id,label\n", id="no rows"),
        pytest.param(b"", id="empty"),
        pytest.param(b"id,label\na," + b"x" * 3_000_000 + b"\nb,y\n", id="a cell of 3 MB"),
    ],
)
def test_what_the_executor_may_read_otherwise_is_left_to_the_careful_parser(executor: DuckDB, tmp_path: Path, content: bytes) -> None:
    assert not assert_alike(executor, tmp_path, content)


def test_small_and_large_tables_are_read_in_the_order_of_their_names(executor: DuckDB, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name, rows in (("a", 2), ("b", 2_000), ("c", 1), ("d.lock", 1)):
        (data / f"{name}.csv").write_text("id,label\n" + "".join(f"{name}{number},x\n" for number in range(rows)))
    tables, findings, _ = read_tables(executor, data, tmp_path, large=1_000)
    assert not findings
    assert [(table.name, table.file, table.rows) for table in tables] == [("a", "data/a.csv", 2), ("b", "data/b.csv", 2_000), ("c", "data/c.csv", 1)]
    for table in tables:
        plan = exp.select(exp.column("c0")).from_(exp.to_table(table.source.table, alias="own"))
        plan.set("where", rows_of(table.source))
        assert {cell for (cell,) in executor.fetch(plan)} == {f"{table.name}{number}" for number in range(table.rows)}
