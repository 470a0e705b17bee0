"""What is wrong with the data: findings, each with its places, its message and its mend in every language.

The words stand in `messages.toml`, one entry a kind of finding, so that a translator needs no Python.
SHACL results carry the messages of their shapes instead.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from schakel.languages import preferred

__all__ = ["Finding", "Focus", "Place", "Severity", "blocking", "by_severity", "finding", "in_language", "is_language_tag", "kinds", "quoted"]


# Files that are read line by line rather than as tables.
_OF_LINES: Final = (".jsonld", ".nq", ".nt", ".owl", ".rdf", ".rq", ".trig", ".ttl")


class Severity(StrEnum):
    """How bad a finding is, gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """Where an editor finds it: a file relative to the project, a row as a spreadsheet counts (the header is row 1), a column."""

    file: str
    row: int = 0
    column: str = ""

    @property
    def is_line(self) -> bool:
        """Tell whether `row` is a line of a text rather than the row of a table."""
        return self.file.endswith(_OF_LINES)

    def __str__(self) -> str:
        """Say it as in `data/names.csv, row 7, column text`."""
        row = f", {'line' if self.is_line else 'row'} {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}"


@dataclass(frozen=True)
class Focus:
    """The node that a shape judged, and what it judged of it; None where the result names none."""

    node: str
    label: Mapping[str, str]
    path: str | None
    value: str | None
    shape: str
    component: str


@dataclass(frozen=True)
class Finding:
    """One problem: its kind, how bad it is, where it is, what is wrong and how to mend it (text by language tag)."""

    kind: str
    severity: Severity
    places: tuple[Place, ...]
    message: Mapping[str, str]
    mend: Mapping[str, str] = field(default_factory=dict)
    focus: Focus | None = None

    def text(self, language: str) -> str:
        """Message and mend in the language, or in the nearest there is."""
        return " ".join(filter(None, (in_language(self.message, language), in_language(self.mend, language))))

    def alike(self) -> tuple[str, str]:
        """Give what findings that are alike have in common: their kind, and the shape, where a shape found them."""
        return self.kind, "" if self.focus is None else self.focus.shape

    def sort_key(self) -> tuple[object, ...]:
        """Order findings gravest first, causes before consequences (as `messages.toml` has them), then by place: never by the order of the work."""
        kind = list(kinds()).index(self.kind) if self.kind in kinds() else len(kinds())
        focus = ("", "", "") if self.focus is None else (self.focus.node, self.focus.shape, self.focus.value or "")
        return (list(Severity).index(self.severity), kind, self.places, focus, sorted(self.message.items()))


_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def is_language_tag(text: str) -> bool:
    """Tell whether a text has the form of a language tag, as `nl` or `nl-BE`."""
    return _LANGUAGE_TAG.fullmatch(text) is not None


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Choose the text in the language, in a related one, in English, or the first there is; an empty text where there is none."""
    for tag in (language, *preferred((language, "en"))):
        if tag in texts:
            return texts[tag]
    return texts[min(texts)] if texts else ""


def quoted(names: Iterable[str]) -> str:
    """Name a few things in a message, the rest as a count."""
    shown = sorted(names)
    more = f" (+{len(shown) - 8})" if len(shown) > 8 else ""  # noqa: PLR2004  # a list longer than a glance helps nobody
    return ", ".join(shown[:8]) + more


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """All kinds of finding with severity, message and mend, as `messages.toml` holds them."""
    return tomllib.loads(resources.files("schakel").joinpath("messages.toml").read_text("utf-8"))


def _in(language: str, values: Mapping[str, object]) -> dict[str, object]:
    return {name: in_language(value, language) if isinstance(value, Mapping) else value for name, value in values.items()}


def finding(kind: str, *places: Place, **values: object) -> Finding:
    """Make a finding of a kind of `messages.toml`; the values, which may be texts by language, fill its sentences."""
    entry = kinds()[kind]
    message = {tag: text.format_map(_in(tag, values)) for tag, text in entry["message"].items()}
    mend = {tag: text.format_map(_in(tag, values)) for tag, text in entry["mend"].items()}
    return Finding(kind, Severity(entry["severity"]), places, message, mend)


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity, gravest first."""
    counts = Counter(item.severity for item in findings)
    return {str(severity): counts[severity] for severity in Severity}


def blocking(findings: Sequence[Finding], blocks: Iterable[Severity]) -> list[Finding]:
    """Pick the findings whose severity stops a publication."""
    stopping = frozenset(blocks)
    return [item for item in findings if item.severity in stopping]
