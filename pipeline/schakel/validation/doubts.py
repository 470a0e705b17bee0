"""Values of which engines think differently: numbers, dates and texts that are written in an unusual way.

Almost every value in a graph is plain. Where one is not, whatever is said of it is left to the reference engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from schakel.graph import Term
from schakel.namespaces import RDF, RDFS, XSD
from schakel.validation.slices import Reader, Taker, written

__all__ = ["DATATYPES", "Doubt", "DoubtfulValues", "datatype_doubt", "is_doubtful"]

_WHOLE: Final = r"0|-?[1-9]\d{0,8}"
_LONG: Final = r"0|-?[1-9]\d{0,14}"
_DAY: Final = r"(?!0000)\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
_MOMENT: Final = _DAY + r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"

# How each datatype is written plainly: every engine takes it for valid, and for the same.
DATATYPES: Final[Mapping[NamedNode, str]] = {
    XSD.integer: _LONG,
    XSD.decimal: r"0|-?[1-9]\d{0,9}|-?(?:0|[1-9]\d{0,7})\.\d{0,6}[1-9]",
    XSD.nonNegativeInteger: r"0|[1-9]\d{0,14}",
    XSD.positiveInteger: r"[1-9]\d{0,14}",
    XSD.int: _WHOLE,
    XSD.long: _LONG,
    XSD.boolean: "true|false",
    XSD.date: _DAY,
    XSD.dateTime: _MOMENT,
    XSD.gYear: r"(?!0000)\d{4}",
    XSD.gYearMonth: r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])",
}
_ORDERS: Final = ("no number", "no date")
# Literals of these are never invalid.
_ANY_TEXT: Final = frozenset({XSD.string, XSD.anyURI, RDF.langString})


@dataclass(frozen=True)
class Doubt:
    """A property whose objects must be plain, in a sense that `kind` names; `direct` where its subjects are the focus nodes.

    Those compared with the objects of an `other` property must, of one node, be all numbers or all dates.
    """

    property: NamedNode
    kind: str
    direct: bool
    other: NamedNode | None = None


def datatype_doubt(datatype: Term) -> str | None:
    """Give the kind of doubt about values that should be of a datatype: empty where there is none, None where no engine is to be trusted but the reference."""
    if not isinstance(datatype, NamedNode):
        return None
    if datatype in DATATYPES:
        return datatype.value
    known = datatype.value.startswith((XSD.iri, RDF.iri, RDFS.iri)) and datatype not in _ANY_TEXT
    return None if known else ""


def is_doubtful(kind: str) -> Callable[[bytes], object]:
    """Give the test of objects, as N-Triples writes them, that finds what is in doubt.

    >>> bool(is_doubtful("number")(b'"7"^^<http://www.w3.org/2001/XMLSchema#integer>')), bool(is_doubtful("number")(b'"seven"@en'))
    (False, True)
    """
    return _test(kind)


@cache
def _test(kind: str) -> Callable[[bytes], object]:
    numbers, days = _written(XSD.integer, XSD.decimal), _written(XSD.date)
    forms = {
        "node": rb'"',
        "number": rb"(?!(?:" + numbers + rb')\Z)"',
        "no number": rb"(?!(?:" + numbers + rb")\Z)",
        "no date": rb"(?!(?:" + days + rb")\Z)",
        # Line breaks and other control characters are what engines mean differently by the end of a text, or by white space.
        "text": rb'"(?:[^\\]|\\["\\])*\\[^"\\]',
        "letters": rb'"(?:(?:[^\\]|\\["\\])*\\[^"\\]|[^\x80-\xff]*[\x80-\xff])',
        "typed": rb"(?!(?:" + _written(*DATATYPES) + rb')\Z)".*\^\^<' + re.escape(XSD.iri.encode()),
        "typed or blank": rb"_:|" + rb"(?!(?:" + _written(*DATATYPES) + rb')\Z)".*\^\^<' + re.escape(XSD.iri.encode()),
    }
    if kind in forms:
        return re.compile(forms[kind], re.DOTALL).match
    datatype = NamedNode(kind)
    end = f'"^^{datatype}'.encode()
    plain = re.compile(_written(datatype) + rb"\Z").match
    return lambda written: written.endswith(end) and not plain(written)


def _written(*datatypes: NamedNode) -> bytes:
    """Give the regular expression of plain literals of the datatypes."""
    return b"|".join(rb'"(?:' + DATATYPES[each].encode() + rb')"\^\^' + re.escape(str(each).encode()) for each in datatypes)


class DoubtfulValues:
    """Gathers, while a graph is read, the subjects of statements whose objects are in doubt."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self._subjects: dict[tuple[NamedNode, str], set[bytes]] = {key: set() for each in doubts for key in _keys(each)}

    def ask(self, reader: Reader) -> None:
        """Ask for the statements."""
        for (property_, kind), subjects in self._subjects.items():
            reader.ask(written(property_), _taker(kind, subjects))

    def subjects(self, doubt: Doubt) -> set[bytes]:
        """Give what has been found."""
        if doubt.other is None:
            return self._subjects[doubt.property, doubt.kind]
        no_numbers, no_dates = (self._subjects[doubt.property, kind] | self._subjects[doubt.other, kind] for kind in _ORDERS)
        return no_numbers & no_dates


def _keys(doubt: Doubt) -> list[tuple[NamedNode, str]]:
    return [(doubt.property, doubt.kind)] if doubt.other is None else [(each, kind) for each in (doubt.property, doubt.other) for kind in _ORDERS]


def _taker(kind: str, subjects: set[bytes]) -> Taker:
    test = is_doubtful(kind)

    def take(subject: bytes, object_: bytes, _: bytes) -> None:
        if test(object_):
            subjects.add(subject)

    return take
