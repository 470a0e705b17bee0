"""Reads expressions, by precedence climbing (productions 110 to 130 of the grammar)."""

from collections.abc import Mapping
from typing import Final

from schakel.sparql.query import Aggregate, Call, Exists, Expression, Group
from schakel.sparql.terms import TermParser

__all__ = ["ExpressionParser"]

_OR, _AND, _RELATION, _SUM, _PRODUCT = range(1, 6)
_STRENGTHS: Final[Mapping[str, int]] = {
    "||": _OR,
    "&&": _AND,
    **dict.fromkeys(["=", "!=", "<", ">", "<=", ">=", "IN", "NOT"], _RELATION),
    **dict.fromkeys("+-", _SUM),
    **dict.fromkeys("*/", _PRODUCT),
}
_NUMBERS: Final = frozenset({"integer", "decimal", "double"})
_ANY: Final = 10_000
# Built-in functions with the least and the greatest number of arguments.
_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(["RAND", "NOW", "UUID", "STRUUID"], (0, 0)),
    "BNODE": (0, 1),
    **dict.fromkeys(["STR", "LANG", "DATATYPE", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI"], (1, 1)),
    **dict.fromkeys(["YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "MD5", "SHA1", "SHA256", "SHA384", "SHA512"], (1, 1)),
    **dict.fromkeys(["ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "BOUND"], (1, 1)),
    **dict.fromkeys(["LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "SAMETERM"], (2, 2)),
    **dict.fromkeys(["SUBSTR", "REGEX"], (2, 3)),
    "IF": (3, 3),
    "REPLACE": (3, 4),
    **dict.fromkeys(["COALESCE", "CONCAT"], (0, _ANY)),
}
_AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


class ExpressionParser(TermParser):
    """Reads expressions."""

    # Whether an aggregate may be here: within SELECT, HAVING and ORDER BY, but not within another.
    aggregates = False

    def group(self) -> Group:
        """Read a group. PatternParser implements it."""
        raise NotImplementedError

    def expression(self) -> Expression:
        """Read an expression."""
        self.deeper()
        read = self._operation(_OR)
        self.higher()
        return read

    def _operation(self, least: int) -> Expression:
        """Read an operand and the operators behind it that bind at least so strongly."""
        left = self._signed()
        ceiling = _PRODUCT
        while True:
            if self.kind == "iri":
                self.split_iri()
            symbol, at = self.symbol, self.at
            # A number with a sign behind an operand is added to it.
            signed = not symbol and self.kind in _NUMBERS and self.text[0] in "+-"
            strength = _SUM if signed else _STRENGTHS.get(symbol, 0)
            if not least <= strength <= ceiling:
                return left
            if signed:
                left = Call("+", (left, self._operation(_PRODUCT)), at)
                continue
            self.advance()
            if strength <= _AND:
                left = Call(symbol, (left, *self._joined(symbol, strength)), at)
            elif symbol in {"IN", "NOT"}:
                if symbol == "NOT":
                    self.need("IN")
                left = Call("NOT IN" if symbol == "NOT" else "IN", (left, *self._arguments()), at)
            else:
                left = Call(symbol, (left, self._operation(strength + 1)), at)
            # A comparison is no operand of another.
            ceiling = strength - 1 if strength == _RELATION else strength

    def _joined(self, symbol: str, strength: int) -> list[Expression]:
        """Read the other operands of a chain of `||` or `&&`, whose first sign is passed."""
        parts = [self._operation(strength + 1)]
        while self.found(symbol):
            parts.append(self._operation(strength + 1))
        return parts

    def _signed(self) -> Expression:
        """Read an operand with the signs before it."""
        symbol, at = self.symbol, self.at
        if symbol not in {"!", "-", "+"}:
            return self._primary()
        self.deeper()
        self.advance()
        operand = self._signed()
        self.higher()
        return Call(symbol, (operand,), at)

    def _primary(self) -> Expression:
        if self.kind == "variable":
            return self.variable()
        if self.symbol == "(":
            return self.in_brackets()
        if self.kind == "word" and self.symbol not in {"TRUE", "FALSE"}:
            return self.built_in()
        if self.kind in {"iri", "name"}:
            at, name = self.at, self.iri()
            return Call(name.value, self._arguments(), at) if self.symbol == "(" else name
        if self.kind in _NUMBERS or self.kind in {"string", "long", "word"}:
            return self.literal()
        raise self.error("an expression")

    def in_brackets(self) -> Expression:
        """Read an expression in brackets."""
        self.need("(")
        expression = self.expression()
        self.need(")")
        return expression

    def constraint(self) -> Expression:
        """Read what FILTER and HAVING take: an expression in brackets or a call."""
        if self.symbol == "(":
            return self.in_brackets()
        if self.kind == "word":
            return self.built_in()
        at, name = self.at, self.iri()
        return Call(name.value, self._arguments(), at)

    def built_in(self) -> Expression:
        """Read a call of a built-in function, an aggregate, or EXISTS."""
        name, at = self.symbol, self.at
        if name in {"EXISTS", "NOT"}:
            self.advance()
            if name == "NOT":
                self.need("EXISTS")
            return Exists(self.group(), name == "NOT", at)
        if name in _AGGREGATES:
            return self._aggregate()
        if name not in _FUNCTIONS:
            raise self.error("a function")
        self.advance()
        if name == "BOUND":
            return self._bound(at)
        arguments = self._arguments()
        least, most = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            expected = f"{least}" if least == most else f"{least} to {most}"
            raise self.error(f"{expected} of them", found=f"{len(arguments)} arguments of {name}", at=at)
        return Call(name, arguments, at)

    def _bound(self, at: int) -> Call:
        self.need("(")
        variable = self.variable()
        self.need(")")
        return Call("BOUND", (variable,), at)

    def _aggregate(self) -> Aggregate:
        name, at = self.symbol, self.at
        if not self.aggregates:
            raise self.error("no aggregate here")
        self.advance()
        self.need("(")
        distinct = self.found("DISTINCT")
        self.aggregates = False
        argument = None if name == "COUNT" and self.found("*") else self.expression()
        self.aggregates = True
        separator = " "
        if name == "GROUP_CONCAT" and self.found(";"):
            self.need("SEPARATOR")
            self.need("=")
            separator = self.string()
        self.need(")")
        return Aggregate(name, argument, distinct, separator, at)

    def _arguments(self) -> tuple[Expression, ...]:
        self.need("(")
        if self.found(")"):
            return ()
        arguments = [self.expression()]
        while self.found(","):
            arguments.append(self.expression())
        self.need(")")
        return tuple(arguments)
