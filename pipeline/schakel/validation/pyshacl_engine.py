"""The reference validator: pySHACL, SHACL Core and SHACL-SPARQL, over rdflib graphs."""

import logging
import re
from collections.abc import Mapping, Sequence
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
from schakel.graph import NTriples, Term, from_ntriples, to_rdflib
from schakel.validation.results import SEVERITIES, Judgement, Result

__all__ = ["judge"]


_LONGEST_PROBLEM = 400
# pySHACL also writes what it has to say to the standard error output; here it is told as a finding.
logging.getLogger("pyshacl-validate").disabled = True
_TO_FILL_IN = re.compile(r"\{[?$](\w+)\}")


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
    shapes_graph = to_rdflib(shapes)
    try:
        _, report, _ = pyshacl.validate(
            to_rdflib(from_ntriples(data), _Data()),
            shacl_graph=shapes_graph,
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
    return Judgement([_result(report, node, shapes_graph) for node in report.subjects(rdflib.RDF.type, SH.ValidationResult)])


def _one_line(problem: object) -> str:
    return " ".join(str(problem).split())[:_LONGEST_PROBLEM]


def _result(report: rdflib.Graph, node: rdflib.term.Node, shapes: rdflib.Graph) -> Result:
    focus = _term(report.value(node, SH.focusNode))
    component = _term(report.value(node, SH.sourceConstraintComponent))
    shape = _term(report.value(node, SH.sourceShape))
    path = _term(report.value(node, SH.resultPath))
    severity = str(report.value(node, SH.resultSeverity)).removeprefix(str(SH))
    if focus is None or not isinstance(component, NamedNode) or not isinstance(shape, NamedNode):
        raise ShapesUnusableError(f"a result about {focus} names no shape")
    return Result(
        focus,
        path if isinstance(path, NamedNode) else None,
        _term(report.value(node, SH.value)),
        component,
        shape,
        # A severity of the project's own is taken for the gravest.
        SEVERITIES.get(severity, Severity.VIOLATION),
        _messages(report, node, shapes),
    )


def _messages(report: rdflib.Graph, node: rdflib.term.Node, shapes: rdflib.Graph) -> dict[str, str]:
    """Give a result's messages by language.

    Of messages of a SPARQL constraint pySHACL gives one, and drops its language; so they are read, and filled in, where they were declared.
    """
    declared_by = (report.value(node, SH.sourceConstraint), report.value(node, SH.sourceShape))
    declared = next((texts for origin in declared_by if origin is not None and (texts := _texts(shapes, origin, SH.message))), {})
    values = {"this": report.value(node, SH.focusNode), "value": report.value(node, SH.value), "path": report.value(node, SH.resultPath)}
    return {language: _filled_in(text, values) for language, text in declared.items()} or _texts(report, node, SH.resultMessage)


def _filled_in(text: str, values: Mapping[str, rdflib.term.Node | None]) -> str:
    return _TO_FILL_IN.sub(lambda place: str(values.get(place[1]) or place[0]), text)


def _texts(graph: rdflib.Graph, node: rdflib.term.Node, path: URIRef) -> dict[str, str]:
    """Give texts by language; of several in one language the first in order, so that it is always the same."""
    texts = sorted((text.language or "en", str(text)) for text in graph.objects(node, path) if isinstance(text, rdflib.Literal))
    return dict(reversed(texts))


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
