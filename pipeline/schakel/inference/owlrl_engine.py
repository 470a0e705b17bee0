"""The reference reasoner: owlrl, the OWL 2 RL rules by forward chaining over an rdflib graph.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, as implemented by owlrl.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import pyoxigraph as ox
from pyoxigraph import Triple

from schakel.cache import key_of
from schakel.graph import NTriples, from_ntriples
from schakel.inference.conclusions import Conclusions, Contradiction, Once, each_time
from schakel.inference.worth import axioms, worth_having
from schakel.ntriples import piece_of, to_lines

__all__ = ["conclude"]


def conclude(statements: NTriples, ontology: Iterable[Triple], once: Once = each_time) -> Conclusions:
    """Give what owlrl concludes that is new and worth having, with the contradictions it met."""
    everything = tuple(ontology)
    return once(key_of(statements, "\n".join(sorted(map(str, everything)))), lambda: _conclusions(statements, everything))


def _conclusions(statements: NTriples, everything: Sequence[Triple]) -> Conclusions:
    # Imported where it is used: most runs reason with another engine.
    import rdflib  # noqa: PLC0415
    from owlrl.OWLRL import OWLRL_Semantics  # noqa: PLC0415

    from schakel.rdflib_copies import to_rdflib  # noqa: PLC0415

    known = frozenset(from_ntriples(statements))
    # A store without contexts: a closure has no use for them, and takes about a quarter less time without.
    graph = to_rdflib(chain(known, axioms(everything)), rdflib.Graph("SimpleMemory"))
    stated = set(graph)
    closure = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    closure.closure()
    new = rdflib.Graph()
    for triple in graph:
        # On its way owlrl also puts literals in the place of subjects; such triples are no RDF.
        if triple not in stated and not isinstance(triple[0], rdflib.Literal) and isinstance(triple[1], rdflib.URIRef):
            new.add(triple)
    concluded = (quad.triple for quad in ox.parse(new.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES))
    piece = piece_of(to_lines(worth_having(concluded, known, everything)))
    return Conclusions([piece] if piece else [], tuple(map(Contradiction, sorted(set(closure.error_messages)))))
