"""The command line: one short function a command, and no logic of its own."""

import io
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from schakel import __version__
from schakel.cli.asking import find_command, query_command, show_command, sparql_command
from schakel.cli.building import build_command, check_command, clean_command, evidence_command
from schakel.cli.embedding import embed_command
from schakel.cli.explaining import why_command
from schakel.cli.loading import load_command
from schakel.cli.reasoning import rules_command
from schakel.cli.serving import serve_command
from schakel.cli.shell import Shell

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="schakel")
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder that holds schakel.toml. [default: here]")
@click.option("--lang", "language", metavar="TAG", help="Language of messages: en, nl or nb. [default: the first in schakel.toml]")
@click.option("-v", "--verbose", is_flag=True, help="Name every place, not only the first few.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but findings that block.")
@click.pass_context
def main(context: click.Context, project: Path, language: str | None, *, verbose: bool, quiet: bool) -> None:
    """Publish a knowledge graph from tables whose rows cite the passages they were read in, and ask it.

    \b
    Example:
      schakel build
      schakel query
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign gets its code, not an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    context.obj = Shell(project, language, int(verbose) - int(quiet))


@click.command("completion")
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


for _command in (
    build_command,
    check_command,
    evidence_command,
    clean_command,
    query_command,
    sparql_command,
    show_command,
    find_command,
    why_command,
    embed_command,
    load_command,
    rules_command,
    serve_command,
    completion_command,
):
    main.add_command(_command)
