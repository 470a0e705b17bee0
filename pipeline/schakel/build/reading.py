"""Tables and mappings as they are read: one that has not changed since is not taken apart again, a table not until somebody asks for its rows."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import overload

from schakel import evidence, mapping
from schakel.cache import Cache, NoCache, key_of
from schakel.findings import Finding
from schakel.tables import Row, Table, read_table, table_files

__all__ = ["ReadTable", "constructs_once", "read_tables_once"]


@dataclass(frozen=True)
class ReadTable:
    """A table with a digest of its file, how many rows it has, and every source and passage that they cite."""

    table: Table
    digest: str
    rows: int
    cited: Sequence[tuple[str, str]]


class _Rows(Sequence[Row]):
    """Rows that are read when they are first asked for."""

    def __init__(self, read: Callable[[], Sequence[Row]]) -> None:
        self._read = read

    @cached_property
    def _rows(self) -> Sequence[Row]:
        return self._read()

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


def read_tables_once(folder: Path, root: Path, cache: Cache | NoCache) -> tuple[list[ReadTable], list[Finding]]:
    """Read every table of a folder, in the order of their names, with what is wrong with them."""
    tables: list[ReadTable] = []
    findings: list[Finding] = []
    for path in table_files(folder):
        table, problems = _read_once(path, path.relative_to(root).as_posix(), cache)
        findings += problems
        if table is not None:
            tables.append(table)
    return tables, findings


def _read_once(path: Path, file: str, cache: Cache | NoCache) -> tuple[ReadTable | None, list[Finding]]:
    digest = key_of(file, path.read_bytes())
    kept = cache.get("table", digest)
    if kept is not None:
        head = json.loads(kept)
        table = Table(path.stem, file, tuple(head["columns"]), _Rows(partial(_rows, path, file)))
        return ReadTable(table, digest, head["rows"], [(source, passage) for source, passage in head["cited"]]), [
            Finding.from_json(item) for item in head["findings"]
        ]
    read, findings = read_table(path, file)
    if read is None:
        return None, findings
    cited = sorted({(source, passage) for _, _, source, passage in evidence.cited_passages([read])})
    head = {"columns": read.columns, "rows": len(read.rows), "cited": cited, "findings": [item.to_json() for item in findings]}
    cache.put("table", digest, json.dumps(head, ensure_ascii=False).encode())
    return ReadTable(read, digest, len(read.rows), cited), findings


def _rows(path: Path, file: str) -> Sequence[Row]:
    table, _ = read_table(path, file)
    return () if table is None else table.rows


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
