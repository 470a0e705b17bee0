"""What comparisons need to know of a literal: is it what its datatype says, where is it in the order of its value space, and which value is it.

Lexical forms are judged by the grammar of XSD 1.1, without removing white space first, as RDF has it. Three things are then asked of values:

- **Order** (`space`, `key`): values of one space compare by the UTF-8 bytes of their keys. Decimals (and integers), floats and doubles share the space
  `number`. SPARQL compares numbers of two types after it has promoted the one to the other's type: `as_float` and `as_double` are the keys of what a number is
  promoted to, where they differ from `key`. Dates and times without time zone have the key of their local time, and of the earliest and latest instant
  that they may be, `low` and `high`. The key of a duration is four keys separated by spaces, of the four instants by which XSD compares durations.
- **Equality**: an equal key, but for NaN, which SPARQL holds equal to nothing.
- **Identity** (`identity`): values are the same if their identities are, as OWL has it: decimals, floats and doubles are disjoint; −0 is not 0; NaN is NaN;
  an instant stated in two time zones is two values. None where a value is not known well enough.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from schakel.engine.moments import MOMENTS, duration_of, moment_of
from schakel.engine.number_keys import decimal_key, double_key, float_key, nearest_float, split_number
from schakel.engine.texts import TEXTS, canonical_xml, is_text, octets_of, plain_literal

__all__ = ["DOUBLE", "DURATION", "FLOAT", "NUMBER", "TEXT", "Value", "language_identity", "value_of"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FLOAT: Final = f"{XSD}float"
DOUBLE: Final = f"{XSD}double"

# Value spaces that comparisons treat in a way of their own.
NUMBER: Final = "number"
DURATION: Final = "duration"
TEXT: Final = "string"

_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_FLOATING: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_BOOLEANS: Final = {"true": "1", "1": "1", "false": "0", "0": "0"}
# The least and the greatest of each type of integers.
_RANGES: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))},
    **{name: (0, 2**bits - 1) for name, bits in (("unsignedLong", 64), ("unsignedInt", 32), ("unsignedShort", 16), ("unsignedByte", 8))},
}
# A decimal of no more digits is the shortest that rounds to its float, and so needs no key but its own.
_FEW_DIGITS: Final = 6


class Value(NamedTuple):
    """`valid` is None for an unknown datatype. All else is None where the literal is invalid, or has no such thing."""

    valid: bool | None
    space: str | None = None
    key: str | None = None
    low: str | None = None
    high: str | None = None
    as_float: str | None = None
    as_double: str | None = None
    identity: str | None = None


_UNKNOWN: Final = Value(valid=None)
_INVALID: Final = Value(valid=False)
_UNCOMPARED: Final = Value(valid=True)


def value_of(text: str, datatype: str) -> Value:
    """Describe a literal by its lexical form and the IRI of its datatype.

    >>> value_of("042", "http://www.w3.org/2001/XMLSchema#integer").key == value_of("42.0", "http://www.w3.org/2001/XMLSchema#decimal").key
    True
    >>> value_of("1_000", "http://www.w3.org/2001/XMLSchema#integer").valid
    False
    """
    found = _READERS.get(datatype)
    return _UNKNOWN if found is None else found[0](text, found[1])


def language_identity(text: str, tag: str) -> str:
    """Give the identity of a text in a language, whose tag may be in any case."""
    return f"@{tag.lower()} {text}"


def _decimal(text: str, _: str) -> Value:
    return _INVALID if _DECIMAL.fullmatch(text) is None else _exact(text)


def _integer(text: str, name: str) -> Value:
    if _INTEGER.fullmatch(text) is None:
        return _INVALID
    least, greatest = _BOUNDS[name]
    value = _exact(text)
    key = value.key or ""
    return _INVALID if key < least or key > greatest else value


def _exact(text: str) -> Value:
    whole, fraction, negative = split_number(text)
    key = decimal_key(whole, fraction, negative=negative)
    value = Value(valid=True, space=NUMBER, key=key, identity=f"decimal {key}")
    if len(whole) + len(fraction) <= _FEW_DIGITS:
        return value
    single, double = float_key(nearest_float(text)), double_key(float(text))
    return value._replace(as_float=None if single == key else single, as_double=None if double == key else double)


def _floating(text: str, name: str) -> Value:
    if _FLOATING.fullmatch(text) is None:
        return _INVALID
    number = nearest_float(text) if name == "float" else float(text)
    double = double_key(number)
    key = float_key(number) if name == "float" else double
    sign = "-" if number == 0 and text.startswith("-") else ""
    return Value(valid=True, space=NUMBER, key=key, as_double=None if double == key else double, identity=f"{name} {sign}{key}")


def _boolean(text: str, _: str) -> Value:
    key = _BOOLEANS.get(text)
    return _INVALID if key is None else Value(valid=True, space="boolean", key=key, identity=f"boolean {key}")


def _moment(text: str, name: str) -> Value:
    moment = moment_of(text, name)
    if isinstance(moment, bool):
        return _UNCOMPARED if moment else _INVALID
    space = "dateTime" if name == "dateTimeStamp" else name
    zone = "" if moment.zone is None else f" {moment.zone}"
    return Value(valid=True, space=space, key=moment.key, low=moment.low, high=moment.high, identity=f"{space} {moment.key}{zone}")


def _duration(text: str, name: str) -> Value:
    duration = duration_of(text, name)
    if isinstance(duration, bool):
        return _UNCOMPARED if duration else _INVALID
    return Value(valid=True, space=DURATION, key=duration[0], identity=f"duration {duration[1]}")


def _text(text: str, name: str) -> Value:
    return Value(valid=True, space=TEXT, key=text, identity=f"string {text}") if is_text(text, name) else _INVALID


def _octets(text: str, name: str) -> Value:
    octets = octets_of(text, name)
    return _INVALID if octets is None else Value(valid=True, identity=f"{name} {octets}")


def _uri(text: str, _: str) -> Value:
    return Value(valid=True, identity=f"anyURI {text}")


def _xml(text: str, _: str) -> Value:
    canonical = canonical_xml(text)
    return _INVALID if canonical is None else Value(valid=True, identity=f"XMLLiteral {canonical}")


def _html(*_: str) -> Value:
    # Any text is HTML; two texts may be the same tree.
    return _UNCOMPARED


def _plain(text: str, _: str) -> Value:
    apart = plain_literal(text)
    if apart is None:
        return _INVALID
    return Value(valid=True, identity=language_identity(*apart)) if apart[1] else _text(apart[0], "string")


def _untagged(*_: str) -> Value:
    # A text in a language has a tag, and none of the spellings of a datatype.
    return _INVALID


def _bound(number: int | None, otherwise: str) -> str:
    return otherwise if number is None else decimal_key(str(abs(number)), negative=number < 0)


_BOUNDS: Final = {name: (_bound(least, ""), _bound(greatest, "~")) for name, (least, greatest) in _RANGES.items()}
_READERS: Final[Mapping[str, tuple[Callable[[str, str], Value], str]]] = {
    f"{XSD}decimal": (_decimal, "decimal"),
    **{f"{XSD}{name}": (_integer, name) for name in _RANGES},
    FLOAT: (_floating, "float"),
    DOUBLE: (_floating, "double"),
    f"{XSD}boolean": (_boolean, "boolean"),
    **{f"{XSD}{name}": (_moment, name) for name in MOMENTS},
    **{f"{XSD}{name}": (_duration, name) for name in ("duration", "yearMonthDuration", "dayTimeDuration")},
    **{f"{XSD}{name}": (_text, name) for name in TEXTS},
    **{f"{XSD}{name}": (_octets, name) for name in ("hexBinary", "base64Binary")},
    f"{XSD}anyURI": (_uri, "anyURI"),
    f"{RDF}XMLLiteral": (_xml, "XMLLiteral"),
    f"{RDF}HTML": (_html, "HTML"),
    f"{RDF}PlainLiteral": (_plain, "PlainLiteral"),
    f"{RDF}langString": (_untagged, "langString"),
}
