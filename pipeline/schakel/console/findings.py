"""What a person sees in the terminal: findings as a table, the progress of a run, the outcome in a sentence."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from schakel.findings import Finding, Severity, by_severity, in_language
from schakel.interface_texts import counted, place, word
from schakel.pipeline import STAGES, Outcome
from schakel.pipeline import Progress as Announce
from schakel.publish import findings_as_json

__all__ = ["outcome_as_json", "progress", "show_findings", "summary"]

# A sign beside the colour: colour is never alone in saying something.
_SIGNS = {Severity.VIOLATION: ("✗", "red"), Severity.WARNING: ("!", "yellow"), Severity.INFO: ("i", "blue")}
_SHOWN = 3


def show_findings(console: Console, findings: Sequence[Finding], language: str, *, every: bool = False) -> None:
    """Print findings, those of one kind or shape together: the first few (or `every`), and how many more there are alike."""
    if not findings:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column(word("where", language), overflow="fold", ratio=2)
    table.add_column(word("what", language), overflow="fold", ratio=4)
    for alike in _alike(findings):
        shown = alike if every else alike[:_SHOWN]
        for item in shown:
            sign, colour = _SIGNS[item.severity]
            severity = f"[{colour}]{sign} {word(item.severity, language)}[/{colour}]"
            table.add_row(severity, _where(item, language, every=every), _what(item, language), end_section=item is alike[-1])
        if len(alike) > len(shown):
            table.add_row("", word("more_alike", language, count=len(alike) - len(shown)), word("show_all", language), end_section=True)
    console.print(table)


def _alike(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault(item.alike(), []).append(item)
    return iter(groups.values())


def _where(item: Finding, language: str, *, every: bool) -> str:
    places = [place(each, language) for each in item.places]
    shown = places if every else places[:_SHOWN]
    more = [word("more_rows", language, count=len(places) - len(shown))] if len(places) > len(shown) else []
    return _shown("\n".join([*shown, *more]))


def _what(item: Finding, language: str) -> str:
    text = _shown(item.text(language))
    if item.focus is None:
        return text
    label = in_language(item.focus.label, language)
    value = "" if item.focus.value in {None, item.focus.node} else f" – {word('found', language, value=item.focus.value)}"
    return f"{text}\n[dim]{_shown(f'{label} <{item.focus.node}>{value}'.strip())}[/dim]"


def _shown(text: str) -> str:
    """Make text safe to print: no markup, and no character that commands a terminal."""
    return escape("".join(sign if sign.isprintable() or sign == "\n" else f"\\x{ord(sign):02x}" for sign in text))


@contextmanager
def progress(console: Console) -> Iterator[Announce]:
    """Show a bar that moves with the stages, on a terminal only."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=len(STAGES))

        def announce(stage: str) -> None:
            bar.update(task, description=stage, completed=STAGES.index(stage))

        yield announce


def summary(findings: Sequence[Finding], language: str) -> str:
    """Say how many findings of which severity there are."""
    found = ", ".join(counted(severity, count, language) for severity, count in by_severity(findings).items() if count)
    return word("findings", language, found=found) if found else word("nothing_found", language)


def outcome_as_json(outcome: Outcome) -> str:
    """Give an outcome for machines, its findings as in `report.json`."""
    facts = {
        "blocked": outcome.blocked,
        "statements": outcome.statements,
        "passages": outcome.passages,
        "filesPublished": outcome.published,
        "passagesVerified": outcome.verified,
    }
    rest = {"counts": by_severity(outcome.findings), "findings": findings_as_json(outcome.findings)}
    return json.dumps({**facts, **rest}, ensure_ascii=False, indent=1)
