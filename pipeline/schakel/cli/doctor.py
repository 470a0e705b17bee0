"""The command that says what is there, and what is missing."""

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from schakel import __version__
from schakel.cli.shell import Shell, guarded, system_language
from schakel.errors import SettingsError
from schakel.interface_texts import word
from schakel.settings import SETTINGS_FILE, Settings, read_settings
from schakel.site.bundle import is_built

__all__ = ["doctor_command"]

# What the extras of the package are for: commands, or methods of answers.
_EXTRAS: Final = {"serve": "schakel serve", "mcp": "schakel mcp", "load": "schakel load", "frames": "Answer.to_pandas()"}
_GIBIBYTE: Final = 1 << 30


@click.command("doctor")
@click.pass_obj
@guarded
def doctor_command(shell: Shell) -> None:
    """Say what is installed, what the project has, and what is missing.

    Exit code 0: the project, if there is one, can be built; 2: its settings cannot be read.

    \b
    Example:
      schakel doctor
    """
    problem, settings = None, None
    if (shell.project / SETTINGS_FILE).exists():
        try:
            settings = read_settings(shell.project)
        except SettingsError as error:
            problem = error
    language = shell.language or system_language() or (settings.languages[0] if settings else "en")
    click.echo(f"Schakel {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for line in (*_installed(language), *_project(shell.project, settings, problem, language)):
        click.echo(line)
    sys.exit(0 if problem is None else 2)


def _installed(language: str) -> Iterator[str]:
    for extra, purpose in _EXTRAS.items():
        missing = [name for name in _packages(extra) if not _is_installed(name)]
        said = word("extra_missing", language, extra=extra) if missing else word("extra_there", language)
        yield f"  {purpose}: {said}"
    yield f"  {word('editor', language)}: {word('extra_there' if is_built() else 'editor_missing', language)}"


def _packages(extra: str) -> list[str]:
    """Give the packages that an extra asks for."""
    try:
        listed = requires("schakel") or []
    except PackageNotFoundError:
        return []
    return [line.partition(";")[0].partition(">")[0].strip() for line in listed if f"extra == '{extra}'" in line or f'extra == "{extra}"' in line]


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return find_spec(package.replace("-", "_")) is not None
    return True


def _project(folder: Path, settings: Settings | None, problem: SettingsError | None, language: str) -> Iterator[str]:
    if problem is not None:
        yield str(problem)
        return
    if settings is None:
        yield word("no_project", language, file=folder / SETTINGS_FILE)
        return
    tables = [path for path in settings.data.rglob("*") if path.suffix.lower() in {".csv", ".tsv", ".xlsx", ".ods", ".json", ".jsonl", ".parquet"}]
    yield word("project_there", language, folder=settings.root.resolve(), tables=len(tables))
    index = settings.publication / "download" / "index.json"
    yield f"  {settings.folder}/: {word('publication_there' if index.is_file() else 'publication_missing', language)}"
    if settings.require_passages:
        captures = settings.captures
        is_there = captures is not None and captures.is_dir()
        yield f"  {word('captures', language)}: {captures if is_there else word('captures_missing', language)}"
    free = shutil.disk_usage(settings.root).free / _GIBIBYTE
    yield f"  {word('free', language, gigabytes=f'{free:.0f}', memory=settings.memory)}"
