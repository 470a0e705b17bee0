"""What is wrong with a query."""

from schakel.errors.base import SchakelError

__all__ = ["QuerySyntaxError"]


class QuerySyntaxError(SchakelError):
    """A text is no query of SPARQL 1.1. `line` and `column` count from 1; `found` is what is there, `expected` what may be there, in words."""

    def __init__(self, line: int, column: int, found: str, expected: str) -> None:
        super().__init__(line, column, found, expected)
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: found {self.found}, expected {self.expected}"
