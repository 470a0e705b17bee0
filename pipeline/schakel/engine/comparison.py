"""Comparisons of terms, as expressions of a plan: three-valued, NULL where two terms cannot be compared or nobody can tell.

Terms are compared by their columns in the table of terms. Each function takes two sources of such columns: `joined("alias")` for a joined alias of that
table, `constant(spelling)` for a term that the plan itself names.

SPARQL compares numbers by promotion; XSD compares a time in a zone and one without by what zones there are, which within fourteen hours says nothing; and
durations by four instants. Order of dates, times and durations other than `xsd:dateTime` is what SPARQL leaves to engines.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.number_keys import NOT_A_NUMBER
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import STRING, parts_of
from schakel.engine.values import DOUBLE, DURATION, FLOAT, NUMBER, TEXT, Value, value_of

__all__ = ["Term", "constant", "equal", "identity", "joined", "less", "less_or_equal", "same_value"]

# Gives an expression for a column of the table of terms.
Term: TypeAlias = Callable[[str], exp.Expression]
_Order: TypeAlias = type[exp.LT] | type[exp.LTE]

_INSTANTS: Final = (1, 2, 3, 4)


def joined(alias: str) -> Term:
    """Compare what a joined alias of the table of terms holds."""
    return lambda name: column(name, alias)


def constant(spelling: str) -> Term:
    """Compare a term that is known when the plan is made."""
    columns = _columns(spelling)
    return lambda name: _constant(columns[name])


@cache
def _columns(spelling: str) -> dict[str, str | int | bool | None]:
    parts = parts_of(spelling)
    is_typed = parts.kind == LITERAL and parts.language is None and parts.datatype not in {None, STRING}
    value = value_of(parts.text, parts.datatype or "") if is_typed else Value(valid=True if parts.kind == LITERAL else None)
    if parts.datatype == STRING:
        value = value._replace(space=TEXT, key=parts.text)
    return {"spelling": spelling, **parts._asdict(), **value._asdict()}


def _constant(value: str | int | bool | None) -> exp.Expression:  # noqa: FBT001  # a constant of any type
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def less(a: Term, b: Term) -> exp.Expression:
    """Tell whether one term is less than another."""
    return _ordered(a, b, exp.LT)


def less_or_equal(a: Term, b: Term) -> exp.Expression:
    """Tell whether one term is less than another, or equal to it."""
    return _ordered(a, b, exp.LTE)


def equal(a: Term, b: Term) -> exp.Expression:
    """Tell whether two terms are equal for SPARQL's `=`: NaN is equal to nothing, and terms of unknown or wrong datatypes only to themselves."""
    is_nan = exp.EQ(this=a("key"), expression=_text(NOT_A_NUMBER))
    cases = exp.Case()
    cases = cases.when(exp.and_(_same(a, b, "spelling"), _has_space(a, NUMBER)), exp.Coalesce(this=exp.Not(this=is_nan), expressions=[exp.true()]), copy=False)
    cases = cases.when(_same(a, b, "spelling"), exp.true(), copy=False)
    cases = cases.when(exp.or_(_is_not_literal(a), _is_not_literal(b)), exp.false(), copy=False)
    cases = cases.when(exp.and_(_has_space(a, NUMBER), _has_space(b, NUMBER)), _numbers(a, b, exp.EQ), copy=False)
    cases = cases.when(exp.and_(_same(a, b, "space"), exp.or_(*(exp.Not(this=_is_null(each("low"))) for each in (a, b)))), _equal_moments(a, b), copy=False)
    cases = cases.when(exp.and_(_same(a, b, "space"), exp.Not(this=_has_space(a, DURATION))), _same(a, b, "key"), copy=False)
    return cases.else_(exp.EQ(this=identity(a), expression=identity(b)), copy=False)


def same_value(a: Term, b: Term) -> exp.Expression:
    """Tell whether two literals are the same value for OWL; NULL where a term is no literal with a value, unless both are one term."""
    same = exp.Case().when(_same(a, b, "spelling"), exp.true(), copy=False)
    return same.else_(exp.EQ(this=identity(a), expression=identity(b)), copy=False)


def identity(term: Term) -> exp.Expression:
    """Give a text that two literals share if they are the same value, and only then; NULL for what is no literal with a value."""
    tagged = exp.DPipe(this=exp.DPipe(this=_text("@"), expression=exp.Lower(this=term("language"))), expression=_text(" "), safe=True)
    cases = exp.Case()
    cases = cases.when(exp.Not(this=_is_null(term("identity"))), term("identity"), copy=False)
    cases = cases.when(exp.Not(this=_is_null(term("language"))), exp.DPipe(this=tagged, expression=term("text"), safe=True), copy=False)
    is_text = exp.EQ(this=term("datatype"), expression=_text(STRING))
    return cases.when(is_text, exp.DPipe(this=_text("string "), expression=term("text"), safe=True), copy=False)


def _ordered(a: Term, b: Term, order: _Order) -> exp.Expression:
    same = exp.Case()
    same = same.when(_has_space(a, NUMBER), _numbers(a, b, order), copy=False)
    same = same.when(_has_space(a, DURATION), _durations(a, b, order), copy=False)
    same = same.when(exp.and_(*(_is_null(each("low")) for each in (a, b))), order(this=a("key"), expression=b("key")), copy=False)
    same = same.else_(_moments(a, b, order), copy=False)
    return exp.Case().when(_same(a, b, "space"), same, copy=False)


def _numbers(a: Term, b: Term, order: type[exp.Binary]) -> exp.Expression:
    """Compare as doubles where one of two is a double, else as floats where one is a float, else exactly; what is no number is the greater side."""
    cases = exp.Case()
    for datatype, promoted in ((DOUBLE, "as_double"), (FLOAT, "as_float")):
        is_one = exp.or_(*(exp.EQ(this=each("datatype"), expression=_text(datatype)) for each in (a, b)))
        sides = (exp.Coalesce(this=each(promoted), expressions=[each("key")]) for each in (a, b))
        cases = cases.when(is_one, order(this=next(sides), expression=next(sides)), copy=False)
    compared = cases.else_(order(this=a("key"), expression=b("key")), copy=False)
    return exp.And(this=compared, expression=exp.NEQ(this=b("key"), expression=_text(NOT_A_NUMBER)))


def _moments(a: Term, b: Term, order: _Order) -> exp.Expression:
    """Compare times of which one at least has no zone."""
    cases = exp.Case()
    both = exp.and_(*(exp.Not(this=_is_null(each("low"))) for each in (a, b)))
    cases = cases.when(both, order(this=a("key"), expression=b("key")), copy=False)
    cases = cases.when(exp.LT(this=_latest(a), expression=_earliest(b)), exp.true(), copy=False)
    return cases.when(exp.GT(this=_earliest(a), expression=_latest(b)), exp.false(), copy=False)


def _equal_moments(a: Term, b: Term) -> exp.Expression:
    both = exp.and_(*(exp.Not(this=_is_null(each("low"))) for each in (a, b)))
    cases = exp.Case().when(both, _same(a, b, "key"), copy=False)
    apart = exp.or_(exp.LT(this=_latest(a), expression=_earliest(b)), exp.GT(this=_earliest(a), expression=_latest(b)))
    return cases.when(apart, exp.false(), copy=False)


def _earliest(term: Term) -> exp.Expression:
    return exp.Coalesce(this=term("low"), expressions=[term("key")])


def _latest(term: Term) -> exp.Expression:
    return exp.Coalesce(this=term("high"), expressions=[term("key")])


def _durations(a: Term, b: Term, order: _Order) -> exp.Expression:
    """Compare durations: one is less if it ends earlier from each of four instants."""
    below = exp.and_(*(exp.LT(this=_part(a, number), expression=_part(b, number)) for number in _INSTANTS))
    above = exp.and_(*(exp.GT(this=_part(a, number), expression=_part(b, number)) for number in _INSTANTS))
    same = exp.Case().when(_same(a, b, "identity"), _constant(order is exp.LTE), copy=False)
    return same.when(below, exp.true(), copy=False).when(above, exp.false(), copy=False)


def _part(duration: Term, number: int) -> exp.Expression:
    return exp.SplitPart(this=duration("key"), delimiter=_text(" "), part_index=exp.Literal.number(number))


def _same(a: Term, b: Term, name: str) -> exp.Expression:
    return exp.EQ(this=a(name), expression=b(name))


def _has_space(term: Term, space: str) -> exp.Expression:
    return exp.EQ(this=term("space"), expression=_text(space))


def _is_not_literal(term: Term) -> exp.Expression:
    return exp.NEQ(this=term("kind"), expression=exp.Literal.number(LITERAL))


def _is_null(expression: exp.Expression) -> exp.Expression:
    return exp.Is(this=expression, expression=exp.null())


def _text(text: str) -> exp.Expression:
    return exp.Literal.string(text)
