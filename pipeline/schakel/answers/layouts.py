"""Answers for the eye: aligned columns, a Markdown table, an HTML table."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

import pyoxigraph as ox
from pyoxigraph import NamedNode

from schakel.answers.plain import one_line, plain, visible
from schakel.graph import Term

__all__ = ["aligned", "html_table", "markdown_table", "more_rows"]

Row = Sequence[Term | None]

# What Markdown reads as its own in a text; an IRI keeps what it may hold and what Markdown leaves alone in one.
_IN_TEXTS = re.compile(r"[\\`|*_~\[\]$]")
_IN_IRIS = re.compile(r"[\\`|\[\]]")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
# Other schemes (javascript:, data:) may do something when they are followed.
_FOLLOWED = re.compile(r"https?:|mailto:", re.IGNORECASE)


def more_rows(count: int) -> str:
    """Say how many rows are not shown.

    >>> more_rows(2)
    '… and 2 more rows'
    """
    return f"… and {count} more {'row' if count == 1 else 'rows'}"


def aligned(columns: Sequence[str], rows: Sequence[Row]) -> str:
    r"""Put the values below each other, two spaces between the columns, every row on one line however long; controls are made visible.

    >>> from pyoxigraph import Literal
    >>> print(aligned(("name", "place"), [(Literal("Eierland"), Literal("Texel")), (Literal("Brandaris"), Literal("Terschelling"))]), end="")
    name       place
    Eierland   Texel
    Brandaris  Terschelling
    """
    cells = [list(map(visible, columns)), *([visible(plain(term)) for term in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "".join(f"{'  '.join(_padded(row, widths))}\n" for row in cells)


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    last = len(row) - 1
    return (cell if number == last else cell + " " * (width - _width(cell)) for number, (cell, width) in enumerate(zip(row, widths, strict=True)))


def _width(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a Chinese sign, none for an accent that stands on another."""
    return len(text) if text.isascii() else sum(map(_sign_width, text))


def _sign_width(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def markdown_table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    r"""Make a table for a Markdown document, in which every value is nothing but text; a line end in a value becomes a space.

    >>> from pyoxigraph import Literal
    >>> print(markdown_table(("name",), [(Literal("a | <b>"),)]), end="")
    | name |
    | --- |
    | a \| &lt;b&gt; |
    """
    header = [_escaped(column, _IN_TEXTS) for column in columns]
    lines = [header, ["---"] * len(columns), *([_markdown(term) for term in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown(term: Term | None) -> str:
    return _escaped(plain(term), _IN_IRIS if isinstance(term, NamedNode) else _IN_TEXTS)


def _escaped(text: str, special: re.Pattern[str]) -> str:
    escaped = special.sub(r"\\\g<0>", one_line(text))
    return _ENTITY.sub("&amp;", escaped).replace("<", "&lt;").replace(">", "&gt;")


def html_table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Make a table for a page: texts say their language, IRIs of pages and mailboxes are links, and every value is nothing but text.

    >>> html_table(("name",), [(ox.Literal("<b>", language="nl"),)])
    '<table><thead><tr><th scope="col">name</th></tr></thead><tbody><tr><td lang="nl">&lt;b&gt;</td></tr></tbody></table>'
    """
    header = "".join(f'<th scope="col">{escape(one_line(column))}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"


def _html_cell(term: Term | None) -> str:
    text = escape(one_line(plain(term)))
    match term:
        case NamedNode() if _FOLLOWED.match(term.value):
            return f'<td><a href="{escape(term.value)}" rel="noopener noreferrer">{text}</a></td>'
        case ox.Literal() if term.language:
            direction = f' dir="{term.direction.value}"' if term.direction else ""
            return f'<td lang="{escape(term.language)}"{direction}>{text}</td>'
    return f"<td>{text}</td>"
