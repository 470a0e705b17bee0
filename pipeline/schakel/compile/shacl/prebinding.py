"""Queries with variables bound beforehand, written out: as SHACL has it, a variable is replaced by its value wherever it is.

An IRI or a literal is written in the place of the variable. A blank node cannot be written in a query; its variable stays, and each group begins by binding it
to what a function, `BLANK`, makes of its label.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schakel.compile.shacl.tokens import Token, tokens_of
from schakel.engine.spelling import literal_spelling

__all__ = ["BLANK", "Template", "template_of"]

# The IRI of the function that gives the blank node with a label.
BLANK: Final = "urn:x-schakel:blank"
_BEFORE_EXISTS: Final = "EXISTS"


@dataclass(frozen=True)
class Template:
    """A query taken apart, to be filled in many times."""

    tokens: tuple[Token, ...]

    def filled(self, bound: Mapping[str, str]) -> str:
        """Write the query with values, as spelled, for some of its variables."""
        return "".join(self._written(bound))

    def _written(self, bound: Mapping[str, str]) -> Iterator[str]:
        blank = {name: value for name, value in bound.items() if value.startswith("_:")}
        written = {name: value for name, value in bound.items() if name not in blank}
        binding = "".join(f" BIND (<{BLANK}>({literal_spelling(value[2:])}) AS ?{name})" for name, value in sorted(blank.items()) if name in self._names)
        clause = ""
        depth = within_exists = number = 0
        while number < len(self.tokens):
            token = self.tokens[number]
            word = token.text.upper() if token.kind == "word" else token.text
            if token.is_apart:
                yield " "
            if word in {"SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "BOUND"}:
                clause = word
            if word == "{":
                depth += 1
                exists = number > 0 and self.tokens[number - 1].text.upper() == _BEFORE_EXISTS
                within_exists = depth if exists and not within_exists else within_exists
                after = self.tokens[number + 1].text.upper() if number + 1 < len(self.tokens) else ""
                yield token.text + ("" if within_exists or after == "SELECT" else binding)
                clause = ""
            elif word == "}":
                within_exists = 0 if within_exists == depth else within_exists
                depth -= 1
                yield token.text
            elif clause == "BOUND" and word == "BOUND" and self._bound(number) in written:
                yield "(true)"
                number += 3
            elif token.kind == "variable" and token.text[1:] in written:
                yield self._value(f"{token.text[1:]}_{number}", written[token.text[1:]], clause)
            else:
                yield token.text
            number += 1

    @staticmethod
    def _value(name: str, value: str, clause: str) -> str:
        """Write a value in place of its variable; what is projected gets a name that no other SELECT of the query has."""
        match clause:
            case "SELECT":
                return f"({value} AS ?{name})"
            case "GROUP" | "ORDER":
                return f"({value})"
            case _:
                return value

    def _bound(self, number: int) -> str:
        """Give the variable of BOUND(…)."""
        inside = self.tokens[number + 1 : number + 4]
        return inside[1].text[1:] if [each.kind for each in inside] == ["sign", "variable", "sign"] else ""

    @property
    def _names(self) -> set[str]:
        return {token.text[1:] for token in self.tokens if token.kind == "variable"}


def template_of(text: str) -> Template:
    """Take a query apart."""
    return Template(tuple(tokens_of(text)))
