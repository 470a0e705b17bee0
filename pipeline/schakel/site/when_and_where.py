"""When and where: the dates that are stated about a thing and its ties, along a line, and the places around it whose coordinates are stated, on a map."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer
from schakel.graph import Term
from schakel.namespaces import AS_WKT, LATITUDES, LONGITUDES, XSD
from schakel.site.descriptions import Telling
from schakel.site.frame import View
from schakel.site.node_values import moments_of
from schakel.site.partners import Partner
from schakel.site.pictures import draw, draw_line

__all__ = ["Dated", "dates_of", "drawn_dates", "map_of"]

# A point, of the reference system that GeoSPARQL takes where none is named: longitude first.
_POINT: Final = re.compile(r"\s*(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*", re.IGNORECASE)
_DATES: Final = frozenset({XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth})
# Fewer dates than this make no line, and fewer places no map.
_FEWEST: Final = 2


@dataclass(frozen=True)
class Dated:
    """A stated date, whether something ended then, and what: the name of a fact or of another thing, with its IRI where it has a page, and in which way."""

    date: Literal
    is_end: bool
    name: Literal
    node: NamedNode | None
    way: str = ""


def dates_of(telling: Telling, entity: NamedNode, partners: Iterable[Partner]) -> list[Dated]:
    """Give what is stated to have begun, happened or ended when, the earliest first; nothing where that is too little to be put in order."""
    found: dict[Dated, None] = {}
    ways = {way.fact for partner in partners for way in partner.ways}
    for partner in partners:
        for way in partner.ways:
            for date, is_end in _dates(telling, way.fact):
                found.setdefault(Dated(date, is_end, partner.name, partner.node, way.words))
    for part in (entity, *telling.about.parts.get(entity.value, ())):
        # What is a moment or a period itself is told with what it is of.
        if part not in ways and not any(True for _ in moments_of(telling, part)):
            name = None if part == entity else telling.called(part)
            found |= dict.fromkeys(_dated(telling, part, name))
    dates = sorted(found, key=lambda each: (each.date.value, each.is_end, each.name.value, each.way))
    return dates if len({each.date for each in dates}) >= _FEWEST else []


def _dated(telling: Telling, part: NamedNode, name: Literal | None) -> Iterator[Dated]:
    for one in telling.about.outgoing.get(part, ()):
        if not one.is_inferred:
            for date, is_end in _dates_in(telling, one.value):
                yield Dated(date, is_end, name or telling.name(one.predicate), None if name is None else part)


def _dates(telling: Telling, fact: NamedNode | None) -> Iterator[tuple[Literal, bool]]:
    for one in telling.about.outgoing.get(fact, ()) if fact is not None else ():
        if not one.is_inferred:
            yield from _dates_in(telling, one.value)


def _dates_in(telling: Telling, value: Term) -> Iterator[tuple[Literal, bool]]:
    if isinstance(value, Literal):
        if value.datatype in _DATES:
            yield value, False
    elif isinstance(value, NamedNode):
        yield from moments_of(telling, value)


def drawn_dates(dates: Sequence[Dated]) -> Markup | None:
    """Draw a line with a mark for each date; None where none can be drawn."""
    return draw_line([(each.date, each.is_end) for each in dates])


def map_of(telling: Telling, entity: NamedNode, view: View) -> tuple[Markup, list[NamedNode]] | None:
    """Draw the thing and what it leads to on a map, and list these; None where fewer than two have coordinates."""
    parts = (entity, *telling.about.parts.get(entity.value, ()))
    near = {one.value for part in parts for one in telling.about.outgoing.get(part, ()) if isinstance(one.value, NamedNode)}
    owners = sorted({entity.value, *(telling.whole_of(node)[0] for node in near)})
    rows = [(NamedNode(each), *point) for each in owners if (point := _point(telling.about.located.get(each, {}))) is not None]
    if len(rows) < _FEWEST:
        return None
    named = [(place, telling.name(place), telling.name(place), north, east) for place, north, east in rows]
    drawn = draw("map", Answer(("place", "placeName", "thingName", "latitude", "longitude"), tuple(named)), view.page_of, view.words)
    return None if drawn is None else (drawn, [place for place, _, _ in rows])


def _point(stated: Mapping[NamedNode, Literal]) -> tuple[Literal, Literal] | None:
    north, east = (next((stated[each] for each in terms if each in stated), None) for terms in (LATITUDES, LONGITUDES))
    if north is not None and east is not None:
        return north, east
    found = _POINT.fullmatch(stated[AS_WKT].value) if AS_WKT in stated else None
    return None if found is None else (Literal(found[2]), Literal(found[1]))
