"""Validation by SHACL outside a project: files or graphs in, a report out.

>>> from schakel import validate
>>> validate("data.ttl", "shapes/").conforms  # doctest: +SKIP
False
"""

from collections.abc import Iterable, Sequence
from typing import Final

from schakel.compile.shacl import Shapes, constants, read_shapes
from schakel.engine import DuckDB, close_dictionary
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.errors import UnknownNameError
from schakel.findings import Finding, finding
from schakel.namespaces import known_prefixes
from schakel.rdf_input import Input, RdfInput, Triple, file_names, read_rdf_input, with_imports
from schakel.stages.idle_shapes import idle_findings
from schakel.stages.validation import Result, encode_statements, judge
from schakel.validation_report import Report

__all__ = ["ENGINES", "validate"]

ENGINES: Final = ("schakel", "pyshacl")


def validate(data: Input, shapes: Input, ontology: Input | None = None, engine: str = "schakel") -> Report:
    """Judge data by shapes; each a file, a folder, a graph of rdflib, or several of them. The ontology's statements count as data.

    Nothing is inferred but what SHACL itself wants: instances of subclasses. Ontologies that are imported are read from the folders of the files given.
    `engine` is `schakel` or `pyshacl`. Raises ShapeError for shapes that are not well-formed or recursive, RdfUnreadableError for files that cannot be read,
    UnknownNameError for another engine.
    """
    if engine not in ENGINES:
        raise UnknownNameError("validator", engine, ENGINES)
    names = file_names(data, shapes, ontology)
    of_data, of_shapes = read_rdf_input(data, names), read_rdf_input(shapes, names)
    of_ontology = RdfInput() if ontology is None else read_rdf_input(ontology, names)
    missing = sorted({iri for read in (of_shapes, of_ontology) for iri in with_imports(read)})
    findings = [finding("import-missing", ontology=iri) for iri in missing]
    statements = [*of_data.triples, *of_ontology.triples]
    prefixes = known_prefixes([of_data.prefixes, of_ontology.prefixes, of_shapes.prefixes])
    if engine == "pyshacl":
        from schakel.second_opinion.shapes import pyshacl_results  # noqa: PLC0415  # half a second, which nobody waits for who asks for nothing of it

        return Report(pyshacl_results(statements, of_shapes.triples), of_shapes.triples, prefixes, tuple(findings))
    results, idle = _judged(statements, of_shapes.triples, read_shapes(of_shapes.triples), prefixes)
    return Report(results, of_shapes.triples, prefixes, (*findings, *idle))


def _judged(statements: Iterable[Triple], shapes_graph: Sequence[Triple], shapes: Shapes, prefixes: dict[str, str]) -> tuple[list[Result], list[Finding]]:
    with DuckDB() as executor:
        executor.load(SPELLED, SPELLED_COLUMNS, ((*triple, None, 0, 0, 0) for triple in statements))
        dictionary = close_dictionary(executor, [(SPELLED, ("s", "p", "o"))], constants(shapes))
        encode_statements(executor)
        lines = [f"{subject} {predicate} {object_} .\n" for subject, predicate, object_ in shapes_graph]
        return judge(executor, dictionary, shapes, prefixes, lines), idle_findings(executor, dictionary, shapes, prefixes)
