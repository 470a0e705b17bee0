"""Literals that are not what their datatype says: `2017-13` is no month, `1,5` no decimal."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import cast

import pyoxigraph as ox
from pyoxigraph import Literal, RdfFormat, Store, Variable

from schakel.namespaces import RDF, XSD

__all__ = ["datatypes", "example_of", "ill_typed", "is_number"]

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


_WITHOUT_FORM = (XSD.string, RDF.langString)
# Datatypes of XSD whose values are not judged here: any text, or forms that Oxigraph has no cast for.
_NOT_JUDGED = frozenset(
    {
        "ENTITY",
        "ID",
        "IDREF",
        "NCName",
        "NMTOKEN",
        "Name",
        "QName",
        "anyURI",
        "base64Binary",
        "dateTimeStamp",
        "hexBinary",
        "language",
        "normalizedString",
        "string",
        "token",
    }
)


def ill_typed(written: Iterable[bytes]) -> set[Literal]:
    """Give those literals, written as in N-Triples, that are outside the lexical space of their datatype, or whose datatype XSD does not have."""
    return {literal for literal in map(_literal, written) if literal.datatype not in _WITHOUT_FORM and not _well_typed(literal)}


@lru_cache(maxsize=10_000)
def _literal(written: bytes) -> Literal:
    (quad,) = ox.parse(b"<x:s> <x:p> " + written + b" .", format=RdfFormat.N_TRIPLES)
    return cast("Literal", quad.object)


def example_of(datatype: str) -> str:
    """Give an example of a literal of a datatype of XSD, named without its namespace."""
    return _EXAMPLES.get(datatype, "49.5" if datatype == "decimal" else "-19" if datatype in {"negativeInteger", "nonPositiveInteger"} else "19")


def is_number(datatype: str) -> bool:
    """Tell whether a datatype of XSD is one of numbers."""
    return datatype in _INTEGERS or datatype in {"decimal", "double", "float"}


def datatypes() -> frozenset[str]:
    """Give the names of the datatypes of XSD."""
    return frozenset({*_EXAMPLES, *_INTEGERS, *_NOT_JUDGED, "decimal"})


def _is_within(number: Decimal, least: int | None, greatest: int | None) -> bool:
    return (least is None or number >= least) and (greatest is None or number <= greatest)


@cache
def _well_typed(literal: Literal) -> bool:
    datatype = literal.datatype.value.removeprefix(XSD.iri)
    if datatype == "decimal":
        return _DECIMAL.fullmatch(literal.value) is not None
    if datatype in _INTEGERS:
        return _INTEGER.fullmatch(literal.value) is not None and _is_within(Decimal(literal.value), *_INTEGERS[datatype])
    if datatype not in _EXAMPLES:
        return not literal.datatype.value.startswith(XSD.iri) or datatype in _NOT_JUDGED
    query = f"SELECT (<{literal.datatype.value}>(?text) AS ?value) ?text {{}}"
    solutions = cast("ox.QuerySolutions", Store().query(query, substitutions={Variable("text"): Literal(literal.value)}))
    return next(iter(solutions))["value"] is not None
