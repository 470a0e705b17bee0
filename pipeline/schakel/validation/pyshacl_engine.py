"""The reference validator: pySHACL, SHACL Core and SHACL-SPARQL, over rdflib graphs."""

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

from schakel.graph import Term, to_rdflib
from schakel.validation.results import SEVERITIES, Result

__all__ = ["judge"]


class _Data(rdflib.Graph):
    """Data that pySHACL asks the same queries of again and again, once a focus node: each is parsed once."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:  # noqa: ANN401  # whatever rdflib takes
        """Run a query, given as text or prepared."""
        return super().query(_prepared(query_object) if isinstance(query_object, str) else query_object, *args, **kwargs)


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def judge(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Give every result of validating data against shapes, without any reasoning of pySHACL's own."""
    shapes_graph = to_rdflib(shapes)
    _, report, _ = pyshacl.validate(
        to_rdflib(data, _Data()),
        shacl_graph=shapes_graph,
        inference="none",
        inplace=True,
        advanced=False,
        meta_shacl=False,
        do_owl_imports=False,
    )
    if not isinstance(report, rdflib.Graph):
        raise TypeError(report)
    return [_result(report, node, shapes_graph) for node in report.subjects(rdflib.RDF.type, SH.ValidationResult)]


def _result(report: rdflib.Graph, node: rdflib.term.Node, shapes: rdflib.Graph) -> Result:
    focus = _term(report.value(node, SH.focusNode))
    component = _term(report.value(node, SH.sourceConstraintComponent))
    shape = _term(report.value(node, SH.sourceShape))
    path = _term(report.value(node, SH.resultPath))
    severity = str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))
    if focus is None or not isinstance(component, NamedNode) or not isinstance(shape, NamedNode):
        message = f"a result of shape {shape} on {focus} lacks what every result has; a shape without an IRI?"
        raise TypeError(message)
    return Result(
        focus,
        path if isinstance(path, NamedNode) else None,
        _term(report.value(node, SH.value)),
        component,
        shape,
        SEVERITIES[severity],
        _messages(report, node, shapes),
    )


def _messages(report: rdflib.Graph, node: rdflib.term.Node, shapes: rdflib.Graph) -> dict[str, str]:
    """Give a result's messages by language.

    pySHACL drops the language of messages whenever a SPARQL constraint binds anything, so they are read where they were declared, unless they have
    places to fill in, which only the result has filled.
    """
    declared_by = (report.value(node, SH.sourceConstraint), report.value(node, SH.sourceShape))
    declared = next((texts for origin in declared_by if origin is not None and (texts := _texts(shapes, origin, SH.message))), {})
    filled_in = any("{" in text for text in declared.values())
    return declared if declared and not filled_in else _texts(report, node, SH.resultMessage)


def _texts(graph: rdflib.Graph, node: rdflib.term.Node, path: URIRef) -> dict[str, str]:
    texts = sorted((text.language or "en", str(text)) for text in graph.objects(node, path) if isinstance(text, rdflib.Literal))
    return dict(texts)


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
