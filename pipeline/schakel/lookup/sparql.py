"""The few pieces that the queries are built of. What came from outside enters a query as a term that Oxigraph serialised, never as text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from schakel.namespaces import PREFIXES

__all__ = ["HEADER", "blocks", "values"]

HEADER: Final = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("dct", "oa", "prov", "rdf", "rdfs", "sk", "skos"))

# So many terms are asked about at once: few queries, and none so long that a server refuses it.
_BLOCK = 400


def values(variable: str, terms: Iterable[NamedNode]) -> str:
    """Bind a variable to each of the terms.

    >>> values("entity", [NamedNode("https://example.org/a")])
    'VALUES ?entity { <https://example.org/a> }'
    """
    return f"VALUES ?{variable} {{ {' '.join(map(str, terms))} }}"


def blocks(terms: Iterable[NamedNode]) -> Iterator[Sequence[NamedNode]]:
    """Give the terms, each once and in order, in blocks that fit in a query."""
    rest = iter(sorted(set(terms), key=lambda term: term.value))
    while block := tuple(islice(rest, _BLOCK)):
        yield block
