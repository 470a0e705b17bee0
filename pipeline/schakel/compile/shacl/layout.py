"""Which shapes judge which nodes, and in which order: numbers for shapes, rules, paths and focus sets.

A *focus set* is the nodes that one or more shapes judge. It has *sources*: the targets that shapes declare, and the value nodes of property shapes that
refer to others. Shapes with the same sources share a set; so the property shapes of a node shape cost no set of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from schakel.compile.shacl.paths import Path, Step
from schakel.compile.shacl.shapes import Constraint, Shape, Shapes, Target

__all__ = ["Layout", "Rule", "Source", "lay_out"]

# A target, or the node of a property shape whose value nodes are meant.
Source: TypeAlias = Target | str


@dataclass(frozen=True)
class Rule:
    """A constraint of a shape, with a number that results have."""

    number: int
    shape: Shape
    constraint: Constraint


@dataclass
class Layout:
    """Numbers, all from 1, and levels. `ids` gives the ids of terms by their spelling."""

    shapes: Mapping[str, Shape]
    ids: Mapping[str, int]
    number: dict[str, int] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    sources: dict[Source, int] = field(default_factory=dict)
    sets: dict[frozenset[Source], int] = field(default_factory=dict)
    set_of: dict[str, int] = field(default_factory=dict)
    level_of_set: dict[int, int] = field(default_factory=dict)
    level_of_source: dict[Source, int] = field(default_factory=dict)
    height: dict[str, int] = field(default_factory=dict)
    # Paths of more than one step forwards, with the level at which they are followed; their code is the number below 0.
    computed: dict[tuple[Path, int], int] = field(default_factory=dict)

    def path_of(self, node: str) -> int:
        """Give the code of the path of a shape: the id of its property, 0 for a node shape, below 0 for any other path."""
        path = self.shapes[node].path
        if path is None:
            return 0
        if isinstance(path, Step) and not path.inverse:
            return self.ids[path.predicate]
        key = (path, self.level_of_set[self.set_of[node]])
        return -self.computed.setdefault(key, len(self.computed) + 1)

    def of_kind(self, kind: str) -> list[Rule]:
        """Give the rules of a kind."""
        return self._by_kind.get(kind, [])

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.constraint.kind, []).append(rule)
        return found

    @cached_property
    def asked(self) -> frozenset[str]:
        """Give the shapes of which others ask whether a node conforms, with the property shapes that these have."""
        ahead = [each for shape in self.shapes.values() for constraint in shape.constraints for each in (*constraint.shapes, *constraint.siblings)]
        return self._with_properties(ahead)

    @cached_property
    def reporting(self) -> frozenset[str]:
        """Give the shapes whose results are reported: those with targets, with the property shapes that these have."""
        return self._with_properties([node for node, shape in self.shapes.items() if shape.targets])

    def _with_properties(self, ahead: list[str]) -> frozenset[str]:
        found: set[str] = set()
        while ahead:
            node = ahead.pop()
            if node not in found:
                found.add(node)
                ahead += self.shapes[node].properties
        return frozenset(found)


def lay_out(shapes: Shapes, ids: Mapping[str, int]) -> Layout:
    """Give everything its number."""
    layout = Layout(shapes.by_node, ids)
    order = list(_parents_first(shapes.by_node))
    sources: dict[str, set[Source]] = {node: set(shapes.by_node[node].targets) for node in order}
    for node in order:
        shape = shapes.by_node[node]
        for child in dict.fromkeys(shape.references()):
            sources[child] |= sources[node] if shape.path is None else {node}
        of_node = frozenset(sources[node])
        for source in sorted(of_node, key=str):
            layout.sources.setdefault(source, len(layout.sources) + 1)
            above = layout.level_of_set[layout.set_of[source]] + 1 if isinstance(source, str) else 0
            layout.level_of_source[source] = above
        layout.set_of[node] = layout.sets.setdefault(of_node, len(layout.sets) + 1)
        layout.level_of_set[layout.set_of[node]] = max((layout.level_of_source[each] for each in of_node), default=0)
    for node in reversed(order):
        layout.height[node] = max((layout.height[child] + 1 for child in shapes.by_node[node].references()), default=0)
    for node, shape in shapes.by_node.items():
        layout.number[node] = len(layout.number) + 1
        layout.rules += [Rule(number, shape, each) for number, each in enumerate(shape.constraints, start=len(layout.rules) + 1)]
        layout.path_of(node)
    return layout


def _parents_first(shapes: Mapping[str, Shape]) -> Iterator[str]:
    """Order shapes so that each comes after all that refer to it; they do not refer to each other in circles."""
    waiting = dict.fromkeys(shapes, 0)
    for shape in shapes.values():
        for child in dict.fromkeys(shape.references()):
            waiting[child] += 1
    ahead = [node for node, number in waiting.items() if not number]
    while ahead:
        node = ahead.pop()
        yield node
        for child in dict.fromkeys(shapes[node].references()):
            waiting[child] -= 1
            if not waiting[child]:
                ahead.append(child)
