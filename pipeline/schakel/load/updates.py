"""The text of SPARQL updates.

Each operation on what is in use has a guard in its own WHERE: the graph of a ticket. The last operation of an update takes that graph away, so an
update that comes a second time, or after its ticket was withdrawn, does nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Literal, TypeAlias, TypeVar

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames
from schakel.load.profiles import Profile

__all__ = ["Facts", "Statement", "Updates", "batches"]

T = TypeVar("T")
# Facts for the record: subject and property, with the one value; None for none.
Facts: TypeAlias = Mapping[tuple[str, str], str | None]
# A graph, and a line of N-Triples.
Statement: TypeAlias = tuple[str, bytes]
_WHOLE: Final = re.compile(rb'( "[+-]?[0-9]+)"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> \.$)')
_TERMS: Final = ("s", "p", "o")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give so many items at a time.

    >>> list(batches("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


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
        return f"INSERT DATA {{ GRAPH {self._record} {{ {self._fact('begun', now)} }} }}"

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

    def state(self, verb: Literal["INSERT", "DELETE"], guard: str, statements: Iterable[Statement]) -> Iterator[str]:
        """Insert or delete statements, each with its graph."""
        blank: dict[str, None] = {}
        for batch in batches(statements, self._profile.statements):
            graphs: dict[str, list[str]] = {}
            for graph, line in batch:
                if line.startswith(b"_:") or line.split(b" ", 2)[2].startswith(b"_:"):
                    blank[graph] = None
                else:
                    graphs.setdefault(graph, []).append((_WHOLE.sub(rb'\1.0"', line) if self._profile.pointed else line)[:-2].decode())
            for some in self._batches(list(graphs)):
                yield self._stated(verb, guard, {graph: graphs[graph] for graph in some})
        # A publication has no blank nodes, and no update can name one: all that somebody else has put there go.
        if verb == "DELETE":
            for graph in blank:
                statement = _in(_named(graph), "?s ?p ?o")
                yield f"DELETE {{ {statement} }} WHERE {{ {guard} {statement} FILTER(isBlank(?s) || isBlank(?o)) }}"

    def _stated(self, verb: str, guard: str, graphs: Mapping[str, Sequence[str]]) -> str:
        if self._profile.plainly:
            return f"{verb} {{ {' '.join(_in(_named(graph), _by_subject(lines)) for graph, lines in graphs.items())} }} WHERE {{ {guard} }}"
        if len(graphs) == 1:
            [(graph, lines)] = graphs.items()
            rows = "\n".join(f"({line})" for line in lines)
            return f"{verb} {{ {_in(_named(graph), '?s ?p ?o')} }} WHERE {{ {guard} VALUES (?s ?p ?o) {{ {rows} }} }}"
        rows = "\n".join(f"({_named(graph)} {line})" for graph, lines in graphs.items() for line in lines)
        return f"{verb} {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ {guard} VALUES (?g ?s ?p ?o) {{ {rows} }} }}"

    def keep(self, guard: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Copy graphs in use into others, with the veil."""
        iri = {term: f"IRI(CONCAT({RdfLiteral(self._names.veil)}, STR(?{term})))" for term in _TERMS}
        made = f"BIND({iri['s']} AS ?s2) BIND({iri['p']} AS ?p2) BIND(IF(isIRI(?o), {iri['o']}, ?o) AS ?o2)"
        for source, target in pairs:
            yield f"INSERT {{ {_in(_named(target), '?s2 ?p2 ?o2')} }} WHERE {{ {guard} {_in(_named(source), '?s ?p ?o')} {made} }}"

    def drop(self, graphs: Iterable[str]) -> Iterator[str]:
        """Take whole graphs away. There is no guard: only for graphs of which nothing in the record speaks any more."""
        if self._profile.drops:
            return (f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in graphs)
        return (f"DELETE WHERE {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}" for graph in graphs)

    def _batches(self, graphs: Sequence[str]) -> Iterator[list[str]]:
        """Give names of graphs together, the default graph alone."""
        yield from ([graph] for graph in graphs if graph == DEFAULT_GRAPH)
        yield from batches([graph for graph in graphs if graph != DEFAULT_GRAPH], self._profile.graphs_at_once)


def _named(graph: str) -> str:
    return "" if graph == DEFAULT_GRAPH else str(NamedNode(graph))


def _in(graph: str, pattern: str) -> str:
    return f"GRAPH {graph} {{ {pattern} }}" if graph else pattern


def _by_subject(lines: Iterable[str]) -> str:
    """Write lines one after another, the subject only where another begins: a quarter less to send and to read."""
    text: list[str] = []
    before = ""
    for line in lines:
        subject, rest = line.split(" ", 1)
        text += [";\n" if subject == before else ".\n" if before else "", rest if subject == before else line]
        before = subject
    return " ".join(text)
