"""The graphs that only loading uses, and the veil: statements that are kept have names that no query asks for.

In many stores a query that names no graph sees all graphs, and so would meet the statements of older versions. Therefore each IRI of such a statement has
`<base>load/of/` put before it.
"""

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

__all__ = ["DEFAULT_GRAPH", "GraphNames", "is_iri", "is_run"]

# How the default graph is named here, as it has no IRI.
DEFAULT_GRAPH: Final = ""
_RUN: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class GraphNames:
    """The names below the base that loading uses. A run and a ticket are 16 hexadecimal digits, drawn anew each time and so never used again."""

    base: str

    @property
    def record(self) -> str:
        """The graph that says what is in use and what is under way; also the IRI of what it describes."""
        return f"{self.base}load"

    @property
    def inside(self) -> str:
        """What the names of all other graphs of loading begin with."""
        return f"{self.base}load/"

    @property
    def veil(self) -> str:
        """What is put before each IRI of a statement that is not in use."""
        return f"{self.base}load/of/"

    def property(self, name: str) -> str:
        """Name a property of the record."""
        return f"{self.record}#{name}"

    def run(self, run: str) -> str:
        """Name the entry of a run in the record."""
        return f"{self.inside}{run}"

    def kept(self, ticket: str, graph: str) -> str:
        """Name the graph in which a switch keeps what one graph held before it."""
        return f"{self.inside}{ticket}/kept/of/{graph}"

    def ticket(self, ticket: str) -> str:
        """Name the graph that exists while one update of what is in use may be carried out."""
        return f"{self.inside}{ticket}/ticket"

    def run_of(self, graph: str) -> str | None:
        """Give the run or ticket that a graph belongs to; None for a graph of somebody else."""
        run = graph.removeprefix(self.inside).partition("/")[0]
        return run if graph.startswith(self.inside) and is_run(run) else None


def is_run(name: str) -> bool:
    """Tell whether this names a run or a ticket."""
    return _RUN.fullmatch(name) is not None


def is_iri(name: str) -> bool:
    """Tell whether this can name a graph."""
    try:
        NamedNode(name)
    except ValueError:
        return False
    return True
