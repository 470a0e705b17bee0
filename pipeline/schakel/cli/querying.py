"""Commands that ask a graph: canned queries, SPARQL, a thing by name."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console

from schakel.answers import Answer
from schakel.cli.output import FORMAT_NAMES, format_of, graph_content, row_content, write
from schakel.cli.shell import Shell, guarded
from schakel.console import description_as_json, show_answer, show_description, show_question, show_questions
from schakel.errors import QueryFailedError, SchakelError
from schakel.interface_texts import word
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import left_out, open_project, queries_of, query_of
from schakel.queries import CannedQuery, form_of
from schakel.settings import Settings, read_settings

__all__ = ["find_command", "query_command", "show_command", "sparql_command"]

_endpoint = click.option("--endpoint", metavar="URL", help="Ask the SPARQL endpoint there. [default: what this project has published]")
_format = click.option("--format", "format_name", type=click.Choice(FORMAT_NAMES), help="How to write the answer. [default: by the name of FILE, else a table]")
_output = click.option("--output", "-o", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the answer into a file.")
_language = click.option("--lang", "language", metavar="TAG", help="Language of names in the answer, as nl. [default: the first in schakel.toml]")
_bom = click.option("--bom", is_flag=True, help="Begin a CSV with the mark by which Excel knows UTF-8.")


@click.command("query", add_help_option=False)
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--param", "-p", "parameters", multiple=True, metavar="NAME=VALUE", help="What the query must know; an IRI, a CURIE, an id or a name.")
@click.option("--all", "everything", is_flag=True, help="Leave out what the query must know: answer for all.")
@_format
@_output
@_bom
@_language
@_endpoint
@click.option("--help", "-h", "wants_help", is_flag=True, help="Show this message; after NAME, what that query asks and answers.")
@click.pass_context
@guarded
def query_command(context: click.Context, /, name: str | None, values: tuple[str, ...], parameters: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401  # as click gives them
    """Ask a canned query; without NAME, list them with their questions.

    \b
    Example:
      schakel query
      schakel query members --help
      schakel query members --param body="Harbour Trust"
      schakel query members body=org/harbour-trust --format csv --output members.csv
    """
    shell = context.find_object(Shell) or Shell(Path(), None, 0)
    if name is None and options["wants_help"]:
        click.echo(context.get_help())
        return
    settings = read_settings(shell.project)
    language = options["language"] or shell.language_of(settings)
    if name is None:
        show_questions(_screen(), list(queries_of(settings).values()), language)
        for file in left_out(settings):
            click.echo(word("left_out", language, file=file), err=True)
        return
    query = query_of(settings, name)
    if options["wants_help"]:
        show_question(_screen(), query, _examples(settings, options["endpoint"], query), language)
        return
    graph = open_project(settings, options["endpoint"])
    given, former = query.renamed(_given((*parameters, *values), query.asks[0].name if query.asks else "parameter"))
    for old, new in former.items():
        click.echo(word("former_parameter", language, old=old, new=new), err=True)
    answer = graph.ask(name, given, language=language, everything=options["everything"])
    _tell(answer, graph, language, options, constant=[each.column for each in query.asks if each.name in given])
    if not answer.rows and given:
        click.echo(_why_no_rows(graph, query, given, language), err=True)


@click.command("sparql")
@click.argument("query", required=False)
@click.option("--file", "-f", "file", type=click.File("r", encoding="utf-8-sig"), help="Read the query from a file; - reads what is piped in.")
@click.option("--explain", "explained", is_flag=True, help="Say how the query is understood, and how many statements each pattern meets; do not ask it.")
@_format
@_output
@_bom
@_language
@_endpoint
@click.pass_obj
@guarded
def sparql_command(shell: Shell, /, query: str | None, file: TextIO | None, *, explained: bool, **options: Any) -> None:  # noqa: ANN401  # as click gives them
    """Ask any SPARQL query that only reads. Known prefixes need no PREFIX line.

    \b
    Example:
      schakel sparql 'SELECT ?body ?name { ?body a org:OrganizationalCollaboration ; skos:prefLabel ?name } ORDER BY ?name'
      schakel sparql --file queries/organisations.rq --format csv
      echo 'ASK { ?goal a sk:Goal }' | schakel sparql
    """
    graph, language = _opened(shell, options["endpoint"], options["language"])
    text = _query_text(query, file)
    if explained:
        # rdflib's SPARQL takes a quarter of a second to import.
        from schakel.queries.explain import explain  # noqa: PLC0415

        click.echo(explain(graph.prepared(text), graph.source, graph.context.prefixes, graph.context.base))
    elif form_of(text) == "SELECT":
        _tell(graph.source.select(graph.prepared(text)), graph, language, options)
    else:
        write(graph_content(graph.reply(text), format_of(options["format_name"], options["output"]), graph.context), options["output"])


@click.command("show")
@click.argument("entity")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@_language
@_endpoint
@click.pass_obj
@guarded
def show_command(shell: Shell, entity: str, language: str | None, endpoint: str | None, *, as_json: bool) -> None:
    """Show what the graph says of ENTITY, and where it was read.

    ENTITY is an IRI, a CURIE, an id (org/harbour-trust, harbour-trust) or a name.

    \b
    Example:
      schakel show "Harbour Trust"
      schakel show org/harbour-trust --lang nb
    """
    graph, wanted = _opened(shell, endpoint, language)
    description = graph.entity(entity, language=wanted)
    if as_json:
        click.echo(description_as_json(description, graph.context))
    else:
        show_description(_screen(), description, graph.context, wanted)


@click.command("find")
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
@_format
@_output
@_bom
@_language
@_endpoint
@click.pass_obj
@guarded
def find_command(shell: Shell, /, text: tuple[str, ...], limit: int, **options: Any) -> None:  # noqa: ANN401  # as click gives them
    """Find things by what they are called; small slips of the pen are forgiven. Exit code 1: nothing was found.

    \b
    Example:
      schakel find harbor trust
    """
    graph, language = _opened(shell, options["endpoint"], options["language"])
    found = graph.find(" ".join(text), language=language, limit=limit)
    if not found.rows:
        click.echo(word("not_found", language, text=" ".join(text)), err=True)
        sys.exit(1)
    _tell(found, graph, language, options)


def _opened(shell: Shell, endpoint: str | None, language: str | None) -> tuple[KnowledgeGraph, str]:
    """Open the graph that a command asks, and say in which language names are wanted."""
    settings = read_settings(shell.project)
    return open_project(settings, endpoint), language or shell.language_of(settings)


def _tell(answer: Answer, graph: KnowledgeGraph, language: str, options: dict[str, Any], constant: Sequence[str] = ()) -> None:
    """Write an answer as it was asked for: a table on a screen, a file, or lines for another program."""
    chosen = format_of(options["format_name"], options["output"])
    if chosen in {None, "table"} and options["output"] is None and sys.stdout.isatty():
        show_answer(_screen(), answer, graph.context, language, constant)
        return
    write(row_content(answer, chosen, bom=options["bom"]), options["output"])
    if not answer.rows:
        click.echo(word("no_rows", language), err=True)


def _why_no_rows(graph: KnowledgeGraph, query: CannedQuery, given: Mapping[str, str], language: str) -> str:
    """Say what each value was taken for, and a value that would have had rows."""
    taken = {each.name: graph.context.short(graph.resolve(given[each.name])) for each in query.asks if each.kind == "iri" and each.name in given}
    examples = graph.examples(query)
    pairs = ", ".join(f"{name} = {value}" for name, value in {**given, **taken}.items())
    others = ", ".join(f"{name} = {examples[name]}" for name in given if name in examples)
    return word("no_rows_for", language, values=pairs, examples=others or "–")


def _given(assignments: Sequence[str], example: str) -> dict[str, str]:
    """Read NAME=VALUE of each."""
    given: dict[str, str] = {}
    for text in assignments:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise click.BadParameter(f"“{text}” is not of the form NAME=VALUE, as in {example}=…", param_hint="--param")
        if name in given:
            raise click.BadParameter(f"{name} is given twice, as “{given[name]}” and as “{value}”", param_hint="--param")
        given[name] = value
    return given


def _query_text(query: str | None, file: TextIO | None) -> str:
    if query is not None and file is not None:
        raise click.UsageError("Give the query itself or --file, not both.")
    if query is None and file is None and sys.stdin.isatty():
        raise click.UsageError("Give a query, --file, or pipe one in.")
    try:
        text = query if query is not None else (file or sys.stdin).read()
    except UnicodeDecodeError as error:
        raise QueryFailedError(f"it is not UTF-8: {error.reason} at byte {error.start}") from None
    if not text.strip():
        raise QueryFailedError("it is empty")
    return text


def _examples(settings: Settings, endpoint: str | None, query: CannedQuery) -> Mapping[str, str]:
    try:
        return open_project(settings, endpoint).examples(query)
    except SchakelError:
        return {}  # help is given without examples where there is no graph to take them from


def _screen() -> Console:
    return Console(highlight=False, emoji=False)
