"""The report of a run: every finding as JSON, with its places and its words in every language, and what the shapes found as a SHACL report."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Triple

from schakel.publish.documents.lines import turtle
from schakel.findings import Finding, by_severity
from schakel.ntriples import joined, sorted_lines, to_lines

__all__ = ["findings_as_json", "report_files"]


def report_files(  # noqa: PLR0913  # a report is made of all these
    findings: Sequence[Finding], shacl: Iterable[Triple], base: str, known: Mapping[str, str], *, engines: Mapping[str, Any], published: bool
) -> dict[str, bytes]:
    """Give the files of a report by name. `shacl` is a SHACL report of what the shapes found; it is written with prefixes of those `known`.

    `engines` says which engine did each stage, as JSON has it.
    """
    statements = joined(sorted_lines(to_lines(shacl), base))
    return {"report.json": _json(findings, engines, published=published), "report.ttl": turtle(statements, base, known)}


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
