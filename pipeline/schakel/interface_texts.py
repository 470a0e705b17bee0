"""Words that stand in no message of `messages.toml`: those of the terminal, and what datatypes are called; by language, as `interface.toml` holds them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from schakel.findings import Place, in_language

__all__ = ["counted", "datatype", "place", "word"]


@cache
def _interface() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("schakel").joinpath("interface.toml").read_text("utf-8"))


def word(name: str, language: str, **values: object) -> str:
    """Give words by their name, with values filled in."""
    return in_language(_interface()["words"][name], language).format_map(values)


def counted(severity: str, number: int, language: str) -> str:
    """Say how many there are of a severity.

    >>> counted("violation", 2, "nl")
    '2 fouten'
    """
    forms = _interface()["counted"][severity]
    one, several = forms.get(language.partition("-")[0], forms["en"])
    return str(one if number == 1 else several).format(n=number)


def datatype(name: str) -> Mapping[str, str]:
    """Give what people call a datatype of XSD, by language; its own name where they have no other.

    >>> datatype("gYear")["nl"], datatype("gDay")["nl"]
    ('jaar', 'gDay')
    """
    return _interface()["datatypes"].get(name) or dict.fromkeys(("en", "nl", "nb", "nn"), name)


def place(where: Place, language: str) -> str:
    """Say a place in a language.

    >>> place(Place("data/names.csv", 7, "text"), "nl")
    'data/names.csv, rij 7, kolom text'
    """
    row = [word("line" if where.is_line else "row", language, row=where.row)] if where.row else []
    column = [word("column", language, column=where.column)] if where.column else []
    return ", ".join([where.file, *row, *column])
