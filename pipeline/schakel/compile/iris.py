"""IRIs made of texts: those that RFC 3986 would only append to the base are made by the plan, others over their distinct values."""

import re
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Node, any_of, branches, case, concatenated, constant_of, matches, negated, string
from schakel.compile.values import Scope, literal
from schakel.engine import functions
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import STRING, Parts

__all__ = ["resolved"]

# Signs of a segment, without the dot and the colon. A percent sign is no such sign, as what follows it would have to be looked at.
_SIGNS: Final = r"A-Za-z0-9_~!$&'()*+,;=@\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}\x{10000}-\x{1FFFD}-"
# Segments do not begin with a dot, so that there is no `.` or `..`; the first of a relative path has no colon, so that it is no scheme.
_TAIL: Final = rf"(?:/[{_SIGNS}][{_SIGNS}.:]*)*/?(?:#[{_SIGNS}.:/?]*)?\z"
_RELATIVE: Final = rf"^[{_SIGNS}][{_SIGNS}.]*{_TAIL}"
_ABSOLUTE: Final = rf"^[a-z][a-z0-9]*://[{_SIGNS}][{_SIGNS}.]*{_TAIL}"
_PATH_FIRST: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*/")
_SCHEME_FIRST: Final = re.compile(r"[a-z][a-z0-9]*://")


def resolved(text: Node, scope: Scope) -> Node:
    """Give the IRI that a text is, relative to the base of a scope; NULL where it is none."""
    known = constant_of(text)
    if known is not None:
        return _constant(known, scope)
    head = _head(text)
    regular: list[tuple[Node, Node]] = []
    if scope.base is not None and not _SCHEME_FIRST.match(head):
        folder = functions.call("IRI", [_text("x"), _text(scope.base)])
        if folder is not None:
            regular.append((matches(text, _RELATIVE), concatenated([string(folder.text[:-1]), text])))
    if not _PATH_FIRST.match(head):
        regular.append((matches(text, _ABSOLUTE), text))
    irregular = case(negated(any_of([condition for condition, _ in regular])), text)
    base = [] if scope.base is None else [literal(string(scope.base))]
    other = scope.lookup("IRI", [literal(irregular), *base]).text
    if isinstance(other, exp.Null) and len(regular) == 1:
        # Nothing is irregular, so nothing need be looked at.
        return regular[0][1]
    return branches(regular, other)


def _constant(text: str, scope: Scope) -> Node:
    found = functions.call("IRI", [_text(text), *([] if scope.base is None else [_text(scope.base)])])
    return exp.Null() if found is None else string(found.text)


def _text(text: str) -> Parts:
    return Parts(LITERAL, text, STRING)


def _head(text: Node) -> str:
    """Give the constant that a text begins with."""
    while isinstance(text, exp.DPipe | exp.Paren):
        text = text.this
    return constant_of(text) or ""
