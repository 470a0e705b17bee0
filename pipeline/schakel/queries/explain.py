"""How a query is understood: its patterns as SPARQL's algebra nests them, and how many statements each triple pattern meets."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rdflib import BNode, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from schakel.answers import Backend
from schakel.errors import QueryFailedError
from schakel.namespaces import curie

__all__ = ["explain"]

# What each operator of the algebra does to the rows below it, outermost first.
_OPERATORS: Final[Mapping[str, str]] = {
    "AggregateJoin": "aggregate",
    "Distinct": "leave out rows that came before",
    "Extend": "bind",
    "Filter": "keep the rows for which a condition holds",
    "Graph": "in each graph",
    "Group": "group",
    "Join": "join",
    "LeftJoin": "join where there is something to join (OPTIONAL)",
    "Minus": "leave out rows that match (MINUS)",
    "OrderBy": "sort",
    "Project": "keep the columns",
    "Reduced": "leave out some rows that came before",
    "Slice": "cut (LIMIT, OFFSET)",
    "ToMultiSet": "rows given (VALUES) or a query within",
    "Union": "either of (UNION)",
    "values": "rows given (VALUES)",
}


def explain(query: str, source: Backend, prefixes: Mapping[str, str], base: str) -> str:
    """Say how a query is understood, by rdflib's reading of it. What makes a query slow are patterns that meet many statements and share no variable.

    Raises QueryFailedError for a query that cannot be read, and what asking the source raises.
    """
    try:
        algebra = prepareQuery(query, base=base or None).algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises whatever pyparsing or its own code does; all of them mean "cannot be read"
        raise QueryFailedError(" ".join(str(error).split())) from None
    lines = [f"{algebra.name.removesuffix('Query').upper()}", *_lines(algebra.p, source, prefixes, base, 1)] if algebra.get("p") is not None else [algebra.name]
    return "\n".join([query.strip(), "", *lines])


def _lines(part: CompValue, source: Backend, prefixes: Mapping[str, str], base: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if part.name == "BGP":
        for triple in part.triples:
            pattern = " ".join(_written(term, prefixes, base) for term in triple)
            yield f"{indent}{pattern}   [{_count(triple, source):,} statements]"
        return
    yield f"{indent}{_OPERATORS.get(part.name, part.name)}{_detail(part)}"
    for key in ("p", "p1", "p2"):
        below = part.get(key)
        if isinstance(below, CompValue):
            yield from _lines(below, source, prefixes, base, depth + 1)


def _detail(part: CompValue) -> str:
    names: dict[str, Any] = {"Project": part.get("PV"), "Extend": [part.get("var")], "Graph": [part.get("term")]}
    named = [f"?{name}" if isinstance(name, Variable) else str(name) for name in names.get(part.name) or [] if name is not None]
    return f" {' '.join(named)}" if named else ""


def _count(triple: tuple[Node, Node, Node], source: Backend) -> int:
    """Count the statements that one pattern meets; a path counts the pairs that it joins."""
    pattern = " ".join(f"?v{place}" if isinstance(term, Variable | BNode) else term.n3() for place, term in enumerate(triple))
    term = source.select(f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}").rows[0][0]
    return int(getattr(term, "value", "0"))


def _written(term: Node, prefixes: Mapping[str, str], base: str) -> str:
    if isinstance(term, Variable | BNode):
        return f"?{term}"
    text = str(term)
    local = text.removeprefix(base) if base else text
    return f"<{local}>" if local != text else curie(text, prefixes) if curie(text, prefixes) != text else term.n3()
