"""The signs and words that a plain query is made of."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["END", "Cursor", "NotPlainError", "Token"]

_DEEPEST: Final = 40
_FIXED: Final = frozenset({"word", "sign"})

# Wherever parsers may differ on where a token ends, none is seen, and the query is not plain: an IRI that is not absolute, a name with dots or other
# letters than English has, an escape, a number with a sign, a variable right after a path, whose `?` may be its own, a `+` away from its path. A word of
# the language stands clear of `?`, `$` and whatever else may be part of a name.
_TOKEN: Final = re.compile(
    r"""
    (?P<space>[ \t\n]+|\#[^\n]*)
  | (?P<iri><[A-Za-z][A-Za-z0-9+.-]*:[!\#-;=?-\[\]_a-z~]*>)
  | (?P<variable>(?<![^\s(,{!&|=;.}])[?$][A-Za-z_][A-Za-z0-9_]*(?![\w:·‿⁀]))
  | (?P<name>(?<![\w$?:.-])(?:[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?![\w:%\\$?·‿⁀-]|\.[^\s{}]))
  | (?P<prefix>(?<![\w$?:.-])(?:[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)?:(?=[\s<]))
  | (?P<word>(?<![\w$?:.-])[A-Za-z]+(?![\w$?:.-]))
  | (?P<text>"[^"\\\n]*"(?!["^@])|'[^'\\\n]*'(?!['^@]))
  | (?P<spoken>"[^"\\\n]*"@[a-z]{2,8}(?![\w-])|'[^'\\\n]*'@[a-z]{2,8}(?![\w-]))
  | (?P<number>(?<![\w.+-])(?:0|[1-9][0-9]{0,8})(?![\w.]))
  | (?P<sign>\^(?!\^)|&&|\|\|?|!=?|<=?(?=\s)|>=?|[={}().,;/]|(?<=[\w)>])\+(?=[\s)|/]))
    """,
    re.VERBOSE,
)


class NotPlainError(Exception):
    """A query is not of the plain form; it may yet be right."""


class Token(NamedTuple):
    """A token: of what kind, and as it is written; words in capitals, but the `a` that stands for rdf:type."""

    kind: str
    text: str


def _tokens(text: str) -> Iterator[Token]:
    """Read a query. Raises NotPlainError where there is something that is no token of a plain one."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise NotPlainError
        at = found.end()
        if found.lastgroup != "space":
            yield Token(found.lastgroup, found[0].upper() if found.lastgroup == "word" and found[0] != "a" else found[0])


END: Final = Token("end", "")


class Cursor:
    """A place in a query, which goes from token to token. Raises NotPlainError wherever something else comes than must."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def next(self) -> Token:
        """Give the token that comes next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def take(self, kind: str) -> str:
        """Pass over a token that must be of a kind."""
        token = self.next()
        if token.kind != kind:
            raise NotPlainError
        self._at += 1
        return token.text

    def found(self, *texts: str) -> bool:
        """Tell whether these words or signs come next, and pass over them if so."""
        ahead = self._tokens[self._at : self._at + len(texts)]
        if tuple(token.text for token in ahead if token.kind in _FIXED) != texts:
            return False
        self._at += len(texts)
        return True

    def need(self, *texts: str) -> None:
        """Pass over words or signs that must come next."""
        if not self.found(*texts):
            raise NotPlainError

    def deeper(self) -> None:
        """Note that something begins within something."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotPlainError

    def higher(self) -> None:
        """Note that it ends."""
        self._depth -= 1
