"""What follows: the ontology's axioms applied to the statements, by one of several engines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.errors import UnknownNameError
from schakel.inference import owlrl_engine
from schakel.inference.worth import axioms, worth_having

__all__ = ["ENGINES", "Conclusions", "infer"]

Conclusions: TypeAlias = tuple[set[Triple], list[str]]

# An engine takes statements and ontology, and gives everything that it concludes of them, with the contradictions it met, in words.
ENGINES: Final[Mapping[str, Callable[[Iterable[Triple], Iterable[Triple]], Conclusions]]] = {
    "owlrl": owlrl_engine.conclude,
}


def infer(statements: Iterable[Triple], ontology: Iterable[Triple], *, engine: str = "owlrl") -> Conclusions:
    """Give the triples that follow by OWL 2 RL from statements and ontology, are new, and are worth having; and the contradictions found.

    What is worth having is defined in `schakel.inference.worth`. Raises UnknownNameError for an engine that does not exist.
    """
    if engine not in ENGINES:
        raise UnknownNameError("reasoner", engine, list(ENGINES))
    known = frozenset(statements)
    everything = tuple(ontology)
    concluded, contradictions = ENGINES[engine](known, axioms(everything))
    return worth_having(concluded, known, everything), contradictions
