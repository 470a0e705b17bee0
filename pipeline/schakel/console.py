"""What a person sees in the terminal: findings as a table, the progress of a run, the outcome in a sentence."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from schakel.build import STAGES, Outcome
from schakel.build import Progress as Announce
from schakel.findings import Finding, Severity, in_language

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
    table.add_column("Where", overflow="fold", ratio=2)
    table.add_column("What is wrong, and how to mend it", overflow="fold", ratio=4)
    for alike in _alike(findings):
        shown = alike if every else alike[:_SHOWN]
        for item in shown:
            sign, colour = _SIGNS[item.severity]
            table.add_row(f"[{colour}]{sign} {item.severity}[/{colour}]", _where(item, every=every), _what(item, language), end_section=item is alike[-1])
        if len(alike) > len(shown):
            table.add_row("", f"… and {len(alike) - len(shown)} more alike", "schakel -v … shows all of them.", end_section=True)
    console.print(table)


def _alike(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault(item.alike(), []).append(item)
    return iter(groups.values())


def _where(item: Finding, *, every: bool) -> str:
    places = [str(place) for place in item.places]
    shown = places if every else places[:_SHOWN]
    more = [f"… and {len(places) - len(shown)} more rows"] if len(places) > len(shown) else []
    return _shown("\n".join([*shown, *more]))


def _what(item: Finding, language: str) -> str:
    text = _shown(item.text(language))
    if item.focus is None:
        return text
    label = in_language(item.focus.label, language)
    value = "" if item.focus.value in {None, item.focus.node} else f" – found: {item.focus.value}"
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


def summary(outcome: Outcome, done: str) -> str:
    """Say in one line what a run came to."""
    counts = Counter(item.severity for item in outcome.findings)
    found = ", ".join(
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 and severity is not Severity.INFO else ''}" for severity in Severity if counts[severity]
    )
    return f"{done} {f'Findings: {found}.' if found else 'No findings.'}"


def outcome_as_json(outcome: Outcome, language: str) -> str:
    """Give an outcome for machines."""
    counts = Counter(item.severity for item in outcome.findings)
    findings = [
        {"kind": item.kind, "severity": str(item.severity), "places": [str(place) for place in item.places], "message": item.text(language)}
        for item in outcome.findings
    ]
    facts = {
        "blocked": outcome.blocked,
        "statements": outcome.statements,
        "passages": outcome.passages,
        "filesPublished": outcome.published,
        "passagesVerified": outcome.verified,
    }
    return json.dumps({**facts, "counts": {str(severity): counts[severity] for severity in Severity}, "findings": findings}, ensure_ascii=False, indent=1)
