"""From a statement back to the rows it came from."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Place
from schakel.graph import Term
from schakel.mapping.construct import Construct
from schakel.mapping.rows import Block, bindings_of, triples_of
from schakel.ntriples import to_lines
from schakel.tables import Row, Table

__all__ = ["RowsOf", "Trace"]

# Between the segments of an IRI, each of which is often a cell.
_BETWEEN: Final = re.compile(r"[/#]")
# Where so many rows may be a block's, those are looked at first that are likely, or very likely, to be the ones.
_MANY: Final = 50
_VERY_MANY: Final = 200
# Cells of so many signs tell something: shorter ones are part of nearly everything.
_TELLING: Final = 3
# Gives the rows of a block again for which a test holds, with their table.
RowsOf: TypeAlias = Callable[[Block, Callable[[Row], bool]], tuple[Table, Sequence[Row]]]


class Trace:
    """Find rows by what they state: in the blocks whose statements have it, those rows are mapped once more, in ever smaller blocks.

    `files` names the RDF file that a graph was read from.
    """

    def __init__(self, blocks: Iterable[Block], rows: "RowsOf", constructs: Mapping[str, Construct], files: Mapping[NamedNode, str], base: str) -> None:
        self._blocks: dict[NamedNode, list[Block]] = defaultdict(list)
        for block in blocks:
            self._blocks[block.graph].append(block)
        self._rows = rows
        self._constructs = constructs
        self._files = files
        self._base = base

    def term(self, graph: NamedNode, term: Term) -> tuple[Place, ...]:
        """Give the places whose rows put the term into the graph, with the column it was made of."""
        return self._places(graph, self._with(graph, str(term).encode(), term), (term,))

    def triples(self, wanted: Iterable[tuple[NamedNode, Triple]]) -> dict[tuple[NamedNode, Triple], tuple[Place, ...]]:
        """Give for each triple in a graph the places whose rows state it there, with the column its object was made of, or else its subject."""
        by_graph: dict[NamedNode, dict[Triple, bytes]] = defaultdict(dict)
        for graph, triple in wanted:
            (by_graph[graph][triple],) = to_lines([triple])
        cited: dict[tuple[NamedNode, Triple], list[_Cited]] = {(graph, triple): [] for graph, lines in by_graph.items() for triple in lines}
        # Row after row of each table, so that none is read again and again.
        for block in sorted((block for graph in by_graph for block in self._blocks.get(graph, ())), key=lambda block: (block.table, block.first)):
            for triple, line in by_graph[block.graph].items():
                cited[block.graph, triple] += self._in_block(block, line, triple)
        return {(graph, triple): self._places(graph, found, (triple.object, triple.subject)) for (graph, triple), found in cited.items()}

    def unknown_choices(self, graph: NamedNode, subject: Term) -> list[tuple[Place, str, str, frozenset[str]]]:
        """Give the cells that keep a subject from what it would be: place, cell, mapping, and the values that the mapping knows."""
        found = []
        for cited in self._with(graph, str(subject).encode(), subject):
            values = bindings_of(cited.construct, cited.table, cited.row, self._base)
            for bind in cited.construct.binds:
                columns = cited.construct.columns_of(bind.target)
                if bind.choices and bind.target not in values and len(columns) == 1:
                    column = next(iter(columns))
                    cell = cited.table.cell(cited.row, column)
                    if cell and cell not in bind.choices:
                        found.append((cited.table.place(cited.row, column), cell, cited.construct.file, bind.choices))
        return found

    def _with(self, graph: NamedNode, written: bytes, what: Term) -> "list[_Cited]":
        """Give the rows that put a term or triple into a graph; `written` is how N-Triples writes it."""
        return [cited for block in self._blocks.get(graph, ()) for cited in self._in_block(block, written, what)]

    def _in_block(self, block: Block, written: bytes, what: Term) -> "list[_Cited]":
        construct = self._constructs.get(block.table)
        if construct is None or written not in block.piece:
            return []
        return [_Cited(table, row, construct) for table, row in self._stating(block, construct, what)]

    def _stating(self, block: Block, construct: Construct, what: Term) -> "list[tuple[Table, Row]]":
        """Find the rows of a block that state something: first among those with a cell that it can be made of, and that as a whole before in part."""
        texts = [_text(term) for term in ((what.subject, what.object) if isinstance(what, Triple) else (what,))]
        words = {word for text in texts for word in (text, *_BETWEEN.split(text)) if word}

        def has_word(row: Row) -> bool:
            return not words.isdisjoint(row.cells)

        def has_part(row: Row) -> bool:
            return has_word(row) or any(len(cell) >= _TELLING and any(cell in text for text in texts) for cell in row.cells)

        between = block.last - block.first
        for may_be in (*[has_word] * (between > _VERY_MANY), *[has_part] * (between > _MANY), lambda _: True):
            table, rows = self._rows(block, may_be)
            found = self._halved(construct, table, rows, what) if rows else []
            if found:
                return [(table, row) for row in found]
        return []

    def _halved(self, construct: Construct, table: Table, rows: Sequence[Row], what: Term) -> list[Row]:
        triples = set(triples_of(construct, table, rows, self._base))
        if what not in triples and not any(what in (triple.subject, triple.predicate, triple.object) for triple in triples):
            return []
        if len(rows) == 1:
            return list(rows)
        middle = len(rows) // 2
        return [row for half in (rows[:middle], rows[middle:]) for row in self._halved(construct, table, half, what)]

    def _places(self, graph: NamedNode, cited: Sequence["_Cited"], terms: Sequence[Term]) -> tuple[Place, ...]:
        if graph in self._files:
            return (Place(self._files[graph]),)
        # A term that the mapping itself names, as a class, is made of no column; then the next term tells.
        columns = ((each, next(filter(None, (self._column(each, term) for term in terms)), "")) for each in cited)
        places = {each.table.place(each.row, column): None for each, column in columns if column}
        # What no column made stands in the mapping.
        return tuple(places) or tuple(sorted({Place(each.construct.file) for each in cited}))

    def _column(self, cited: "_Cited", term: Term) -> str:
        """Name the column that the term was made of: of those that its variable reads, the one whose cell makes up most of it."""
        values = bindings_of(cited.construct, cited.table, cited.row, self._base)
        columns = {column for name, value in values.items() if value == term for column in cited.construct.columns_of(name)}
        cells = [(name, cited.table.cell(cited.row, name)) for name in cited.table.columns if name in columns]
        return max(((name, cell) for name, cell in cells if cell), key=lambda pair: (pair[1] in _text(term)) * len(pair[1]), default=("", ""))[0]


@dataclass(frozen=True)
class _Cited:
    """A row and the mapping it goes through."""

    table: Table
    row: Row
    construct: Construct


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
