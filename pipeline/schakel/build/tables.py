"""From the rows of tables to what they state: table by table, by whichever process is free, and not again while nothing that a table depends on changes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel import evidence, mapping
from schakel.build.reading import ReadTable
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

    tables: Sequence[ReadTable]
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
        table = next(read.table for read in self.tables if read.table.name == block.table)
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
    keys = [_key(tables, read) for read in tables.tables]
    kept = [workers.cache.get("mapping", key) for key in keys]
    parts = (part for read, content in zip(tables.tables, kept, strict=True) if content is None for part in _parts(tables, read.table))
    done: dict[str, list[Mapped]] = defaultdict(list)
    for name, mapped in workers.each(_map_part, parts):
        done[name].append(mapped)
    several: list[Mapped] = []
    for read, key, content in zip(tables.tables, keys, kept, strict=True):
        several.append(Mapped.together(done[read.table.name]) if content is None else _read(content))
        if content is None:
            workers.cache.put("mapping", key, _written(several[-1]))
    return Mapped.together(several)


@dataclass(frozen=True)
class _Part:
    """Some rows of a table, with no more than their mapping depends on."""

    table: Table
    construct: mapping.Construct | None
    context: Tables


def _parts(tables: Tables, table: Table) -> Iterator[_Part]:
    for at in range(0, max(len(table.rows), 1), _ROWS):
        part = replace(table, rows=tuple(table.rows[at : at + _ROWS]))
        cited = {(source, passage) for _, _, source, passage in evidence.cited_passages([part])}
        lock = {key: span for key, span in tables.lock.items() if key in cited}
        yield _Part(part, tables.constructs.get(table.name), replace(tables, tables=(), constructs={}, lock=lock))


def _map_part(part: _Part) -> tuple[str, Mapped]:
    table, base = part.table, part.context.base
    names = GraphNames(base)
    constructs = {} if part.construct is None else {table.name: part.construct}
    cited, findings = part.context.cited(table)
    blocks = mapping.map_rows(cited, constructs, base)
    # What sources refer to is no part of what they say.
    used = mapping.iris_of(block.piece for block in blocks if block.graph != names.provenance)
    typed = mapping.iris_of(block.piece for block in blocks if block.graph == names.provenance).typed
    iris = mapping.Iris.together([used, mapping.Iris(frozenset(), typed)])
    wrong = {graph: frozenset(literals) for graph, literals in mapping.wrong_literals(blocks).items()}
    return table.name, Mapped(blocks, wrong, iris, [*findings, *mapping.judge_rows([table], constructs, base)])


def _key(tables: Tables, read: ReadTable) -> str:
    """Name what a table's mapping depends on: its rows, the mapping, the sources, and where its passages are."""
    construct = tables.constructs.get(read.table.name)
    sources = [(source.id, source.sha256) for source in tables.sources.values()]
    spans = [str(tables.lock.get(each)) for each in read.cited]
    return key_of(repr((tables.base, tables.require_passages, sources, spans)), read.digest, "" if construct is None else construct.text)


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
