"""`data/tables.toml`: how to read the tables whose files do not say it themselves."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from schakel.errors import nearest
from schakel.findings import Finding, Place, finding

__all__ = ["DECLARATIONS", "TABLE_SUFFIXES", "Declaration", "decimal_point", "read_declarations"]

DECLARATIONS: Final = "tables.toml"
TABLE_SUFFIXES: Final = (".csv", ".tsv", ".xlsx", ".ods", ".json", ".jsonl", ".parquet")

_WITH_LISTS: Final = frozenset({".json", ".jsonl"})
_DECIMAL_COMMA: Final = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")


@dataclass(frozen=True)
class Declaration:
    """How a table is read.

    `header` is the row of the header as a spreadsheet counts, None for the first row with a word in it. `columns` renames columns, `ignored` are left out,
    `decimal_commas` hold numbers such as `1.234,5`; all three name a column as the file does, or by the letter of a spreadsheet. `records` is the path of
    the list of records in JSON, its steps separated by dots; `key` is the column of theirs that names the record in the rows of its lists, and `lists` says how
    the tables of those are read, by their names.
    """

    name: str
    path: Path
    sheet: str = ""
    header: int | None = None
    encoding: str = ""
    delimiter: str = ""
    records: str = ""
    key: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    decimal_commas: tuple[str, ...] = ()
    lists: Mapping[str, "Declaration"] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Tell whether the file is CSV as RFC 4180 has it, in UTF-8, its header in the first row."""
        declared = (self.encoding, self.delimiter, self.header, self.columns, self.ignored, self.decimal_commas)
        return self.path.suffix == ".csv" and not any(declared)

    def named(self) -> frozenset[str]:
        """Give all columns that the declaration names, as the file names them."""
        return frozenset((*self.columns, *self.ignored, *self.decimal_commas, *filter(None, (self.key,))))


def decimal_point(text: str) -> str | None:
    """Write a number that has a decimal comma, and dots between thousands, with a decimal point; None for any other text.

    >>> decimal_point("1.234,50")
    '1234.50'
    >>> decimal_point("1,234.50")
    """
    match = _DECIMAL_COMMA.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    return sign + whole.replace(".", "") + (f".{fraction}" if fraction else "")


def read_declarations(folder: Path, root: Path) -> tuple[list[Declaration], list[Finding]]:
    """Give every table of a folder, in the order of names, with what is wrong with `tables.toml`.

    A file of the folder that no section of `tables.toml` names is a table by its own name. Of what is wrong in a section the rest is read all the same.
    """
    file = (folder / DECLARATIONS).relative_to(root).as_posix()
    sections, findings = _sections(folder / DECLARATIONS, file)
    declared: dict[str, Declaration] = {}
    lists: dict[str, dict[str, Declaration]] = {}
    taken: set[Path] = set()
    for name, section in sections.items():
        values, problems = _values(name, section, file)
        findings += problems
        if "file" not in values and (of := _of_list(folder, name, sections)):
            lists.setdefault(of, {})[name] = Declaration(name, folder / name, **values)
            continue
        path = folder / values.pop("file", _file_of(folder, name))
        if path.parent != folder or not path.is_file() or path.suffix not in TABLE_SUFFIXES:
            findings.append(finding("declared-file-missing", Place(file, 0, name), table=name, found=path.name, expected=", ".join(TABLE_SUFFIXES)))
            continue
        taken.add(path)
        declared[name] = Declaration(name, path, **values)
    for path in sorted(folder.iterdir()):
        if path.suffix not in TABLE_SUFFIXES or path in taken or path.name.endswith(".lock.csv"):
            continue
        if path.stem in declared:
            both = f"{declared[path.stem].path.name}, {path.name}"
            findings.append(finding("table-twice", Place(path.relative_to(root).as_posix()), table=path.stem, found=both))
        elif path.name.isprintable() and not path.name.startswith((".", "~")):
            declared[path.stem] = Declaration(path.stem, path)
    return [replace(declared[name], lists=lists.get(name, {})) for name in sorted(declared)], findings


def _sections(path: Path, file: str) -> tuple[Mapping[str, Any], list[Finding]]:
    if not path.is_file():
        return {}, []
    try:
        return tomllib.loads(path.read_text("utf-8-sig")), []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [finding("unreadable-declarations", Place(file), found=str(error))]


def _file_of(folder: Path, name: str) -> str:
    return next((f"{name}{suffix}" for suffix in TABLE_SUFFIXES if (folder / f"{name}{suffix}").is_file()), f"{name}.csv")


def _of_list(folder: Path, name: str, sections: Mapping[str, Any]) -> str:
    """Name the table of JSON whose lists include the one that a section without a file is about; an empty text where there is none."""
    if (folder / _file_of(folder, name)).is_file():
        return ""
    files = {path.stem: path.name for path in folder.iterdir() if path.suffix in _WITH_LISTS}
    files |= {table: section["file"] for table, section in sections.items() if isinstance(section, dict) and isinstance(section.get("file"), str)}
    of = [table for table, file in files.items() if name.startswith(f"{table}_") and Path(file).suffix in _WITH_LISTS]
    return max(of, key=len, default="")


def _values(name: str, section: object, file: str) -> tuple[dict[str, Any], list[Finding]]:
    """Read the keys of a section; give those that are right, and what is wrong with the others."""
    if not isinstance(section, dict):
        return {}, [finding("unknown-declaration", Place(file, 0, name), found=name, expected=f"[{name}]")]
    values: dict[str, Any] = {}
    findings = []
    for key, value in section.items():
        if key not in _KEYS:
            near = nearest(key, list(_KEYS)) or ", ".join(_KEYS)
            findings.append(finding("unknown-declaration", Place(file, 0, f"{name}.{key}"), found=key, expected=near))
            continue
        target, is_right, expected = _KEYS[key]
        if is_right(value):
            values[target] = tuple(value) if isinstance(value, list) else value
        else:
            findings.append(finding("bad-declaration", Place(file, 0, f"{name}.{key}"), found=f"{key} = {value!r}", expected=expected))
    return values, findings


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_file_name(value: object) -> bool:
    return isinstance(value, str) and Path(value).name == value


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_sign(value: object) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in '"\r\n'


def _is_encoding(value: object) -> bool:
    try:
        return isinstance(value, str) and isinstance("".encode(value), bytes)
    except LookupError:
        return False


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_KEYS: Final[Mapping[str, tuple[str, Callable[[object], bool], str]]] = {
    "file": ("file", _is_file_name, '"register.xlsx"'),
    "sheet": ("sheet", _is_text, '"Sheet1"'),
    "header": ("header", _is_row, "3"),
    "encoding": ("encoding", _is_encoding, '"windows-1252"'),
    "delimiter": ("delimiter", _is_sign, '";"'),
    "records": ("records", _is_text, '"result.items"'),
    "key": ("key", _is_text, '"code"'),
    "columns": ("columns", _are_names, '{ "Name of office" = "name" }'),
    "ignore": ("ignored", _are_texts, '["Notes"]'),
    "decimal-comma": ("decimal_commas", _are_texts, '["Beds"]'),
}
