"""Large tables, read by the executor itself.

That is done only where it is sure to give what RFC 4180 says: the records and the cells of the file are counted first, and counted again in what was read.
Of any other table None is given, and the careful parser says what is wrong with it.
"""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sqlglot import exp

from schakel.compile.construct import CELL, FILE, ROW, Source
from schakel.compile.iris import PATH
from schakel.compile.nodes import Node, aliased, all_of, any_of, column, compare, matches, negated, not_null, number, string, table
from schakel.compile.values import SIGNS, Facts
from schakel.engine.executor import Executor, LoadError
from schakel.engine.language_tags import WELL_FORMED
from schakel.findings import Finding, Place, finding
from schakel.tables import is_id, judge_header

__all__ = ["read_large_table"]

# What str.strip() takes away.
_SPACES: Final = tuple(sign for sign in map(chr, (*range(0x20 + 1), *range(0x80, 0x3001))) if sign.isspace())
_FIRST_RECORD: Final = 100_000
_USUAL_ID: Final = r"^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\z"
_LONGEST_TAG: Final = 60
_RAW: Final = "raw_cells"
_RELATION: Final = "cells{}"


class _Content(NamedTuple):
    """What the bytes of a file tell: its columns, its records with the header, the white space and the signs to be escaped that cells may have."""

    columns: tuple[str, ...]
    records: int
    spaces: str
    signs: frozenset[str]


def read_large_table(executor: Executor, path: Path, file: str, file_number: int) -> tuple[Source, int, list[Finding]] | None:
    """Read one CSV file into a relation of its own; give how plans find it, its number of rows, and what is wrong with ids and rows."""
    content = path.read_bytes()
    examined = _examined(content, file)
    if examined is None:
        return None
    relation = _RELATION.format(file_number)
    if not _read(executor, path, content, examined, file_number):
        return None
    facts, rows = _facts(executor, relation, examined)
    source = Source(relation, examined.columns, file_number, facts)
    return source, rows, list(_judge_keys(executor, source, file))


def _examined(content: bytes, file: str) -> _Content | None:
    """Count, and look for whatever only the careful parser reads; None where there is some."""
    try:
        text_start = content[:_FIRST_RECORD].decode("utf-8-sig", "ignore")
        content.decode("utf-8")
        header = tuple(name.strip() for name in next(csv.reader(io.StringIO(text_start, newline=None), strict=True)))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content or content.replace(b"\r\n", b"").count(b"\r") or any(judge_header(header, file)):
        return None
    outside = content.split(b'"')[::2]
    records = sum(part.count(b"\n") for part in outside) + (not content.endswith(b"\n"))
    commas = sum(part.count(b",") for part in outside)
    if len(content.split(b'"')) % 2 == 0 or commas != records * (len(header) - 1):
        return None
    inner_lines = content.count(b"\n") + (not content.endswith(b"\n")) > records
    spaces = "".join(sign for sign in _SPACES if sign != "\n" and sign.encode() in content) + "\n" * inner_lines
    signs = frozenset(sign for sign in SIGNS if sign not in '\n"' and sign.encode() in content) | (frozenset('"') if b'""' in content else frozenset())
    return _Content(header, records, spaces, signs | frozenset("\n" * inner_lines))


def _read(executor: Executor, path: Path, content: bytes, examined: _Content, file_number: int) -> bool:
    """Read the file, without its header and without rows of no words; tell whether all records were there."""
    names, relation = [CELL.format(at) for at in range(len(examined.columns))], _RELATION.format(file_number)
    try:
        if b"\r" in content:
            with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
                copy.write(content.replace(b"\r\n", b"\n"))
                copy.flush()
                read = executor.load_csv(_RAW, names, ROW, Path(copy.name))
        else:
            read = executor.load_csv(_RAW, names, ROW, path)
    except LoadError:
        return False
    if read != examined.records:
        return False
    cells = [column(name) for name in names]
    (spaced,) = executor.fetch(exp.Select(expressions=[_any(_has_space(cell, examined.spaces)) for cell in cells], from_=exp.From(this=table(_RAW))))
    # The null of an aggregate over no cell at all is as good as false.
    kept = [
        aliased(exp.Nullif(this=exp.Trim(this=cell, expression=string(examined.spaces)), expression=string("")) if trim else cell, name)
        for cell, name, trim in zip(cells, names, spaced, strict=True)
    ]
    where = all_of([compare(">", column(ROW), number(1)), any_of([not_null(cell) for cell in cells])])
    executor.run(
        exp.Select(expressions=[aliased(number(file_number), FILE), column(ROW), *kept], from_=exp.From(this=table(_RAW)), where=exp.Where(this=where)),
        relation,
    )
    executor.drop(_RAW)
    return True


def _has_space(cell: Node, spaces: str) -> Node:
    """Tell whether a cell begins or ends with white space; whatever is before `!` is white space or has to be looked at."""
    ends = [exp.EndsWith(this=cell, expression=string(sign)) for sign in spaces]
    starts = [exp.StartsWith(this=cell, expression=string(sign)) for sign in spaces if sign > "!"]
    return any_of([compare("<", cell, string("!")), *ends, *starts])


def _any(condition: Node) -> Node:
    return exp.LogicalOr(this=condition)


def _facts(executor: Executor, relation: str, examined: _Content) -> tuple[dict[str, Facts], int]:
    """Look at the cells of each column, whether they are paths, segments of them, and tags."""
    selected: list[Node] = [exp.Count(this=exp.Star())]
    for at in range(len(examined.columns)):
        cell = column(CELL.format(at))
        tag = all_of([compare("<", exp.Length(this=cell), number(_LONGEST_TAG)), matches(cell, rf"^{WELL_FORMED}\z")])
        slash = compare(">", exp.StrPosition(this=cell, substr=string("/")), number(0))
        selected += [exp.LogicalAnd(this=matches(cell, PATH)), _any(slash), exp.LogicalAnd(this=tag)]
    ((rows, *found),) = executor.fetch(exp.Select(expressions=selected, from_=exp.From(this=table(relation))))
    facts = {}
    for at, name in enumerate(examined.columns):
        # NULL is the answer where every cell is empty.
        path, slash, tag = found[3 * at : 3 * at + 3]
        facts[name] = Facts(examined.signs, None if path is False else "~/~" if slash else "~", tag is not False)
    return facts, rows


# ---------------------------------------------------------------------------------------------------------------------------------- keys


def _judge_keys(executor: Executor, source: Source, file: str) -> Iterator[Finding]:
    """Find rows without an id, with one that is none, and rows that are there twice, as schakel.tables does."""
    if "id" not in source.columns:
        for _, first, row in _repeated(executor, source, [column(CELL.format(at)) for at in range(len(source.columns))]):
            yield finding("duplicate-row", Place(file, row), first=first)
        return
    cell = column(CELL.format(source.columns.index("id")))
    unusual = any_of([exp.Is(this=cell, expression=exp.Null()), negated(matches(cell, _USUAL_ID))])
    plan = exp.Select(expressions=[column(ROW), cell], from_=exp.From(this=table(source.table)), where=exp.Where(this=unusual))
    bad = {row: text for row, text in executor.fetch(plan) if text is None or not is_id(text)}
    for row, text in sorted(bad.items()):
        yield finding("missing-id", Place(file, row, "id")) if text is None else finding("bad-id", Place(file, row, "id"), found=text)
    for text, first, row in _repeated(executor, source, [cell]):
        if row not in bad:
            yield finding("duplicate-key", Place(file, row, "id"), found=text, first=first)


def _repeated(executor: Executor, source: Source, cells: Sequence[Node]) -> list[tuple[str, int, int]]:
    """Give the first cell and the row of those that repeat an earlier row in some cells, with the earliest."""
    least = exp.Min(this=column(ROW))
    names = [f"key{at}" for at in range(len(cells))]
    having = compare(">", exp.Count(this=exp.Star()), number(1))
    grouped = exp.Select(
        expressions=[*(aliased(cell, name) for cell, name in zip(cells, names, strict=True)), aliased(least, "first")],
        from_=exp.From(this=table(source.table)),
        group=exp.Group(expressions=list(cells)),
        having=exp.Having(this=having),
    )
    same = [
        exp.NullSafeEQ(this=column(name, "several"), expression=exp.Column(this=cell.this, table=exp.Identifier(this="rows", quoted=True)))
        for cell, name in zip(cells, names, strict=True)
    ]
    later = compare(">", column(ROW, "rows"), column("first", "several"))
    plan = exp.Select(
        expressions=[column("key0", "several"), column("first", "several"), column(ROW, "rows")],
        from_=exp.From(this=table(source.table, "rows")),
        joins=[exp.Join(this=exp.Subquery(this=grouped, alias=exp.TableAlias(this=exp.Identifier(this="several", quoted=True))), on=all_of([*same, later]))],
    )
    return sorted(((text, first, row) for text, first, row in executor.fetch(plan)), key=lambda each: each[2])
