"""What pages say, in the reader's language: catalogues of gettext, one a language, with the English text as the name of each message."""

import gettext
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

__all__ = ["Words", "has_words", "message", "spoken"]

# The language that messages are written in, and so needs no catalogue.
_WRITTEN: Final = "en"
_LOCALES: Final = "locales"


def message(text: str) -> str:
    """Mark a text as a message that is looked up elsewhere, for `docs/messages.py` to find.

    >>> message("Home")
    'Home'
    """
    return text


def _folder(language: str) -> str | None:
    """Name the catalogue of a language: its own, or that of the language without its region."""
    folder = resources.files("schakel.site").joinpath(_LOCALES)
    found = (tag for tag in (language, language.partition("-")[0]) if folder.joinpath(tag, "LC_MESSAGES", "schakel.po").is_file())
    return next(found, None)


def has_words(language: str) -> bool:
    """Tell whether pages can speak a language.

    >>> has_words("en"), has_words("en-GB"), has_words("tlh")
    (True, True, False)
    """
    return language.partition("-")[0] == _WRITTEN or _folder(language) is not None


@cache
def _translations(language: str) -> gettext.NullTranslations:
    folder = _folder(language)
    if folder is None:
        return gettext.NullTranslations()
    text = resources.files("schakel.site").joinpath(_LOCALES, folder, "LC_MESSAGES", "schakel.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(text), locale=folder))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Words:
    """The words of one language.

    >>> words = Words("en")
    >>> words("Search"), words("%(count)s results", count=3), words.many("%(count)s page", "%(count)s pages", 1200)
    ('Search', '3 results', '1,200 pages')
    """

    language: str

    def __call__(self, text: str, /, **values: object) -> str:
        """Give a message in the language, with its placeholders filled in."""
        found = _translations(self.language).gettext(text)
        return found % values if values else found

    def many(self, one: str, several: str, count: int, **values: object) -> str:
        """Give the message that fits a number; `%(count)s` stands for the number as the language writes it."""
        found = _translations(self.language).ngettext(one, several, count)
        return found % {"count": self.number(count), **values}

    def number(self, number: float) -> str:
        """Write a number as the language does."""
        return _number(number, self.language)


@lru_cache(maxsize=1000)
def _number(number: float, language: str) -> str:
    return format_decimal(number, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_WRITTEN)


@lru_cache(maxsize=1000)
def spoken(language: str) -> str:
    """Give the name of a language in that language, as whoever looks for it knows it; the tag itself where that is not known.

    >>> spoken("nl"), spoken("nn"), spoken("en")
    ('Nederlands', 'norsk nynorsk', 'English')
    >>> spoken("twd")
    'twd'
    """
    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language
