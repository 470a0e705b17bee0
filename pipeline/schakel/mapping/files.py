"""RDF files beside the tables: taken as they are, each into a graph of its own."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Finding
from schakel.graph import RDF_FILES, Dataset, GraphNames, read_rdf_files, renamed, to_ntriples
from schakel.mapping.literals import ill_typed
from schakel.ntriples import terms_of
from schakel.tables import is_well_named

__all__ = ["add_files"]


def add_files(folder: Path, root: Path, names: GraphNames, dataset: Dataset) -> tuple[dict[NamedNode, str], dict[NamedNode, set[Literal]], list[Finding]]:
    """Put the `*.ttl`, `*.nt` and `*.jsonld` files of a folder into the dataset; blank nodes get IRIs below their graph's.

    Gives the file of each graph, and the literals of each that are not what their datatype says.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix in RDF_FILES and is_well_named(path))
    wrong: dict[NamedNode, set[Literal]] = {}
    read, findings = read_rdf_files(paths, root, names.base)
    files: dict[NamedNode, str] = {}
    for path, file in read.items():
        graph = names.file(quote(path.name, safe=""))
        wrong[graph] = ill_typed(terms_of(b"".join(to_ntriples(file.triples))).with_datatype)
        dataset.add(_below(file.triples, graph), graph)
        files[graph] = path.relative_to(root).as_posix()
    return files, wrong, findings


def _below(triples: Iterable[Triple], graph: NamedNode) -> Iterable[Triple]:
    return renamed(triples, lambda node: NamedNode(f"{graph.value}#{node.value}"))
