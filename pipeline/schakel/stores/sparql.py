"""The text of updates: what is put beside, brought into use, kept and taken away. Each can be sent twice and does once.

What changes the graphs in use happens only while the record says that a version is in a certain state; the last operation of a switch changes that state.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from schakel.stores.content import DEFAULT_GRAPH
from schakel.stores.names import Names

__all__ = ["Switch", "batches", "deleting", "dropping", "holding", "inserting", "recording", "releasing"]

T = TypeVar("T")
_COVER: Final = "BIND(IRI(CONCAT({veil}, STR(?{name}))) AS ?{other})"
_UNCOVER: Final = "BIND(IRI(SUBSTR(STR(?{name}), {length})) AS ?{other})"


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give so many items at a time.

    >>> list(batches("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _data(verb: str, graphs: Mapping[str, Iterable[bytes]]) -> str:
    bodies = []
    for graph, lines in graphs.items():
        body = b"\n".join(lines).decode()
        bodies.append(body if graph == DEFAULT_GRAPH else f"GRAPH {NamedNode(graph)} {{\n{body}\n}}")
    return f"{verb} DATA {{\n{chr(10).join(bodies)}\n}}"


def inserting(graphs: Mapping[str, Iterable[bytes]]) -> str:
    """Put statements into graphs."""
    return _data("INSERT", graphs)


def deleting(graphs: Mapping[str, Iterable[bytes]]) -> str:
    """Take statements out of graphs."""
    return _data("DELETE", graphs)


def dropping(graphs: Iterable[str]) -> Iterator[str]:
    """Take whole graphs away, whether they are there or not."""
    return (f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in graphs)


def recording(names: Names, version: str | None, facts: Iterable[tuple[str, str]]) -> str:
    """Note facts about a version, or the record itself, in the record, as property and text."""
    about = NamedNode(names.record if version is None else names.version(version))
    lines = [f"{about} {NamedNode(names.about(name))} {Literal(text)} .".encode() for name, text in facts]
    return inserting({names.record: lines})


def holding(names: Names, holder: str) -> str:
    """Note who holds the store, if nobody does."""
    record, property_ = NamedNode(names.record), NamedNode(names.about("holder"))
    free = f"GRAPH {record} {{ {record} {NamedNode(names.about('begun'))} ?begun }} FILTER NOT EXISTS {{ GRAPH {record} {{ {record} {property_} ?other }} }}"
    return f"INSERT {{ GRAPH {record} {{ {record} {property_} {Literal(holder)} }} }} WHERE {{ {free} }}"


def releasing(names: Names, holders: Iterable[str]) -> Iterator[str]:
    """Note that each of these does not hold the store any more."""
    about = f"{NamedNode(names.record)} {NamedNode(names.about('holder'))}"
    return (deleting({names.record: [f"{about} {Literal(holder)} .".encode()]}) for holder in holders)


@dataclass(frozen=True)
class Switch:
    """Updates that change what is in use, and only while `version` is in the state `while_in`; `at_once` graphs are named in one operation.

    With `clears` graphs are emptied and filled whatever the state is, which comes to the same as long as what waits is there.
    """

    names: Names
    version: str
    while_in: str
    at_once: int
    clears: bool = False

    def keeping(self, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Copy graphs in use into others, with the veil."""
        return self._copying(pairs, covered=True)

    def using(self, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Copy graphs that wait, or were kept, into others, without the veil."""
        return self._copying(pairs, covered=False)

    def emptying(self, graphs: Iterable[str]) -> Iterator[str]:
        """Take all statements out of graphs."""
        if self.clears:
            yield from ("CLEAR SILENT DEFAULT" if graph == DEFAULT_GRAPH else f"CLEAR SILENT GRAPH {NamedNode(graph)}" for graph in graphs)
            return
        for batch in self._batches([(graph,) for graph in graphs]):
            if batch == [(DEFAULT_GRAPH,)]:
                yield f"DELETE {{ ?s ?p ?o }} WHERE {{ {self._guard} ?s ?p ?o }}"
            else:
                graph, values = _values(("from",), batch)
                yield f"DELETE {{ GRAPH {graph[0]} {{ ?s ?p ?o }} }} WHERE {{ {self._guard} {values} GRAPH {graph[0]} {{ ?s ?p ?o }} }}"

    def ending(self, state: str, current: str | None) -> str:
        """Change the state, and where it is given the version that is in use."""
        record, about, property_ = NamedNode(self.names.record), NamedNode(self.names.version(self.version)), NamedNode(self.names.about("state"))
        in_use = f"{record} {NamedNode(self.names.about('current'))}"
        then, now, old = ("", "", "") if current is None else (f"{in_use} ?before .", f"{in_use} {Literal(current)} .", f"OPTIONAL {{ {in_use} ?before }}")
        return (
            f"DELETE {{ GRAPH {record} {{ {about} {property_} ?state . {then} }} }} "
            f"INSERT {{ GRAPH {record} {{ {about} {property_} {Literal(state)} . {now} }} }} "
            f"WHERE {{ {self._guard} GRAPH {record} {{ {about} {property_} ?state {old} }} }}"
        )

    @property
    def _guard(self) -> str:
        about, property_ = NamedNode(self.names.version(self.version)), NamedNode(self.names.about("state"))
        return f"GRAPH {NamedNode(self.names.record)} {{ {about} {property_} {Literal(self.while_in)} }}"

    def _copying(self, pairs: Iterable[tuple[str, str]], *, covered: bool) -> Iterator[str]:
        veil = self.names.veil
        pattern = _COVER if covered else _UNCOVER
        terms = {name: pattern.format(veil=Literal(veil), length=len(veil) + 1, name=name, other=f"{name}2") for name in ("s", "p", "o")}
        iri = terms["o"].removeprefix("BIND(").removesuffix(" AS ?o2)")
        made = f"{terms['s']} {terms['p']} BIND(IF(isIRI(?o), {iri}, ?o) AS ?o2)"
        for batch in self._batches(list(pairs)):
            (source, target), values = _values(("from", "to"), batch)
            there = "?s ?p ?o" if batch[0][0] == DEFAULT_GRAPH else f"GRAPH {source} {{ ?s ?p ?o }}"
            here = "?s2 ?p2 ?o2" if batch[0][1] == DEFAULT_GRAPH else f"GRAPH {target} {{ ?s2 ?p2 ?o2 }}"
            guard = "" if self.clears and not covered else self._guard
            yield f"INSERT {{ {here} }} WHERE {{ {guard} {values} {there} {made} }}"

    def _batches(self, rows: Sequence[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
        """Give rows of graphs together, those with the default graph alone."""
        yield from ([row] for row in rows if DEFAULT_GRAPH in row)
        yield from batches([row for row in rows if DEFAULT_GRAPH not in row], self.at_once)


def _values(variables: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], str]:
    """Give what stands for each graph in the operation, and the table of them; a single row needs no table."""
    if len(rows) == 1:
        return tuple("" if graph == DEFAULT_GRAPH else str(NamedNode(graph)) for graph in rows[0]), ""
    names = tuple(f"?{name}" for name in variables)
    table = " ".join(f"({' '.join(str(NamedNode(graph)) for graph in row)})" for row in rows)
    return names, f"VALUES ({' '.join(names)}) {{ {table} }}"
