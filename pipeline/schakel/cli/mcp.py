"""The command that lets an assistant ask the graph."""

import click

from schakel.cli.shell import Shell, guarded
from schakel.findings import in_language
from schakel.opening import open_project
from schakel.settings import read_settings

__all__ = ["mcp_command"]


@click.command("mcp")
@click.option("--endpoint", metavar="URL", help="Ask the SPARQL endpoint there. [default: what this project has published]")
@click.pass_obj
@guarded
def mcp_command(shell: Shell, endpoint: str | None) -> None:
    """Let an assistant ask the graph, by the Model Context Protocol on standard input and output.

    An assistant starts this command by itself, as its settings say. Needs the extra: pip install 'schakel[mcp]'.

    \b
    Example:
      schakel --project /path/to/project mcp
    """
    # What only this command needs takes longer to import than most others run.
    from schakel.mcp_server import serve_stdio  # noqa: PLC0415

    settings = read_settings(shell.project)
    with open_project(settings, endpoint) as graph:
        serve_stdio(graph, in_language(settings.title, "en"))
