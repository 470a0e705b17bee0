"""From a validator's results to findings: whose label, which file and row, in which words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import or_
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from schakel.findings import Finding, Focus, Place
from schakel.graph import Dataset, Term
from schakel.namespaces import RDF, SKOS
from schakel.validation.results import Result

__all__ = ["tell"]

# Statements with the graphs they are in.
Said: TypeAlias = Sequence[tuple[NamedNode, Triple]]
# A statement in a graph.
Quoted: TypeAlias = tuple[NamedNode, Triple]
PlacesOfTriples: TypeAlias = Callable[[Collection[Quoted]], Mapping[Quoted, Sequence[Place]]]


def tell(results: Sequence[Result], dataset: Dataset, stated: Sequence[NamedNode], *, of_triples: PlacesOfTriples) -> list[Finding]:
    """Make a finding of each result. Places are looked for in the graphs named in `stated`, by the function given: of many statements at a time.

    A result that names a value is placed where that value was stated; one about something missing, or about a conclusion, where its focus node has its type.
    """
    about = dataset.about(*{result.focus for result in results if isinstance(result.focus, NamedNode)})
    said = {focus: _in_order(quads) for focus, quads in about.items()}
    said_of: list[Said] = [said[result.focus] if isinstance(result.focus, NamedNode) else () for result in results]
    in_graphs = frozenset(stated)
    offending = [[pair for pair in _offending(result, about_it) if pair[0] in in_graphs] for result, about_it in zip(results, said_of, strict=True)]
    places = _places(offending, of_triples)
    introducing = [[] if found else [pair for pair in _introducing(about_it) if pair[0] in in_graphs] for found, about_it in zip(places, said_of, strict=True)]
    return [_finding(*each) for each in zip(results, said_of, map(or_, places, _places(introducing, of_triples)), strict=True)]


def _places(statements: Sequence[Collection[Quoted]], of_triples: PlacesOfTriples) -> list[frozenset[Place]]:
    """Give the places of each of several lots of statements."""
    places = of_triples({pair for pairs in statements for pair in pairs})
    return [frozenset(place for pair in pairs for place in places[pair]) for pairs in statements]


def _in_order(quads: Iterable[Quad]) -> Said:
    return [(quad.graph_name, quad.triple) for quad in sorted(quads, key=str) if isinstance(quad.graph_name, NamedNode)]


def _finding(result: Result, said: Said, places: Iterable[Place]) -> Finding:
    """Make a finding of a result; `said` is what is said of its focus node."""
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
