"""From a validator's results to findings: whose label, which file and row, in which words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from schakel.findings import Finding, Focus, Place
from schakel.graph import Dataset, Term
from schakel.namespaces import RDF, SKOS
from schakel.validation.results import Result

__all__ = ["tell"]

# Statements with the graphs they are in.
Said: TypeAlias = Sequence[tuple[NamedNode, Triple]]
PlacesOfTriple = Callable[[NamedNode, Triple], Sequence[Place]]


def tell(results: Sequence[Result], dataset: Dataset, stated: Sequence[NamedNode], *, of_triple: PlacesOfTriple) -> list[Finding]:
    """Make a finding of each result. Places are looked for in the graphs named in `stated`, by the function given.

    A result that names a value is placed where that value was stated; one about something missing, or about a conclusion, where its focus node has its type.
    """
    said = dataset.about(*{result.focus for result in results if isinstance(result.focus, NamedNode)})
    return [_finding(result, _in_order(said[result.focus] if isinstance(result.focus, NamedNode) else ()), frozenset(stated), of_triple) for result in results]


def _in_order(quads: Iterable[Quad]) -> Said:
    return [(quad.graph_name, quad.triple) for quad in sorted(quads, key=str) if isinstance(quad.graph_name, NamedNode)]


def _finding(result: Result, said: Said, stated: frozenset[NamedNode], of_triple: PlacesOfTriple) -> Finding:
    """Make a finding of a result; `said` is what is said of its focus node."""
    places = dict.fromkeys(place for graph, triple in _offending(result, said) if graph in stated for place in of_triple(graph, triple))
    if not places:
        places = dict.fromkeys(place for graph, triple in _introducing(said) if graph in stated for place in of_triple(graph, triple))
    focus = Focus(
        node=_plain(result.focus),
        label=_labels(said),
        path=None if result.path is None else result.path.value,
        value=None if result.value is None else _plain(result.value),
        shape=result.shape.value,
        component=result.component.value,
    )
    return Finding("shape", result.severity, tuple(sorted(places)), result.messages, focus=focus)


def _offending(result: Result, said: Said) -> Said:
    """Give the statements that a result complains of: focus node, path, and the value where there is one."""
    return [(graph, triple) for graph, triple in said if triple.predicate == result.path and result.value in {None, triple.object}]


def _introducing(said: Said) -> Said:
    """Give the statements that say what a thing is, else all about it."""
    return [(graph, triple) for graph, triple in said if triple.predicate == RDF.type] or said


def _labels(said: Said) -> Mapping[str, str]:
    named = [triple.object for _, triple in said if triple.predicate == SKOS.prefLabel and isinstance(triple.object, Literal)]
    # Of several in one language, which is itself a finding, the first in order.
    return dict(sorted(((name.language or "en", name.value) for name in named), reverse=True))


def _plain(term: Term) -> str:
    if isinstance(term, Literal) and term.language:
        return f"{term.value} ({term.language})"
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
