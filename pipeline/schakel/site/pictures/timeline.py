"""What was when: a line for each thing, with a mark for each date, as long as the day, month or year that is stated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from schakel.answers.plain import plain
from schakel.graph import Term
from schakel.site.pictures.markup import Picture, element, figure, joined, svg, texts
from schakel.site.pictures.network import zoomed
from schakel.site.pictures.table import Drawing, Table
from schakel.site.pictures.text import Label, cleaned, label_of, width, wrapped

__all__ = ["draw_line", "draw_timeline"]

_DATE: Final = re.compile(r"(?P<year>-?[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:T.*)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_MONTHS, _DAYS = 12, 31
_YEAR: Final = _MONTHS * _DAYS
_LABELS, _AXIS, _END = 300, 580, 110
_FONT, _SMALL = 13, 11
_TOP, _PAD = 34, 10
_LINE, _SMALL_LINE = 17, 15
_SHORTEST: Final = 10
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_MOST_TICKS: Final = 9


@dataclass(frozen=True)
class _Moment:
    """A date as it is written, and its first and last day in a calendar whose months all have 31 days."""

    written: str
    first: int
    last: int
    ends: bool
    what: str


def draw_timeline(table: Table, drawing: Drawing) -> Markup | None:
    """Draw the rows that have a date, those about the same thing on one line; None where none has."""
    lines: dict[tuple[Term | None, tuple[Label, ...]], list[_Moment]] = {}
    dated = 0
    for row, record in zip(table.answer.rows, table.records(), strict=True):
        moment = _moment(table, row, record.get("time"))
        if moment is not None and (len(lines) < drawing.most or _line(table, row) in lines):
            lines.setdefault(_line(table, row), []).append(moment)
            dated += 1
    if not lines:
        return None
    words = drawing.words
    title = words("What was when")
    says = words("A mark is as long as the day, month or year that is stated. An open mark is an end, a filled one is not; what lies between is not stated.")
    if dated < len(table.answer.rows):
        says += " " + words("%(shown)s of %(all)s rows have a mark. The table has them all.", shown=dated, all=len(table.answer.rows))
    return figure(Picture("timeline", title, says, _drawn(lines, drawing, title, says), zoomed(words), wide=True))


def _line(table: Table, row: tuple[Term | None, ...]) -> tuple[Term | None, tuple[Label, ...]]:
    """Give what a row is about, and all that it is called, the nearest first."""
    columns = table.answer.columns
    named = [n for n, column in enumerate(columns) if column.lower().endswith(("label", "name", "title"))]
    things = [row[n - 1] if n else None for n in named]
    names = [label_of(row[n], thing) for n, thing in zip(named, things, strict=True)]
    return (things[-1] if things else None), tuple(dict.fromkeys(name for name in reversed(names) if name))


def _moment(table: Table, row: tuple[Term | None, ...], time: Term | None) -> _Moment | None:
    event, what = (table.column(name) for name in ("event", "what"))
    ends = event is not None and plain(row[event]) == "end"
    return _read(time, "" if what is None else label_of(row[what]).text, ends=ends)


def _read(time: Term | None, what: str = "", *, ends: bool) -> _Moment | None:
    written = plain(time)
    found = _DATE.fullmatch(written)
    if not found:
        return None
    year, month, day = int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)
    if month > _MONTHS or day > _DAYS:
        return None
    first = year * _YEAR + max(month - 1, 0) * _DAYS + max(day - 1, 0)
    lasts = 1 if day else _DAYS if month else _YEAR
    return _Moment(cleaned(written), first, first + lasts, ends, what)


@dataclass(frozen=True)
class _Scale:
    """Years from the first to the last, how far they lie apart, and where the line of them begins."""

    first: int
    last: int
    step: int
    left: int

    def x(self, day: int) -> int:
        return self.left + (day - self.first * _YEAR) * _AXIS // ((self.last - self.first) * _YEAR)


def _scale(moments: list[_Moment], left: int = _LABELS) -> _Scale:
    first, last = min(m.first for m in moments) // _YEAR, -(-max(m.last for m in moments) // _YEAR)
    step = next((step for step in _STEPS if (last - first) // step < _MOST_TICKS), _STEPS[-1])
    return _Scale(first // step * step, -(-last // step) * step, step, left)


def _drawn(lines: dict[tuple[Term | None, tuple[Label, ...]], list[_Moment]], drawing: Drawing, title: str, says: str) -> Markup:
    scale = _scale([moment for moments in lines.values() for moment in moments])
    rows, y = [], _TOP
    for (thing, names), moments in lines.items():
        row, y = _row(names, drawing.address(thing), moments, scale, y)
        rows.append(row)
    return svg((_LABELS + _AXIS + _END, y + _PAD), title, says, element("g", *_years(scale, y), aria_hidden="true"), *rows)


def _years(scale: _Scale, y: int) -> list[Markup]:
    years = range(scale.first, scale.last + 1, scale.step)
    ticks = [element("path", d=f"M{scale.x(year * _YEAR)},{_TOP - 8}V{y}", class_="tick") for year in years]
    return ticks + [element("text", str(year), x=scale.x(year * _YEAR), y=_TOP - 16, text_anchor="middle", class_="head") for year in years]


def draw_line(dates: Iterable[tuple[Term, bool]]) -> Markup | None:
    """Draw dates, each with whether it is an end, on one line, for a list beside it that says what they are of; None where none can be read."""
    moments = [moment for time, ends in dates if (moment := _read(time, ends=ends)) is not None]
    if not moments:
        return None
    scale, middle = _scale(moments, _PAD * 3), _TOP + _PAD
    size = f"0 0 {_AXIS + _PAD * 6} {middle + _PAD}"
    return element("svg", *_years(scale, middle + _PAD), *_spans(moments, scale, middle), viewBox=size, class_="picture", aria_hidden="true", focusable="false")


def _row(names: tuple[Label, ...], address: str | None, moments: list[_Moment], scale: _Scale, y: int) -> tuple[Markup, int]:
    """Draw what a line is about, and its marks; give where the next one begins."""
    name = names[0] if names else Label("")
    called = wrapped(name.text, _LABELS - 2 * _PAD, _FONT, 2)
    about = " · ".join(dict.fromkeys(filter(None, (*(m.what for m in moments), *(other.text for other in names[1:])))))
    small = wrapped(about, _LABELS - 2 * _PAD, _SMALL, 2)
    text = len(called) * _LINE + len(small) * _SMALL_LINE
    high = text + _PAD
    middle = y + high // 2
    first = middle - text // 2 + _FONT
    told = ", ".join(moment.written for moment in moments)
    drawn = joined(
        [
            element("title", " – ".join(filter(None, (name.text, about, told)))),
            element("rect", x=0, y=y, width=_LABELS + _AXIS + _END, height=high, class_="row"),
            texts(called, _PAD, first, _LINE, class_="label", lang=name.language),
            texts(small, _PAD, first + len(called) * _LINE - 2, _SMALL_LINE, class_="words"),
            *_marks(moments, scale, middle),
        ]
    )
    element_of = element("g", drawn, class_="node") if address is None else element("a", drawn, href=address, class_="node")
    return element_of, y + high


def _spans(moments: Iterable[_Moment], scale: _Scale, middle: int) -> list[Markup]:
    spans = ((moment.ends, scale.x(moment.first), max(scale.x(moment.last) - scale.x(moment.first), _SHORTEST)) for moment in moments)
    return [element("rect", x=x, y=middle - 5, width=wide, height=10, rx=5, class_="mark mark-end" if ends else "mark") for ends, x, wide in spans]


def _marks(moments: list[_Moment], scale: _Scale, middle: int) -> list[Markup]:
    """Draw the marks of a line, and their dates after the last."""
    drawn = _spans(moments, scale, middle)
    low = min(scale.x(moment.first) for moment in moments)
    high = max(scale.x(moment.first) + max(scale.x(moment.last) - scale.x(moment.first), _SHORTEST) for moment in moments)
    between = [element("path", d=f"M{low},{middle}H{high}", class_="span")] if len(moments) > 1 else []
    dates = list(dict.fromkeys(moment.written for moment in moments))
    told = dates[0] if len(dates) == 1 else f"{dates[0]} – {dates[-1]}"
    # To the left of the marks where the right has no room.
    room = _LABELS + _AXIS + _END - high
    after = width(told, _SMALL) + _PAD <= room
    said = element("text", told, x=high + 6 if after else low - 6, y=middle + 4, text_anchor=None if after else "end", class_="words")
    return [*between, *drawn, said]
