"""What a reasoner gives back, the same from every engine."""

from dataclasses import dataclass

from pyoxigraph import Triple

from schakel.graph import NTriples

__all__ = ["Conclusions", "Contradiction"]


@dataclass(frozen=True)
class Contradiction:
    """Statements that cannot all be true: what is wrong with them, in words, and which they are, where the engine tells."""

    problem: str
    statements: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Conclusions:
    """The triples that follow, are new and worth having, in order, each once; and the contradictions.

    `fallback` says why another engine reasoned than the one tried first; it is empty where none did.
    """

    triples: NTriples
    contradictions: tuple[Contradiction, ...] = ()
    fallback: str = ""
