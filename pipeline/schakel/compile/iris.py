"""IRIs made of texts: those that RFC 3986 would only append to the base are made by the plan, others over their distinct values."""

import re
from functools import cache
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Node, any_of, branches, case, concatenated, constant_of, matches, negated, string
from schakel.compile.values import Facts, Scope, Value, literal
from schakel.engine import functions
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import STRING, Parts

__all__ = ["PATH", "SEGMENT", "is_path", "is_segment", "resolved"]

# Signs of a segment, without the dot and the colon. A percent sign is no such sign, as what follows it would have to be looked at.
_BEYOND_ASCII: Final = r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}\x{10000}-\x{1FFFD}"
_SIGNS: Final = rf"A-Za-z0-9_~!$&'()*+,;=@{_BEYOND_ASCII}\-"
# Segments do not begin with a dot, so that there is no `.` or `..`; the first of a relative path has no colon, so that it is no scheme.
_TAIL: Final = rf"(?:/[{_SIGNS}][{_SIGNS}.:]*)*/?(?:#[{_SIGNS}.:/?]*)?\z"
_RELATIVE: Final = rf"^[{_SIGNS}][{_SIGNS}.]*{_TAIL}"
_ABSOLUTE: Final = rf"^[a-z][a-z0-9]*://[A-Za-z0-9][A-Za-z0-9.-]*{_TAIL}"
# Texts that may be one segment, wherever a segment may be, and several; the tilde, which no scheme and no authority has, can mean one in a skeleton.
SEGMENT: Final = rf"^[{_SIGNS}][{_SIGNS}.]*\z"
PATH: Final = rf"^[{_SIGNS}][{_SIGNS}.]*(?:/[{_SIGNS}][{_SIGNS}.]*)*\z"


def _in_python(pattern: str) -> str:
    """Write a pattern of RE2 and Java as Python has it."""
    return re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: rf"\U{int(found[1], 16):08X}", pattern).removesuffix(r"\z") + r"\Z"


_PATH_FIRST: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*/")
_SCHEME_FIRST: Final = re.compile(r"[a-z][a-z0-9]*://")


@cache
def _matcher(pattern: str, *, in_ascii: bool) -> re.Pattern[str]:
    """Compile a pattern as Python has it; for texts in ASCII without the signs beyond it, which take ten times as long to compile."""
    return re.compile(_in_python(pattern.replace(_BEYOND_ASCII, "") if in_ascii else pattern))


def _matches(pattern: str, text: str) -> bool:
    return _matcher(pattern, in_ascii=text.isascii()).match(text) is not None


def is_segment(text: str) -> bool:
    """Tell whether a text is one segment."""
    return _matches(SEGMENT, text)


def is_path(text: str) -> bool:
    """Tell whether a text is one segment or more."""
    return _matches(PATH, text)


def resolved(value: Value, scope: Scope) -> Node:
    """Give the IRI that a text is, relative to the base of a scope; NULL where it is none."""
    text, skeleton = value.text, value.facts.skeleton or ""
    known = constant_of(text)
    if known is not None:
        return _constant(known, scope)
    folder = _folder(scope)
    if folder is not None and _matches(_RELATIVE, skeleton):
        return concatenated([string(folder), text])
    if _matches(_ABSOLUTE, skeleton):
        return text
    return _examined(value, folder, scope)


def _examined(value: Value, folder: str | None, scope: Scope) -> Node:
    """Look at each text, whether it is regular."""
    text = value.text
    head = _head(text)
    regular: list[tuple[Node, Node]] = []
    if folder is not None and not _SCHEME_FIRST.match(head):
        regular.append((matches(text, _RELATIVE), concatenated([string(folder), text])))
    if not _PATH_FIRST.match(head):
        regular.append((matches(text, _ABSOLUTE), text))
    irregular = case(negated(any_of([condition for condition, _ in regular])), text)
    base = [] if scope.base is None else [literal(string(scope.base), facts=Facts.of(scope.base))]
    other = scope.lookup("IRI", [literal(irregular, facts=value.facts.in_part()), *base]).text
    if isinstance(other, exp.Null) and len(regular) == 1:
        # Nothing is irregular, so nothing need be looked at.
        return regular[0][1]
    return branches(regular, other)


def _folder(scope: Scope) -> str | None:
    """Give what a regular relative path is appended to."""
    found = None if scope.base is None else functions.call("IRI", [_text("x"), _text(scope.base)])
    return None if found is None else found.text[:-1]


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
