"""What a publication has to load: its dumps, whole and unchanged, in parts that end where another subject begins."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from schakel.errors import GraphUnreadableError, NothingPublishedError

__all__ = ["LAYOUTS", "Content", "Part", "parts_of", "read_content"]

# The layouts, and the dumps of each: `both` is what `schakel serve` answers from.
LAYOUTS: Final[Mapping[str, tuple[str, ...]]] = {"merged": ("graph.nt",), "named": ("dataset.nq",), "both": ("graph.nt", "dataset.nq")}
_TRIPLES: Final = ".nt"
# The name of a version changes with the way parts are made, so that staged parts of an older way are not taken for those of this one.
_WAY: Final = "2"
_DIGITS: Final = 16


@dataclass(frozen=True)
class Part:
    """Some of the statements, as lines of N-Triples by the graph that they go into."""

    number: int
    graphs: Mapping[str, list[bytes]]

    @property
    def statements(self) -> int:
        """Count the statements."""
        return sum(map(len, self.graphs.values()))


@dataclass(frozen=True)
class Content:
    """The dumps to load. `graph` is the one that the merged statements go into; `size` is how many statements a part has."""

    files: tuple[Path, ...]
    layout: str
    graph: str
    statements: int
    sha256: tuple[str, ...]
    size: int

    @property
    def version(self) -> str:
        """Name what is loaded, and how, by a digest."""
        return sha256("\n".join([_WAY, *self.sha256, self.layout, self.graph, str(self.size)]).encode()).hexdigest()[:_DIGITS]

    @property
    def length(self) -> int:
        """Give the size of the dumps in bytes."""
        return sum(file.stat().st_size for file in self.files)

    def parts(self) -> Iterator[Part]:
        """Give the statements part by part."""
        return parts_of(self.lines(), self.size)

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Give each statement as a line of N-Triples, with the graph that it goes into."""
        for path in self.files:
            with path.open("rb") as file:
                if path.suffix == _TRIPLES:
                    yield from ((self.graph, line.rstrip(b"\n")) for line in file)
                    continue
                for line in file:
                    triple, name, _ = line.rstrip(b"\n").rsplit(b" ", 2)
                    yield name[1:-1].decode(), triple + b" ."

    def graphs(self) -> tuple[str, ...]:
        """Name the graphs that are filled, sorted."""
        return (self.graph,) if self.layout == "merged" else tuple(sorted({graph for graph, _ in self.lines()}))


def parts_of(lines: Iterable[tuple[str, bytes]], size: int) -> Iterator[Part]:
    """Put statements together in parts. A part ends where it has `size` statements and another subject begins, or at twice that size."""
    graphs: dict[str, list[bytes]] = {}
    number, count, last = 1, 0, b""
    for graph, line in lines:
        subject = line[: line.index(b" ")]
        if count >= 2 * size or (count >= size and subject != last):
            yield Part(number, graphs)
            graphs, number, count = {}, number + 1, 0
        graphs.setdefault(graph, []).append(line)
        count, last = count + 1, subject
    if graphs:
        yield Part(number, graphs)


def read_content(publication: Path, layout: str, graph: str, size: int) -> Content:
    """Find the dumps of a layout in a publication, and check that they are as published.

    Raises NothingPublishedError, and GraphUnreadableError for a dump that is not what the publication says.
    """
    folder = publication / "download"
    try:
        listed = {each["file"]: each for each in json.loads((folder / "index.json").read_bytes())}
        entries = [listed[name] for name in LAYOUTS[layout]]
        statements = sum(int(each["triples"]) for each in entries)
    except (OSError, ValueError, LookupError, TypeError):
        raise NothingPublishedError(publication) from None
    for each in entries:
        file = folder / each["file"]
        try:
            with file.open("rb") as dump:
                found = file_digest(dump, "sha256").hexdigest()
        except OSError as error:
            raise GraphUnreadableError(file, str(error.strerror)) from None
        if found != each["sha256"]:
            raise GraphUnreadableError(file, "it is not what was published (index.json tells another SHA-256); publish anew")
    return Content(tuple(folder / each["file"] for each in entries), layout, graph, statements, tuple(each["sha256"] for each in entries), size)
