"""The command that validates outside a project."""

import json
import sys
from pathlib import Path

import click

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.validation_report import Report
from schakel.validator import ENGINES, validate

__all__ = ["validate_command"]

_FILES = click.Path(exists=True, path_type=Path)


@click.command("validate")
@click.argument("data", nargs=-1, required=True, type=_FILES)
@click.option("--shapes", "-s", multiple=True, required=True, type=_FILES, help="File or folder of shapes; may be repeated.")
@click.option("--ontology", "-o", multiple=True, type=_FILES, help="File or folder of an ontology, which counts as data; may be repeated.")
@click.option("--engine", type=click.Choice(ENGINES), default="schakel", show_default=True, help="What judges.")
@click.option("--format", "form", type=click.Choice(["text", "turtle", "json"]), default="text", show_default=True, help="How the report is written.")
@click.pass_obj
@guarded
def validate_command(  # noqa: PLR0913  # an argument for each option
    shell: Shell, data: tuple[Path, ...], *, shapes: tuple[Path, ...], ontology: tuple[Path, ...], engine: str, form: str
) -> None:
    """Validate RDF files by SHACL shapes, outside any project.

    Exit code 0: the data conform; 1: they do not; 2: it could not be told, as shapes are not well-formed or a file cannot be read.

    \b
    Example:
      schakel validate data.ttl --shapes shapes/
    """
    report = validate(list(data), list(shapes), list(ontology) or None, engine)
    language = shell.language or "en"
    for warning in report.warnings:
        if shell.verbosity >= 0:
            click.echo(f"Warning: {visible(warning.text(language))}", err=True)
    match form:
        case "turtle":
            click.echo(report.to_turtle(), nl=False)
        case "json":
            click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
        case _:
            _show(report, language)
    sys.exit(0 if report.conforms else 1)


def _show(report: Report, language: str) -> None:
    for result in report.results:
        severity = report.shown(f"<{result.severity}>").removeprefix("sh:")
        click.echo(f"{severity}  {visible(report.shown(result.focus))}")
        click.echo(f"  {visible(result.message(language))}")
        click.echo(f"  shape {visible(report.shown(result.shape))}, {report.shown(f'<{result.component}>')}")
    click.echo("The data conform." if report.conforms else f"The data do not conform: {len(report.results)} results.")


def _as_json(report: Report) -> dict[str, object]:
    results = [
        {
            "focus": each.focus,
            "path": each.path,
            "value": each.value,
            "component": each.component,
            "shape": each.shape,
            "severity": each.severity,
            "messages": [{"language": language, "text": text} for language, text in each.messages],
        }
        for each in report.results
    ]
    return {"conforms": report.conforms, "results": results, "warnings": [dict(each.message) for each in report.warnings]}
