"""What a SPARQL query is made of: its syntax tree.

Each node keeps the place in the text where it begins (`at`, counted in characters from 0), which plays no part in comparisons.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Variable

from schakel.sparql.paths import Path

__all__ = [
    "STRING",
    "Aggregate",
    "Ask",
    "Bind",
    "BlankNode",
    "Call",
    "Construct",
    "Describe",
    "Element",
    "Exists",
    "Expression",
    "Filter",
    "Graph",
    "Group",
    "Literal",
    "Minus",
    "Optional",
    "Order",
    "Query",
    "Select",
    "Service",
    "Statement",
    "Subquery",
    "Term",
    "Union",
    "Values",
    "called",
    "variables_of",
]

STRING: Final = NamedNode("http://www.w3.org/2001/XMLSchema#string")


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal with its lexical form and its language tag exactly as written; `datatype` is rdf:langString where there is a tag."""

    value: str
    datatype: NamedNode = STRING
    language: str | None = None


@dataclass(frozen=True, slots=True)
class BlankNode:
    """A blank node: in a pattern a variable that no other part of the query sees, in a template a new node per solution.

    `label` is as written, or a number in brackets (`[1]`) where none is.
    """

    label: str


Term: TypeAlias = Variable | NamedNode | Literal | BlankNode


# ---------------------------------------------------------------------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator (`=`, `IN`, `&&`, `!`, `+`, …) with its arguments.

    Built-in functions are named in capitals, others by their IRI. `IN` and `NOT IN` have the tested expression first. `-` and `+` of one argument are signs.
    """

    name: str
    arguments: "tuple[Expression, ...]"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate; `argument` is None for `COUNT(*)`; `separator` is that of GROUP_CONCAT."""

    name: str
    argument: "Expression | None"
    distinct: bool = False
    separator: str = " "
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether a pattern has a solution, or has none."""

    group: "Group"
    negated: bool
    at: int = field(default=0, compare=False, repr=False)


Expression: TypeAlias = Variable | NamedNode | Literal | Call | Aggregate | Exists


# ---------------------------------------------------------------------------------------------------------------------------------- patterns


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple pattern; the predicate is a variable or a path, of which an IRI is the simplest."""

    subject: Term
    predicate: Variable | Path
    object: Term
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the solutions of the whole group."""

    condition: Expression
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bind:
    """A variable computed by an expression: of BIND, of SELECT and of GROUP BY."""

    variable: Variable
    expression: Expression
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Optional:
    """A group that may have no solution."""

    group: "Group"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Minus:
    """A group whose compatible solutions are taken away."""

    group: "Group"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Union:
    """Alternative groups; a group within a group is a union of one."""

    groups: "tuple[Group, ...]"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """A group that is matched in a named graph."""

    name: Variable | NamedNode
    group: "Group"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A group that another endpoint answers."""

    name: Variable | NamedNode
    group: "Group"
    silent: bool
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Values:
    """Solutions given in the query; None is UNDEF."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[NamedNode | Literal | None, ...], ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Subquery:
    """A SELECT as a pattern."""

    query: "Select"
    at: int = field(default=0, compare=False, repr=False)


Element: TypeAlias = Statement | Filter | Bind | Optional | Minus | Union | Graph | Service | Values | Subquery


@dataclass(frozen=True, slots=True)
class Group:
    """The elements between two braces, in order."""

    elements: tuple[Element, ...]
    at: int = field(default=0, compare=False, repr=False)


# ---------------------------------------------------------------------------------------------------------------------------------- queries


@dataclass(frozen=True, slots=True)
class Order:
    """A criterion of ORDER BY."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the four forms share. `keys` are those of GROUP BY, `values` the VALUES after the query, `graphs` and `named_graphs` its dataset."""

    where: Group
    keys: tuple[Expression | Bind, ...] = ()
    having: Expression | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    values: Values | None = None
    graphs: tuple[NamedNode, ...] = ()
    named_graphs: tuple[NamedNode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Select(Query):
    """A SELECT. `variables` are the columns in order, those of `*` by name; `computed` says how those with `AS` are made, in order."""

    variables: tuple[Variable, ...]
    computed: tuple[Bind, ...] = ()
    distinct: bool = False
    reduced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct(Query):
    """A CONSTRUCT with its template."""

    template: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Query):
    """An ASK."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Query):
    """A DESCRIBE of variables and IRIs; of `*` all variables in scope."""

    terms: tuple[Variable | NamedNode, ...]


def called(expression: Expression) -> Iterator[Call]:
    """Give all calls in an expression, except those within a pattern."""
    if isinstance(expression, Call):
        yield expression
        for each in expression.arguments:
            yield from called(each)
    elif isinstance(expression, Aggregate) and expression.argument is not None:
        yield from called(expression.argument)


def variables_of(expression: Expression) -> Iterator[Variable]:
    """Give the variables in an expression, except those within a pattern."""
    if isinstance(expression, Variable):
        yield expression
    elif isinstance(expression, Call):
        for each in expression.arguments:
            yield from variables_of(each)
    elif isinstance(expression, Aggregate) and expression.argument is not None:
        yield from variables_of(expression.argument)
