"""A passage of a page: written as its first and last words, found by its text, kept as a place in the page.

White space of any length counts as one space; nothing else is folded. Words are matched whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from urllib.parse import quote

from rapidfuzz import fuzz

__all__ = ["ELLIPSIS", "Page", "Passage", "Span", "parse_passage", "text_directive"]

ELLIPSIS = "…"
# Three dots between spaces are what a keyboard without the sign gives.
_BETWEEN = re.compile(rf"{ELLIPSIS}|(?<=\s)\.\.\.(?=\s)")
_SPACE = re.compile(r"\s+")
_NEAREST_SHOWN = 160


@dataclass(frozen=True, order=True)
class Passage:
    """`first … last`, or the words alone, when `last` is None."""

    first: str
    last: str | None = None


@dataclass(frozen=True, order=True)
class Span:
    """A place in a page: offsets in characters of the captured text, the end exclusive; the SHA-256 of the UTF-8 of the text between, and of the page."""

    start: int
    end: int
    sha256: str
    page: str = ""


def parse_passage(text: str) -> Passage | None:
    """Read how a table writes a passage; None where it is neither words nor `first words … last words`.

    >>> parse_passage("The tower … lit at dusk")
    Passage(first='The tower', last='lit at dusk')
    >>> parse_passage("lit  at dusk")
    Passage(first='lit at dusk', last=None)
    >>> parse_passage("a … b … c") is None
    True
    """
    parts = [_SPACE.sub(" ", part).strip() for part in _BETWEEN.split(text)]
    if len(parts) > 2 or not all(parts):  # noqa: PLR2004  # first and last
        return None
    return Passage(*parts)


def text_directive(first: str, last: str | None) -> str:
    """Give what leads to a passage, both ends included, after the `#` of a page's address, in browsers that know URL text fragments.

    >>> text_directive("the old", "left-hand pier")
    ':~:text=the%20old,left%2Dhand%20pier'
    """
    # A hyphen would make a prefix or suffix of the words, a comma would end them.
    words = (quote(text, safe="").replace("-", "%2D") for text in (first, last) if text)
    return f":~:text={','.join(words)}"


@dataclass(frozen=True)
class Page:
    """The captured text of one source, and the SHA-256 of the file it was captured in."""

    text: str
    sha256: str = ""

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The text with white space folded, and for each of its characters (and its end) the offset in the text as captured."""
        characters: list[str] = []
        offsets: list[int] = []
        for match in re.finditer(r"\s+|\S", self.text):
            characters.append(" " if match[0].isspace() else match[0])
            offsets.append(match.start())
        return "".join(characters), [*offsets, len(self.text)]

    def locate(self, passage: Passage) -> list[Span]:
        """Give every place that the passage may mean; a usable passage has exactly one.

        The first words decide how many there are; each place ends with the nearest last words after them.
        """
        return [self._span(start, end) for start, end in self._places(passage)]

    def _places(self, passage: Passage) -> Iterator[tuple[int, int]]:
        for start, end in self._words(passage.first, 0):
            if passage.last is None:
                yield start, end
            else:
                last = next(self._words(passage.last, end), None)
                if last is not None:
                    yield start, last[1]

    def _words(self, words: str, after: int) -> Iterator[tuple[int, int]]:
        folded, _ = self._folded
        # Looked for ahead, so that places that overlap are found too. Where the words end in a sign, a letter may follow.
        before = r"(?<!\w)" if words[0].isalnum() else ""
        behind = r"(?!\w)" if words[-1].isalnum() else ""
        return (match.span(1) for match in re.compile(rf"{before}(?=({re.escape(words)}){behind})").finditer(folded, after))

    def _span(self, start: int, end: int) -> Span:
        _, offsets = self._folded
        # The end is that of the last character, not of white space that may follow it.
        first, beyond = offsets[start], offsets[end - 1] + 1
        return Span(first, beyond, sha256(self.text[first:beyond].encode()).hexdigest(), self.sha256)

    def nearest(self, passage: Passage) -> str:
        """Give the text of the page that is most like the words that are not in it: the last words, where the first ones are there."""
        folded, _ = self._folded
        starts = list(self._words(passage.first, 0))
        missing, after = (passage.last, starts[0][1]) if passage.last is not None and starts else (passage.first, 0)
        alignment = fuzz.partial_ratio_alignment(missing, folded[after:])
        if alignment is None:
            return ""
        start = folded.rfind(" ", 0, after + alignment.dest_start + 1) + 1
        stop = folded.find(" ", max(after + alignment.dest_end - 1, start))
        return folded[start : stop if stop != -1 else len(folded)][:_NEAREST_SHOWN].strip()
