"""The aggregates of SPARQL that executors do differently: over the terms of one group, in Python, exactly.

https://www.w3.org/TR/sparql11-query/#aggregateAlgebra. None stands for an error, which makes the whole an error.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from schakel.engine.arithmetic import INTEGER, Number, calculated, number_of, written
from schakel.engine.ordering import sort_key
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import Parts, parts_of

__all__ = ["aggregate"]

_NOTHING: Final = Number(Fraction(0), INTEGER)


def aggregate(function: str, spellings: Iterable[str | None]) -> Parts | None:
    """Give SUM, AVG, MIN or MAX of spelled terms.

    >>> aggregate("SUM", ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>']).text
    '1.5'
    """
    if function in {"MIN", "MAX"}:
        return _extreme(spellings, greatest=function == "MAX")
    total: Number | None = _NOTHING
    count = 0
    for spelling in spellings:
        parts = None if spelling is None else parts_of(spelling)
        number = None if parts is None else number_of(parts.text, parts.datatype)
        total = None if total is None or number is None else calculated("+", total, number)
        count += 1
    if function == "AVG" and count and total is not None:
        total = calculated("/", total, _NOTHING._replace(value=Fraction(count)))
    return None if total is None else Parts(LITERAL, written(total), total.type)


def _extreme(spellings: Iterable[str | None], *, greatest: bool) -> Parts | None:
    """Give the first or the last in the order of ORDER BY."""
    terms: list[Parts] = []
    for spelling in spellings:
        if spelling is None:
            return None
        terms.append(parts_of(spelling))
        if len(terms) > 1:
            terms = [(max if greatest else min)(terms, key=sort_key)]
    return terms[0] if terms else None
