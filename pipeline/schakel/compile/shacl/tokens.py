"""The tokens of SPARQL, as far as it takes to find variables and keywords outside of texts, IRIs and comments."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Token", "tokens_of", "variables_in"]

_TOKEN: Final = re.compile(
    r"""
    (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<text>\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')
  | (?P<comment>\#[^\n]*)
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:\w[\w.-]*)?:(?:(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.)(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*)?(?<!\.))
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
  | (?P<sign>\^\^|&&|\|\||!=|<=|>=|\S)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token as it is written, of what kind it is, and whether space or a comment is before it."""

    kind: str
    text: str
    is_apart: bool


def tokens_of(text: str) -> Iterator[Token]:
    """Give the tokens of a query, without comments."""
    end = 0
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "comment":
            yield Token(found.lastgroup or "", found[0], found.start() > end)
            end = found.end()


def variables_in(text: str) -> set[str]:
    """Give the names of the variables of a query."""
    return {token.text[1:] for token in tokens_of(text) if token.kind == "variable"}
