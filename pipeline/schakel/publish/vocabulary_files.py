"""The ontology by itself, as the addresses of its terms lead to it: without the data, and beside the page that explains it."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from schakel.about import About
from schakel.publish.documents.jsonld import document
from schakel.publish.documents.jsonld_context import context_for
from schakel.publish.documents.lines import turtle
from schakel.publish.survey import survey
from schakel.ntriples import piece_of, to_lines

__all__ = ["vocabulary_files"]


def vocabulary_files(about: About, vocabulary: Iterable[Triple]) -> Iterator[tuple[str, bytes]]:
    """Give `ontology.ttl`, `ontology.nt` and `ontology.jsonld`, of triples without blank nodes; nothing where there is no ontology."""
    statements = piece_of(to_lines(vocabulary))
    if not statements:
        return
    yield "ontology.nt", statements
    yield "ontology.ttl", turtle(statements, about.base, about.prefixes)
    yield "ontology.jsonld", document(statements, context_for(survey(statements, about.base, about.prefixes), about.base, about.prefixes))
