"""What a publication has to load: its dumps, whole and unchanged."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from schakel.errors import GraphUnreadableError, NothingPublishedError

__all__ = ["LAYOUTS", "Content", "read_content"]

# The layouts, and the dumps of each: `both` is what `schakel serve` answers from.
LAYOUTS: Final[Mapping[str, tuple[str, ...]]] = {"merged": ("graph.nt",), "named": ("dataset.nq",), "both": ("graph.nt", "dataset.nq")}
_TRIPLES: Final = ".nt"
_DIGITS: Final = 16


@dataclass(frozen=True)
class Content:
    """The dumps to load. `graph` is the one that the merged statements go into."""

    files: tuple[Path, ...]
    layout: str
    graph: str
    statements: int
    sha256: tuple[str, ...]

    @property
    def version(self) -> str:
        """Name what is loaded, and how, by a digest."""
        return sha256("\n".join([*self.sha256, self.layout, self.graph]).encode()).hexdigest()[:_DIGITS]

    @property
    def length(self) -> int:
        """Give the size of the dumps in bytes."""
        return sum(file.stat().st_size for file in self.files)

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


def read_content(publication: Path, layout: str, graph: str) -> Content:
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
    return Content(tuple(folder / each["file"] for each in entries), layout, graph, statements, tuple(each["sha256"] for each in entries))
