"""What the header of a column usually means, in the languages that our users write headers in."""

import re
import unicodedata
from typing import Final

__all__ = ["is_exact", "language_of", "meaning", "variable"]

# By meaning: words of headers as variable() writes them, by language.
_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "key": {
        "en": "id identifier code key number",
        "nl": "nummer kenmerk",
        "nb": "kode orgnr organisasjonsnummer",
        "de": "kennung schlussel",
        "fr": "identifiant",
    },
    "name": {"en": "name title label", "nl": "naam titel", "nb": "navn tittel", "nn": "namn", "de": "bezeichnung", "fr": "nom"},
    "abbreviation": {"en": "abbreviation acronym short", "nl": "afkorting", "nb": "forkortelse", "nn": "forkorting", "de": "abkurzung", "fr": "sigle"},
    "description": {"en": "description", "nl": "omschrijving beschrijving", "nb": "beskrivelse", "nn": "skildring", "de": "beschreibung"},
    "street": {"en": "street address", "nl": "straat adres", "nb": "adresse gateadresse", "nn": "gateadresse", "de": "strasse anschrift", "fr": "rue"},
    "postcode": {"en": "postcode zip zipcode postal_code", "nl": "", "nb": "postnummer postnr", "de": "plz postleitzahl", "fr": "code_postal"},
    "place": {
        "en": "city town place municipality",
        "nl": "plaats woonplaats stad gemeente",
        "nb": "poststed sted by",
        "nn": "poststad",
        "de": "ort stadt",
        "fr": "ville",
    },
    "country": {"en": "country", "nl": "", "nb": "", "de": "", "fr": "pays"},
    "website": {"en": "website url homepage web", "nl": "webadres", "nb": "nettside nettsted hjemmeside", "nn": "nettstad", "de": "webseite", "fr": "site_web"},
    "email": {"en": "email e_mail mail", "nl": "", "nb": "epost e_post", "de": "", "fr": "courriel"},
    "telephone": {"en": "telephone phone tel", "nl": "telefoon telefoonnummer", "nb": "telefon tlf", "de": "", "fr": ""},
    "since": {"en": "founded established", "nl": "opgericht", "nb": "stiftet grunnlagt etablert", "nn": "skipa", "de": "gegrundet", "fr": "fonde"},
    "parent": {"en": "parent parent_id part_of", "nl": "onderdeel_van moeder", "nb": "overordnet", "nn": "overordna", "de": "trager", "fr": ""},
    "latitude": {"en": "latitude lat", "nl": "breedtegraad", "nb": "breddegrad", "de": "", "fr": ""},
    "longitude": {"en": "longitude lon lng long", "nl": "lengtegraad", "nb": "lengdegrad", "de": "", "fr": ""},
}
_BY_WORD: Final = {word: (meaning, language) for meaning, by in _MEANINGS.items() for language, words in by.items() for word in words.split()}
# Letters that have no accent to be taken off.
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "œ": "oe", "ð": "d", "þ": "th", "ł": "l"})
# Meanings that one word among others says; and those that it says even where another word is that of a key, as in “phone number”.
_IN_PART: Final = frozenset(_MEANINGS) - {"key", "since", "abbreviation"}
_OF_CODES: Final = frozenset({"telephone", "postcode", "country"})
# Words that say that a column is about somebody or something else.
_OF_OTHERS: Final = frozenset(
    {
        *("contact", "person", "user", "file", "former", "old", "birth"),
        *("contactpersoon", "persoon", "bestand", "vorige", "kontakt", "kontaktperson", "fil", "tidligere", "ansprechpartner"),
    }
)
_OF_MAPPINGS: Final = frozenset({"undefined", "source", "passage"})


def variable(header: str, letter: str) -> str:
    """Make the name of a column from its header; `letter` is that of a spreadsheet.

    >>> variable("Naam kantoor", "A"), variable("Ærø", "B"), variable("2024", "C"), variable("", "D")
    ('naam_kantoor', 'aeroe', 'column_2024', 'column_d')
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", header).lower().translate(_LETTERS))
    name = re.sub(r"[^a-z0-9]+", "_", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("_")
    if not name:
        return f"column_{letter.lower()}"
    if not name[0].isalpha() or name in _OF_MAPPINGS or name.startswith("schakel_"):
        return f"column_{name}"
    return name


def meaning(name: str) -> str:
    """Tell what a column named so means: one of the meanings above, or an empty text where its words say none, several, or that of something else.

    >>> meaning("naam_kantoor"), meaning("address_city"), meaning("phone_number"), meaning("ziekenhuisnaam")
    ('name', 'place', 'telephone', 'name')
    >>> meaning("beds"), meaning("number_of_beds"), meaning("member_since"), meaning("contact_name"), meaning("city_id"), meaning("parent_name")
    ('', '', '', '', '', '')
    """
    if name in _BY_WORD:
        return _BY_WORD[name][0]
    words = name.split("_")
    found = {_BY_WORD[word][0] for word in words if word in _BY_WORD}
    allowed = _OF_CODES if "key" in found else _IN_PART
    if found & {"email", "place", "postcode", "country"}:
        found.discard("street")
    found.discard("key")
    if len(found) > 1 or _OF_OTHERS.intersection(words):
        return ""
    if found:
        return next(iter(found & allowed), "")
    return next((found for word, (found, _) in _BY_WORD.items() if found == "name" and len(word) > 3 and words[-1].endswith(word)), "")  # noqa: PLR2004


def is_exact(name: str) -> bool:
    """Tell whether a name says its meaning with nothing else.

    >>> is_exact("naam"), is_exact("naam_kantoor")
    (True, False)
    """
    return name in _BY_WORD


def language_of(names: list[str]) -> str:
    """Guess the language of headers by the words that only it has; English where there are none."""
    languages = [_BY_WORD[word][1] for name in names for word in {name, *name.split("_")} if word in _BY_WORD]
    own = [language for language in languages if language != "en"]
    return max(sorted(set(own)), key=own.count) if own and len(own) >= len(languages) - len(own) else "en"
