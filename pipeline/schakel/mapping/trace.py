"""From a statement back to the rows it came from."""

from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Place
from schakel.graph import Term
from schakel.mapping.construct import Construct
from schakel.mapping.rows import Citations, bindings_of, triples_of
from schakel.tables import Row, Table

__all__ = ["Trace"]


class Trace:
    """Find rows by what they state. Rows are tried one by one, likely ones first, so ask only about what is wrong.

    `files` names the RDF file that a graph was read from.
    """

    def __init__(self, citations: Citations, constructs: Mapping[str, Construct], files: Mapping[NamedNode, str], base: str) -> None:
        self._citations = citations
        self._constructs = constructs
        self._files = files
        self._base = base

    def term(self, graph: NamedNode, term: Term) -> tuple[Place, ...]:
        """Give the places whose rows put the term into the graph, with the column it was made of."""
        return self._places(graph, (term,), lambda triple: term in (triple.subject, triple.predicate, triple.object))

    def triple(self, graph: NamedNode, wanted: Triple) -> tuple[Place, ...]:
        """Give the places whose rows state the triple in the graph, with the column its object was made of, or else its subject."""
        return self._places(graph, (wanted.object, wanted.subject), lambda triple: triple == wanted)

    def _places(self, graph: NamedNode, terms: tuple[Term, ...], wanted: Callable[[Triple], bool]) -> tuple[Place, ...]:
        if graph in self._files:
            return (Place(self._files[graph]),)
        return tuple(self._rows(graph, terms, wanted)) or tuple(self._mappings(graph, wanted))

    def _rows(self, graph: NamedNode, terms: tuple[Term, ...], wanted: Callable[[Triple], bool]) -> Iterator[Place]:
        for table, construct, rows in self._cited(graph):
            for row in rows:
                if _may_state(row, terms) and any(map(wanted, triples_of(construct, table, [row], self._base))):
                    # A term that the mapping itself names, as a class, is made of no column; then the next term tells.
                    column = next(filter(None, (self._column(table, construct, row, term) for term in terms)), "")
                    if column:
                        yield table.place(row, column)

    def _mappings(self, graph: NamedNode, wanted: Callable[[Triple], bool]) -> Iterator[Place]:
        """Give the mappings that put something into every row's statements that is in no cell."""
        for table, construct, rows in self._cited(graph):
            if any(map(wanted, triples_of(construct, table, rows, self._base))):
                yield Place(construct.file)

    def _cited(self, graph: NamedNode) -> Iterator[tuple[Table, Construct, list[Row]]]:
        for table, rows in self._citations.get(graph, ()):
            if table.name in self._constructs:
                yield table, self._constructs[table.name], list(rows)

    def _column(self, table: Table, construct: Construct, row: Row, term: Term) -> str:
        """Name the column that the term was made of: of those that its variable reads, the one whose cell makes up most of it."""
        values = bindings_of(construct, table, row, self._base)
        columns = {column for name, value in values.items() if value == term for column in construct.columns_of(name)}
        filled = [name for name in table.columns if name in columns and table.cell(row, name)]
        return max(filled, key=lambda name: (table.cell(row, name) in _text(term)) * len(table.cell(row, name)), default="")


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _may_state(row: Row, terms: tuple[Term, ...]) -> bool:
    """Tell whether the row can have made one of the terms: a term is minted of cells, so a word of some cell must be found in it."""
    return any(word in _text(term) for cell in row.cells for word in cell.split()[:1] for term in terms)
