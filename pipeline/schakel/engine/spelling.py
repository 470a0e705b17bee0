"""Terms as N-Triples writes them, taken apart and put together."""

import re
from typing import Final, NamedTuple

from schakel.engine.relations import BLANK, IRI, LITERAL

__all__ = ["LANG_STRING", "STRING", "Parts", "iri_spelling", "literal_spelling", "parts_of", "split_spellings"]

STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_SHORT: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_LONG: Final = {chr(sign): f"\\u{sign:04X}" for sign in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF) if chr(sign) not in _SHORT}
_ESCAPED: Final = str.maketrans(_SHORT | _LONG)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_UNESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LITERAL: Final = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)

_TERM: Final = re.compile(r'<[^>]*>|_:[^ ]+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?', re.DOTALL)


class Parts(NamedTuple):
    """A term taken apart: kind, text without escapes, and of a literal its datatype (an IRI) and its tag, as stated."""

    kind: int
    text: str
    datatype: str | None = None
    language: str | None = None


def iri_spelling(iri: str) -> str:
    """Spell an IRI.

    >>> iri_spelling("https://example.org/")
    '<https://example.org/>'
    """
    return f"<{iri}>"


def literal_spelling(text: str, datatype: str = STRING, language: str = "") -> str:
    r"""Spell a literal, with lexical form and tag exactly as given, and escapes as Oxigraph writes them.

    >>> literal_spelling("a", language="en-GB")
    '"a"@en-GB'
    """
    quoted = f'"{text.translate(_ESCAPED)}"'
    if language:
        return f"{quoted}@{language}"
    return quoted if datatype == STRING else f"{quoted}^^<{datatype}>"


def parts_of(spelling: str) -> Parts:
    r"""Take a term apart.

    >>> parts_of('"caf\\u00E9"@fr')
    Parts(kind=2, text='café', datatype='http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', language='fr')
    """
    if spelling.startswith("<"):
        return Parts(IRI, spelling[1:-1])
    if spelling.startswith("_:"):
        return Parts(BLANK, spelling[2:])
    found = _LITERAL.fullmatch(spelling)
    if found is None:
        raise ValueError(f"no term of N-Triples: {spelling!r}")
    text, language, datatype = found.groups()
    text = _ESCAPE.sub(_unescaped, text) if "\\" in text else text
    return Parts(LITERAL, text, LANG_STRING if language else datatype or STRING, language)


def split_spellings(spellings: str) -> list[Parts]:
    """Take apart several terms that a space separates.

    >>> [parts.text for parts in split_spellings('<x:a> "b c"@nl')]
    ['x:a', 'b c']
    """
    return [parts_of(found) for found in _TERM.findall(spellings)]


def _unescaped(found: re.Match[str]) -> str:
    short, long, sign = found.groups()
    return chr(int(short or long, 16)) if sign is None else _UNESCAPED.get(sign, sign)
