"""The tables of a project as relations of the engine.

Small tables share one relation, so that a plan is made for all of them at once; a large one has its own. All cells are texts without white space at their
ends, NULL where empty; rows have the numbers that a spreadsheet shows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.construct import CELL, FILE, ROW, Source, rows_of
from schakel.compile.iris import is_path, is_segment
from schakel.compile.values import SIGNS, Facts
from schakel.engine.columns import INTEGER, VARCHAR, Columns, Row
from schakel.engine.executor import Executor
from schakel.engine.language_tags import is_language_tag
from schakel.findings import Finding, Place
from schakel.project.large_tables import read_large_table
from schakel.project.text_lint import faults_of_table
from schakel.table_files import read_declarations
from schakel.tables import Table as ParsedTable
from schakel.tables import read_table

__all__ = ["Table", "read_tables"]

# Below this size, parsing in Python is as fast as anything.
_LARGE: Final = 300_000
_SHARED: Final = "cells"
_MANY_CELLS: Final = 200_000


@dataclass(frozen=True)
class Table:
    """A table: its name, its file relative to the project, and how plans find it. `rows` counts those with a word in them."""

    name: str
    file: str
    source: Source
    rows: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.source.columns

    def has_cells(self, executor: Executor, name: str) -> bool:
        """Tell whether a column is there and has a filled cell."""
        if name not in self.columns:
            return False
        plan = exp.select(exp.Literal.number(1)).from_(exp.to_table(self.source.table, alias="own"))
        plan.set("where", rows_of(self.source))
        filled = exp.Not(this=column(CELL.format(self.columns.index(name)), "own").is_(exp.null()))
        plan = plan.where(filled).limit(1)
        return any(True for _ in executor.fetch(plan))

    def place(self, row: int, column: str = "") -> Place:
        """Say where a row, or one cell of it, is found."""
        return Place(self.file, row, column)


def read_tables(executor: Executor, folder: Path, root: Path, *, large: int = _LARGE) -> tuple[list[Table], list[Finding], bool]:
    """Read every table of a folder, in the order of names, with what is wrong with them; tell whether all could be read. Tables are numbered from 1.

    CSV of more than `large` bytes is read by the executor itself, if it can be sure to read it well.
    """
    tables: list[Table] = []
    small: list[tuple[int, ParsedTable]] = []
    declarations, findings = read_declarations(folder, root)
    complete = not findings
    number = 0
    for declared in declarations:
        file = declared.path.relative_to(root).as_posix()
        number += 1
        if declared.is_plain and declared.path.stat().st_size > large:
            read = read_large_table(executor, declared.path, file, number)
            if read is not None:
                source, rows, problems = read
                findings += problems
                tables.append(Table(declared.name, file, source, rows))
                continue
        parsed, problems = read_table(declared, file)
        findings += problems
        findings += [fault for each in parsed for fault in faults_of_table(each)]
        complete &= bool(parsed)
        small += enumerate(parsed, start=number)
        number += max(len(parsed) - 1, 0)
    shared, own = _divided(small)
    tables += _loaded(executor, _SHARED, shared) if shared else []
    tables += [table for number, parsed in own for table in _loaded(executor, f"{_SHARED}{number}", [(number, parsed)])]
    return sorted(tables, key=lambda table: table.source.file), findings, complete


def _divided(parsed: Sequence[tuple[int, ParsedTable]]) -> tuple[list[tuple[int, ParsedTable]], list[tuple[int, ParsedTable]]]:
    """Set those apart that are large after all: of very many rows, or with very long cells."""
    large = [each for each in parsed if len(each[1].rows) * len(each[1].columns) > _MANY_CELLS]
    return [each for each in parsed if each not in large], large


def _loaded(executor: Executor, relation: str, several: Sequence[tuple[int, ParsedTable]]) -> list[Table]:
    width = max(len(table.columns) for _, table in several)
    columns: Columns = {FILE: INTEGER, ROW: INTEGER, **{CELL.format(at): VARCHAR for at in range(width)}}
    executor.load(relation, columns, _cells(several, width))
    return [
        Table(table.name, table.file, Source(relation, table.columns, number, dict(_facts(table)), shared=True), len(table.rows)) for number, table in several
    ]


def _cells(several: Iterable[tuple[int, ParsedTable]], width: int) -> Iterator[Row]:
    for number, table in several:
        missing = (None,) * (width - len(table.columns))
        for row in table.rows:
            yield (number, row.number, *(cell or None for cell in row.cells), *missing)


def _facts(table: ParsedTable) -> Iterator[tuple[str, Facts]]:
    """Look at the cells of each column."""
    for at, name in enumerate(table.columns):
        cells = [row.cells[at] for row in table.rows if row.cells[at]]
        signs = frozenset("".join(cells)) & SIGNS
        yield name, Facts(signs, _skeleton(cells), all(map(is_language_tag, cells)), filled=len(cells) == len(table.rows))


def _skeleton(cells: Sequence[str]) -> str | None:
    for skeleton, test in _SKELETONS:
        if all(map(test, cells)):
            return skeleton
    return None


_SKELETONS: Final[Sequence[tuple[str, Callable[[str], object]]]] = (("~", is_segment), ("~/~", is_path))
