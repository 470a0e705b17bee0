"""Nodes of plans, built without parsing and in brackets wherever an operator is an operand of another.

Nodes may be shared by several parents: generating SQL only reads them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, Literal, NamedTuple, TypeAlias, TypeVar

from sqlglot import exp

from schakel.engine.executor import Plan

__all__ = [
    "FALSE",
    "NULL",
    "TRUE",
    "Join",
    "Node",
    "aliased",
    "all_of",
    "any_of",
    "branches",
    "case",
    "coalesce",
    "column",
    "compare",
    "concatenated",
    "constant_of",
    "equal",
    "found_in",
    "is_null",
    "length",
    "matches",
    "negated",
    "not_null",
    "number",
    "same",
    "select",
    "size_and_depth",
    "slice_of",
    "string",
    "subquery",
    "table",
    "union",
]

Node: TypeAlias = exp.Expr

NULL: Final[Node] = exp.Null()
TRUE: Final[Node] = exp.Boolean(this=True)
FALSE: Final[Node] = exp.Boolean(this=False)

# Nodes that neither columns nor tables are in.
_LEAVES: Final = (exp.Literal, exp.Identifier, exp.Null, exp.Boolean, exp.DataType)
_SIDES: Final[Mapping[str, Mapping[str, str]]] = {"": {}, "left": {"side": "LEFT"}, "anti": {"kind": "ANTI"}}
_COMPARISONS: Final = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


def string(text: str) -> Node:
    """Make a constant text."""
    return exp.Literal(this=text, is_string=True)


def number(value: int) -> Node:
    """Make a constant number."""
    made = exp.Literal(this=str(abs(value)), is_string=False)
    return exp.Paren(this=exp.Neg(this=made)) if value < 0 else made


def column(name: str, table: str = "") -> Node:
    """Name a column; the name is quoted."""
    return exp.Column(this=exp.Identifier(this=name, quoted=True), **({} if not table else {"table": exp.Identifier(this=table, quoted=True)}))


def table(name: str, alias: str = "") -> exp.Table:
    """Name a table."""
    named = exp.Table(this=exp.Identifier(this=name, quoted=True))
    if alias:
        named.set("alias", exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)))
    return named


def aliased(node: Node, name: str) -> Node:
    """Give a column a name."""
    return exp.Alias(this=node, alias=exp.Identifier(this=name, quoted=True))


def constant_of(node: Node) -> str | None:
    """Give the text of a constant, None where a node is none."""
    return node.this if isinstance(node, exp.Literal) and node.args.get("is_string") else None


def compare(sign: str, left: Node, right: Node) -> Node:
    """Compare two nodes: `=`, `!=`, `<`, `<=`, `>`, `>=`."""
    return _COMPARISONS[sign](this=_operand(left), expression=_operand(right))


def equal(left: Node, right: Node | int) -> Node:
    """Tell whether two values are the same, at once where both are constant texts."""
    if isinstance(right, int):
        return compare("=", left, number(right))
    first, second = constant_of(left), constant_of(right)
    if first is not None and second is not None:
        return TRUE if first == second else FALSE
    return compare("=", left, right)


def is_null(node: Node) -> Node:
    """Tell whether a node is NULL."""
    if isinstance(node, exp.Null):
        return TRUE
    return FALSE if isinstance(node, exp.Literal) else exp.Is(this=_operand(node), expression=NULL)


def not_null(node: Node) -> Node:
    """Tell whether a node is not NULL."""
    return negated(is_null(node))


def negated(condition: Node) -> Node:
    """Negate a condition of three values."""
    if isinstance(condition, exp.Boolean):
        return FALSE if condition.this else TRUE
    if isinstance(condition, exp.Not):
        inner: Node = condition.this
        return inner.unnest() if isinstance(inner, exp.Paren) else inner
    return condition if isinstance(condition, exp.Null) else exp.Not(this=_operand(condition))


def all_of(conditions: Iterable[Node]) -> Node:
    """Join conditions of three values by AND."""
    return _joined(exp.And, conditions, neutral=True)


def any_of(conditions: Iterable[Node]) -> Node:
    """Join conditions of three values by OR."""
    return _joined(exp.Or, conditions, neutral=False)


def case(condition: Node, then: Node, otherwise: Node = NULL) -> Node:
    """Choose by a condition that is never NULL, or whose NULL is as good as false."""
    if isinstance(condition, exp.Boolean):
        return then if condition.this else otherwise
    if isinstance(condition, exp.Null) or then is otherwise or _same_constant(then, otherwise):
        return otherwise
    return branches([(condition, then)], otherwise)


def branches(several: Sequence[tuple[Node, Node]], otherwise: Node = NULL) -> Node:
    """Take the first branch whose condition holds."""
    return exp.Case(ifs=[exp.If(this=condition, true=then) for condition, then in several], default=None if isinstance(otherwise, exp.Null) else otherwise)


def coalesce(first: Node, *others: Node) -> Node:
    """Take the first that is not NULL."""
    return first if isinstance(first, exp.Literal) or not others else exp.Coalesce(this=first, expressions=list(others))


def concatenated(texts: Sequence[Node]) -> Node:
    """Join texts; NULL where any is."""
    joined: list[Node] = []
    for text in texts:
        before = constant_of(joined[-1]) if joined else None
        constant = constant_of(text)
        if before is not None and constant is not None:
            joined[-1] = string(before + constant)
        elif constant != "":
            joined.append(text)
    return reduce(lambda left, right: exp.DPipe(this=left, expression=_operand(right)), joined[1:], _operand(joined[0])) if joined else string("")


def length(text: Node) -> Node:
    """Count the characters of a text."""
    return exp.Length(this=text)


def slice_of(text: Node, start: Node, size: Node | None = None) -> Node:
    """Cut out of a text, from a position that counts from 1."""
    return exp.Substring(this=text, start=start, length=size)


def matches(text: Node, pattern: str) -> Node:
    r"""Tell whether a pattern that RE2 and Java read alike is found in a text; write `\z` for its end."""
    return exp.RegexpLike(this=text, expression=string(pattern))


class Join(NamedTuple):
    """A table or query to join with, and on what; `anti` keeps what nothing is joined to."""

    with_: Node
    on: Node
    kind: Literal["", "left", "anti"] = ""


def same(names: Iterable[str], one: str, other: str) -> Node:
    """Compare columns of the same names."""
    return all_of(equal(column(name, one), column(name, other)) for name in names)


def select(  # the clauses of a query
    columns: Sequence[str] | Mapping[str, Node], source: Node, *joins: Join, where: Sequence[Node] = (), group_by: Sequence[str] = (), distinct: bool = False
) -> exp.Select:
    """Select columns, by name or each as what it is made of."""
    named = columns if isinstance(columns, Mapping) else {name: column(name) for name in columns}
    return exp.Select(
        expressions=[aliased(value, name) for name, value in named.items()],
        from_=exp.From(this=source),
        joins=[exp.Join(this=join.with_, on=join.on, **_SIDES[join.kind]) for join in joins],
        where=exp.Where(this=all_of(where)) if where else None,
        group=exp.Group(expressions=list(map(column, group_by))) if group_by else None,
        distinct=exp.Distinct() if distinct else None,
    )


def subquery(plan: Plan, alias: str) -> exp.Subquery:
    """Name a query within another."""
    return exp.Subquery(this=plan, alias=exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)))


def union(plans: Iterable[Plan], *, distinct: bool = False) -> Plan:
    """Join queries one below the other."""
    return reduce(lambda one, other: exp.Union(this=one, expression=other, distinct=distinct), plans)


_Kind = TypeVar("_Kind", exp.Column, exp.Table)


def found_in(trees: Iterable[Node], kind: type[_Kind]) -> Iterator[_Kind]:
    """Give the columns or the tables in trees, each once, however many nodes share it."""
    seen: set[int] = set()
    ahead = list(trees)
    while ahead:
        node = ahead.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, kind):
                yield node
            elif not isinstance(node, _LEAVES):
                ahead.extend(node.iter_expressions())


def size_and_depth(node: Node) -> tuple[int, int]:
    """Count the nodes of a tree as it is written, where those that several share count several times, and the greatest number of them within each other."""
    measured: dict[int, tuple[int, int]] = {}

    def measure(node: Node) -> tuple[int, int]:
        if id(node) not in measured:
            below = [measure(each) for each in node.iter_expressions()]
            measured[id(node)] = 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)
        return measured[id(node)]

    return measure(node)


def _joined(kind: type[exp.Connector], conditions: Iterable[Node], *, neutral: bool) -> Node:
    several: list[Node] = []
    for condition in conditions:
        if not isinstance(condition, exp.Boolean):
            several.append(condition)
        elif condition.this is not neutral:
            return condition
    if not several:
        return TRUE if neutral else FALSE
    joined = several[0] if len(several) == 1 else _operand(several[0])
    for condition in several[1:]:
        joined = kind(this=joined, expression=_operand(condition))
    return joined


def _same_constant(first: Node, second: Node) -> bool:
    return isinstance(first, exp.Literal | exp.Null) and first == second


def _operand(node: Node) -> Node:
    return exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Not | exp.Neg | exp.Between | exp.In) and not isinstance(node, exp.Dot) else node
