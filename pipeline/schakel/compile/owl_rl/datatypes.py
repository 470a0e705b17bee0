"""Of which datatypes a literal is: table 8 of OWL 2 RL.

In OWL the values of `xsd:decimal`, `xsd:float` and `xsd:double` are apart, as `schakel.engine.values` says of identity.
"""

from decimal import Decimal
from typing import Final

from schakel.engine.spelling import LANG_STRING, STRING
from schakel.engine.values import Value, value_of
from schakel.namespaces import RDF, RDFS, XSD

__all__ = ["belongs_to"]

_INTEGERS: Final = frozenset(
    XSD[name].value
    for name in (
        *("integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_TEXTS: Final = frozenset(XSD[name].value for name in ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"))
# A text in a language; which, its datatype does not tell.
_TAGGED: Final = Value(valid=True, identity="@")


def belongs_to(text: str, datatype: str, wanted: str) -> bool | None:
    """Tell whether the value of a literal is one of a datatype; None where that is not known.

    >>> belongs_to("300", XSD.integer.value, XSD.byte.value), belongs_to("1.0", XSD.decimal.value, XSD.integer.value)
    (False, True)
    """
    value = _TAGGED if datatype == LANG_STRING else value_of(text, datatype)
    if wanted == RDFS.Literal.value:
        return True
    if not value.valid or datatype == wanted:
        return value.valid
    return None if value.identity is None else _takes(wanted, value.identity, text)


def _takes(wanted: str, identity: str, text: str) -> bool:
    """Tell whether a datatype takes a value that is named so, of a literal of another datatype."""
    family, _, rest = identity.partition(" ")
    if family.startswith("@"):
        return wanted in {LANG_STRING, RDF.PlainLiteral.value}
    if family == "string":
        return wanted in {STRING, RDF.PlainLiteral.value} or (wanted in _TEXTS and value_of(rest, wanted).valid is True)
    if wanted in _INTEGERS:
        return family == "decimal" and _is_integer(text, wanted)
    if wanted == XSD.dateTimeStamp.value:
        return family == "dateTime" and value_of(text, wanted).valid is True
    return family == wanted.rpartition("#")[2]


def _is_integer(text: str, wanted: str) -> bool:
    value = Decimal(text)
    return value == value.to_integral_value() and value_of(format(value, "f").partition(".")[0], wanted).valid is True
