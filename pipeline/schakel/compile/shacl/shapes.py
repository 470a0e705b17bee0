"""Shapes and their constraints as they are read from the shapes graph."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schakel.compile.shacl.paths import Path, predicates_of
from schakel.engine.spelling import parts_of

__all__ = ["Constraint", "Idle", "Messages", "Query", "Shape", "Shapes", "Target", "Warnings", "messages_of"]

# Texts with their language tags, "" for a text without one; sorted.
Messages: TypeAlias = tuple[tuple[str, str], ...]
# What does nothing, and probably should.
Warnings: TypeAlias = "tuple[Idle, ...]"


@dataclass(frozen=True)
class Idle:
    """Something in the shapes graph that has no effect: `kind` says what (`term`, `class`, `import`), `near` names what was probably meant."""

    kind: str
    shape: str
    term: str
    near: str | None = None


@dataclass(frozen=True)
class Target:
    """Which nodes a shape judges: `kind` is class, node, subjectsOf or objectsOf."""

    kind: str
    term: str


@dataclass(frozen=True)
class Query:
    """A SPARQL query of a constraint, with its prefixes declared and its path filled in.

    `bound` are the parameters of its component by name of variable. A validator that is an ASK is asked for each value node; a SELECT for each focus node.
    """

    text: str
    is_ask: bool
    bound: Mapping[str, str]

    def __hash__(self) -> int:
        return hash((self.text, self.is_ask, tuple(self.bound.items())))


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape: which kind of rule judges it, and the component that results name.

    `parameters` are the values of the component's parameters by local name, as spelled; the members of a list where a parameter is one.
    `shapes` are those that it refers to, `siblings` those that a disjoint qualified value shape must not conform to.
    """

    kind: str
    component: str
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    query: Query | None = None
    source: str | None = None
    messages: Messages = ()

    def parameter(self, name: str) -> str:
        """Give the value of a parameter that has one."""
        return self.parameters[name][0]

    def number(self, name: str) -> int:
        """Give the value of a parameter that is a whole number."""
        return int(parts_of(self.parameter(name)).text)


@dataclass(frozen=True)
class Shape:
    """A node shape, or, with a path, a property shape; `path_node` is the node of the shapes graph that describes the path."""

    node: str
    path: Path | None
    path_node: str | None
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple[str, ...]
    severity: str
    messages: Messages
    names: Messages

    def references(self) -> Iterator[str]:
        """Give the shapes that this one refers to."""
        yield from self.properties
        for constraint in self.constraints:
            yield from constraint.shapes
            yield from constraint.siblings


@dataclass(frozen=True)
class Shapes:
    """All shapes that judge something, by node: those with targets and those that they refer to."""

    by_node: Mapping[str, Shape]
    warnings: Warnings = ()

    def constants(self) -> set[str]:
        """Give every term that plans name, as spelled, for the dictionary."""
        found: set[str] = set()
        for shape in self.by_node.values():
            found.update(target.term for target in shape.targets)
            found.update(predicates_of(shape.path) if shape.path is not None else ())
            for constraint in shape.constraints:
                found.update(term for name in constraint.parameters for term in constraint.parameters[name])
        return found


def messages_of(literals: Iterable[str]) -> Messages:
    """Give texts with their tags."""
    parts = [parts_of(each) for each in literals if each.startswith('"')]
    return tuple(sorted((each.language or "", each.text) for each in parts))
