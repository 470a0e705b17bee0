"""From a validator's results to findings: whose label, which file and row, in which words."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from schakel.findings import Finding, Focus, Place
from schakel.graph import Dataset, Term
from schakel.namespaces import RDF, SKOS
from schakel.validation.results import Result

__all__ = ["tell"]

PlacesOfTriple = Callable[[NamedNode, Triple], Sequence[Place]]


def tell(results: Sequence[Result], dataset: Dataset, stated: Sequence[NamedNode], *, of_triple: PlacesOfTriple) -> list[Finding]:
    """Make a finding of each result. Places are looked for in the graphs named in `stated`, by the function given.

    A result that names a value is placed where that value was stated; one about something missing, or about a conclusion, where its focus node has its type.
    """
    return [_finding(result, dataset, frozenset(stated), of_triple) for result in results]


def _finding(result: Result, dataset: Dataset, stated: frozenset[NamedNode], of_triple: PlacesOfTriple) -> Finding:
    places = dict.fromkeys(place for graph, triple in _offending(result, dataset) if graph in stated for place in of_triple(graph, triple))
    if not places:
        places = dict.fromkeys(place for graph, triple in _introducing(result.focus, dataset) if graph in stated for place in of_triple(graph, triple))
    focus = Focus(
        node=_plain(result.focus),
        label=_labels(result.focus, dataset),
        path=None if result.path is None else result.path.value,
        value=None if result.value is None else _plain(result.value),
        shape=result.shape.value,
        component=result.component.value,
    )
    return Finding("shape", result.severity, tuple(sorted(places)), result.messages, focus=focus)


def _offending(result: Result, dataset: Dataset) -> Iterator[tuple[NamedNode, Triple]]:
    """Give the statements that a result complains of: focus node, path, and the value where there is one."""
    if result.path is None or not isinstance(result.focus, NamedNode):
        return
    for quad in sorted(dataset.store.quads_for_pattern(result.focus, result.path, result.value), key=str):
        if isinstance(quad.graph_name, NamedNode):
            yield quad.graph_name, quad.triple


def _introducing(term: Term, dataset: Dataset) -> Iterator[tuple[NamedNode, Triple]]:
    """Give the statements that say what the term is, else all about it."""
    if isinstance(term, NamedNode):
        quads = list(dataset.store.quads_for_pattern(term, RDF.type, None)) or list(dataset.store.quads_for_pattern(term, None, None))
        yield from ((quad.graph_name, quad.triple) for quad in sorted(quads, key=str) if isinstance(quad.graph_name, NamedNode))


def _labels(term: Term, dataset: Dataset) -> Mapping[str, str]:
    if not isinstance(term, NamedNode):
        return {}
    named = [quad.object for quad in dataset.store.quads_for_pattern(term, SKOS.prefLabel, None) if isinstance(quad.object, Literal)]
    # Of several in one language, which is itself a finding, the first in order.
    return dict(sorted(((name.language or "en", name.value) for name in named), reverse=True))


def _plain(term: Term) -> str:
    if isinstance(term, Literal) and term.language:
        return f"{term.value} ({term.language})"
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
