"""The reasoner where none is chosen: Nemo, and owlrl for an ontology with an axiom that Nemo has no rule for."""

from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import Triple

from schakel.errors import UnsupportedAxiomError
from schakel.graph import NTriples
from schakel.inference import nemo_engine, owlrl_engine
from schakel.inference.conclusions import Conclusions, Once, each_time

__all__ = ["conclude"]


def conclude(statements: NTriples, ontology: Iterable[Triple], once: Once = each_time) -> Conclusions:
    """Give what Nemo concludes; what owlrl does, and why, where Nemo cannot."""
    everything = tuple(ontology)
    try:
        return nemo_engine.conclude(statements, everything, once)
    except UnsupportedAxiomError as unsupported:
        return replace(owlrl_engine.conclude(statements, everything, once), fallback=f"{unsupported.axiom}: {unsupported.problem}")
