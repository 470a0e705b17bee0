"""The report of a run: every finding as JSON, with its places and its words in every language, and what the shapes found as a SHACL report."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from schakel.compile.shacl.graph import Triple, rdf, sh
from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.findings import Finding, by_severity
from schakel.namespaces import XSD
from schakel.publish.documents import turtle
from schakel.stages.built import Built
from schakel.stages.validation import Result

__all__ = ["findings_as_json", "report_of", "write_report"]


def report_of(built: Built, *, published: bool) -> dict[str, bytes]:
    """Give the files of the report of a run, by name."""
    base, prefixes = built.settings.base, built.content.prefixes
    engines = {"inference": built.settings.reasoner, "validation": built.settings.validator}
    return {"report.json": _json(built.findings, engines, published=published), "report.ttl": turtle(_shacl_report(built.results, base), base, prefixes)}


def write_report(built: Built, *, published: bool = False) -> None:
    """Write the report into the project's own folder."""
    folder = built.settings.report
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in report_of(built, published=published).items():
        (folder / name).write_bytes(content)


def _shacl_report(results: Sequence[Result], base: str) -> Iterator[Triple]:
    """Give a `sh:ValidationReport` with every result, without blank nodes and without a clock; it conforms, as SHACL has it, when there are none at all."""
    report = f"{base}report"
    node = iri_spelling(report)
    yield node, rdf("type"), sh("ValidationReport")
    yield node, sh("conforms"), literal_spelling("false" if results else "true", XSD.boolean.value)
    for result in results:
        digest = sha256("\0".join(result.sort_key()).encode()).hexdigest()[:16]
        each = iri_spelling(f"{report}#{digest}")
        yield node, sh("result"), each
        yield each, rdf("type"), sh("ValidationResult")
        yield each, sh("focusNode"), result.focus
        yield each, sh("sourceShape"), result.shape
        yield each, sh("sourceConstraintComponent"), iri_spelling(result.component)
        yield each, sh("resultSeverity"), iri_spelling(result.severity)
        # A path of several steps is a blank node in the shapes; the report has none.
        if result.path_node is not None and result.path_node.startswith("<"):
            yield each, sh("resultPath"), result.path_node
        if result.value is not None:
            yield each, sh("value"), result.value
        for language, text in result.messages:
            yield each, sh("resultMessage"), literal_spelling(text, language=language or "")


def _json(findings: Sequence[Finding], engines: Mapping[str, Any], *, published: bool) -> bytes:
    """Write findings, gravest first, with counts by severity, and with each how many there are alike, itself included."""
    report = {
        "published": published,
        "engines": engines,
        "counts": by_severity(findings),
        "findings": findings_as_json(findings),
    }
    return (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()


def findings_as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Give findings as JSON has them, each with how many there are alike."""
    alike = Counter(finding.alike() for finding in findings)
    return [_as_json(finding) | {"alike": alike[finding.alike()]} for finding in findings]


def _as_json(finding: Finding) -> dict[str, Any]:
    written: dict[str, Any] = {
        "kind": finding.kind,
        "severity": str(finding.severity),
        "places": [{"file": place.file, "row": place.row or None, "column": place.column or None} for place in finding.places],
        "message": dict(sorted(finding.message.items())),
        "mend": dict(sorted(finding.mend.items())),
    }
    if finding.focus is not None:
        focus = finding.focus
        written |= {
            "focusNode": focus.node,
            "label": dict(sorted(focus.label.items())),
            "path": focus.path,
            "value": focus.value,
            "shape": focus.shape,
            "component": focus.component,
        }
    return written
