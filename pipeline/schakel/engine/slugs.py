"""Texts as parts of addresses: small letters, digits and hyphens."""

import re
import unicodedata
from typing import Final

__all__ = ["SLUG", "slug"]

# The function of mappings that does this.
SLUG: Final = "https://w3id.org/schakel/ns#slug"
# Letters that have no accent to be taken off, and å, which is not an a.
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i", "ŋ": "n"})
_OTHERS: Final = re.compile(r"[^\w]+|_+")


def slug(text: str) -> str:
    """Transliterate a text; letters of other scripts than the Latin stay as they are. Empty where it has neither letter nor digit.

    >>> slug("Fyret på Ærø (nord)"), slug("'t Licht"), slug("北京 1")
    ('fyret-paa-aeroe-nord', 't-licht', '北京-1')
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).lower().translate(_LETTERS))
    base = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _OTHERS.sub("-", unicodedata.normalize("NFC", base)).strip("-")
