"""Commands about versions: what changed between two, and releasing one."""

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from schakel.cli.output import write
from schakel.cli.shell import Shell, guarded
from schakel.errors import SchakelError, SettingsError
from schakel.interface_texts import word
from schakel.pipeline import build
from schakel.releases import FORMATS, RECORD, Version, compare, context_of, release, render, version_of, write_rdf
from schakel.settings import SETTINGS_FILE, Settings, read_settings

__all__ = ["diff_command", "release_command"]

_SAME, _DIFFERENT = 0, 1


@click.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--published", is_flag=True, help="Compare what is published with the files of the project as they are now.")
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to write what changed.")
@click.option("--output", "-o", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write it into a file.")
@click.option(
    "--rdf", "rdf", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="Write changes.rdfp, removed.nq and added.nq there, too."
)
@click.option("--lang", "language", metavar="TAG", help="Language of the words and names. [default: the first in schakel.toml]")
@click.pass_obj
@guarded
def diff_command(  # noqa: PLR0913, PLR0917  # one for each option
    shell: Shell, old: str | None, new: str | None, format_name: str, output: Path | None, rdf: Path | None, language: str | None, *, published: bool
) -> None:
    """Tell what changed between two versions, thing by thing.

    OLD and NEW are releases, folders of publications, or dumps; without NEW, OLD is compared with what is published. Exits with 1 where anything differs.

    \b
    Example:
      schakel diff --published
      schakel diff 1.0.0 1.1.0 --lang nl
      schakel diff old/ public/ --format md --rdf patch/
    """
    if published == (old is not None):
        raise click.UsageError("Give a version to compare with, or --published alone.")
    settings = _settings(shell)
    wanted = language or shell.language or ("en" if settings is None else settings.languages[0])
    with tempfile.TemporaryDirectory(prefix="schakel-diff-") as folder:
        work = Path(folder)
        if published:
            versions = version_of(None, settings, work), _working(_required(settings), work, wanted)
        else:
            versions = version_of(old, settings, work), version_of(new, settings, work)
        context = context_of(settings, versions)
        comparison = compare(*versions, context, [wanted])
        if rdf is not None:
            write_rdf(comparison, rdf, context.base)
        write(render(comparison, format_name, context, wanted), output)
    sys.exit(_DIFFERENT if comparison else _SAME)


def _settings(shell: Shell) -> Settings | None:
    """Read the settings of the project; folders and dumps can be compared without one."""
    return read_settings(shell.project) if (shell.project / SETTINGS_FILE).exists() else None


def _required(settings: Settings | None) -> Settings:
    if settings is None:
        raise SettingsError(Path(SETTINGS_FILE), "no such file; run Schakel in a project's folder, or name it with --project")
    return settings


def _working(settings: Settings, work: Path, language: str) -> Version:
    """Build the files of the project as they are now, apart from what is published."""
    aside = replace(settings, folder=str(work.resolve() / "working"))
    if build(aside, caching=False, dumps_only=True).blocked:
        raise SchakelError("findings block a publication of the project as it is now; “schakel check” lists them")
    return replace(version_of(str(aside.publication), settings, work), name=word("diff_working", language))


@click.command("release")
@click.argument("version", required=False)
@click.option("--note", metavar="TEXT", default="", help="What readers should know about the release, in a sentence or two.")
@click.option("--issued", metavar="MOMENT", help="When it is issued, as 2026-12-01 or 2026-12-01T09:30:00+01:00. [default: now]")
@click.pass_obj
@guarded
def release_command(shell: Shell, version: str | None, note: str, issued: str | None) -> None:
    """Make what is published a release, in releases.toml and releases/.

    Without VERSION the next one is chosen by what changed, or by the date, as [releases] scheme in schakel.toml says. A release never changes.

    \b
    Example:
      schakel build
      schakel release --note "Names as of the merger"
      schakel build
    """
    settings = read_settings(shell.project)
    made = release(settings, version, _moment(issued), note)
    if shell.verbosity >= 0:
        counts = {"added": f"{made.added:,}", "removed": f"{made.removed:,}"}
        click.echo(word("released", shell.language_of(settings), version=made.version, file=RECORD, folder=settings.releases.name, **counts))


def _moment(given: str | None) -> datetime:
    """Read a moment, to the second; one without a time zone is in UTC."""
    if given is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"“{given}” is no moment, as 2026-12-01 or 2026-12-01T09:30:00+01:00 is", param_hint="--issued") from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).replace(microsecond=0)
