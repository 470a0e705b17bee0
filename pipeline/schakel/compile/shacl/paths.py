"""Property paths: read from the shapes graph, written as SPARQL, and turned into automata that follow all paths of a graph at once.

An automaton is that of Glushkov: a state for each predicate of the path, no transition without a predicate. Its transitions are rows, so the paths of
a hundred shapes are one table, and one fixpoint finds the value nodes of all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schakel.compile.shacl.graph import FIRST, ShapesGraph, sh

__all__ = ["Alternative", "Automaton", "Path", "PathError", "Repeat", "Sequence", "Step", "automaton", "predicates_of", "read_path", "sparql_path"]


class PathError(Exception):
    """What is given as a path is no well-formed property path; the text says why."""


@dataclass(frozen=True)
class Step:
    """One predicate, followed from subject to object or backwards."""

    predicate: str
    inverse: bool = False


@dataclass(frozen=True)
class Sequence:
    """Paths one after the other."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True)
class Alternative:
    """Any of several paths."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True)
class Repeat:
    """A path followed never, once, or, where it is `many`, any number of times; `optional` allows never."""

    path: "Path"
    optional: bool
    many: bool


Path: TypeAlias = Step | Sequence | Alternative | Repeat

# Operators with one path: is never allowed, is more than once.
_REPEATS: Final = {"zeroOrMorePath": (True, True), "oneOrMorePath": (False, True), "zeroOrOnePath": (True, False)}
_SIGNS: Final = {(True, True): "*", (False, True): "+", (True, False): "?"}


def read_path(graph: ShapesGraph, node: str, *, inverse: bool = False, above: frozenset[str] = frozenset()) -> Path:
    """Read the path that a node describes. Raises PathError for what is no path.

    A node that is both a list and something else is taken as the list, as the test suite of the W3C has it.
    """
    if node.startswith("<") and not graph.objects(node, FIRST):
        return Step(node, inverse)
    if node in above:
        raise PathError("it leads back to itself")
    above |= {node}
    if graph.objects(node, FIRST):
        members = [read_path(graph, each, inverse=inverse, above=above) for each in _items(graph, node)]
        return Sequence(tuple(reversed(members) if inverse else members))
    operators = [name for name in ("inversePath", "alternativePath", *_REPEATS) if graph.objects(node, sh(name))]
    values = [value for name in operators for value in graph.objects(node, sh(name))]
    if len(values) != 1:
        raise PathError("it is neither a property, nor a list, nor a node with one sh:inversePath, sh:alternativePath, sh:zeroOrMorePath or the like")
    match operators[0]:
        case "inversePath":
            return read_path(graph, values[0], inverse=not inverse, above=above)
        case "alternativePath":
            return Alternative(tuple(read_path(graph, each, inverse=inverse, above=above) for each in _items(graph, values[0])))
        case name:
            return Repeat(read_path(graph, values[0], inverse=inverse, above=above), *_REPEATS[name])


def _items(graph: ShapesGraph, head: str) -> list[str]:
    members = graph.items(head)
    if members is None or len(members) < 2:  # noqa: PLR2004  # the specification wants two
        raise PathError("a list in it is not well-formed, or has fewer than two members")
    return members


def predicates_of(path: Path) -> Iterator[str]:
    """Give the predicates of a path, as spelled."""
    match path:
        case Step():
            yield path.predicate
        case Repeat():
            yield from predicates_of(path.path)
        case Sequence() | Alternative():
            for each in path.paths:
                yield from predicates_of(each)


def sparql_path(path: Path) -> str:
    """Write a path in SPARQL.

    >>> sparql_path(Sequence((Step("<x:a>"), Repeat(Step("<x:b>", inverse=True), optional=True, many=True))))
    '<x:a>/(^<x:b>)*'
    """
    match path:
        case Step():
            return f"^{path.predicate}" if path.inverse else path.predicate
        case Repeat():
            return f"({sparql_path(path.path)}){_SIGNS[path.optional, path.many]}"
        case Sequence():
            return "/".join(_bracketed(each) for each in path.paths)
        case Alternative():
            return "|".join(_bracketed(each) for each in path.paths)


def _bracketed(path: Path) -> str:
    return f"({sparql_path(path)})" if isinstance(path, Sequence | Alternative) else sparql_path(path)


@dataclass
class Automaton:
    """States are numbered from 0, each with the step that leads into it; `nullable` where the path may have no step at all."""

    steps: list[Step] = field(default_factory=list)
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    nullable: bool = False
    follow: set[tuple[int, int]] = field(default_factory=set)


_Ends: TypeAlias = tuple[frozenset[int], frozenset[int], bool]


def automaton(path: Path) -> Automaton:
    """Turn a path into its automaton."""
    made = Automaton()
    made.first, made.last, made.nullable = _ends(path, made)
    return made


def _ends(path: Path, made: Automaton) -> _Ends:
    """Add the states and transitions of a path; give its first states, its last ones, and whether it may be empty."""
    match path:
        case Step():
            made.steps.append(path)
            state = frozenset({len(made.steps) - 1})
            return state, state, False
        case Repeat():
            first, last, nullable = _ends(path.path, made)
            if path.many:
                made.follow.update((before, after) for before in last for after in first)
            return first, last, nullable or path.optional
        case Alternative():
            ends = [_ends(each, made) for each in path.paths]
            return frozenset().union(*(each[0] for each in ends)), frozenset().union(*(each[1] for each in ends)), any(each[2] for each in ends)
        case Sequence():
            first, last, nullable = _ends(path.paths[0], made)
            for each in path.paths[1:]:
                next_first, next_last, next_nullable = _ends(each, made)
                made.follow.update((before, after) for before in last for after in next_first)
                first = first | next_first if nullable else first
                last = last | next_last if next_nullable else next_last
                nullable = nullable and next_nullable
            return first, last, nullable
