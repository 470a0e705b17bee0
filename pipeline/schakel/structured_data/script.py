r"""A document as a page embeds it, and the documents of a page.

>>> print(script({"name": "</script><b>"}), end="")
<script type="application/ld+json">{"name":"\u003c/script\u003e\u003cb\u003e"}</script>
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

__all__ = ["Page", "Script", "read_page", "script"]

_MEDIA_TYPE: Final = "application/ld+json"
# Signs that a page may not hold; those beyond this code are written as two.
_BEYOND: Final = 0x10000
_NOT_IN_PAGES: Final = re.compile(
    "[\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(_BEYOND, 0x110000, _BEYOND))
    + "]"
)
# What ends a script or begins a comment in HTML, and what ends a line in JavaScript; in JSON each may be written by its number.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Script:
    """One script of JSON-LD in a page: the line it begins in, and its document, or why it cannot be read."""

    line: int
    document: Any = None
    problem: str | None = None


@dataclass(frozen=True)
class Page:
    """What a page says of itself to machines: its scripts of JSON-LD, its language, and its canonical address."""

    scripts: Sequence[Script]
    language: str | None
    canonical: str | None


def script(document: Any, indent: int | None = None) -> str:  # noqa: ANN401  # whatever JSON can hold
    """Write a document as the script to paste into a page: no text in it can end the script. With `indent` it is set for people to read.

    Raises ValueError for a number that JSON lacks.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators).translate(_ESCAPES)
    # No file of UTF-8 can hold half of a pair of surrogates, and no page the others.
    text = _NOT_IN_PAGES.sub(_escaped, text)
    around = "" if indent is None else "\n"
    return f'<script type="{_MEDIA_TYPE}">{around}{text}{around}</script>'


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < _BEYOND:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BEYOND, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def read_page(html: str) -> Page:
    """Read the scripts of JSON-LD in a page, whatever else is in it. What cannot be read is told in place of a document."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.finish()
    return Page(tuple(reader.scripts), reader.language, reader.canonical)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[Script] = []
        self.language: str | None = None
        self.canonical: str | None = None
        self._text: list[str] | None = None
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML keeps the first of two attributes of one name.
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "script" and given.get("type", "").partition(";")[0].strip().lower() == _MEDIA_TYPE:
            self._text, self._line = [], self.getpos()[0]
        elif tag == "html" and self.language is None:
            self.language = given.get("lang", "").strip() or None
        elif tag == "link" and self.canonical is None and "canonical" in given.get("rel", "").lower().split():
            self.canonical = _absolute(given.get("href", "").strip())

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._text is not None:
            self.scripts.append(_read("".join(self._text), self._line))
            self._text = None

    def finish(self) -> None:
        """Tell of a script that the page begins and does not end."""
        if self._text is not None:
            self.scripts.append(Script(self._line, problem="the page ends before the script does"))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Pass over what looks like a section of SGML: some versions of Python give up on one that they do not know."""
        del report
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else len(self.rawdata)


def _read(text: str, line: int) -> Script:
    if not text.strip():
        return Script(line, problem="it is empty")
    try:
        return Script(line, json.loads(text, parse_constant=_no_number))
    except RecursionError:
        return Script(line, problem="it is nested too deeply")
    except ValueError as error:
        return Script(line, problem=" ".join(str(error).split()))


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _absolute(address: str) -> str | None:
    try:
        return address if urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None
