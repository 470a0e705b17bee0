"""Copies of triples as rdflib has them, for the engines that read nothing else.

A module of its own, as rdflib takes a tenth of a second to import, which nobody should wait for who needs none of it.
"""

from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib.term import Node

from schakel.graph import Term

__all__ = ["to_rdflib"]


def _to_rdflib_term(term: Term) -> Node:
    """Copy one term, lexical form and all."""
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal():
            return rdflib.Literal(term.value, lang=term.language) if term.language else rdflib.Literal(term.value, datatype=_datatype(term), normalize=False)
    message = f"rdflib has no triple terms: {term}"
    raise TypeError(message)


def _datatype(literal: ox.Literal) -> rdflib.URIRef | None:
    datatype = literal.datatype.value
    return None if datatype == str(rdflib.XSD.string) else rdflib.URIRef(datatype)


def to_rdflib(triples: Iterable[Triple], into: rdflib.Graph | None = None) -> rdflib.Graph:
    """Copy triples into an rdflib graph: into the one given, or a new one."""
    graph = rdflib.Graph() if into is None else into
    for triple in triples:
        graph.add((_to_rdflib_term(triple.subject), _to_rdflib_term(triple.predicate), _to_rdflib_term(triple.object)))
    return graph
