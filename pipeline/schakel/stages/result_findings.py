"""From results of shapes and checks to findings: which thing is meant, in which file and row, in which words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.columns import VARCHAR
from schakel.engine.relations import QUADS, TERMS
from schakel.engine.spelling import parts_of
from schakel.findings import Finding, Focus, Severity
from schakel.namespaces import RDF, SH, SKOS
from schakel.stages.statement_places import Sources
from schakel.stages.validation import Result

__all__ = ["findings_of"]

_FOCUS: Final = "focus_nodes"
_TYPE: Final = str(RDF.type)
_LABEL: Final = str(SKOS.prefLabel)
_SEVERITIES: Final = {
    SH[name].value: severity for name, severity in (("Violation", Severity.VIOLATION), ("Warning", Severity.WARNING), ("Info", Severity.INFO))
}


@dataclass
class _About:
    """What is stated of a focus node: file, row and template of each of its statements, and its labels by language."""

    places: dict[tuple[str, str], set[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[str, str] = field(default_factory=dict)


def findings_of(executor: Executor, results: Sequence[Result], sources: Sources) -> list[Finding]:
    """Make a finding of each result. `sources` gives files and columns by the numbers that quads have.

    A result that names a value is placed where that value was stated; one about something missing, or about a conclusion, where its focus node has its type.
    """
    if not results:
        return []
    executor.load(_FOCUS, {"spelling": VARCHAR}, ((focus,) for focus in sorted({result.focus for result in results})))
    about: dict[str, _About] = defaultdict(_About)
    for focus, predicate, value, file, row, template in executor.fetch(_stated()):
        known = about[focus]
        if file:
            known.places[predicate, value].add((file, row, template))
        if predicate == _LABEL:
            parts = parts_of(value)
            tag = parts.language or "en"
            # Of several in one language, which is itself a finding, the first in order.
            known.labels[tag] = min(known.labels.get(tag, parts.text), parts.text)
    executor.drop(_FOCUS)
    return [_finding(result, about[result.focus], sources) for result in results]


def _stated() -> Plan:
    """Give the statements of the focus nodes, with the files and rows that state them."""
    plan = exp.select(
        column("spelling", "focus"), column("spelling", "p_term"), column("spelling", "o_term"), *(column(name, QUADS) for name in ("file", "row", "template"))
    )
    plan = plan.distinct().from_(exp.to_table(_FOCUS, alias="wanted"))
    plan = plan.join(exp.to_table(TERMS, alias="focus"), on=exp.EQ(this=column("spelling", "focus"), expression=column("spelling", "wanted")))
    plan = plan.join(QUADS, on=exp.EQ(this=column("s", QUADS), expression=column("id", "focus")))
    for name in ("p", "o"):
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column(name, QUADS), expression=column("id", f"{name}_term")))
    return plan


def _finding(result: Result, about: _About, sources: Sources) -> Finding:
    offending = {(predicate, value) for predicate, value in about.places if predicate == result.path and result.value in {None, value}}
    places = {sources.place(*place, of_value=True) for statement in offending for place in about.places[statement]}
    if not places:
        introducing = [statement for statement in about.places if statement[0] == _TYPE] or list(about.places)
        places = {sources.place(*place, of_value=False) for statement in introducing for place in about.places[statement]}
    focus = Focus(
        node=_plain(result.focus),
        label=dict(sorted(about.labels.items())),
        path=None if result.path is None else result.path.removeprefix("<").removesuffix(">"),
        value=None if result.value is None else _plain(result.value),
        shape=_plain(result.shape),
        component=result.component,
    )
    messages = {tag or "en": text for tag, text in reversed(result.messages)}
    # A severity of the project's own is none of SHACL's three, and blocks nothing.
    severity = _SEVERITIES.get(result.severity, Severity.WARNING)
    return Finding("shape", severity, tuple(sorted(places)), dict(sorted(messages.items())), focus=focus)


def _plain(spelling: str) -> str:
    parts = parts_of(spelling)
    return f"{parts.text} ({parts.language})" if parts.language else spelling if spelling.startswith("_:") else parts.text
