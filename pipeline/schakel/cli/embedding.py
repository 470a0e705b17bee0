"""The command that makes what a web page embeds, and holds a page against it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
from rich.console import Console

from schakel.cli.shell import Shell, guarded
from schakel.console import checked_as_json, show_checked
from schakel.errors import NothingToEmbedError, PageUnreadableError, QueryFailedError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_project
from schakel.settings import Settings, read_settings
from schakel.structured_data import SCHEMA_ORG_FILE, CheckedPage, SchemaOrg, check_page, fetch, read_schema_org, script
from schakel.structured_data.fetch import decoded

__all__ = ["embed_command"]

_PAGES: Final = frozenset({".htm", ".html", ".xhtml"})
_MOST_BYTES: Final = 50_000_000


@click.command("embed")
@click.argument("entity", required=False)
@click.option("--check", "page", metavar="PAGE", help="Hold the page in a file, at a URL, or every page in a folder against the graph; print nothing to paste.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to write it: as a script, or what differs as a table; or as JSON.",
)
@click.option(
    "--lang", "language", metavar="TAG", help="Language of the page, as nl. [default: with --check what the page says, else the first in schakel.toml]"
)
@click.option("--endpoint", metavar="URL", help="Ask the SPARQL endpoint there. [default: what this project has published]")
@click.pass_obj
@guarded
def embed_command(shell: Shell, /, entity: str | None, page: str | None, **options: str | None) -> None:
    """Print the JSON-LD of schema.org to paste into the page of ENTITY, or check a page that has it.

    ENTITY is an IRI, a CURIE, an id or a name. With --check it may be left out: it is what the page embeds, or what its canonical address is.

    \b
    Example:
      schakel embed "Harbour Trust" --lang nl
      schakel embed --check https://www.example.org/about.html harbour-trust
      schakel embed --check public/
    """
    if page is None and entity is None:
        raise click.UsageError("Give ENTITY, or --check with a page.")
    settings = read_settings(shell.project)
    with open_project(settings, options["endpoint"]) as graph:
        schema_org = _schema_org(graph, settings)
        about = None if entity is None else _known(graph.resolve(entity).value, schema_org)
    otherwise = shell.language_of(settings)
    if page is None:
        _print(schema_org, str(about), options["language"] or otherwise, as_json=options["format_name"] == "json")
        return
    checked, passed_over = _checked(schema_org, page, about, options["language"], otherwise)
    if options["format_name"] == "json":
        click.echo(checked_as_json(checked, passed_over))
    else:
        show_checked(Console(highlight=False, emoji=False), checked, passed_over, otherwise, settings.base)
    if any(each.differences for each in checked.values()):
        sys.exit(1)


def _schema_org(graph: KnowledgeGraph, settings: Settings) -> SchemaOrg:
    query, findings = read_schema_org(settings.queries / "exports", settings.root)
    if query is None:
        told = " ".join(item.text("en") for item in findings)
        if told:
            raise QueryFailedError(told)
        raise NothingToEmbedError(f"the project has no queries/exports/{SCHEMA_ORG_FILE}, which says what it is in the words of schema.org")
    return SchemaOrg(graph.reply(query).content, settings.languages)


def _known(entity: str, schema_org: SchemaOrg) -> str:
    if entity not in schema_org:
        raise NothingToEmbedError(f"queries/exports/{SCHEMA_ORG_FILE} says nothing of {entity}")
    return entity


def _print(schema_org: SchemaOrg, entity: str, language: str, *, as_json: bool) -> None:
    written = script(schema_org.document(entity, language), indent=1)
    # As JSON it is the same without the element around it.
    click.echo("\n".join(written.splitlines()[1:-1]) if as_json else written)


def _checked(schema_org: SchemaOrg, page: str, entity: str | None, language: str | None, otherwise: str) -> tuple[dict[str, CheckedPage], int]:
    """Check the page, or each of the folder that is about something of the graph; tell how many others there are."""
    if not (urlsplit(page).scheme in {"http", "https"} or Path(page).is_dir()):
        return {page: check_page(schema_org, _read(Path(page)), language, otherwise, entity)}, 0
    if not Path(page).is_dir():
        return {page: check_page(schema_org, fetch(page), language, otherwise, entity)}, 0
    checked = {path.as_posix(): check_page(schema_org, _read(path), language, otherwise, entity) for path in _pages(Path(page))}
    known = {name: each for name, each in checked.items() if each.entity is not None}
    if not known:
        raise NothingToEmbedError(f"no page in {page} is about anything of the graph")
    return known, len(checked) - len(known)


def _pages(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _PAGES and path.is_file())


def _read(path: Path) -> str:
    if not path.is_file():
        raise PageUnreadableError(str(path), "there is no such file")
    if path.stat().st_size > _MOST_BYTES:
        raise PageUnreadableError(str(path), f"it is larger than {_MOST_BYTES:,} bytes")
    return decoded(path.read_bytes())
