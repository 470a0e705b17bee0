"""The canned queries as RDF, in the terms that editors and assistants for SPARQL look for: executables of SHACL, the question as a comment, keywords.

The conventions are those of https://github.com/sib-swiss/sparql-examples, but for blank nodes, in whose place stand IRIs, and for the address of an endpoint:
a publication has none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.namespaces import DCT, RDF, RDFS, SH, XSD, Namespace
from schakel.publish.documents import spelled_triples, turtle
from schakel.queries import CannedQuery

__all__ = ["describe_queries", "examples_file"]

# Those who gather examples look for keywords in this namespace, not in that of the data.
_SCHEMA: Final = Namespace("https://schema.org/")
_HEAD: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")


def examples_file(about: About, queries: Sequence[CannedQuery]) -> bytes:
    """Write `queries/examples.ttl`."""
    known = {prefix: namespace for prefix, namespace in about.prefixes.items() if prefix != "schema"}
    return turtle(spelled_triples(describe_queries(about, queries)), about.base, {**known, "schema": _SCHEMA.iri})


def describe_queries(about: About, queries: Iterable[CannedQuery]) -> Iterator[Triple]:
    """Give what is said of each query, `<base>queries/<name>`, and of the prefixes that they all may use."""
    # No query can be called index, so that no query's IRI is that of the prefixes.
    index = f"{about.base}queries/index"
    prefixes = NamedNode(f"{index}#prefixes")
    for prefix, namespace in sorted(about.prefixes.items()):
        declaration = NamedNode(f"{index}#prefix-{prefix}")
        yield Triple(prefixes, SH.declare, declaration)
        yield Triple(declaration, RDF.type, SH.PrefixDeclaration)
        yield Triple(declaration, SH.prefix, Literal(prefix))
        yield Triple(declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI))
    for query in queries:
        node = NamedNode(f"{about.base}queries/{query.name}")
        yield Triple(node, SH.prefixes, prefixes)
        yield from _described(node, query, about)


def _described(node: NamedNode, query: CannedQuery, about: About) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SH.SPARQLExecutable)
    yield Triple(node, RDF.type, SH.SPARQLSelectExecutable)
    yield Triple(node, SH.select, Literal(_standing_alone(query.text, about.base)))
    for language, text in sorted(query.title.items()):
        yield Triple(node, RDFS.comment, Literal(text, language=language))
    for language, text in sorted(query.description.items()):
        yield Triple(node, DCT.description, Literal(text, language=language))
    for keyword in sorted({query.category, *query.tags}):
        yield Triple(node, _SCHEMA.keywords, Literal(keyword))
    yield Triple(node, DCT.license, NamedNode(about.licence))


def _standing_alone(text: str, base: str) -> str:
    """Give the SPARQL without its head, which is told otherwise here, and with the base where the query names things below it."""
    sparql = _HEAD.sub("", text, count=1).strip() + "\n"
    return sparql if _complete(sparql) else f"BASE <{base}>\n{sparql}"


def _complete(sparql: str) -> bool:
    """Tell whether a query can be read where no base is known."""
    try:
        ox.Store().query(sparql)
    except SyntaxError:
        return False
    return True
