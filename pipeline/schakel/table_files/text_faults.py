"""Faults in the texts of cells: what a copy, a conversion or a spreadsheet has done to them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["LOCAL_DATE", "QUOTED", "SHORTENED", "Fault", "faults_of_column", "has_faults", "may_be_faulty", "mended"]

# Control characters, soft hyphens, zero-width spaces, byte order marks and non-characters: nobody sees them, and no search finds the word.
# Joiners and marks of direction are left alone, as scripts need them; so is a zero-width space in scripts that divide words by it.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u2060\ufeff\ufffe\uffff]|(?<![\u0e00-\u109f\u1780-\u17ff])\u200b(?![\u0e00-\u109f\u1780-\u17ff])"
)
# UTF-8 that was read as Windows-1252: letters of Latin-1, and punctuation. Other second characters occur after Ã and Â in real words.
_LATIN: Final = "\u00c3[\u0080-\u009f\u00a1-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|\u00c2[\u0080-\u00bf]"
_PUNCTUATION: Final = "\u00e2€[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\u00ef\u00bb\u00bf"
_MISREAD: Final = re.compile(f"{_LATIN}|{_PUNCTUATION}")
_SPREADSHEET_ERRORS: Final = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|#+")
SHORTENED: Final = r"[1-9](?:[.,]\d+)?E\+(?:1[1-9]|[2-9]\d)"
_SHORTENED: Final = re.compile(SHORTENED)
_LONG_NUMBER: Final = re.compile(r"\d{12,}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
LOCAL_DATE: Final = r"(0?[1-9]|[12]\d|3[01])[-./](0?[1-9]|1[0-2])[-./]((?:19|20)\d\d)"
_LOCAL_DATE: Final = re.compile(LOCAL_DATE)
QUOTED: Final = (("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("‘", "’"))
# What any fault that is not about the whole column has in it: a look that passes over most files.
_SUSPECT: Final = re.compile(f"{_INVISIBLE.pattern}|{_MISREAD.pattern}|[\ufffd#“„«‘]|E\\+|\\d[-./][12]\\d\\d\\d")
_LOST: Final = "\ufffd"
# What a misread letter begins with.
_MISREAD_FIRST: Final = frozenset("\u00c3\u00c2\u00e2\u00ef")
_JAMO: Final = range(0x1100, 0x1200)
_CONTROLS: Final = {"\x0b": "LINE TABULATION", "\x0c": "FORM FEED", "\x00": "NULL", "\x7f": "DELETE", "\ufffe": "NONCHARACTER", "\uffff": "NONCHARACTER"}


@dataclass(frozen=True)
class Fault:
    """A fault of a cell: its kind of finding, its characters by name, and the mended text; empty where nobody can tell it."""

    kind: str
    signs: str = ""
    mended: str = ""


def has_faults(text: str) -> bool:
    """Tell whether a whole file may have a fault; where not, it has none."""
    return _SUSPECT.search(text) is not None or not unicodedata.is_normalized("NFC", text)


def may_be_faulty(sign: str) -> bool:
    """Tell whether a text that has a sign may have invisible or misread characters, a lost one, or accents apart from their letters."""
    composes = unicodedata.category(sign).startswith("M") or ord(sign) in _JAMO or not unicodedata.is_normalized("NFC", sign)
    return composes or sign == _LOST or sign in _MISREAD_FIRST or _INVISIBLE.search(sign) is not None


def mended(text: str) -> str:
    """Mend what can be mended without a doubt: invisible characters, misread letters, accents apart from their letters.

    >>> mended("Co\u00c3\u00b6peratie\u200b Noord")
    'Coöperatie Noord'
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub(_visible, _MISREAD.sub(_read_again, text)))


def faults_of_column(cells: Sequence[str]) -> Iterator[tuple[int, Fault]]:
    """Find the faults of a column; give the positions of their cells."""
    has_codes = any(_LONG_NUMBER.fullmatch(cell) for cell in cells)
    has_dates = any(_DATE.fullmatch(cell) for cell in cells)
    for at, cell in enumerate(cells):
        for fault in _faults(cell):
            yield at, fault
        if has_codes and _SHORTENED.fullmatch(cell):
            yield at, Fault("shortened-number")
        if has_dates and (date := _LOCAL_DATE.fullmatch(cell)):
            day, month, year = date.groups()
            yield at, Fault("unlike-dates", mended=f"{year}-{int(month):02}-{int(day):02}")


def _faults(cell: str) -> Iterator[Fault]:
    if _MISREAD.search(cell):
        yield Fault("misread-encoding", mended=mended(cell))
    elif invisible := _INVISIBLE.findall(cell):
        yield Fault("invisible-character", ", ".join(map(_name, sorted(set(invisible)))), mended(cell))
    elif not unicodedata.is_normalized("NFC", cell):
        yield Fault("separate-accents", ", ".join(map(_name, sorted({sign for sign in cell if unicodedata.combining(sign)}))), mended(cell))
    if _LOST in cell:
        yield Fault("lost-character")
    if _SPREADSHEET_ERRORS.fullmatch(cell):
        yield Fault("spreadsheet-error")
    if any(cell.startswith(first) and cell.endswith(last) and len(cell) > 2 and not {first, last} & {*cell[1:-1]} for first, last in QUOTED):  # noqa: PLR2004
        yield Fault("quoted-cell", mended=cell[1:-1])


def _read_again(misread: re.Match[str]) -> str:
    text = misread.group()
    try:
        return b"".join(sign.encode("latin-1" if sign < "\u0100" else "cp1252") for sign in text).decode()
    except UnicodeDecodeError:
        return text


def _visible(invisible: re.Match[str]) -> str:
    """Give the character that Windows-1252 has where others have a control character; nothing for anything else that nobody sees."""
    sign = invisible.group()
    if not "\x80" <= sign <= "\x9f":
        return ""
    return sign.encode("latin-1").decode("cp1252", "ignore")


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, _CONTROLS.get(sign, 'CONTROL CHARACTER'))}"
