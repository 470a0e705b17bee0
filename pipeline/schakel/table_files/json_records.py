"""Records of JSON: a list of objects, somewhere in a document or one a line.

An object inside a record becomes columns (`address.city` is the column `address_city`). A list becomes a table of its own, named by the table and the key:
a row for each member, with the key of the record that it belongs to, and its position where it is an object.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from schakel.findings import Place, finding, quoted
from schakel.table_files.declarations import Declaration
from schakel.table_files.records import Records, RecordsError
from schakel.table_files.texts import decoded

__all__ = ["json_records"]

_RECORD: Final = "record"
_POSITION: Final = "position"
_VALUE: Final = "value"
_ID: Final = "id"
# The name of a table is that of a file too.
_NOT_IN_NAMES: Final = r"\W+"


@dataclass
class _Drafted:
    """A table while it grows: its columns in the order in which they are met, its rows as cells by column."""

    columns: dict[str, None] = field(default_factory=dict)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def add(self, number: int, cells: dict[str, str]) -> None:
        self.columns |= dict.fromkeys(cells)
        self.rows.append((number, cells))

    def records(self, name: str) -> Records:
        return Records(name, tuple(self.columns), [(number, [cells.get(column, "") for column in self.columns]) for number, cells in self.rows])


def json_records(declared: Declaration, file: str) -> list[Records]:
    """Read the records of a file, and the tables of their lists. Rows have the numbers of records, the first being 1. Raises RecordsError."""
    text, problem = decoded(declared.path.read_bytes(), file, declared.encoding)
    if problem is not None:
        raise RecordsError(problem)
    found = _lines(text, file) if declared.path.suffix == ".jsonl" else _listed(_parsed(text, file), declared, file)
    own: _Drafted = _Drafted()
    lists: dict[str, _Drafted] = {}
    key_column = declared.key or next((old for old, new in declared.columns.items() if new == _ID), _ID)
    unnamed: list[Place] = []
    for number, record in found:
        if not isinstance(record, dict):
            raise RecordsError(finding("no-json-record", Place(file, number), found=json.dumps(record, ensure_ascii=False)[:60]))
        cells = dict(_flattened(record, ""))
        own.add(number, {name: value for name, value in cells.items() if isinstance(value, str)})
        key = cells.get(key_column)
        members = {name: value for name, value in cells.items() if not isinstance(value, str)}
        if members and not (isinstance(key, str) and key.strip()):
            unnamed.append(Place(file, number, key_column))
        for name, value in members.items():
            _add_members(
                lists.setdefault(f"{declared.name}_{re.sub(_NOT_IN_NAMES, '_', name)}", _Drafted()), number, key if isinstance(key, str) else "", value
            )
    findings = (finding("unnamed-record", *unnamed, key=key_column, lists=quoted(lists)),) if unnamed else ()
    return [replace(own.records(declared.name), findings=findings), *(lists[name].records(name) for name in sorted(lists))]


def _parsed(text: str, file: str) -> object:
    try:
        # Numbers keep their spelling.
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise RecordsError(finding("broken-json", Place(file, line), found=str(error))) from None


def _lines(text: str, file: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, _parsed(line, file)
            except RecordsError as error:
                raise RecordsError(finding("broken-json", Place(file, number), found=str(error.finding.message["en"]))) from None


def _listed(document: object, declared: Declaration, file: str) -> Iterator[tuple[int, object]]:
    """Find the list of records in a document."""
    for step in filter(None, declared.records.split(".")):
        document = document.get(step) if isinstance(document, dict) else None
    if not isinstance(document, list):
        lists = ", ".join(sorted(_paths_of_lists(document))) or "–"
        raise RecordsError(finding("no-json-records", Place(file), found=declared.records or "–", expected=lists))
    return enumerate(document, start=1)


def _paths_of_lists(document: object, before: str = "", depth: int = 3) -> Iterator[str]:
    if isinstance(document, dict) and depth:
        for key, value in document.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield f"{before}{key}"
            yield from _paths_of_lists(value, f"{before}{key}.", depth - 1)


def _flattened(record: Mapping[str, Any], before: str) -> Iterator[tuple[str, str | list[Any]]]:
    """Give the cells of a record by column, and the lists in it."""
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from _flattened(value, f"{name}_")
        elif isinstance(value, list):
            if value:
                yield name, value
        elif value is not None:
            yield name, _text(value)


def _add_members(table: _Drafted, number: int, record: str, members: Iterable[object]) -> None:
    for position, member in enumerate(members, start=1):
        cells = {_RECORD: record}
        if isinstance(member, dict):
            cells[_POSITION] = str(position)
            # A list within a list has no row of its own; its text is kept, so that nothing is lost.
            cells |= {name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in _flattened(member, "")}
        else:
            cells[_VALUE] = json.dumps(member, ensure_ascii=False) if isinstance(member, list) else _text(member)
        table.add(number, cells)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
