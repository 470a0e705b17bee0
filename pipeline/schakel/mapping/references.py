"""References that lead nowhere: an id that no table defines, a concept or term that the ontology does not have."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from schakel.errors import nearest
from schakel.findings import Finding, finding
from schakel.graph import Dataset, GraphNames, content_graphs
from schakel.mapping.trace import Trace
from schakel.ntriples import terms_of

__all__ = ["Iris", "iris_of", "undefined_references", "undefined_terms"]


@dataclass(frozen=True)
class Iris:
    """What statements refer to and what they define: IRIs that they use without giving them a type, and IRIs that they give a type."""

    used: frozenset[bytes]
    typed: frozenset[bytes]

    @classmethod
    def together(cls, several: Iterable["Iris"]) -> "Iris":
        """Unite what is used and what has a type; what is typed by any of them is no longer only used."""
        each = list(several)
        typed = frozenset(chain.from_iterable(iris.typed for iris in each))
        return cls(frozenset(chain.from_iterable(iris.used for iris in each)) - typed, typed)


def iris_of(statements: Iterable[bytes]) -> Iris:
    """Survey pieces of N-Triples."""
    return Iris.together(Iris(terms.iris - terms.typed, terms.typed) for terms in map(terms_of, statements))


def undefined_references(dataset: Dataset, iris: Iris, names: GraphNames, trace: Trace) -> Iterator[Finding]:
    """Find IRIs below the base that content uses, and that nothing gives a type. Nodes that were blank in a file need none."""
    base, formerly_blank = names.base.encode(), names.file("").value.encode()
    untyped = _where_used(dataset, {iri for iri in iris.used if iri.startswith(base) and not iri.startswith(formerly_blank)}, names)
    # Where a row was to say what a thing is, and used a value that its mapping does not know, that is the fault; not that others refer to the thing.
    explained = {iri: choices for graph, iri in untyped for choices in trace.unknown_choices(graph, iri)}
    for iri, (place, cell, mapping, choices) in explained.items():
        yield finding("unknown-choice", place, found=cell, mapping=mapping, subject=iri.value, expected=", ".join(sorted(choices)))
    defined = _by_namespace(iri.decode() for iri in iris.typed if iri.startswith(base)) if untyped else {}
    for graph, iri in untyped:
        if iri not in explained:
            yield _undefined("undefined-reference", graph, iri, defined, trace)


def undefined_terms(dataset: Dataset, iris: Iris, terms: Collection[str], names: GraphNames, trace: Trace) -> Iterator[Finding]:
    """Find IRIs in a namespace of the vocabulary (`terms`: IRIs of all its terms and concepts) that content uses and that are none of its terms."""
    defined = _by_namespace(terms)
    mentioned = {iri for iri in map(bytes.decode, iris.used | iris.typed) if not iri.startswith(names.base) and _namespace(iri) in defined}
    for graph, iri in _where_used(dataset, {iri.encode() for iri in mentioned.difference(terms)}, names):
        yield _undefined("undefined-term", graph, iri, defined, trace)


def _where_used(dataset: Dataset, wanted: Collection[bytes], names: GraphNames) -> list[tuple[NamedNode, NamedNode]]:
    """Give each graph of content that uses one of some IRIs, with the IRI, in order of the IRIs."""
    if not wanted:
        return []
    graphs = content_graphs(dataset, names)
    found = {(iri, graph.value) for graph in graphs for piece in dataset.pieces(graph) for iri in terms_of(piece).iris.intersection(wanted)}
    return [(NamedNode(graph), NamedNode(iri.decode())) for iri, graph in sorted(found)]


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
