"""What every executor can do: hold tables, run plans into tables, and give a little of them back.

A plan is an expression of sqlglot, never text; a stage that hands plans to an executor does not know which one runs them.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from sqlglot import exp

from schakel.engine.columns import Columns, Row
from schakel.errors.base import SchakelError

__all__ = ["Executor", "LoadError", "Plan"]

Plan: TypeAlias = exp.Query


class LoadError(SchakelError):
    """A file is not what an executor was to read; `reason` is the executor's."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path} cannot be read: {self.reason}"


class Executor(Protocol):
    """A relational engine. Names of tables are plain identifiers; a table that exists is replaced."""

    def load(self, table: str, columns: Columns, rows: Iterable[Row]) -> None:
        """Make a table of rows from Python: ids, keys, small graphs."""

    def load_lines(self, table: str, columns: Columns, paths: Sequence[Path]) -> None:
        """Make a table of text files whose columns are separated by U+001F and whose rows end with a line feed, neither of which a cell may hold."""

    def load_csv(self, table: str, cells: Sequence[str], row: str, path: Path) -> int:
        """Make a table of a CSV file, with commas, double quotation marks and a header of one line. Cells are texts, NULL where empty.

        `cells` name the columns, and `row` one with the number of the record, which is 2 for the first below the header. Gives the number of rows. Raises
        LoadError.
        """

    def create(self, table: str, columns: Columns) -> None:
        """Make an empty table."""

    def run(self, plan: Plan, into: str) -> int:
        """Run a plan into a new table; give its number of rows."""

    def append(self, plan: Plan, to: str) -> int:
        """Run a plan and add its rows to a table; give how many."""

    def fetch(self, plan: Plan) -> Iterator[Row]:
        """Run a plan and give its rows, a batch at a time."""

    def count(self, table: str) -> int:
        """Count the rows of a table."""

    def exists(self, table: str) -> bool:
        """Tell whether there is a table of this name."""

    def drop(self, *tables: str) -> None:
        """Remove tables, where they exist."""

    def write_text(self, plan: Plan, path: Path) -> None:
        """Run a plan of one column of texts in a stated order, and write each text with a line end."""

    def write_parquet(self, plan: Plan, path: Path) -> None:
        """Run a plan in a stated order, and write its rows to a Parquet file."""

    def open_parquet(self, table: str, path: Path) -> None:
        """Name a Parquet file as a table whose rows are read where they are asked for."""

    def close(self) -> None:
        """Let go of everything, temporary files included."""
