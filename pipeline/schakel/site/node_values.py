"""Values that the graph states as nodes, in the words of a reader: periods, moments, and counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Statement
from schakel.namespaces import PREFIXES, SK, Namespace
from schakel.site.descriptions import Telling
from schakel.site.localization import Words

__all__ = ["Count", "bounds_of", "count_of", "date_of", "moments_of", "period_of", "since_of"]

_TIME: Final = Namespace(PREFIXES["time"])
_WHEN: Final = (_TIME.inXSDDate, _TIME.inXSDgYearMonth, _TIME.inXSDgYear)
_BOUNDS: Final = (_TIME.hasBeginning, _TIME.hasEnd)
# Of a count that is exact nothing more need be said.
_EXACT: Final = NamedNode("https://w3id.org/schakel/qualifier/exact")


@dataclass(frozen=True)
class Count:
    """A count as a source states it: what is counted, and the number as the language writes it, with its qualifier and with whom it leaves out."""

    counted: Literal
    number: str


def period_of(telling: Telling, interval: Term, words: Words) -> str:
    """Say from when until when something lasts; empty where the node is no interval with a date."""
    said = telling.about.outgoing.get(interval, ()) if isinstance(interval, NamedNode) else ()
    begin, end = (next(filter(None, (date_of(telling, one.value, words) for one in said if one.predicate == bound)), "") for bound in _BOUNDS)
    if begin and end:
        return words("%(begin)s to %(end)s", begin=begin, end=end)
    if begin or end:
        return words("since %(date)s", date=begin) if begin else words("until %(date)s", date=end)
    return ""


def since_of(telling: Telling, said: Iterable[Statement], words: Words) -> str:
    """Say when what is stated holds, by the first interval that it leads to; empty where nothing says so."""
    return next(filter(None, (period_of(telling, one.value, words) for one in said)), "")


def date_of(telling: Telling, instant: Term, words: Words) -> str:
    """Write the date of an instant; empty where it has none."""
    said = telling.about.outgoing.get(instant, ()) if isinstance(instant, NamedNode) else ()
    dates = (one.value for term in _WHEN for one in said if one.predicate == term)
    return next((words.literal(each.value, each.datatype.value) for each in dates if isinstance(each, Literal)), "")


def moments_of(telling: Telling, node: NamedNode) -> Iterator[tuple[Literal, bool]]:
    """Give the date of an instant, or those between which an interval lies, each with whether it is an end."""
    said = telling.about.outgoing.get(node, ())
    yield from ((one.value, False) for one in said if one.predicate in _WHEN and isinstance(one.value, Literal))
    for one in said:
        if one.predicate in _BOUNDS and isinstance(one.value, NamedNode):
            bound = telling.about.outgoing.get(one.value, ())
            yield from ((each.value, one.predicate == _TIME.hasEnd) for each in bound if each.predicate in _WHEN and isinstance(each.value, Literal))


def bounds_of(telling: Telling, interval: NamedNode) -> Iterator[NamedNode]:
    """Give the instants at which an interval begins and ends."""
    said = telling.about.outgoing.get(interval, ())
    return (one.value for one in said if one.predicate in _BOUNDS and isinstance(one.value, NamedNode))


def count_of(telling: Telling, node: Term, words: Words) -> Count | None:
    """Read a count; None where the node is none."""
    said = telling.about.outgoing.get(node, ()) if isinstance(node, NamedNode) else ()
    of = {one.predicate: one.value for one in said if not one.is_inferred}
    number, counted, qualifier = of.get(SK.value), of.get(SK.counted), of.get(SK.qualifier)
    if not isinstance(number, Literal) or not isinstance(counted, NamedNode):
        return None
    written = words.literal(number.value, number.datatype.value)
    told = f"{telling.name(qualifier).value} {written}" if isinstance(qualifier, NamedNode) and qualifier != _EXACT else written
    left_out = [telling.name(one.value).value for one in said if one.predicate == SK.excluding and isinstance(one.value, NamedNode)]
    return Count(telling.name(counted), words("%(number)s besides %(names)s", number=told, names=words.several(sorted(left_out))) if left_out else told)
