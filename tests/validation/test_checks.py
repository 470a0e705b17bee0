"""Checks find what they say that they find, and what is wrong with a check is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schakel import Settings, check
from schakel.engine import DuckDB, close_dictionary
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.project.checks import Check, read_checks
from schakel.rdf_input import read_rdf_input
from schakel.stages.checks import run_checks
from schakel.stages.validation import Result, encode_statements

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "tests" / "queries" / "checks"
BASE = "https://example.org/"

NAMES = sorted(path.stem for path in (REPOSITORY / "queries" / "checks").glob("*.rq"))
CASES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/*.ttl"))


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    checks, findings = read_checks(REPOSITORY / "queries" / "checks", REPOSITORY)
    assert [finding.text("en") for finding in findings] == []
    return {each.name: each for each in checks}


def results_of(check: Check, path: Path) -> list[Result]:
    with DuckDB(threads=1) as executor:
        executor.load(SPELLED, SPELLED_COLUMNS, ((*triple, None, 0, 0, 0) for triple in read_rdf_input(path).triples))
        dictionary = close_dictionary(executor, [(SPELLED, ("s", "p", "o"))])
        encode_statements(executor)
        asked = run_checks(executor, dictionary, [check], BASE, ("en",))
        assert run_checks(executor, dictionary, [check], BASE, ("en",), few=0) == asked
        return asked


@pytest.mark.parametrize("name", NAMES)
def test_each_check_has_examples_of_what_it_finds_and_of_what_it_does_not(name: str) -> None:
    assert {path.name.partition("-")[0] for path in (EXAMPLES / name).glob("*.ttl")} == {"valid", "invalid"}


def test_each_example_is_of_a_check() -> None:
    assert {case.partition("/")[0] for case in CASES} == set(NAMES)


@pytest.mark.parametrize("case", CASES)
def test_a_check_finds_what_is_invalid_and_nothing_else(case: str, checks: dict[str, Check]) -> None:
    name, _, file = case.partition("/")
    found = results_of(checks[name], EXAMPLES / case)
    assert bool(found) == file.startswith("invalid")
    for result in found:
        assert result.shape == f"<{BASE}checks#{name}>"
        assert result.severity.rpartition("#")[2].lower() == checks[name].severity
        assert {language for language, _ in result.messages} == {"en", "nl", "nb", "nn"}
        assert not any(sign in text for _, text in result.messages for sign in "{}")
    assert len(set(map(repr, found))) == len(found)


HEAD = """#+ summary: Two lights have the same name
#+ description: Lights that share a name.
#+ method: GET

# title: Two lights have the same name
# severity: warning
# message: “{name}” is the name of {value} too.
# message@nl: “{name}” is ook de naam van {value}.
# mend: Give {name} another name.
# column focus: the light
# column value: the other one
# column name: their name

"""
QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?focus ?value ?name WHERE {
  ?focus skos:prefLabel ?name .
  ?value skos:prefLabel ?name FILTER(STR(?focus) < STR(?value))
  OPTIONAL { ?focus skos:note ?note }
}
"""
LIGHTS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> skos:prefLabel "{value} \\\\1"@en .
<https://example.org/b> skos:prefLabel "{value} \\\\1"@en .
<https://example.org/c> skos:prefLabel "C"@en .
"""


def read(folder: Path, text: str | bytes) -> tuple[list[Check], dict[str, str]]:
    queries = folder / "queries" / "checks"
    queries.mkdir(parents=True)
    (queries / "same-name.rq").write_bytes(text if isinstance(text, bytes) else text.encode())
    checks, findings = read_checks(queries, folder)
    told: dict[str, str] = {}
    for finding in findings:
        assert [place.file for place in finding.places] == ["queries/checks/same-name.rq"]
        told[finding.kind] = "\n".join(filter(None, (told.get(finding.kind), finding.text("en"))))
    return checks, told


def test_each_row_is_a_result_whose_message_is_filled_with_what_the_row_says(tmp_path: Path) -> None:
    checks, told = read(tmp_path, HEAD + QUERY)
    assert told == {}
    (tmp_path / "lights.ttl").write_text(LIGHTS)
    [result] = results_of(checks[0], tmp_path / "lights.ttl")
    assert (result.focus, result.value) == (f"<{BASE}a>", f"<{BASE}b>")
    assert result.severity.endswith("#Warning")
    # What a name holds is a name, however it looks.
    assert result.message("en") == "“{value} \\1” is the name of https://example.org/b too. Give {value} \\1 another name."
    assert result.message("nl").startswith("“{value} \\1” is ook de naam van https://example.org/b.")


def test_a_value_that_is_not_there_leaves_its_place_empty(tmp_path: Path) -> None:
    checks, told = read(
        tmp_path,
        (HEAD + QUERY)
        .replace("{value} too", "{note} too")
        .replace("?name WHERE", "?name ?note WHERE")
        .replace("# column name: their name\n", "# column name: their name\n# column note: a note\n"),
    )
    assert told == {}
    (tmp_path / "lights.ttl").write_text(LIGHTS)
    [result] = results_of(checks[0], tmp_path / "lights.ttl")
    assert "the name of  too" in result.message("en")


@pytest.mark.parametrize(
    ("written", "instead", "kind", "words"),
    [
        ("# title: Two lights have the same name\n", "", "query-header", "# title: …"),
        ("# severity: warning\n", "", "query-header", "# severity: …"),
        ("# severity: warning", "# severity: grave", "query-header", "“# severity: grave” is none of violation, warning, info"),
        ("# message: “{name}” is the name of {value} too.\n", "", "query-header", "# message: …"),
        ("# mend: Give {name} another name.\n", "", "query-header", "# mend: …"),
        ("is the name of {value}", "is the name of {other}", "query-header", "its message names {other}"),
        ("Give {name} another", "Give {nmae} another", "query-header", "its mend names {nmae}"),
        ("is ook de naam van {value}", "is ook de naam van {ander}", "query-header", "its message names {ander}"),
        ("# column name: their name\n", "", "query-header", "column"),
        ("SELECT ?focus ?value", "SELECT (?focus AS ?light) ?value", "query-header", "?focus"),
        ("# column focus: the light\n", "# a remark\n# column focus: the light\n", "query-header", "# a remark"),
        ("SELECT ?focus ?value ?name WHERE {", "SELECT ?focus ?value ?name WHERE { ?other", "query-syntax", "at line"),
        ("SELECT ?focus ?value ?name WHERE", "ASK", "query-not-a-select", "ASK"),
        ("WHERE {", "WHERE { SERVICE <https://e/> { } ", "query-unsafe", "SERVICE"),
    ],
)
def test_a_check_that_is_not_what_its_head_says_is_a_finding_and_left_out(written: str, instead: str, kind: str, words: str, tmp_path: Path) -> None:
    assert written in HEAD + QUERY
    checks, told = read(tmp_path, (HEAD + QUERY).replace(written, instead, 1))
    assert checks == []
    assert set(told) == {kind}
    assert words in told[kind]


def test_all_that_is_wrong_with_a_check_is_told_at_once(tmp_path: Path) -> None:
    _, told = read(tmp_path, HEAD.replace("warning", "grave").replace("{name} another", "{nmae} another").replace("#+ method: GET\n", "") + QUERY)
    for words in ("grave", "{nmae}", "#+ method"):
        assert words in told["query-header"]


def test_a_check_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    checks, told = read(tmp_path, b"\xff\xfe")
    assert (checks, set(told)) == ([], {"query-syntax"})


SETTINGS = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
TOWERS = {"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Tower,page\nlange,Tower,page\n"}


@pytest.mark.parametrize("more", ["", "FILTER(?focus != <tower/none>)"], ids=["", "an IRI below the base"])
def test_what_a_check_finds_is_a_finding_with_the_row_that_it_is_about(more: str, make_project: Callable[..., Settings]) -> None:
    outcome = check(make_project({**TOWERS, "queries/checks/same-name.rq": HEAD + QUERY.replace("WHERE {", f"WHERE {{ {more}")}))
    told = [item for item in outcome.findings if item.focus is not None and item.focus.shape.endswith("checks#same-name")]
    assert [[str(place) for place in item.places] for item in told] == [["data/towers.csv, row 2, column id"]]
    assert told[0].text("en") == "“Tower” is the name of https://example.org/tower/lange too. Give Tower another name."
