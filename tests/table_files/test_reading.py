"""Tables of any kind of file: what is read, how `tables.toml` says so, and what is wrong."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.table_files import decimal_point
from schakel.tables import Table, read_tables

Sheets: TypeAlias = Mapping[str, Sequence[Sequence[object]]]
WriteWorkbook: TypeAlias = Callable[[Path, Sheets], Path]

REGISTER = "Overzicht;;\nNaam;Bedden;Kosten\nNoord;120;1.234,50\nZuid;;900\n"


def read(folder: Path, declared: str = "") -> tuple[dict[str, Table], list[tuple[str, str]]]:
    """Read the tables of a folder; give them by name, and findings by kind and place."""
    if declared:
        (folder / "tables.toml").write_text(declared, "utf-8")
    tables, findings = read_tables(folder, folder)
    return {table.name: table for table in tables}, [(item.kind, str(item.places[0])) for item in findings]


def cells(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding_by_itself(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "towers.csv").write_bytes("id,label\na,Ærø\n".encode(encoding))
    tables, findings = read(tmp_path)
    assert not findings
    assert cells(tables["towers"]) == [(2, ("a", "Ærø"))]


def test_a_table_is_read_as_it_is_declared(tmp_path: Path) -> None:
    (tmp_path / "Register 2024.csv").write_bytes(REGISTER.replace("Noord", "Één").encode("cp1252"))
    declared = """
    [hospitals]
    file = "Register 2024.csv"
    header = 2
    encoding = "windows-1252"
    delimiter = ";"
    decimal-comma = ["Kosten"]
    ignore = ["Bedden"]
    columns = { Naam = "name", Kosten = "costs" }
    """
    tables, findings = read(tmp_path, declared)
    assert not findings
    assert list(tables) == ["hospitals"]
    assert tables["hospitals"].columns == ("name", "costs")
    assert cells(tables["hospitals"]) == [(3, ("Één", "1234.50")), (4, ("Zuid", "900"))]


def test_all_that_is_wrong_with_declarations_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "towers.csv").write_text("id,label,height\na,x,12.5\n", "utf-8")
    declared = """
    [towers]
    delimeter = ";"
    header = "one"
    ignore = ["heigth"]
    decimal-comma = ["height"]
    [keepers]
    file = "keepers.xlsx"
    """
    tables, findings = read(tmp_path, declared)
    assert findings == [
        ("unknown-declaration", "tables.toml, column towers.delimeter"),
        ("bad-declaration", "tables.toml, column towers.header"),
        ("declared-file-missing", "tables.toml, column keepers"),
        ("declared-column-missing", "towers.csv, column heigth"),
        ("no-decimal-comma", "towers.csv, row 2, column height"),
    ]
    assert list(tables) == ["towers"]


@pytest.mark.parametrize("text", ["[towers\n", "[towers]\nheader = \n", "\xff"])
def test_declarations_that_are_no_toml_are_a_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "tables.toml").write_bytes(text.encode("latin-1"))
    assert read(tmp_path)[1] == [("unreadable-declarations", "tables.toml")]


def test_two_files_cannot_be_one_table(tmp_path: Path) -> None:
    (tmp_path / "towers.csv").write_text("id\na\n")
    (tmp_path / "towers.tsv").write_text("id\nb\n")
    tables, findings = read(tmp_path)
    assert findings == [("table-twice", "towers.tsv")]
    assert cells(tables["towers"]) == [(2, ("a",))]


def test_a_sheet_has_the_rows_and_values_that_a_spreadsheet_shows(tmp_path: Path, write_workbook: WriteWorkbook) -> None:
    rows = [["Towers of the coast", None, None, None], [None] * 4, ["id", "height", "lit", None], ["a", 12.5, True, None], [], ["b", 3, False, None]]
    write_workbook(tmp_path / "towers.xlsx", {"Notes": [["nothing"]], "List": rows})
    tables, findings = read(tmp_path, '[towers]\nsheet = "List"\nheader = 3\n')
    assert not findings
    assert tables["towers"].columns == ("id", "height", "lit")
    assert cells(tables["towers"]) == [(4, ("a", "12.5", "true")), (6, ("b", "3", "false"))]


def test_a_sheet_that_is_not_there_and_a_file_that_is_no_workbook_are_findings(tmp_path: Path, write_workbook: WriteWorkbook) -> None:
    write_workbook(tmp_path / "towers.xlsx", {"List": [["id"], ["a"]]})
    (tmp_path / "keepers.xlsx").write_bytes(b"PK no workbook")
    tables, findings = read(tmp_path, '[towers]\nsheet = "Lsit"\n')
    assert findings == [("unreadable-file", "keepers.xlsx"), ("sheet-missing", "towers.xlsx")]
    assert not tables


RECORDS: list[dict[str, Any]] = [
    {"id": "a", "name": {"en": "Alpha"}, "height": 12.50, "kinds": ["tower", "light"], "links": [{"kind": "web", "at": "https://a.example/"}]},
    {"id": "b", "name": {"en": "Beta"}, "height": None, "kinds": []},
]


@pytest.mark.parametrize("form", ["list", "inside", "lines"])
def test_records_of_json_become_rows_and_their_lists_tables(tmp_path: Path, form: str) -> None:
    name = "towers.jsonl" if form == "lines" else "towers.json"
    texts = {"list": json.dumps(RECORDS), "inside": json.dumps({"result": {"items": RECORDS}}), "lines": "\n".join(map(json.dumps, RECORDS))}
    (tmp_path / name).write_text(texts[form].replace("12.5", "12.50"), "utf-8")
    tables, findings = read(tmp_path, '[towers]\nrecords = "result.items"\n' if form == "inside" else "")
    assert not findings
    assert tables["towers"].columns == ("id", "name_en", "height")
    assert cells(tables["towers"]) == [(1, ("a", "Alpha", "12.50")), (2, ("b", "Beta", ""))]
    assert cells(tables["towers_kinds"]) == [(1, ("a", "tower")), (1, ("a", "light"))]
    assert tables["towers_links"].columns == ("record", "position", "kind", "at")


@pytest.mark.parametrize(
    ("text", "kind"),
    [('{"items": [{"id": "a"}]}', "no-json-records"), ('[{"id": ', "broken-json"), ('["a"]', "no-json-record"), ("[" * 100_000, "broken-json")],
)
def test_json_that_holds_no_records_is_a_finding(tmp_path: Path, text: str, kind: str) -> None:
    (tmp_path / "towers.json").write_text(text, "utf-8")
    tables, findings = read(tmp_path)
    assert not tables
    assert [found for found, _ in findings] == [kind]


def test_rows_of_lists_repeat_the_key_that_is_declared(tmp_path: Path) -> None:
    records = [{"number": 7, "name": "Alpha", "kinds": ["tower"]}, {"number": 8, "name": "Beta", "kinds": ["light"]}]
    (tmp_path / "towers.json").write_text(json.dumps(records), "utf-8")
    tables, findings = read(tmp_path, '[towers]\nkey = "name"\n')
    assert not findings
    assert cells(tables["towers_kinds"]) == [(1, ("Alpha", "tower")), (2, ("Beta", "light"))]


def test_records_with_lists_that_nothing_names_are_a_finding(tmp_path: Path) -> None:
    records = [{"id": "a", "kinds": ["tower"]}, {"name": "Beta", "kinds": ["light"]}, {"name": "Gamma"}]
    (tmp_path / "towers.json").write_text(json.dumps(records), "utf-8")
    _, findings = read(tmp_path)
    assert findings[0] == ("unnamed-record", "towers.json, row 2, column id")
    assert "declared-column-missing" in dict(read(tmp_path, '[towers]\nkey = "code"\n')[1])


def test_columns_of_a_list_are_declared_in_a_section_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "towers.json").write_text(json.dumps([{"id": "a", "light sources": [{"id": "x y", "Watt": "1.000,5"}]}]), "utf-8")
    declared = '[towers_light_sources]\ndecimal-comma = ["Watt"]\n[towers_light_sources.columns]\nid = "lamp"\nWatt = "watt"\n'
    tables, findings = read(tmp_path, declared)
    assert not findings
    assert tables["towers_light_sources"].columns == ("record", "position", "lamp", "watt")
    assert cells(tables["towers_light_sources"]) == [(1, ("a", "1", "x y", "1000.5"))]
    assert read(tmp_path, "[towers_lamps]\n")[1] == [("declared-list-missing", "towers.json"), ("bad-id", "towers.json, row 1, column id")]


def test_rows_of_parquet_are_read_as_text(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.sql("SELECT 'a' AS id, 12.50::DECIMAL(6, 2) AS height, DATE '2009-01-01' AS since, NULL AS note").write_parquet(
            str(tmp_path / "towers.parquet")
        )
    tables, findings = read(tmp_path)
    assert not findings
    assert cells(tables["towers"]) == [(1, ("a", "12.50", "2009-01-01", ""))]


@given(st.integers(0, 10**12), st.integers(0, 99), st.booleans())
def test_a_number_with_a_decimal_comma_keeps_its_value(whole: int, hundredths: int, grouped: bool) -> None:  # noqa: FBT001  # as hypothesis gives it
    written = f"{whole:,}".replace(",", "." if grouped else "") + f",{hundredths:02}"
    assert decimal_point(written) == f"{whole}.{hundredths:02}"
