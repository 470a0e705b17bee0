"""`schakel new`: two commands lead from a sheet to a site, and no cell is lost."""

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schakel.cli import main

_SPEC = importlib.util.spec_from_file_location("workbooks", Path(__file__).parents[1] / "table_files" / "conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
workbooks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(workbooks)

ROWS = [
    ["Naam ziekenhuis", "Plaats", "Website", "Bedden", "Opp. (m²)", "Onderdeel van"],
    ["Noorderpoort", "Ærøstad", "https://noord.example/", 120, "1.234,5", None],
    ["'t Gasthuis", "Goor", None, None, "900,25", "Noorderpoort"],
    ["Sint Één", None, "https://een.example/", 80, None, None],
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def published(project: Path) -> str:
    """Build a project, and give all statements that were published."""
    result = run("--project", project, "build")
    assert result.exit_code == 0, result.output
    return (project / "public" / "download" / "dataset.nq").read_text("utf-8")


def semicolons(rows: Sequence[Sequence[object]]) -> str:
    return "".join(";".join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


def test_the_smallest_project_publishes_and_answers(tmp_path: Path) -> None:
    assert run("new", tmp_path / "towers").exit_code == 0
    assert "Harbour Trust" in published(tmp_path / "towers")
    assert "Pilot Station" in run("--project", tmp_path / "towers", "query", "organisations").output
    assert (tmp_path / "towers" / "public" / "org" / "pilot-station.html").is_file()


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    result = run("new", tmp_path)
    assert result.exit_code == 2
    assert "holds something already" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    result = run("new", tmp_path / "towers", "--dry-run")
    assert "It would write" in result.output
    assert not (tmp_path / "towers").exists()


@pytest.mark.parametrize("form", ["xlsx", "cp1252"])
def test_a_sheet_with_a_title_becomes_a_site_on_which_each_row_has_a_page(tmp_path: Path, form: str) -> None:
    titled = [["Overzicht 2024", *[None] * 5], [None] * 6, *ROWS]
    if form == "xlsx":
        file = workbooks._write(tmp_path / "ziekenhuizen.xlsx", {"Blad1": titled})  # noqa: SLF001  # a fixture's own function
    else:
        file = tmp_path / "ziekenhuizen.csv"
        file.write_bytes(semicolons(titled).replace("Ærø", "Erø").encode("cp1252"))
    project = tmp_path / "site"
    result = run("new", project, "--from", file)
    assert result.exit_code == 0, result.output
    assert "Its header is row 3" in result.output
    assert "Naam ziekenhuis: skos:prefLabel" in result.output
    graph = published(project)
    for row in ROWS[1:]:
        for cell in row:
            if cell is not None and cell != "Noorderpoort":
                expected = str(cell).replace("1.234,5", "1234.5").replace("900,25", "900.25").replace("Ærø", "Ærø" if form == "xlsx" else "Erø")
                assert expected in graph
    assert {path.name for path in (project / "public" / "ziekenhuizen").glob("*.html")} == {"noorderpoort.html", "t-gasthuis.html", "sint-een.html"}
    assert "subOrganizationOf> <https://example.org/site/ziekenhuizen/noorderpoort>" in graph


def test_a_register_with_addresses_of_its_own_becomes_a_site_and_no_value_is_lost(tmp_path: Path) -> None:
    records = [
        {
            "id": f"https://register.example/{number}",
            "names": [{"value": f"Body {number}", "lang": "en"}],
            "name": f"Body {number}",
            "types": ["a", "b"],
            "beds": number,
        }
        for number in range(1, 4)
    ]
    file = tmp_path / "register.json"
    file.write_text(json.dumps({"meta": {"version": 1}, "items": records}))
    result = run("new", tmp_path / "site", "--from", file)
    assert result.exit_code == 0, result.output
    graph = published(tmp_path / "site")
    for record in records:
        assert f'"{record["name"]}"' in graph
        assert str(record["id"]) in graph
    assert graph.count("/ns#types>") == 6 + 1 * graph.count("ns#types> <http")
    assert len(list((tmp_path / "site" / "public" / "register").glob("*.html"))) == 3


def test_members_of_lists_belong_to_records_that_are_named_by_their_names(tmp_path: Path) -> None:
    records = [{"number": 1, "name": "Het Huis (noord)", "kinds": ["a", "b"]}, {"number": 1, "name": "Ærø", "kinds": ["c"]}]
    (tmp_path / "register.json").write_text(json.dumps(records))
    assert run("new", tmp_path / "site", "--from", tmp_path / "register.json").exit_code == 0
    assert 'key = "name"' in (tmp_path / "site" / "data" / "tables.toml").read_text("utf-8")
    graph = published(tmp_path / "site")
    base = "https://example.org/site/"
    for name, kind in [("het-huis-noord", "a"), ("het-huis-noord", "b"), ("aeroe", "c")]:
        assert f'<{base}register/{name}> <{base}ns#kinds> "{kind}"' in graph
    assert len(list((tmp_path / "site" / "public" / "register").glob("*.html"))) == 2


def test_a_register_with_lists_of_names_has_names_and_loses_no_cell_of_its_lists(tmp_path: Path) -> None:
    records = [
        {
            "id": f"https://register.example/{number}",
            "names": [{"value": f"Body {number}", "lang": "en"}, {"value": f"Lichaam {number}", "lang": "nl"}],
            "locations": [{"name": "Goor", "lat": 52.2, "lng": 6.5}],
            "related": [{"id": f"https://register.example/{3 - number}", "type": "child"}],
        }
        for number in (1, 2)
    ]
    (tmp_path / "register.jsonl").write_text("\n".join(map(json.dumps, records)))
    assert run("new", tmp_path / "site", "--from", tmp_path / "register.jsonl").exit_code == 0
    graph = published(tmp_path / "site")
    body = "https://example.org/site/register/https-register-example-"
    assert f'<{body}1> <http://www.w3.org/2000/01/rdf-schema#label> "Lichaam 1"@nl' in graph
    assert f"<{body}1#related-1> <https://example.org/site/ns#identifier> <{body}2>" in graph
    assert f'<{body}1#locations-1> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "52.2"' in graph
    assert "<title>Body 1" in (tmp_path / "site" / "public" / "register" / "https-register-example-1.html").read_text("utf-8")


def test_title_rows_group_headings_and_blank_rows_do_not_hide_the_header(tmp_path: Path) -> None:
    rows = [
        ["Partners 2024", None, None, None],
        [None, "Contact", None, "Address"],
        ["Name", "E-mail", "E-mail", "City"],
        ["Ærø & Co", "a@example.org", "b@example.org", None],
        [None] * 4,
        ["Borg", None, None, "Goor"],
    ]
    file = workbooks._write(tmp_path / "Our partners.xlsx", {"List": rows})  # noqa: SLF001  # a fixture's own function
    result = run("new", tmp_path / "site", "--from", file)
    assert "Its header is row 3" in result.output
    graph = published(tmp_path / "site")
    assert "b@example.org" in graph
    file_graph = "<https://example.org/site/graph/file/our_partners.xlsx>"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert f'{file_graph} <https://w3id.org/schakel/ns#sha256> "{digest}" <https://example.org/site/graph/provenance>' in graph
    page = (tmp_path / "site" / "public" / "our_partners" / "borg.html").read_text("utf-8")
    assert "<cite>our_partners.xlsx</cite>" in page
    assert "locn:" not in page.partition("<footer")[0]
    assert {path.name for path in (tmp_path / "site" / "public" / "our_partners").glob("*.html")} == {"aeroe-co.html", "borg.html"}


def test_a_header_that_is_about_something_else_says_nothing_of_the_row(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text("Contact name,Company name,Name,Member since,Number of beds\nKari,Alpha Ltd,Alpha,2009-01-01,12\n")
    assert run("new", tmp_path / "site", "--from", tmp_path / "bodies.csv").exit_code == 0
    graph = published(tmp_path / "site")
    for header, value in [("contact_name", '"Kari"'), ("company_name", '"Alpha Ltd"'), ("member_since", '"2009-01-01"'), ("number_of_beds", '"12"')]:
        assert f"<https://example.org/site/bodies/Alpha> <https://example.org/site/ns#{header}> {value}" in graph


def test_lists_of_records_without_a_key_are_refused(tmp_path: Path) -> None:
    (tmp_path / "register.json").write_text(json.dumps([{"beds": 1, "kinds": ["a"]}, {"beds": 1, "kinds": ["b"]}]))
    result = run("new", tmp_path / "site", "--from", tmp_path / "register.json")
    assert result.exit_code == 2
    assert "“kinds”" in result.output


def test_the_query_of_a_table_answers_with_all_its_columns(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text("name,city,street,latitude,beds\nAlpha,Goor,High Street 1,52.2,12\n")
    assert run("new", tmp_path / "site", "--from", tmp_path / "bodies.csv").exit_code == 0
    published(tmp_path / "site")
    answer = run("--project", tmp_path / "site", "query", "bodies", "--format", "csv")
    assert answer.stdout.splitlines() == ["subject,name,city,street,latitude,beds", "https://example.org/site/bodies/Alpha,Alpha,Goor,High Street 1,52.2,12"]


def test_each_sheet_of_a_workbook_becomes_a_table(tmp_path: Path) -> None:
    sheets = {
        "Bodies": [["Name", "City"], ["Alpha", "Goor"]],
        "Notes": [["nothing below"]],
        "Posts (2024)": [[None], ["Title", "Body"], ["Chair", "Alpha"], ["Member", "Alpha"]],
    }
    file = workbooks._write(tmp_path / "register.xlsx", sheets)  # noqa: SLF001  # a fixture's own function
    assert run("new", tmp_path / "site", "--from", file).exit_code == 0
    assert {path.name for path in (tmp_path / "site" / "data").glob("*.rq")} == {"register.rq", "register_posts_2024.rq"}
    assert "Chair" in published(tmp_path / "site")


def test_tables_that_cite_each_other_are_linked(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text("id,name\na,Alpha\nb,Beta\n")
    (tmp_path / "posts.csv").write_text("id,title,body\np,Chair,a\nq,Member,b\n")
    assert run("new", tmp_path / "site", "--from", tmp_path / "bodies.csv", "--from", tmp_path / "posts.csv").exit_code == 0
    graph = published(tmp_path / "site")
    assert "<https://example.org/site/posts/p> <https://example.org/site/ns#body> <https://example.org/site/bodies/a>" in graph


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("broken.json", b"{"), ("broken.xlsx", b"PK\x03\x04"), ("broken.ods", b"no workbook"), ("page.pdf", b"%PDF")]
)
def test_a_file_without_tables_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("new", tmp_path / "site", "--from", tmp_path / name)
    assert result.exit_code == 2
    assert name in result.output
    assert not (tmp_path / "site").exists()
