"""Which conclusions are worth having: the one place where that is decided.

OWL 2 RL concludes much that is true and tells nobody anything. Dropped are

1. what was stated already, or stands in the ontology;
2. what is said of a literal or a blank node, or leads to one that is blank (no blank node is published);
3. everything said of the ontology's own terms and concepts (a closure of the vocabulary is the vocabulary's business);
4. `owl:sameAs` from a thing to itself;
5. membership of `owl:Thing`, `rdfs:Resource` and the other classes of RDF, RDFS and OWL themselves;
6. predicates of RDF, RDFS and OWL other than `rdf:type` and `owl:sameAs`.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.namespaces import DCT, OWL, RDF, RDFS, SKOS

__all__ = ["axioms", "worth_having"]

# What leads to things and is an annotation all the same. Whatever leads to a text is one too, but for OWL's own terms (a cardinality, a value).
_ANNOTATIONS = frozenset(
    {RDFS.isDefinedBy, RDFS.seeAlso, SKOS.inScheme, SKOS.topConceptOf, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, DCT.license}
)
_LANGUAGE = (RDF.iri, RDFS.iri, OWL.iri)


def axioms(ontology: Iterable[Triple]) -> Iterator[Triple]:
    """Leave out labels, definitions, alignments and other annotations, of which nothing follows and which cost a reasoner most of its time."""
    return (
        triple
        for triple in ontology
        if triple.predicate not in _ANNOTATIONS and (not isinstance(triple.object, Literal) or triple.predicate.value.startswith(OWL.iri))
    )


def worth_having(concluded: Iterable[Triple], known: frozenset[Triple], ontology: Iterable[Triple]) -> set[Triple]:
    """Keep the conclusions that say something new about the things that the statements are about."""
    vocabulary = frozenset(ontology)
    terms = {triple.subject for triple in vocabulary}
    return {triple for triple in concluded if triple not in known and triple not in vocabulary and triple.subject not in terms and _tells_something(triple)}


def _tells_something(triple: Triple) -> bool:
    if not isinstance(triple.subject, NamedNode) or isinstance(triple.object, BlankNode):
        return False
    if triple.predicate == RDF.type:
        return isinstance(triple.object, NamedNode) and not triple.object.value.startswith(_LANGUAGE)
    if triple.predicate == OWL.sameAs:
        return triple.subject != triple.object
    return not triple.predicate.value.startswith(_LANGUAGE)
