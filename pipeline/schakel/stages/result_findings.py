"""From results of shapes and checks to findings: which thing is meant, in which file and row, in which words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.executor import VARCHAR
from schakel.engine.relations import QUADS, TERMS
from schakel.engine.spelling import parts_of
from schakel.findings import Finding, Focus, Place, Severity
from schakel.namespaces import RDF, SH, SKOS
from schakel.stages.validation import Result

__all__ = ["findings_of"]

_FOCUS: Final = "focus_nodes"
_TYPE: Final = str(RDF.type)
_LABEL: Final = str(SKOS.prefLabel)
_SEVERITIES: Final = {SH[name].value: severity for name, severity in (("Violation", Severity.VIOLATION), ("Warning", Severity.WARNING), ("Info", Severity.INFO))}


@dataclass
class _About:
    """What is stated of a focus node: the places of each of its statements, and its labels by language."""

    places: dict[tuple[str, str], set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[str, str] = field(default_factory=dict)


def findings_of(executor: Executor, results: Sequence[Result], files: Mapping[int, str]) -> list[Finding]:
    """Make a finding of each result. `files` gives the files of the project by number.

    A result that names a value is placed where that value was stated; one about something missing, or about a conclusion, where its focus node has its type.
    """
    if not results:
        return []
    executor.load(_FOCUS, {"spelling": VARCHAR}, ((focus,) for focus in sorted({result.focus for result in results})))
    about: dict[str, _About] = defaultdict(_About)
    for focus, predicate, value, file, row in executor.fetch(_stated()):
        known = about[focus]
        if file:
            known.places[predicate, value].add((file, row))
        if predicate == _LABEL:
            parts = parts_of(value)
            tag = parts.language or "en"
            # Of several in one language, which is itself a finding, the first in order.
            known.labels[tag] = min(known.labels.get(tag, parts.text), parts.text)
    executor.drop(_FOCUS)
    return [_finding(result, about[result.focus], files) for result in results]


def _stated() -> Plan:
    """Give the statements of the focus nodes, with the files and rows that state them."""
    plan = exp.select(column("spelling", "focus"), column("spelling", "p_term"), column("spelling", "o_term"), column("file", QUADS), column("row", QUADS))
    plan = plan.distinct().from_(exp.to_table(_FOCUS, alias="wanted"))
    plan = plan.join(exp.to_table(TERMS, alias="focus"), on=exp.EQ(this=column("spelling", "focus"), expression=column("spelling", "wanted")))
    plan = plan.join(QUADS, on=exp.EQ(this=column("s", QUADS), expression=column("id", "focus")))
    for name in ("p", "o"):
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column(name, QUADS), expression=column("id", f"{name}_term")))
    return plan


def _finding(result: Result, about: _About, files: Mapping[int, str]) -> Finding:
    places = {place for (predicate, value), found in about.places.items() if predicate == result.path and result.value in {None, value} for place in found}
    if not places:
        places = {place for (predicate, _), found in about.places.items() if predicate == _TYPE for place in found}
    if not places:
        places = {place for found in about.places.values() for place in found}
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
    return Finding("shape", severity, tuple(sorted(Place(files[file], row) for file, row in places)), dict(sorted(messages.items())), focus=focus)


def _plain(spelling: str) -> str:
    parts = parts_of(spelling)
    return f"{parts.text} ({parts.language})" if parts.language else spelling if spelling.startswith("_:") else parts.text
