"""The fast validator: shacl-rust judges SHACL Core, Oxigraph answers SPARQL constraints, and pySHACL judges whatever they would judge otherwise than it does.

docs/decisions/0013-shacl-rust.md tells what that is, and how it is recognised.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, cast

import pyoxigraph as ox
import shacl_rust
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from schakel.graph import NTriples, Term, to_ntriples
from schakel.namespaces import RDF, RDFS, SH
from schakel.validation.bulk_queries import BulkQueries
from schakel.validation.division import Part, divide, for_reference, for_shacl_rust
from schakel.validation.doubts import DoubtfulValues
from schakel.validation.loading import loads_surely
from schakel.validation.results import Judgement, Result
from schakel.validation.samples import Sample, WithThoseBelow
from schakel.validation.shapes_graph import ShapesGraph
from schakel.validation.slices import Reader, Stream, classes_below, lines_with
from schakel.validation.texts import Texts

__all__ = ["judge", "judge_parts"]

_SUBPROPERTY: Final = str(RDFS.subPropertyOf).encode()
_IN_DOUBT: Final = "some values in the data are written in a way that the engines read differently"


def judge(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
    """Give every result of validating data against shapes: the same that the reference engine gives.

    Raises ShapesUnusableError for shapes that the reference engine cannot use.
    """
    graph = ShapesGraph(shapes)
    return judge_parts(data, graph, divide(graph))


def judge_parts(data: NTriples, shapes: ShapesGraph, parts: Sequence[Part]) -> Judgement:
    """Give every result of some parts of the shapes, as judge() does of all."""
    mindful = _with_subproperties_in_mind(parts, shapes, data)
    try:
        return _judge(data, shapes, mindful)
    except _ShaclRustError as problem:
        return _judge(data, shapes, [part if part.is_off else replace(part, reason=f"shacl-rust: {problem}") for part in mindful])


class _ShaclRustError(Exception):
    """shacl-rust cannot use what it was given."""


@dataclass(frozen=True)
class _Again:
    """A part that is judged again by the reference engine, for values in doubt: for some nodes, or for all where there are none."""

    nodes: frozenset[bytes] = frozenset()

    def covers(self, focus: str) -> bool:
        """Tell whether results about a node are those of the reference engine."""
        return not self.nodes or focus.encode() in self.nodes


def _judge(data: NTriples, shapes: ShapesGraph, parts: Sequence[Part]) -> Judgement:
    below = classes_below(data)
    fast = [part for part in parts if part.reason is None]
    queries = BulkQueries(shapes, [part for part in fast if part.queries], below)
    values = DoubtfulValues(doubt for part in fast for doubt in part.doubts)
    texts = Texts(shapes, [part for part in fast if part.text], below)
    reader = Reader()
    queries.ask(reader)
    values.ask(reader)
    texts.ask(reader)
    reader.read(data)
    again = {part: doubted for part in fast if (doubted := _again(part, values)) is not None}
    slow = {part: frozenset[bytes]() for part in parts if part.reason is not None and not part.is_off} | {part: each.nodes for part, each in again.items()}
    results = _by_reference(data, shapes, slow, below)
    results += queries.results([part for part in fast if part.queries and (part not in again or again[part].nodes)])
    results += texts.results([part for part in fast if part.text and (part not in again or again[part].nodes)])
    results += _core(data, shapes, parts, again)
    reasons = {part.shape.value: part.reason or _IN_DOUBT for part in slow if isinstance(part.shape, NamedNode)}
    return Judgement(results, reasons)


def _with_subproperties_in_mind(parts: Sequence[Part], shapes: ShapesGraph, data: NTriples) -> list[Part]:
    """Leave to the reference engine what has its targets by a property that has others below it: shacl-rust takes their statements, too."""
    above = {line.split(b" ", 2)[2][:-2] for line in lines_with(data, _SUBPROPERTY)}

    def widened(part: Part) -> bool:
        properties = (each for predicate in (SH.targetSubjectsOf, SH.targetObjectsOf) for each in shapes.objects(part.target, predicate))
        return any(str(each).encode() in above for each in properties)

    return [replace(part, reason=part.reason or "its targets are those of a property that others are below") if widened(part) else part for part in parts]


def _again(part: Part, values: DoubtfulValues) -> _Again | None:
    """Tell for which focus nodes a part is to be judged again; None where no value is in doubt."""
    found = {doubt: subjects for doubt in part.doubts if (subjects := values.subjects(doubt))}
    if not found:
        return None
    if all(doubt.direct for doubt in found):
        return _Again(frozenset().union(*found.values()))
    return _Again()


def _by_reference(data: NTriples, shapes: ShapesGraph, parts: Mapping[Part, Collection[bytes]], below: WithThoseBelow) -> list[Result]:
    sample = Sample(shapes, parts, below)
    reader = Reader()
    sample.ask(reader)
    reader.read(data)
    focus = {part: [_term(node.decode()) for node in nodes] for part, nodes in sample.focus_nodes().items()}
    # With nothing to judge it only says what is wrong with the shapes, if anything may be.
    if not focus and loads_surely(shapes):
        return []
    # pySHACL takes half a second to import.
    from schakel.validation import pyshacl_engine  # noqa: PLC0415  # as above

    judgement = pyshacl_engine.judge(sample.pieces(data) if focus else [], for_reference(shapes, focus))
    return list(judgement.results)


def _core(data: NTriples, shapes: ShapesGraph, parts: Sequence[Part], again: Mapping[Part, _Again]) -> Iterator[Result]:
    stated = for_shacl_rust(shapes, parts)
    if not stated:
        return
    try:
        report = shacl_rust.validate_file(Stream(data), Stream(to_ntriples(stated)), data_format="nt", shapes_format="nt", experimental_index=True)
    except ValueError as error:
        raise _ShaclRustError(str(error)) from None
    left = {str(part.shape): each for part, each in again.items()}
    read = _Reading(shapes)
    for result in report["results"]:
        doubted = left.get(result["sourceShape"])
        if doubted is None or not doubted.covers(result["focusNode"]):
            yield read.result(result)


class _Reading:
    """Reads results as shacl-rust writes them."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = shapes
        self._of_shape = cache(self._read_shape)

    def result(self, written: Mapping[str, Any]) -> Result:
        """Read one result."""
        shape, component, path, severity = self._of_shape(written["sourceShape"], written["sourceConstraintComponent"])
        if component == SH.ClosedConstraintComponent:
            path = NamedNode(written["resultPath"][1:-1])
        focus = _term(written["focusNode"])
        value = _term(written["value"]) if "value" in written else None
        words = self._shapes.messages((shape,), component, {"this": focus, "value": value, "path": path})
        return Result(focus, path, value, component, shape, severity, words)

    def _read_shape(self, shape: str, component: str) -> tuple[NamedNode, NamedNode, NamedNode | None, Any]:
        named = NamedNode(shape[1:-1])
        return named, NamedNode(component[1:-1]), self._shapes.path(named), self._shapes.severity(named)


def _term(written: str) -> Term:
    """Read a term as N-Triples writes it."""
    if written.startswith("<"):
        return NamedNode(written[1:-1])
    if written.startswith("_:"):
        return BlankNode(written[2:])
    [quad] = ox.parse(f"{RDF.type} {RDF.type} {written} .", format=RdfFormat.N_TRIPLES)
    return cast("Term", quad.object)
