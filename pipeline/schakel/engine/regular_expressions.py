r"""Regular expressions of XPath and XQuery, which SPARQL and SHACL use, as expressions of Python.

They are applied to distinct texts, once for all executors: the engines underneath differ from the standard and from each other. What is not in the standard
is refused by name: look-around, named groups, possessive quantifiers, `\b` and the like; and so are the blocks of Unicode (`\p{IsGreek}`).
"""

import re
from collections.abc import Callable
from typing import Final

from schakel.engine.pattern_parsing import RegularExpressionError, translate

__all__ = ["FLAGS", "RegularExpressionError", "matcher", "replacer"]

FLAGS: Final = "smixq"


def matcher(pattern: str, flags: str = "") -> Callable[[str], bool]:
    """Give a function that tells whether a pattern matches somewhere in a text; raises RegularExpressionError.

    >>> matcher("^a.c$", "i")("ABC")
    True
    """
    compiled = _compiled(pattern, flags)
    return lambda text: compiled.search(text) is not None


def replacer(pattern: str, replacement: str, flags: str = "") -> Callable[[str], str]:
    r"""Give a function that replaces each match in a text; raises RegularExpressionError, also for a pattern that matches an empty text.

    >>> replacer("(a)(b)?", r"[$1|$2|\$]")("ab-a")
    '[a|b|$]-[a||$]'
    """
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        raise RegularExpressionError(pattern, 0, "it matches the empty text, so there is no telling what to replace")
    parts = [replacement] if "q" in flags else _replacement(replacement, compiled.groups)
    return lambda text: compiled.sub(lambda found: "".join(part if isinstance(part, str) else found[part] or "" for part in parts), text)


def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    unknown = sorted(set(flags) - set(FLAGS))
    if unknown:
        raise RegularExpressionError(flags, flags.index(unknown[0]), f"“{unknown[0]}” is no flag; flags are s, m, i, x and q")
    try:
        return re.compile(translate(pattern, flags))
    except (re.error, OverflowError, RecursionError) as error:
        raise RegularExpressionError(pattern, 0, f"it cannot be compiled: {error}") from None


def _replacement(replacement: str, groups: int) -> list[str | int]:
    """Take a replacement apart, into texts and numbers of groups."""
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        sign, following = replacement[position], replacement[position + 1 : position + 2]
        if sign == "\\":
            if following not in {"\\", "$"}:
                raise RegularExpressionError(replacement, position, "a backslash stands before another, or before a dollar sign")
            parts.append(following)
            position += 2
        elif sign == "$":
            number, position = _group(replacement, position + 1, groups)
            parts.append(number if number <= groups else "")
        else:
            parts.append(sign)
            position += 1
    return parts


def _group(replacement: str, position: int, groups: int) -> tuple[int, int]:
    """Read the number of a group: as many digits as make one that there is."""
    end = position + 1
    if replacement[position:end] not in set("0123456789"):
        raise RegularExpressionError(replacement, position - 1, "a dollar sign stands before the number of a group; for the sign itself, write \\$")
    while replacement[end : end + 1] in set("0123456789") and int(replacement[position : end + 1]) <= groups:
        end += 1
    return int(replacement[position:end]), end
