"""An answer on a screen: a table where it fits, else one row below the other; IRIs short, a thing with its name."""

from collections.abc import Sequence

from pyoxigraph import NamedNode
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schakel.answers import Answer, shown, visible
from schakel.graph import Term
from schakel.interface_texts import word
from schakel.lookup import Context

__all__ = ["show_answer"]

# A column narrower than this breaks words in a way that nobody reads.
_NARROWEST = 20
# A column called as another one and this names what is in that one.
_NAMES = ("Name", "Title")


def show_answer(console: Console, answer: Answer, context: Context, language: str, constant: Sequence[str] = ()) -> None:
    """Print an answer. Columns named in `constant`, which are the same in every row, stand once above it."""
    columns = _columns(answer)
    if not answer.rows:
        console.print(word("no_rows", language))
        return
    above = [column for column in columns if column in constant and len({_cell(row, columns[column], context) for row in answer.rows}) == 1]
    for column in above:
        console.print(f"[bold]{escape(column)}[/bold]  {_cell(answer.rows[0], columns[column], context).replace(chr(10), '  ')}")
    shown_columns = {column: parts for column, parts in columns.items() if column not in above and any(_cell(row, parts, context) for row in answer.rows)}
    if len(shown_columns) * _NARROWEST <= console.width:
        _as_table(console, answer, shown_columns, context)
    else:
        _one_below_the_other(console, answer, shown_columns, context)
    console.print(f"[dim]{word('rows', language, count=f'{len(answer.rows):,}') if len(answer.rows) != 1 else word('one_row', language)}[/dim]")


def _columns(answer: Answer) -> dict[str, tuple[int, int | None]]:
    """Put a thing and its name together: for each column to show, the column of its text and of its IRI."""
    places = {column: number for number, column in enumerate(answer.columns)}
    named = {column: name for name_of in _NAMES for column in places if (name := f"{column}{name_of}") in places}
    if places.get("name") == 1 and answer.columns[0] not in named and all(isinstance(row[0], NamedNode) for row in answer.rows):
        named[answer.columns[0]] = "name"  # a list of things, each with its name
    return {column: (places[named[column]], number) if column in named else (number, None) for column, number in places.items() if column not in named.values()}


def _cell(row: Sequence[Term | None], parts: tuple[int, int | None], context: Context) -> str:
    text, iri = parts
    lines = [escape(visible(shown(row[text], context.prefixes, context.base)))]
    if iri is not None and row[iri] is not None:
        lines.append(f"[dim]{escape(visible(shown(row[iri], context.prefixes, context.base)))}[/dim]")
    return "\n".join(filter(None, lines))


def _as_table(console: Console, answer: Answer, columns: dict[str, tuple[int, int | None]], context: Context) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(escape(column), overflow="fold")
    for row in answer.rows:
        table.add_row(*(_cell(row, parts, context) for parts in columns.values()))
    console.print(table)


def _one_below_the_other(console: Console, answer: Answer, columns: dict[str, tuple[int, int | None]], context: Context) -> None:
    for row in answer.rows:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for column, parts in columns.items():
            cell = _cell(row, parts, context).replace("\n", "  ")
            if cell:
                table.add_row(escape(column), cell)
        console.rule(style="dim")
        console.print(table)
