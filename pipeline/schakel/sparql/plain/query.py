"""What a plain query is made of, as it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

__all__ = [
    "Bind",
    "Call",
    "Construct",
    "Element",
    "Exists",
    "Expression",
    "Filter",
    "Group",
    "Optional",
    "Select",
    "Statement",
    "Union",
    "called",
    "variables_of",
]


@dataclass(frozen=True)
class Call:
    """A function, an operator (`=`, `IN`, `&&`, `!`, …) or an aggregate, in capitals, and what it is applied to."""

    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Exists:
    """Whether a pattern is there, or is not."""

    group: "Group"
    negated: bool


Expression: TypeAlias = Variable | NamedNode | Literal | Call | Exists


@dataclass(frozen=True)
class Statement:
    """A triple pattern. `properties` are those that its predicate follows, one or more steps each way; `simple` where it is one property and no path.

    There are none where the predicate is a variable.
    """

    subject: Variable | NamedNode
    predicate: Variable | None
    properties: tuple[NamedNode, ...]
    simple: bool
    object: Variable | NamedNode | Literal


@dataclass(frozen=True)
class Filter:
    """A condition of its whole group."""

    condition: Expression


@dataclass(frozen=True)
class Bind:
    """A variable that is made from others."""

    variable: Variable
    expression: Expression


@dataclass(frozen=True)
class Optional:
    """A group that need not be there."""

    group: "Group"


@dataclass(frozen=True)
class Union:
    """Groups of which one is enough; a group in a group is a union of one."""

    groups: "tuple[Group, ...]"


Element: TypeAlias = Statement | Filter | Bind | Optional | Union


@dataclass(frozen=True)
class Group:
    """What stands between braces, in order."""

    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Select:
    """A SELECT of variables, of a whole graph, without bounds and without an order; `keys` are those of GROUP BY."""

    variables: tuple[Variable, ...]
    where: Group
    keys: tuple[Variable, ...] = ()
    having: Expression | None = None


@dataclass(frozen=True)
class Construct:
    """A CONSTRUCT with a template."""

    template: tuple[Statement, ...]
    where: Group


def called(expression: Expression) -> Iterator[Call]:
    """Give all that an expression calls, but within a pattern."""
    if isinstance(expression, Call):
        yield expression
        for each in expression.arguments:
            yield from called(each)


def variables_of(expression: Expression) -> Iterator[Variable]:
    """Give the variables of an expression, but those of a pattern in it."""
    if isinstance(expression, Variable):
        yield expression
    elif isinstance(expression, Call):
        for each in expression.arguments:
            yield from variables_of(each)
