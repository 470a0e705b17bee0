"""RDF from anywhere, for commands and functions outside a project: files, folders and graphs of rdflib become triples with exact spellings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, Union

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.errors import RdfUnreadableError
from schakel.rdf_reading import spelled, stated_tags

if TYPE_CHECKING:
    import rdflib

__all__ = ["Input", "RdfInput", "Triple", "file_names", "read_rdf_input", "with_imports"]

Triple: TypeAlias = tuple[str, str, str]
_One: TypeAlias = Union[str, Path, "rdflib.Graph"]
# A file, a folder (all RDF files in it and below), a graph, or several of them.
Input: TypeAlias = _One | Sequence[_One]

_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".n3": RdfFormat.N3,
}
_IMPORTS: Final = "<http://www.w3.org/2002/07/owl#imports>"
_ONTOLOGY: Final = "<http://www.w3.org/2002/07/owl#Ontology>"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass
class RdfInput:
    """Triples, the prefixes of their files, and the files."""

    triples: list[Triple] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def imports(self) -> list[str]:
        """Give the IRIs of the ontologies that are imported, sorted."""
        return sorted({object_[1:-1] for _, predicate, object_ in self.triples if predicate == _IMPORTS and object_.startswith("<")})


def read_rdf_input(given: Input, known: "Mapping[Path, str] | None" = None) -> RdfInput:
    """Read files, folders and graphs as one graph. Raises RdfUnreadableError for a file that is missing, unknown or not well-formed.

    Blank nodes are named by file and by order, so that the same files give the same names; a file in `known` has the name that it has there.
    """
    made = RdfInput()
    names = dict(known or {})
    for each in given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
        if isinstance(each, str | Path):
            for path in _files(Path(each)):
                name = names.setdefault(path.resolve(), f"f{len(names)}")
                _read_file(path, name, made)
        else:
            made.triples += _of_rdflib(each)
            made.prefixes |= {prefix: str(namespace) for prefix, namespace in each.namespaces() if prefix}
    return made


def file_names(*inputs: Input | None) -> dict[Path, str]:
    """Name the files of several inputs, each once: a file that is given twice has the same blank nodes in both."""
    names: dict[Path, str] = {}
    for given in inputs:
        for each in [] if given is None else given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
            if isinstance(each, str | Path):
                for path in _files(Path(each)):
                    names.setdefault(path.resolve(), f"f{len(names)}")
    return names


def with_imports(read: RdfInput) -> list[str]:
    """Add what is imported and is in a file in the folders of the files that were read, or below; give the IRIs that are nowhere there.

    A file has the ontology that it declares, or the one whose IRI is the file's own address.
    """
    missing: list[str] = []
    here = {subject[1:-1] for subject, predicate, object_ in read.triples if predicate == _TYPE and object_ == _ONTOLOGY}
    ahead, seen = read.imports(), set[str]()
    declared: dict[str, Path] | None = None
    while ahead:
        iri = ahead.pop(0)
        if iri in seen or iri in here:
            continue
        seen.add(iri)
        declared = _declared(read.files) if declared is None else declared
        path = declared.get(iri.rstrip("#/"))
        if path is None:
            missing.append(iri)
        elif path.resolve() not in {each.resolve() for each in read.files}:
            before = len(read.triples)
            _read_file(path, f"i{len(read.files)}", read)
            ahead += [object_[1:-1] for _, predicate, object_ in read.triples[before:] if predicate == _IMPORTS]
    return sorted(missing)


def _declared(files: Sequence[Path]) -> dict[str, Path]:
    """Give the files in the folders of some files by the ontologies that they declare, and by their own addresses."""
    found: dict[str, Path] = {}
    for folder in dict.fromkeys(path.resolve().parent for path in files):
        for path in _files(folder):
            found.setdefault(path.as_uri(), path)
            try:
                read = RdfInput()
                _read_file(path, "", read)
            except RdfUnreadableError:
                continue
            for subject, predicate, object_ in read.triples:
                if predicate == _TYPE and object_ == _ONTOLOGY:
                    found.setdefault(subject[1:-1].rstrip("#/"), path)
    return found


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.suffix.lower() in _FORMATS and each.is_file())
    if not path.exists():
        raise RdfUnreadableError(path, "there is no such file or folder")
    return [path]


def _read_file(path: Path, name: str, into: RdfInput) -> None:
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise RdfUnreadableError(path, f"the ending of its name is none of {', '.join(_FORMATS)}")
    blank: dict[str, str] = {}
    try:
        content = path.read_bytes()
        parser = ox.parse(content, format=form, base_iri=path.resolve().as_uri())
        quads = list(parser)
        tags = stated_tags(content, form, (quad.object for quad in quads))

        def named(term: object) -> str:
            return blank.setdefault(term.value, f"_:{name}b{len(blank)}") if isinstance(term, ox.BlankNode) else spelled(term, tags)

        into.triples += [(named(quad.subject), named(quad.predicate), named(quad.object)) for quad in quads]
        into.prefixes |= {prefix: namespace for prefix, namespace in dict(parser.prefixes).items() if prefix and prefix not in into.prefixes}
    except (SyntaxError, ValueError, OSError) as error:
        raise RdfUnreadableError(path, " ".join(str(error).split())) from None
    into.files.append(path)


def _of_rdflib(graph: "rdflib.Graph") -> Iterator[Triple]:
    from schakel.rdf_terms import rdflib_spelled  # noqa: PLC0415  # a tenth of a second, which nobody waits for who gives no graph of rdflib

    for subject, predicate, object_ in graph:
        yield rdflib_spelled(subject), rdflib_spelled(predicate), rdflib_spelled(object_)
