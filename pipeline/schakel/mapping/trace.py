"""From a statement back to the rows it came from."""

from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Place
from schakel.graph import Term
from schakel.mapping.construct import Construct
from schakel.mapping.rows import Citations, triples_of
from schakel.tables import PASSAGE, SOURCE, Row, Table

__all__ = ["Trace"]


class Trace:
    """Find rows by what they state. Rows are tried one by one, likely ones first, so ask only about what is wrong."""

    def __init__(self, citations: Citations, constructs: Mapping[str, Construct], base: str) -> None:
        self._citations = citations
        self._constructs = constructs
        self._base = base

    def term(self, graph: NamedNode, term: Term) -> tuple[Place, ...]:
        """Give the places whose rows put the term into the graph, as subject or object, with the column it was made of."""
        return tuple(self._places(graph, (term,), lambda triple: term in (triple.subject, triple.object)))

    def triple(self, graph: NamedNode, wanted: Triple) -> tuple[Place, ...]:
        """Give the places whose rows state the triple in the graph, with the column its object was made of."""
        return tuple(self._places(graph, (wanted.object, wanted.subject), lambda triple: triple == wanted))

    def _places(self, graph: NamedNode, terms: tuple[Term, ...], wanted: Callable[[Triple], bool]) -> Iterator[Place]:
        for table, rows in self._citations.get(graph, ()):
            construct = self._constructs.get(table.name)
            if construct is None:
                continue
            for row in rows:
                if _may_state(table, row, terms) and any(map(wanted, triples_of(construct, table, [row], self._base))):
                    yield table.place(row, _column(table, row, terms[0]))


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _cells(table: Table, row: Row) -> Iterator[tuple[str, str]]:
    return ((name, cell) for name, cell in zip(table.columns, row.cells, strict=True) if cell and name not in {SOURCE, PASSAGE})


def _may_state(table: Table, row: Row, terms: tuple[Term, ...]) -> bool:
    """Tell whether the row can have made one of the terms: a term is minted of cells, so some cell must be found in it."""
    return any(cell in _text(term) for _, cell in _cells(table, row) for term in terms)


def _column(table: Table, row: Row, term: Term) -> str:
    """Name the column whose cell makes up most of the term."""
    within = [(len(cell), name) for name, cell in _cells(table, row) if cell in _text(term)]
    return max(within, key=lambda pair: pair[0])[1] if within else ""
