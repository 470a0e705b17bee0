"""Every statement with the graphs that hold it, found by the thing that it is about and by the thing that it leads to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schakel.document_paths import whole_of
from schakel.graph import Dataset, GraphNames
from schakel.lookup import NAME_PROPERTIES, NESTING, STAND_INS
from schakel.namespaces import AS_WKT, LATITUDES, LONGITUDES, RDF, SK

__all__ = ["Lines", "Neighbourhood", "Neighbours", "ends", "terms_in"]

# Lines of N-Triples, each with the names of the graphs that hold it.
Lines = Mapping[bytes, tuple[str, ...]]

_NAMING: Final = frozenset(str(term).encode() for term in (*NAME_PROPERTIES, *STAND_INS))
_NAMES: Final = frozenset(str(term).encode() for term in NAME_PROPERTIES)
_NAME_OF: Final = str(SK.nameOf).encode()
_STATED_IN: Final = str(SK.statedIn).encode()
_COORDINATES: Final = frozenset(str(term).encode() for term in (*LATITUDES, *LONGITUDES, AS_WKT))
_TYPE: Final = str(RDF.type).encode()


def ends(line: bytes) -> tuple[bytes, bytes, bytes | None]:
    r"""Give the IRI of a line's subject, its predicate as written, and the IRI of its object, None where that is a literal.

    >>> ends(b"<https://example.org/a> <https://example.org/p> <https://example.org/b> .")
    (b'https://example.org/a', b'<https://example.org/p>', b'https://example.org/b')
    >>> ends(b'<https://example.org/a> <https://example.org/p> "1"^^<https://example.org/number> .')[2] is None
    True
    """
    stop = line.index(b">")
    predicate = line[stop + 2 : line.index(b">", stop + 2) + 1]
    start = stop + len(predicate) + 3
    return line[1:stop], predicate, line[start + 1 : -3] if line.startswith(b"<", start) else None


@dataclass(frozen=True)
class Neighbourhood:
    """What some entities' pages tell of: what is said of them and of their parts, what refers to them, and what is said of those that have no name.

    `names` are lines that name whatever the others speak of, `types` lines that say what refers to the entities and what these refer to, `located`
    lines with the coordinates of these and of the entities.
    """

    entities: Sequence[str]
    statements: Lines
    names: Sequence[bytes]
    types: Sequence[bytes]
    located: Sequence[bytes] = ()

    def graphs(self) -> set[str]:
        """Give the names of all graphs in it."""
        return {graph for graphs in self.statements.values() for graph in graphs}


class Neighbours:
    """The statements of a dataset about things below the base, and about those elsewhere that have pages.

    Terms of the ontology have a page of their own, and are left out but for their names.

    Left out is also in which passages a thing is stated: each statement has its own.
    """

    def __init__(self, dataset: Dataset, names: GraphNames, pages: Collection[str] = ()) -> None:
        self._base = names.base.encode()
        self._elsewhere = frozenset(iri.encode() for iri in pages if not iri.startswith(names.base))
        self._graphs: list[str] = []
        self._held: dict[bytes, tuple[int, ...]] = {}
        self._out: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._into: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._parts: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._naming: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._located: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for graph in dataset.graphs():
            number = len(self._graphs)
            self._graphs.append(graph.value)
            for piece in dataset.pieces(graph):
                for line in piece.splitlines():
                    self._add(line, number)
        self._named = {thing for thing, lines in self._naming.items() if any(ends(line)[1] in _NAMES or ends(line)[1] == _NAME_OF for line in lines)}

    def _add(self, line: bytes, number: int) -> None:
        held = self._held.get(line)
        if held is not None:
            if held[-1] != number:
                self._held[line] = (*held, number)
            return
        subject, predicate, value = ends(line)
        if predicate == _STATED_IN:
            return
        if predicate == _NAME_OF and value is not None:
            self._naming[value].append(line)
        elif predicate in _NAMING:
            self._naming[subject].append(line)
        own = self._is_here(subject)
        leads_here = value is not None and self._is_here(value)
        if not own and not leads_here:
            return
        self._held[line] = (number,)
        if value is not None and leads_here:
            self._note_part(value)
            self._into[value].append(line)
        if not own:
            return
        self._note_part(subject)
        self._out[subject].append(line)
        if predicate in _COORDINATES:
            self._located[self._whole(subject)].append(line)

    def _note_part(self, thing: bytes) -> None:
        if self._is_part(thing) and thing not in self._out and thing not in self._into:
            self._parts[self._whole(thing)].append(thing)

    def _is_here(self, thing: bytes) -> bool:
        return thing.startswith(self._base) or thing in self._elsewhere

    def _is_part(self, thing: bytes) -> bool:
        return b"#" in thing and thing.startswith(self._base)

    def _whole(self, part: bytes) -> bytes:
        return whole_of(part.decode(), self._base.decode())[0].encode()

    def of_graph(self) -> Mapping[str, Sequence[bytes]]:
        """Give the lines of each graph, in the order of their subjects."""
        found: defaultdict[str, list[bytes]] = defaultdict(list)
        for line, graphs in self._held.items():
            for number in graphs:
                found[self._graphs[number]].append(line)
        return found

    def most_told(self, things: Iterable[str]) -> str | None:
        """Give the thing of which most is said, its parts included; the first by its IRI where several have as much, None of none."""

        def told(thing: str) -> int:
            return sum(len(self._out.get(node, ())) + len(self._into.get(node, ())) for node in (thing.encode(), *self._parts.get(thing.encode(), ())))

        return min(things, key=lambda thing: (-told(thing), thing), default=None)

    def types(self) -> Iterator[tuple[str, str]]:
        """Give each thing with each of its classes."""
        for subject, lines in self._out.items():
            for line in lines:
                _, predicate, value = ends(line)
                if predicate == _TYPE and value is not None:
                    yield subject.decode(), value.decode()

    def naming(self, things: Iterable[str]) -> list[bytes]:
        """Give the lines that name these things, those with a name that is a thing of its own included."""
        return [line for thing in sorted(set(things)) for line in self._names_of(thing.encode())]

    def _names_of(self, thing: bytes) -> Iterator[bytes]:
        for line in self._naming.get(thing, ()):
            yield line
            subject, predicate, value = ends(line)
            name = subject if predicate == _NAME_OF else value
            if name is not None:
                yield from (other for other in self._naming.get(name, ()) if ends(other)[2] is None)

    def lines(self, lines: Iterable[bytes]) -> Lines:
        """Give lines with the names of the graphs that hold them; none does a line that is not about things below the base."""
        return {line: tuple(self._graphs[number] for number in self._held.get(line, ())) for line in lines}

    def around(self, entities: Sequence[str], read: Iterable[bytes] = ()) -> Neighbourhood:
        """Gather what the pages of these entities tell of; they speak of what is in the lines that were `read`, too."""
        wanted = [part for entity in entities for part in (entity.encode(), *self._parts.get(entity.encode(), ()))]
        told = {line: None for thing in wanted for line in (*self._out.get(thing, ()), *self._into.get(thing, ()))}
        # A fact of another thing that links here is shown here, too, whether it has a name or not.
        facts = {subject for line in told if self._is_part(subject := ends(line)[0])} - set(wanted)
        told |= {line: None for fact in sorted(facts) for line in self._out.get(fact, ())}
        told |= dict.fromkeys(line for line in self._nameless([*told, *read], {*wanted, *facts}))
        spoken = {term for line in told for term in terms_in(line)}
        spoken |= {self._whole(term) for term in spoken if self._is_part(term)}
        referring = {ends(line)[0] for line in told} | {value for line in told if (value := ends(line)[2]) is not None and not self._is_part(value)}
        types = [line for thing in sorted(referring) for line in self._out.get(thing, ()) if ends(line)[1] == _TYPE]
        spoken |= {term for line in types for term in terms_in(line)}
        # Most graphs have no coordinates.
        owners = {self._whole(term) for term in spoken} if self._located else set()
        located = [line for owner in sorted(owners) for line in self._located.get(owner, ())]
        return Neighbourhood(entities, self.lines(told), self.naming(term.decode() for term in spoken), types, located)

    def _nameless(self, told: Iterable[bytes], met: set[bytes]) -> Iterator[bytes]:
        """Give what is said of the things that lines speak of and that have no name, and so on."""
        ahead = {term for line in told for term in (ends(line)[0], ends(line)[2]) if term is not None}
        for _ in range(NESTING):
            nameless = {term for term in ahead if term in self._out and term not in self._named} - met
            met |= nameless
            found = [line for thing in sorted(nameless) for line in self._out[thing]]
            yield from found
            ahead = {value for line in found if (value := ends(line)[2]) is not None}


def terms_in(line: bytes) -> Iterator[bytes]:
    """Give the IRIs that a line speaks of."""
    subject, predicate, value = ends(line)
    yield subject
    yield predicate[1:-1]
    if value is not None:
        yield value
