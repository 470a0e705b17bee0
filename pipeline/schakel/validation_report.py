"""Reports of validation: whether data conform, the results, and both in RDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from schakel.compile.shacl.graph import ShapesGraph, Triple, rdf, sh
from schakel.engine.spelling import literal_spelling
from schakel.findings import Finding
from schakel.stages.constraint_messages import shown
from schakel.stages.validation import Result

if TYPE_CHECKING:
    import rdflib

__all__ = ["Report"]

_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
_REPORT: Final = "_:report"


@dataclass(frozen=True)
class Report:
    """What validation found. `warnings` are about the shapes themselves: what of them has no effect."""

    results: Sequence[Result]
    shapes: Sequence[Triple]
    prefixes: Mapping[str, str]
    warnings: tuple[Finding, ...] = ()

    @property
    def conforms(self) -> bool:
        """Tell whether there is no result, of whatever severity."""
        return not self.results

    def shown(self, term: str) -> str:
        """Write a term for reading, with the prefixes of the files."""
        return shown(term, self.prefixes)

    def to_rdflib(self) -> "rdflib.Graph":
        """Give the report as a graph, `sh:ValidationReport`, with paths as the shapes have them."""
        import rdflib  # noqa: PLC0415  # a tenth of a second, which nobody waits for who needs none of it

        from schakel.rdf_terms import rdflib_term  # noqa: PLC0415  # as above

        graph = rdflib.Graph()
        for prefix, namespace in self.prefixes.items():
            graph.bind(prefix, namespace)
        for subject, predicate, object_ in self.triples():
            graph.add((rdflib_term(subject), rdflib_term(predicate), rdflib_term(object_)))
        return graph

    def to_turtle(self) -> str:
        """Give the report in Turtle: the same for the same results."""
        return self.to_rdflib().serialize(format="turtle")

    def triples(self) -> Iterator[Triple]:
        """Give the report's triples, with terms as N-Triples writes them."""
        yield _REPORT, rdf("type"), sh("ValidationReport")
        yield _REPORT, sh("conforms"), literal_spelling("true" if self.conforms else "false", _BOOLEAN)
        for number, result in enumerate(self.results):
            node = f"_:result{number}"
            yield _REPORT, sh("result"), node
            yield from self._result(node, number, result)

    def _result(self, node: str, number: int, result: Result) -> Iterator[Triple]:
        yield node, rdf("type"), sh("ValidationResult")
        yield node, sh("focusNode"), result.focus
        yield node, sh("resultSeverity"), f"<{result.severity}>"
        yield node, sh("sourceConstraintComponent"), f"<{result.component}>"
        yield node, sh("sourceShape"), result.shape
        if result.value is not None:
            yield node, sh("value"), result.value
        if result.constraint is not None:
            yield node, sh("sourceConstraint"), result.constraint
        if result.path_node is not None:
            yield node, sh("resultPath"), _own(result.path_node, number)
            for subject, predicate, object_ in self._graph.description(result.path_node):
                yield _own(subject, number), predicate, _own(object_, number)
        for language, text in result.messages:
            yield node, sh("resultMessage"), literal_spelling(text, language=language)

    @cached_property
    def _graph(self) -> ShapesGraph:
        return ShapesGraph(self.shapes)


def _own(node: str, number: int) -> str:
    """Name a blank node of a path anew: a path in a report is a description of its own."""
    return f"{node}p{number}" if node.startswith("_:") else node
