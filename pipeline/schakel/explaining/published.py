"""The statements that were published, read from `download/dataset.nq` line by line: the file may be larger than what fits in memory as triples."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final, TypeAlias, cast, overload

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple

from schakel.answers import Answer, Backend, answer_of
from schakel.errors import GraphUnreadableError
from schakel.graph import GraphNames, NTriples, to_ntriples
from schakel.namespaces import OA, SK

__all__ = ["Published", "Stated"]

# Statements with the graphs that hold them.
Stated: TypeAlias = Mapping[Triple, Collection[NamedNode]]

# So many bytes are read at once.
_PIECE: Final = 1 << 23

# So many beginnings of lines are searched for one after the other, each in a tenth of a second where there is half a gigabyte to search; for more than
# that every line is looked at.
_FEW: Final = 30

# From a thing to its name, and from a passage to its page.
_LEADING_ON: Final = frozenset({SK.hasName, OA.hasSource})


class Published:
    """The quads of a publication. Each question goes through the file anew, and keeps no more than it asks for."""

    def __init__(self, file: Path, names: GraphNames) -> None:
        self._file = file
        self._names = names

    def content(self) -> NTriples:
        """Give what sources and files state, without graphs: what a reasoner reasons about. One that is in several graphs comes several times."""
        aside = (self._names.inferred, self._names.provenance, self._names.vocabulary)
        content = _Content(self._file, tuple(f" {graph} .\n".encode() for graph in aside))
        # A single piece is kept, as it may be gone through again and again.
        return content if len(content) > 1 else list(content)

    def about(self, *things: NamedNode) -> Stated:
        """Give all that is said of the things, with the graphs."""
        return self._quads(self._beginning({f"{thing} ".encode() for thing in things}, _subject))

    def graphs_of(self, triples: Collection[Triple]) -> Stated:
        """Give the graphs that hold each of the statements; one that is in none is left out."""
        # Without the full stop and the line end, as a quad has its graph there.
        lines = (line for piece in to_ntriples(triples) for line in piece.splitlines())
        return self._quads(self._beginning({line[:-1] for line in lines}, _statement))

    def around(self, things: Iterable[NamedNode]) -> Backend:
        """Give a small graph that can be asked for names and sources: what is said of the things, of their names, and of the words and pages of passages."""
        store = Store()
        ahead, met = set(things), set[NamedNode]()
        while ahead:
            met |= ahead
            near = self.about(*ahead)
            store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in near)
            ahead = {triple.object for triple in near if triple.predicate in _LEADING_ON and isinstance(triple.object, NamedNode)} - met
        return _Small(store)

    def inferred(self) -> list[Triple]:
        """Give every conclusion, in the order of the file."""
        end = f" {self._names.inferred} .\n".encode()
        return list(self._quads(line for piece in self._pieces() if end in piece for line in piece.splitlines(keepends=True) if line.endswith(end)))

    def _beginning(self, begins: Collection[bytes], key: Callable[[bytes], bytes]) -> Iterator[bytes]:
        """Give the lines that begin with one of these; `key` gives what of a line one of them would be."""
        if len(begins) > _FEW:
            yield from (line for piece in self._pieces() for line in piece.splitlines(keepends=True) if key(line) in begins)
        elif begins and self._file.stat().st_size:
            with self._file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as content:
                yield from (line for begin in sorted(begins) for line in _lines_with(content, begin))

    def _pieces(self) -> Iterator[bytes]:
        with self._file.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece + file.readline()

    def _quads(self, lines: Iterator[bytes]) -> Stated:
        found: defaultdict[Triple, list[NamedNode]] = defaultdict(list)
        try:
            for quad in ox.parse(b"".join(lines), format=RdfFormat.N_QUADS):
                if isinstance(quad.graph_name, NamedNode):
                    found[quad.triple].append(quad.graph_name)
        except SyntaxError as error:
            raise GraphUnreadableError(self._file, str(error)) from None
        return dict(found)


def _lines_with(content: mmap, begin: bytes) -> Iterator[bytes]:
    """Give the lines that begin so, found without looking at each line."""
    at = 0 if content[: len(begin)] == begin else content.find(b"\n" + begin) + 1 or len(content)
    while at < len(content):
        end = content.find(b"\n", at) + 1 or len(content)
        yield content[at:end]
        at = content.find(b"\n" + begin, end - 1) + 1 or len(content)


def _subject(line: bytes) -> bytes:
    return line[: line.find(b">") + 2]


def _statement(line: bytes) -> bytes:
    return line[: line.rfind(b" <") + 1]


class _Small:
    """A store of a few statements."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers."""
        return answer_of(cast("QuerySolutions", self._store.query(query)))


class _Content(Sequence[bytes]):
    """Pieces of N-Triples made of a file of N-Quads, each read when it is asked for. `aside` is how the lines of graphs end that are left out."""

    def __init__(self, file: Path, aside: tuple[bytes, ...]) -> None:
        self._file = file
        self._aside = aside
        size = file.stat().st_size
        with file.open("rb") as opened:
            self._starts = [0]
            while self._starts[-1] + _PIECE < size:
                opened.seek(self._starts[-1] + _PIECE)
                opened.readline()
                self._starts.append(opened.tell())
        self._ends = [*self._starts[1:], size]

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> bytes: ...

    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...

    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        start, end = self._starts[at], self._ends[at]
        with self._file.open("rb") as opened:
            opened.seek(start)
            lines = opened.read(end - start).splitlines(keepends=True)
        return b"".join([line[: line.rfind(b" <")] + b" .\n" for line in lines if not line.endswith(self._aside)])
