"""Tables as editors save them: what is accepted, what is told, and where."""

import csv
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.findings import Finding
from schakel.table_files import Declaration
from schakel.tables import Table, read_table, read_tables

Files: TypeAlias = Mapping[str, str | bytes]
Tell: TypeAlias = Callable[[Files], dict[tuple[str, str], str]]
State: TypeAlias = Callable[[Files], frozenset[str]]

TOWERS = "data/towers.csv"


def parse_table(name: str, content: bytes, file: str) -> tuple[Table | None, list[Finding]]:
    """Read a CSV file of this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_bytes(content)
        tables, findings = read_table(Declaration(name, path), file)
    return (tables[0] if tables else None), findings


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "id,label,source\na,Phare,page\nb,Å,page\n".encode("latin-1"),
            {("not-utf8", f"{TOWERS}, row 3"): ("0xC5", "b,Å,page", "CSV UTF-8")},
            id="Latin-1",
        ),
        pytest.param(
            'id,label,source\na,"two\nlines",page\nb,Å,page\n'.encode("latin-1"),
            {("not-utf8", f"{TOWERS}, row 3"): ("0xC5",)},
            id="Latin-1 after a cell of two lines",
        ),
        pytest.param(
            "id,label,source\ra,Phare,page\rb,Å,page\r".encode("latin-1"),
            {("not-utf8", f"{TOWERS}, row 3"): ("0xC5",)},
            id="Latin-1 with the line ends of an old Mac",
        ),
        pytest.param("id,label,source\na,x,page\n".encode("utf-16-le"), {("nul-byte", f"{TOWERS}, row 1"): ("NUL",)}, id="UTF-16 without a mark"),
        pytest.param("id,label,source\na,x,page\nb,\0,page\n", {("nul-byte", f"{TOWERS}, row 3"): ("NUL", "CSV UTF-8")}, id="NUL"),
        pytest.param('id,label,source\na,"two\nlines",page\nb,\0,page\n', {("nul-byte", f"{TOWERS}, row 3"): ("NUL",)}, id="NUL after a cell of two lines"),
        pytest.param(
            'id,label,source\na,"' + "x" * 200_000 + "Å,page\n", {("broken-quoting", f"{TOWERS}, row 2"): ("opened",)}, id="open quote before a long text"
        ),
        pytest.param(
            ('id,label,source\na,"' + "x" * 200_000 + "Å,page\n").encode("latin-1"),
            {("not-utf8", f"{TOWERS}, row 2"): ("0xC5",)},
            id="Latin-1 after an open quote and a long text",
        ),
        pytest.param("id;label;source\na;x;page\n", {("not-comma-separated", f"{TOWERS}, row 1"): ("id;label;source", "comma")}, id="semicolons"),
        pytest.param("id\tlabel\tsource\na\tx\tpage\n", {("not-comma-separated", f"{TOWERS}, row 1"): ("comma",)}, id="tabs"),
        pytest.param(
            'id,label,source\na,x,page\nb,"x,page\nc,x,page\n', {("broken-quoting", f"{TOWERS}, row 3"): ("opened and not closed", "double")}, id="open quote"
        ),
        pytest.param('id,label,source\na,x,page\nb,"x"y,page\n', {("broken-quoting", f"{TOWERS}, row 3"): ("middle of a cell",)}, id="quote in a cell"),
        pytest.param("", {("empty-file", TOWERS): ("empty", "first row")}, id="empty file"),
        pytest.param(b"\xef\xbb\xbf", {("empty-file", TOWERS): ("empty",)}, id="nothing but a byte order mark"),
        pytest.param("\n , \n", {("empty-file", TOWERS): ("empty",)}, id="nothing but blank rows"),
        pytest.param("id,label,source\n", {("no-rows", TOWERS): ("no rows", "Add rows")}, id="header only"),
        pytest.param("id,label,source\n,,\n \n", {("no-rows", TOWERS): ("no rows",)}, id="header and blank rows"),
        pytest.param(
            "id,label,source\na,x\nb,x,page,more\n",
            {("ragged-row", f"{TOWERS}, row 2"): ("2 cells", "header 3", "comma"), ("ragged-row", f"{TOWERS}, row 3"): ("4 cells", "header 3")},
            id="ragged rows",
        ),
        pytest.param(
            "id,the label,,source,2nd,id\na,x,y,page,z,b\n",
            {
                ("bad-column-name", f"{TOWERS}, row 1, column the label"): ("Column 2", "“the label”", "letters"),
                ("bad-column-name", f"{TOWERS}, row 1"): ("Column 3", "“”"),
                ("bad-column-name", f"{TOWERS}, row 1, column 2nd"): ("Column 5", "“2nd”"),
                ("duplicate-column", f"{TOWERS}, row 1, column id"): ("named id", "a name of its own"),
            },
            id="column names",
        ),
        pytest.param(
            "id,label,source\na,x,page\n,y,page\n",
            {("missing-id", f"{TOWERS}, row 3, column id"): ("no id", "“ferry-company”")},
            id="missing id",
        ),
        pytest.param("id,label,source\na/b,x,page\n", {("bad-id", f"{TOWERS}, row 2, column id"): ("“a/b”", "slashes")}, id="id with a slash"),
        pytest.param("id,label,source\n..,x,page\n", {("bad-id", f"{TOWERS}, row 2, column id"): ("“..”",)}, id="id that climbs a folder"),
        pytest.param("id,label,source\na#b,x,page\n", {("bad-id", f"{TOWERS}, row 2, column id"): ("“a#b”",)}, id="id with a fragment"),
        pytest.param(
            "id,label,source\na,x,page\nb,x,page\na,y,page\na,z,page\n",
            {("mentions-disagree", f"{TOWERS}, row 4, column label"): ("tower/a", "row 2", "columns label", "ids of their own")},
            id="an id of different things",
        ),
        pytest.param("id,label\na,x\n", {("missing-column", f"{TOWERS}, row 1"): ("“source”", TOWERS)}, id="no column source"),
    ],
)
def test_a_bad_table_is_told_with_its_place_what_was_found_and_a_mend(
    told: Tell, content: str | bytes, expected: dict[tuple[str, str], tuple[str, ...]]
) -> None:
    found = told({TOWERS: content})
    # Of an id that is none no address can be formed, and without one nothing is stated: that is told too, and is no fault of the table.
    found = {place: text for place, text in found.items() if place[0] not in {"unformed-term", "row-states-nothing"}}
    assert set(found) == set(expected)
    for place, words in expected.items():
        for word in words:
            assert word in found[place]


def test_a_cell_may_be_of_any_length(told: Tell) -> None:
    assert told({TOWERS: f"id,label,source\na,{'x' * 200_000},page\n"}) == {}


def test_a_row_that_stands_twice_is_told_where_rows_have_no_id(told: Tell) -> None:
    towers = "label,source\nBrandaris,page\nVuurduin,page\nBrandaris,page\n"
    mapping = 'PREFIX org: <http://www.w3.org/ns/org#> CONSTRUCT { ?t a org:Site } WHERE { BIND(IRI(CONCAT("tower/", ?label)) AS ?t) }'
    found = told({TOWERS: towers, "data/towers.rq": mapping})
    assert set(found) == {("duplicate-row", f"{TOWERS}, row 4")}
    assert "row 2" in found["duplicate-row", f"{TOWERS}, row 4"]


def test_problems_of_several_files_are_told_together(told: Tell) -> None:
    mapping = 'PREFIX org: <http://www.w3.org/ns/org#> CONSTRUCT { ?t a org:Site } WHERE { BIND(IRI(CONCAT("x/", ?id)) AS ?t) }'
    bad = {
        "latin": b"id,source\n\xe9,page\n",
        "semicolons": b"id;source\n",
        "twice": b"id,source\na,page\na,page\n",
        "open": b'id,source\na,"page\n',
        "ragged": b"id,source\na\n",
        "strange": b"id,source\na,pagina\n",
        "void": b"",
    }
    files = {f"data/{name}.csv": content for name, content in bad.items()} | {f"data/{name}.rq": mapping for name in bad}
    found = told({**files, "data/extra.ttl": "<a> <b>", "data/sources.rq": "SELECT * {}", "ontology/terms.ttl": "@", "shapes/tower.ttl": "@"})
    assert {(kind, place.split(",")[0]) for kind, place in found} == {
        ("not-utf8", "data/latin.csv"),
        ("not-comma-separated", "data/semicolons.csv"),
        ("duplicate-row", "data/twice.csv"),
        ("broken-quoting", "data/open.csv"),
        ("ragged-row", "data/ragged.csv"),
        ("unknown-source", "data/strange.csv"),
        ("empty-file", "data/void.csv"),
        ("rdf-syntax", "data/extra.ttl"),
        ("not-a-construct", "data/sources.rq"),
        ("rdf-syntax", "ontology/terms.ttl"),
        ("rdf-syntax", "shapes/tower.ttl"),
    }


def test_a_table_that_cannot_be_read_hides_no_finding_and_makes_none_elsewhere(told: Tell) -> None:
    keepers = "id,tower,source\njan,vuurduin,page\npiet,brandaris,pagina\n"
    mapping = """PREFIX org: <http://www.w3.org/ns/org#>
    CONSTRUCT { ?keeper a org:Post ; org:postIn ?in } WHERE { BIND(IRI(CONCAT("keeper/", ?id)) AS ?keeper) BIND(IRI(CONCAT("tower/", ?tower)) AS ?in) }"""
    found = told({TOWERS: "id;label;source\nvuurduin;Vuurduin;page\n", "data/keepers.csv": keepers, "data/keepers.rq": mapping})
    assert set(found) == {("not-comma-separated", f"{TOWERS}, row 1"), ("unknown-source", "data/keepers.csv, row 3, column source")}


ROWS = 'id,label,source\nbrandaris,"Brandaris,\nwest",page\nvuurduin,Vuurduin,page\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + ROWS.encode(), id="byte order mark"),
        pytest.param(ROWS.encode("utf-16"), id="UTF-16, as its byte order mark says"),
        pytest.param(ROWS.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + ROWS.replace("\n", "\r\n").encode(), id="both"),
        pytest.param(ROWS.removesuffix("\n").encode(), id="no line end at the end"),
        pytest.param(ROWS.replace("vuurduin,Vuurduin", "\n,,\n  , \n vuurduin ,\tVuurduin\u00a0").encode() + b"\n\n,,\n", id="blank rows and white space"),
        pytest.param(b"\n,,\n" + ROWS.encode(), id="blank rows before the header"),
        pytest.param(ROWS.replace("id,label", '"id"," label "').encode(), id="quoted header"),
    ],
)
def test_what_programs_add_to_a_table_changes_no_statement(stated: State, content: bytes) -> None:
    assert stated({TOWERS: content}) == stated({TOWERS: ROWS})


def test_rows_are_numbered_as_a_spreadsheet_shows_them(told: Tell) -> None:
    towers = 'id,label,source\na,"of\nthree\r\nlines",page\n\n,,\nb,"of ""two""\nlines",page\nc,x\nd/,x,page\n'
    assert {("ragged-row", f"{TOWERS}, row 6"), ("bad-id", f"{TOWERS}, row 7, column id")} <= set(told({TOWERS: towers}))


def test_rows_are_numbered_from_the_first_of_the_file_when_blank_ones_come_before_the_header(told: Tell) -> None:
    assert ("ragged-row", f"{TOWERS}, row 4") in told({TOWERS: "\n\nid,label,source\na,x\n"})


def test_lock_files_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "evidence.lock.csv").write_text("anything;", "utf-8")
    assert read_tables(tmp_path, tmp_path) == ([], [])


def test_tables_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.csv").write_text("id\nx\n", "utf-8")
    tables, findings = read_tables(tmp_path, tmp_path)
    assert [table.file for table in tables] == ["a.csv", "b.csv", "c.csv"]
    assert not findings


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@given(
    st.lists(st.tuples(cells, cells), min_size=1),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_cell_is_read_as_it_was_written_but_for_white_space_around_it(
    rows: list[tuple[str, str]], line_end: str, encoding: str, quoting: Literal[0, 1]
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end, quoting=quoting).writerows([("a", "b"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        (table,), _ = read_table(Declaration("table", path), "table.csv")
    assert table is not None
    stripped = [(number, (a.strip(), b.strip())) for number, (a, b) in enumerate(rows, start=2)]
    assert [(row.number, row.cells) for row in table.rows] == [(number, pair) for number, pair in stripped if any(pair)]


def test_names_that_the_engine_has_for_purposes_of_its_own_are_no_columns(tmp_path: Path) -> None:
    (tmp_path / "towers.csv").write_text("id,schakel_lost,undefined,schakels\nw,a,b,c\n", "utf-8")
    tables, findings = read_table(Declaration("towers", tmp_path / "towers.csv"), TOWERS)
    assert not tables
    assert [(item.kind, item.places[0].column) for item in findings] == [("bad-column-name", "schakel_lost"), ("bad-column-name", "undefined")]


def test_every_kind_of_problem_is_found_with_its_row() -> None:
    content = b'\xef\xbb\xbf\r\n,,\r\nid,label,note\r\na,"x\r\ny",\r\n,x,\r\na/b,x,\r\n\r\na,z,\r\nb,x\r\nc,x,y,z\r\na,w,\r\n'
    table, findings = parse_table("towers", content, TOWERS)
    assert table is not None
    assert [(item.kind, item.places[0].row) for item in findings] == [
        ("ragged-row", 9),
        ("ragged-row", 10),
        ("missing-id", 5),
        ("bad-id", 6),
    ]
    assert [row.number for row in table.rows] == [4, 5, 6, 8, 11]
    assert table.rows[0].cells == ("a", "x\ny", "")
