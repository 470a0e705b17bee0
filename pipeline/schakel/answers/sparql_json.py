"""Answers as SPARQL 1.1 Query Results JSON, which keeps the terms whole; and back."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import BaseDirection, BlankNode, NamedNode, Triple

from schakel.answers.answer import Answer
from schakel.graph import Term
from schakel.namespaces import XSD

__all__ = ["answer_from_json", "boolean_from_json", "write_json", "write_terms_once"]

_Json: TypeAlias = dict[str, Any]

_PARTS = ("subject", "predicate", "object")


def write_json(answer: Answer) -> bytes:
    r"""Write the terms with all that they have, one row a line.

    >>> from pyoxigraph import Literal
    >>> print(write_json(Answer(("name",), ((Literal("Brandaris", language="nl"),),))).decode(), end="")
    {"head":{"vars":["name"]},"results":{"bindings":[
    {"name":{"type":"literal","value":"Brandaris","xml:lang":"nl"}}
    ]}}
    """
    rows = (_dumped({column: _written(term) for column, term in zip(answer.columns, row, strict=True) if term is not None}) for row in answer.rows)
    body = ",\n".join(rows)
    return f'{{"head":{{"vars":{_dumped(answer.columns)}}},"results":{{"bindings":[\n{body}\n]}}}}\n'.encode()


def write_terms_once(answer: Answer) -> bytes:
    r"""Write each term once, and rows as the places of their terms in that list, -1 where there is none: a tenth of an answer that repeats its terms.

    >>> from pyoxigraph import Literal
    >>> print(write_terms_once(Answer(("a", "b"), ((Literal("x"), None), (Literal("x"), Literal("x"))))).decode(), end="")
    {"vars":["a","b"],"terms":[
    {"type":"literal","value":"x"}
    ],"rows":[[0,-1],[0,0]]}
    """
    places: dict[Term | None, int] = {None: -1}
    rows = [[places.setdefault(term, len(places) - 1) for term in row] for row in answer.rows]
    terms = ",\n".join(_dumped(_written(term)) for term in places if term is not None)
    return f'{{"vars":{_dumped(answer.columns)},"terms":[\n{terms}\n],"rows":{_dumped(rows)}}}\n'.encode()


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _written(term: Term) -> _Json:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Triple():
            return {"type": "triple", "value": {part: _written(getattr(term, part)) for part in _PARTS}}
    written: _Json = {"type": "literal", "value": term.value}
    if term.language:
        # The language says that it is a text; its datatype would say so again.
        written["xml:lang"] = term.language
        if term.direction:
            written["its:dir"] = term.direction.value
    elif term.datatype != XSD.string:
        written["datatype"] = term.datatype.value
    return written


def answer_from_json(content: bytes) -> Answer:
    """Read the answer to a SELECT, also as older endpoints write it: `typed-literal` for a literal, names of blank nodes that SPARQL does not know.

    Raises ValueError, which says where, for what is none.

    >>> content = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "typed-literal", "datatype": "%s", "value": "7"}}]}}'
    >>> answer_from_json(content % b"http://www.w3.org/2001/XMLSchema#integer")[0]
    {'n': 7}
    """
    # Not Oxigraph's parser: a term nested deep enough would end the process, and what endpoints really send is wider than what it takes.
    try:
        document = json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    match document:
        case {"boolean": bool()}:
            raise ValueError("it is the answer to an ASK, yes or no; the answer to a SELECT was expected")
        case {"head": {"vars": [*columns]}, "results": {"bindings": [*rows]}} if all(isinstance(column, str) for column in columns):
            names = tuple(cast("list[str]", columns))
            if len(set(names)) < len(names):
                raise ValueError("it names a column twice")
            return Answer(names, tuple(_row(number, row, names) for number, row in enumerate(rows, start=1)))
    raise ValueError("it is not SPARQL Query Results JSON")


def boolean_from_json(content: bytes) -> bool:
    """Read the answer to an ASK.

    Raises ValueError for what is none.
    """
    match json.loads(content):
        case {"boolean": bool(truth)}:
            return truth
    raise ValueError("it is not the answer to an ASK, yes or no")


def _row(number: int, row: object, columns: tuple[str, ...]) -> tuple[Term | None, ...]:
    try:
        if not isinstance(row, dict) or not row.keys() <= set(columns):
            raise ValueError("it is not an object of the columns that the head names")  # noqa: TRY301  # the content is wrong, not a type of ours
        return tuple(_read(row.get(column)) for column in columns)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"row {number}: {error}") from error


def _read(written: _Json | None) -> Term | None:
    if written is None:
        return None
    read = _READERS.get(written.get("type", "")) if isinstance(written, dict) else None
    if read is None or "value" not in written:
        raise ValueError(f"{str(written)[:100]} is not a term")
    return read(written["value"], written)


def _iri(value: str, _: _Json) -> NamedNode:
    return NamedNode(value)


def _blank_node(name: str, _: _Json) -> BlankNode:
    """Keep the name, or make one that stands for it: Virtuoso's `nodeID://b1` is not one that SPARQL can write."""
    try:
        return BlankNode(name)
    except ValueError:
        return BlankNode(f"x{name.encode().hex()}")


def _literal(text: str, written: _Json) -> ox.Literal:
    if not isinstance(text, str):
        raise TypeError(f"{text} stands where a text should")  # Oxigraph would make a number of it
    if language := written.get("xml:lang"):
        direction = written.get("its:dir")
        return ox.Literal(text, language=language, direction=BaseDirection(direction) if direction else None)
    datatype = written.get("datatype")
    return ox.Literal(text, datatype=NamedNode(datatype) if datatype else None)


def _triple(parts: _Json, _: _Json) -> Triple:
    subject, predicate, third = (_read(parts[part]) for part in _PARTS)
    return Triple(cast("NamedNode", subject), cast("NamedNode", predicate), cast("Term", third))


_READERS: Mapping[str, Callable[[Any, _Json], Term]] = {
    "uri": _iri,
    "bnode": _blank_node,
    "literal": _literal,
    "typed-literal": _literal,
    "triple": _triple,
}
