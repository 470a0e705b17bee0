"""How well values that a client has fit those that the graph has."""

import re
from collections.abc import Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.namespaces import XSD
from schakel.reconciliation.terms import IndexedGraph, term_of

__all__ = ["fit", "total"]

# A property says less than the name, as it may be missing from the graph.
_WEIGHT: Final = 0.4
_WHOLE: Final = 100.0
_MEASURED: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def total(name: float | None, fits: Sequence[float]) -> float:
    """Give one score, of 100, for how near a name is and how well each property fits.

    >>> total(100.0, []), total(100.0, [0.0]), total(None, [50.0, 100.0])
    (100.0, 71.4, 75.0)
    """
    own = [] if name is None else [(1.0, name)]
    weighed = [*own, *((_WEIGHT, each) for each in fits)]
    return round(sum(weight * each for weight, each in weighed) / sum(weight for weight, _ in weighed), 1)


def fit(indexed: IndexedGraph, given: Sequence[Any], values: Sequence[Term], quantifier: str = "all") -> float:
    """Tell how well what is given of a property fits its values, of 100: whether `all`, `any` or `none` of it is there."""
    if not given:
        return 0.0
    fits = [max((_near(indexed, each, value) for value in values), default=0.0) for each in given]
    match quantifier:
        case "any":
            return round(max(fits), 1)
        case "none":
            return round(_WHOLE - max(fits), 1)
    return round(sum(fits) / len(fits), 1)


def _near(indexed: IndexedGraph, given: Any, value: Term) -> float:  # noqa: ANN401  # any JSON
    if isinstance(given, dict):
        return _WHOLE if value == term_of(indexed, str(given["id"])) else 0.0
    text = str(given).lower() if isinstance(given, bool) else str(given)
    if isinstance(value, NamedNode):
        same = value == term_of(indexed, text) or value.value == text.strip()
        return _WHOLE if same else indexed.names.nearness(text, value)
    if not isinstance(value, Literal):
        return 0.0
    if value.language is not None or value.datatype == XSD.string:
        return indexed.names.likeness(text, value.value)
    return _WHOLE if _same(text.strip(), value.value) else 0.0


def _same(text: str, written: str) -> bool:
    """Tell whether a number or a date is what is meant: the number in another notation, or the date to the day where only the year is known.

    >>> _same("1.50", "1.5"), _same("1594", "1594-05-01"), _same("159", "1594"), _same("true", "true")
    (True, True, False, True)
    """
    if _MEASURED.fullmatch(text) and _MEASURED.fullmatch(written):
        return float(text) == float(written)
    return text == written or (bool(text) and written.startswith((f"{text}-", f"{text}T")))
