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
_PLACES_SHOWN = 3


def show_findings(console: Console, findings: Sequence[Finding], language: str, *, every_place: bool = False) -> None:
    """Print findings, those that say the same together with how many there are."""
    if not findings:
        return
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("Where", overflow="fold", ratio=2)
    table.add_column("What is wrong, and how to mend it", overflow="fold", ratio=4)
    for alike in _alike(findings, language):
        first = alike[0]
        sign, colour = _SIGNS[first.severity]
        places = list(dict.fromkeys(str(place) for item in alike for place in item.places))
        shown = places if every_place else places[:_PLACES_SHOWN]
        more = [f"… and {len(places) - len(shown)} more"] if len(places) > len(shown) else []
        text = escape(first.text(language)) + _subjects(alike, language, every=every_place)
        if len(alike) > 1:
            text += f"\n[dim]{len(alike)} alike[/dim]"
        table.add_row(f"[{colour}]{sign} {first.severity}[/{colour}]", escape("\n".join([*shown, *more])), text)
    console.print(table)


def _alike(findings: Sequence[Finding], language: str) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault((item.kind, item.text(language)), []).append(item)
    return iter(groups.values())


def _subjects(alike: Sequence[Finding], language: str, *, every: bool) -> str:
    """Name what the findings are about: label and IRI, and the value that is wrong."""
    lines = []
    for item in alike:
        if item.focus is not None:
            label = in_language(item.focus.label, language)
            value = "" if item.focus.value in {None, item.focus.node} else f" – found: {item.focus.value}"
            lines.append(f"{label} <{item.focus.node}>{value}".strip())
    shown = lines if every else lines[:_PLACES_SHOWN]
    more = [f"… and {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
    return "".join(f"\n[dim]{escape(line)}[/dim]" for line in [*shown, *more])


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
