"""The command that serves what was published."""

import click

from schakel.cli.shell import Shell, guarded
from schakel.errors import EndpointError
from schakel.interface_texts import word
from schakel.settings import read_settings

__all__ = ["serve_command"]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen at; 0.0.0.0 for every one that this machine has.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen at; 0 for any that is free.")
@click.option("--backend", metavar="URL", help="Let the SPARQL endpoint there answer queries. [default: an engine of its own]")
@click.option("--root-path", default="", metavar="PATH", help="Path below which a proxy puts the service, as /lod. [default: that of the base]")
@click.pass_obj
@guarded
def serve_command(shell: Shell, host: str, port: int, backend: str | None, root_path: str) -> None:
    """Serve what was published: pages, things by their IRIs, SPARQL, canned queries as an API.

    What is published meanwhile is taken into service by itself. Needs the extra: pip install 'schakel[serve]'.

    \b
    Example:
      schakel serve
      schakel serve --port 8080 --backend http://localhost:3030/ds/query
    """
    # What only this command needs takes longer to import than most others run.
    from schakel.serve import serve  # noqa: PLC0415

    settings = read_settings(shell.project)
    language = shell.language_of(settings)
    if backend is not None and not backend.startswith(("http://", "https://")):
        raise EndpointError(backend, "its address should begin with http:// or https://")

    def announce(address: str) -> None:
        click.echo(word("serving", language, folder=settings.folder, address=address))

    serve(settings, backend or "", host, port, root_path, announce)
    click.echo(word("served", language))
