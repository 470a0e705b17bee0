"""Large tables, read by the executor itself.

That is done only where it is sure to give what RFC 4180 says: the records and the cells of the file are counted first, and counted again in what was read.
Of any other table None is given, and the careful parser says what is wrong with it.
"""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from sqlglot import exp

from schakel.compile.construct import CELL, ROW, Source
from schakel.compile.iris import PATH
from schakel.compile.nodes import Node, aliased, all_of, any_of, coalesce, column, compare, is_null, matches, negated, not_null, number, string, table
from schakel.compile.values import SIGNS, Facts
from schakel.engine.executor import Executor, LoadError
from schakel.engine.language_tags import WELL_FORMED
from schakel.findings import Finding, Place, finding
from schakel.project.text_lint import faults_of_cells
from schakel.table_files.text_faults import LOCAL_DATE, QUOTED, SHORTENED, may_be_faulty
from schakel.tables import PASSAGE, is_id, judge_header

__all__ = ["read_large_table"]

# What str.strip() takes away.
_SPACES: Final = tuple(sign for sign in map(chr, (*range(0x20 + 1), *range(0x80, 0x3001))) if sign.isspace())
_PRINTABLE: Final = bytes((*range(0x20, 0x7F), 0x0A))
_FIRST_RECORD: Final = 100_000
_USUAL_ID: Final = r"^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\z"
_LONGEST_TAG: Final = 60
_TRIMMED: Final = "trimmed_cells"


class _Content(NamedTuple):
    """What the bytes of a file tell: its columns, its records with the header, the white space and the signs to be escaped that cells may have.

    `faulty` says whether it has signs that only faulty texts have.
    """

    columns: tuple[str, ...]
    records: int
    spaces: str
    signs: frozenset[str]
    faulty: bool


class _Survey(NamedTuple):
    """The number of rows, what is known of the cells of each column, and the columns of which a cell may be faulty."""

    rows: int
    facts: dict[str, Facts]
    suspect: list[str]


def read_large_table(executor: Executor, path: Path, file: str, file_number: int) -> tuple[Source, int, list[Finding]] | None:
    """Read one CSV file into a relation of its own; give how plans find it, its number of rows, and what is wrong with ids and texts."""
    content = path.read_bytes()
    examined = _examined(content, file)
    if examined is None:
        return None
    relation = f"cells{file_number}"
    if not _read(executor, path, content, examined, relation):
        return None
    survey = _surveyed(executor, relation, examined)
    if survey.rows == 0:
        return None
    source = Source(relation, examined.columns, file_number, survey.facts)
    return source, survey.rows, [*_judge_ids(executor, source, file), *_judge_texts(executor, source, file, survey.suspect)]


def _examined(content: bytes, file: str) -> _Content | None:
    """Count, and look for whatever only the careful parser reads; None where there is some."""
    try:
        text_start = content[:_FIRST_RECORD].decode("utf-8-sig", "ignore")
        content.decode("utf-8")
        header = tuple(name.strip() for name in next(csv.reader(io.StringIO(text_start, newline=None), strict=True)))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content or (b"\r" in content and content.replace(b"\r\n", b"").count(b"\r")) or any(judge_header(header, file)):
        return None
    pieces = content.split(b'"')
    outside = b"".join(pieces[::2])
    last = not content.endswith(b"\n")
    records = outside.count(b"\n") + last
    if len(pieces) % 2 == 0 or outside.count(b",") != records * (len(header) - 1):
        return None
    inner_lines = content.count(b"\n") + last > records
    # What is neither printable ASCII nor a line end is little, and looked through in no time.
    rest = content.translate(None, _PRINTABLE)
    spaces = " " + "".join(sign for sign in _SPACES if sign.encode() in rest) + "\n" * inner_lines
    signs = {sign for sign in SIGNS if sign.encode() in rest} | set("\n" * inner_lines) | set('"' * (b'""' in content)) | set("\\" * (b"\\" in content))
    return _Content(header, records, spaces, frozenset(signs), any(map(may_be_faulty, set(rest.decode()))))


def _read(executor: Executor, path: Path, content: bytes, examined: _Content, relation: str) -> bool:
    """Read the file without its header; tell whether all records were there."""
    names = [CELL.format(at) for at in range(len(examined.columns))]
    try:
        if b"\r" in content:
            with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
                copy.write(content.replace(b"\r\n", b"\n"))
                copy.flush()
                read = executor.load_csv(relation, names, ROW, Path(copy.name))
        else:
            read = executor.load_csv(relation, names, ROW, path)
    except LoadError:
        return False
    return read == examined.records - 1


def _surveyed(executor: Executor, relation: str, examined: _Content) -> _Survey:
    """Count the rows, and look at the cells of each column: whether all are paths, segments of them, or tags, and whether one may be faulty.

    Trim them, where that is needed.
    """
    selected: list[Node] = [exp.Count(this=exp.Star())]
    cells = [column(CELL.format(at)) for at in range(len(examined.columns))]
    selected.append(exp.LogicalOr(this=all_of([is_null(cell) for cell in cells])))
    for cell in cells:
        tag = all_of([compare("<", exp.Length(this=cell), number(_LONGEST_TAG)), matches(cell, rf"^{WELL_FORMED}\z")])
        slash = compare(">", exp.StrPosition(this=cell, substr=string("/")), number(0))
        selected += [exp.LogicalOr(this=_has_space(cell, examined.spaces)), exp.LogicalAnd(this=matches(cell, PATH))]
        selected += [exp.LogicalOr(this=slash), exp.LogicalAnd(this=tag), exp.Count(this=cell)]
        selected.append(exp.LogicalOr(this=_is_suspect(cell)))
    ((rows, empty, *found),) = executor.fetch(exp.Select(expressions=selected, from_=exp.From(this=table(relation))))
    spaced = found[::6]
    if empty or any(spaced):
        _trim(executor, relation, spaced, examined.spaces)
        return _surveyed(executor, relation, examined)
    facts = {}
    for name, path, slash, tag, filled in zip(examined.columns, found[1::6], found[2::6], found[3::6], found[4::6], strict=True):
        # NULL is the answer where every cell is empty.
        facts[name] = Facts(examined.signs, None if path is False else "~/~" if slash else "~", tag is not False, filled=filled == rows)
    suspect = [name for name, of_cells in zip(examined.columns, found[5::6], strict=True) if name != PASSAGE and (of_cells or examined.faulty)]
    return _Survey(rows, facts, suspect)


def _is_suspect(cell: Node) -> Node:
    """Tell whether a cell is as the error of a spreadsheet begins, in quotation marks, a shortened number, or a date as people write it."""
    first = exp.Substring(this=cell, start=number(1), length=number(1))
    quoted = [all_of([exp.StartsWith(this=cell, expression=string(one)), exp.EndsWith(this=cell, expression=string(other))]) for one, other in QUOTED]
    return any_of([compare("=", first, string("#")), *quoted, matches(cell, rf"^(?:{SHORTENED}|{LOCAL_DATE})\z")])


def _judge_texts(executor: Executor, source: Source, file: str, suspect: Sequence[str]) -> Iterator[Finding]:
    """Find faulty cells in the columns that may have some."""
    for name in suspect:
        cells = [column(ROW), coalesce(column(CELL.format(source.columns.index(name))), string(""))]
        rows = sorted(executor.fetch(exp.Select(expressions=cells, from_=exp.From(this=table(source.table)))))
        yield from faults_of_cells(file, name, [row for row, _ in rows], [cell for _, cell in rows])


def _has_space(cell: Node, spaces: str) -> Node:
    """Tell whether a cell begins or ends with white space."""
    ends = [exp.EndsWith(this=cell, expression=string(sign)) for sign in spaces]
    starts = [exp.StartsWith(this=cell, expression=string(sign)) for sign in spaces]
    return any_of([*starts, *ends])


def _trim(executor: Executor, relation: str, spaced: Sequence[bool], spaces: str) -> None:
    """Take white space from the ends of cells, and remove rows of which nothing is left."""
    names = [CELL.format(at) for at in range(len(spaced))]
    trimmed = [
        aliased(exp.Nullif(this=exp.Trim(this=column(name), expression=string(spaces)), expression=string("")) if trim else column(name), name)
        for name, trim in zip(names, spaced, strict=True)
    ]
    executor.run(exp.Select(expressions=[column(ROW), *trimmed], from_=exp.From(this=table(relation))), _TRIMMED)
    some = any_of([not_null(column(name)) for name in names])
    executor.run(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table(_TRIMMED)), where=exp.Where(this=some)), relation)
    executor.drop(_TRIMMED)


def _judge_ids(executor: Executor, source: Source, file: str) -> Iterator[Finding]:
    """Find rows without an id, and ids of which no IRI can be formed, as schakel.tables does."""
    if "id" not in source.columns:
        return
    cell = column(CELL.format(source.columns.index("id")))
    unusual = any_of([exp.Is(this=cell, expression=exp.Null()), negated(matches(cell, _USUAL_ID))])
    plan = exp.Select(expressions=[column(ROW), cell], from_=exp.From(this=table(source.table)), where=exp.Where(this=unusual))
    for row, text in sorted(executor.fetch(plan), key=itemgetter(0)):
        if text is None:
            yield finding("missing-id", Place(file, row, "id"))
        elif not is_id(text):
            yield finding("bad-id", Place(file, row, "id"), found=text)
