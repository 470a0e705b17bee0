"""References that lead nowhere: an id that no table defines, a concept or term that the ontology does not have."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from schakel.errors import nearest
from schakel.findings import Finding, finding
from schakel.graph import Dataset, GraphNames
from schakel.mapping.trace import Trace

__all__ = ["undefined_references", "undefined_terms"]


def undefined_references(dataset: Dataset, names: GraphNames, trace: Trace) -> Iterator[Finding]:
    """Find IRIs below the base that content uses, and that nothing gives a type. Nodes that were blank in a file need none."""
    typed = {solution["s"].value for solution in dataset.select("SELECT DISTINCT ?s { ?s a ?type FILTER(isIRI(?s)) }")}
    defined = _by_namespace(iri for iri in typed if iri.startswith(names.base))
    formerly_blank = names.file("").value
    used = _used(dataset, (names.vocabulary, names.provenance))
    undefined = (pair for pair in used if pair[1].value.startswith(names.base) and pair[1].value not in typed and not pair[1].value.startswith(formerly_blank))
    # Sorted, as a store gives its solutions in no order.
    untyped = sorted(undefined, key=lambda pair: (pair[1].value, pair[0].value))
    # Where a row was to say what a thing is, and used a value that its mapping does not know, that is the fault; not that others refer to the thing.
    explained = {iri: choices for graph, iri in untyped for choices in trace.unknown_choices(graph, iri)}
    for iri, (place, cell, mapping, choices) in explained.items():
        yield finding("unknown-choice", place, found=cell, mapping=mapping, subject=iri.value, expected=", ".join(sorted(choices)))
    for graph, iri in untyped:
        if iri not in explained:
            yield _undefined("undefined-reference", graph, iri, defined, trace)


def undefined_terms(dataset: Dataset, terms: Collection[str], names: GraphNames, trace: Trace) -> Iterator[Finding]:
    """Find IRIs in a namespace of the vocabulary (`terms`: IRIs of all its terms and concepts) that content uses and that are none of its terms."""
    defined = _by_namespace(terms)
    for graph, iri in _used(dataset, (names.vocabulary, names.provenance)):
        if not iri.value.startswith(names.base) and _namespace(iri.value) in defined and iri.value not in terms:
            yield _undefined("undefined-term", graph, iri, defined, trace)


def _used(dataset: Dataset, aside: Iterable[NamedNode]) -> Iterator[tuple[NamedNode, NamedNode]]:
    skipped = set(aside)
    used = dataset.select("SELECT DISTINCT ?graph ?iri { GRAPH ?graph { { ?iri ?p ?o } UNION { ?s ?p ?iri } UNION { ?s ?iri ?o } } FILTER(isIRI(?iri)) }")
    return ((solution["graph"], solution["iri"]) for solution in used if solution["graph"] not in skipped)


def _undefined(kind: str, graph: NamedNode, iri: NamedNode, defined: Mapping[str, Sequence[str]], trace: Trace) -> Finding:
    siblings = defined.get(_namespace(iri.value), ())
    near = nearest(iri.value[len(_namespace(iri.value)) :], siblings)
    return finding(kind, *trace.term(graph, iri), found=iri.value, expected=near or ", ".join(siblings[:8]) or "–")


def _by_namespace(iris: Iterable[str]) -> dict[str, list[str]]:
    """Give the local names in each namespace, sorted."""
    names: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(iris):
        names[_namespace(iri)].append(iri[len(_namespace(iri)) :])
    return names


def _namespace(iri: str) -> str:
    """Everything up to the last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
