"""The command that reasons outside any project."""

import json
import sys
from pathlib import Path

import click

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.inference_result import Contradiction, Inference, Triple
from schakel.interface_texts import word
from schakel.reasoner import ENGINES, infer

__all__ = ["infer_command"]

_SHOWN = 20


@click.command("infer")
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--ontology", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="FILE", help="File or folder of axioms; may be repeated.")
@click.option("--format", "format_name", type=click.Choice(("nt", "turtle", "json")), default="nt", show_default=True, help="How to write what follows.")
@click.option("--everything", is_flag=True, help="Give all that follows, also about the ontology, blank nodes and other names of things.")
@click.option("--explain", is_flag=True, help="Write instead, for each conclusion, what it follows from.")
@click.option("--engine", type=click.Choice(ENGINES), default="schakel", show_default=True, help="What reasons; owlrl explains nothing.")
@click.pass_obj
@guarded
def infer_command(shell: Shell, /, data: tuple[Path, ...], ontology: tuple[Path, ...], *, everything: bool, explain: bool, **options: str) -> None:
    """Write what follows from DATA by the axioms of an ontology, and name what contradicts.

    DATA are RDF files or folders; no project is needed. Exit codes: 0 where nothing contradicts, 1 where something does, 2 where a file cannot be read.

    \b
    Example:
      schakel infer people.ttl --ontology terms.ttl
      schakel infer data/ --ontology ontology/ --explain
    """
    form = options["format_name"]
    found = infer(data, ontology or None, everything=everything, explain=explain or form == "json", engine=options["engine"])
    _warn(found, shell)
    if form == "json":
        click.echo(_as_json(found))
    elif explain:
        for explanation in found.explanations.values():
            click.echo("\n".join(map(visible, explanation.lines())))
    else:
        click.echo(found.to_turtle() if form == "turtle" else found.to_ntriples(), nl=False)
    sys.exit(0 if found.consistent else 1)


def _warn(found: Inference, shell: Shell) -> None:
    language = shell.language or "en"
    warnings = [word("import_missing", language, iri=iri) for iri in found.missing_imports]
    warnings += [word("list_malformed", language, statement=f"{s} {p}") for s, p, _ in found.unreadable_axioms]
    if shell.verbosity >= 0:
        for warning in warnings:
            click.echo(f"{word('warning', language).capitalize()}: {visible(warning)}", err=True)
    for contradiction in found.contradictions[:_SHOWN]:
        click.echo(visible(word("contradiction", language, contradiction=contradiction)), err=True)
    if found.contradiction_count > _SHOWN:
        click.echo(word("more_contradictions", language, count=found.contradiction_count - _SHOWN), err=True)


def _as_json(found: Inference) -> str:
    explained = found.explanations
    triples = [_triple(triple) | ({"rule": explained[triple].rule} if triple in explained else {}) for triple in found.triples]
    contradictions = list(map(_contradiction, found.contradictions))
    return json.dumps({"triples": triples, "contradictions": contradictions, "contradictionCount": found.contradiction_count}, ensure_ascii=False, indent=1)


def _contradiction(contradiction: Contradiction) -> dict[str, object]:
    parts = {"axiom": contradiction.axiom, "premises": contradiction.premises, "statements": contradiction.statements}
    return {"rule": contradiction.rule, **{name: list(map(_triple, triples)) for name, triples in parts.items()}}


def _triple(triple: Triple) -> dict[str, str]:
    return dict(zip(("subject", "predicate", "object"), triple, strict=True))
