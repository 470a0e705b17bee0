"""owlrl behind the seam of `schakel.infer`: a second opinion.

owlrl never looks at the last member of the lists of `owl:hasKey`, `owl:AllDifferent` and `owl:AllDisjointProperties`, and so may conclude what does not follow.
Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, as implemented by owlrl.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import rdflib
from owlrl.OWLRL import OWLRL_Semantics

from schakel.inference_result import Contradiction, Inference, Triple
from schakel.namespaces import DCT, OWL, RDF, RDFS, SKOS
from schakel.rdf_terms import rdflib_spelled, rdflib_term

__all__ = ["axioms", "conclude"]

# What leads to things and is an annotation all the same. Whatever leads to a text is one too, except OWL's own terms (a cardinality, a value).
_ANNOTATIONS: Final = frozenset(
    map(
        str,
        (
            *(RDFS.isDefinedBy, RDFS.seeAlso, SKOS.inScheme, SKOS.topConceptOf, DCT.license),
            *(SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
        ),
    )
)
_OWL: Final = f"<{OWL.iri}"
_LANGUAGE: Final = (f"<{RDF.iri}", f"<{RDFS.iri}", _OWL)
_TYPE: Final = str(RDF.type)
_SAME: Final = str(OWL.sameAs)


def conclude(data: Sequence[Triple], ontology: Sequence[Triple], missing_imports: tuple[str, ...] = ()) -> Inference:
    """Give what owlrl concludes that is new and says something about things, and what it says of contradictions."""
    # A store without contexts: a closure has no use for them, and takes about a quarter less time without.
    graph = rdflib.Graph("SimpleMemory")
    for subject, predicate, value in (*data, *axioms(ontology)):
        graph.add((rdflib_term(subject), rdflib_term(predicate), rdflib_term(value)))
    stated = set(graph)
    closure = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    closure.closure()
    # On its way owlrl also puts literals in the place of subjects; such triples are no RDF.
    new = [triple for triple in graph if triple not in stated and not isinstance(triple[0], rdflib.Literal) and isinstance(triple[1], rdflib.URIRef)]
    triples = _about_things(((rdflib_spelled(s), rdflib_spelled(p), rdflib_spelled(o)) for s, p, o in new), data, ontology)
    contradictions = tuple(Contradiction(problem, (), (), ()) for problem in sorted(set(closure.error_messages)))
    return Inference(tuple(sorted(triples)), contradictions, len(contradictions), missing_imports=missing_imports)


def axioms(ontology: Iterable[Triple]) -> Iterator[Triple]:
    """Leave out annotations, of which nothing follows and which cost a reasoner most of its time."""
    return (triple for triple in ontology if triple[1] not in _ANNOTATIONS and (not triple[2].startswith('"') or triple[1].startswith(_OWL)))


def _about_things(concluded: Iterable[Triple], data: Sequence[Triple], ontology: Sequence[Triple]) -> set[Triple]:
    """Keep the conclusions that say something new about the things that the statements are about."""
    known = {*data, *ontology}
    terms = {subject for subject, _, _ in ontology}
    return {triple for triple in concluded if triple not in known and triple[0] not in terms and _says_something(*triple)}


def _says_something(subject: str, predicate: str, value: str) -> bool:
    if not subject.startswith("<") or value.startswith("_:"):
        return False
    if predicate == _TYPE:
        return value.startswith("<") and not value.startswith(_LANGUAGE)
    if predicate == _SAME:
        return subject != value
    return not predicate.startswith(_LANGUAGE)
