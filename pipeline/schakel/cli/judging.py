"""The command that holds a publication against application profiles."""

import json
import sys

import click

from schakel.answers import visible
from schakel.cli.shell import Shell, guarded
from schakel.interface_texts import word
from schakel.profiles import Gap, Judgement, judge_profile, profile_files
from schakel.settings import read_settings

__all__ = ["judge_command"]


@click.command("judge")
@click.argument("profiles", nargs=-1, required=True, metavar="PROFILE...")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
@guarded
def judge_command(shell: Shell, profiles: tuple[str, ...], *, as_json: bool) -> None:
    """Judge what was published by application profiles: their SHACL shapes, such as those of DCAT-AP or CPOV.

    PROFILE is a file or folder of shapes, or its name in the folder profiles/ of the project or in $SCHAKEL_PROFILES. For each gap the setting or column is
    named that would fill it. Exit code 0: what the profiles demand is met; 1: it is not; 2: it could not be told.

    \b
    Example:
      schakel judge dcat-ap dcat-ap-nl
      schakel judge shapes-of-our-register.ttl --json
    """
    settings = read_settings(shell.project)
    language = shell.language_of(settings)
    judged = {profile: judge_profile(settings, profile_files(settings, profile)) for profile in profiles}
    if as_json:
        click.echo(json.dumps({name: _as_json(judgement) for name, judgement in judged.items()}, ensure_ascii=False, indent=1))
    else:
        for name, judgement in judged.items():
            _show(name, judgement, language)
    sys.exit(1 if any(gap.blocks for judgement in judged.values() for gap in judgement.gaps) else 0)


def _show(name: str, judgement: Judgement, language: str) -> None:
    demanded = sum(gap.blocks for gap in judgement.gaps)
    click.echo(word("judged", language, profile=name, demanded=demanded, recommended=len(judgement.gaps) - demanded))
    for gap in judgement.gaps:
        focus = visible(judgement.report.shown(gap.result.focus))
        others = f" {word('and_others', language, count=gap.count - 1)}" if gap.count > 1 else ""
        click.echo(f"  {word('demanded' if gap.blocks else 'recommended', language)}  {focus}{others}")
        click.echo(f"    {visible(gap.result.message(language))}")
        click.echo(f"    {_remedy(gap, language)}")


def _remedy(gap: Gap, language: str) -> str:
    if gap.remedy.setting:
        return word("mend_by_setting", language, setting=gap.remedy.setting)
    if gap.remedy.table:
        return word("mend_by_column", language, column=gap.remedy.column, table=gap.remedy.table)
    return word("mend_by_mapping", language)


def _as_json(judgement: Judgement) -> list[dict[str, object]]:
    return [
        {
            "demanded": gap.blocks,
            "focus": gap.result.focus,
            "count": gap.count,
            "path": gap.result.path,
            "component": gap.result.component,
            "messages": [{"language": language, "text": text} for language, text in gap.result.messages],
            "setting": gap.remedy.setting or None,
            "table": gap.remedy.table or None,
            "column": gap.remedy.column or None,
        }
        for gap in judgement.gaps
    ]
