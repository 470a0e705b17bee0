"""The numbers of SPARQL, calculated exactly where they are exact: https://www.w3.org/TR/sparql11-query/#OperatorMapping."""

import math
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from schakel.engine.values import value_of

__all__ = ["DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "Number", "calculated", "number_of", "rounded", "written"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
INTEGER: Final = f"{_XSD}integer"
DECIMAL: Final = f"{_XSD}decimal"
FLOAT: Final = f"{_XSD}float"
DOUBLE: Final = f"{_XSD}double"
# The types that others are promoted to, in order.
_TYPES: Final = (INTEGER, DECIMAL, FLOAT, DOUBLE)
_INTEGERS: Final = frozenset(
    f"{_XSD}{name}"
    for name in (
        *("nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
# Digits after the point of a quotient that has no end; XPath wants 18 digits in all.
_FRACTION_DIGITS: Final = 18


class Number(NamedTuple):
    """A number: its value, and the one of the four basic types that it has or derives from."""

    value: Fraction | float
    type: str


def number_of(text: str, datatype: str | None) -> Number | None:
    """Read a numeric literal; None for anything else, and for what is not in the lexical space."""
    basic = INTEGER if datatype in _INTEGERS else datatype
    if basic not in _TYPES or datatype is None or not value_of(text, datatype).valid:
        return None
    if basic in {FLOAT, DOUBLE}:
        return Number(_single(float(text)) if basic == FLOAT else float(text), basic)
    return Number(Fraction(text), basic)


def _single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def calculated(sign: str, left: Number, right: Number) -> Number | None:
    """Add, subtract, multiply or divide; None for an error."""
    kind = max(left.type, right.type, key=_TYPES.index)
    if sign == "/" and kind == INTEGER:
        kind = DECIMAL
    if kind in {FLOAT, DOUBLE}:
        value = _FLOATING[sign](float(left.value), float(right.value))
        return Number(_single(value) if kind == FLOAT else value, kind)
    if sign == "/" and right.value == 0:
        return None
    return Number(_EXACT[sign](Fraction(left.value), Fraction(right.value)), kind)


def rounded(function: str, number: Number) -> Number:
    """Give what `ABS`, `CEIL`, `FLOOR` or `ROUND` gives; the type stays."""
    value = number.value
    if isinstance(value, float) and (not math.isfinite(value) or value == 0):
        return Number(abs(value) if function == "ABS" else value, number.type)
    if function == "ABS":
        return Number(math.fabs(value) if isinstance(value, float) else abs(value), number.type)
    exact = Fraction(value)
    whole = Fraction(math.ceil(exact) if function == "CEIL" else math.floor(exact if function == "FLOOR" else exact + Fraction(1, 2)))
    if isinstance(value, float):
        # What a negative number is rounded to is a negative zero.
        return Number(math.copysign(float(whole), value), number.type)
    return Number(whole, number.type)


def written(number: Number) -> str:
    """Write a number in the canonical form of its type."""
    value = number.value
    if number.type == INTEGER:
        return str(int(value))
    if number.type == DECIMAL:
        return _decimal(Fraction(value))
    return _floating(float(value))


def _decimal(value: Fraction) -> str:
    """Write a decimal; one without an end is cut off."""
    context = Context(prec=max(len(str(int(value))) + _FRACTION_DIGITS, 1), rounding=ROUND_DOWN)
    twos_and_fives = value.denominator
    for factor in (2, 5):
        while twos_and_fives % factor == 0:
            twos_and_fives //= factor
    if twos_and_fives == 1:
        # As many digits as it takes.
        context = Context(prec=len(str(value.numerator)) + value.denominator.bit_length() * 2 + 1)
    quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    text = format(quotient, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _floating(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    mantissa, _, exponent = format(Decimal(repr(value)), "E").partition("E")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _quotient(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


_EXACT: Final[Mapping[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
_FLOATING: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _quotient,
}
