"""Property paths: what a path of SPARQL, or of SHACL, is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode

__all__ = ["AlternativePath", "InversePath", "NegatedPropertySet", "OneOrMorePath", "Path", "SequencePath", "ZeroOrMorePath", "ZeroOrOnePath", "properties_of"]


@dataclass(frozen=True, slots=True)
class InversePath:
    """A path from object to subject."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class SequencePath:
    """Two or more paths, one after the other."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True, slots=True)
class AlternativePath:
    """Two or more paths of which one is followed."""

    paths: "tuple[Path, ...]"


@dataclass(frozen=True, slots=True)
class ZeroOrMorePath:
    """A path followed any number of times; duplicates are not counted."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class OneOrMorePath:
    """A path followed at least once; duplicates are not counted."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class ZeroOrOnePath:
    """A path followed once or not at all; duplicates are not counted."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class NegatedPropertySet:
    """One step by any property but those listed: forward, and backward where `backward` lists any."""

    forward: tuple[NamedNode, ...]
    backward: tuple[NamedNode, ...] = ()


Path: TypeAlias = NamedNode | InversePath | SequencePath | AlternativePath | ZeroOrMorePath | OneOrMorePath | ZeroOrOnePath | NegatedPropertySet


def properties_of(path: Path) -> Iterator[NamedNode]:
    """Give the properties that a path names, in order."""
    match path:
        case NamedNode():
            yield path
        case NegatedPropertySet():
            yield from path.forward
            yield from path.backward
        case SequencePath() | AlternativePath():
            for each in path.paths:
                yield from properties_of(each)
        case _:
            yield from properties_of(path.path)
