"""Asking on the command line: what a person types, and what a person, a spreadsheet or a program gets."""

import csv
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping
from fcntl import ioctl
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from schakel import Settings, build, open_graph
from schakel.cli import main
from schakel.opening import queries_of

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
Ask = Callable[..., Result]
WITHOUT_PASSAGES = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
REPOSITORY = Path(__file__).parent.parent


@pytest.fixture
def ask(published: Settings) -> Ask:
    """Run a command on the repository's own graph, in this process."""

    def start(*arguments: str | Path, piped: str | None = None, project: Path = published.root) -> Result:
        result = CliRunner().invoke(main, ["--project", str(project), *map(str, arguments)], input=piped, env={"COLUMNS": "200"})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return start


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# -------------------------------------------------------------------------------------------------------------------- finding a question


def test_the_list_has_the_question_of_every_query_in_the_language_asked_for(ask: Ask, published: Settings) -> None:
    for language in ("en", "nl", "nb"):
        listed = " ".join(ask("query", "--lang", language).stdout.split())
        for name, query in queries_of(published).items():
            assert f"{name} {query.title[language]}" in listed


def test_the_help_of_a_query_shows_examples_that_are_in_the_graph(ask: Ask, published: Settings) -> None:
    with open_graph(published.root) as graph:
        for name, query in graph.queries.items():
            shown = ask("query", name, "--help").stdout
            assert query.title["en"] in " ".join(shown.split())
            for column in query.columns:
                assert re.search(rf"^ +{column}\b", shown, re.MULTILINE), (name, column)
            for parameter in query.asks:
                example = re.search(rf"^ +{parameter.name} .*?For example: (\S+)", shown, re.MULTILINE | re.DOTALL)
                assert example, (name, parameter.name)
                given = {each.name: None for each in query.asks} | {parameter.name: example[1]}
                assert graph.query(name, **given).rows, (name, example[1])


def test_the_help_of_a_query_needs_no_publication(ask: Ask, make_project: MakeProject) -> None:
    settings = make_project({f"queries/{name}": (REPOSITORY / "queries" / name).read_text("utf-8") for name in ("members.rq", "labels.csv")})
    result = ask("query", "members", "-h", project=settings.root)
    assert result.exit_code == 0
    assert "What it must know" in result.stdout
    assert "For example" not in result.stdout


def test_an_unknown_query_is_answered_with_the_nearest(ask: Ask) -> None:
    for arguments in (("query", "partnrs"), ("query", "partnrs", "--help")):
        result = ask(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "Error: No query 'partnrs'. Did you mean 'partners'?\n"


def test_a_query_that_cannot_be_asked_is_told_and_not_passed_over(ask: Ask, make_project: MakeProject) -> None:
    settings = make_project({"queries/broken.rq": (REPOSITORY / "queries" / "members.rq").read_text("utf-8").replace("# category: ", "# kategory: ")})
    listed = ask("query", project=settings.root)
    assert (listed.exit_code, "queries/broken.rq is left out" in listed.stderr) == (0, True)
    asked = ask("query", "broken", "body=x", project=settings.root)
    assert asked.exit_code == 2
    assert "there is no line “# category: …”" in asked.stderr


def test_a_project_without_queries_says_so(ask: Ask, make_project: MakeProject) -> None:
    assert "There are no canned queries" in ask("query", project=make_project({}).root).stdout


# ---------------------------------------------------------------------------------------------------------------------- asking


@pytest.mark.parametrize("typed", ["MST", "mst", "org/mst", "medisch spectrum twente", "https://kg.example.org/org/mst", "<https://kg.example.org/org/mst>"])
def test_a_thing_may_be_called_by_any_of_its_names(typed: str, ask: Ask) -> None:
    answered = rows(ask("query", "participations", "--param", f"member={typed}", "--format", "csv").stdout)
    assert {row["member"] for row in answered} == {"https://kg.example.org/org/mst"}
    assert "https://kg.example.org/org/santeon" in {row["body"] for row in answered}


def test_with_whom_does_mst_work_and_where_does_it_say_so(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    result = ask("query", "partners", "organisation=MST", "--output", file)
    assert (result.exit_code, result.output) == (0, "")
    partners = rows(file.read_bytes().decode("utf-8"))
    assert {"Santeon", "TAZDO", "Universitair Medisch Centrum Groningen"} <= {row["partnerName"] for row in partners}
    assert all(row["role"] and row["source"] and row["firstWords"] and row["passage"] for row in partners)


def test_what_is_missing_is_named_with_its_type_and_an_example(ask: Ask) -> None:
    result = ask("query", "as-of")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"must know date \(date, for example \d{4}-\d\d-\d\d\)", result.stderr)
    everything = ask("query", "as-of", "--all", "--format", "csv")
    assert len(rows(everything.stdout)) > len(rows(ask("query", "as-of", "date=2008-06-01", "--format", "csv").stdout)) > 0


def test_what_may_be_left_out_filters_the_answer(ask: Ask) -> None:
    everything = rows(ask("query", "members", "--format", "csv").stdout)
    one = rows(ask("query", "members", "body=Santeon", "--format", "csv").stdout)
    assert one == [row for row in everything if row["body"].endswith("/org/santeon")] != []


def test_a_former_name_of_a_parameter_answers_with_a_notice(ask: Ask) -> None:
    now, before = (ask("query", "participations", f"{name}=MST", "--format", "csv") for name in ("organisation", "member"))
    assert (now.stderr, before.stdout) == ("", now.stdout)
    assert before.stderr == "The parameter member is now called organisation; the next version will not know the old name.\n"
    both = ask("query", "participations", "organisation=MST", "member=MST")
    assert (both.exit_code, "called 'member'" in both.stderr) == (2, True)


QUESTIONS = [
    # Who meets MST in more than one body? TAZDO and the PET/CT scanner bring it and ZGT together.
    (("co-members", "organisation=MST"), "otherName", {"Ziekenhuisgroep Twente"}),
    (("organisations", "legalForm=association"), "name", {"Nederlandse Vereniging van Ziekenhuizen", "Santeon"}),
    (("organisations", "kind=university hospital"), "name", {"Universitair Medisch Centrum Groningen"}),
    (("goals-about", "word=teknologi"), "label", {"utvikle og ta i bruk nye teknologiske løsninger"}),
    (("goals-about", "word=løsningen"), "label", {"utvikle og ta i bruk nye teknologiske løsninger"}),
    (
        ("goals-about", "word=Kompetanse"),
        "label",
        {"Riktig og relevant kompetanse hos fagpersonell", "Kompetansearena for spesialisthelsetjenesten, kommunene og de private aktørene"},
    ),
    (("board-roles", "organisation=MST"), "postName", {"lid van het IPT", "Lid Raad van Toezicht", "voorzitter TAZDO", "deelnemer TAZDO"}),
    (("known-at", "date=2009-02-01"), "thingName", {"Santeon", "Vereniging Samenwerkende Ziekenhuizen", "predikaat ‘teaching hospital’"}),
    (("conflicts",), "kind", {"cannot both hold", "worded differently", "unclear whether the same"}),
]


@pytest.mark.parametrize(("asked", "column", "told"), QUESTIONS, ids=[" ".join(asked) for asked, _, _ in QUESTIONS])
def test_a_question_answers_as_a_reader_of_the_pages_would(asked: tuple[str, ...], column: str, told: set[str], ask: Ask) -> None:
    assert told <= {row[column] for row in rows(ask("query", *asked, "--format", "csv").stdout)}


def test_a_university_hospital_is_a_hospital_and_a_university_is_none(ask: Ask) -> None:
    hospitals = {row["organisation"].rpartition("/")[2] for row in rows(ask("query", "organisations", "kind=hospital", "--format", "csv").stdout)}
    assert {"umcg", "mst", "martini-ziekenhuis", "streekziekenhuis-midden-twente"} <= hospitals
    assert not {"universiteit-twente", "santeon", "bascule"} & hospitals


def test_a_part_that_began_later_is_not_there_and_is_one_fact_however_often_it_is_mentioned(ask: Ask) -> None:
    def santeon(date: str) -> list[dict[str, str]]:
        found = rows(ask("query", "as-of", f"date={date}", "--format", "csv").stdout)
        return [row for row in found if (row["memberName"], row["bodyName"]) == ("Medisch Spectrum Twente", "Santeon")]

    assert santeon("2008-06-01") == []
    [fact] = santeon("2009-06-01")
    assert (fact["from"], fact["passages"], fact["sourceTitle"], fact["certainty"]) == ("2009-01-01", "3", "Over MST", "stated")
    [difference] = [row for row in rows(ask("query", "conflicts", "--format", "csv").stdout) if row["difference"]]
    assert (difference["subjectName"], difference["difference"], difference["kind"]) == ("Santeon", "1", "cannot both hold")


def test_an_ill_typed_value_is_told_with_its_type_and_an_example(ask: Ask) -> None:
    result = ask("query", "as-of", "date=last year")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"“last year”, and should be: date, for example \d{4}-\d\d-\d\d", result.stderr)


def test_what_may_mean_several_things_is_answered_with_all_of_them(ask: Ask) -> None:
    result = ask("show", "dms-kristiansund")
    assert result.exit_code == 2
    for candidate in ("org/dms-kristiansund", "project/dms-kristiansund", "source/dms-kristiansund"):
        assert candidate in result.stderr
        assert ask("show", candidate).exit_code == 0
    # Where one alone has an answer, that one is meant.
    assert rows(ask("query", "goal-tree", "project=dms-kristiansund", "--format", "csv").stdout)


def test_what_is_not_in_the_graph_is_answered_with_what_is_near(ask: Ask) -> None:
    result = ask("query", "members", "body=Santeonn")
    assert result.exit_code == 2
    assert "org/santeon" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("query", "members", "org=Santeon"), "There are: body"),
        (("query", "members", "language=nl"), "No parameter of the query 'members' called 'language'"),
        (("query", "members", "body=Santeon", "-p", "body=MST"), "body is given twice"),
        (("query", "members", "body="), "NAME=VALUE"),
        (("query", "members", "body=Santeon", "-o", "nowhere/at/all.csv"), "there is no folder nowhere/at"),
        (("query", "coverage", "x=1"), "There is none."),
        (("query", "members", "Santeon"), "NAME=VALUE"),
        (("query", "members", "body=Santeon", "--output", "members.xls"), "the name members.xls tells no format"),
        (("query", "members", "body=Santeon", "--format", "ttl"), "rows cannot be written as ttl"),
        (("sparql", "ASK { ?s ?p ?o }", "--format", "csv"), "yes or no"),
        (("sparql", "CONSTRUCT WHERE { ?s a sk:Goal }", "--format", "csv"), "statements cannot be written as csv"),
        (("sparql", "SELECT ?x { ?x a foo:Bar }"), "the prefix foo: is neither declared nor known"),
        (("sparql", "SELECT ?x { ?x a }"), "cannot be answered"),
        (("sparql", "INSERT DATA { <a> <b> <c> }"), "INSERT is not allowed"),
        (("sparql", " "), "it is empty"),
        (("show", "nobody at all knows this"), "nobody at all knows this"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_answered_is_told_in_plain_words(arguments: tuple[str, ...], told: str, ask: Ask) -> None:
    result = ask(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_a_project_that_is_not_built_says_how_to(ask: Ask, make_project: MakeProject) -> None:
    result = ask("find", "brandaris", project=make_project({}).root)
    assert result.exit_code == 2
    assert "schakel build" in result.stderr


def test_no_rows_are_told_beside_the_answer(ask: Ask) -> None:
    result = ask("sparql", "SELECT ?x { ?x a sk:Nothing }", "--format", "csv")
    assert (result.exit_code, result.stdout.strip(), result.stderr) == (0, "x", "No rows.\n")


# ---------------------------------------------------------------------------------------------------------------------- formats


def test_each_format_says_the_same(ask: Ask, tmp_path: Path) -> None:
    by_format: dict[str, bytes] = {}
    for name in ("csv", "tsv", "json", "jsonl", "md", "txt"):
        file = tmp_path / f"answer.{name}"
        assert ask("query", "members", "body=Santeon", "-o", file).exit_code == 0
        by_format[name] = file.read_bytes()
    names = [row["memberName"] for row in rows(by_format["csv"].decode())]
    assert [row["memberName"] for row in csv.DictReader(io.StringIO(by_format["tsv"].decode()), dialect="excel-tab")] == names
    results = json.loads(by_format["json"])["results"]["bindings"]
    assert [(row["memberName"]["value"], row["memberName"]["xml:lang"]) for row in results] == [(name, "nl") for name in names]
    assert [json.loads(line)["memberName"] for line in by_format["jsonl"].decode().splitlines()] == names
    for name in ("md", "txt"):
        assert all(each in line for each, line in zip(names, by_format[name].decode().splitlines()[-len(names) :], strict=True))


@pytest.mark.skipif(find_spec("pyarrow") is not None, reason="pyarrow is installed, so Parquet can be written")
def test_parquet_says_what_to_install(ask: Ask, tmp_path: Path) -> None:
    result = ask("query", "members", "body=Santeon", "-o", tmp_path / "members.parquet")
    assert result.exit_code == 2
    assert "schakel[frames]" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_regular_file_is_written_into_and_a_link_is_followed(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "target.csv")
    ask("query", "names", "-o", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert rows((tmp_path / "target.csv").read_bytes().decode())
    assert rows(ask("query", "names", "--format", "csv", "-o", "-").stdout)
    assert ask("query", "names", "--format", "csv", "-o", "/dev/null").exit_code == 0
    assert not Path("/dev/null").is_file()


def test_excel_gets_its_mark_only_when_asked(ask: Ask, tmp_path: Path) -> None:
    for option, mark in (((), False), (("--bom",), True)):
        file = tmp_path / "names.csv"
        ask("query", "names", "-o", file, *option)
        assert file.read_bytes().startswith(b"\xef\xbb\xbf") is mark


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless_in_csv_and_kept_in_json(ask: Ask, make_project: MakeProject) -> None:
    towers = 'id,label,source\nbrandaris,"=HYPERLINK(""http://example.org"")",page\n'
    project = make_project({"schakel.toml": WITHOUT_PASSAGES, "data/towers.csv": towers})
    assert not build(project).blocked
    query = "SELECT ?name { ?tower a org:Organization ; skos:prefLabel ?name }"
    assert rows(ask("sparql", query, "--format", "csv", project=project.root).stdout) == [{"name": '\'=HYPERLINK("http://example.org")'}]
    asked = json.loads(ask("sparql", query, "--format", "json", project=project.root).stdout)
    assert asked["results"]["bindings"][0]["name"]["value"] == '=HYPERLINK("http://example.org")'


def test_names_follow_the_language_and_keep_it(ask: Ask) -> None:
    for language, role in (("en", "member"), ("nl", "lid"), ("nb", "medlem")):
        asked = json.loads(ask("query", "members", "body=Santeon", "--lang", language, "--format", "json").stdout)["results"]["bindings"]
        assert {"type": "literal", "value": role, "xml:lang": language} in [row["role"] for row in asked]
        # What has no name in that language keeps the one that it has, and its language.
        assert {row["bodyName"]["xml:lang"] for row in asked} == {"nl"}


# ---------------------------------------------------------------------------------------------------------------------- SPARQL


def test_a_query_may_be_typed_read_or_piped(ask: Ask, tmp_path: Path) -> None:
    query = "SELECT ?goal { ?goal a sk:Goal } ORDER BY ?goal"
    (tmp_path / "goals.rq").write_text(query)
    answers = {ask("sparql", query).stdout, ask("sparql", "--file", tmp_path / "goals.rq").stdout, ask("sparql", piped=query).stdout}
    answers.add(ask("sparql", "--file", "-", piped=query).stdout)
    assert len(answers) == 1
    assert answers.pop().count("#goal-") == 22
    assert ask("sparql", query, "--file", tmp_path / "goals.rq").exit_code == 2


def test_a_statement_that_two_passages_make_is_counted_once(ask: Ask) -> None:
    counted = ask("sparql", "SELECT (COUNT(*) AS ?n) { <org/mst> a ?class }", "--format", "csv").stdout.split()[1]
    assert int(counted) == len(ask("sparql", "SELECT DISTINCT ?class { <org/mst> a ?class }", "--format", "jsonl").stdout.splitlines())


def test_yes_or_no_and_statements(ask: Ask) -> None:
    assert ask("sparql", "ASK { ?s a sk:Goal }").stdout == "true\n"
    assert json.loads(ask("sparql", "ASK { ?s a sk:Nothing }", "--format", "json").stdout) == {"head": {}, "boolean": False}
    construct = "CONSTRUCT { ?s skos:prefLabel ?n } WHERE { ?s a sk:Goal ; skos:prefLabel ?n }"
    as_turtle = set(ox.parse(ask("sparql", construct).stdout, format=ox.RdfFormat.TURTLE))
    as_lines = set(ox.parse(ask("sparql", construct, "--format", "nt").stdout, format=ox.RdfFormat.N_TRIPLES))
    assert as_turtle == as_lines
    assert len(as_lines) >= 22


def test_explaining_names_each_pattern_with_what_it_meets(ask: Ask) -> None:
    shown = ask("sparql", "SELECT ?n { ?g a sk:Goal OPTIONAL { ?g skos:prefLabel ?n } }", "--explain").stdout
    assert "PREFIX sk: " in shown
    assert re.search(r"\?g rdf:type sk:Goal +\[22 statements\]", shown)
    assert "OPTIONAL" in shown


# ---------------------------------------------------------------------------------------------------------------------- show and find


def test_showing_a_thing_says_what_and_where_it_was_read(ask: Ask) -> None:
    shown = ask("show", "MST").stdout
    for heading in ("Names", "What it is", "What is said of it", "Where it is spoken of", "What follows by reasoning"):
        assert f"\n{heading}\n" in shown
    assert "Medisch Spectrum Twente" in shown
    assert "Samenwerkingen" in shown
    assert ask("show", "MST", "--lang", "nl").stdout.count("\nNamen\n") == 1


def test_showing_as_json_is_whole(ask: Ask) -> None:
    shown = json.loads(ask("show", "org/santeon", "--json").stdout)
    assert shown["entity"] == "https://kg.example.org/org/santeon"
    facts = [fact for group in shown["groups"].values() for fact in group]
    assert any(fact["inferred"] for fact in facts)
    assert any(source["firstWords"] for fact in facts for source in fact["sources"])


@pytest.mark.parametrize(
    ("typed", "found"), [(("santeon",), "santeon"), (("helse", "more"), "helse-more-og-romsdal"), (("ziekenhuisgroep", "twnte"), "ziekenhuisgroep-twente")]
)
def test_finding_forgives_accents_and_slips(typed: tuple[str, ...], found: str, ask: Ask) -> None:
    first = rows(ask("find", *typed, "--format", "csv").stdout)[0]
    assert first["entity"] == f"https://kg.example.org/org/{found}"


# ---------------------------------------------------------------------------------------------------------------------- screens and pipes


def on_a_screen(columns: int, *arguments: str | Path) -> str:
    """What a terminal of so many columns gets."""
    process, descriptor = pty.fork()
    if process == 0:
        ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        os.execve(sys.executable, [sys.executable, "-m", "schakel", *map(str, arguments)], environment)  # noqa: S606  # no shell is wanted
    received = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            break
        if not part:
            break
        received += part
    os.waitpid(process, 0)
    os.close(descriptor)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", received.decode("utf-8").replace("\r", ""))


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_a_screen_gets_short_names_that_fit(columns: int, published: Settings) -> None:
    shown = on_a_screen(columns, "--project", published.root, "query", "members", "body=Santeon")
    assert "Martini Ziekenhuis" in shown
    assert "org/mst" in shown
    assert "https://kg.example.org" not in shown
    assert len(re.findall(r"org/santeon\b(?!-)", shown)) == 1, "what is the same in every row stands once above them"
    assert "6 rows" in shown
    assert max(map(len, shown.splitlines())) <= columns


def test_a_pipe_gets_aligned_lines_with_nothing_cut_or_coloured(published: Settings) -> None:
    command = [sys.executable, "-m", "schakel", "--project", str(published.root), "query", "members", "body=Santeon"]
    piped = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "40"}).stdout
    assert "\x1b" not in piped
    header, *lines = piped.splitlines()
    assert len(lines) == 6
    start = header.index("memberName")
    assert {line[start - 1] for line in lines} == {" "}
    assert all("https://kg.example.org/org/santeon" in line for line in lines)
