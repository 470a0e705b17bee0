"""SHACL validation results, the same from every engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from schakel.findings import Severity
from schakel.graph import Term

__all__ = ["SEVERITIES", "Judgement", "Result"]

SEVERITIES = {"Violation": Severity.VIOLATION, "Warning": Severity.WARNING, "Info": Severity.INFO}


@dataclass(frozen=True)
class Result:
    """One `sh:ValidationResult`: what was judged, by which named shape and constraint component, and the shape's messages by language.

    `path` is None unless it is a single property.
    """

    focus: Term
    path: NamedNode | None
    value: Term | None
    component: NamedNode
    shape: NamedNode
    severity: Severity
    messages: Mapping[str, str]

    def sort_key(self) -> tuple[str, ...]:
        """Order results by what they say, never by the order in which an engine came upon them."""
        said = "\0".join(f"{language}:{text}" for language, text in sorted(self.messages.items()))
        return (str(self.focus), str(self.shape), str(self.component), str(self.path), str(self.value), str(self.severity), said)


@dataclass(frozen=True)
class Judgement:
    """Every result of an engine; and which shapes (by IRI) it left to the reference engine, each with the reason."""

    results: Sequence[Result]
    by_reference: Mapping[str, str] = field(default_factory=dict)
