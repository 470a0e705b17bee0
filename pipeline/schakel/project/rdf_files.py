"""RDF files next to the tables: taken as they are, each into a graph of its own, with literals and language tags exactly as stated."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple
from sqlglot import exp

from schakel.compile.nodes import table
from schakel.engine.columns import Row
from schakel.engine.executor import Executor
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.engine.spelling import iri_spelling
from schakel.findings import Finding
from schakel.graph import GraphNames
from schakel.project.blank_nodes import name_blank_nodes
from schakel.rdf_reading import RDF_FILES, RdfFile, read_rdf_files, spelled
from schakel.settings import Settings
from schakel.tables import is_well_named

__all__ = ["add_rdf_files"]

_READ: Final = "read_triples"


def add_rdf_files(executor: Executor, settings: Settings, first_file: int) -> tuple[dict[int, str], list[Finding]]:
    """Add the RDF files of a project to the relation of spelled quads; blank nodes get IRIs. A graph keeps the name that its file gives it.

    Gives the files by their numbers, from `first_file`. The row of a quad is its line in N-Triples and N-Quads, and 0 elsewhere.
    """
    root, names = settings.root, settings.names
    paths = sorted(path for path in settings.data.iterdir() if path.suffix in RDF_FILES and is_well_named(path))
    read, findings = read_rdf_files(paths, root, names.base, settings.contexts)
    files = dict(enumerate(read, start=first_file))
    taken: set[str] = set()
    rows = chain.from_iterable(_rows(path, read[path], names, number, taken) for number, path in files.items())
    executor.load(_READ, SPELLED_COLUMNS, rows)
    if not executor.exists(SPELLED):
        executor.create(SPELLED, SPELLED_COLUMNS)
    executor.append(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table(_READ))), SPELLED)
    executor.drop(_READ)
    return {number: path.relative_to(root).as_posix() for number, path in files.items()}, findings


def _rows(path: Path, read: RdfFile, names: GraphNames, file: int, taken: set[str]) -> Iterator[Row]:
    graph = names.file(path.name).value
    lines = _lines(path.read_bytes(), names.base) if path.suffix in {".nt", ".nq"} else {}
    named = name_blank_nodes(dict.fromkeys(read.triples), names.base, taken)
    # A file cannot put statements among those that the build makes itself.
    kept = f"{names.base}graph/"
    for quad in read.quads:
        s, p, o = (spelled(named.get(term, term) if isinstance(term, BlankNode) else term, read.tags) for term in quad.triple)
        is_named = isinstance(quad.graph_name, NamedNode) and not quad.graph_name.value.startswith(kept)
        g = quad.graph_name.value if is_named and isinstance(quad.graph_name, NamedNode) else graph
        yield s, p, o, iri_spelling(g), file, lines.get(quad.triple, 0), 0


def _lines(content: bytes, base: str) -> dict[Triple, int]:
    """Give the line of each statement of N-Triples or N-Quads."""
    content = content.removeprefix(codecs.BOM_UTF8)
    triples = [quad.triple for quad in ox.parse(content, format=RdfFormat.N_QUADS, base_iri=base)]
    numbered = enumerate(re.split(r"\r\n|\n|\r", content.decode()), start=1)
    numbers = [number for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]
    lines: dict[Triple, int] = {}
    for triple, number in zip(triples, numbers, strict=False):
        lines.setdefault(triple, number)
    return lines if len(numbers) == len(triples) else {}
