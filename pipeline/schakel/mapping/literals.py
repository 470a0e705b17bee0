"""Literals that are not what their datatype says: `2017-13` is no month, `1,5` no decimal."""

import re
from collections.abc import Iterator
from decimal import Decimal
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
    "dayTimeDuration": "P1DT12H",
    "double": "4.95E1",
    "duration": "P2M",
    "float": "4.95E1",
    "gDay": "---31",
    "gMonth": "--12",
    "gMonthDay": "--12-31",
    "gYear": "2006",
    "gYearMonth": "2017-12",
    "time": "12:00:00",
    "yearMonthDuration": "P2M",
}
# … but for numbers, which have no upper limit in XSD, and in Oxigraph have. Integers: their least and greatest, where they have one.
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "int": (-(2**31), 2**31 - 1),
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "short": (-(2**15), 2**15 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedShort": (0, 2**16 - 1),
}


def ill_typed_literals(dataset: Dataset, trace: Trace) -> Iterator[Finding]:
    """Find literals outside the lexical space of their datatype, with the cells they were made of."""
    datatypes = " ".join(f"<{XSD[name].value}>" for name in sorted({*_EXAMPLES, *_INTEGERS, "decimal"}))
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
            yield finding("ill-typed-value", *trace.term(graph, literal), found=literal.value, datatype=datatype, example=_example(datatype))


def _example(datatype: str) -> str:
    return _EXAMPLES.get(datatype, "49.5" if datatype == "decimal" else "-19" if datatype in {"negativeInteger", "nonPositiveInteger"} else "19")


def _is_within(number: Decimal, least: int | None, greatest: int | None) -> bool:
    return (least is None or number >= least) and (greatest is None or number <= greatest)


def _well_typed(literal: Literal) -> bool:
    datatype = literal.datatype.value.removeprefix(XSD.iri)
    if datatype == "decimal":
        return _DECIMAL.fullmatch(literal.value) is not None
    if datatype in _INTEGERS:
        return _INTEGER.fullmatch(literal.value) is not None and _is_within(Decimal(literal.value), *_INTEGERS[datatype])
    query = f"SELECT (<{literal.datatype.value}>(?text) AS ?value) ?text {{}}"
    solutions = cast("ox.QuerySolutions", Store().query(query, substitutions={Variable("text"): Literal(literal.value)}))
    return next(iter(solutions))["value"] is not None
