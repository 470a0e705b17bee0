"""From the rows of tables to what they state: table by table, by whichever process is free, and not again while nothing that a table depends on changes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel import evidence, mapping
from schakel.cache import key_of
from schakel.findings import Finding
from schakel.graph import GraphNames, from_ntriples
from schakel.tables import Row, Table
from schakel.work import Workers

__all__ = ["Mapped", "Tables", "map_tables"]

# Rows that one process maps at a time.
_ROWS: Final = 10_000


@dataclass(frozen=True)
class Tables:
    """The tables with all that their mapping depends on."""

    tables: Sequence[Table]
    constructs: Mapping[str, mapping.Construct]
    sources: Mapping[str, evidence.Source]
    lock: evidence.Lock
    base: str
    require_passages: bool

    def cited(self, table: Table) -> tuple[mapping.Citations, list[Finding]]:
        """Sort the rows of a table by the graph that their statements belong to."""
        return evidence.cite([table], self.sources, self.lock, GraphNames(self.base), require_passages=self.require_passages)

    def rows_of(self, block: mapping.Block) -> tuple[Table, Sequence[Row]]:
        """Give the rows of a block again, with their table."""
        table = next(table for table in self.tables if table.name == block.table)
        between = [row for row in table.rows if block.first <= row.number <= block.last]
        cited, _ = self.cited(replace(table, rows=tuple(between)))
        return table, [row for _, rows in cited.get(block.graph, ()) for row in rows]


@dataclass(frozen=True)
class Mapped:
    """What rows state, which of their literals are not what their datatype says, which IRIs they use and define, and what is wrong with them otherwise."""

    blocks: Sequence[mapping.Block]
    wrong: Mapping[NamedNode, frozenset[Literal]]
    iris: mapping.Iris
    findings: Sequence[Finding]

    @classmethod
    def together(cls, several: "Iterable[Mapped]") -> "Mapped":
        """Put together what several parts gave."""
        each = list(several)
        wrong: dict[NamedNode, frozenset[Literal]] = {}
        for graph, literals in chain.from_iterable(mapped.wrong.items() for mapped in each):
            wrong[graph] = wrong.get(graph, frozenset()) | literals
        blocks = [block for mapped in each for block in mapped.blocks]
        return cls(blocks, wrong, mapping.Iris.together(mapped.iris for mapped in each), [item for mapped in each for item in mapped.findings])


def map_tables(tables: Tables, workers: Workers) -> Mapped:
    """Map every table. What was mapped before, and depends on nothing that has changed, is taken from the cache."""
    kept = {table.name: workers.cache.get("mapping", _key(tables, table)) for table in tables.tables}
    parts = (part for table in tables.tables if kept[table.name] is None for part in _parts(tables, table))
    done: dict[str, list[Mapped]] = {name: [_read(content)] for name, content in kept.items() if content is not None}
    for name, mapped in workers.each(_map_part, parts):
        done.setdefault(name, []).append(mapped)
    for table in tables.tables:
        if kept[table.name] is None:
            whole = Mapped.together(done[table.name])
            workers.cache.put("mapping", _key(tables, table), _written(whole))
            done[table.name] = [whole]
    return Mapped.together(mapped for table in tables.tables for mapped in done[table.name])


def _parts(tables: Tables, table: Table) -> Iterator[Tables]:
    """Cut a table into parts of so many rows, each with no more than it depends on."""
    for at in range(0, max(len(table.rows), 1), _ROWS):
        part = replace(table, rows=table.rows[at : at + _ROWS])
        cited = {(source, passage) for _, _, source, passage in evidence.cited_passages([part])}
        lock = {key: span for key, span in tables.lock.items() if key in cited}
        yield replace(tables, tables=[part], constructs={name: each for name, each in tables.constructs.items() if name == table.name}, lock=lock)


def _map_part(part: Tables) -> tuple[str, Mapped]:
    (table,) = part.tables
    names = GraphNames(part.base)
    cited, findings = part.cited(table)
    blocks = mapping.map_rows(cited, part.constructs, part.base)
    # What sources refer to is no part of what they say.
    used = mapping.iris_of(block.piece for block in blocks if block.graph != names.provenance)
    iris = mapping.Iris.together([used, mapping.Iris(frozenset(), mapping.iris_of(block.piece for block in blocks).typed)])
    wrong = {graph: frozenset(literals) for graph, literals in mapping.wrong_literals(blocks).items()}
    return table.name, Mapped(blocks, wrong, iris, [*findings, *mapping.judge_rows(part.tables, part.constructs, part.base)])


def _key(tables: Tables, table: Table) -> str:
    """Name what a table's mapping depends on: its rows, the mapping, the sources, and where its passages are."""
    construct = tables.constructs.get(table.name)
    sources = [(source.id, source.sha256) for source in tables.sources.values()]
    cited = sorted({(source, passage) for _, _, source, passage in evidence.cited_passages([table])})
    spans = [str(tables.lock.get(each)) for each in cited]
    rows = (repr((row.number, row.cells)).encode() for row in table.rows)
    head = repr((tables.base, tables.require_passages, table.name, table.file, table.columns, sources, spans))
    return key_of(head, "" if construct is None else construct.text, rows)


def _written(mapped: Mapped) -> bytes:
    head = {
        "blocks": [[block.graph.value, block.table, block.first, block.last, len(block.piece)] for block in mapped.blocks],
        "wrong": {graph.value: sorted(map(str, literals)) for graph, literals in mapped.wrong.items()},
        "findings": [item.to_json() for item in mapped.findings],
        "used": [iri.decode() for iri in sorted(mapped.iris.used)],
        "typed": [iri.decode() for iri in sorted(mapped.iris.typed)],
    }
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + b"".join(block.piece for block in mapped.blocks)


def _read(content: bytes) -> Mapped:
    start = content.index(b"\n") + 1
    head: dict[str, Any] = json.loads(content[:start])
    blocks = []
    for graph, table, first, last, length in head["blocks"]:
        blocks.append(mapping.Block(NamedNode(graph), table, first, last, content[start : start + length]))
        start += length
    wrong = {NamedNode(graph): _literals(literals) for graph, literals in head["wrong"].items()}
    iris = mapping.Iris(*(frozenset(iri.encode() for iri in head[name]) for name in ("used", "typed")))
    return Mapped(blocks, wrong, iris, [Finding.from_json(item) for item in head["findings"]])


def _literals(written: Iterable[str]) -> frozenset[Literal]:
    triples = from_ntriples([f"<x:s> <x:p> {each} .\n".encode() for each in written])
    return frozenset(triple.object for triple in triples if isinstance(triple.object, Literal))
