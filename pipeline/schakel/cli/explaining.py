"""The command that tells why a statement is in the graph."""

import click
from rich.console import Console

from schakel.cli.shell import Shell, guarded
from schakel.console import show_explanations
from schakel.explaining import as_dot, as_json, as_json_lines
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_project
from schakel.settings import read_settings

__all__ = ["why_command"]


@click.command("why")
@click.argument("subject", required=False)
@click.argument("predicate", required=False)
@click.argument("object", required=False)
@click.option("--all", "everything", is_flag=True, help="Explain everything that follows by reasoning, as JSON Lines; takes --format json.")
@click.option(
    "--format", "format_name", type=click.Choice(("text", "json", "dot")), default="text", show_default=True, help="How to write it; dot is for Graphviz."
)
@click.option("--lang", "language", metavar="TAG", help="Language of names and words, as nl. [default: the first in schakel.toml]")
@click.pass_obj
@guarded
def why_command(shell: Shell, /, subject: str | None, language: str | None, *, everything: bool, **options: str | None) -> None:
    """Tell why a statement is in the graph: where it was read, or how it follows.

    Each of SUBJECT, PREDICATE and OBJECT is an IRI, a CURIE, an id or a name; OBJECT also a text, number or date. Without OBJECT all values are explained,
    and without PREDICATE all that is said of SUBJECT, in short.

    \b
    Example:
      schakel why "Lighthouse Friends" org:memberOf "Harbour Trust"
      schakel why lighthouse-friends "member of"
      schakel why org/harbour-trust
    """
    if everything is not (subject is None):
        raise click.UsageError("Give SUBJECT, or --all without one.")
    form = options["format_name"]
    if everything and form != "json":
        raise click.UsageError("--all is written as JSON Lines; add --format json.")
    settings = read_settings(shell.project)
    wanted = language or shell.language_of(settings)
    with open_project(settings) as graph:
        if subject is None:
            for line in as_json_lines(graph.why_all(language=wanted)):
                click.echo(line)
        else:
            _tell(graph, (subject, options["predicate"], options["object"]), form, wanted)


def _tell(graph: KnowledgeGraph, asked: tuple[str, str | None, str | None], form: str | None, language: str) -> None:
    explanations = graph.why(*asked, language=language)
    if form == "json":
        click.echo(as_json(explanations))
    elif form == "dot":
        click.echo(as_dot(explanations, language), nl=False)
    else:
        show_explanations(Console(highlight=False, emoji=False), explanations, language, brief=asked[1] is None)
