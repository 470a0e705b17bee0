"""Names and texts as people mean them: without case, accents, punctuation and the spelling of legal forms. Everything that compares names uses this module."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

__all__ = ["MINOR_WORDS", "NormalName", "fold", "normal_name", "spellings"]

# Letters with a stroke, and ligatures, which Unicode does not take apart.
_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"})
_WORD: Final = re.compile(r"[^\W_]+")
# Soft hyphens, joiners, marks of direction: nobody sees or types them.
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
# Letters one by one, with dots or a slash between them: `B.V.`, `N. V.`, `A/S`.
_INITIALS: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:(?:\. ?|/)[^\W\d_](?![^\W_]))+")
_BETWEEN: Final = re.compile("[./ ]+")

# How people write letters that their keyboard does not have.
_SPELLED_OUT: Final = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "ö": "oe", "ä": "ae", "ü": "ue"})
_AND: Final = re.compile(r"\s*[&+]\s*|\s(?:'n'|’n’)\s")
_APOSTROPHE: Final = re.compile(r"(?<=[^\W_])['’](?=[^\W_])")
_ABBREVIATED: Final = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<short>[^()\[\]]+)[)\]]\s*$")

# What is said in several ways, and the way in which it is compared.
_SAME_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("and", "en", "et", "og", "und"), "and"),
    **dict.fromkeys(("st", "sint", "sinte", "saint", "sankt", "skt", "sancta", "sankta"), "st"),
}

# Articles and prepositions of Dutch, Norwegian and English: a name with one more or less is hardly another name.
MINOR_WORDS: Final = frozenset(
    {
        *("aan", "and", "bij", "de", "den", "der", "des", "een", "het", "op", "s", "t", "te", "ten", "ter", "van", "voor"),
        *("av", "det", "ei", "en", "et", "fra", "i", "om", "pa", "til", "ved"),
        *("a", "an", "at", "by", "for", "in", "of", "on", "the", "to"),
    }
)

# Legal forms of Dutch, Belgian, Norwegian, Danish, British and other organisations, and those that are the same in another language or spelling.
_FORMS: Final[Mapping[str, str]] = {
    **{form: form for form in ("bv", "bvba", "commv", "cv", "ivzw", "maatschap", "nv", "ua", "vof", "vzw", "wa")},
    **{form: form for form in ("ab", "ag", "ans", "ba", "aps", "asa", "da", "enk", "gmbh", "iks", "kf", "nuf", "sa", "se", "srl", "sti")},
    **{form: form for form in ("cic", "cio", "llc", "llp", "plc")},
    **dict.fromkeys(("as", "aksjeselskap", "aksjeselskapet", "aktieselskab"), "as"),
    **dict.fromkeys(("ltd", "limited"), "ltd"),
    **dict.fromkeys(("inc", "incorporated", "corp", "corporation"), "inc"),
    **dict.fromkeys(("stichting", "stg", "foundation", "stiftelse", "stiftelsen"), "foundation"),
    **dict.fromkeys(("vereniging", "association", "forening", "foreningen"), "association"),
    **dict.fromkeys(("cooperatie", "cooperative", "coop", "cooperatieve", "samvirkelag", "samvirkelaget"), "cooperative"),
}
# Those that begin a name; the others only end one (`As` is a town, `Da` a part of many names).
_LEADING: Final = frozenset(["bv", "nv", "cv", "vof", "vzw", "bvba", "ivzw"]) | {form for form in _FORMS if len(form) > len("coop")} | {"stg", "coop"}
_WRITTEN_OUT: Final = (
    (re.compile(r"\bbesloten vennootschap\b"), "bv"),
    (re.compile(r"\bnaamloze vennootschap\b"), "nv"),
    (re.compile(r"\bvennootschap onder firma\b"), "vof"),
    (re.compile(r"\bvereniging zonder winstoogmerk\b"), "vzw"),
)


class NormalName(NamedTuple):
    """The words that tell a name from others, in order, and its legal forms, in order; names that are equal so are the same."""

    words: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words as one text."""
        return " ".join(self.words)


def fold(text: str) -> str:
    """Give the words of a text in small letters without accents and what nobody sees, one space between them; initials are one word.

    >>> fold("Ariëns-zorgpalet"), fold(" SJØLÅS (nr. 2)"), fold("Zorg\u00adpalet B.V."), fold("Fyr A/S")
    ('ariens zorgpalet', 'sjolas nr 2', 'zorgpalet bv', 'fyr as')
    """
    small = text.casefold()
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", _INVISIBLE.sub("", small).translate(_LETTERS))
        small = "".join(character for character in apart if not unicodedata.combining(character))
    if "." in small or "/" in small:
        small = _INITIALS.sub(lambda found: _BETWEEN.sub("", found[0]), small)
    return " ".join(_WORD.findall(small))


def normal_name(text: str) -> NormalName:
    """Take a name apart into its words and its legal forms.

    >>> normal_name("Jansen & Zn. B.V."), normal_name("Stichting Sint-Jan")
    (NormalName(words=('jansen', 'and', 'zn'), forms=('bv',)), NormalName(words=('st', 'jan'), forms=('foundation',)))
    >>> normal_name("Stichting")
    NormalName(words=(), forms=('foundation',))
    """
    return _normal(_without_abbreviation(text))


def spellings(text: str) -> Iterator[NormalName]:
    """Give a name as it is written and, where it has letters such as å and ö, as it is written without them.

    >>> [name.text for name in spellings("Ålesund Sjø")]
    ['alesund sjo', 'aalesund sjoe']
    """
    yield normal_name(text)
    small = unicodedata.normalize("NFC", text.casefold())
    spelled = small.translate(_SPELLED_OUT)
    if spelled != small:
        yield normal_name(spelled)


def _normal(text: str) -> NormalName:
    plain = fold(_APOSTROPHE.sub("", _AND.sub(" and ", text)))
    if "vennootschap" in plain or "winstoogmerk" in plain:
        for written, form in _WRITTEN_OUT:
            plain = written.sub(form, plain)
    words = plain.split()
    leading: list[str] = []
    trailing: list[str] = []
    while words and words[-1] in _FORMS:
        trailing.insert(0, _FORMS[words.pop()])
    while words and words[0] in _LEADING:
        leading.append(_FORMS[words.pop(0)])
    return NormalName(tuple(_SAME_WORDS.get(word, word) for word in words), tuple(sorted({*leading, *trailing})))


def _without_abbreviation(text: str) -> str:
    """Leave out, in brackets at the end, the initials of the rest, or keep the words that they abbreviate."""
    if "(" not in text and "[" not in text:
        return text
    found = _ABBREVIATED.match(text)
    if found is None:
        return text
    name, short = found["name"], found["short"]
    if _initials(name, short):
        return name
    return short if _initials(short, name) else text


def _initials(name: str, short: str) -> bool:
    words = fold(name).split()
    given = fold(short)
    telling = [word for word in words if _SAME_WORDS.get(word, word) not in MINOR_WORDS and word not in _FORMS]
    return len(given) > 1 and given in {"".join(word[0] for word in words), "".join(word[0] for word in telling)}
