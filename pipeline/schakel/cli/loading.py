"""The command that loads a publication into a triple store."""

import sys
from typing import Any

import click
from rich.console import Console

from schakel.cli.shell import Shell, guarded
from schakel.console import loading_progress, told_of
from schakel.errors import NotVerifiedError
from schakel.interface_texts import word
from schakel.load import LAYOUTS, PROFILES, Wanted, load
from schakel.settings import read_settings

__all__ = ["load_command"]


@click.command("load")
@click.argument("endpoint")
@click.option("--store", type=click.Choice(list(PROFILES)), help="Which kind of store it is. [default: as it says itself]")
@click.option(
    "--graphs",
    "layout",
    type=click.Choice(list(LAYOUTS)),
    default="merged",
    show_default=True,
    help="One graph with everything, those of the dataset, or both.",
)
@click.option("--graph", metavar="IRI", help="Which graph the merged one is. [default: the one that queries see]")
@click.option("--dry-run", is_flag=True, help="Say what would change, and send nothing.")
@click.option("--keep", type=click.IntRange(0, 100), default=0, show_default=True, metavar="N", help="Keep so many older versions in the store.")
@click.option("--replace", is_flag=True, help="Empty the graphs that another layout has filled.")
@click.option("--auth", type=click.Choice(["asked", "always"]), default="asked", show_default=True, help="Send a name and password when asked, or always.")
@click.pass_obj
@guarded
def load_command(shell: Shell, /, endpoint: str, **options: Any) -> None:  # noqa: ANN401  # as click gives them
    """Load what is published into the triple store at ENDPOINT.

    What differs from what is in use there is sent in one update, and what is in use then is read back and compared. A load that was cut off is completed, or
    undone.
    Credentials come from SCHAKEL_LOAD_USER and SCHAKEL_LOAD_PASSWORD, or SCHAKEL_LOAD_TOKEN, from netrc, or from the keyring.

    \b
    Example:
      schakel load http://localhost:3030/schakel
      schakel load http://localhost:7878 --graphs named --keep 2
    """
    if options["graph"] is not None and options["layout"] == "named":
        raise click.UsageError("--graph names the merged graph; the graphs of --graphs named have their names.")
    options["always"] = options.pop("auth") == "always"
    settings = read_settings(shell.project)
    language = shell.language_of(settings)
    try:
        with loading_progress(Console(stderr=True), language) as announce:
            loaded = load(settings, endpoint, Wanted(**options), announce)
    except KeyboardInterrupt:
        click.echo(word("load_stopped", language), err=True)
        sys.exit(130)
    except NotVerifiedError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    if shell.verbosity >= 0:
        for line in told_of(loaded, language):
            click.echo(line)
