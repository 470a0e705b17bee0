"""The command line: one short function a command, and no logic of its own."""

import io
import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from schakel import __version__
from schakel.cli.shell import Shell

__all__ = ["main"]

# Each command with its module, which is imported when the command is asked for: who builds does not wait for what asks, and the other way round.
_MODULES: Final = {
    "new": "scaffolding",
    "build": "building",
    "check": "building",
    "evidence": "building",
    "clean": "building",
    "query": "querying",
    "sparql": "querying",
    "show": "querying",
    "find": "querying",
    "why": "explaining",
    "embed": "embedding",
    "load": "loading",
    "infer": "inferring",
    "serve": "serving",
    "mcp": "mcp",
    "validate": "validating",
    "diff": "releasing",
    "release": "releasing",
    "judge": "judging",
    "doctor": "doctor",
}


def _with_language(command: click.Command) -> click.Command:
    """Let a command take `--lang` as the program does before it, where it has no such option of its own."""
    if not any("--lang" in each.opts for each in command.params):
        command.params.append(click.Option(["--lang", "message_language"], metavar="TAG", hidden=True, expose_value=False, callback=_speak))
    return command


def _speak(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    shell = context.find_object(Shell)
    if value and shell is not None:
        context.obj = replace(shell, language=value)


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name."""

    def __init__(self) -> None:
        self._read: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._read:
            self._read[name] = _with_language(getattr(import_module(f"schakel.cli.{_MODULES[name]}"), f"{name}_command"))
        return self._read[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._read[name] = command

    def __delitem__(self, name: str) -> None:
        del self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**_MODULES, **self._read})

    def __len__(self) -> int:
        return len({*_MODULES, *self._read})


@click.group(commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="schakel")
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder that holds schakel.toml. [default: here]")
@click.option(
    "--lang",
    "language",
    metavar="TAG",
    help="Language of messages: en, nl, nb or nn; also after the command. [default: that of the system, or the first in schakel.toml]",
)
@click.option("-v", "--verbose", is_flag=True, help="Name every place, and what Oxigraph had to do.")
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


@main.command("completion")
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
