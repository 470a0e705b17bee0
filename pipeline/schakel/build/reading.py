"""Tables and mappings as they are read: one that has not changed since is not taken apart again, a table not until somebody asks for its rows."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import overload

from schakel import evidence, mapping
from schakel.cache import Cache, NoCache, key_of
from schakel.errors import ChangedMeanwhileError
from schakel.findings import Finding
from schakel.tables import Row, Table, parse_table, table_files
from schakel.work import Workers

__all__ = ["ReadTable", "constructs_once", "read_tables_once"]


@dataclass(frozen=True)
class ReadTable:
    """A table with a digest of its file, how many rows it has, and every source and passage that they cite."""

    table: Table
    digest: str
    rows: int
    cited: Sequence[tuple[str, str]]


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


@lru_cache(maxsize=1)
def _read(path: Path, file: str, digest: str) -> Sequence[Row]:
    """Read the rows of a table, of which one process is asked several times.

    Raises ChangedMeanwhileError where the file is no longer that of the digest.
    """
    table, _ = _parsed(path, file, digest)
    return () if table is None else table.rows


def _parsed(path: Path, file: str, digest: str) -> tuple[Table | None, list[Finding]]:
    content = path.read_bytes()
    if key_of(file, content) != digest:
        raise ChangedMeanwhileError(file)
    return parse_table(path.stem, content, file)


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
            tables.append(ReadTable(table, digest, head["rows"], [(source, passage) for source, passage in head["cited"]]))
    return tables, findings


def _head(where: tuple[Path, str, str]) -> bytes:
    """Read a table, and tell what there is to know of it without its rows."""
    read, findings = _parsed(*where)
    cited = [] if read is None else sorted({(source, passage) for _, _, source, passage in evidence.cited_passages([read])})
    columns, rows = ([], 0) if read is None else (read.columns, len(read.rows))
    found = [item.to_json() for item in findings]
    return json.dumps({"columns": columns, "rows": rows, "cited": cited, "findings": found}, ensure_ascii=False).encode()


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
