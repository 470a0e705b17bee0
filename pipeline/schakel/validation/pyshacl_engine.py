"""The reference validator: pySHACL, SHACL Core and SHACL-SPARQL, over rdflib graphs."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from pyoxigraph import NamedNode, Triple
from rdflib import SH, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from schakel.errors import ShapesUnusableError
from schakel.findings import Severity
from schakel.graph import NTriples, Term, from_ntriples
from schakel.rdflib_copies import to_rdflib
from schakel.validation.results import SEVERITIES, Judgement, Result
from schakel.validation.shapes_graph import ShapesGraph

__all__ = ["judge"]


_LONGEST_PROBLEM = 400
# pySHACL also writes what it has to say to the standard error output; here it is told as a finding.
logging.getLogger("pyshacl-validate").disabled = True


class _Data(rdflib.Graph):
    """Data that pySHACL asks the same queries of again and again, once a focus node: each is parsed once."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:  # noqa: ANN401  # whatever rdflib takes
        """Run a query, given as text or prepared."""
        return super().query(_prepared(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def judge(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
    """Give every result of validating data against shapes, without any reasoning of pySHACL's own.

    Raises ShapesUnusableError for shapes that pySHACL cannot use.
    """
    try:
        _, report, _ = pyshacl.validate(
            to_rdflib(from_ntriples(data), _Data()),
            shacl_graph=to_rdflib(shapes),
            inference="none",
            inplace=True,
            advanced=False,
            meta_shacl=False,
            do_owl_imports=False,
        )
    except Exception as error:  # noqa: BLE001  # of a shape that it cannot use pySHACL tells by exceptions of its own, of rdflib, of re and others
        raise ShapesUnusableError(_one_line(error)) from None
    if not isinstance(report, rdflib.Graph):
        raise ShapesUnusableError(_one_line(report))
    stated = ShapesGraph(shapes)
    # Results that are details of others have their type too; the report names those that are its own.
    return Judgement([_result(report, node, stated) for node in report.objects(None, SH.result)])


def _one_line(problem: object) -> str:
    return " ".join(str(problem).split())[:_LONGEST_PROBLEM]


def _result(report: rdflib.Graph, node: rdflib.term.Node, shapes: ShapesGraph) -> Result:
    focus = _term(report.value(node, SH.focusNode))
    component = _term(report.value(node, SH.sourceConstraintComponent))
    shape = _term(report.value(node, SH.sourceShape))
    path = _term(report.value(node, SH.resultPath))
    severity = str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))
    if focus is None or not isinstance(component, NamedNode) or not isinstance(shape, NamedNode):
        raise ShapesUnusableError(f"a result about {focus} names no shape")
    value = _term(report.value(node, SH.value))
    # Of messages of a SPARQL constraint pySHACL gives one, and drops its language; so they are read, and filled in, where they were declared.
    declared_by = [origin for origin in (_term(report.value(node, SH.sourceConstraint)), shape) if origin is not None]
    return Result(
        focus,
        path if isinstance(path, NamedNode) else None,
        value,
        component,
        shape,
        # A severity of the project's own is taken for the gravest.
        SEVERITIES.get(severity, Severity.VIOLATION),
        shapes.messages(declared_by, component, {"this": focus, "value": value, "path": path if isinstance(path, NamedNode) else None}),
    )


def _term(term: rdflib.term.Node | None) -> Term | None:
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdflib.Literal):
        return (
            ox.Literal(str(term), language=term.language)
            if term.language
            else ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or rdflib.XSD.string)))
        )
    return None
