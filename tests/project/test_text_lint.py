"""Faults in the texts of tables: what is found, what `schakel check --fix` mends, and what it leaves alone."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from schakel.cli import main
from schakel.project.text_lint import faults_of_table, mends
from schakel.table_files.text_faults import has_faults, mended
from schakel.tables import read_tables

MakeProject = Callable[..., Any]


def faults(folder: Path, table: str) -> list[tuple[str, str]]:
    (folder / "towers.csv").write_text(table, "utf-8")
    tables, _ = read_tables(folder, folder)
    return [(item.kind, item.text("en")) for each in tables for item in faults_of_table(each)]


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("Co\u00c3\u00b6peratie", "misread-encoding", "“Coöperatie”"),
        ("Caf\u00e2\u20ac\u2122s", "misread-encoding", "“Caf’s”"),
        ("Twen\xadte", "invisible-character", "U+00AD SOFT HYPHEN"),
        ("a\x0bb", "invisible-character", "U+000B LINE TABULATION"),
        ("it\x92s", "invisible-character", "“it’s”"),
        ("a\ufeffb", "invisible-character", "ZERO WIDTH NO-BREAK SPACE"),
        ("a\ufffeb", "invisible-character", "U+FFFE NONCHARACTER"),
        ("Cafe\u0301", "separate-accents", "“Café”"),
        ("Caf\ufffd", "lost-character", "U+FFFD"),
        ("#N/A", "spreadsheet-error", "#N/A"),
        ("“Harbour Trust”", "quoted-cell", "“Harbour Trust”"),
    ],
)
def test_a_faulty_cell_is_a_finding(tmp_path: Path, cell: str, kind: str, expected: str) -> None:
    ((found, text),) = faults(tmp_path, f"id,label\na,{cell}\nb,Beta\n")
    assert found == kind
    assert expected in text


@pytest.mark.parametrize("cell", ["AMANHÃ”", "Æ’s", "5 Å²", "می\u200cخواهم", "ไทย\u200bไทย", "1-1-2009", "1.23E+17", "#1", "“a” and “b”", "é"])
def test_what_may_be_right_is_no_fault(tmp_path: Path, cell: str) -> None:
    assert faults(tmp_path, f"id,label\na,{cell}\nb,Beta\n") == []


def test_cells_are_judged_by_the_others_of_their_column(tmp_path: Path) -> None:
    found = faults(tmp_path, "id,code,since\na,123456789012345678,2009-01-01\nb,1.23E+17,31.12.2010\n")
    assert [kind for kind, _ in found] == ["shortened-number", "unlike-dates"]
    assert "2010-12-31" in found[1][1]


def test_passages_are_left_as_their_pages_have_them(tmp_path: Path) -> None:
    table = "id,label,passage\na,Twen\xadte,Twen\xadte\n"
    assert len(faults(tmp_path, table)) == 1
    (mend,) = mends(tmp_path, tmp_path)
    assert mend.after == "id,label,passage\na,Twente,Twen\xadte\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_only_faulty_characters_change_in_a_file(tmp_path: Path, encoding: str) -> None:
    text = 'id,"label"\r\n\r\na,"Co\u00c3\u00b6peratie ""x""\r\nTwen\xadte"\r\nb,  Beta "x" '
    (tmp_path / "towers.csv").write_bytes(text.encode(encoding))
    (mend,) = mends(tmp_path, tmp_path)
    mend.write()
    assert (tmp_path / "towers.csv").read_bytes() == text.replace("\u00c3\u00b6", "ö").replace("\xad", "").encode(encoding)
    assert list(mends(tmp_path, tmp_path)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["towers.csv"]


def test_a_file_in_an_encoding_without_the_letter_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "towers.csv").write_bytes("id;label\na;Co\u00c3\u00b6p\n".encode("cp1252"))
    (tmp_path / "tables.toml").write_text('[towers]\nencoding = "ascii"\ndelimiter = ";"\n')
    assert list(mends(tmp_path, tmp_path)) == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_mended_text_needs_no_more_mends(text: str) -> None:
    once = mended(text)
    assert unicodedata.is_normalized("NFC", once)
    if not has_faults(text):
        assert once == text


def test_check_shows_the_difference_and_mends(make_project: MakeProject) -> None:
    settings = make_project({"data/towers.csv": "id,label\nnorth,Nor\xadth\n"})
    result = CliRunner().invoke(main, ["--project", str(settings.root), "check", "--fix"])
    assert "-north,Nor\\xadth\n+north,North\n" in result.stderr
    assert (settings.data / "towers.csv").read_text("utf-8") == "id,label\nnorth,North\n"
