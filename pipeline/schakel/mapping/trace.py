"""From a statement back to the rows it came from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Place
from schakel.graph import Term
from schakel.mapping.construct import Construct
from schakel.mapping.rows import Citations, bindings_of, triples_of
from schakel.tables import Row, Table

__all__ = ["Trace"]


class Trace:
    """Find rows by what they state. The rows of a graph are mapped once more, each by itself, when something is first asked about the graph.

    `files` names the RDF file that a graph was read from.
    """

    def __init__(self, citations: Citations, constructs: Mapping[str, Construct], files: Mapping[NamedNode, str], base: str) -> None:
        self._citations = citations
        self._constructs = constructs
        self._files = files
        self._base = base
        self._stated: dict[NamedNode, dict[Triple, list[_Cited]]] = {}
        self._used: dict[NamedNode, dict[Term, list[_Cited]]] = {}

    def term(self, graph: NamedNode, term: Term) -> tuple[Place, ...]:
        """Give the places whose rows put the term into the graph, with the column it was made of."""
        self._read(graph)
        return self._places(graph, self._used.get(graph, {}).get(term, ()), (term,))

    def triple(self, graph: NamedNode, triple: Triple) -> tuple[Place, ...]:
        """Give the places whose rows state the triple in the graph, with the column its object was made of, or else its subject."""
        self._read(graph)
        return self._places(graph, self._stated.get(graph, {}).get(triple, ()), (triple.object, triple.subject))

    def unknown_choices(self, graph: NamedNode, subject: Term) -> list[tuple[Place, str, str, frozenset[str]]]:
        """Give the cells that keep a subject from what it would be: place, cell, mapping, and the values that the mapping knows."""
        self._read(graph)
        found = []
        for cited in self._used.get(graph, {}).get(subject, ()):
            values = bindings_of(cited.construct, cited.table, cited.row, self._base)
            for bind in cited.construct.binds:
                columns = cited.construct.columns_of(bind.target)
                if bind.choices and bind.target not in values and len(columns) == 1:
                    column = next(iter(columns))
                    cell = cited.table.cell(cited.row, column)
                    if cell and cell not in bind.choices:
                        found.append((cited.table.place(cited.row, column), cell, cited.construct.file, bind.choices))
        return found

    def _read(self, graph: NamedNode) -> None:
        if graph in self._stated or graph in self._files:
            return
        stated: dict[Triple, list[_Cited]] = defaultdict(list)
        used: dict[Term, list[_Cited]] = defaultdict(list)
        for table, rows in self._citations.get(graph, ()):
            construct = self._constructs.get(table.name)
            if construct is None:
                continue
            for row in rows:
                cited = _Cited(table, row, construct)
                triples = set(triples_of(construct, table, [row], self._base))
                for triple in triples:
                    stated[triple].append(cited)
                for term in {term for triple in triples for term in (triple.subject, triple.predicate, triple.object)}:
                    used[term].append(cited)
        self._stated[graph], self._used[graph] = stated, used

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
