"""What a reasoner gives back, the same from every engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Triple

from schakel.graph import NTriples

__all__ = ["Conclusions", "Contradiction", "Once", "each_time"]


@dataclass(frozen=True)
class Contradiction:
    """Statements that cannot all be true: what is wrong with them, in words, and which they are, where the engine tells."""

    problem: str
    statements: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Conclusions:
    """The triples that follow, are new and worth having, in sorted pieces, each once; and the contradictions.

    `fallback` says why another engine reasoned than the one tried first; it is empty where none did.
    """

    triples: NTriples
    contradictions: tuple[Contradiction, ...] = ()
    fallback: str = ""


# How an engine makes its conclusions: given a digest of all that they depend on, and what makes them. Whoever keeps conclusions gives those of the same digest.
Once: TypeAlias = Callable[[str, Callable[[], Conclusions]], Conclusions]


def each_time(_: str, make: Callable[[], Conclusions]) -> Conclusions:
    """Keep nothing: conclude each time."""
    return make()
