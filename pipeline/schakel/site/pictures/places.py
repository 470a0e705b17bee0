"""What is where: a map where the answer has coordinates, else a list of places with what is there; none is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from schakel.answers.plain import plain
from schakel.graph import Term
from schakel.site.pictures.layers import spread
from schakel.site.pictures.markup import Picture, bdi, element, figure, linked, svg, texts
from schakel.site.pictures.network import zoomed
from schakel.site.pictures.table import Drawing, Table
from schakel.site.pictures.text import Label, label_of, width, wrapped

__all__ = ["draw_places"]

_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_LATITUDES: Final = ("lat", "latitude")
_LONGITUDES: Final = ("long", "lon", "longitude")
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_MAP, _LABELS, _MARGIN = 480, 260, 24
_FONT, _LINE, _GAP = 13, 17, 6
_BEND: Final = 40


@dataclass(frozen=True)
class _Place:
    """A place, what is there, and its latitude and longitude where they are known."""

    label: Label
    address: str | None
    kind: Label
    there: dict[tuple[Label, str | None], None]
    point: tuple[Fraction, Fraction] | None


def draw_places(table: Table, drawing: Drawing) -> Markup | None:
    """Draw the places of an answer; a row without a place is left to the table."""
    places = _read(table, drawing)
    if not places:
        return None
    words = drawing.words
    chosen = places[: drawing.most]
    more = words("%(shown)s of %(all)s places are shown. The table has them all.", shown=len(chosen), all=len(places)) if len(chosen) < len(places) else ""
    located = [(place, place.point) for place in chosen if place.point is not None]
    if not located:
        named = words("The pages say where something is by name only, so the places are listed and not drawn on a map.")
        says = f"{named} {more}".strip()
        return figure(Picture("places", words("What is where"), says, _list(chosen, words("What is where"))))
    unknown = words("%(count)s places have no coordinates, and are in the table only.", count=len(chosen) - len(located)) if len(located) < len(chosen) else ""
    says = " ".join(filter(None, (words("North is up. Each place is drawn where its coordinates say."), unknown, more)))
    title = words("Map of the places")
    return figure(Picture("map", title, says, _map(located, title, says), zoomed(words), wide=True))


def _read(table: Table, drawing: Drawing) -> list[_Place]:
    columns = table.answer.columns
    latitude, longitude = (next((columns.index(name) for name in names if name in columns), None) for names in (_LATITUDES, _LONGITUDES))
    label = columns.index(table.slots["label"])
    kind = table.column("kind")
    places: dict[Term, _Place] = {}
    for row, record in zip(table.answer.rows, table.records(), strict=True):
        place = record.get("place") or record.get("place_name")
        if place is None:
            continue
        point = None if latitude is None or longitude is None else _point(row[latitude], row[longitude])
        known = places.setdefault(
            place, _Place(label_of(record.get("place_name"), place), drawing.address(place), label_of(None if kind is None else row[kind]), {}, point)
        )
        thing = row[label - 1] if label else None
        there = label_of(row[label], thing)
        if there:
            known.there.setdefault((there, drawing.address(thing)))
    return list(places.values())


def _point(latitude: Term | None, longitude: Term | None) -> tuple[Fraction, Fraction] | None:
    written = plain(latitude), plain(longitude)
    if not all(map(_DEGREES.fullmatch, written)):
        return None
    north, east = map(Fraction, written)
    return (north, east) if abs(north) <= _MOST_LATITUDE and abs(east) <= _MOST_LONGITUDE else None


def _list(places: Sequence[_Place], title: str) -> Markup:
    items = (
        element(
            "li",
            element("span", linked(place.address, bdi(place.label)), class_="place"),
            element("span", bdi(place.kind), class_="picture-note") if place.kind else None,
            element("ul", *(element("li", linked(address, bdi(label))) for label, address in place.there)) if place.there else None,
        )
        for place in places
    )
    return element("ul", *items, class_="places", aria_label=title)


def _map(located: Sequence[tuple[_Place, tuple[Fraction, Fraction]]], title: str, says: str) -> Markup:
    """Draw a dot for each place, and its name beside the map with a line to it, so that names never cover each other."""
    norths, easts = [point[0] for _, point in located], [point[1] for _, point in located]
    # How much narrower a degree of longitude is there than one of latitude: Bhaskara's fraction for the cosine.
    square = ((min(norths) + max(norths)) / 2) ** 2
    narrow = max((32400 - 4 * square) / (32400 + square), Fraction(1, 50))
    wide, high = (max(easts) - min(easts)) * narrow, max(norths) - min(norths)
    scale = (_MAP - 2 * _MARGIN) / (max(wide, high) or Fraction(1))
    dots = [
        (_MARGIN + int((east - min(easts)) * narrow * scale), _MARGIN + int((max(norths) - north) * scale)) for north, east in zip(norths, easts, strict=True)
    ]
    edge, beside = _MARGIN + int(wide * scale) + _MARGIN, _MARGIN + int(wide * scale) + _MARGIN + _BEND
    ranked = sorted(range(len(located)), key=lambda n: (dots[n][1], dots[n][0], n))
    names = [wrapped(located[n][0].label.text, _LABELS, _FONT, 2) for n in ranked]
    middles = spread([dots[n][1] for n in ranked], [len(lines) * _LINE for lines in names], _GAP)
    # The first name may want to stand above the map.
    down = max(0, _MARGIN - middles[0])
    drawn = [
        _dot(located[n][0], (dots[n][0], dots[n][1] + down), lines, (edge, beside, middle + down))
        for n, lines, middle in zip(ranked, names, middles, strict=True)
    ]
    size = beside + max(width(line, _FONT) for lines in names for line in lines) + _MARGIN, max(middles[-1], *(y for _, y in dots)) + down + 2 * _MARGIN
    frame = element("rect", x=1, y=1 + down, width=edge - 2, height=max(y for _, y in dots) + _MARGIN, rx=4, class_="ground")
    return svg(size, title, says, frame, *drawn)


def _dot(place: _Place, dot: tuple[int, int], lines: Sequence[str], name: tuple[int, int, int]) -> Markup:
    """Draw a dot, the name beside the map, and the line between them."""
    (x, y), (edge, beside, middle) = dot, name
    half = (edge + beside) // 2
    drawn = (
        element("title", " – ".join([place.label.text, *(label.text for label, _ in place.there)])),
        element("path", d=f"M{x},{y}H{edge}C{half},{y} {half},{middle} {beside - 4},{middle}", class_="line"),
        element("circle", cx=x, cy=y, r=5, class_="mark"),
        texts(lines, beside, middle - len(lines) * _LINE // 2 + _FONT, _LINE, class_="label", lang=place.label.language),
    )
    return element("g", *drawn, class_="node") if place.address is None else element("a", *drawn, href=place.address, class_="node")
