"""The form of a language tag: https://www.rfc-editor.org/rfc/rfc5646#section-2.1."""

import re
from typing import Final

__all__ = ["WELL_FORMED", "is_language_tag"]

_LANGUAGE: Final = r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
_SUBTAGS: Final = (
    r"(?:-[A-Za-z]{4})?"  # script
    r"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"  # variants
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"  # extensions
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?"  # private use
)
_PRIVATE: Final = r"[Xx](?:-[A-Za-z0-9]{1,8})+"
# Tags from before 1996 that the grammar above does not give.
_IRREGULAR: Final = (
    r"(?i:en-GB-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|i-tao|i-tay|i-tsu|sgn-BE-FR|sgn-BE-NL|sgn-CH-DE"
    r"|art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang)"
)
# A pattern that Python, RE2 and Java read alike; a whole tag is between `^` and the end of the text.
WELL_FORMED: Final = f"(?:{_LANGUAGE}{_SUBTAGS}|{_PRIVATE}|{_IRREGULAR})"
_TAG: Final = re.compile(WELL_FORMED)


def is_language_tag(text: str) -> bool:
    """Tell whether a text is a well-formed language tag.

    >>> is_language_tag("nb-NO")
    True
    >>> is_language_tag("Norwegian (Bokmål)")
    False
    """
    return _TAG.fullmatch(text) is not None
