"""A validation report in SHACL's own terms, without blank nodes and without a clock."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Triple

from schakel.namespaces import RDF, SH, XSD
from schakel.validation.results import SEVERITIES, Result

__all__ = ["report_graph"]

_SEVERITY_IRIS = {severity: SH[name] for name, severity in SEVERITIES.items()}


def report_graph(results: Sequence[Result], base: str) -> Iterator[Triple]:
    """Give a `sh:ValidationReport` with every result; it conforms, as SHACL has it, when there are none at all."""
    report = NamedNode(f"{base}report")
    yield Triple(report, RDF.type, SH.ValidationReport)
    yield Triple(report, SH.conforms, Literal("false" if results else "true", datatype=XSD.boolean))
    for result in results:
        node = NamedNode(f"{report.value}#{sha256(chr(0).join(result.sort_key()).encode()).hexdigest()[:16]}")
        yield Triple(report, SH.result, node)
        yield from _describe(node, result)


def _describe(node: NamedNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, result.focus)
    yield Triple(node, SH.sourceShape, result.shape)
    yield Triple(node, SH.sourceConstraintComponent, result.component)
    yield Triple(node, SH.resultSeverity, _SEVERITY_IRIS[result.severity])
    if result.path is not None:
        yield Triple(node, SH.resultPath, result.path)
    if result.value is not None:
        yield Triple(node, SH.value, result.value)
    for language, text in sorted(result.messages.items()):
        yield Triple(node, SH.resultMessage, Literal(text, language=language))
