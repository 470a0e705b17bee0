"""A look at the texts of tables: faulty cells are findings, and what can be mended without a doubt is mended in the files."""

import csv
import difflib
import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schakel.findings import Finding, Place, finding
from schakel.table_files import Declaration, read_declarations
from schakel.table_files.text_faults import faults_of_column, has_faults, mended
from schakel.table_files.texts import MARKS
from schakel.tables import PASSAGE, Table

__all__ = ["Mend", "faults_of_cells", "faults_of_table", "mends"]


@dataclass(frozen=True)
class Mend:
    """The text of a table before and after, and its bytes after; `file` is its name in messages."""

    path: Path
    file: str
    before: str
    after: str
    content: bytes

    def diff(self) -> str:
        """Give the lines that change, as a unified diff."""
        before, after = self.before.splitlines(), self.after.splitlines()
        return "\n".join(difflib.unified_diff(before, after, self.file, self.file, n=0, lineterm=""))

    def write(self) -> None:
        """Put the mended file in the place of the other, whole or not at all."""
        new = self.path.with_name(f".{self.path.name}.new")
        new.write_bytes(self.content)
        shutil.copymode(self.path, new)
        new.replace(self.path)


def faults_of_table(table: Table) -> Iterator[Finding]:
    """Find faulty cells. Passages are left out: they are written as their pages have them."""
    for at, name in enumerate(table.columns):
        cells = [row.cells[at] for row in table.rows]
        if name != PASSAGE and has_faults("\n".join(cells)):
            yield from faults_of_cells(table.file, name, [row.number for row in table.rows], cells)


def faults_of_cells(file: str, name: str, rows: Sequence[int], cells: Sequence[str]) -> Iterator[Finding]:
    """Find the faulty cells of a column, given with their rows."""
    for position, fault in faults_of_column(cells):
        yield finding(fault.kind, Place(file, rows[position], name), found=cells[position], signs=fault.signs, mended=fault.mended)


def mends(folder: Path, root: Path) -> Iterator[Mend]:
    """Mend the CSV files of a folder; nothing but faulty characters changes in them."""
    declarations, _ = read_declarations(folder, root)
    for declared in {each.path: each for each in declarations if each.path.suffix in {".csv", ".tsv"}}.values():
        mend = _mend(declared, declared.path.relative_to(root).as_posix())
        if mend is not None:
            yield mend


def _mend(declared: Declaration, file: str) -> Mend | None:
    content = declared.path.read_bytes()
    mark, encoding = next(((mark, encoding) for mark, encoding in MARKS if content.startswith(mark)), (b"", declared.encoding or "utf-8"))
    try:
        before = content.removeprefix(mark).decode(encoding)
        after = "".join(_mended_records(before, declared.delimiter or ("\t" if declared.path.suffix == ".tsv" else ",")))
        written = mark + after.encode(encoding)
    except (UnicodeError, csv.Error):
        # A file that cannot be read is a finding of its own; one whose encoding has no such letters cannot be mended.
        return None
    return None if after == before else Mend(declared.path, file, before, after, written)


def _mended_records(text: str, delimiter: str) -> Iterator[str]:
    """Give the records of a file as they are written, with faults mended everywhere but in passages."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    passage: int | None = None
    done = 0
    for cells in reader:
        record = "".join(lines[done : reader.line_num])
        done = reader.line_num
        passage = cells.index(PASSAGE) if passage is None and PASSAGE in cells else passage
        fields = list(_fields(record, delimiter))
        yield delimiter.join(field if at == passage else mended(field) for at, field in enumerate(fields))


def _fields(record: str, delimiter: str) -> Iterator[str]:
    """Give the fields of a record as they are written, quotation marks included."""
    begin, is_quoted = 0, False
    for at, sign in enumerate(record):
        if sign == '"' and (is_quoted or at == begin):
            is_quoted = not is_quoted
        elif sign == '"' and record[at - 1] == '"' and record[begin] == '"':
            is_quoted = True
        elif sign == delimiter and not is_quoted:
            yield record[begin:at]
            begin = at + 1
    yield record[begin:]
