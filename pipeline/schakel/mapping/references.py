"""References that lead nowhere: an id that no table defines, a concept or term that the ontology does not have."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from schakel.errors import nearest
from schakel.findings import Finding, finding
from schakel.graph import Dataset
from schakel.mapping.trace import Trace

__all__ = ["undefined_references"]


def undefined_references(dataset: Dataset, names_defined: Iterable[str], base: str, aside: Iterable[NamedNode], trace: Trace) -> Iterator[Finding]:
    """Find IRIs that the data use and nothing defines.

    Below the base an IRI is defined by having a type; in a namespace of the vocabulary (`names_defined`: its terms' IRIs) by being one of them.
    Graphs named in `aside` are not looked into.
    """
    terms = set(names_defined)
    namespaces = {_namespace(term) for term in terms}
    typed = {solution["s"].value for solution in dataset.select("SELECT DISTINCT ?s { ?s a ?type FILTER(isIRI(?s)) }")}
    skipped = set(aside)
    used = dataset.select("SELECT DISTINCT ?graph ?iri { GRAPH ?graph { { ?iri ?p ?o } UNION { ?s ?p ?iri } UNION { ?s ?iri ?o } } FILTER(isIRI(?iri)) }")
    for graph, iri in used:
        if graph in skipped:
            continue
        if iri.value.startswith(base) and iri.value not in typed:
            yield _undefined("undefined-reference", graph, iri, [name for name in typed if name.startswith(base)], trace)
        elif not iri.value.startswith(base) and _namespace(iri.value) in namespaces and iri.value not in terms:
            yield _undefined("undefined-term", graph, iri, [name for name in terms if _namespace(name) == _namespace(iri.value)], trace)


def _undefined(kind: str, graph: NamedNode, iri: NamedNode, known: list[str], trace: Trace) -> Finding:
    start = _namespace(iri.value)
    siblings = sorted(name[len(start) :] for name in known if _namespace(name) == start)
    near = nearest(iri.value[len(start) :], siblings)
    return finding(kind, *trace.term(graph, iri), found=iri.value, expected=near or ", ".join(siblings[:8]) or "–")


def _namespace(iri: str) -> str:
    """Everything up to the last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
