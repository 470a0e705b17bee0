"""The colours of the pages: a default set in light and dark, what a project puts in their place, and whether text in them can be read."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["DARK", "LIGHT", "PAIRS", "contrast", "read_colours", "unreadable"]

# Text, and what it is written on. Custom properties of the style sheets have the same names.
LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ink": "#18242b",
        "muted": "#51606a",
        "line": "#d8e0e3",
        "paper": "#fcfdfc",
        "card": "#ffffff",
        "soft": "#eef4f3",
        "accent": "#0a5f5a",
        "accent-ink": "#ffffff",
        "mark": "#fff0b3",
        "warn": "#824600",
        "bad": "#a11226",
        "belongs": "#0a5f5a",
        "owns": "#7d5200",
        "works": "#35568a",
        "board": "#6b3f8c",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ink": "#e7edef",
        "muted": "#a7b5bc",
        "line": "#32404a",
        "paper": "#11181c",
        "card": "#182126",
        "soft": "#192628",
        "accent": "#79d3c6",
        "accent-ink": "#062420",
        "mark": "#5a4a10",
        "warn": "#f0b060",
        "bad": "#ff9aa6",
        "belongs": "#79d3c6",
        "owns": "#e2b468",
        "works": "#a3bdec",
        "board": "#cda9ee",
    }
)
_TEXT: Final = 4.5
# Graphic signs, as the lines before a way of working together: WCAG 2.2, 1.4.11.
_SIGN: Final = 3.0
_GROUNDS: Final = ("paper", "card", "soft")
# What is read on what, and the least contrast that WCAG 2.2 asks for (1.4.3, 1.4.11).
PAIRS: Final = (
    *((text, ground, _TEXT) for text in ("ink", "muted", "accent", "warn", "bad") for ground in _GROUNDS),
    *((way, ground, _SIGN) for way in ("belongs", "owns", "works", "board") for ground in _GROUNDS),
    ("ink", "mark", _TEXT),
    ("accent-ink", "accent", _TEXT),
)
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
# Relative luminance by WCAG 2.2: the share of red, green and blue.
_SHARES: Final = (0.2126, 0.7152, 0.0722)
_LINEAR_BELOW: Final = 0.04045


def contrast(first: str, second: str) -> float:
    """Give the contrast of two colours as WCAG defines it, from 1 to 21.

    >>> contrast("#000000", "#ffffff"), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(share * part for share, part in zip(_SHARES, linear, strict=True))


def unreadable(colours: Mapping[str, str]) -> Iterator[str]:
    """Name the pairs of colours whose contrast is too small, with what it is and what it has to be."""
    for text, ground, least in PAIRS:
        found = contrast(colours[text], colours[ground])
        if found < least:
            yield f"{text} on {ground} has a contrast of {found:.1f} to 1, and needs {least} to 1"


def read_colours(value: object, default: Mapping[str, str]) -> Mapping[str, str]:
    """Read a table of colours that take the place of the default ones.

    Raises ValueError, with what was expected, where a name or a colour is none, or text in it could not be read.
    """
    given = value if isinstance(value, dict) else {"": ""}
    if not all(name in default and isinstance(colour, str) and _HEX.fullmatch(colour) for name, colour in given.items()):
        raise ValueError(f'colours as in {{ accent = "#7a1f5c" }}, of {", ".join(default)}')
    colours = {**default, **given}
    problems = list(unreadable(colours))
    if problems:
        raise ValueError(f"readable: {'; '.join(problems)}")
    return MappingProxyType(colours)
