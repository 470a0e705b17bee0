"""A second opinion on shapes: what pySHACL says of the same data, and every difference, as a case that somebody can judge.

The judge is the specification. Where pySHACL is known to differ from it, the difference is expected and says why; see docs/reference/validation.md.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyshacl
import rdflib
from rdflib import SH

from schakel.compile.shacl.graph import ShapesGraph, Triple
from schakel.compile.shacl.paths import PathError, read_path, sparql_path
from schakel.errors import ShapeError
from schakel.rdf_terms import rdflib_spelled, rdflib_term
from schakel.stages.validation import Result

__all__ = ["Difference", "compare_results", "pyshacl_results"]

# pySHACL also writes to the standard error output what it raises.
logging.getLogger("pyshacl-validate").disabled = True
_LONGEST: Final = 400


@dataclass(frozen=True)
class Difference:
    """A result that one engine has more often than the other: `ours` and `theirs` count it."""

    focus: str
    path: str | None
    value: str | None
    component: str
    shape: str
    ours: int
    theirs: int

    def __str__(self) -> str:
        value = f", value {self.value}" if self.value else ""
        return f"{self.component.rpartition('#')[2]} of {self.shape} on {self.focus}{value}: Schakel {self.ours}, pySHACL {self.theirs}"


def pyshacl_results(statements: Iterable[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Give the results of pySHACL, without any reasoning of its own. Raises ShapeError for shapes that it cannot use."""
    data, rules = _graph(statements), _graph(shapes)
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none", inplace=True, advanced=False, meta_shacl=False, do_owl_imports=False)
    except Exception as error:  # noqa: BLE001  # of a shape that it cannot use pySHACL tells by exceptions of its own, of rdflib, of re and others
        raise ShapeError("(pySHACL)", " ".join(str(error).split())[:_LONGEST]) from None
    if not isinstance(report, rdflib.Graph):
        raise ShapeError("(pySHACL)", " ".join(str(report).split())[:_LONGEST])
    paths = ShapesGraph([(rdflib_spelled(s), rdflib_spelled(p), rdflib_spelled(o)) for s, p, o in report])
    return sorted((_result(report, node, paths) for node in report.objects(None, SH.result)), key=Result.sort_key)


def compare_results(ours: Iterable[Result], theirs: Iterable[Result]) -> list[Difference]:
    """Give every result that the two have not equally often; the names of blank nodes are not compared."""
    counts = [Counter(map(_key, each)) for each in (ours, theirs)]
    return [Difference(*key, counts[0][key], counts[1][key]) for key in sorted({*counts[0], *counts[1]}, key=str) if counts[0][key] != counts[1][key]]


def _key(result: Result) -> tuple[str, str | None, str | None, str, str]:
    return (_unnamed(result.focus), result.path, None if result.value is None else _unnamed(result.value), result.component, _unnamed(result.shape))


def _unnamed(term: str) -> str:
    return "a blank node" if term.startswith("_:") else term


def _graph(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for subject, predicate, object_ in triples:
        graph.add((rdflib_term(subject), rdflib_term(predicate), rdflib_term(object_)))
    return graph


def _result(report: rdflib.Graph, node: rdflib.term.Node, graph: ShapesGraph) -> Result:
    def value(predicate: rdflib.URIRef) -> str | None:
        found = report.value(node, predicate)
        return None if found is None else rdflib_spelled(found)

    path_node = value(SH.resultPath)
    try:
        path = None if path_node is None else sparql_path(read_path(graph, path_node))
    except PathError:
        path = path_node
    messages = tuple(sorted((each.language or "", str(each)) for each in report.objects(node, SH.resultMessage) if isinstance(each, rdflib.Literal)))
    return Result(
        focus=value(SH.focusNode) or "",
        path=path,
        value=value(SH.value),
        component=(value(SH.sourceConstraintComponent) or "<>")[1:-1],
        shape=value(SH.sourceShape) or "",
        severity=(value(SH.resultSeverity) or "<>")[1:-1],
        messages=messages,
        constraint=value(SH.sourceConstraint),
        path_node=path_node,
    )
