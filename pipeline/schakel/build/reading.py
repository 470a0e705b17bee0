"""Tables and mappings as they are read: one that has not changed since is not taken apart again, a table not until somebody asks for its rows."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from operator import attrgetter
from pathlib import Path
from typing import Final, overload

from schakel import evidence, mapping
from schakel.cache import Cache, NoCache, key_of
from schakel.errors import ChangedMeanwhileError
from schakel.findings import Finding
from schakel.tables import Part, Row, Table, decoded, parse_table, rows_of_part, table_files
from schakel.work import Workers

__all__ = ["ReadPart", "ReadTable", "constructs_once", "read_tables_once"]

_NUMBER: Final = attrgetter("number")


@dataclass(frozen=True)
class ReadPart:
    """A part of a table, with a digest of its text."""

    part: Part
    digest: str


@dataclass(frozen=True)
class ReadTable:
    """A table that was read from a file, with a digest of it, every source and passage that its rows cite, and its parts."""

    table: Table
    path: Path
    digest: str
    cited: Sequence[tuple[str, str]]
    parts: Sequence[ReadPart]

    def text(self, part: Part) -> str:
        """Read the text of a part. Raises ChangedMeanwhileError where the file is no longer what it was."""
        return _text(self.path, self.table.file, self.digest)[part.begin : part.end]

    def rows_between(self, first: int, last: int) -> Iterator[Row]:
        """Give the rows with the numbers from one to another."""
        for each, following in zip_longest(self.parts, self.parts[1:]):
            if each.part.number <= last and (following is None or first < following.part.number):
                rows = _rows_of(self.path, self.table.file, self.digest, each.part, self.table.columns)
                yield from rows[bisect_left(rows, first, key=_NUMBER) : bisect_right(rows, last, key=_NUMBER)]


class _Rows(Sequence[Row]):
    """Rows that are read when they are first asked for; another process is told where they are, and reads them itself."""

    def __init__(self, path: Path, file: str, digest: str) -> None:
        self._where = (path, file, digest)

    def __reduce__(self) -> tuple[type["_Rows"], tuple[Path, str, str]]:
        return _Rows, self._where

    @cached_property
    def _rows(self) -> Sequence[Row]:
        return _read(*self._where)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return self._rows[at]


def _read(path: Path, file: str, digest: str) -> Sequence[Row]:
    table, _ = parse_table(path.stem, _content(path, file, digest), file)
    return () if table is None else table.rows


@lru_cache(maxsize=1)
def _text(path: Path, file: str, digest: str) -> str:
    """Read the text of a table, of which one part after another is asked for."""
    return decoded(_content(path, file, digest), file)[0]


@lru_cache(maxsize=2)
def _rows_of(path: Path, file: str, digest: str, part: Part, columns: tuple[str, ...]) -> Sequence[Row]:
    return rows_of_part(_text(path, file, digest)[part.begin : part.end], part, columns)


def _content(path: Path, file: str, digest: str) -> bytes:
    """Read a file again. Raises ChangedMeanwhileError where it is no longer that of the digest."""
    content = path.read_bytes()
    if key_of(file, content) != digest:
        raise ChangedMeanwhileError(file)
    return content


def read_tables_once(folder: Path, root: Path, workers: Workers) -> tuple[list[ReadTable], list[Finding]]:
    """Read every table of a folder, in the order of their names, with what is wrong with them."""
    named = [(path, path.relative_to(root).as_posix()) for path in table_files(folder)]
    where = [(path, file, key_of(file, path.read_bytes())) for path, file in named]
    tables: list[ReadTable] = []
    findings: list[Finding] = []
    heads = workers.each_once("table", _head, where, lambda each: each[2])
    for (path, file, digest), content in zip(where, heads, strict=True):
        head = json.loads(content)
        findings += map(Finding.from_json, head["findings"])
        if head["columns"]:
            table = Table(path.stem, file, tuple(head["columns"]), _Rows(path, file, digest))
            parts = [ReadPart(Part(*stands), its_digest) for *stands, its_digest in head["parts"]]
            tables.append(ReadTable(table, path, digest, [(source, passage) for source, passage in head["cited"]], parts))
    return tables, findings


def _head(where: tuple[Path, str, str]) -> bytes:
    """Read a table, and tell what there is to know of it without its rows."""
    path, file, digest = where
    read, findings = parse_table(path.stem, _content(*where), file)
    found = [item.to_json() for item in findings]
    if read is None:
        return json.dumps({"columns": [], "findings": found}, ensure_ascii=False).encode()
    cited = sorted({(source, passage) for _, _, source, passage in evidence.cited_passages([read])})
    text = _text(path, file, digest)
    parts = [[part.begin, part.end, part.number, part.first, key_of(text[part.begin : part.end])] for part in read.parts]
    return json.dumps({"columns": read.columns, "cited": cited, "parts": parts, "findings": found}, ensure_ascii=False).encode()


def constructs_once(cache: Cache | NoCache) -> mapping.ReadConstruct:
    """Give a function that reads a mapping, unless it was read before and neither it nor the columns of its table have changed."""

    def read(text: str, file: str, table: Table) -> tuple[mapping.Construct | None, list[Finding]]:
        name = key_of(file, text, table.file, "\n".join(table.columns))
        kept = cache.get("construct", name)
        if kept is not None:
            head = json.loads(kept)
            construct = None if head["construct"] is None else mapping.Construct.from_json(file, text, head["construct"])
            return construct, [Finding.from_json(item) for item in head["findings"]]
        construct, findings = mapping.read_construct(text, file, table)
        head = {"construct": construct and construct.to_json(), "findings": [item.to_json() for item in findings]}
        cache.put("construct", name, json.dumps(head, ensure_ascii=False).encode())
        return construct, findings

    return read
