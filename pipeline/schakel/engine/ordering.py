"""The order of ORDER BY, MIN and MAX: https://www.w3.org/TR/sparql11-query/#modOrderBy."""

from typing import Final

from schakel.engine.relations import BLANK, IRI, LITERAL
from schakel.engine.spelling import STRING, Parts
from schakel.engine.values import TEXT, value_of

__all__ = ["sort_key"]

# What has no value comes before blank nodes, those before IRIs, those before literals.
_RANKS: Final = {BLANK: "1", IRI: "2", LITERAL: "3"}
# Below all that may be in a key.
_SEPARATOR: Final = "\x01"


def sort_key(parts: Parts) -> str:
    """Give a text by which terms are sorted: literals of one kind by their values, and those that SPARQL does not order by their text.

    >>> sort_key(Parts(IRI, "x:a")) < sort_key(Parts(LITERAL, "9", "http://www.w3.org/2001/XMLSchema#integer"))
    True
    """
    if parts.datatype == STRING:
        space, key = TEXT, parts.text
    else:
        value = value_of(parts.text, parts.datatype or "")
        space, key = value.space or "", value.key or parts.text
    return _SEPARATOR.join([_RANKS[parts.kind], space, key, parts.text, parts.datatype or "", parts.language or ""])
