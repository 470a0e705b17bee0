"""What terms of usual vocabularies are called, for projects that do not say so themselves: the labels of `term_labels.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from schakel.namespaces import PREFIXES

__all__ = ["TERM_LANGUAGES", "term_labels"]

TERM_LANGUAGES: Final = ("en", "nl", "nb", "nn")


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
