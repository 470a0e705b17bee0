"""The command line: exit codes, help, words for people and JSON for machines, and never a traceback."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

import schakel
from schakel import Settings
from schakel.cli import main

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
Run = Callable[..., Result]

COMMANDS = (
    "build",
    "check",
    "evidence",
    "clean",
    "query",
    "sparql",
    "show",
    "find",
    "why",
    "embed",
    "load",
    "diff",
    "release",
    "new",
    "serve",
    "validate",
    "infer",
    "judge",
    "mcp",
    "doctor",
    "completion",
)
WITHOUT_PASSAGES = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["en"]
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""
SOUND = {"schakel.toml": WITHOUT_PASSAGES, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n"}
BROKEN = {**SOUND, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\nvuurduin,page\neierland,page\nnoord,page\nzuid,page\n"}
WARNED = {
    **SOUND,
    "shapes/s.ttl": """
@prefix org: <http://www.w3.org/ns/org#> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/s> a sh:NodeShape ; sh:targetClass org:Organization ; sh:property <https://example.org/p> .
<https://example.org/p> sh:path skos:altLabel ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "No other name."@en, "Geen andere naam."@nl, "Ikke noe annet navn."@nb .
""",
}


@pytest.fixture
def run() -> Run:
    """Run the command line here, in this process."""

    def start(*arguments: str | Path, **environment: str) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], env={"COLUMNS": "140", "SCHAKEL_CAPTURES": None, **environment})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return start


def program(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "schakel", *map(str, arguments)], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


# ------------------------------------------------------------------------------------------------------------------------------ exit codes


def test_all_is_well(make_project: MakeProject, run: Run) -> None:
    settings = make_project(SOUND)
    result = run("--project", settings.root, "build")
    assert result.exit_code == 0
    assert re.search(r"^Published \d+ statements as \d+ files in public/\. No findings\.$", result.output, re.MULTILINE)
    assert (settings.publication / "tower" / "brandaris.ttl").is_file()


def test_a_finding_that_blocks(make_project: MakeProject, run: Run) -> None:
    settings = make_project(BROKEN)
    result = run("--project", settings.root, "build")
    assert result.exit_code == 1
    assert "data/towers.csv, row 3" in result.output
    assert "Nothing was published; public/ is as it was. Findings: 4 violations." in result.output
    assert not settings.publication.exists()
    assert (settings.report / "report.json").is_file()


def test_a_warning_is_told_and_does_not_block(make_project: MakeProject, run: Run) -> None:
    result = run("--project", make_project(WARNED).root, "build")
    assert result.exit_code == 0
    assert "! warning" in result.output
    assert "No other name." in result.output
    assert "Findings: 1 warning." in result.output


@pytest.mark.parametrize("command", ["build", "check", "evidence"])
def test_what_could_not_run(command: str, tmp_path: Path, run: Run) -> None:
    result = run("--project", tmp_path, command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert "no such file; run Schakel in a project's folder, or name it with --project" in result.stderr


def test_a_check_publishes_nothing(make_project: MakeProject, run: Run) -> None:
    settings = make_project(SOUND)
    result = run("--project", settings.root, "check")
    assert result.exit_code == 0
    assert "not verified, as no captured pages were named" in result.output
    assert not settings.publication.exists()


def test_evidence_writes_the_lock_and_a_check_verifies_it(make_project: MakeProject, run: Run) -> None:
    settings = make_project({})
    pages = settings.root / "pages"
    assert run("--project", settings.root, "check").exit_code == 1
    result = run("--project", settings.root, "evidence", "--captures", pages)
    assert (result.exit_code, result.output) == (0, "Found 1 passages. No findings.\n")
    assert (settings.data / "evidence.lock.csv").is_file()
    checked = run("--project", settings.root, "check", "--captures", pages)
    assert (checked.exit_code, "1 passages, verified in their pages" in checked.output) == (0, True)
    by_variable = run("--project", settings.root, "check", SCHAKEL_CAPTURES=str(pages))
    assert "verified in their pages" in by_variable.output


def test_evidence_without_pages_could_not_run(make_project: MakeProject, run: Run) -> None:
    result = run("--project", make_project({}).root, "evidence")
    assert result.exit_code == 2
    assert "--captures" in result.stderr
    assert "SCHAKEL_CAPTURES" in result.stderr


def test_evidence_that_is_not_found_writes_no_lock(make_project: MakeProject, run: Run) -> None:
    settings = make_project({"data/towers.csv": "id,label,source,passage\nbrandaris,Brandaris,page,The tower of Branderis\n"})
    result = run("--project", settings.root, "evidence", "--captures", settings.root / "pages")
    assert result.exit_code == 1
    assert "The lock was not written." in result.output
    assert "Brandaris" in result.output
    assert not (settings.data / "evidence.lock.csv").exists()


# ---------------------------------------------------------------------------------------------------------------------- help and hints


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_begins_with_a_verb_and_ends_with_an_example(command: tuple[str, ...], option: str, run: Run) -> None:
    result = run(*command, option)
    assert result.exit_code == 0
    lines = result.output.strip().splitlines()
    assert lines[0].startswith("Usage: ")
    summary = next(line.strip() for line in lines[1:] if line.strip())
    assert re.match(r"(Publish|Build|Check|Find|Print|Ask|Show|Tell|Remove|Explain|Serve|Load|Make|Validate|Write|Judge|Let|Say) ", summary)
    text = result.output.partition("Options:")[0]
    assert re.search(r"Example:\n(?: +[^\n]*schakel [^\n]+\n+)+$", text.rstrip(" ")), text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_listed_with_what_it_does(command: str, run: Run) -> None:
    assert re.search(rf"^  {command} +\w.+", run("--help").output, re.MULTILINE)


def test_there_are_no_commands_beside_those_that_are_tested() -> None:
    assert set(main.commands) == set(COMMANDS)


@pytest.mark.parametrize(
    ("typed", "meant"), [("biuld", "build"), ("chek", "check"), ("evidense", "evidence"), ("buil", "build"), ("completions", "completion")]
)
def test_a_command_that_does_not_exist_is_answered_with_the_nearest(typed: str, meant: str, run: Run) -> None:
    result = run(typed)
    assert result.exit_code == 2
    assert "Did you mean" in result.stderr
    assert meant in result.stderr.partition("Did you mean")[2]


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(("build", "--jsn"), "--json"), (("--quite", "build"), "--quiet"), (("check", "--capture", "x"), "--captures"), (("--projct", "x"), "--project")],
)
def test_an_option_that_does_not_exist_is_answered_with_the_nearest(arguments: tuple[str, ...], meant: str, run: Run) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert re.search(rf"(Did you mean|Possible options)[^\n]*{meant}\b", result.stderr)


def test_a_setting_that_does_not_exist_is_answered_with_the_nearest(make_project: MakeProject, run: Run) -> None:
    root = make_project(SOUND).root
    (root / "schakel.toml").write_text('publishr = "x"\n' + WITHOUT_PASSAGES)
    result = run("--project", root, "build")
    assert result.exit_code == 2
    assert "there is no setting 'publishr'; did you mean 'publisher'?" in result.stderr


@pytest.mark.parametrize(("section", "hint"), [("[inference]\nengine = 'owlr'", "owlrl"), ("[validation]\nengine = 'pyshakl'", "pyshacl")])
def test_an_engine_that_does_not_exist_is_answered_with_the_nearest(section: str, hint: str, make_project: MakeProject, run: Run) -> None:
    settings = make_project({**SOUND, "schakel.toml": f"{WITHOUT_PASSAGES}\n{section}\n"})
    result = run("--project", settings.root, "build")
    assert result.exit_code == 2
    assert f"Did you mean '{hint}'?" in result.stderr


def test_the_version_is_that_of_the_package(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.output) == (0, f"schakel, version {schakel.__version__}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_the_program(shell: str, run: Run) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_SCHAKEL_COMPLETE" in result.output
    assert "schakel" in result.output


@pytest.mark.parametrize(
    ("typed", "completed"), [("b", {"build"}), ("c", {"check", "clean", "completion"}), ("--pr", {"--project"}), ("--v", {"--version", "--verbose"})]
)
def test_completion_completes_commands_and_options(typed: str, completed: set[str]) -> None:
    completion = ShellComplete(main, {}, "schakel", "_SCHAKEL_COMPLETE")
    assert {item.value for item in completion.get_completions([], typed)} == completed


def test_the_installed_program_answers_a_shell_that_asks_for_completions() -> None:
    installed = Path(sys.executable).with_name("schakel")
    if not installed.is_file():
        pytest.skip("the program is not installed beside this Python")
    environment = {**os.environ, "_SCHAKEL_COMPLETE": "bash_complete", "COMP_WORDS": "schakel ch", "COMP_CWORD": "1"}
    done = subprocess.run([installed], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "plain,check\n")


def test_a_shell_that_is_not_known_is_answered_with_those_that_are(run: Run) -> None:
    result = run("completion", "tcsh")
    assert result.exit_code == 2
    assert all(shell in result.stderr for shell in ("bash", "zsh", "fish"))


# --------------------------------------------------------------------------------------------------------------- for people, for machines


def test_json_is_json_and_nothing_else(make_project: MakeProject, run: Run) -> None:
    result = run("--project", make_project(SOUND).root, "build", "--json")
    outcome = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (outcome["blocked"], outcome["findings"], outcome["passagesVerified"]) == (False, [], False)
    assert outcome["filesPublished"] > 10
    assert outcome["statements"] > 5
    assert outcome["counts"] == {"violation": 0, "warning": 0, "info": 0}


@pytest.mark.parametrize("command", ["build", "check"])
def test_json_tells_every_finding_with_its_place(command: str, make_project: MakeProject, run: Run) -> None:
    result = run("--project", make_project(BROKEN).root, command, "--json")
    outcome = json.loads(result.stdout)
    assert result.exit_code == 1
    assert outcome["blocked"]
    assert outcome["filesPublished"] == 0
    assert outcome["counts"]["violation"] == len(outcome["findings"]) == 4
    assert sorted((finding["places"][0]["file"], finding["places"][0]["row"]) for finding in outcome["findings"]) == [
        ("data/towers.csv", row) for row in (3, 4, 5, 6)
    ]
    assert {finding["severity"] for finding in outcome["findings"]} == {"violation"}


def test_json_of_evidence(make_project: MakeProject, run: Run) -> None:
    settings = make_project({})
    result = run("--project", settings.root, "evidence", "--captures", settings.root / "pages", "--json")
    outcome = json.loads(result.stdout)
    assert (result.exit_code, outcome["passages"], outcome["passagesVerified"]) == (0, 1, True)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No other name."), ("nl", "Geen andere naam."), ("nb", "Ikke noe annet navn."), ("nn", "Ikke noe annet navn.")]
)
def test_messages_are_in_the_language_asked_for(language: str, words: str, make_project: MakeProject, run: Run) -> None:
    root = make_project(WARNED).root
    assert words in run("--project", root, "--lang", language, "check").output
    (finding,) = json.loads(run("--project", root, "--lang", language, "check", "--json").stdout)["findings"]
    assert finding["message"].get(language, finding["message"]["nb"]) == words


def test_without_a_language_it_is_the_first_of_the_settings(make_project: MakeProject, run: Run) -> None:
    settings = make_project({**WARNED, "schakel.toml": WITHOUT_PASSAGES.replace('["en"]', '["nl", "en"]')})
    assert "Geen andere naam." in run("--project", settings.root, "check").output


def test_the_findings_of_the_engine_itself_are_in_the_language_asked_for(make_project: MakeProject, run: Run) -> None:
    root = make_project({**SOUND, "data/towers.csv": ""}).root
    assert "Het bestand is leeg." in run("--project", root, "--lang", "nl", "check").output
    assert "Filen er tom." in run("--project", root, "--lang", "nb", "check").output


def test_a_few_findings_of_a_kind_are_shown_and_all_of_them_with_v(make_project: MakeProject, run: Run) -> None:
    root = make_project(BROKEN).root
    few = run("--project", root, "check").output
    assert few.count("data/towers.csv, row") == 3
    assert "… and 1 more alike" in few
    every = run("--project", root, "-v", "check").output
    assert every.count("data/towers.csv, row") == 4
    assert "more alike" not in every


def test_quiet_says_nothing_but_what_blocks(make_project: MakeProject, run: Run) -> None:
    root = make_project(SOUND).root
    assert run("--project", root, "-q", "build").output == ""
    make_project(WARNED)
    assert run("--project", root, "--quiet", "build").output == ""
    make_project({**WARNED, **BROKEN})
    result = run("--project", root, "-q", "build")
    assert result.exit_code == 1
    assert "data/towers.csv, row 3" in result.output
    assert "No other name" not in result.output
    assert "Nothing was published" not in result.output


def test_what_a_cell_holds_is_never_read_as_markup_of_the_terminal(make_project: MakeProject, run: Run) -> None:
    settings = make_project({**SOUND, "data/towers.csv": 'id,label,source\n[red]x[/red],[bold],page\n"[/]",y,page\n'})
    result = run("--project", settings.root, "check")
    assert result.exit_code == 1
    assert "[red]x[/red]" in result.output


def test_the_progress_of_a_run_is_not_shown_where_no_terminal_is(make_project: MakeProject) -> None:
    settings = make_project(SOUND)
    done = program("build", cwd=settings.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Published ")


def test_a_narrow_terminal_and_one_without_utf_8_are_no_error(make_project: MakeProject) -> None:
    settings = make_project(BROKEN)
    done = program("check", cwd=settings.root, COLUMNS="20", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 1


def test_a_reader_that_has_seen_enough_is_no_error(make_project: MakeProject) -> None:
    settings = make_project(BROKEN)
    command = f"{sys.executable} -m schakel -v check | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=settings.root, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_the_program_runs_in_the_folder_it_is_called_in(make_project: MakeProject) -> None:
    settings = make_project(SOUND)
    assert program("build", cwd=settings.root).returncode == 0
    assert program("build", cwd=settings.data).returncode == 2


# ------------------------------------------------------------------------------------------------------------------- never a traceback

UNREADABLE = {
    "settings that are no TOML": ("schakel.toml", b"base = \n"),
    "settings that are no text": ("schakel.toml", b"\xff\xfe\x00"),
    "settings that are empty": ("schakel.toml", b""),
    "settings of the wrong kind": ("schakel.toml", b"base = 3\ntitle = 'x'\ndescription = []\npublisher = {}\nlanguages = 'en'\n"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_settings_that_cannot_be_read(what: str, make_project: MakeProject, run: Run) -> None:
    root = make_project(SOUND).root
    name, content = UNREADABLE[what]
    (root / name).write_bytes(content)
    result = run("--project", root, "build")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert "schakel.toml" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_project_without_data(make_project: MakeProject, run: Run) -> None:
    settings = make_project(SOUND)
    for path in settings.data.iterdir():
        path.unlink()
    settings.data.rmdir()
    result = run("--project", settings.root, "build")
    assert result.exit_code == 2
    assert "data" in result.stderr


def test_a_project_without_ontology_and_shapes_is_a_project(make_project: MakeProject, run: Run) -> None:
    settings = make_project(SOUND)
    settings.ontology.rmdir()
    settings.shapes.rmdir()
    assert run("--project", settings.root, "build").exit_code == 0


PLACES = ["data/towers.csv", "data/towers.rq", "data/more.ttl", "ontology/o.ttl", "shapes/s.ttl", "schakel.toml"]


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_where_a_file_should_be(command: str, name: str, make_project: MakeProject, run: Run) -> None:
    root = make_project(SOUND).root
    (root / name).unlink(missing_ok=True)
    (root / name).mkdir()
    result = run("--project", root, command)
    assert result.exit_code in {1, 2}
    assert Path(name).name in result.output


def test_a_folder_where_the_lock_should_be(make_project: MakeProject, run: Run) -> None:
    settings = make_project({})
    (settings.data / "evidence.lock.csv").mkdir()
    result = run("--project", settings.root, "evidence", "--captures", settings.root / "pages")
    assert result.exit_code in {1, 2}
    assert "evidence.lock.csv" in result.output
    assert run("--project", settings.root, "build").exit_code in {1, 2}


@pytest.fixture
def unreadable() -> Iterator[Callable[[Path], None]]:
    """Take all rights from files, and give them back when the test is over."""
    taken: list[Path] = []

    def take(path: Path) -> None:
        taken.append(path)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("who may do everything cannot be kept from reading a file; run the tests as another user")

    yield take
    for path in taken:
        path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("name", ["data/towers.csv", "data/towers.rq", "schakel.toml", "data", "."])
def test_a_file_that_may_not_be_read(name: str, make_project: MakeProject, run: Run, unreadable: Callable[[Path], None]) -> None:
    root = make_project(SOUND).root
    unreadable(root / name)
    result = run("--project", root, "build")
    assert result.exit_code in {1, 2}


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device"), OSError(5, "Input/output error")], ids=str)
def test_a_file_that_cannot_be_written(error: OSError, make_project: MakeProject, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_project(SOUND)

    def refuse(self: Path, data: bytes) -> int:  # noqa: ARG001  # as write_bytes itself
        raise type(error)(error.errno, error.strerror, str(self)) from None

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = run("--project", settings.root, "build")
    assert result.exit_code == 2
    assert str(error.strerror) in result.stderr
    assert result.stderr.count("\n") == 1
    assert not settings.publication.exists()


@pytest.mark.parametrize("name", ["data/towers.csv", "data/towers.rq", "ontology/o.ttl", "shapes/s.ttl"])
def test_a_file_that_cannot_be_read(name: str, make_project: MakeProject, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_project({"ontology/o.ttl": "", "shapes/s.ttl": "", **SOUND})
    open_, read_bytes = Path.open, Path.read_bytes

    def refuse_to_open(self: Path, *arguments: object, **options: object) -> object:
        if self == settings.root / name:
            raise PermissionError(13, "Permission denied", str(self))
        return open_(self, *arguments, **options)  # type: ignore[call-overload]

    def refuse_to_read(self: Path) -> bytes:
        if self == settings.root / name:
            raise PermissionError(13, "Permission denied", str(self))
        return read_bytes(self)

    monkeypatch.setattr(Path, "open", refuse_to_open)
    monkeypatch.setattr(Path, "read_bytes", refuse_to_read)
    result = run("--project", settings.root, "build")
    # What reads files without Python's help is not refused, and reads them. Of a table that cannot be read a finding says so.
    assert result.exit_code in ({1} if name.endswith(".csv") else {0, 2})
    if result.exit_code == 2:
        assert "Permission denied" in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_publication_that_would_overwrite_what_others_wrote(make_project: MakeProject, run: Run) -> None:
    settings = make_project(SOUND)
    settings.publication.mkdir()
    (settings.publication / "thesis.docx").write_bytes(b"years of work")
    result = run("--project", settings.root, "build")
    assert result.exit_code == 2
    assert "holds files that Schakel did not write" in result.stderr
    assert [path.name for path in settings.publication.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize(
    "arguments", [("--project", "/dev/null", "build"), ("--project", "/nonexistent/folder", "build"), ("check", "--captures", "/nonexistent/folder")]
)
def test_a_folder_that_is_none(arguments: tuple[str, ...], make_project: MakeProject, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_project(SOUND).root)
    result = run(*arguments)
    assert result.exit_code == 2
    assert arguments[-1] in result.stderr or arguments[1] in result.stderr


def test_a_name_in_another_encoding_is_no_error(make_project: MakeProject) -> None:
    settings = make_project(SOUND)
    (settings.data / os.fsdecode(b"t\xe9st.ttl")).write_text("")
    done = program("check", cwd=settings.root)
    assert done.returncode in {0, 1, 2}
