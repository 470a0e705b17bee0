"""The functions of SPARQL that engines do differently, or not at all: computed once per distinct value, in Python, for every executor.

A function takes terms and gives a term, or None for an error; https://www.w3.org/TR/sparql11-query/#SparqlOps.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import NamedNode

from schakel.engine.arithmetic import DECIMAL, INTEGER, Number, calculated, number_of, rounded, written
from schakel.engine.casting import BOOLEAN, TARGETS, cast_to, part_of, timezone_of
from schakel.engine.iris import is_absolute, resolve
from schakel.engine.ordering import sort_key
from schakel.engine.regular_expressions import RegularExpressionError, matcher, replacer
from schakel.engine.relations import IRI, LITERAL
from schakel.engine.slugs import SLUG, slug
from schakel.engine.spelling import LANG_STRING, STRING, Parts
from schakel.engine.values import value_of

__all__ = ["CONDITIONS", "NAMES", "SORT_KEY", "call"]

# Gives a text by which terms are sorted.
SORT_KEY: Final = "SORT KEY"

_Function: TypeAlias = Callable[..., Parts | None]


def call(name: str, arguments: Sequence[Parts]) -> Parts | None:
    """Compute a function by its name in SPARQL, or the IRI of a cast; None for an error. `-1` and `+1` are signs, `EBV` is the effective boolean value."""
    return _FUNCTIONS[name](*arguments)


def _literal(text: str, datatype: str = STRING) -> Parts:
    return Parts(LITERAL, text, datatype)


def _truth(truth: bool | None) -> Parts | None:  # noqa: FBT001  # the truth is what is written
    return None if truth is None else _literal("true" if truth else "false", BOOLEAN)


def _simple(*terms: Parts) -> bool:
    return all(term.datatype == STRING for term in terms)


def _is_string(term: Parts) -> bool:
    return term.datatype in {STRING, LANG_STRING}


# ---------------------------------------------------------------------------------------------------------------------------------- texts


def _iri(text: Parts, base: Parts | None = None) -> Parts | None:
    if text.kind == IRI:
        return text
    if not _simple(text) or (base is None and not is_absolute(text.text)):
        return None
    found = text.text if base is None else resolve(text.text, base.text)
    try:
        # Whoever reads what is published must take it for an IRI, too.
        return Parts(IRI, NamedNode(found).value)
    except ValueError:
        return None


def _mapped(change: Callable[[str], str]) -> _Function:
    return lambda text: text._replace(text=change(text.text)) if _is_string(text) else None


def _digest(name: str) -> _Function:
    return lambda text: _literal(hashlib.new(name, text.text.encode(), usedforsecurity=False).hexdigest()) if _simple(text) else None


def _encode_for_uri(text: Parts) -> Parts | None:
    return _literal(quote(text.text, safe="~")) if _is_string(text) else None


def _slug(text: Parts) -> Parts | None:
    """Make a part of an address; an error where nothing is left of the text."""
    made = slug(text.text) if _is_string(text) else ""
    return _literal(made) if made else None


def _substr(text: Parts, start: Parts, size: Parts | None = None) -> Parts | None:
    """Cut by positions that may be fractions or infinite: https://www.w3.org/TR/xpath-functions/#func-substring."""
    begin, wide = _position(start), None if size is None else _position(size)
    if begin is None or (size is not None and wide is None) or not _is_string(text):
        return None
    end = math.inf if wide is None else begin + wide
    signs = (sign for at, sign in enumerate(text.text, start=1) if begin <= at < end)
    return text._replace(text="".join(signs))


def _position(term: Parts) -> float | None:
    number = number_of(term.text, term.datatype)
    return None if number is None else float(rounded("ROUND", number).value)


_matcher = lru_cache(maxsize=256)(matcher)
_replacer = lru_cache(maxsize=256)(replacer)


def _regex(text: Parts, pattern: Parts, flags: Parts | None = None) -> Parts | None:
    if not _is_string(text) or not _simple(pattern, *([] if flags is None else [flags])):
        return None
    try:
        return _truth(_matcher(pattern.text, "" if flags is None else flags.text)(text.text))
    except RegularExpressionError:
        return None


def _replace(text: Parts, pattern: Parts, replacement: Parts, flags: Parts | None = None) -> Parts | None:
    if not _is_string(text) or not _simple(pattern, replacement, *([] if flags is None else [flags])):
        return None
    try:
        return text._replace(text=_replacer(pattern.text, replacement.text, "" if flags is None else flags.text)(text.text))
    except RegularExpressionError:
        return None


# ---------------------------------------------------------------------------------------------------------------------------------- comparisons


def _equal(left: Parts, right: Parts) -> Parts | None:
    return _truth(_are_equal(left, right))


def _are_equal(left: Parts, right: Parts) -> bool | None:
    if left.kind != LITERAL or right.kind != LITERAL:
        return left == right
    if LANG_STRING in {left.datatype, right.datatype}:
        return left._replace(language=(left.language or "").lower()) == right._replace(language=(right.language or "").lower())
    numbers = _numbers(left, right)
    if numbers is not None:
        return numbers[0] == numbers[1]
    return left == right or _same_value(left, right)


def _same_value(left: Parts, right: Parts) -> bool | None:
    first, second = (value_of(each.text, each.datatype or STRING) for each in (left, right))
    if not first.valid or not second.valid or first.key is None or second.key is None:
        # Of values that nobody knows, nobody knows whether they are the same.
        return None
    if first.space != second.space:
        return False
    if (first.low is None) is (second.low is None):
        return first.key == second.key
    return None if _earlier(left, right) is None else False


def _less(left: Parts, right: Parts) -> Parts | None:
    return _truth(_is_less(left, right))


def _less_or_equal(left: Parts, right: Parts) -> Parts | None:
    less = _is_less(left, right)
    equal = None if less is None else _are_equal(left, right)
    return _truth(less or equal)


def _is_less(left: Parts, right: Parts) -> bool | None:
    numbers = _numbers(left, right)
    return _earlier(left, right) if numbers is None else numbers[0] < numbers[1]


def _numbers(left: Parts, right: Parts) -> tuple[Fraction | float, Fraction | float] | None:
    """Give two numbers as the one of their types to which the other is promoted has them; None where one is no number."""
    first, second = (number_of(each.text, each.datatype) for each in (left, right))
    if first is None or second is None:
        return None
    zero = Number(Fraction(0), INTEGER)
    # Adding nothing of the other's type promotes.
    zeros = (Number(zero.value if each.type in {INTEGER, DECIMAL} else 0.0, each.type) for each in (second, first))
    promoted = [calculated("+", each, nothing) for each, nothing in zip((first, second), zeros, strict=True)]
    return (promoted[0].value, promoted[1].value) if promoted[0] is not None and promoted[1] is not None else None


def _earlier(left: Parts, right: Parts) -> bool | None:
    """Order two values by XSD's order, which is none between some instants with and without a time zone."""
    first, second = (value_of(each.text, each.datatype or STRING) for each in (left, right))
    if first.space is None or first.space != second.space or first.key is None or second.key is None or left.kind != LITERAL:
        return None
    if (first.low is None) is (second.low is None):
        return first.key < second.key
    if (first.high or first.key) < (second.low or second.key):
        return True
    return False if (second.high or second.key) < (first.low or first.key) else None


def _truth_of(term: Parts) -> Parts | None:
    if term.datatype == BOOLEAN:
        return _truth(term.text in {"true", "1"})
    if _is_string(term):
        return _truth(term.text != "")
    number = number_of(term.text, term.datatype)
    if number is not None:
        return _truth(number.value != 0 and not (isinstance(number.value, float) and math.isnan(number.value)))
    # A number that is none is false; anything else is an error.
    return _truth(False) if term.datatype is not None and value_of("0", term.datatype).space == value_of("0", INTEGER).space else None  # noqa: FBT003


# ---------------------------------------------------------------------------------------------------------------------------------- numbers


def _arithmetic(sign: str) -> _Function:
    def function(left: Parts, right: Parts) -> Parts | None:
        first, second = (number_of(each.text, each.datatype) for each in (left, right))
        return None if first is None or second is None else _number(calculated(sign, first, second))

    return function


def _signed(factor: int) -> _Function:
    def function(term: Parts) -> Parts | None:
        number = number_of(term.text, term.datatype)
        return None if number is None else _number(Number(number.value * factor, number.type))

    return function


def _rounding(name: str) -> _Function:
    def function(term: Parts) -> Parts | None:
        number = number_of(term.text, term.datatype)
        return None if number is None else _number(rounded(name, number))

    return function


def _number(number: Number | None) -> Parts | None:
    return None if number is None else _literal(written(number), number.type)


def _is_numeric(term: Parts) -> Parts | None:
    return _truth(number_of(term.text, term.datatype) is not None)


_FUNCTIONS: Final[Mapping[str, _Function]] = {
    "IRI": _iri,
    "UCASE": _mapped(str.upper),
    "LCASE": _mapped(str.lower),
    "ENCODE_FOR_URI": _encode_for_uri,
    SLUG: _slug,
    "SUBSTR": _substr,
    "REGEX": _regex,
    "REPLACE": _replace,
    **{name: _digest(name.lower()) for name in ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")},
    "=": _equal,
    "<": _less,
    "<=": _less_or_equal,
    "EBV": _truth_of,
    SORT_KEY: lambda term: _literal(sort_key(term)),
    **{sign: _arithmetic(sign) for sign in "+-*/"},
    "+1": _signed(1),
    "-1": _signed(-1),
    **{name: _rounding(name) for name in ("ABS", "CEIL", "FLOOR", "ROUND")},
    "ISNUMERIC": _is_numeric,
    **{each: cast_to(each) for each in TARGETS},
    **{name: part_of(name) for name in ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TZ")},
    "TIMEZONE": timezone_of,
}
NAMES: Final = frozenset(_FUNCTIONS)
# Those whose value is a boolean.
CONDITIONS: Final = frozenset({"=", "<", "<=", "EBV", "ISNUMERIC", "REGEX"})
