"""What follows: the ontology's axioms applied to the statements, by one of several engines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.errors import UnknownNameError
from schakel.graph import NTriples
from schakel.inference import auto_engine, nemo_engine, owlrl_engine
from schakel.inference.conclusions import Conclusions, Contradiction, Once, each_time
from schakel.inference.profile import rules
from schakel.inference.proofs import Proof, explain, explain_all
from schakel.inference.rule import Atom, Constraint, Rule, Variable
from schakel.inference.rule_file import rule_file
from schakel.inference.telling import in_words

__all__ = [
    "ENGINES",
    "Atom",
    "Conclusions",
    "Constraint",
    "Contradiction",
    "Engine",
    "Once",
    "Proof",
    "Rule",
    "Variable",
    "engine_named",
    "explain",
    "explain_all",
    "in_words",
    "infer",
    "rule_file",
    "rules",
]

# An engine takes statements and ontology, and gives the conclusions that are new and worth having, with the contradictions it met. It makes them by the third.
Engine: TypeAlias = Callable[[NTriples, Iterable[Triple], Once], Conclusions]

ENGINES: Final[Mapping[str, Engine]] = {
    "auto": auto_engine.conclude,
    "nemo": nemo_engine.conclude,
    "owlrl": owlrl_engine.conclude,
}


def engine_named(name: str) -> Engine:
    """Give the engine of a name. Raises UnknownNameError where there is none."""
    if name not in ENGINES:
        raise UnknownNameError("reasoner", name, list(ENGINES))
    return ENGINES[name]


def infer(statements: NTriples, ontology: Iterable[Triple], *, engine: str = "auto", once: Once = each_time) -> Conclusions:
    """Give the triples that follow by OWL 2 RL from statements and ontology, are new, and are worth having; and the contradictions found.

    With `once` conclusions are kept by whoever asks, as `schakel.inference.conclusions` says. What is worth having is defined in
    `schakel.inference.worth`. Raises UnknownNameError for an engine that does not exist, and UnsupportedAxiomError where the engine is "nemo" and has no
    rule for an axiom.
    """
    return engine_named(engine)(statements, tuple(ontology), once)
