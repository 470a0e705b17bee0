"""The columns of an answer as a reader sees them: what stands above each, and which of them names what stands in another."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from schakel.queries import CannedQuery

__all__ = ["heading_texts", "naming_columns"]

# What ends the part of a description that stands above a column.
_ASIDE: Final = re.compile(r"[,;:] | \(| [-–—] ")
# No column should be as wide as a text.
_LONGEST: Final = 80


def naming_columns(columns: Sequence[str]) -> dict[str, str]:
    """Give the column that names what is in another, by that other one: `<column>Name`, `<column>Label` or `<column>Title`.

    For the first column it may also be `name`, `label` or `title`.

    >>> naming_columns(["body", "bodyName", "role", "roleLabel", "since"]), naming_columns(["organisation", "name"])
    ({'body': 'bodyName', 'role': 'roleLabel'}, {'organisation': 'name'})
    """
    names: dict[str, str] = {}
    for at, column in enumerate(columns):
        of_first = ("name", "label", "title") if at == 0 else ()
        found = next((name for name in (f"{column}Name", f"{column}Label", f"{column}Title", *of_first) if name in columns and name != column), None)
        if found is not None:
            names[column] = found
    return names


def heading_texts(query: CannedQuery, column: str) -> Mapping[str, str]:
    """Say in short what a column holds, by language: what its description says up to the first comma, colon, bracket or dash. Empty where nothing is said."""
    short = {tag: _ASIDE.split(text, maxsplit=1)[0] for tag, text in query.column_texts.get(column, {}).items()}
    return {tag: text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…" for tag, text in short.items()}
