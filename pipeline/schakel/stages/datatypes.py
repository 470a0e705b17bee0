"""The datatypes of XSD as findings speak of them."""

from typing import Final

__all__ = ["DATATYPES", "DATES", "NUMBERS", "example_of"]

DATES: Final = frozenset({"date", "dateTime", "gYear", "gYearMonth"})
_NEGATIVE: Final = frozenset({"negativeInteger", "nonPositiveInteger"})
_INTEGERS: Final = _NEGATIVE | {
    *("byte", "int", "integer", "long", "nonNegativeInteger", "positiveInteger", "short"),
    *("unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
}
NUMBERS: Final = _INTEGERS | {"decimal", "double", "float"}
_EXAMPLES: Final = {
    "boolean": "true",
    "date": "2009-04-01",
    "dateTime": "2009-04-01T12:00:00Z",
    "dateTimeStamp": "2009-04-01T12:00:00Z",
    "dayTimeDuration": "P1DT12H",
    "decimal": "49.5",
    "double": "4.95E1",
    "duration": "P2M",
    "float": "4.95E1",
    "gDay": "---31",
    "gMonth": "--12",
    "gMonthDay": "--12-31",
    "gYear": "2006",
    "gYearMonth": "2017-12",
    "hexBinary": "0FB7",
    "language": "nl-BE",
    "time": "12:00:00",
    "yearMonthDuration": "P2M",
}
_TEXTS: Final = frozenset({"ENTITY", "ID", "IDREF", "NCName", "NMTOKEN", "Name", "QName", "anyURI", "base64Binary", "normalizedString", "string", "token"})
# The names of all, without their namespace.
DATATYPES: Final = NUMBERS | _TEXTS | _EXAMPLES.keys()


def example_of(datatype: str) -> str:
    """Give an example of a literal of a datatype.

    >>> example_of("gYearMonth")
    '2017-12'
    """
    return _EXAMPLES.get(datatype, "-19" if datatype in _NEGATIVE else "19" if datatype in _INTEGERS else "text")
