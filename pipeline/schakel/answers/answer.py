"""What a SELECT gives: named columns, and rows of terms that read as values of Python."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from schakel.answers.frames import arrow_table, pandas_frame, polars_frame
from schakel.answers.layouts import aligned, html_table, more_rows
from schakel.answers.values import Value, to_python
from schakel.graph import Term

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["Answer"]

_SHOWN_AS_TEXT = 20
_SHOWN_AS_HTML = 50


@dataclass(frozen=True, repr=False)
class Answer(Sequence[dict[str, Value]]):
    """The answer to a SELECT: a sequence of rows, each a dict of values of Python by column. `rows` holds the terms themselves.

    >>> from pyoxigraph import Literal, NamedNode
    >>> answer = Answer(("member", "memberName"), ((NamedNode("https://example.org/tower/brandaris"), Literal("Brandaris", language="nl")),))
    >>> answer
    <Answer of 1 row: member, memberName>
    >>> answer[0]["memberName"]
    'Brandaris'
    >>> answer[0]["memberName"].language
    'nl'
    >>> answer.rows[0][1]
    <Literal value=Brandaris language=nl>
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return map(self._as_dict, self.rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, Value]: ...

    @overload
    def __getitem__(self, index: slice) -> "Answer": ...

    def __getitem__(self, index: int | slice) -> "dict[str, Value] | Answer":
        """Give one row, or an answer of some of the rows."""
        if isinstance(index, slice):
            return Answer(self.columns, self.rows[index])
        return self._as_dict(self.rows[index])

    def __repr__(self) -> str:
        counted = "1 row" if len(self) == 1 else f"{len(self)} rows"
        return f"<Answer of {counted}: {', '.join(self.columns)}>"

    def __str__(self) -> str:
        """Show the first rows, as aligned columns."""
        first = self.rows[:_SHOWN_AS_TEXT]
        more = len(self) - len(first)
        return aligned(self.columns, first) + (more_rows(more) if more else "")

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        first = self.rows[:_SHOWN_AS_HTML]
        more = len(self) - len(first)
        return html_table(self.columns, first) + (f"<p>{more_rows(more)}</p>" if more else "")

    def to_arrow(self, *, languages: bool = False) -> "pa.Table":
        """Make an Arrow table. A column whose values are all of one kind (integer or year, decimal, double, boolean, date, moment) is of that type.

        Any other column is of strings, as the values are written. With `languages`, a column in which a text says its language is followed by
        one that tells it, `<name>@lang`. Raises MissingExtraError where pyarrow is not installed.
        """
        table: pa.Table = arrow_table(self.columns, self.rows, languages=languages)
        return table

    def to_polars(self, *, languages: bool = False) -> "pl.DataFrame":
        """Make a Polars frame with the columns of `to_arrow`. Raises MissingExtraError where polars or pyarrow is not installed."""
        frame: pl.DataFrame = polars_frame(arrow_table(self.columns, self.rows, languages=languages))
        return frame

    def to_pandas(self) -> "pd.DataFrame":
        """Make a pandas frame of the same values as the rows give: a text keeps its `language`, a date is a date, a decimal a Decimal.

        Columns of integers, of doubles or of booleans are of pandas' own types, which know missing values.
        Raises MissingExtraError where pandas is not installed.
        """
        frame: pd.DataFrame = pandas_frame(self.columns, self.rows)
        return frame

    def _as_dict(self, row: tuple[Term | None, ...]) -> dict[str, Value]:
        return dict(zip(self.columns, map(to_python, row), strict=True))
