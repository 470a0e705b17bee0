"""Literals that are not what their datatype says: `2017-13` is no month, `1,5` no decimal."""

import re
from collections.abc import Iterator
from typing import cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Store, Variable

from schakel.findings import Finding, finding
from schakel.graph import Dataset
from schakel.mapping.trace import Trace
from schakel.namespaces import XSD

__all__ = ["ill_typed_literals"]

# An example a datatype, shown to whoever got it wrong. Whether a text is in the lexical space is asked of Oxigraph's casts …
_EXAMPLES = {
    "boolean": "true",
    "date": "2009-04-01",
    "dateTime": "2009-04-01T12:00:00Z",
    "duration": "P2M",
    "gMonth": "--12",
    "gYear": "2006",
    "gYearMonth": "2017-12",
    "time": "12:00:00",
}
# … but for numbers, which have no upper limit in XSD, and in Oxigraph have.
_NUMBERS = {
    "decimal": (re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"), "49.5"),
    "integer": (re.compile(r"[+-]?\d+"), "19"),
    "nonNegativeInteger": (re.compile(r"\+?\d+|-0+"), "19"),
    "positiveInteger": (re.compile(r"\+?0*[1-9]\d*"), "1"),
}


def ill_typed_literals(dataset: Dataset, trace: Trace) -> Iterator[Finding]:
    """Find literals outside the lexical space of their datatype, with the cells they were made of."""
    datatypes = " ".join(f"<{XSD[name].value}>" for name in sorted({*_EXAMPLES, *_NUMBERS}))
    of_type = f"VALUES ?type {{ {datatypes} }} FILTER(isLiteral(?literal) && DATATYPE(?literal) = ?type)"
    typed = dataset.select(f"SELECT DISTINCT ?graph ?literal {{ GRAPH ?graph {{ ?s ?p ?literal }} {of_type} }}")
    verdicts: dict[Literal, bool] = {}
    for graph, literal in typed:
        if not isinstance(literal, Literal) or not isinstance(graph, NamedNode):
            continue
        if literal not in verdicts:
            verdicts[literal] = _well_typed(literal)
        if not verdicts[literal]:
            datatype = literal.datatype.value.removeprefix(XSD.iri)
            example = _EXAMPLES.get(datatype) or _NUMBERS[datatype][1]
            yield finding("ill-typed-value", *trace.term(graph, literal), found=literal.value, datatype=datatype, example=example)


def _well_typed(literal: Literal) -> bool:
    datatype = literal.datatype.value.removeprefix(XSD.iri)
    if datatype in _NUMBERS:
        return _NUMBERS[datatype][0].fullmatch(literal.value) is not None
    query = f"SELECT (<{literal.datatype.value}>(?text) AS ?value) ?text {{}}"
    solutions = cast("ox.QuerySolutions", Store().query(query, substitutions={Variable("text"): Literal(literal.value)}))
    return next(iter(solutions))["value"] is not None
