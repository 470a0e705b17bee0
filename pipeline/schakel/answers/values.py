"""RDF terms as values of Python: numbers to reckon with, dates to compare, texts that know their language.

>>> to_python(ox.Literal("12", datatype=XSD.integer)) + 1
13
>>> to_python(ox.Literal("2017-12-01", datatype=XSD.date)).year
2017
>>> to_python(ox.Literal("vuurtoren", language="nl")).language
'nl'

What has no value in Python keeps the characters that it was written with:

>>> to_python(ox.Literal("2017-12", datatype=XSD.gYearMonth))
'2017-12'
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Self, TypeAlias

import pyoxigraph as ox
from pyoxigraph import NamedNode

from schakel.graph import Term
from schakel.namespaces import XSD

__all__ = ["IRI", "Text", "Value", "is_number", "to_python"]


class IRI(str):
    """The IRI of a thing: a `str`, and told from a text by its type.

    >>> IRI("https://example.org/tower/brandaris").endswith("brandaris")
    True
    """

    __slots__ = ()


class Text(str):
    """A text, with the language that it says it is in; equal to the `str` of the same characters.

    >>> Text("Nederland", "nl") == "Nederland"
    True
    >>> Text("Nederland").language is None
    True
    """

    __slots__ = ("language",)

    language: str | None

    def __new__(cls, text: str, language: str | None = None) -> Self:
        """Make a text in a language, or in none."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, str | None]]:
        """Copy and pickle with the language."""
        return type(self), (str(self), self.language)


# A datetime is a date to Python too.
Value: TypeAlias = IRI | Text | bool | int | float | Decimal | date | None

_Reader: TypeAlias = Callable[[str], bool | int | float | Decimal | date | None]


def _reader(pattern: str, make: _Reader) -> _Reader:
    """Read what XML Schema allows to write, which is less than Python takes (`1_000`, ` 1 `, `20171201`); None for anything else."""
    allowed = re.compile(pattern)

    def read(form: str) -> bool | int | float | Decimal | date | None:
        if not allowed.fullmatch(form):
            return None
        try:
            return make(form)
        except (ValueError, ArithmeticError):  # no such day, a year that Python has not, more digits than it takes
            return None

    return read


def _integer(least: int | None = None, most: int | None = None) -> _Reader:
    def within(form: str) -> int | None:
        value = int(form)
        return value if (least is None or value >= least) and (most is None or value <= most) else None

    return _reader("[+-]?[0-9]+", within)


_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Python would cut off what follows a microsecond, and has no hour 24.
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"

_float = _reader(rf"{_DIGITS}(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN", float)

_NUMBERS: Mapping[str, _Reader] = {
    XSD.decimal.value: _reader(_DIGITS, Decimal),
    XSD.double.value: _float,
    XSD.float.value: _float,
    XSD.integer.value: _integer(),
    XSD.long.value: _integer(-(2**63), 2**63 - 1),
    XSD.int.value: _integer(-(2**31), 2**31 - 1),
    XSD.short.value: _integer(-(2**15), 2**15 - 1),
    XSD.byte.value: _integer(-(2**7), 2**7 - 1),
    XSD.nonNegativeInteger.value: _integer(0),
    XSD.positiveInteger.value: _integer(1),
    XSD.nonPositiveInteger.value: _integer(None, 0),
    XSD.negativeInteger.value: _integer(None, -1),
    XSD.unsignedLong.value: _integer(0, 2**64 - 1),
    XSD.unsignedInt.value: _integer(0, 2**32 - 1),
    XSD.unsignedShort.value: _integer(0, 2**16 - 1),
    XSD.unsignedByte.value: _integer(0, 2**8 - 1),
}

_READERS: Mapping[str, _Reader] = {
    **_NUMBERS,
    XSD.boolean.value: _reader("true|false|1|0", {"true": True, "1": True, "false": False, "0": False}.get),
    # A date with a time zone is another thing than a date without, and Python has only the latter.
    XSD.date.value: _reader(_DAY, date.fromisoformat),
    XSD.dateTime.value: _reader(f"{_DAY}T{_TIME}{_ZONE}?", datetime.fromisoformat),
    XSD.dateTimeStamp.value: _reader(f"{_DAY}T{_TIME}{_ZONE}", datetime.fromisoformat),
    XSD.gYear.value: _reader("-?(?:[1-9][0-9]{3,}|0[0-9]{3})", int),
}


def _read(literal: ox.Literal, readers: Mapping[str, _Reader]) -> bool | int | float | Decimal | date | None:
    reader = readers.get(literal.datatype.value)
    return None if reader is None else reader(literal.value)


def to_python(term: Term | None) -> Value:
    """Give the value of a term; None for None.

    An IRI becomes an `IRI`, an `xsd:integer` (or a kind of it) and a year an int, a decimal a Decimal, a double a float, a boolean a bool,
    a date a date and a moment a datetime. Everything else becomes a `Text`: strings, what Python has no type for (months, durations, dates
    before our era), and what is not a value of its datatype at all. A blank node or a triple term is the text that SPARQL writes it with.
    """
    match term:
        case None:
            return None
        case NamedNode():
            return IRI(term.value)
        case ox.Literal():
            value = _read(term, _READERS)
            return Text(term.value, term.language) if value is None else value
    return Text(str(term))


def is_number(term: Term | None) -> bool:
    """Tell whether a term is a literal with a numeric datatype that is written as a number.

    >>> is_number(ox.Literal("-12", datatype=XSD.integer)), is_number(ox.Literal("-12+1", datatype=XSD.integer)), is_number(ox.Literal("-12"))
    (True, False, False)
    """
    return isinstance(term, ox.Literal) and _read(term, _NUMBERS) is not None
