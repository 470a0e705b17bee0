"""What a publication has to load: one of its dumps, whole and unchanged, in parts that end where what is said of one thing ends."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from schakel.errors import GraphUnreadableError, NothingPublishedError

__all__ = ["DEFAULT_GRAPH", "LAYOUTS", "Content", "Part", "read_content"]

# How the default graph is named here, as it has no IRI.
DEFAULT_GRAPH: Final = ""
# The two ways to load a publication, and the dump of each.
LAYOUTS: Final[Mapping[str, str]] = {"merged": "graph.nt", "named": "dataset.nq"}
# Names of versions change with how parts are made, so that parts of an older way are not taken for those of this one.
_WAY: Final = "1"
_DIGITS: Final = 16


@dataclass(frozen=True)
class Part:
    """Some of the statements, as lines of N-Triples by the graph that they go into."""

    number: int
    graphs: Mapping[str, tuple[bytes, ...]]

    @property
    def statements(self) -> int:
        """Count the statements."""
        return sum(map(len, self.graphs.values()))


@dataclass(frozen=True)
class Content:
    """A dump that is to be loaded: into `graph`, or where that is None into the graphs that it names. `size` is how many statements a part has."""

    file: Path
    layout: str
    graph: str | None
    statements: int
    sha256: str
    size: int

    @property
    def version(self) -> str:
        """Name what is loaded by what it is made of, and how."""
        return sha256("\n".join([_WAY, self.sha256, self.layout, str(self.graph), str(self.size)]).encode()).hexdigest()[:_DIGITS]

    def parts(self) -> Iterator[Part]:
        """Give the statements part by part; a part ends where its statements are enough and another subject begins."""
        graphs: dict[str, list[bytes]] = {}
        number, count, last = 1, 0, b""
        for graph, line in self.lines():
            subject = line[: line.index(b" ")]
            # What is said of one thing may be more than any store takes at once.
            if count >= 2 * self.size or (count >= self.size and subject != last):
                yield Part(number, _frozen(graphs))
                graphs, number, count = {}, number + 1, 0
            graphs.setdefault(graph, []).append(line)
            count, last = count + 1, subject
        if graphs:
            yield Part(number, _frozen(graphs))

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Give each statement as a line of N-Triples, with the graph it goes into."""
        with self.file.open("rb") as file:
            for line in file:
                if self.graph is not None:
                    yield self.graph, line.rstrip(b"\n")
                else:
                    triple, name, _ = line.rstrip(b"\n").rsplit(b" ", 2)
                    yield name[1:-1].decode(), triple + b" ."

    def graphs(self) -> tuple[str, ...]:
        """Name the graphs that are filled, sorted."""
        return (self.graph,) if self.graph is not None else tuple(sorted({graph for graph, _ in self.lines()}))

    def by_graph(self) -> dict[str, set[bytes]]:
        """Give all statements by graph."""
        graphs: dict[str, set[bytes]] = {graph: set() for graph in self.graphs()}
        for graph, line in self.lines():
            graphs[graph].add(line)
        return graphs


def _frozen(graphs: Mapping[str, list[bytes]]) -> dict[str, tuple[bytes, ...]]:
    return {graph: tuple(lines) for graph, lines in graphs.items()}


def read_content(publication: Path, layout: str, graph: str | None, size: int) -> Content:
    """Find the dump of a layout in a publication, and see that it is as it was published. For the layout `named`, `graph` is None.

    Raises NothingPublishedError, and GraphUnreadableError for a dump that is not what the publication says.
    """
    folder = publication / "download"
    try:
        listed = json.loads((folder / "index.json").read_bytes())
        entry = next(each for each in listed if each["file"] == LAYOUTS[layout])
    except (OSError, ValueError, LookupError, TypeError):
        raise NothingPublishedError(publication) from None
    file = folder / LAYOUTS[layout]
    try:
        with file.open("rb") as dump:
            found = file_digest(dump, "sha256").hexdigest()
    except OSError as error:
        raise GraphUnreadableError(file, str(error.strerror)) from None
    if found != entry["sha256"]:
        raise GraphUnreadableError(file, "it is not what was published (index.json tells another SHA-256); publish anew")
    return Content(file, layout, graph, int(entry["triples"]), found, size)
