"""The grammars of datatypes whose values are texts, octets or markup."""

import base64
import binascii
import re
from functools import cache
from typing import Final
from xml.etree.ElementTree import ParseError, canonicalize

__all__ = ["NAME_CHAR", "NAME_START", "TEXTS", "canonical_xml", "is_text", "octets_of", "plain_literal"]

NAME_START: Final = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME_CHAR: Final = NAME_START + r"\-.0-9" + "\u00b7\u0300-\u036f\u203f-\u2040"
_LANGUAGE: Final = "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
_PLAIN: Final = re.compile(rf"(?P<text>.*)@(?P<tag>(?:{_LANGUAGE})?)", re.DOTALL)
_BASE64: Final = re.compile("(?:[A-Za-z0-9+/] ?)*(?:= ?){0,2}")

# By the name of the datatype; a URI may be any text at all, says XSD 1.1.
_GRAMMARS: Final = {
    "string": ".*",
    "normalizedString": "[^\t\n\r]*",
    "token": "(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "language": _LANGUAGE,
    "Name": f"[{NAME_START}][{NAME_CHAR}]*",
    "NCName": f"[{NAME_START[1:]}][{NAME_CHAR[1:]}]*",
    "NMTOKEN": f"[{NAME_CHAR}]+",
}
TEXTS: Final = tuple(_GRAMMARS)


def is_text(text: str, name: str) -> bool:
    """Tell whether a text is in the lexical space of one of `TEXTS`."""
    return _grammar(name).fullmatch(text) is not None


@cache
def _grammar(name: str) -> re.Pattern[str]:
    # The classes of names take long to compile, and few graphs hold such literals.
    return re.compile(_GRAMMARS[name], re.DOTALL)


def octets_of(text: str, name: str) -> str | None:
    """Spell octets in hexadecimal, as one of `hexBinary` and `base64Binary` has them; None where the text is neither."""
    try:
        if name == "hexBinary":
            return binascii.hexlify(binascii.unhexlify(text.encode("ascii"))).decode()
        if _BASE64.fullmatch(text) is None or text.endswith(" "):
            return None
        packed = text.replace(" ", "")
        octets = base64.b64decode(packed, validate=True)
    except ValueError:
        return None
    # What the last letter holds beyond the last octet must be zero.
    return octets.hex() if base64.b64encode(octets).decode() == packed else None


def canonical_xml(text: str) -> str | None:
    """Give well-formed content of XML in its canonical form, None for anything else."""
    try:
        # No document type can be declared within an element, and so no entity that would grow.
        return canonicalize(f"<x>{text}</x>", with_comments=True)
    except (ParseError, ValueError):
        return None


def plain_literal(text: str) -> tuple[str, str] | None:
    """Take an `rdf:PlainLiteral` apart, into text and tag, None where it is none."""
    found = _PLAIN.fullmatch(text)
    return None if found is None else (found["text"], found["tag"])
