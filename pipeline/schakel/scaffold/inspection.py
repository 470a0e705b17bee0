"""How a file of somebody else's holds its tables: encoding, delimiter, sheet, header.

Whatever is found is written down in `tables.toml`, where a person can correct it; a build never guesses.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from schakel.errors import TableUnusableError
from schakel.scaffold.headers import variable
from schakel.table_files import Declaration, Records, RecordsError, all_sheets, read_records, with_header
from schakel.table_files.texts import MARKS

__all__ = ["Inspected", "inspect"]

_DELIMITERS: Final = ",;\t|"
_LOOKED_AT: Final = 200
_MOSTLY: Final = 0.6


@dataclass(frozen=True)
class Inspected:
    """A table of a file: how it is read, what it holds, and what was decided about it, in sentences. `parent` names the table whose lists it holds."""

    declaration: Declaration
    records: Records
    decisions: tuple[str, ...]
    parent: str = ""


def inspect(path: Path, name: str) -> list[Inspected]:
    """Find every table of a file; `name` is that of the first. Raises TableUnusableError."""
    plain = Declaration(name, path)
    match path.suffix.lower():
        case ".csv" | ".tsv":
            found = list(_read(*_delimited(plain)))
        case ".xlsx" | ".ods":
            found = list(_sheets(plain))
        case ".json":
            found = list(_read(*_document(plain)))
        case _:
            found = list(_read(plain, ()))
    if not found:
        raise TableUnusableError(path, "it holds no rows below a header")
    return found


def _read(declared: Declaration, decisions: Sequence[str]) -> Iterator[Inspected]:
    several, findings = read_records(declared, declared.path.name)
    if not several:
        raise TableUnusableError(declared.path, "; ".join(item.text("en") for item in findings))
    for records in several:
        own = records.name == declared.name
        yield Inspected(declared, records, tuple(decisions) if own else (), "" if own else declared.name)


def _delimited(plain: Declaration) -> tuple[Declaration, tuple[str, ...]]:
    content = plain.path.read_bytes()
    encoding, decisions = _encoding(content)
    marked = any(content.startswith(mark) for mark, _ in MARKS)
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    usual = "\t" if plain.path.suffix.lower() == ".tsv" else ","
    widths = {delimiter: _width(_rows(text, delimiter)) for delimiter in (usual, *_DELIMITERS.replace(usual, ""))}
    delimiter = max(widths, key=lambda sign: widths[sign])
    header = _header(_rows(text, delimiter))
    if delimiter != usual:
        decisions.append(f"Its columns are separated by {delimiter!r}.")
    declared = replace(plain, encoding="" if marked or encoding == "utf-8" else encoding, delimiter="" if delimiter == usual else delimiter)
    return _with_header(declared, header, decisions)


def _encoding(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding, [f"Its byte order mark says that it is {encoding.upper()}."] if encoding != "utf-8" else []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252", ["It is not UTF-8, and is read as Windows-1252, which Excel writes in western Europe."]
    return "utf-8", []


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    try:
        return [(number, cells) for number, cells in zip(range(1, _LOOKED_AT + 1), reader, strict=False)]
    except csv.Error:
        return []


def _width(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, int]:
    """Give how many rows have the commonest number of cells, above one, and that number."""
    counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
    ((width, rows_of_it),) = counts.most_common(1) or [(0, 0)]
    return rows_of_it, width


def _header(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Find the row of the header: the first that names most columns in use, mostly with different words, none of them a number.

    Titles and names of groups of columns name fewer. A column is in use if two rows have a cell in it; where no column is, rows with any word count.
    """
    filled = [(number, {at: cell.strip() for at, cell in enumerate(cells) if cell.strip()}) for number, cells in rows]
    columns = Counter(at for _, cells in filled for at in cells)
    used = {at for at, count in columns.items() if count > 1} or set(columns)
    for number, cells in filled:
        named = [cell for at, cell in cells.items() if at in used]
        if named and len(named) >= _MOSTLY * len(used) and 2 * len(set(cells.values())) > len(cells) and not any(map(_is_number, named)):
            return number
    return next((number for number, cells in filled if cells), None)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace(",", "", 1).lstrip("+-").isdigit()


def _with_header(declared: Declaration, header: int | None, decisions: list[str]) -> tuple[Declaration, tuple[str, ...]]:
    if header is None or header == 1:
        return declared, tuple(decisions)
    return replace(declared, header=header), (*decisions, f"Its header is row {header}; what is above is passed over.")


def _sheets(plain: Declaration) -> Iterator[Inspected]:
    """Give each sheet that has a header and rows; the first bears the name of the file."""
    try:
        sheets = all_sheets(plain, plain.path.name)
    except RecordsError as error:
        raise TableUnusableError(plain.path, error.finding.text("en")) from None
    taken: set[str] = set()
    for sheet, whole in sheets.items():
        name = f"{plain.name}_{variable(sheet, 'sheet')}" if taken else plain.name
        decisions = [f"It is the sheet “{sheet}”."] if len(sheets) > 1 else []
        declared = replace(plain, name=name, sheet=sheet if len(sheets) > 1 else "")
        declared, said = _with_header(declared, _header(whole.rows[:_LOOKED_AT]), decisions)
        records, _ = with_header(replace(whole, name=name), declared, plain.path.name)
        if records is not None and any(cell.strip() for _, cells in records.rows for cell in cells):
            if name in taken:
                raise TableUnusableError(plain.path, f"the names of two sheets make one name, {name}; rename the sheet “{sheet}”")
            taken.add(name)
            yield Inspected(declared, records, said)


def _document(plain: Declaration) -> tuple[Declaration, tuple[str, ...]]:
    """Find the longest list of records of a JSON document."""
    try:
        document = json.loads(plain.path.read_bytes())
    except (ValueError, RecursionError):
        return plain, ()
    if isinstance(document, list):
        return plain, ()
    lists = {path: length for path, length in _lists(document, "", 3) if length}
    if not lists:
        return plain, ()
    path = max(lists, key=lambda each: lists[each])
    return replace(plain, records=path), (f"Its records are the list at “{path}”.",)


def _lists(document: object, before: str, depth: int) -> Iterator[tuple[str, int]]:
    if isinstance(document, dict) and depth:
        for key, value in document.items():
            if isinstance(value, list) and all(isinstance(member, dict) for member in value):
                yield f"{before}{key}", len(value)
            yield from _lists(value, f"{before}{key}.", depth - 1)
