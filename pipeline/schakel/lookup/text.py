"""Texts as a person who searches means them: without case, accents and punctuation."""

import re
import unicodedata

__all__ = ["fold"]

# Letters with a stroke, and ligatures, which Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Give the words of a text in small letters without accents, one space between them.

    >>> fold("Ariëns-zorgpalet"), fold(" SJØLÅS (nr. 2)")
    ('ariens zorgpalet', 'sjolas nr 2')
    """
    small = text.casefold()
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small.translate(_LETTERS))
        small = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(_WORD.findall(small))
