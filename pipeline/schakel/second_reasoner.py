"""owlrl behind the seam of `schakel.infer`: a second opinion.

owlrl never looks at the last member of the lists of `owl:hasKey`, `owl:AllDifferent` and `owl:AllDisjointProperties`, and so may conclude what does not follow.
"""

from collections.abc import Sequence

from schakel.graph import from_ntriples
from schakel.inference.owlrl_engine import conclude as run_owlrl
from schakel.inference_result import Contradiction, Inference, Triple

__all__ = ["conclude"]


def conclude(data: Sequence[Triple], ontology: Sequence[Triple], missing_imports: tuple[str, ...]) -> Inference:
    """Give what owlrl concludes that is worth having, and what it says of contradictions."""
    found = run_owlrl([_lines(data)] if data else [], from_ntriples([_lines(ontology)]))
    triples = sorted((str(triple.subject), str(triple.predicate), str(triple.object)) for triple in from_ntriples(found.triples))
    contradictions = tuple(Contradiction(each.problem, (), (), ()) for each in found.contradictions)
    return Inference(tuple(triples), contradictions, len(contradictions), missing_imports=missing_imports)


def _lines(triples: Sequence[Triple]) -> bytes:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()
