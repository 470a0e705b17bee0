"""From the rows of tables to what they state: table by table, by whichever process is free, and not again while nothing that a table depends on changes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from pyoxigraph import Literal, NamedNode

from schakel import evidence, mapping
from schakel.build.reading import ReadPart, ReadTable
from schakel.cache import key_of
from schakel.findings import Finding
from schakel.graph import GraphNames, from_ntriples
from schakel.ntriples import terms_of
from schakel.tables import Part, Row, Table, rows_of_part
from schakel.work import Workers

__all__ = ["Mapped", "Tables", "map_tables"]


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

    def rows_of(self, block: mapping.Block, may_be: Callable[[Row], bool]) -> tuple[Table, Sequence[Row]]:
        """Give the rows of a block again that may be those that are looked for, with their table."""
        read = next(each for each in self.tables if each.table.name == block.table)
        likely = tuple(filter(may_be, read.rows_between(block.first, block.last)))
        # Rows of other sources and passages lie between those of the block.
        cited, _ = self.cited(replace(read.table, rows=likely))
        return read.table, [row for _, rows in cited.get(block.graph, ()) for row in rows]


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
    parts = [(read, part, _key(tables, read, part)) for read in tables.tables for part in read.parts]
    kept = [workers.cache.get("mapping", key) for _, _, key in parts]
    made = workers.each(_map_part, (_part(tables, read, part) for (read, part, _), content in zip(parts, kept, strict=True) if content is None))
    several: list[Mapped] = []
    for (_, _, key), content in zip(parts, kept, strict=True):
        if content is None:
            new = next(made)
            workers.cache.put("mapping", key, new)
            several.append(_read(new))
        else:
            several.append(_read(content))
    return Mapped.together(several)


@dataclass(frozen=True)
class _Part:
    """Some rows of a table, as text, with no more than their mapping depends on."""

    table: Table
    text: str
    part: Part
    construct: mapping.Construct | None
    context: Tables


def _part(tables: Tables, read: ReadTable, part: ReadPart) -> _Part:
    lock = {key: tables.lock[key] for key in read.cited if key in tables.lock}
    construct = tables.constructs.get(read.table.name)
    return _Part(replace(read.table, rows=()), read.text(part.part), part.part, construct, replace(tables, tables=(), constructs={}, lock=lock))


def _map_part(task: _Part) -> bytes:
    rows = rows_of_part(task.text, task.part, task.table.columns)
    table, base = replace(task.table, rows=rows), task.context.base
    provenance = GraphNames(base).provenance
    constructs = {} if task.construct is None else {table.name: task.construct}
    cited, findings = task.context.cited(table)
    # What is wrong with a table as a whole is told with its first part.
    findings = [item for item in findings if task.part.number == 1 or any(place.row > 1 for place in item.places)]
    blocks = mapping.map_rows(cited, constructs, base)
    # Where the query told of which rows something is lost, those alone are looked at closely.
    lossy = frozenset[int]().union(*(block.lossy or () for block in blocks))
    doubtful = [row for row in rows if row.number in lossy] if task.construct is not None and task.construct.at_once else rows
    findings += mapping.judge_rows([replace(table, rows=doubtful)], constructs, base)
    used: set[bytes] = set()
    typed: set[bytes] = set()
    wrong: dict[NamedNode, frozenset[Literal]] = {}
    for block in blocks:
        terms = terms_of(block.piece)
        typed |= terms.typed
        # What sources refer to is no part of what they say.
        used |= terms.iris if block.graph != provenance else set()
        found = mapping.ill_typed(terms.with_datatype)
        if found:
            wrong[block.graph] = wrong.get(block.graph, frozenset()) | found
    return _written(Mapped(blocks, wrong, mapping.Iris(frozenset(used - typed), frozenset(typed)), findings))


def _key(tables: Tables, read: ReadTable, part: ReadPart) -> str:
    """Name what the mapping of a part of a table depends on: its rows with their numbers, the mapping, the sources, and where its passages are."""
    construct = tables.constructs.get(read.table.name)
    sources = [(source.id, source.sha256) for source in tables.sources.values()]
    spans = [str(tables.lock.get(each)) for each in read.cited]
    where = (read.table.file, read.table.columns, part.part.number, part.part.first)
    return key_of(repr((tables.base, tables.require_passages, sources, spans, where)), part.digest, "" if construct is None else construct.text)


def _written(mapped: Mapped) -> bytes:
    used, typed = (b"\n".join(sorted(iris)) for iris in (mapped.iris.used, mapped.iris.typed))
    head = {
        "blocks": [[block.graph.value, block.table, block.first, block.last, len(block.piece)] for block in mapped.blocks],
        "wrong": {graph.value: sorted(map(str, literals)) for graph, literals in mapped.wrong.items()},
        "findings": [item.to_json() for item in mapped.findings],
        "used": len(used),
        "typed": len(typed),
    }
    return b"".join([json.dumps(head, ensure_ascii=False).encode(), b"\n", used, typed, *(block.piece for block in mapped.blocks)])


def _read(content: bytes) -> Mapped:
    start = content.index(b"\n") + 1
    head: dict[str, Any] = json.loads(content[:start])
    iris = []
    for length in (head["used"], head["typed"]):
        iris.append(frozenset(content[start : start + length].split(b"\n")) - {b""})
        start += length
    blocks = []
    for graph, table, first, last, length in head["blocks"]:
        blocks.append(mapping.Block(NamedNode(graph), table, first, last, content[start : start + length]))
        start += length
    wrong = {NamedNode(graph): _literals(literals) for graph, literals in head["wrong"].items()}
    return Mapped(blocks, wrong, mapping.Iris(*iris), [Finding.from_json(item) for item in head["findings"]])


def _literals(written: Iterable[str]) -> frozenset[Literal]:
    triples = from_ntriples([f"<x:s> <x:p> {each} .\n".encode() for each in written])
    return frozenset(triple.object for triple in triples if isinstance(triple.object, Literal))
