r"""What a query may not be, seen before any parser sees it: too long, too deep, or one that changes, loads, or asks another machine.

>>> graphs_asked("SELECT * FROM <https://e.org/a> FROM NAMED e:b { ?s ?p ?o } # FROM <https://e.org/c>".replace("SEL", "PREFIX e: <https://e.org/> SEL"), "x:")
['https://e.org/a', 'https://e.org/b']
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from schakel.errors import QueryRefusedError
from schakel.queries.text import depth_of, form_of, masked, unescaped, unsafe

__all__ = ["check_graphs", "check_query", "graphs_asked"]

# Each of these may take a parser one step deeper, though no bracket is open.
_STEP: Final = re.compile(r"[!^|/+*=<>&.;,-]|\b(?:UNION|OPTIONAL|MINUS|FILTER|EXISTS|GRAPH|BIND|VALUES|IN)\b", re.IGNORECASE)
_MOST_STEPS: Final = 1000
# Programs ask the same again and again; what was found of their queries is remembered of so many.
_REMEMBERED: Final = 128
_FROM: Final = re.compile(r"(?<![\w:?$@\-])FROM(?![\w\-])(?:\s+NAMED(?![\w\-]))?", re.IGNORECASE)
_IRI: Final = re.compile(r"(?:\s|#[^\n\r]*(?:[\n\r]|$))*(?:<([^<>\"{}|^`\\\x00-\x20]*)>|([A-Za-z][\w.-]*)?:([\w.%-]*))")
_DECLARED: Final = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", re.IGNORECASE)
_BASE: Final = re.compile(r"\bBASE\s*<([^<>]*)>", re.IGNORECASE)


@lru_cache(maxsize=_REMEMBERED)
def check_query(query: str, length: int, depth: int) -> str:
    """Give the form of a query that may be asked: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises QueryRefusedError.
    """
    if len(query) > length:
        raise QueryRefusedError("length", f"A query may have {length:,} characters.")
    if "\0" in query:
        raise QueryRefusedError("form", "The query holds a sign that no text has.")
    if depth_of(query) > depth or depth_of(unescaped(query)) > depth:
        raise QueryRefusedError("depth", f"Brackets may be nested {depth} deep.")
    if sum(1 for _ in _STEP.finditer(masked(query))) > _MOST_STEPS:
        raise QueryRefusedError("depth", f"A query may have {_MOST_STEPS:,} operators.")
    word = unsafe(query)
    if word is not None:
        raise QueryRefusedError("reach", f"{word} is not allowed: queries read this dataset, and ask nobody else.")
    form = form_of(query)
    if form is None:
        raise QueryRefusedError("form", "It is none of SELECT, ASK, CONSTRUCT and DESCRIBE.")
    return form


def graphs_asked(query: str, base: str) -> list[str | None]:
    """Name the graphs that a query takes its dataset from; None stands for one whose name cannot be told."""
    return list(_graphs_asked(query, base))


@lru_cache(maxsize=_REMEMBERED)
def _graphs_asked(query: str, base: str) -> tuple[str | None, ...]:
    bare = masked(query)
    declared = dict(_DECLARED.findall(query))
    bases = _BASE.findall(query)
    start = urljoin(base, bases[0]) if bases else base
    found: list[str | None] = []
    for match in _FROM.finditer(bare):
        named = _IRI.match(query, match.end())
        if named is None or len(bases) > 1:
            found.append(None)
        elif named[1] is not None:
            found.append(urljoin(start, named[1]) if named[1] else start)
        else:
            prefix = declared.get(named[2] or "")
            found.append(None if prefix is None else urljoin(start, prefix) + named[3])
    return tuple(found)


def check_graphs(graphs: Iterable[str | None], known: Collection[str]) -> None:
    """Let a query be asked of graphs of the dataset alone: nothing is fetched.

    Raises QueryRefusedError.
    """
    for graph in graphs:
        if graph is None or graph not in known:
            raise QueryRefusedError("reach", "FROM, default-graph-uri and named-graph-uri may name graphs of this dataset alone; nothing is fetched.")
