"""Terms of rdflib and spellings of N-Triples, each made of the other with lexical form and tag as they are.

A module of its own, as rdflib takes a tenth of a second to import, which nobody should wait for who needs none of it.
"""

import rdflib

from schakel.engine.spelling import STRING, literal_spelling, parts_of

__all__ = ["rdflib_spelled", "rdflib_term"]


def rdflib_term(spelled: str) -> rdflib.term.Node:
    """Make a term of rdflib.

    >>> rdflib_term('"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    rdflib.term.Literal('1.50', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#decimal'))
    """
    parts = parts_of(spelled)
    if spelled.startswith("<"):
        return rdflib.URIRef(parts.text)
    if spelled.startswith("_:"):
        return rdflib.BNode(parts.text)
    if parts.language:
        return rdflib.Literal(parts.text, lang=parts.language)
    return rdflib.Literal(parts.text, datatype=None if parts.datatype == STRING else rdflib.URIRef(parts.datatype or ""), normalize=False)


def rdflib_spelled(term: object) -> str:
    """Spell a term of rdflib. Raises ValueError for what is no term of RDF.

    >>> rdflib_spelled(rdflib.Literal("a", lang="en-GB"))
    '"a"@en-GB'
    """
    match term:
        case rdflib.URIRef():
            return f"<{term}>"
        case rdflib.BNode():
            return f"_:{term}"
        case rdflib.Literal():
            return literal_spelling(str(term), str(term.datatype or STRING), term.language or "")
    raise ValueError(f"no term of RDF: {term!r}")
