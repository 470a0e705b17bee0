"""The command that shows what a reasoner goes by."""

import click

from schakel.cli.shell import Shell, guarded
from schakel.inference import rule_file
from schakel.namespaces import known_prefixes
from schakel.settings import read_settings
from schakel.vocabulary import read_vocabulary
from schakel.words import word

__all__ = ["rules_command"]


@click.command("rules")
@click.pass_obj
@guarded
def rules_command(shell: Shell) -> None:
    """Print the rules that the ontology's axioms amount to, as Nemo runs them.

    \b
    Example:
      schakel rules
      schakel rules > ontology.rls
    """
    settings = read_settings(shell.project)
    vocabulary, findings = read_vocabulary(settings.ontology, settings.root, settings.base)
    for file in sorted({place.file for item in findings for place in item.places}):
        click.echo(word("left_out", shell.language_of(settings), file=file), err=True)
    click.echo(rule_file(vocabulary.triples, known_prefixes(vocabulary.prefixes)), nl=False)
