"""Validation with pyrudof, for comparison.

python bench/peer_pyrudof.py GRAPH.nt SHAPES.nt RESULTS.txt
"""

import sys
from pathlib import Path

import pyrudof


def main(graph: Path, shapes: Path, results: Path) -> None:
    """Validate, and write the results: focus node and shape, a line each."""
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(graph, pyrudof.RDFFormat.NTriples)
    rudof.read_shacl(shapes, pyrudof.ShaclFormat.NTriples)
    report = rudof.validate_shacl()
    results.write_text("".join(f"{_bare(entry.focus_node)}\t{_bare(entry.source_shape)}\n" for entry in report), "utf-8")


def _bare(term: object) -> str:
    return str(term).strip("<>")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
