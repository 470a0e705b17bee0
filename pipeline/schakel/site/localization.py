"""What pages say, in the reader's language: catalogues of gettext, one a language, with the English text as the name of each message."""

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from schakel.namespaces import XSD

__all__ = ["Words", "has_words", "message", "spoken"]

# The language that messages are written in, and so needs no catalogue.
_WRITTEN: Final = "en"
_LOCALES: Final = "locales"
# A number without signs that say more than its value, as leading noughts or a plus.
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?")
_NUMBERS: Final = frozenset({"integer", "decimal", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt"})
# Dates without a zone and within the reach of a calendar, with how they are written.
_DATES: Final = {
    "date": (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), "long"),
    "gYearMonth": (re.compile(r"(\d{4})-(\d\d)"), "LLLL y"),
}


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

    def share(self, lexical: str) -> str:
        r"""Write a percentage, as its literal has it, as the language does.

        >>> Words("nn").share("12.5"), Words("nl").share("50"), Words("en").share("half")
        ('12,5\xa0%', '50%', 'half')
        """
        if not _DECIMAL.fullmatch(lexical):
            return lexical
        places, locale = lexical.partition(".")[2], _locale(self.language)
        written = locale.percent_formats[None].pattern
        if places:
            written = written.replace("#,##0", "#,##0." + "0" * len(places))
        return str(format_percent(Decimal(lexical) / 100, format=written, locale=locale))

    def several(self, items: Sequence[str]) -> str:
        """Write a list of items in a sentence.

        >>> Words("nl").several(["a", "b", "c"])
        'a, b en c'
        """
        return str(format_list(list(items), locale=_locale(self.language)))

    def literal(self, lexical: str, datatype: str) -> str:
        """Write a number or a date as the language does; whatever is neither, or has more to it than a language can write, stays as it is.

        >>> words = Words("nl")
        >>> words.literal("2009-01-01", f"{XSD.iri}date"), words.literal("2017-12", f"{XSD.iri}gYearMonth"), words.literal("2006", f"{XSD.iri}gYear")
        ('1 januari 2009', 'december 2017', '2006')
        >>> words.literal("10718", f"{XSD.iri}integer"), words.literal("1.50", f"{XSD.iri}decimal"), words.literal("007", f"{XSD.iri}integer")
        ('10.718', '1,50', '007')
        """
        return _literal(lexical, datatype, self.language)

    def day(self, moment: str) -> str:
        """Write the day of a moment as the language does.

        >>> Words("nb").day("2026-12-01T09:30:00Z")
        '1. desember 2026'
        """
        return _literal(moment[:10], f"{XSD.iri}date", self.language)


@lru_cache(maxsize=10_000)
def _literal(lexical: str, datatype: str, language: str) -> str:
    locale, kind = _locale(language), datatype.removeprefix(XSD.iri)
    if kind in _DATES and (found := _DATES[kind][0].fullmatch(lexical)):
        try:
            day = date(*(int(part) for part in (*found.groups(), "1", "1")[:3]))
        except ValueError:
            return lexical
        return str(format_date(day, _DATES[kind][1], locale=locale))
    if kind in _NUMBERS and _DECIMAL.fullmatch(lexical):
        places = lexical.partition(".")[2]
        return str(format_decimal(Decimal(lexical), format="#,##0." + "0" * len(places) if places else None, locale=locale))
    return lexical


@lru_cache(maxsize=1000)
def _number(number: float, language: str) -> str:
    return format_decimal(number, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    """Give the conventions of a language; English without a country is that of the world, with 1 January 2009."""
    if language == "en":
        language = "en-001"
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
