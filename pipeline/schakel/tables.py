"""CSV tables as an editor keeps them: read whole, judged cell by cell, every problem told at once.

A byte order mark and Windows line ends are accepted, rows without any words are passed over, cells are stripped.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from schakel.findings import Finding, Place, finding

__all__ = [
    "PASSAGE",
    "SOURCE",
    "Row",
    "Table",
    "decoded",
    "is_id",
    "is_well_named",
    "judge_header",
    "parse_table",
    "read_table",
    "read_tables",
    "table_files",
    "unread_files",
]

# A cell may be as long as a page: only the memory of the machine limits it.
csv.field_size_limit(2**31 - 1)

SOURCE = "source"
PASSAGE = "passage"
# What mappings and the engine name variables for purposes of their own.
_RESERVED = re.compile(r"undefined|schakel_.*")
_COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# What an id may be: one segment of a path, so that IRI and file name can be formed of it without escapes.
_ID = re.compile(r"[\w~-][\w.~-]*")


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it, and its cells in the order of the columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One CSV file: its name without suffix, its path relative to the project, its columns and rows."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: Sequence[Row]

    def index(self, column: str) -> int | None:
        """Tell where a column stands, or None where the table has no such column."""
        return self.columns.index(column) if column in self.columns else None

    def cell(self, row: Row, column: str) -> str:
        """Give a row's cell in a column; empty where the table has no such column."""
        at = self.index(column)
        return "" if at is None else row.cells[at]

    def has_usable_id(self, row: Row) -> bool:
        """Tell whether an IRI can be formed of the row's id; so it is where the table has no ids."""
        at = self.index("id")
        return at is None or _ID.fullmatch(row.cells[at]) is not None

    def place(self, row: Row, column: str = "") -> Place:
        """Say where a row, or one cell of it, is found."""
        return Place(self.file, row.number, column)


def table_files(folder: Path) -> list[Path]:
    """Give every `*.csv` of a folder, but for lock files, which programs write."""
    return sorted(path for path in folder.glob("*.csv") if not path.name.endswith(".lock.csv") and is_well_named(path))


def is_well_named(path: Path) -> bool:
    """Tell whether a file's name is text, of which an address can be formed."""
    return path.name.isprintable() and os.fsencode(path.name).decode("utf-8", "replace") == path.name


def unread_files(paths: Iterable[Path], root: Path, suffixes: Collection[str]) -> list[Finding]:
    """Find files that end in none of the suffixes, as a workbook or `names.CSV`. Texts about the content (`*.md`) and hidden files may be there."""
    files = sorted(path for path in paths if path.is_file())
    others = [path for path in files if path.suffix not in {*suffixes, ".md"} and not path.name.startswith((".", "~"))]
    badly_named = [path for path in files if not is_well_named(path)]
    return [
        *(finding("unread-file", Place(path.relative_to(root).as_posix()), expected=", ".join(sorted(suffixes))) for path in others if is_well_named(path)),
        *(finding("bad-file-name", Place(os.fsencode(path.relative_to(root)).decode("utf-8", "backslashreplace"))) for path in badly_named),
    ]


def read_tables(folder: Path, root: Path) -> tuple[list[Table], list[Finding]]:
    """Read every table of a folder, in the order of their names."""
    tables: list[Table] = []
    findings: list[Finding] = []
    for path in table_files(folder):
        table, problems = read_table(path, path.relative_to(root).as_posix())
        findings += problems
        if table is not None:
            tables.append(table)
    return tables, findings


def read_table(path: Path, file: str) -> tuple[Table | None, list[Finding]]:
    """Read one CSV file; the table is None where nothing could be read at all."""
    return parse_table(path.stem, path.read_bytes(), file)


def parse_table(name: str, content: bytes, file: str) -> tuple[Table | None, list[Finding]]:
    """Take the content of a CSV file apart, as read_table() does."""
    text, problem = decoded(content, file)
    if problem is not None:
        return None, [problem]
    try:
        records = list(csv.reader(io.StringIO(text, newline="\n"), strict=True))
    except csv.Error:
        return None, [finding("broken-quoting", Place(file, _last_readable_record(text) + 1))]
    header = next((at for at, record in enumerate(records) if any(map(str.strip, record))), None)
    if header is None:
        return None, [finding("empty-file", Place(file))]
    columns = tuple(name.strip() for name in records[header])
    findings = list(judge_header(columns, file))
    if findings:
        return None, findings
    rows, ragged = _rows(records[header + 1 :], header + 2, len(columns))
    findings = [finding("ragged-row", Place(file, number), found=found, expected=len(columns)) for number, found in ragged]
    table = Table(name, file, columns, tuple(rows))
    if not rows and not findings:
        findings.append(finding("no-rows", Place(file)))
    return table, findings + list(_judge_ids(table))


def _rows(records: Iterable[list[str]], first: int, columns: int) -> tuple[list[Row], list[tuple[int, int]]]:
    """Make rows of records, and give number and length of those that have more or fewer cells than there are columns. Empty ones are passed over."""
    rows: list[Row] = []
    ragged: list[tuple[int, int]] = []
    for number, record in enumerate(records, start=first):
        cells = tuple(map(str.strip, record))
        if len(cells) == columns and any(cells):
            rows.append(Row(number, cells))
        elif any(cells):
            ragged.append((number, len(cells)))
    return rows, ragged


def decoded(content: bytes, file: str) -> tuple[str, Finding | None]:
    """Read the text of a file, with one way to end a line; or tell why that cannot be done."""
    try:
        content = content.removeprefix(codecs.BOM_UTF8)
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        around = content[max(0, error.start - 15) : error.start + 15].decode("cp1252", "replace")
        return "", finding(
            "not-utf8",
            Place(file, _row_after(before)),
            byte=f"0x{content[error.start]:02X}",
            around="".join(sign if sign.isprintable() else " " for sign in around).strip(),
        )
    if "\0" in text:
        return "", finding("nul-byte", Place(file, _row_after(text[: text.index("\0")])))
    # One way to write the end of a line, in cells too.
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _row_after(text: str) -> int:
    """Tell the row, as a spreadsheet counts, in which the text after this stands."""
    return sum(1 for _ in csv.reader(io.StringIO(text + "x", newline=None)))


def _last_readable_record(text: str) -> int:
    count = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for _ in reader:
            count += 1
    except csv.Error:
        pass
    return count


def is_id(text: str) -> bool:
    """Tell whether an IRI can be formed of an id."""
    return _ID.fullmatch(text) is not None


def judge_header(columns: Sequence[str], file: str) -> Iterator[Finding]:
    """Find names of columns that are none, or that two columns share."""
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        yield finding("not-comma-separated", Place(file, 1), found=columns[0])
        return
    for position, name in enumerate(columns, start=1):
        if not _COLUMN_NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            yield finding("bad-column-name", Place(file, 1, name), found=name, position=position)
    for name in sorted({name for name in columns if name and columns.count(name) > 1}):
        yield finding("duplicate-column", Place(file, 1, name), found=name)


def _judge_ids(table: Table) -> Iterator[Finding]:
    """Find rows without an id, and ids of which no IRI can be formed, where a table has ids."""
    at = table.index("id")
    if at is None:
        return
    for row in table.rows:
        if not row.cells[at]:
            yield finding("missing-id", table.place(row, "id"))
        elif not is_id(row.cells[at]):
            yield finding("bad-id", table.place(row, "id"), found=row.cells[at])
