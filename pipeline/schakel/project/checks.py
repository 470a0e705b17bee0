"""Checks: queries whose rows are findings, for what shapes say badly: things that look alike, things that run in circles, things that nobody speaks of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schakel.findings import Finding, Place, Severity, finding
from schakel.queries import Header, answered_columns, read_header

__all__ = ["FOCUS", "VALUE", "Check", "fill", "read_checks"]

# The columns that name what is to be mended, and the value that is wrong with it; the others fill the message.
FOCUS: Final = "focus"
VALUE: Final = "value"
_NEEDED: Final = ("title", "severity", "message", "mend")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Check:
    """A query whose rows are findings: how bad each is, and its message by language, with names of columns in braces."""

    name: str
    text: str
    severity: Severity
    messages: Mapping[str, str]
    columns: tuple[str, ...]


def read_checks(folder: Path, root: Path) -> tuple[list[Check], list[Finding]]:
    """Read the checks of a folder; one that is not what its head says is a finding, and left out."""
    checks: list[Check] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.rq")):
        place = Place(path.relative_to(root).as_posix())
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            findings.append(finding("query-syntax", place, problem=str(error)))
            continue
        columns, problem = answered_columns(text, place)
        header = read_header(text, _NEEDED)
        problems = [problem] if problem else [finding("query-header", place, problem=each) for each in _not_as_said(header, columns)]
        findings += problems
        if not problems:
            messages = {tag: f"{message} {header.texts['mend'].get(tag, '')}".strip() for tag, message in header.texts["message"].items()}
            checks.append(Check(path.stem, text, Severity(header.text("severity")), messages, tuple(columns)))
    return checks, findings


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into the places of a message: names of columns in braces."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _not_as_said(header: Header, columns: Sequence[str]) -> Iterator[str]:
    """Tell where a head and its query do not agree."""
    yield from header.problems
    severity = header.text("severity")
    if list(header.columns) != list(columns):
        yield f"it describes the columns {', '.join(header.columns) or '(none)'}, and the query answers with {', '.join(columns)}"
    if severity and severity not in set(Severity):
        yield f"“# severity: {severity}” is none of {', '.join(Severity)}"
    if FOCUS not in columns:
        yield f"the query has no column ?{FOCUS}, which names what is to be mended"
    for key in ("message", "mend"):
        for text in header.texts.get(key, {}).values():
            for name in _PLACEHOLDER.findall(text):
                if name not in columns:
                    yield f"its {key} names {{{name}}}, and the query has no such column"
