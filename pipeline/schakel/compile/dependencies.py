"""What the variables of a mapping are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import Variable

from schakel.compile.construct import UNDEFINED, terms_of
from schakel.sparql import Bind, Call, Construct, Expression, Literal, called, variables_of

__all__ = ["Dependencies", "choices_of", "tags_of"]

# Functions whose first argument is what they give; the others say in which way.
_FIRST: Final = frozenset({"STRLANG", "STRDT", "SUBSTR", "REPLACE", "STRBEFORE", "STRAFTER"})
_CONDITIONS: Final = frozenset(
    {"BOUND", "=", "!=", "<", ">", "<=", ">=", "IN", "NOT IN", "&&", "||", "!", "REGEX", "CONTAINS", "STRSTARTS", "STRENDS", "LANGMATCHES"}
)


@dataclass(frozen=True)
class Dependencies:
    """Follows the variables of a mapping to columns, through its BINDs."""

    query: Construct
    columns: tuple[str, ...]

    @cached_property
    def binds(self) -> tuple[Bind, ...]:
        """The BINDs, in order."""
        return tuple(each for each in self.query.where.elements if isinstance(each, Bind))

    @cached_property
    def _made(self) -> dict[str, Bind]:
        return {bind.variable.value: bind for bind in self.binds}

    @cached_property
    def template(self) -> tuple[tuple[str, ...], ...]:
        """The variables of each triple of the template."""
        return tuple(tuple(term.value for term in terms_of(statement) if isinstance(term, Variable)) for statement in self.query.template)

    @property
    def names(self) -> Iterator[str]:
        """The variables of the BINDs."""
        return (bind.variable.value for bind in self.binds)

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """The variables that are a subject or a property, where no literal can be."""
        return tuple(sorted({term.value for statement in self.query.template for term in terms_of(statement)[:2] if isinstance(term, Variable)}))

    def inputs(self, bind: Bind) -> frozenset[str]:
        """Give the variables that a BIND reads."""
        return frozenset(variable.value for variable in variables_of(bind.expression)) - {UNDEFINED}

    def columns_of(self, variable: str) -> frozenset[str]:
        """Give the columns that a variable depends on in any way."""
        bind = self._made.get(variable)
        if bind is None:
            return frozenset({variable}).intersection(self.columns)
        return frozenset(chain.from_iterable(map(self.columns_of, self.inputs(bind))))

    def content_of(self, variable: str) -> frozenset[str]:
        """Give the columns whose text is part of the variable's: no conditions, language tags or datatypes."""
        bind = self._made.get(variable)
        if bind is None:
            return frozenset({variable}).intersection(self.columns)
        return frozenset(chain.from_iterable(self.content_of(name) for name in _content(bind.expression)))

    def may_be_undefined(self, variable: str) -> bool:
        """Tell whether a mapping may say that a variable is to have no value."""
        bind = self._made.get(variable)
        if bind is None:
            return variable == UNDEFINED
        return any(self.may_be_undefined(name.value) for name in variables_of(bind.expression))


def tags_of(bind: Bind) -> frozenset[str]:
    """Give the variables that a BIND takes for language tags."""
    arguments = (call.arguments[1] for call in called(bind.expression) if call.name == "STRLANG")
    return frozenset(each.value for each in arguments if isinstance(each, Variable))


def choices_of(bind: Bind) -> frozenset[str]:
    """Give the texts that a BIND compares something with."""
    others = chain.from_iterable(call.arguments[1:] for call in called(bind.expression) if call.name in {"=", "IN"})
    return frozenset(other.value for other in others if isinstance(other, Literal))


def _content(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Variable):
        yield expression.value
    elif isinstance(expression, Call) and expression.name not in _CONDITIONS:
        arguments = expression.arguments[1:] if expression.name == "IF" else expression.arguments[:1] if expression.name in _FIRST else expression.arguments
        yield from chain.from_iterable(map(_content, arguments))
