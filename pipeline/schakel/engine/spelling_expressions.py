"""Terms as N-Triples writes them, taken apart by expressions of a plan."""

from typing import Final

from sqlglot import exp

from schakel.engine.relations import BLANK, IRI, LITERAL

__all__ = ["kind_of", "suffix_of", "text_of"]

# What follows the text of a literal: nothing, a tag, or a datatype.
_SUFFIX: Final = r'"(@[A-Za-z0-9-]+|\^\^<[^>]*>)?$'


def kind_of(spelling: exp.Expression) -> exp.Expression:
    """Give the kind of a spelled term, as an expression."""
    case = exp.Case()
    for sign, kind in (("<", IRI), ("_", BLANK)):
        case = case.when(exp.EQ(this=_slice(spelling, 1, exp.Literal.number(1)), expression=exp.Literal.string(sign)), exp.Literal.number(kind), copy=False)
    return case.else_(exp.Literal.number(LITERAL), copy=False)


def suffix_of(spelling: exp.Expression) -> exp.Expression:
    """Give what follows the text of a literal: `@tag`, `^^<datatype>` or nothing, as an expression."""
    return exp.RegexpExtract(this=spelling.copy(), expression=exp.Literal.string(_SUFFIX), group=exp.Literal.number(1))


def text_of(spelling: exp.Expression, suffix: exp.Expression) -> exp.Expression:
    """Give the text of a term with escapes as they are spelled, as an expression; `suffix` is what suffix_of() gives."""
    length = exp.Sub(this=exp.Sub(this=exp.Length(this=spelling.copy()), expression=exp.Length(this=suffix.copy())), expression=exp.Literal.number(2))
    blank = exp.EQ(this=_slice(spelling, 1, exp.Literal.number(1)), expression=exp.Literal.string("_"))
    return exp.Case().when(blank, _slice(spelling, 3, None), copy=False).else_(_slice(spelling, 2, length), copy=False)


def _slice(spelling: exp.Expression, start: int, length: exp.Expression | None) -> exp.Expression:
    return exp.Substring(this=spelling.copy(), start=exp.Literal.number(start), length=length)
