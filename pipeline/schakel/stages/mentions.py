"""Rows that are mentions of one thing: those that disagree, and those that are there twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlglot import exp

from schakel.compile.construct import CELL, FILE, ROW, rows_of
from schakel.compile.dependencies import Dependencies
from schakel.compile.mentions import ID, limited_properties, subject_templates, wording_columns
from schakel.compile.nodes import Node, aliased, all_of, any_of, column, compare, number, subquery, table
from schakel.compile.shacl import Shapes
from schakel.engine.columns import INTEGER
from schakel.engine.executor import Executor
from schakel.engine.relations import SPELLED
from schakel.engine.spelling import parts_of
from schakel.findings import Finding, finding, quoted
from schakel.project.tables import Table
from schakel.stages.mapping import Mapped
from schakel.tables import PASSAGE, SOURCE

__all__ = ["judge_mentions"]

_WANTED: Final = "wanted_subjects"
_STATED: Final = "stated_subjects"
_COMPARED: Final = "compared_mentions"
_MENTIONS: Final = "mentions"


def judge_mentions(executor: Executor, tables: Sequence[Table], mapped: Sequence[Mapped], shapes: Shapes | None, base: str) -> Iterator[Finding]:
    """Find rows of one subject whose cells contradict each other, and rows that say what an earlier one says.

    Read are the spelled quads. `shapes` say which properties have one value; None where they cannot be read.
    """
    keyed = [each for each in mapped if ID in each.table.columns]
    _find_mentions(executor, {each.table.source.file: subject_templates(_dependencies(each)) for each in keyed})
    files = exp.Select(expressions=[column(FILE)], distinct=exp.Distinct(), from_=exp.From(this=table(_MENTIONS)))
    several = {file for (file,) in executor.fetch(files)}
    limited = frozenset() if shapes is None else limited_properties(shapes)
    for each in tables:
        if ID not in each.columns or each.source.file in several:
            yield from _repeated(executor, each)
    for one in keyed:
        if one.table.source.file in several:
            yield from _contrary(executor, one, limited, base)
    executor.drop(_MENTIONS)


def _dependencies(mapped: Mapped) -> Dependencies:
    return Dependencies(mapped.mapping.query, mapped.table.columns)


def _find_mentions(executor: Executor, templates: Mapping[int, Sequence[int]]) -> None:
    """Make the relation of the rows whose subject another row of their file has, too. Subjects are those of the numbered triples of templates, by file."""
    executor.load(_WANTED, {FILE: INTEGER, "template": INTEGER}, ((file, each) for file, several in templates.items() for each in several))
    on = all_of([compare("=", column(name, "said"), column(name, "wanted")) for name in (FILE, "template")])
    subject, row = [column(FILE, "said"), column("s", "said")], column(ROW, "said")
    stated = exp.Select(
        expressions=[*subject, row],
        distinct=exp.Distinct(),
        from_=exp.From(this=table(SPELLED, "said")),
        joins=[exp.Join(this=table(_WANTED, "wanted"), on=on)],
    )
    executor.run(stated, _STATED)
    repeated = exp.Select(
        expressions=subject,
        from_=exp.From(this=table(_STATED, "said")),
        group=exp.Group(expressions=subject),
        having=exp.Having(this=compare("<", exp.Min(this=row), exp.Max(this=row))),
    )
    same = all_of([compare("=", column(name, "said"), column(name, "again")) for name in (FILE, "s")])
    again = exp.Join(this=subquery(repeated, "again"), on=same)
    executor.run(exp.Select(expressions=[*subject, row], from_=exp.From(this=table(_STATED, "said")), joins=[again]), _MENTIONS)
    executor.drop(_WANTED, _STATED)


def _contrary(executor: Executor, mapped: Mapped, limited: Collection[str], base: str) -> Iterator[Finding]:
    """Find the things of a table whose rows have different cells in a column where they must not."""
    own = mapped.table
    free = {SOURCE, PASSAGE}
    if own.has_cells(executor, PASSAGE):
        free |= wording_columns(_dependencies(mapped), limited)
    names = [name for name in own.columns if name not in free]
    cells = [column(CELL.format(own.columns.index(name)), "own") for name in names]
    subject = column("s", "mention")
    mentions = all_of([compare("=", column(ROW, "own"), column(ROW, "mention")), compare("=", column(FILE, "mention"), number(own.source.file))])
    joined = exp.Select(
        expressions=[subject, column(ROW, "own"), *(aliased(cell, f"cell{at}") for at, cell in enumerate(cells))],
        from_=exp.From(this=table(own.source.table, "own")),
        joins=[exp.Join(this=table(_MENTIONS, "mention"), on=mentions)],
        where=rows_of(own.source),
    )
    executor.run(joined, _COMPARED)
    differ = any_of([compare("<", exp.Min(this=column(f"cell{at}")), exp.Max(this=column(f"cell{at}"))) for at in range(len(names))])
    contrary = exp.Select(
        expressions=[column("s")], from_=exp.From(this=table(_COMPARED)), group=exp.Group(expressions=[column("s")]), having=exp.Having(this=differ)
    )
    selected = exp.Select(
        expressions=[exp.Star()],
        from_=exp.From(this=table(_COMPARED)),
        where=exp.Where(this=exp.In(this=column("s"), query=exp.Subquery(this=contrary))),
        order=exp.Order(expressions=[column("s"), column(ROW)]),
    )
    for thing, rows in groupby(executor.fetch(selected), key=itemgetter(0)):
        first, second, columns = _disagreement([(row, dict(zip(names, texts, strict=True))) for _, row, *texts in rows])
        found = parts_of(thing).text.removeprefix(base)
        yield finding("mentions-disagree", own.place(second, columns[0] if len(columns) == 1 else ""), found=found, first=first, columns=quoted(columns))
    executor.drop(_COMPARED)


def _disagreement(rows: Sequence[tuple[int, Mapping[str, str | None]]]) -> tuple[int, int, list[str]]:
    """Give the first two rows that disagree, and the columns in which any of the rows do."""
    known: dict[str, tuple[str, int]] = {}
    pairs: list[tuple[int, int]] = []
    columns: set[str] = set()
    for row, cells in rows:
        for name, text in cells.items():
            if text is not None and known.setdefault(name, (text, row))[0] != text:
                pairs.append((row, known[name][1]))
                columns.add(name)
    second, first = min(pairs)
    return first, second, sorted(columns)


def _repeated(executor: Executor, own: Table) -> Iterator[Finding]:
    """Find the rows that have the same cells as an earlier one."""
    cells = [CELL.format(at) for at in range(len(own.columns))]
    several = exp.Select(
        expressions=[*map(column, cells), aliased(exp.Min(this=column(ROW)), "first")],
        from_=exp.From(this=table(own.source.table, "own")),
        where=rows_of(own.source),
        group=exp.Group(expressions=list(map(column, cells))),
        having=exp.Having(this=compare(">", exp.Count(this=exp.Star()), number(1))),
    )
    same: list[Node] = [exp.NullSafeEQ(this=column(cell, "several"), expression=column(cell, "own")) for cell in cells]
    later = compare(">", column(ROW, "own"), column("first", "several"))
    plan = exp.Select(
        expressions=[column(ROW, "own"), column("first", "several")],
        from_=exp.From(this=table(own.source.table, "own")),
        joins=[exp.Join(this=subquery(several, "several"), on=all_of([*same, later]))],
        where=rows_of(own.source),
        order=exp.Order(expressions=[column(ROW, "own")]),
    )
    for row, first in executor.fetch(plan):
        yield finding("duplicate-row", own.place(row), first=first)
