"""The command line: one short function a command, and no logic of its own.

Exit codes: 0 fine, 1 findings that block, 2 could not run.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from click.shell_completion import get_completion_class
from rich.console import Console

from schakel import __version__
from schakel.build import Outcome, build, check, record_evidence
from schakel.console import outcome_as_json, progress, show_findings, summary
from schakel.errors import SchakelError
from schakel.settings import CAPTURES_VARIABLE, Settings, read_settings
from schakel.words import word

__all__ = ["main"]

P = ParamSpec("P")


@dataclass(frozen=True)
class _Shell:
    """How a run was asked for: the project, the language of messages, and how much to say."""

    project: Path
    language: str | None
    verbosity: int

    def language_of(self, settings: Settings) -> str:
        """Give the language asked for, or the first of the project."""
        return self.language or settings.languages[0]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="schakel")
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder that holds schakel.toml. [default: here]")
@click.option("--lang", "language", metavar="TAG", help="Language of messages: en, nl or nb. [default: the first in schakel.toml]")
@click.option("-v", "--verbose", is_flag=True, help="Name every place, not only the first few.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but findings that block.")
@click.pass_context
def main(context: click.Context, project: Path, language: str | None, *, verbose: bool, quiet: bool) -> None:
    """Publish a knowledge graph from tables whose rows cite the passages they were read in.

    \b
    Example:
      schakel build
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign gets its code, not an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    context.obj = _Shell(project, language, int(verbose) - int(quiet))


def _guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what keeps Schakel from working into one line and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            click.echo("Stopped; what was published before is as it was.", err=True)
            sys.exit(2)
        except BrokenPipeError:
            raise  # whoever reads the output has seen enough; click ends quietly
        except (SchakelError, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)
        except Exception as error:
            shell = click.get_current_context().find_object(_Shell)
            if shell is not None and shell.verbosity > 0:
                raise
            click.echo(f"Error: Schakel itself failed ({type(error).__name__}: {error}). Please report it, with what “schakel -v …” prints.", err=True)
            sys.exit(2)

    return run


_captures = click.option(
    "--captures", type=click.Path(file_okay=False, path_type=Path), help=f"Folder of the captured pages. [default: ${CAPTURES_VARIABLE}, else schakel.toml]"
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@main.command("build")
@_json
@click.pass_obj
@_guarded
def build_command(shell: _Shell, *, as_json: bool) -> None:
    """Build the graph and publish it, whole or not at all.

    \b
    Example:
      schakel --lang nl build
    """
    settings = read_settings(shell.project)
    with progress(Console(stderr=True)) as announce:
        outcome = build(settings, announce)
    counts = {"statements": f"{outcome.statements:,}", "passages": f"{outcome.passages:,}", "files": f"{outcome.published:,}"}
    done = word("not_published" if outcome.blocked else "published", shell.language_of(settings), folder=settings.folder, **counts)
    _finish(shell, settings, outcome, done, as_json=as_json)


@main.command("check")
@_captures
@_json
@click.pass_obj
@_guarded
def check_command(shell: _Shell, captures: Path | None, *, as_json: bool) -> None:
    """Check evidence, mapping and shapes; publish nothing.

    \b
    Example:
      schakel check --captures pages/
    """
    settings = read_settings(shell.project, captures=captures)
    with progress(Console(stderr=True)) as announce:
        outcome = check(settings, announce)
    language = shell.language_of(settings)
    verified = word("verified" if outcome.verified else "not_verified", language)
    done = word("checked", language, statements=f"{outcome.statements:,}", passages=f"{outcome.passages:,}", verified=verified)
    _finish(shell, settings, outcome, done, as_json=as_json)


@main.command("evidence")
@_captures
@_json
@click.pass_obj
@_guarded
def evidence_command(shell: _Shell, captures: Path | None, *, as_json: bool) -> None:
    """Find every passage in its captured page, and write data/evidence.lock.csv.

    \b
    Example:
      schakel evidence --captures pages/
    """
    settings = read_settings(shell.project, captures=captures)
    outcome = record_evidence(settings)
    done = word("lock_not_written" if outcome.blocked else "located", shell.language_of(settings), passages=f"{outcome.passages:,}")
    _finish(shell, settings, outcome, done, as_json=as_json)


@main.command("completion")
@click.argument("shell_name", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell_name: str) -> None:
    """Print the completion script for a shell: bash, zsh or fish.

    \b
    Example:
      schakel completion bash >> ~/.bashrc
    """
    completion = get_completion_class(shell_name)
    if completion is not None:
        click.echo(completion(main, {}, "schakel", "_SCHAKEL_COMPLETE").source())


def _finish(shell: _Shell, settings: Settings, outcome: Outcome, done: str, *, as_json: bool) -> None:
    """Tell the outcome and leave with the exit code that says whether anything blocks."""
    language = shell.language_of(settings)
    if as_json:
        click.echo(outcome_as_json(outcome))
    else:
        blocking_only = [item for item in outcome.findings if item.severity in settings.blocks]
        console = Console(soft_wrap=False)
        show_findings(console, blocking_only if shell.verbosity < 0 else outcome.findings, language, every=shell.verbosity > 0)
        if shell.verbosity >= 0:
            click.echo(f"{done} {summary(outcome.findings, language)}")
    sys.exit(1 if outcome.blocked else 0)
