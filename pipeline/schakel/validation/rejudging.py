"""Judging again after an edit: only those shapes are asked that look at what was changed; what the others said before they would say again.

What a part of the shapes can look at is told from the IRIs that it names, as where the reference engine is given a sample. A statement of a predicate,
or of membership in a class, that a part does not name is nothing to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode, Triple

from schakel.graph import NTriples, Term
from schakel.namespaces import RDFS, SH
from schakel.validation.division import Part, divide, switched_off
from schakel.validation.results import Judgement
from schakel.validation.samples import WithThoseBelow, looked_at, reached
from schakel.validation.shacl_rust_engine import judge_parts
from schakel.validation.shapes_graph import ShapesGraph
from schakel.validation.slices import SUBCLASS, TYPE, classes_below, written

__all__ = ["judge_changed"]

_SUBPROPERTY: Final = written(RDFS.subPropertyOf)
# With such a statement shapes look at more, or less, than they did.
_FAR: Final = frozenset({SUBCLASS, _SUBPROPERTY})


def judge_changed(data: NTriples, shapes: Sequence[Triple], before: Judgement, changed: Collection[bytes]) -> Judgement | None:
    """Judge data that was judged before some of its statements were changed, of which changed_names() gave the names. None where all must be judged anew."""
    graph = ShapesGraph(shapes)
    parts = divide(graph)
    below = classes_below(data)
    names = {part: _names(graph, part, below) for part in parts if not part.is_off}
    seen = {part: each for part, each in names.items() if each is not None}
    if len(seen) < len(names) or not _FAR.isdisjoint(changed):
        return None
    speaking = {part: _speaking(graph, part) for part in seen}
    again = _with_those_that_share({part for part, each in seen.items() if not each.isdisjoint(changed)}, speaking)
    if not again:
        return before
    wanted = frozenset[bytes]().union(*(seen[part] for part in again))
    new = judge_parts(_only(data, wanted), graph, [part if part in again or part.is_off else switched_off(part) for part in parts])
    anew = {each for part in again for each in speaking[part]}
    kept = [result for result in before.results if result.shape not in anew]
    reasons = {shape: reason for shape, reason in before.by_reference.items() if NamedNode(shape) not in anew}
    return replace(before, results=(*kept, *new.results), by_reference={**reasons, **new.by_reference})


def _names(shapes: ShapesGraph, part: Part, below: WithThoseBelow) -> set[bytes] | None:
    """Give what a part looks at: predicates, and classes with those below them; None where that cannot be told."""
    named = looked_at(shapes, part, _nodes(shapes, part))
    if named is None:
        return None
    doubted = {each for doubt in part.doubts for each in (doubt.property, doubt.other) if each is not None}
    return below(map(written, named | doubted))


def _nodes(shapes: ShapesGraph, part: Part) -> Sequence[Term]:
    """Give the nodes of the shapes graph that make up a part: those of a target's own constraints are not those of its properties."""
    return reached(shapes, part, but=SH.property if part.is_own else None)


def _speaking(shapes: ShapesGraph, part: Part) -> frozenset[NamedNode]:
    """Give the shapes that results of a part can name."""
    return frozenset(each for each in _nodes(shapes, part) if isinstance(each, NamedNode))


def _with_those_that_share(touched: set[Part], speaking: Mapping[Part, Collection[NamedNode]]) -> set[Part]:
    """Add the parts whose results name the same shapes, and the own constraints of the same targets, without which shacl-rust does not see their properties."""
    again, before = set(touched), -1
    while before < len(again):
        before = len(again)
        shapes = {each for part in again for each in speaking[part]}
        targets = {part.target for part in again}
        again |= {part for part, named in speaking.items() if not shapes.isdisjoint(named) or (part.is_own and part.target in targets)}
    return again


def _only(data: NTriples, names: Collection[bytes]) -> list[bytes]:
    """Give of the data the statements of these predicates, and of membership in these classes."""
    wanted = {*names, *_FAR}
    all_types = TYPE in wanted

    def is_wanted(line: bytes) -> bool:
        _, predicate, rest = line.split(b" ", 2)
        return predicate in wanted if predicate != TYPE else all_types or rest[: -len(b" .\n")] in wanted

    return [filtered for piece in data if (filtered := b"".join([line for line in piece.splitlines(keepends=True) if is_wanted(line)]))]
