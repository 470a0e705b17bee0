"""Commands that make and check a publication."""

import sys
from pathlib import Path

import click
from rich.console import Console

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.console import outcome_as_json, progress, show_findings, summary
from schakel.interface_texts import word
from schakel.pipeline import Outcome, build, check, clean, record_evidence
from schakel.project.text_lint import mends
from schakel.settings import CAPTURES_VARIABLE, Settings, read_settings
from schakel.site import is_built

__all__ = ["build_command", "check_command", "clean_command", "evidence_command"]

_captures = click.option(
    "--captures", type=click.Path(file_okay=False, path_type=Path), help=f"Folder of the captured pages. [default: ${CAPTURES_VARIABLE}, else schakel.toml]"
)
_no_cache = click.option("--no-cache", is_flag=True, help="Use nothing that earlier runs kept, and keep nothing.")
_json = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command("build")
@click.option("--dumps-only", is_flag=True, help="Publish the dumps, the catalogue and the report: no files of entities, no answers.")
@_no_cache
@_json
@click.pass_obj
@guarded
def build_command(shell: Shell, *, dumps_only: bool, no_cache: bool, as_json: bool) -> None:
    """Build the graph and publish it, whole or not at all.

    Pages and answers that would be the same are taken from the last run. The same input gives the same bytes.

    \b
    Example:
      schakel --lang nl build
    """
    settings = read_settings(shell.project)
    with progress(Console(stderr=True)) as announce:
        outcome = build(settings, announce, caching=not no_cache, dumps_only=dumps_only)
    counts = {"statements": f"{outcome.statements:,}", "passages": f"{outcome.passages:,}", "files": f"{outcome.published:,}"}
    published = "published" if outcome.passages else "published_tables"
    done = word("not_published" if outcome.blocked else published, shell.language_of(settings), folder=settings.folder, **counts)
    # A remark for a person at a terminal; what a program reads stays as it is, whether there is an editor or not.
    if outcome.published and not dumps_only and not is_built() and shell.verbosity >= 0 and sys.stderr.isatty():
        click.echo(word("no_editor", shell.language_of(settings)), err=True)
    _finish(shell, settings, outcome, done, as_json=as_json)


@click.command("check")
@_captures
@click.option("--fix", is_flag=True, help="First mend faulty characters in the CSV files of data/, showing what changes.")
@click.option("--second-opinion", is_flag=True, help="Compare conclusions with owlrl's and results with pySHACL's; takes minutes.")
@_json
@click.pass_obj
@guarded
def check_command(shell: Shell, captures: Path | None, *, fix: bool, second_opinion: bool, as_json: bool) -> None:
    """Check tables, evidence, mapping and shapes; publish nothing.

    \b
    Example:
      schakel check --captures pages/
    """
    settings = read_settings(shell.project, captures=captures)
    if fix:
        _fix(settings)
    with progress(Console(stderr=True)) as announce:
        outcome = check(settings, announce, second_opinion=second_opinion)
    language = shell.language_of(settings)
    verified = word("verified" if outcome.verified else "not_verified", language)
    done = word("checked", language, statements=f"{outcome.statements:,}", passages=f"{outcome.passages:,}", verified=verified)
    _finish(shell, settings, outcome, done, as_json=as_json)


@click.command("evidence")
@_captures
@_json
@click.pass_obj
@guarded
def evidence_command(shell: Shell, captures: Path | None, *, as_json: bool) -> None:
    """Find every passage in its captured page, and write data/evidence.lock.csv.

    \b
    Example:
      schakel evidence --captures pages/
    """
    settings = read_settings(shell.project, captures=captures)
    outcome = record_evidence(settings)
    done = word("lock_not_written" if outcome.blocked else "located", shell.language_of(settings), passages=f"{outcome.passages:,}")
    _finish(shell, settings, outcome, done, as_json=as_json)


@click.command("clean")
@click.pass_obj
@guarded
def clean_command(shell: Shell) -> None:
    """Remove the pages and answers that runs keep for the next (the folder .schakel). The publication stays.

    \b
    Example:
      schakel clean
    """
    clean(read_settings(shell.project))


def _fix(settings: Settings) -> None:
    """Show what is to be mended in the tables, ask where somebody is at a terminal, and write it."""
    for mend in list(mends(settings.data, settings.root)):
        for line in mend.diff().splitlines():
            click.echo(visible(line), err=True)
        if not sys.stdin.isatty() or click.confirm(mend.file, default=True, err=True):
            mend.write()


def _finish(shell: Shell, settings: Settings, outcome: Outcome, done: str, *, as_json: bool) -> None:
    """Tell the outcome and leave with the exit code that says whether anything blocks."""
    language = shell.language_of(settings)
    if shell.verbosity > 0:
        click.echo("".join(f"{note}\n" for note in outcome.notes), err=True, nl=False)
    if as_json:
        click.echo(outcome_as_json(outcome))
    else:
        blocking_only = [item for item in outcome.findings if item.severity in settings.blocks]
        console = Console(soft_wrap=False)
        show_findings(console, blocking_only if shell.verbosity < 0 else outcome.findings, language, every=shell.verbosity > 0)
        if shell.verbosity >= 0:
            click.echo(f"{done} {summary(outcome.findings, language)}")
    sys.exit(1 if outcome.blocked else 0)
