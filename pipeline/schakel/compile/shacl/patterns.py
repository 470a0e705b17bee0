"""Regular expressions of XPath, which `sh:pattern` has, as Python's: what both have alike, what is rewritten, and the rest refused."""

import re
from typing import Final

__all__ = ["PatternError", "compile_pattern"]


class PatternError(Exception):
    """An expression is not well-formed, or has what Python has no like of; the text says what."""


_TOKEN: Final = re.compile(r"\\(?:[pP]\{[^}]*\}|.)|\[|\]|\(\?|[.$^]|[^\\\[\]().$^]+|[()]", re.DOTALL)
# Escapes that mean another set of characters in Python; within a class in brackets only those that can be spelled there.
_SPACE: Final = r" \t\n\r"
_OUTSIDE: Final = {"s": f"[{_SPACE}]", "S": f"[^{_SPACE}]", "d": r"\d", "D": r"\D"}
_INSIDE: Final = {"s": _SPACE, "d": r"\d", "D": r"\D"}
_LITERAL: Final = frozenset("nrt\\|.?*+(){}-[]^$")


def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """Translate an expression. Raises PatternError."""
    unknown = set(flags) - set("smixq")
    if unknown:
        raise PatternError(f"no flag is called {', '.join(sorted(unknown))}")
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    text = re.sub(r"[ \t\n\r]+", "", pattern) if "x" in flags else pattern
    try:
        return re.compile(_translated(text, flags), options)
    except re.error as error:
        raise PatternError(str(error)) from None


def _translated(pattern: str, flags: str) -> str:
    written: list[str] = []
    depth = 0
    for token in _TOKEN.findall(pattern):
        if token[0] == "\\":
            written.append(_escape(token, inside=depth > 0))
        elif token == "[":
            if depth:
                raise PatternError("a class of characters within another")
            depth += 1
            written.append(token)
        elif token == "]":
            depth = max(0, depth - 1)
            written.append(token)
        elif token == "(?":
            raise PatternError("“(?” opens nothing in XPath") if not depth else PatternError("“(?” in a class of characters")
        elif depth:
            written.append(token)
        else:
            written.append(_sign(token, flags))
    return "".join(written)


def _escape(token: str, *, inside: bool) -> str:
    name = token[1:]
    if name in _LITERAL:
        return token
    found = (_INSIDE if inside else _OUTSIDE).get(name)
    if found is None:
        raise PatternError(f"{token} is not supported")
    return found


def _sign(token: str, flags: str) -> str:
    match token:
        case ".":
            return r"[\s\S]" if "s" in flags else r"[^\n\r]"
        case "$":
            return r"(?=\n|\Z)" if "m" in flags else r"\Z"
        case "^":
            return r"(?:\A|(?<=\n))" if "m" in flags else r"\A"
        case _:
            return token
