"""How many of each: a list with a bar beside each item, as long as its number is large."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Final

from markupsafe import Markup

from schakel.answers import to_python
from schakel.answers.plain import plain
from schakel.graph import Term
from schakel.site.pictures.markup import Picture, bdi, element, figure, linked
from schakel.site.pictures.table import Drawing, Table
from schakel.site.pictures.text import cleaned, label_of

__all__ = ["draw_bars"]

_WHOLE: Final = 1000


def draw_bars(table: Table, drawing: Drawing) -> Markup | None:
    """Draw the first column in which all values are numbers; None where there is none, or a number is below nothing."""
    columns = table.answer.columns
    name = columns.index(table.slots["label"])
    measured = next(_measures(table, name), None)
    if measured is None:
        return None
    column, numbers = measured
    largest = max(numbers) or Fraction(1)
    rows = list(zip(table.answer.rows, numbers, strict=True))
    # What the label is of stands before it.
    thing = name - 1 if name else name
    items = [_item(row[name], row[thing], row[column], number / largest, drawing) for row, number in rows[: drawing.most]]
    words = drawing.words
    says = words("The bars show the column “%(column)s” of the table.", column=cleaned(columns[column]))
    if len(items) < len(rows):
        says += " " + words("%(shown)s of %(all)s rows have a bar. The table has them all.", shown=len(items), all=len(rows))
    title = words("How many of each")
    return figure(Picture("bars", title, says, element("ul", *items, class_="bars", aria_label=title)))


def _measures(table: Table, name: int) -> Iterator[tuple[int, list[Fraction]]]:
    """Give each column after the label that bars can show."""
    for column in range(name + 1, len(table.answer.columns)):
        numbers = [_number(row[column]) for row in table.answer.rows]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers) and min(known) >= 0:
            yield column, known


def _number(term: Term | None) -> Fraction | None:
    value = to_python(term)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not isfinite(value):
        return None
    return Fraction(value)


def _item(label: Term | None, thing: Term | None, number: Term | None, part: Fraction, drawing: Drawing) -> Markup:
    # Rounded down to a thousandth of the whole, by whole numbers.
    length = int(part * _WHOLE)
    bar = element("rect", width=f"{length // 10}.{length % 10}%", height="100%", rx=2)
    return element(
        "li",
        element("span", linked(drawing.address(thing), bdi(label_of(label, thing))), class_="bar-label"),
        element("svg", bar, class_="bar", aria_hidden="true", focusable="false"),
        element("span", cleaned(plain(number)), class_="bar-number"),
    )
