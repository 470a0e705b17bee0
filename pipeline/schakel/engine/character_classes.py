"""Sets of characters as XPath's regular expressions name them, as sorted ranges of code points."""

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

from schakel.engine.texts import NAME_CHAR, NAME_START

__all__ = ["ANY", "NOT_LINE_END", "Ranges", "case_variants", "complement", "escape_class", "property_class", "subtract", "union", "written"]

# Pairs of the first and the last code point; neither overlapping nor touching, in order.
Ranges: TypeAlias = tuple[tuple[int, int], ...]

ANY: Final[Ranges] = ((0, sys.maxunicode),)
_CATEGORIES: Final = frozenset(
    major + minor
    for major, minors in {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}.items()
    for minor in ("", *minors)
)
# Where Unicode assigns characters or plans to: planes 0 to 3, and 14. Of those between nothing is assigned, and those after are for private use, but for
# the last two code points of each. Letters of two cases are in the first two planes.
_ASSIGNED: Final = (range(0x40000), range(0xE0000, 0xF0000))
_UNASSIGNED: Final = ((0x40000, 0xDFFFF), (0xFFFFE, 0xFFFFF), (0x10FFFE, 0x10FFFF))
_PRIVATE: Final = ((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_CASED: Final = range(0x20000)


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Join ranges."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    """Give what ranges leave out."""
    starts = [0, *(last + 1 for _, last in ranges)]
    ends = [*(first - 1 for first, _ in ranges), sys.maxunicode]
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start <= end)


def subtract(ranges: Ranges, others: Ranges) -> Ranges:
    """Give what is in some ranges, and not in others."""
    return complement(union((*complement(ranges), *others)))


NOT_LINE_END: Final = complement(((0x0A, 0x0A), (0x0D, 0x0D)))


@cache
def escape_class(letter: str) -> Ranges | None:
    r"""Give the set of `\s`, `\d`, `\w`, `\i`, `\c`, or of one in upper case, which is the rest; None for another letter."""
    if letter.isupper():
        inner = escape_class(letter.lower())
        return None if inner is None else complement(inner)
    if letter == "w":
        return complement(union(each for name in "PZC" for each in property_class(name) or ()))
    if letter == "d":
        return property_class("Nd")
    named = {"s": " \t\n\r", "i": NAME_START, "c": NAME_CHAR}.get(letter)
    return None if named is None else _spelled(named)


def _spelled(ranges: str) -> Ranges:
    """Read the inside of a bracket expression whose only escape is that of the hyphen."""
    signs = ranges.replace(r"\-", "")
    found = [(ord("-"), ord("-"))] if signs != ranges else []
    while signs:
        is_range = signs[1:2] == "-"
        found.append((ord(signs[0]), ord(signs[2] if is_range else signs[0])))
        signs = signs[3 if is_range else 1 :]
    return union(found)


@cache
def property_class(name: str) -> Ranges | None:
    """Give the characters of a general category of Unicode; None where there is none of that name."""
    if name not in _CATEGORIES:
        return None
    rest = [*(_UNASSIGNED if "Cn".startswith(name) else ()), *(_PRIVATE if "Co".startswith(name) else ())]
    return union([*((sign, sign) for signs in _ASSIGNED for sign in signs if unicodedata.category(chr(sign)).startswith(name)), *rest])


def case_variants(ranges: Ranges) -> Ranges:
    """Add to a set what differs from one of its characters in case alone."""
    variants = _variants()
    found = [(each, each) for sign, others in variants.items() if any(first <= sign <= last for first, last in ranges) for each in others]
    return union((*ranges, *found))


@cache
def _variants() -> dict[int, tuple[int, ...]]:
    """Group the characters that have one upper or one lower case in common."""
    groups: dict[str, list[int]] = {}
    for sign in _CASED:
        character = chr(sign)
        for folded in {character.lower(), character.upper()}:
            if folded != character and len(folded) == 1:
                groups.setdefault(folded, [ord(folded)]).append(sign)
    found: dict[int, set[int]] = {}
    for group in groups.values():
        for sign in group:
            found.setdefault(sign, set()).update(group)
    return {sign: tuple(sorted(others - {sign})) for sign, others in found.items()}


def written(ranges: Ranges) -> str:
    """Write a set as a bracket expression of Python's regular expressions, which takes no notice of flags."""
    if not ranges:
        return "(?!)"
    inside = "".join(f"{_sign(first)}-{_sign(last)}" if last > first else _sign(first) for first, last in ranges)
    return f"[{inside}]"


def _sign(sign: int) -> str:
    return f"\\U{sign:08x}"
