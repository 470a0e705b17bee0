"""The text of SPARQL updates.

Each operation on what is in use has a guard in its own WHERE: the graph of a ticket. The last operation of an update takes that graph away, so an
update that comes a second time, or after somebody else has taken the ticket away, does nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Literal, TypeAlias, TypeVar

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames
from schakel.load.profiles import Profile

__all__ = ["Facts", "Updates", "batches", "inserting"]

T = TypeVar("T")
# Facts for the record: subject and property, with the one value; None for none.
Facts: TypeAlias = Mapping[tuple[str, str], str | None]
_TERMS: Final = ("s", "p", "o")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give so many items at a time.

    >>> list(batches("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def inserting(graphs: Mapping[str, Iterable[bytes]]) -> str:
    """Insert statements, without a guard."""
    bodies = (_in("" if graph == DEFAULT_GRAPH else str(NamedNode(graph)), b"\n".join(lines).decode()) for graph, lines in graphs.items())
    return f"INSERT DATA {{ {' '.join(bodies)} }}"


class Updates:
    """Writes updates as one kind of store takes them, with the names of one base."""

    def __init__(self, names: GraphNames, profile: Profile) -> None:
        self._names = names
        self._profile = profile
        self._record = NamedNode(names.record)

    # ------------------------------------------------------------------------------------------------------------------------------- guards

    def held_by(self, holder: str) -> str:
        """Give the pattern that matches while somebody holds the store."""
        return f"GRAPH {self._record} {{ {self._fact('holder', holder)} }}"

    def allowed_by(self, ticket: str) -> str:
        """Give the pattern that matches while a ticket is valid."""
        return f"GRAPH {NamedNode(self._names.ticket(ticket))} {{ {self._fact('ticket', ticket)} }}"

    # ------------------------------------------------------------------------------------------------------------------------------- record

    def begin(self, now: str) -> str:
        """Write the first line of the record."""
        return inserting({self._names.record: [f"{self._fact('begun', now)} .".encode()]})

    def hold(self, holder: str, gone: Iterable[str]) -> list[str]:
        """Take hold of the store if nobody holds it, but for those who are gone."""
        free = f"GRAPH {self._record} {{ {self._fact('begun', None)} }} FILTER NOT EXISTS {{ GRAPH {self._record} {{ {self._fact('holder', None)} }} }}"
        return [*self.release(gone), f"INSERT {{ GRAPH {self._record} {{ {self._fact('holder', holder)} }} }} WHERE {{ {free} }}"]

    def release(self, holders: Iterable[str]) -> list[str]:
        """Let go of the store."""
        return [f"DELETE DATA {{ GRAPH {self._record} {{ {self._fact('holder', holder)} }} }}" for holder in holders]

    def issue(self, ticket: str, guard: str, facts: Facts) -> str:
        """Issue a ticket, and note facts."""
        fact = self._fact("ticket", ticket)
        return self._noting(guard, facts, added=f"GRAPH {self._record} {{ {fact} }} GRAPH {NamedNode(self._names.ticket(ticket))} {{ {fact} }}")

    def use(self, ticket: str, facts: Facts) -> str:
        """Use a ticket up, and note facts: the last operation of an update."""
        fact = self._fact("ticket", ticket)
        gone = f"GRAPH {self._record} {{ {fact} }} GRAPH {NamedNode(self._names.ticket(ticket))} {{ {fact} }}"
        return self._noting(self.allowed_by(ticket), facts, removed=gone)

    def withdraw(self, tickets: Iterable[str]) -> list[str]:
        """Make tickets invalid; the record still names them."""
        return [f"DELETE DATA {{ GRAPH {NamedNode(self._names.ticket(ticket))} {{ {self._fact('ticket', ticket)} }} }}" for ticket in tickets]

    def forget_tickets(self, guard: str, tickets: Iterable[str]) -> list[str]:
        """Take tickets out of the record."""
        return [f"DELETE {{ GRAPH {self._record} {{ {self._fact('ticket', ticket)} }} }} WHERE {{ {guard} }}" for ticket in tickets]

    def note(self, guard: str, facts: Facts) -> str:
        """Note facts, each in the place of what was there."""
        return self._noting(guard, facts)

    def enter(self, guard: str, run: str, graphs: Iterable[str]) -> str:
        """Note the graphs that a run fills."""
        about, fills = NamedNode(self._names.run(run)), NamedNode(self._names.property("graph"))
        lines = " ".join(f"{about} {fills} {RdfLiteral(graph)} ." for graph in graphs)
        return f"INSERT {{ GRAPH {self._record} {{ {lines} }} }} WHERE {{ {guard} }}"

    def strike(self, guard: str, run: str) -> str:
        """Take a run out of the record."""
        facts = f"GRAPH {self._record} {{ {NamedNode(self._names.run(run))} ?property ?value }}"
        return f"DELETE {{ {facts} }} WHERE {{ {guard} {facts} }}"

    def _fact(self, name: str, text: str | None) -> str:
        return f"{self._record} {NamedNode(self._names.property(name))} {'?other' if text is None else RdfLiteral(text)}"

    def _noting(self, guard: str, facts: Facts, removed: str = "", added: str = "") -> str:
        old, new, found = [], [], []
        for number, ((about, name), value) in enumerate(facts.items()):
            fact = f"{NamedNode(about)} {NamedNode(self._names.property(name))}"
            old.append(f"{fact} ?old{number} .")
            found.append(f"OPTIONAL {{ GRAPH {self._record} {{ {fact} ?old{number} }} }}")
            new += [] if value is None else [f"{fact} {RdfLiteral(value)} ."]
        delete = f"{removed} {_in(str(self._record), ' '.join(old)) if old else ''}".strip()
        insert = f"{added} {_in(str(self._record), ' '.join(new)) if new else ''}".strip()
        clauses = [f"{verb} {{ {body} }}" for verb, body in (("DELETE", delete), ("INSERT", insert)) if body]
        return f"{' '.join(clauses)} WHERE {{ {guard} {' '.join(found)} }}"

    # --------------------------------------------------------------------------------------------------------------------------- statements

    def fence(self, ticket: str) -> list[str]:
        """Give the operation that makes a whole update fail where its ticket is not valid, for stores whose other operations cannot be guarded."""
        return [f"ADD {NamedNode(self._names.ticket(ticket))} TO {self._record}"] if self._profile.fence == "error" else []

    def empty(self, guard: str, graphs: Iterable[str]) -> Iterator[str]:
        """Take all statements out of graphs."""
        if self._profile.fence == "error":
            yield from ("DROP SILENT DEFAULT" if graph == DEFAULT_GRAPH else f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in graphs)
            return
        for batch in self._batches([(graph,) for graph in graphs]):
            (graph,), table = _table(("from",), batch)
            statements = _in(graph, "?s ?p ?o")
            yield f"DELETE {{ {statements} }} WHERE {{ {guard} {table} {statements} }}"

    def keep(self, guard: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Copy graphs in use into others, with the veil."""
        yield from self._moving("INSERT", guard, pairs, "IRI(CONCAT({veil}, STR(?{term})))")

    def fill(self, guard: str, pairs: Iterable[tuple[str, str]], verb: Literal["INSERT", "DELETE"] = "INSERT") -> Iterator[str]:
        """Copy staged or kept graphs into graphs in use, without the veil; or take what they hold out of those."""
        yield from self._moving(verb, guard, pairs, "IRI(SUBSTR(STR(?{term}), {length}))")

    def drop(self, graphs: Iterable[str]) -> Iterator[str]:
        """Take whole graphs away. There is no guard: only for graphs of which nothing in the record speaks any more."""
        if self._profile.drops:
            return (f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in graphs)
        return (f"DELETE WHERE {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}" for graph in graphs)

    def _moving(self, verb: str, guard: str, pairs: Iterable[tuple[str, str]], changed: str) -> Iterator[str]:
        veil = self._names.veil
        iri = {term: changed.format(veil=RdfLiteral(veil), length=len(veil) + 1, term=term) for term in _TERMS}
        made = f"BIND({iri['s']} AS ?s2) BIND({iri['p']} AS ?p2) BIND(IF(isIRI(?o), {iri['o']}, ?o) AS ?o2)"
        for batch in self._batches(list(pairs)):
            (source, target), table = _table(("from", "to"), batch)
            yield f"{verb} {{ {_in(target, '?s2 ?p2 ?o2')} }} WHERE {{ {guard} {table} {_in(source, '?s ?p ?o')} {made} }}"

    def _batches(self, rows: Sequence[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
        """Give rows of graphs together, those with the default graph alone."""
        yield from ([row] for row in rows if DEFAULT_GRAPH in row)
        yield from batches([row for row in rows if DEFAULT_GRAPH not in row], self._profile.graphs_at_once)


def _in(graph: str, pattern: str) -> str:
    return f"GRAPH {graph} {{ {pattern} }}" if graph else pattern


def _table(variables: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], str]:
    """Give the term for each graph of an operation, and the table of their values; a single row needs no table."""
    if len(rows) == 1:
        return tuple("" if graph == DEFAULT_GRAPH else str(NamedNode(graph)) for graph in rows[0]), ""
    names = tuple(f"?{name}" for name in variables)
    values = " ".join(f"({' '.join(str(NamedNode(graph)) for graph in row)})" for row in rows)
    return names, f"VALUES ({' '.join(names)}) {{ {values} }}"
