"""Queries of shapes that differ in constants alone are one query, asked once: what differs becomes a variable that has a value beforehand, as `$this` has.

So the eighteen constraints that a value is of one of eighteen concept schemes are one plan.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from pyoxigraph import NamedNode, Variable

from schakel.compile.shacl.layout import Rule
from schakel.compile.shacl.tokens import variables_in
from schakel.compile.sparql.context import spelling_of
from schakel.errors import ShapeError
from schakel.sparql import Ask, Query, QuerySyntaxError, Select, Statement, parse

__all__ = ["QueryGroup", "looked_at", "looks_at_shapes", "parsed", "query_groups"]

THIS: Final = Variable("this")
VALUE: Final = Variable("value")
_CONSTANT: Final = "shacl_constant_"


@dataclass(frozen=True)
class QueryGroup:
    """Rules with one query. `is_ask` where a solution says that a value node is right; else it says that a focus node is wrong.

    `constants` are the variables that have a value beforehand beside `this` and, of an ASK, `value`; `values` are theirs, as spelled, for each rule.
    """

    query: Select
    is_ask: bool
    constants: tuple[str, ...]
    values: Mapping[int, tuple[str, ...]]
    rules: tuple[Rule, ...]

    def spellings(self) -> set[str]:
        """Give all values of its constants."""
        return {each for values in self.values.values() for each in values}

    def rows(self, ids: Mapping[str, int], width: int) -> Iterator[tuple[int | None, ...]]:
        """Give the rows of a table of rules with their constants, which has columns for `width` of them."""
        for rule, values in self.values.items():
            yield (rule, *(ids[each] for each in values), *([None] * (width - len(values))))


def looks_at_shapes(rule: Rule) -> bool:
    """Tell whether the query of a rule looks into the shapes graph."""
    query = rule.constraint.query
    return query is not None and "shapesGraph" in variables_in(query.text)


def parsed(rule: Rule) -> Query:
    """Parse the query of a rule. Raises ShapeError where it is no SELECT or ASK of SPARQL."""
    query = rule.constraint.query
    try:
        tree = parse("" if query is None else query.text)
    except QuerySyntaxError as error:
        raise ShapeError(rule.shape.node, f"its query is not SPARQL: {error}") from None
    if not isinstance(tree, Select | Ask):
        raise ShapeError(rule.shape.node, "its query is no SELECT or ASK")
    return tree


def query_groups(rules: Sequence[Rule]) -> Iterator[QueryGroup]:
    """Group rules by their queries."""
    groups: dict[Hashable, list[tuple[Rule, Query, list[NamedNode]]]] = {}
    for rule in rules:
        tree = parsed(rule)
        constants: list[NamedNode] = []
        skeleton = _skeleton(tree, constants)
        bound = tuple(sorted(_bound(rule, tree)))
        groups.setdefault((skeleton, bound), []).append((rule, tree, constants))
    for members in groups.values():
        yield _group(members)


def _group(members: Sequence[tuple[Rule, Query, list[NamedNode]]]) -> QueryGroup:
    _, tree, constants = members[0]
    differing = [place for place in range(len(constants)) if len({each[place] for _, _, each in members}) > 1]
    names = {place: Variable(f"{_CONSTANT}{number}") for number, place in enumerate(differing)}
    bound = sorted(_bound(members[0][0], tree))
    values = {rule.number: (*(_bound(rule, tree)[name] for name in bound), *(spelling_of(each[place]) for place in differing)) for rule, _, each in members}
    select = _select(_filled(tree, names, iter(range(len(constants)))), [*bound, *(names[place].value for place in differing)])
    columns = (*bound, *(names[place].value for place in differing))
    return QueryGroup(select, isinstance(tree, Ask), columns, values, tuple(rule for rule, _, _ in members))


def _select(tree: Query, constants: Sequence[str]) -> Select:
    """Give a query as a SELECT that gives what has a value beforehand too."""
    if isinstance(tree, Select):
        return tree
    return Select(where=tree.where, variables=(THIS, VALUE, *map(Variable, constants)), distinct=True)


def _bound(rule: Rule, tree: Query) -> Mapping[str, str]:
    """Give the parameters of the rule's component that its query looks at, and the shape where it does."""
    query = rule.constraint.query
    stated = {} if query is None else {**query.bound, "currentShape": rule.shape.node}
    used = {each.value for each in _of_type(tree, Variable)}
    return {name: value for name, value in stated.items() if name in used}


def looked_at(tree: Query) -> set[str] | None:
    """Give the properties of a query's patterns, as spelled; None where a pattern may have any."""
    statements = list(_of_type(tree, Statement))
    if any(isinstance(each, Variable) for statement in statements for each in [statement.predicate]):
        return None
    return {spelling_of(each) for statement in statements for each in _of_type(statement.predicate, NamedNode)}


# ----------------------------------------------------------------------------------------------------------------------------- walking trees


def _children(node: object) -> Iterator[tuple[str, Any]]:
    if is_dataclass(node):
        yield from ((each.name, getattr(node, each.name)) for each in fields(node))


def _of_type(node: object, kind: type) -> Iterator[Any]:
    """Give all nodes of a type in a tree."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, tuple):
        for each in node:
            yield from _of_type(each, kind)
    for _, child in _children(node):
        yield from _of_type(child, kind)


def _is_constant(node: object, parent: object, name: str) -> bool:
    """Tell whether a node is a constant that a variable could stand for: not a property in a path, a datatype or the name of a function."""
    if not isinstance(node, NamedNode):
        return False
    return name in {"arguments", "subject", "object", "expression", "condition"} or (isinstance(parent, Statement) and name == "predicate")


def _skeleton(node: object, constants: list[NamedNode], parent: object = None, name: str = "") -> Hashable:
    """Give a tree without its constants, which are added to the list in order."""
    if _is_constant(node, parent, name):
        constants.append(node)  # type: ignore[arg-type]  # it is one
        return None
    if isinstance(node, tuple):
        return tuple(_skeleton(each, constants, parent, name) for each in node)
    if is_dataclass(node):
        return (type(node), *(_skeleton(child, constants, node, each) for each, child in _children(node) if each != "at"))
    return node


def _filled(node: Any, names: Mapping[int, Variable], numbers: Iterator[int], parent: object = None, name: str = "") -> Any:  # noqa: ANN401  # any node of a tree
    """Give a tree with variables in the places of some of its constants."""
    if _is_constant(node, parent, name):
        return names.get(next(numbers), node)
    if isinstance(node, tuple):
        return tuple(_filled(each, names, numbers, parent, name) for each in node)
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{each: _filled(child, names, numbers, node, each) for each, child in _children(node) if each != "at"})
    return node
