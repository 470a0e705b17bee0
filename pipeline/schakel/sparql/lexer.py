"""The tokens of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlGrammar, productions 139 to 173), read one at a time."""

import re
import sys
from typing import Final

from schakel.sparql.errors import QuerySyntaxError

__all__ = ["Lexer"]

# Each level of nesting takes at most six calls of Python, which allows a thousand.
_DEEPEST: Final = 80
_LONGEST_SHOWN: Final = 40

_LETTERS: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf"
    "\ufdf0-\ufffd\U00010000-\U000effff"
)
_IN_VARIABLE: Final = f"{_LETTERS}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_IN_NAME: Final = f"{_IN_VARIABLE}-"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIX: Final = f"(?:[{_LETTERS}](?:[{_IN_NAME}.]*[{_IN_NAME}])?)?:"
_LOCAL: Final = f"(?:[{_LETTERS}_:0-9]|{_ESCAPED})(?:(?:[{_IN_NAME}.:]|{_ESCAPED})*(?:[{_IN_NAME}:]|{_ESCAPED}))?"
_CODE_POINT: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IN_STRING: Final = rf"\\[tbnrf\\\"']|{_CODE_POINT}"

_TOKEN: Final = re.compile(
    rf"""
    [ \t\r\n]*(?:\#[^\r\n]*[ \t\r\n]*)*
    (?:
    (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODE_POINT})*>)
  | (?P<variable>[?$][{_LETTERS}_0-9][{_IN_VARIABLE}]*)
  | (?P<name>{_PREFIX}(?:{_LOCAL})?)
  | (?P<blank>_:[{_LETTERS}_0-9](?:[{_IN_NAME}.]*[{_IN_NAME}])?)
  | (?P<word>[A-Za-z][A-Za-z0-9_]*)
  | (?P<long>'''(?:'?'?(?:[^'\\]|{_IN_STRING}))*'''|\"\"\"(?:"?"?(?:[^"\\]|{_IN_STRING}))*\"\"\")
  | (?P<string>'(?:[^'\\\n\r]|{_IN_STRING})*'|"(?:[^"\\\n\r]|{_IN_STRING})*")
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<double>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+)
  | (?P<decimal>[+-]?[0-9]*\.[0-9]+)
  | (?P<integer>[+-]?[0-9]+)
  | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[{{}}()\[\].,;=<>!*/+\-|^?])
  | (?P<end>\Z)
    )
    """,
    re.VERBOSE,
)
_SPACE: Final = re.compile(r"[ \t\r\n]*(?:#[^\r\n]*[ \t\r\n]*)*")
# Strings, IRIs and comments are passed over whole; escapes of code points elsewhere are what is looked for.
_OUTSIDE: Final = re.compile(
    rf"""<[^<>"{{}}|^`\x00-\x20]*>|\#[^\r\n]*|'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"|(?P<escape>{_CODE_POINT})""",
    re.VERBOSE | re.DOTALL,
)
_SURROGATES: Final = range(0xD800, 0xE000)


class Lexer:
    """A place in a query, before one token.

    `kind` is what the token is, `text` how it is written, `at` where it begins; `symbol` is a word in capitals (but `a`) or a sign, and empty for terms.
    """

    kind: str
    text: str
    symbol: str
    at: int

    def __init__(self, text: str) -> None:
        self._given = text
        # Each escape outside strings and IRIs: where its character is, and by how much the text became shorter.
        self._shortened: list[tuple[int, int]] = []
        self._query = self._expanded(text) if "\\u" in text or "\\U" in text else text
        self._end = 0
        self._depth = 0
        self.advance()

    def advance(self) -> None:
        """Pass over the token."""
        found = _TOKEN.match(self._query, self._end)
        if found is None or found.lastgroup is None:
            raise self._no_token()
        kind = found.lastgroup
        self.kind = kind
        self.text = text = found[kind]
        self.at = found.start(kind)
        self._end = found.end()
        self.symbol = (text if text == "a" else text.upper()) if kind == "word" else text if kind == "sign" else ""

    def found(self, symbol: str) -> bool:
        """Pass over a word or sign if it is the token, and tell whether it was."""
        if self.symbol != symbol:
            return False
        self.advance()
        return True

    def need(self, symbol: str) -> None:
        """Pass over a word or sign that must be the token."""
        if self.symbol != symbol:
            raise self.error(f"“{symbol}”")
        self.advance()

    def take(self, kind: str, expected: str) -> str:
        """Pass over a token that must be of a kind; give it as it is written."""
        if self.kind != kind:
            raise self.error(expected)
        text = self.text
        self.advance()
        return text

    def split_iri(self) -> None:
        """Take `<` for a sign where what follows could be read as an IRI: `?a<?b&&?c>?d`."""
        self.kind, self.text, self.symbol, self._end = "sign", "<", "<", self.at + 1

    def deeper(self) -> None:
        """Note that one construct begins within another."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.error(f"at most {_DEEPEST} levels of nesting", found="one more")

    def higher(self) -> None:
        """Note that a construct ends."""
        self._depth -= 1

    def error(self, expected: str, found: str | None = None, at: int | None = None) -> QuerySyntaxError:
        """Give the error that something else was expected, here or at a place."""
        shown = f"“{self.text[:_LONGEST_SHOWN]}”" if self.kind != "end" else "the end"
        line, column = self.place(self.at if at is None else at)
        return QuerySyntaxError(line, column, found or shown, expected)

    def place(self, at: int) -> tuple[int, int]:
        """Give the line and the column, from 1, of a place in the text as it was given."""
        at += sum(shorter for where, shorter in self._shortened if where < at)
        before = self._given[:at]
        start = max(before.rfind("\n"), before.rfind("\r")) + 1
        return before.count("\n") + before.replace("\r\n", "\n").count("\r") + 1, at - start + 1

    def _no_token(self) -> QuerySyntaxError:
        """Give the error that no token begins here."""
        begin = _SPACE.match(self._query, self._end)
        self.at = self._end if begin is None else begin.end()
        self.kind, self.text = "sign", self._query[self.at : self.at + 1]
        if self.text in {'"', "'"}:
            return self.error("a string that ends, with known escapes", found=f"“{self._query[self.at : self.at + _LONGEST_SHOWN].splitlines()[0]}”")
        return self.error("a token of SPARQL")

    def _expanded(self, text: str) -> str:
        """Replace the escapes of code points outside strings and IRIs, which belong to no token but may be anywhere."""
        parts: list[str] = []
        length = end = 0
        for found in _OUTSIDE.finditer(text):
            if found["escape"] is None:
                continue
            character = self.character(found["escape"], found.start())
            parts += [text[end : found.start()], character]
            length += found.start() - end + 1
            end = found.end()
            self._shortened.append((length - 1, len(found[0]) - 1))
        return "".join([*parts, text[end:]])

    def character(self, escape: str, at: int) -> str:
        """Give the character that an escape of a code point is for: 4 or 8 digits behind two signs."""
        digits = escape[2:]
        code = int(digits, 16)
        if code in _SURROGATES or code > sys.maxunicode:
            line, column = self.place(at)
            raise QuerySyntaxError(line, column, f"“{escape}”", "the code point of a character")
        return chr(code)
