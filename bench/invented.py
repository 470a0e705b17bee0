"""Names that nobody bears: made of syllables, in four languages, the same for the same seed."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Final, TypeVar

__all__ = ["LANGUAGES", "Names", "pick", "slug"]

LANGUAGES: Final = ("nl", "nb", "nl", "nn", "nl", "en")
_BEGIN: Final = ("Ve", "Lø", "Bra", "Mæ", "Rö", "Ti", "Quë", "Så", "Hul", "Dé", "Fjo", "Gru", "Wy", "Za", "Ny", "Üs", "Plo", "Kei", "Ou", "Eil")
_MIDDLE: Final = ("lu", "nø", "ri", "më", "sta", "vå", "do", "ké", "ba", "gri", "thu", "læ", "", "zo", "pi")
_END: Final = ("nor", "meld", "stre", "vik", "rup", "dal", "horn", "wijk", "mark", "søy", "lund", "berge", "tum", "vén", "krog", "drecht")
_STEMS: Final = 2003
# Label by what an organisation is and by language: {0} and {1} are invented stems.
_FORMAL: Final = {
    "nl": ("Stichting {0}", "{0} BV", "Coöperatie {0} en {1}", "Vereniging {0}", "{0}zorg BV", "Gemeente {0}"),
    "nb": ("Stiftelsen {0}", "{0} AS", "Samvirkelaget {0} og {1}", "{0} forening", "{0} Helse AS", "{0} kommune"),
    "nn": ("Stiftinga {0}", "{0} AS", "Samyrkelaget {0} og {1}", "Foreininga {0}", "{0} Omsorg AS", "{0} kommune"),
    "en": ("{0} Foundation", "{0} Ltd", "{0} and {1} Co-operative", "Society of {0}", "{0} Care Ltd", "Borough of {0}"),
}
_OTHER: Final = {
    "nl": ("Ziekenhuis {0}", "Laboratorium {0}", "Huisartsenpraktijk {0}", "Hogeschool {0} & {1}"),
    "nb": ("{0} sykehus", "{0} laboratorium", "{0} legesenter", "Høgskolen i {0} og {1}"),
    "nn": ("{0} sjukehus", "{0} laboratorium", "{0} legesenter", "Høgskulen i {0} og {1}"),
    "en": ("{0} Hospital", "{0} Laboratory", "{0} Surgery", "College of {0} & {1}"),
}
_BODY: Final = {
    "nl": ("Netwerk {0}", "Platform {0}–{1}", "Regionaal overleg {0}", "Samenwerkingsverband “{0}”"),
    "nb": ("Nettverk {0}", "Plattform {0}–{1}", "Regionrådet for {0}", "Samarbeidet «{0}»"),
    "nn": ("Nettverk {0}", "Plattform {0}–{1}", "Regionrådet for {0}", "Samarbeidet «{0}»"),
    "en": ("{0} Network", "{0}–{1} Platform", "Regional Council of {0}", "‘{0}’ Partnership"),
}
_UNIT: Final = {
    "nl": ("Raad van Bestuur {0}", "Afdeling {0}, {1}", "Raad van Toezicht {0}"),
    "nb": ("Styret i {0}", "Avdeling {0}, {1}", "Tilsynsrådet i {0}"),
    "nn": ("Styret i {0}", "Avdeling {0}, {1}", "Tilsynsrådet i {0}"),
    "en": ("Board of {0}", "Department of {0}, {1}", "Supervisory Board of {0}"),
}
# The kinds of organisation, in the order of their labels, and the legal forms of those that have one.
_KINDS: Final[Mapping[str, Sequence[str]]] = {
    "formal": ("", "business", "", "", "home-care-provider", "municipality"),
    "organization": ("hospital", "laboratory", "general-practice", "university-of-applied-sciences"),
    "collaboration": ("partnership", "platform", "consultation-body", "training-region"),
    "unit": ("board", "hospital-department", "supervisory-board"),
}
_FORMS: Final = ("foundation", "private-limited-company", "cooperative", "association", "", "")
_LABELS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {"formal": _FORMAL, "organization": _OTHER, "collaboration": _BODY, "unit": _UNIT}
T = TypeVar("T")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "å": "a"})


def pick(random: Random, choices: Sequence[T]) -> T:
    """Choose one; by `random()` alone, whose numbers stay the same from one version of Python to the next."""
    return choices[int(random.random() * len(choices))]


def slug(name: str) -> str:
    """Write a name as an id.

    >>> slug("Coöperatie Lønor")
    'cooperatie-lonor'
    """
    plain = unicodedata.normalize("NFD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return _NOT_IN_SLUGS.sub("-", plain).strip("-")


@dataclass(frozen=True)
class Names:
    """The names of one world. What a thing's id is made of is told by its number alone, so that whatever refers to it need not remember it."""

    seed: int

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Stems of names, each once."""
        random = Random(f"{self.seed} stems")
        made: dict[str, None] = {}
        while len(made) < _STEMS:
            made[pick(random, _BEGIN) + pick(random, _MIDDLE) + pick(random, _END)] = None
        return tuple(made)

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """The stems as parts of ids."""
        return tuple(slug(stem) for stem in self.stems)

    def organisation_id(self, number: int) -> str:
        """Give the id of an organisation."""
        return f"{self.slugs[number * 7919 % _STEMS]}-{number}"

    def organisation(self, number: int, what: str, language: str, random: Random) -> tuple[str, str, str]:
        """Give name, kind and legal form of an organisation of some type in a language; an empty text where it has none."""
        kinds, labels = _KINDS[what], _LABELS[what][language]
        chosen = int(random.random() * len(kinds))
        label = labels[chosen].format(self.stems[number * 7919 % _STEMS], pick(random, self.stems))
        return label, kinds[chosen], _FORMS[chosen] if what == "formal" else ""

    def place(self, number: int) -> str:
        """Give the name of a place."""
        first = self.stems[number * 31 % _STEMS]
        return first if number < _STEMS else f"{first} {self.stems[number * 17 % _STEMS]}"
