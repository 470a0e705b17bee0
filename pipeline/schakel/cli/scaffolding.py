"""The command that makes a project."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.rdf_reading import RDF_FILES
from schakel.scaffold import Draft, draft_project, write_project
from schakel.table_files import TABLE_SUFFIXES

__all__ = ["new_command"]


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File with tables or RDF to draft from, or folder of such files; may be repeated.",
)
@click.option("--base", help="What every address begins with. [default: https://example.org/ and the folder's name]")
@click.option("--dry-run", is_flag=True, help="Show the files and decisions; write nothing.")
@click.pass_obj
@guarded
def new_command(shell: Shell, folder: Path, *, files: tuple[Path, ...], base: str | None, dry_run: bool) -> None:
    """Make a project in FOLDER: the smallest that publishes, or one from your tables or RDF.

    Reads .csv, .tsv, .xlsx, .ods, .json, .jsonl and .parquet as they are, drafts a mapping, terms, a shape and a query for each table, and says what was
    decided for each column. Files of RDF (.ttl, .nt, .nq, .trig, .rdf, .owl, .jsonld) are published as they are; terms, shapes and queries are drafted
    for each class.

    \b
    Example:
      schakel new hospitals --from Hospitals.xlsx
      schakel --project hospitals build
    """
    name = folder.resolve().name
    draft = draft_project(name, list(_files(files)), base or f"https://example.org/{name}/")
    if not dry_run:
        write_project(draft, folder)
    if shell.verbosity >= 0:
        _show(draft, folder, dry_run=dry_run)


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for each in given:
        if each.is_dir():
            yield from sorted(path for path in each.rglob("*") if path.is_file() and path.suffix in {*TABLE_SUFFIXES, *RDF_FILES})
        else:
            yield each


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
