"""Checks: queries whose rows are findings, for what shapes say badly: things that look alike, things that run in circles, things that nobody speaks of."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.findings import Finding, Place, Severity, finding
from schakel.graph import Term
from schakel.namespaces import SH
from schakel.queries import Header, answered_columns, in_languages, read_header
from schakel.validation.results import Result

__all__ = ["FOCUS", "Check", "read_checks", "run_checks"]

# The columns that name what is to be mended, and the value that is wrong with it; the others fill the message.
FOCUS: Final = "focus"
_VALUE: Final = "value"
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

    def results(self, answer: Answer, base: str) -> Iterator[Result]:
        """Give a result for each row."""
        shape = NamedNode(f"{base}checks#{self.name}")
        for row in answer.rows:
            terms = dict(zip(answer.columns, row, strict=True))
            focus = terms[FOCUS]
            if focus is not None:
                texts = {column: _plain(term) for column, term in terms.items()}
                messages = {language: _PLACEHOLDER.sub(lambda match: texts[match[1]], text) for language, text in self.messages.items()}  # noqa: B023  # used at once
                yield Result(focus, None, terms.get(_VALUE), SH.SPARQLConstraintComponent, shape, self.severity, messages)


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


def run_checks(checks: Sequence[Check], ask: Callable[[str], Answer], base: str, languages: Sequence[str] = ()) -> list[Result]:
    """Run checks, each by the function that answers it; results come in a fixed order, names in the language most wanted that they have."""
    results = [result for check in checks for result in check.results(ask(in_languages(check.text, languages)), base)]
    return sorted(results, key=Result.sort_key)


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


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
