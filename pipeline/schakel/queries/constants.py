r"""What a query computes of its parameters alone, put where it is used: not every store lets a pattern that may be left out see what was bound before it.

>>> query = 'SELECT ?name { BIND(CONCAT(?__lang, " *") AS ?all) ?s ?p ?o OPTIONAL { ?s ?q ?name FILTER(CONTAINS(?all, LANG(?name))) } }'
>>> in_place(query, {"__lang": Literal("nl")})
'SELECT ?name {  ?s ?p ?o OPTIONAL { ?s ?q ?name FILTER(CONTAINS("nl *", LANG(?name))) } }'
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

import pyoxigraph as ox
from pyoxigraph import Literal

from schakel.graph import Term
from schakel.queries.text import masked

__all__ = ["in_place"]

_BIND = re.compile(r"\bBIND\s*(?=\()", re.IGNORECASE)
_AS = re.compile(r"\bAS\s+[?$](\w+)\s*$", re.IGNORECASE)
_SELECT = re.compile(r"\bSELECT\b", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")


class _Bind(NamedTuple):
    """A BIND: where it begins and ends, what it computes, and the variable that it binds."""

    start: int
    end: int
    expression: str
    name: str


def in_place(query: str, values: Mapping[str, Literal]) -> str:
    """Put what each BIND in the outermost pattern computes of these values alone in the place of its variable.

    A variable stays that stands outside of the pattern, as in the columns or the order, or in a query within the query.
    """
    for bind in _binds(query):
        value = _computed(bind.expression, values)
        uses = [use.span() for use in _VARIABLE.finditer(masked(query)) if use[1] == bind.name]
        if value is None or not all(_replaceable(query, start) for start, _ in uses):
            continue
        for start, end in reversed(uses):
            within = bind.start <= start < bind.end
            query = query[: bind.start] + query[bind.end :] if within else f"{query[:start]}{value}{query[end:]}"
        return in_place(query, values)
    return query


def _binds(query: str) -> Iterator[_Bind]:
    bare = masked(query)
    for found in _BIND.finditer(bare):
        end = _closing(bare, found.end())
        named = _AS.search(bare, found.end() + 1, end - 1)
        if named is not None and bare.count("{", 0, found.start()) - bare.count("}", 0, found.start()) == 1:
            yield _Bind(found.start(), end, query[found.end() + 1 : named.start()], named[1])


def _computed(expression: str, values: Mapping[str, Literal]) -> Term | None:
    """Compute an expression; None where it has other variables, or no value."""
    names = set(_VARIABLE.findall(masked(expression)))
    if not names or not names <= values.keys():
        return None
    bound = " ".join(f"BIND({values[name]} AS ?{name})" for name in sorted(names))
    try:
        (solution,) = cast("ox.QuerySolutions", ox.Store().query(f"SELECT ({expression} AS ?computed) {{ {bound} }}"))
    except (SyntaxError, ValueError):
        return None  # of prefixes, say, which are not known here
    return cast("Term | None", solution["computed"])


def _replaceable(query: str, place: int) -> bool:
    """Tell whether a place is in the pattern of a query, and in no query within it."""
    bare = masked(query)
    opened = bare.index("{")
    inner = (found.start() for found in _SELECT.finditer(bare, opened))
    return opened < place < _closing(bare, opened) and not any(start < place < _closing(bare, bare.rindex("{", 0, start)) for start in inner)


def _closing(bare: str, opened: int) -> int:
    """Tell where the bracket that opens there ends."""
    depth = 0
    for place in range(opened, len(bare)):
        depth += (bare[place] in "({") - (bare[place] in ")}")
        if depth == 0:
            return place + 1
    return len(bare)
