"""Casts of SPARQL, and the parts of instants: https://www.w3.org/TR/sparql11-query/#FunctionMapping."""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

from schakel.engine.arithmetic import DECIMAL, DOUBLE, FLOAT, INTEGER, Number, calculated, number_of, written
from schakel.engine.relations import BLANK, IRI, LITERAL
from schakel.engine.spelling import LANG_STRING, STRING, Parts
from schakel.engine.values import value_of

__all__ = ["BOOLEAN", "DATE_TIME", "TARGETS", "cast_to", "part_of", "timezone_of"]

_Function: TypeAlias = Callable[[Parts], Parts | None]
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
BOOLEAN: Final = f"{_XSD}boolean"
DATE_TIME: Final = f"{_XSD}dateTime"
# What may be cast to.
TARGETS: Final = (STRING, BOOLEAN, INTEGER, DECIMAL, FLOAT, DOUBLE, DATE_TIME)
_LONGEST: Final = 1 << 16


def _literal(text: str, datatype: str = STRING) -> Parts:
    return Parts(LITERAL, text, datatype)


def _number(number: Number | None) -> Parts | None:
    return None if number is None else _literal(written(number), number.type)


def cast_to(target: str) -> _Function:
    """Cast to a number, a boolean or a text: https://www.w3.org/TR/xpath-functions/#casting-from-primitive-to-primitive."""

    def function(term: Parts) -> Parts | None:
        if term.kind == BLANK or (term.kind == IRI and target != STRING) or term.datatype == LANG_STRING:
            return None
        number = number_of(term.text, term.datatype)
        if target == STRING:
            return _literal(_canonical(term, number))
        text = term.text.strip(" \t\n\r") if term.datatype == STRING else term.text
        if number is not None:
            return _cast_number(number, target)
        if term.datatype == BOOLEAN and target != BOOLEAN and value_of(text, BOOLEAN).valid:
            text = {"true": "1", "false": "0"}.get(text, text)
        elif term.datatype not in {STRING, target}:
            return None
        return _literal(text, target) if value_of(text, target).valid and len(text) < _LONGEST else None

    return function


def _cast_number(number: Number, target: str) -> Parts | None:
    value = number.value
    if target == BOOLEAN:
        return _literal("true" if value != 0 and not (isinstance(value, float) and math.isnan(value)) else "false", BOOLEAN)
    if target in {FLOAT, DOUBLE}:
        return _number(calculated("+", Number(value, number.type), Number(0.0, target)) if target == DOUBLE else Number(value, FLOAT))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    exact = Fraction(value)
    return _number(Number(Fraction(math.trunc(exact)) if target == INTEGER else exact, target))


def _canonical(term: Parts, number: Number | None) -> str:
    if number is not None:
        return written(number)
    return {"1": "true", "0": "false"}.get(term.text, term.text) if term.datatype == BOOLEAN else term.text


_PART: Final = re.compile(
    r"(?:(?P<YEAR>-?[0-9]{4,})-(?P<MONTH>[0-9]{2})-(?P<DAY>[0-9]{2}))T(?P<HOURS>[0-9]{2}):(?P<MINUTES>[0-9]{2}):(?P<SECONDS>[0-9]{2}(?:\.[0-9]+)?)(?P<TZ>Z|[+-].*)?"
)


def part_of(name: str) -> _Function:
    """Read a part of an instant, as it is stated."""

    def function(term: Parts) -> Parts | None:
        found = _PART.fullmatch(term.text) if term.datatype == DATE_TIME and value_of(term.text, DATE_TIME).valid else None
        if found is None:
            return None
        stated = found[name]
        if name == "SECONDS":
            return _number(Number(Fraction(stated), DECIMAL))
        return _literal(stated or "") if name == "TZ" else _literal(str(int(stated)), INTEGER)

    return function


def timezone_of(term: Parts) -> Parts | None:
    """Give the time zone of an instant as a duration."""
    zone = part_of("TZ")(term)
    if zone is None or not zone.text:
        return None
    minutes = 0 if zone.text == "Z" else int(zone.text[1:3]) * 60 + int(zone.text[4:])
    hours, rest = divmod(minutes, 60)
    length = f"{hours}H" * (hours > 0) + f"{rest}M" * (rest > 0) or "0S"
    return _literal(f"{'-' * (zone.text[0] == '-' and minutes > 0)}PT{length}", f"{_XSD}dayTimeDuration")
