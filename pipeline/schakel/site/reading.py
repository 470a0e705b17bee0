"""A captured page to read, with each passage marked: an anchor where it begins, and links from its words to what was read in them.

Passages may overlap in any way, so the text is cut wherever one begins or ends. The paragraphs that a passage runs through form a group, within which
passages are numbered: the style sheet highlights the pieces of the number whose anchor is the target of the address, without a script.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markupsafe import Markup, escape

__all__ = ["NOTE", "Capture", "Mark", "marked_page"]

# What the ids of notes on passages begin with, before the fragment of the passage.
NOTE: Final = "ui-read-"
_BLANK_LINES: Final = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True)
class Capture:
    """The text of a captured page, and how it may be shown: `passages` or `page`."""

    view: str
    text: str


@dataclass(frozen=True, order=True)
class Mark:
    """A passage in a text: where it starts and ends, in characters, and the fragment of its IRI."""

    start: int
    end: int
    fragment: str


def marked_page(text: str, marks: Iterable[Mark]) -> Markup:
    r"""Write a text as paragraphs in which passages are marked.

    >>> marked_page("The old pier.", [Mark(4, 12, "p-1")])
    Markup('<div><p>The <span id="p-1" class="at a0"></span><a class="i0" href="#ui-read-p-1">old pier</a>.</p>\n</div>')
    """
    return Markup("\n").join(_group(text, paragraphs, inside) for paragraphs, inside in _groups(text, sorted(marks)))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = len(text) - len(text.lstrip())
    for blank in (*_BLANK_LINES.finditer(text, start), None):
        end = len(text.rstrip()) if blank is None else blank.start()
        if end > start:
            yield start, end
        start = end if blank is None else blank.end()


def _groups(text: str, marks: Sequence[Mark]) -> Iterator[tuple[list[tuple[int, int]], list[Mark]]]:
    """Bring paragraphs together that a passage runs through, each group with its passages; `marks` are in order."""
    paragraphs: list[tuple[int, int]] = []
    inside: list[Mark] = []
    at = reach = 0
    for start, end in _paragraphs(text):
        if paragraphs and reach <= start:
            yield paragraphs, inside
            paragraphs, inside = [], []
        paragraphs.append((start, end))
        while at < len(marks) and marks[at].start < end:
            inside.append(marks[at])
            reach = max(reach, marks[at].end)
            at += 1
    if paragraphs:
        yield paragraphs, inside


def _group(text: str, paragraphs: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> Markup:
    parts = ["<div>"]
    begun = 0
    for start, end in paragraphs:
        cuts = sorted({start, end, *(bound for mark in marks for bound in (mark.start, mark.end) if start < bound < end)})
        parts.append("<p>")
        for left, right in pairwise(cuts):
            while begun < len(marks) and marks[begun].start <= left:
                parts.append(f'<span id="{escape(marks[begun].fragment)}" class="at a{begun}"></span>')
                begun += 1
            parts.append(_piece(text[left:right], [(mark, number) for number, mark in enumerate(marks) if mark.start <= left < mark.end]))
        parts.append("</p>\n")
    return Markup("".join([*parts, "</div>"]))  # noqa: S704  # what comes from the page is escaped


def _piece(text: str, within: Sequence[tuple[Mark, int]]) -> str:
    """Write a piece of text, which leads to the note on the shortest passage that it is part of."""
    if not within:
        return escape(text)
    shortest, _ = min(within, key=lambda each: (each[0].end - each[0].start, each[0]))
    classes = " ".join(f"i{number}" for _, number in within)
    return f'<a class="{classes}" href="#{NOTE}{escape(shortest.fragment)}">{escape(text)}</a>'
