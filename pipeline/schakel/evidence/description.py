"""Passages as RDF, in the terms of the Web Annotation vocabulary, and what was read in each."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from schakel.evidence.lock import Lock
from schakel.evidence.passages import Passage, Span, parse_passage
from schakel.graph import Dataset, GraphNames
from schakel.namespaces import OA, PROV, RDF, SK, XSD
from schakel.ntriples import subjects

__all__ = ["describe_evidence"]


def describe_evidence(dataset: Dataset, lock: Lock, names: GraphNames) -> None:
    """Add to the provenance graph each passage that states something, and from each subject of its graph a `prov:wasDerivedFrom` to the passage."""
    graphs = frozenset(dataset.graphs())
    described: set[NamedNode] = set()
    triples: list[Triple] = []
    for (source, text), span in sorted(lock.items()):
        node = names.passage(source, span.start, span.end)
        passage = parse_passage(text)
        # Two ways of writing one passage are one passage; the first in order describes it.
        if node in graphs and node not in described and passage is not None:
            described.add(node)
            triples += _describe(node, names.source(source), passage, span)
            triples += (Triple(NamedNode(iri), PROV.wasDerivedFrom, node) for piece in dataset.pieces(node) for iri in subjects(piece))
    dataset.add(triples, names.provenance)


def _describe(node: NamedNode, source: NamedNode, passage: Passage, span: Span) -> Iterator[Triple]:
    position = _part(node, "position")
    yield Triple(node, RDF.type, OA.SpecificResource)
    yield Triple(node, OA.hasSource, source)
    yield Triple(node, SK.sha256, Literal(span.sha256))
    yield Triple(node, OA.hasSelector, position)
    yield Triple(position, RDF.type, OA.TextPositionSelector)
    yield Triple(position, OA.start, Literal(str(span.start), datatype=XSD.integer))
    yield Triple(position, OA.end, Literal(str(span.end), datatype=XSD.integer))
    if passage.last is None:
        yield from _quote(node, OA.hasSelector, _part(node, "quote"), passage.first)
    else:
        words = _part(node, "words")
        yield Triple(node, OA.hasSelector, words)
        yield Triple(words, RDF.type, OA.RangeSelector)
        yield from _quote(words, OA.hasStartSelector, _part(node, "first-words"), passage.first)
        yield from _quote(words, OA.hasEndSelector, _part(node, "last-words"), passage.last)


def _quote(owner: NamedNode, link: NamedNode, quote: NamedNode, words: str) -> Iterator[Triple]:
    yield Triple(owner, link, quote)
    yield Triple(quote, RDF.type, OA.TextQuoteSelector)
    yield Triple(quote, OA.exact, Literal(words))


def _part(node: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{node.value}#{name}")
