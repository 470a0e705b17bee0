"""The least that any build must do: Oxigraph reads a finished graph and writes it again.

    python bench/floor.py GRAPH.nt COPY.nt

Nothing is sorted, stored or compared, and one format is written where a build writes five: nothing that handles each statement once is faster.
"""

import sys
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import RdfFormat


def main(graph: Path, copy: Path) -> None:
    """Read, and write."""
    ox.serialize(ox.parse(path=graph, format=RdfFormat.N_TRIPLES), copy, format=RdfFormat.N_TRIPLES)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
