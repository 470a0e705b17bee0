"""The report of a run as JSON: every finding, with its places and its words in every language."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from schakel.findings import Finding, Severity

__all__ = ["report_json"]


def report_json(findings: Sequence[Finding], *, published: bool) -> bytes:
    """Write findings, gravest first, with counts by severity, and with each how many there are alike, itself included."""
    counts = Counter(finding.severity for finding in findings)
    alike = Counter(map(_alike, findings))
    report = {
        "conforms": counts[Severity.VIOLATION] == 0,
        "published": published,
        "counts": {str(severity): counts[severity] for severity in Severity},
        "findings": [_as_json(finding) | {"alike": alike[_alike(finding)]} for finding in findings],
    }
    return (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()


def _alike(finding: Finding) -> tuple[str, str]:
    """Give what alike findings have in common: their kind, and the shape, where a shape found them."""
    return finding.kind, "" if finding.focus is None else finding.focus.shape


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
