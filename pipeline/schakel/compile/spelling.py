"""Terms of a plan written as N-Triples writes them, exactly as schakel.engine.spelling does."""

from functools import reduce
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import NULL, Node, branches, case, concatenated, constant_of, matches, string
from schakel.compile.values import Value
from schakel.engine.relations import IRI, LITERAL
from schakel.engine.spelling import LANG_STRING, STRING, iri_spelling, literal_spelling

__all__ = ["spelled"]

# In the order in which signs must be replaced: the backslash first.
_SIGNS: Final = ("\\", *(chr(sign) for sign in (*range(1, 0x20), 0x22, 0x7F, 0xFFFE, 0xFFFF)))
_TO_ESCAPE: Final = r'["\\\x01-\x1f\x7f\x{FFFE}\x{FFFF}]'
_ESCAPED: Final = [(sign, literal_spelling(sign)[1:-1]) for sign in _SIGNS]


def spelled(value: Value) -> Node:
    """Give the spelling of a term; NULL where there is no value."""
    known = value.parts
    if known is not None and known.kind in {IRI, LITERAL}:
        return string(iri_spelling(known.text) if known.kind == IRI else literal_spelling(known.text, known.datatype or STRING, known.language or ""))
    if isinstance(value.text, exp.Null):
        return NULL
    if value.kind == exp.Literal.number(IRI):
        return _iri(value.text)
    if value.kind == exp.Literal.number(LITERAL):
        return _literal(value)
    blank = concatenated([string("_:"), value.text])
    return branches([(value.is_iri, _iri(value.text)), (value.is_literal, _literal(value))], blank)


def _iri(text: Node) -> Node:
    return concatenated([string("<"), text, string(">")])


def _literal(value: Value) -> Node:
    return concatenated([string('"'), _escaped(value.text), *_suffix(value)])


def _suffix(value: Value) -> list[Node]:
    """Write what is behind the text of a literal, its first quotation mark included."""
    datatype = constant_of(value.datatype)
    if datatype == STRING:
        return [string('"')]
    if datatype == LANG_STRING:
        return [string('"@'), value.language]
    typed = concatenated([string('"^^<'), value.datatype, string(">")])
    if datatype is not None:
        return [typed]
    several: list[tuple[Node, Node]] = [(value.is_simple, string('"'))]
    if not isinstance(value.language, exp.Null):
        several.append((value.is_tagged, concatenated([string('"@'), value.language])))
    return [branches(several, typed)]


def _escaped(text: Node) -> Node:
    known = constant_of(text)
    if known is not None:
        return string(literal_spelling(known)[1:-1])
    replaced = reduce(lambda node, signs: exp.Replace(this=node, expression=string(signs[0]), replacement=string(signs[1])), _ESCAPED, text)
    return case(matches(text, _TO_ESCAPE), replaced, text)
