"""The ontology: its terms, axioms and concepts, read whole."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.findings import Finding
from schakel.namespaces import OWL, RDF, RDFS, SKOS
from schakel.rdf_reading import Tags, read_rdf_files, renamed

__all__ = ["Vocabulary", "read_vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """The triples of all files of `ontology/`, each with the file that it was first read in.

    `tags` are the language tags as the files state them, `prefixes` those that each file declares.
    """

    files: Mapping[Triple, str]
    tags: Tags
    prefixes: tuple[Mapping[str, str], ...]

    @property
    def triples(self) -> Collection[Triple]:
        """All triples."""
        return self.files.keys()

    def terms(self) -> frozenset[str]:
        """IRIs of what is defined in a namespace of the project's own: concepts, and terms defined by an ontology that is described here."""
        ontologies = {triple.subject for triple in self.triples if triple.predicate == RDF.type and triple.object == OWL.Ontology}
        own = {triple.subject for triple in self.triples if triple.predicate == RDFS.isDefinedBy and triple.object in ontologies}
        own |= {triple.subject for triple in self.triples if triple.predicate == RDF.type and triple.object == SKOS.Concept}
        return frozenset(term.value for term in own if isinstance(term, NamedNode))

    def publishable(self) -> Iterable[Triple]:
        """Give the triples without blank nodes: all but the lists inside axioms, which only a reasoner reads."""
        return (triple for triple in self.triples if not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode))


def read_vocabulary(folder: Path, root: Path, base: str) -> tuple[Vocabulary, list[Finding]]:
    """Read every Turtle file of the folder and of those below it."""
    read, findings = read_rdf_files(sorted(folder.rglob("*.ttl")), root, base)
    files: dict[Triple, str] = {}
    tags: dict[tuple[str, str], str] = {}
    for number, (path, file) in enumerate(read.items()):
        # The blank nodes of different files are kept apart.
        for triple in renamed(file.triples, partial(_in_file, number)):
            files.setdefault(triple, path.relative_to(root).as_posix())
        tags = {**file.tags, **tags}
    return Vocabulary(files, tags, tuple(file.prefixes for file in read.values())), findings


def _in_file(number: int, node: BlankNode) -> BlankNode:
    return BlankNode(f"f{number}{node.value}")
