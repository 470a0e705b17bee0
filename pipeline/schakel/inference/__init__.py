"""What follows: the ontology's axioms applied to the statements, by one of several engines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.errors import UnknownNameError
from schakel.graph import NTriples
from schakel.inference import owlrl_engine
from schakel.inference.conclusions import Conclusions, Contradiction

__all__ = ["ENGINES", "Conclusions", "Contradiction", "Engine", "engine_named", "infer"]

# An engine takes statements and ontology, and gives the conclusions that are new and worth having, with the contradictions it met.
Engine: TypeAlias = Callable[[NTriples, Iterable[Triple]], Conclusions]

ENGINES: Final[Mapping[str, Engine]] = {
    "owlrl": owlrl_engine.conclude,
}


def engine_named(name: str) -> Engine:
    """Give the engine of a name. Raises UnknownNameError where there is none."""
    if name not in ENGINES:
        raise UnknownNameError("reasoner", name, list(ENGINES))
    return ENGINES[name]


def infer(statements: NTriples, ontology: Iterable[Triple], *, engine: str = "owlrl") -> Conclusions:
    """Give the triples that follow by OWL 2 RL from statements and ontology, are new, and are worth having; and the contradictions found.

    What is worth having is defined in `schakel.inference.worth`. Raises UnknownNameError for an engine that does not exist.
    """
    return engine_named(engine)(statements, tuple(ontology))
