"""SPARQL-based constraints: their queries with prefixes and path, checked for what SHACL forbids where variables are bound beforehand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from schakel.compile.shacl.graph import TRUE, ShapesGraph, sh
from schakel.compile.shacl.shapes import Constraint, Query, messages_of
from schakel.compile.shacl.tokens import tokens_of
from schakel.engine.spelling import parts_of
from schakel.errors import ShapeError

__all__ = ["query_of", "sparql_constraints"]

_COMPONENT: Final = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"
_FORBIDDEN: Final = frozenset({"MINUS", "VALUES", "SERVICE"})


def sparql_constraints(graph: ShapesGraph, node: str, path: str) -> Iterator[Constraint]:
    """Give the constraints of `sh:sparql` of a shape; `path` is its path as SPARQL has it, empty for a node shape."""
    for constraint in graph.objects(node, sh("sparql")):
        if TRUE in graph.objects(constraint, sh("deactivated")):
            continue
        query = query_of(graph, constraint, node, path, {})
        if query.is_ask:
            raise ShapeError(node, f"its constraint {constraint} has no sh:select")
        messages = messages_of(graph.objects(constraint, sh("message")))
        yield Constraint("sparql", _COMPONENT, {}, query=query, source=constraint, messages=messages)


def query_of(graph: ShapesGraph, origin: str, shape: str, path: str, bound: Mapping[str, str]) -> Query:
    """Give the query of a constraint or validator. Raises ShapeError where it is not what SHACL allows."""
    stated = [(name, text) for name in ("select", "ask") for text in graph.objects(origin, sh(name))]
    if len(stated) != 1 or not stated[0][1].startswith('"'):
        raise ShapeError(shape, f"{origin} must have one sh:select or one sh:ask, a text of SPARQL")
    [(form, spelled)] = stated
    text = parts_of(spelled).text
    before = {"this", *bound, *(("value",) if form == "ask" else ())}
    problem = _problem(text, before)
    if problem is not None:
        raise ShapeError(shape, f"the query of {origin} {problem}")
    if path:
        text = re.sub(r"[?$]PATH\b", lambda _: path, text)
    return Query(_prefixes(graph, origin, shape) + text, form == "ask", dict(bound))


def _prefixes(graph: ShapesGraph, origin: str, shape: str) -> str:
    """Write the prefixes that are declared for a query, those of imported ontologies too."""
    declared: dict[str, str] = {}
    ahead, seen = list(graph.objects(origin, sh("prefixes"))), set[str]()
    while ahead:
        ontology = ahead.pop(0)
        if ontology in seen:
            continue
        seen.add(ontology)
        ahead += graph.objects(ontology, "<http://www.w3.org/2002/07/owl#imports>")
        for declaration in graph.objects(ontology, sh("declare")):
            names, namespaces = graph.objects(declaration, sh("prefix")), graph.objects(declaration, sh("namespace"))
            if len(names) != 1 or len(namespaces) != 1:
                raise ShapeError(shape, f"a sh:declare of {ontology} has not one sh:prefix and one sh:namespace")
            prefix, namespace = parts_of(names[0]).text, parts_of(namespaces[0]).text
            if declared.setdefault(prefix, namespace) != namespace:
                raise ShapeError(shape, f"the prefix {prefix}: is declared for two namespaces")
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared.items())


def _tokens(text: str) -> list[str]:
    """Give the tokens of a query; words in capitals, variables with a question mark."""
    return [token.text.upper() if token.kind == "word" else f"?{token.text[1:]}" if token.kind == "variable" else token.text for token in tokens_of(text)]


def _problem(text: str, bound: Iterable[str]) -> str | None:
    """Tell what SHACL forbids in a query that some variables are bound for; https://www.w3.org/TR/shacl/#pre-binding."""
    tokens = _tokens(text)
    names = {f"?{name}" for name in bound}
    for number, token in enumerate(tokens):
        if token in _FORBIDDEN:
            return f"has {token}, which may not be where variables are bound beforehand"
        if token == "AS" and tokens[number + 1 : number + 2] and tokens[number + 1] in names:  # noqa: S105  # a token of SPARQL
            return f"gives {tokens[number + 1]}, which is bound beforehand, another value"
    selects = [number for number, token in enumerate(tokens) if token == "SELECT"]  # noqa: S105  # as above
    nested = selects if "ASK" in tokens[: selects[0] if selects else 0] else selects[1:]
    for start in nested:
        missing = names - _projected(tokens, start)
        if missing:
            return f"has a subquery that does not give {', '.join(sorted(missing))}, bound beforehand"
    return None


def _projected(tokens: list[str], start: int) -> set[str]:
    """Give the variables that a SELECT projects; of `*` those in its group that are not only in a FILTER."""
    opening = tokens.index("{", start) if "{" in tokens[start:] else len(tokens)
    head = tokens[start + 1 : opening]
    if "*" not in head:
        return {token for token in head if token.startswith("?")}
    found: set[str] = set()
    depth = brackets = 0
    for before, sign in pairwise(tokens[opening - 1 :]):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if brackets or (sign == "(" and before in {"FILTER", "HAVING"}):
            brackets += {"(": 1, ")": -1}.get(sign, 0)
        elif sign.startswith("?"):
            found.add(sign)
        if not depth:
            break
    return found
