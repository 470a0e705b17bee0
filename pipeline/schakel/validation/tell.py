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
    for graph, triple in _about(result.focus, dataset):
        if triple.predicate == result.path and result.value in {None, triple.object}:
            yield graph, triple


def _introducing(term: Term, dataset: Dataset) -> Iterator[tuple[NamedNode, Triple]]:
    """Give the statements that say what the term is, else all about it."""
    if isinstance(term, NamedNode):
        said = list(_about(term, dataset))
        yield from [(graph, triple) for graph, triple in said if triple.predicate == RDF.type] or said


def _about(subject: NamedNode, dataset: Dataset) -> Iterator[tuple[NamedNode, Triple]]:
    for quad in sorted(dataset.about(subject), key=str):
        if isinstance(quad.graph_name, NamedNode):
            yield quad.graph_name, quad.triple


def _labels(term: Term, dataset: Dataset) -> Mapping[str, str]:
    if not isinstance(term, NamedNode):
        return {}
    named = [triple.object for _, triple in _about(term, dataset) if triple.predicate == SKOS.prefLabel and isinstance(triple.object, Literal)]
    # Of several in one language, which is itself a finding, the first in order.
    return dict(sorted(((name.language or "en", name.value) for name in named), reverse=True))


def _plain(term: Term) -> str:
    if isinstance(term, Literal) and term.language:
        return f"{term.value} ({term.language})"
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
