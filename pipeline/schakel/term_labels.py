"""What terms of usual vocabularies are called, for projects that do not say so themselves: the labels of `term_labels.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from schakel.namespaces import PREFIXES

__all__ = ["TERM_LANGUAGES", "term_labels", "words_of"]

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\WA-Z_]+|[^\W_]+")
TERM_LANGUAGES: Final = ("en", "nl", "nb", "nn")


def words_of(iri: str) -> str:
    """Give the words that the last part of a term's IRI is made of, for terms that nobody gives a label.

    >>> words_of("https://data.example/vocab#dateOfMerger"), words_of("https://data.example/vocab/ISO_code")
    ('date of merger', 'ISO code')
    """
    last = re.split(r"[/#:]", iri.rstrip("/#:"))[-1]
    parts = _WORD.findall(last.replace("_", " ").replace("-", " "))
    return " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts) or iri


@cache
def term_labels() -> Mapping[str, Mapping[str, str]]:
    """Give the labels of each term by its IRI, and by language.

    >>> term_labels()["http://www.w3.org/ns/org#siteAddress"]["nl"]
    'adres'
    """
    listed = tomllib.loads(resources.files("schakel").joinpath("term_labels.toml").read_text("utf-8"))
    found: dict[str, Mapping[str, str]] = {}
    for name, texts in listed.items():
        prefix, local = name.split(":")
        found[PREFIXES[prefix] + local] = dict(zip(TERM_LANGUAGES, texts, strict=True))
    return found
