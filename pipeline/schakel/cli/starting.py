"""The command that makes a project."""

from pathlib import Path

import click

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.scaffold import Draft, draft_project, write_project

__all__ = ["new_command"]


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with tables to draft from; may be repeated."
)
@click.option("--base", help="What every address begins with. [default: https://example.org/ and the folder's name]")
@click.option("--dry-run", is_flag=True, help="Show the files and decisions; write nothing.")
@click.pass_obj
@guarded
def new_command(shell: Shell, folder: Path, *, files: tuple[Path, ...], base: str | None, dry_run: bool) -> None:
    """Make a project in FOLDER: the smallest that publishes, or one from your tables.

    Reads .csv, .tsv, .xlsx, .ods, .json, .jsonl and .parquet as they are, drafts a mapping, terms, a shape and a query for each table, and says what was
    decided for each column.

    \b
    Example:
      schakel new hospitals --from Hospitals.xlsx
      schakel --project hospitals build
    """
    name = folder.resolve().name
    draft = draft_project(name, files, base or f"https://example.org/{name}/")
    if not dry_run:
        write_project(draft, folder)
    if shell.verbosity >= 0:
        _show(draft, folder, dry_run=dry_run)


def _show(draft: Draft, folder: Path, *, dry_run: bool) -> None:
    table = ""
    for name, column, sentence in draft.decisions:
        if name != table:
            click.echo(f"{visible(name)}:")
            table = name
        click.echo(visible(f"  {column}: {sentence}" if column else f"  {sentence}"))
    files = sorted([*draft.texts, *draft.copies])
    click.echo(("It would write" if dry_run else "Wrote") + f" {len(files)} files in {folder}: {', '.join(files)}.")
    if not dry_run:
        click.echo(f"Next: schakel --project {folder} build")
