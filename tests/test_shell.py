"""What all commands share: the language of messages, interrupts, and what `schakel doctor` says of the installation and the project."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from schakel import Settings
from schakel.cli import main
from schakel.cli.shell import Shell, guarded, system_language

# Imports of the command line are interrupted as by Ctrl-C, at the moment that they begin.
INTERRUPTED = """
import os, signal, sys
from importlib.abc import MetaPathFinder
class Interrupt(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "schakel.cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
from schakel.__main__ import run
run()
"""


def said(project: Path, *arguments: str, **environment: str) -> str:
    return CliRunner(env=environment).invoke(main, ["--project", str(project), *arguments]).output


def test_an_interrupt_while_modules_are_imported_ends_with_one_line() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def test_an_interrupted_command_says_what_became_of_the_publication() -> None:
    @click.command()
    @guarded
    def command() -> None:
        raise KeyboardInterrupt

    result = CliRunner().invoke(command)
    assert result.exit_code == 130
    assert result.output == "Stopped; what was published before is as it was.\n"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "nn_NO"}, "nn"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "C.UTF-8"}, None),
        ({"LANG": "no_NO@euro"}, "nb"),
        ({"LANG": "de_DE.UTF-8"}, None),
        ({}, None),
    ],
)
def test_messages_are_in_the_language_of_the_system_where_they_speak_it(
    environment: dict[str, str], language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language


def test_a_language_is_taken_before_and_after_the_command(tmp_path: Path) -> None:
    before = CliRunner().invoke(main, ["--project", str(tmp_path), "--lang", "nl", "doctor"]).output
    assert "Hier is geen project" in before
    assert said(tmp_path, "doctor", "--lang", "nl") == before
    assert said(tmp_path, "doctor", LC_ALL="nl_BE.UTF-8") == before
    assert "Ikkje noko prosjekt her" in said(tmp_path, "doctor", "--lang", "nn", LC_ALL="nl_BE.UTF-8")


def test_the_doctor_says_what_a_project_has_and_what_is_missing(published: Settings, tmp_path: Path) -> None:
    report = said(published.root, "doctor")
    assert "tables." in report
    assert "public/: published" in report
    assert "schakel serve: installed" in report
    (tmp_path / "schakel.toml").write_text("base = 1")
    result = CliRunner().invoke(main, ["--project", str(tmp_path), "doctor"])
    assert result.exit_code == 2
    assert "'base' is 1" in result.output


def test_a_process_that_ignores_interrupts_goes_on_ignoring_them() -> None:
    command = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import sys; sys.argv = ['schakel', '--version']; from schakel.__main__ import run\n"
    command += "import atexit; atexit.register(lambda: print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)); run()"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"})
    assert done.stdout.splitlines()[-1] == "True"


def test_the_shell_falls_back_to_the_first_language_of_the_project(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert Shell(published.root, None, 0).language_of(published) == published.languages[0]
