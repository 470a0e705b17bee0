"""Solutions under construction: tables that are joined, conditions, and where the value of each variable is.

A variable is an id in a column, or a value computed from others; it is *certain* where every solution has it. Solutions are closed into a table of their
own where what follows must see them as one relation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import NULL, TRUE, Node, aliased, all_of, column, compare, found_in, not_null, number, table, union
from schakel.compile.sparql.context import Context
from schakel.compile.spelling import spelled
from schakel.compile.values import NOTHING, Value
from schakel.engine.relations import TERMS

__all__ = ["Binding", "Solutions", "null_safe", "unit", "united", "value_in"]

_PARTS: Final = ("text", "kind", "datatype", "language")


@dataclass(frozen=True)
class Binding:
    """Where a variable is: an id, or else a value. A resource is an IRI or a blank node wherever it has a value."""

    id: Node | None
    value: Value | None
    certain: bool
    is_resource: bool = False

    @property
    def bound(self) -> Node:
        """Whether there is a value."""
        if self.certain:
            return TRUE
        return not_null(self.value.text if self.id is None and self.value is not None else self.id or NULL)


@dataclass
class Solutions:
    """Rows under construction. `carried` are columns of what the rows were made from, by which others are joined or left out."""

    context: Context
    source: Node | None = None
    joins: list[exp.Join] = field(default_factory=list)
    conditions: list[Node] = field(default_factory=list)
    bindings: dict[str, Binding] = field(default_factory=dict)
    carried: dict[str, Node] = field(default_factory=dict)
    # The alias under which the terms of a variable are joined, or will be; and those that are.
    terms: dict[str, str] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)

    def copy(self) -> "Solutions":
        """Give the same, to be changed apart."""
        return Solutions(self.context, self.source, [*self.joins], [*self.conditions], {**self.bindings}, {**self.carried}, {**self.terms}, {*self.joined})

    # ------------------------------------------------------------------------------------------------------------------------------ building

    def add(self, source: Node) -> None:
        """Join a table; conditions say how."""
        if self.source is None and not self.joins:
            self.source = source
        else:
            self.joins.append(exp.Join(this=source, kind="CROSS"))

    def bind_id(self, name: str, node: Node, *, is_resource: bool = False) -> None:
        """Bind a variable to an id that every row has, which must be the one that it has."""
        known = self.bindings.get(name)
        if known is not None:
            self.conditions.append(self.same_as_id(name, known, node))
        self.terms.pop(name, None)
        self.bindings[name] = Binding(node, None, certain=True, is_resource=is_resource or (known is not None and known.is_resource))

    def same_as_id(self, name: str, known: Binding, node: Node) -> Node:
        """Give the condition that a variable is the term with an id."""
        if known.id is not None:
            return compare("=", known.id, node)
        alias = self.context.name("k")
        self.add(table(TERMS, alias))
        self.conditions.append(compare("=", column("id", alias), node))
        return compare("=", column("spelling", alias), self.spelling(name))

    def value(self, name: str) -> Value | None:
        """Give the value of a variable; its terms are joined when `require` sees that they are used."""
        known = self.bindings.get(name)
        if known is None or known.value is not None:
            return None if known is None else known.value
        alias = self.terms.setdefault(name, self.context.name("k"))
        text, kind, datatype, language = (column(part, alias) for part in _PARTS)
        return Value(text, kind, datatype, language, terms=alias)

    def spelling(self, name: str) -> Node:
        """Give the spelling of a variable that has a value."""
        known = self.bindings[name]
        if known.id is None and known.value is not None:
            read = spelled(known.value)
            self.require([read])
            return read
        node = column("spelling", self.terms.setdefault(name, self.context.name("k")))
        self.require([node])
        return node

    def require(self, nodes: Iterable[Node]) -> None:
        """Join the terms of the variables that nodes read."""
        wanted = {each.table for each in found_in(nodes, exp.Column)}
        for name, alias in self.terms.items():
            if alias in wanted and alias not in self.joined:
                binding = self.bindings[name]
                self.joined.add(alias)
                on = compare("=", column("id", alias), binding.id or NULL)
                self.joins.append(exp.Join(this=table(TERMS, alias), on=on, **({"kind": "INNER"} if binding.certain else {"side": "LEFT"})))

    def where(self, condition: Node) -> None:
        """Keep the rows of which a condition is true."""
        self.require([condition])
        self.conditions.append(condition)

    def rename(self, name: str, new: str) -> None:
        """Bind a second variable to what a variable has."""
        self.bindings[new] = self.bindings[name]

    def take(self, name: str, other: "Solutions") -> None:
        """Take a variable as another relation, which was joined, has it."""
        self.bindings[name] = other.bindings[name]
        self.terms.pop(name, None)
        if name in other.terms:
            self.terms[name] = other.terms[name]
            self.joined |= {other.terms[name]} & other.joined

    # ------------------------------------------------------------------------------------------------------------------------------ closing

    @property
    def is_table(self) -> bool:
        """Whether this is one table as it is."""
        nodes = [each.id if each.value is None else each.value.text for each in self.bindings.values()]
        return isinstance(self.source, exp.Table) and not self.joins and not self.conditions and all(isinstance(node, exp.Column) for node in nodes)

    def plan(self, *, distinct: bool = False) -> exp.Select:
        """Give the plan of the rows, in columns named after the variables."""
        for binding in self.bindings.values():
            if binding.value is not None:
                self.require(getattr(binding.value, part) for part in _PARTS)
        selected = [aliased(node, name) for name, node in self.columns()] or [aliased(number(1), "one")]
        plan = exp.Select(expressions=selected, joins=list(self.joins))
        if self.source is not None:
            plan.set("from_", exp.From(this=self.source))
        if self.conditions:
            plan.set("where", exp.Where(this=all_of(self.conditions)))
        if distinct:
            plan.set("distinct", exp.Distinct())
        return plan

    def columns(self) -> list[tuple[str, Node]]:
        """Give the columns of the rows with their nodes."""
        return [*(each for name in self.bindings for each in self.columns_of(name)), *self.carried.items()]

    def columns_of(self, name: str) -> list[tuple[str, Node]]:
        """Give the columns of a variable with their nodes."""
        binding, label = self.bindings[name], self.context.column(name)
        if binding.value is None:
            return [(label, binding.id or NULL)]
        return [(f"{label}_{part}", _typed(part, getattr(binding.value, part))) for part in _PARTS]

    def closed(self, *, distinct: bool = False) -> "Solutions":
        """Make the rows a table of their own."""
        if self.is_table and not distinct:
            return self.copy()
        return self.on(self.context.run(self.plan(distinct=distinct)))

    def on(self, name: str) -> "Solutions":
        """Give the same rows as read from a table that holds them."""
        alias = self.context.name("t")
        made = Solutions(self.context, table(name, alias))
        for variable, binding in self.bindings.items():
            label = self.context.column(variable)
            if binding.value is None:
                made.bindings[variable] = replace(binding, id=column(label, alias))
            else:
                made.bindings[variable] = Binding(None, _read(binding.value, label, alias), binding.certain)
        made.carried = {each: column(each, alias) for each in self.carried}
        return made

    def as_value(self, name: str) -> None:
        """Turn a variable from an id into a value."""
        known = self.bindings[name]
        value = self.value(name)
        if known.value is None and value is not None:
            self.require([value.text])
            self.bindings[name] = Binding(None, replace(value, terms=None), known.certain)


def value_in(columns: Sequence[Node]) -> Value:
    """Give the value whose parts are in columns."""
    text, kind, datatype, language = columns
    return Value(text, kind, datatype, language)


def _read(value: Value, label: str, alias: str) -> Value:
    """Give a value as read from the columns of a table; what is known of it stays known."""
    text, *others = (column(f"{label}_{part}", alias) for part in _PARTS)
    known = (value.kind, value.datatype, value.language)
    return value_in([text, *(node if isinstance(node, exp.Literal | exp.Null) else other for node, other in zip(known, others, strict=True))])


def _typed(part: str, node: Node) -> Node:
    """Give NULL a type."""
    return exp.Cast(this=node, to=exp.DataType.build("TINYINT" if part == "kind" else "TEXT")) if isinstance(node, exp.Null | exp.Literal) else node


def unit(context: Context) -> Solutions:
    """Give the one solution that binds nothing."""
    return Solutions(context)


def null_safe(left: Node, right: Node) -> Node:
    """Give the condition that two nodes are the same, or both NULL."""
    return exp.NullSafeEQ(this=left, expression=right)


def united(context: Context, several: Sequence[Solutions]) -> Solutions:
    """Give all solutions of several."""
    if len(several) == 1:
        return several[0]
    names = list(dict.fromkeys(name for each in several for name in each.bindings))
    shape = Solutions(context, bindings={name: _common([each.bindings.get(name) for each in several]) for name in names})
    shape.carried = dict(several[0].carried)
    plans: list[exp.Query] = []
    for each in several:
        part = each.copy()
        for name, binding in shape.bindings.items():
            if name not in part.bindings:
                part.bindings[name] = _UNBOUND_ID if binding.value is None else _UNBOUND_VALUE
            elif binding.value is not None:
                part.as_value(name)
        part.bindings = {name: part.bindings[name] for name in names}
        part.carried = {name: part.carried[name] for name in shape.carried}
        plans.append(part.plan())
    return shape.on(context.run(union(plans)))


_UNBOUND_ID: Final = Binding(exp.Cast(this=NULL, to=exp.DataType.build("BIGINT")), None, certain=False)
_UNBOUND_VALUE: Final = Binding(None, NOTHING, certain=False)


def _common(several: Sequence[Binding | None]) -> Binding:
    """Give where a variable is after a union: an id, if that is what it is wherever it is bound."""
    bound = [each for each in several if each is not None]
    certain = len(bound) == len(several) and all(each.certain for each in bound)
    if any(each.value is not None for each in bound):
        return Binding(None, value_in([column(part) for part in _PARTS]), certain)
    return Binding(column("id"), None, certain, all(each.is_resource for each in bound))
