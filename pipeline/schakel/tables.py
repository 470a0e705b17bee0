"""Tables as an editor keeps them: read whole, every problem reported at once. Rows without a word are passed over, cells are stripped."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from schakel.findings import Finding, Place, finding
from schakel.table_files import Declaration, Records, decimal_point, read_declarations, read_records

__all__ = [
    "PASSAGE",
    "SOURCE",
    "Row",
    "Table",
    "is_id",
    "is_well_named",
    "judge_header",
    "read_table",
    "read_tables",
    "unread_files",
]

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
    """A table: its name, its file relative to the project, its columns and rows."""

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
    declarations, findings = read_declarations(folder, root)
    tables: list[Table] = []
    for declared in declarations:
        read, problems = read_table(declared, declared.path.relative_to(root).as_posix())
        findings += problems
        tables += read
    return tables, findings


def read_table(declared: Declaration, file: str) -> tuple[list[Table], list[Finding]]:
    """Read the table that a file holds, and of JSON the tables of its lists; none where nothing could be read at all. `file` is its name in findings."""
    several, findings = read_records(declared, file)
    tables = []
    for records in several:
        table, problems = _table(records, file)
        findings += problems
        if table is not None:
            tables.append(table)
    return tables, findings


def _table(records: Records, file: str) -> tuple[Table | None, list[Finding]]:
    findings = list(judge_header(records.header, file))
    if findings:
        return None, findings
    rows, ragged = _rows(records.rows, len(records.header))
    findings = [finding("ragged-row", Place(file, number), found=found, expected=len(records.header)) for number, found in ragged]
    for name in records.decimal_commas:
        rows, problems = _with_decimal_points(rows, records.header.index(name), Place(file, 0, name))
        findings += problems
    table = Table(records.name, file, tuple(records.header), tuple(rows))
    if not rows and not findings:
        findings.append(finding("no-rows", Place(file)))
    return table, findings + list(_judge_ids(table))


def _rows(records: Iterable[tuple[int, Sequence[str]]], width: int) -> tuple[list[Row], list[tuple[int, int]]]:
    """Make rows of records, and give number and length of those that have more or fewer cells than there are columns. Empty ones are passed over."""
    rows: list[Row] = []
    ragged: list[tuple[int, int]] = []
    for number, record in records:
        cells = tuple(map(str.strip, record))
        if len(cells) == width and any(cells):
            rows.append(Row(number, cells))
        elif any(cells):
            ragged.append((number, len(cells)))
    return rows, ragged


def _with_decimal_points(rows: Sequence[Row], at: int, place: Place) -> tuple[list[Row], list[Finding]]:
    """Write the numbers of a column with decimal points; what is no number is a finding, and left as it is."""
    written: list[Row] = []
    findings = []
    for row in rows:
        number = decimal_point(row.cells[at]) if row.cells[at] else ""
        if number is None:
            findings.append(finding("no-decimal-comma", Place(place.file, row.number, place.column), found=row.cells[at]))
        written.append(row if not number else Row(row.number, (*row.cells[:at], number, *row.cells[at + 1 :])))
    return written, findings


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
