"""What each column of a table holds: its name for mappings, its meaning, its datatype, and why."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schakel.engine.slugs import slug
from schakel.findings import is_language_tag
from schakel.scaffold.headers import is_exact, meaning, variable
from schakel.scaffold.inspection import Inspected
from schakel.table_files import column_letter, decimal_point
from schakel.tables import is_id

__all__ = ["Column", "Drafted", "draft_table"]

_LANGUAGES: Final = frozenset({"lang", "language", "taal", "spraak", "sprache", "langue"})
_FEW: Final = 12
_ENOUGH: Final = 30
_DATATYPES: Final = (
    ("integer", re.compile(r"[+-]?(0|[1-9]\d{0,14})")),
    ("decimal", re.compile(r"[+-]?\d+\.\d+|[+-]?(0|[1-9]\d*)")),
    ("date", re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")),
    ("boolean", re.compile(r"true|false")),
    ("anyURI", re.compile(r"https?://[^\s<>\"{}|\\^`]+")),
)
_NUMBER_MEANINGS: Final = frozenset({"latitude", "longitude"})
_TEXT_MEANINGS: Final = frozenset({"key", "name", "abbreviation", "description", "street", "postcode", "place", "country", "email", "telephone"})


@dataclass(frozen=True)
class Column:
    """A column: its header, its name for mappings, its meaning and datatype (a local name of XSD; an empty text where there is none).

    `refers_to` names the table whose keys its cells are; `values` are all that it has where they are few; `has_decimal_commas` as in tables.toml; `is_language`
    if its cells are language tags.
    """

    header: str
    name: str
    meaning: str = ""
    datatype: str = ""
    refers_to: str = ""
    values: tuple[str, ...] = ()
    is_filled: bool = False
    has_decimal_commas: bool = False
    is_language: bool = False


@dataclass(frozen=True)
class Drafted:
    """A table with its columns. `key` names the column that rows are named by, an empty text where all cells together do.

    `is_slugged` as slug() does; `keys` are the cells of the key.
    """

    inspected: Inspected
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    key: str
    is_slugged: bool
    keys: frozenset[str]

    @property
    def name(self) -> str:
        """The name of the table, which mappings and addresses have too."""
        return self.inspected.records.name

    def with_meaning(self, wanted: str) -> Column | None:
        """Find the first column of a meaning."""
        return next((column for column in self.columns if column.meaning == wanted), None)


def draft_table(inspected: Inspected, keys: Mapping[str, Collection[str]]) -> Drafted:
    """Decide about each column. `keys` are those of the tables before, by their names; a column whose cells are all among them refers to that table."""
    records = inspected.records
    rows = [row for _, row in records.rows if len(row) == len(records.header) and any(map(str.strip, row))]
    cells = [[row[at].strip() for row in rows] for at in range(len(records.header))]
    taken: set[str] = set()
    columns: list[Column] = []
    ignored: list[str] = []
    for at, header in enumerate(records.header):
        letter = column_letter(at)
        if not header and not any(cells[at]):
            ignored.append(letter)
            continue
        name = base = variable(header, letter)
        count = 2
        while name in taken or (name == "id" and not all(map(is_id, cells[at]))):
            name = "identifier" if base == "id" and "identifier" not in taken else f"{base}_{count}"
            count += 1
        taken.add(name)
        unique_header = header if header and list(records.header).count(header) == 1 else letter
        columns.append(_column(unique_header, name, cells[at], keys))
    exact = {column.meaning for column in columns if is_exact(column.name)}
    columns = [replace(each, meaning="") if each.meaning in exact and not is_exact(each.name) else each for each in columns]
    by_name = dict(zip([column.name for column in columns], [cells[at] for at in range(len(cells)) if column_letter(at) not in ignored], strict=True))
    key, slugged = _key(columns, by_name)
    if key:
        own = frozenset(by_name[key])
        columns = [replace(each, refers_to=records.name) if _refers_to_own(each, by_name[each.name], key, own) else each for each in columns]
    return Drafted(inspected, tuple(columns), tuple(ignored), key, slugged, frozenset(by_name[key]) if key else frozenset())


def _refers_to_own(column: Column, cells: Sequence[str], key: str, keys: Collection[str]) -> bool:
    """Tell whether a column says which other row of the table a row belongs to."""
    filled = [cell for cell in cells if cell]
    return column.name != key and column.meaning == "parent" and bool(filled) and all(cell in keys for cell in filled)


def _column(header: str, name: str, cells: Sequence[str], keys: Mapping[str, Collection[str]]) -> Column:
    filled = [cell for cell in cells if cell]
    means = meaning(name)
    commas = False
    datatype = ""
    if filled and means not in _TEXT_MEANINGS:
        datatype = next((found for found, pattern in _DATATYPES if all(map(pattern.fullmatch, filled))), "")
        if not datatype and all(map(decimal_point, filled)):
            datatype, commas = "decimal", True
    if means in _NUMBER_MEANINGS and datatype not in {"integer", "decimal"}:
        means = ""
    refers_to = (
        next((table for table, known in keys.items() if filled and len(set(filled)) > 1 and all(cell in known for cell in filled)), "")
        if datatype != "integer"
        else ""
    )
    distinct = sorted(set(filled))
    values = tuple(distinct) if not datatype and not means and len(filled) >= _ENOUGH and len(distinct) <= _FEW else ()
    return Column(
        header,
        name,
        means,
        datatype,
        refers_to,
        values,
        bool(filled) and len(filled) == len(cells),
        commas,
        name in _LANGUAGES and all(map(is_language_tag, cells)),
    )


def _key(columns: Sequence[Column], cells: Mapping[str, Sequence[str]]) -> tuple[str, bool]:
    """Choose the column that names rows: filled and different in each; the one that says so first, then a name, then any. Tell whether it is to be slugged."""

    def rank(column: Column) -> int:
        return 0 if column.name == "id" else 1 if column.meaning == "key" else 2 if column.meaning == "name" else 3

    for column in sorted(columns, key=rank):
        values = cells[column.name]
        if not values or not all(values) or column.datatype in {"decimal", "boolean"}:
            continue
        if len(set(values)) == len(values) and all(map(is_id, values)):
            return column.name, False
        slugs = list(map(slug, values))
        if all(slugs) and len(set(slugs)) == len(slugs):
            return column.name, True
    return "", False
