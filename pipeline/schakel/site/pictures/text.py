"""Labels: without the signs that a picture cannot hold, as wide as they will be, and in lines that fit."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from schakel.answers import shown
from schakel.graph import Term

__all__ = ["Label", "cleaned", "label_of", "width", "wrapped"]

_JOINERS: Final = frozenset("\u200c\u200d")
# Controls, signs that turn the direction of text, halves of signs, and places of Unicode that hold none: XML forbids most, and nobody sees the rest.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
_ELLIPSIS: Final = "…"
# Nobody reads more of it, and a page should not carry more of it in a tooltip.
_LONGEST: Final = 600

# How wide a sign is, in hundredths of the size of the font: rather more than common sans-serif fonts need, so that what fits here fits everywhere.
_NARROW: Final = frozenset("ijl.,:;'’‘|!()[]{} tfrI/\\-·")
_BROAD: Final = frozenset("mwMW@%—…ÆŒæœ&")
_NARROW_WIDTH, _USUAL, _CAPITAL, _BROAD_WIDTH, _FULL = 40, 60, 74, 98, 110


@dataclass(frozen=True)
class Label:
    """What something is called, and the language that it says it is in."""

    text: str
    language: str | None = None

    def __bool__(self) -> bool:
        return bool(self.text)


def cleaned(text: str) -> str:
    r"""Put a text on one line, without signs that nobody sees or XML cannot hold; a very long one is cut.

    >>> cleaned("one\ttwo\u202ethree\x00")
    'one twothree'
    """
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + _ELLIPSIS
    if not (cut.isascii() and cut.isprintable()):
        cut = "".join(sign for sign in cut if sign.isspace() or sign in _JOINERS or unicodedata.category(sign) not in _DROPPED)
    return " ".join(cut.split())


def label_of(term: Term | None, instead: Term | None = None) -> Label:
    """Give the label that a term is; what it names in short form where it is no text, and likewise `instead` where there is none.

    >>> label_of(ox.Literal("vuurtoren", language="nl"))
    Label(text='vuurtoren', language='nl')
    """
    if isinstance(term, ox.Literal):
        text = cleaned(term.value)
        if text:
            return Label(text, term.language)
        term = None
    if term is None:
        return Label("") if instead is None else label_of(instead)
    return Label(cleaned(shown(term)))


def width(text: str, size: int) -> int:
    """Tell how wide a text is at a size of font, in pixels, rounded up."""
    return -(-sum(map(_sign_width, text)) * size // 100)


def _sign_width(sign: str) -> int:
    if sign in _NARROW:
        return _NARROW_WIDTH
    if sign in _BROAD:
        return _BROAD_WIDTH
    if sign.isascii():
        return _CAPITAL if sign.isupper() else _USUAL
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(sign) in {"W", "F"}:
        return _FULL
    return _CAPITAL if unicodedata.category(sign) == "Ll" else _BROAD_WIDTH


def wrapped(text: str, most: int, size: int, lines: int) -> tuple[str, ...]:
    """Break a text into lines no wider than `most`, at blanks and hyphens where it can; what does not fit into them ends in an ellipsis.

    >>> wrapped("Trust of the Lighthouses", 90, 12, 2)
    ('Trust of the', 'Lighthouses')
    >>> wrapped("Trust of the Lighthouses", 90, 12, 1)
    ('Trust of the…',)
    """
    made: list[str] = []
    rest = text
    while rest and len(made) < lines:
        # However narrow a line is, it takes a sign.
        end = max(_fitting(rest, most, size), 1)
        if end < len(rest):
            end = _break_before(rest, end)
        made.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest and made:
        made[-1] = _ending(made[-1], most, size)
    return tuple(made)


def _fitting(text: str, most: int, size: int) -> int:
    """Count the signs that fit."""
    taken, room = 0, most * 100 // size
    for number, sign in enumerate(text):
        taken += _sign_width(sign)
        if taken > room:
            return number
    return len(text)


def _break_before(text: str, end: int) -> int:
    """Move an end back to where a word ends; not where that would leave less than a third of the line."""
    for number in range(end, end // 3, -1):
        if text[number] == " " or text[number - 1] in " -–/":
            return number
    return end


def _ending(line: str, most: int, size: int) -> str:
    room = most - width(_ELLIPSIS, size)
    return line[: _fitting(line, room, size)].rstrip() + _ELLIPSIS
