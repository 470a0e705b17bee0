"""From quads back to the cells that they were made of, by the file, the row and the triple of the template that each quad keeps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.construct import CELL, ROW, rows_of, terms_of
from schakel.compile.dependencies import Dependencies
from schakel.compile.nodes import column, compare, table
from schakel.engine.columns import INTEGER
from schakel.engine.executor import Executor
from schakel.findings import Place
from schakel.rdf_reading import RDF_FILES
from schakel.stages.mapping import Mapped

__all__ = ["Origin", "cells_of", "line_of", "places_of"]

_WANTED: Final = "wanted_rows"


class Origin(NamedTuple):
    """Where a term of a quad comes from; `position` is 0 for the subject, 1 for the predicate, 2 for the object."""

    file: int
    row: int
    template: int
    position: int


def places_of(executor: Executor, wanted: Mapping[Origin, str], mapped: Sequence[Mapped], files: Mapping[int, str]) -> dict[Origin, Place]:
    """Give the place of each origin of a text: the row, with the column that makes up most of the text.

    `files` names files that are no tables. A term that the mapping itself names is placed in the mapping.
    """
    places: dict[Origin, Place] = {origin: Place(files[origin.file], origin.row) for origin in wanted if origin.file in files}
    for each in mapped:
        own = {origin: text for origin, text in wanted.items() if origin.file == each.table.source.file}
        if own:
            cells = cells_of(executor, each, {origin.row for origin in own})
            dependencies = Dependencies(each.mapping.query, each.table.columns)
            for origin, text in own.items():
                name = _column(each, dependencies, origin, text, cells[origin.row])
                places[origin] = Place(each.mapping.file) if name is None else each.table.place(origin.row, name)
    return places


def line_of(root: Path, place: Place, text: str) -> Place:
    """Give the first line of a file that holds a text or an IRI, whole or by its last name; the file alone where none does."""
    path = root / place.file
    lines = path.read_text("utf-8", "replace").splitlines() if path.suffix in RDF_FILES and path.is_file() else []
    last = re.escape(re.split(r"[/#]", text)[-1])
    for pattern in (re.escape(f"<{text}>"), rf"[\"'>]{re.escape(text)}[\"'<]", rf"[:/#<]{last}(?![\w-])"):
        for number, line in enumerate(lines, start=1):
            if re.search(pattern, line):
                return replace(place, row=number)
    return place


def cells_of(executor: Executor, mapped: Mapped, rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """Fetch the cells of some rows, by number and column; empty texts where there is none."""
    executor.load(_WANTED, {ROW: INTEGER}, ((row,) for row in sorted(rows)))
    source = mapped.source
    plan = exp.Select(
        expressions=[column(ROW, "own"), *(column(CELL.format(at), "own") for at in range(len(source.columns)))],
        from_=exp.From(this=table(source.table, "own")),
        joins=[exp.Join(this=table(_WANTED, "wanted"), on=compare("=", column(ROW, "own"), column(ROW, "wanted")))],
        where=rows_of(source),
    )
    return {row: dict(zip(source.columns, (cell or "" for cell in cells), strict=True)) for row, *cells in executor.fetch(plan)}


def _column(mapped: Mapped, dependencies: Dependencies, origin: Origin, text: str, cells: Mapping[str, str]) -> str | None:
    """Name the column whose cell makes up most of a text; None where no column does."""
    term = terms_of(mapped.mapping.query.template[origin.template])[origin.position]
    columns = dependencies.columns_of(term.value) if isinstance(term, Variable) else frozenset()
    filled = [(name, cells[name]) for name in mapped.table.columns if name in columns and cells[name]]
    return max(filled, key=lambda pair: (pair[1] in text) * len(pair[1]), default=(None, ""))[0]
