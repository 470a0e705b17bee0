"""Records of a file: rows of text with the numbers that a spreadsheet shows."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.findings import Finding, Place, finding
from schakel.table_files.declarations import Declaration
from schakel.table_files.json_records import json_records
from schakel.table_files.parquet import parquet_records
from schakel.table_files.records import Records, RecordsError
from schakel.table_files.texts import decoded
from schakel.table_files.workbooks import workbook_records

__all__ = ["Records", "column_letter", "read_records", "with_header"]

# A cell may be as long as a page: only the memory of the machine limits it.
csv.field_size_limit(2**31 - 1)

_DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True)
class _Letters:
    """The columns of a header by name, and by the letter that a spreadsheet shows where a name is empty or shared."""

    header: Sequence[str]

    def position(self, name: str) -> int | None:
        if name in self.header:
            return self.header.index(name)
        return next((at for at in range(len(self.header)) if column_letter(at) == name), None)


def column_letter(position: int) -> str:
    """Give the letters of a column, the first being 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_records(declared: Declaration, file: str) -> tuple[Sequence[Records], list[Finding]]:
    """Read the table that a file holds, and of JSON the tables of its lists. `file` is its name in findings.

    There are no records where nothing could be read; the findings say why.
    """
    try:
        found = _READERS[declared.path.suffix](declared, file)
    except RecordsError as error:
        return [], [error.finding]
    except OSError as error:
        return [], [finding("unreadable-file", Place(file), found=str(error))]
    own, findings = with_header(found[0], declared, file)
    if own is None:
        return [], findings
    lists = {records.name: records for records in found[1:]}
    for name, of_list in declared.lists.items():
        if name in lists:
            read, problems = with_header(lists[name], of_list, file)
            findings += problems
            lists |= {name: read} if read is not None else {}
        else:
            findings.append(finding("declared-list-missing", Place(file), table=name, expected=", ".join(lists) or "–"))
    return [own, *lists.values()], [*found[0].findings, *findings]


def _delimited(declared: Declaration, file: str) -> list[Records]:
    text, problem = decoded(declared.path.read_bytes(), file, declared.encoding)
    if problem is not None:
        raise RecordsError(problem)
    delimiter = declared.delimiter or _DELIMITERS[declared.path.suffix]
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True))
    except csv.Error:
        raise RecordsError(finding("broken-quoting", Place(file, len(rows) + 1))) from None
    return [Records(declared.name, (), list(enumerate(rows, start=1)))]


def with_header(records: Records, declared: Declaration, file: str) -> tuple[Records | None, list[Finding]]:
    """Take the header from the rows, where it is one of them; leave out and rename columns as declared. There are no records where there is no header."""
    header, rows = list(records.header), list(records.rows)
    if not header:
        at = next((at for at, (number, cells) in enumerate(rows) if _is_header(number, cells, declared.header)), None)
        if at is None:
            return None, [finding("empty-file", Place(file))]
        header, rows = [name.strip() for name in rows[at][1]], rows[at + 1 :]
    header, rows = _without_empty_ends(header, rows)
    letters = _Letters(header)
    unknown = sorted(name for name in declared.named() if letters.position(name) is None)
    known = ", ".join(filter(None, header))
    findings = [finding("declared-column-missing", Place(file, 0, name), found=name, table=declared.name, expected=known) for name in unknown]
    names = {at: new for old, new in declared.columns.items() if (at := letters.position(old)) is not None}
    ignored = {letters.position(name) for name in declared.ignored}
    kept = [at for at in range(len(header)) if at not in ignored]
    named = tuple(names.get(at, header[at]) for at in kept)
    if ignored - {None}:
        rows = [(number, [cells[at] for at in kept] if len(cells) == len(header) else cells) for number, cells in rows]
    decimal_commas = tuple(names.get(at, header[at]) for name in declared.decimal_commas if (at := letters.position(name)) is not None)
    return Records(records.name, named, rows, decimal_commas), findings


def _is_header(number: int, cells: Sequence[str], wanted: int | None) -> bool:
    return number >= wanted if wanted is not None else any(map(str.strip, cells))


def _without_empty_ends(header: list[str], rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Leave out columns at the end that have neither a name nor a word, as spreadsheets write them."""
    width = len(header)
    while width and not header[width - 1] and not any(cells[width - 1].strip() for _, cells in rows if len(cells) >= width):
        width -= 1
    if width == len(header):
        return header, rows
    shortened = [(number, cells[:width] if not any(map(str.strip, cells[width:])) else cells) for number, cells in rows]
    return header[:width], shortened


_READERS: Final[Mapping[str, Callable[[Declaration, str], list[Records]]]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".xlsx": workbook_records,
    ".ods": workbook_records,
    ".json": json_records,
    ".jsonl": json_records,
    ".parquet": parquet_records,
}
