"""What of a row reaches no statement: a plan that flags rows, so that only those are looked at closely."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from schakel.compile.construct import CELL, ROW, Source, compile_construct
from schakel.compile.dependencies import Dependencies
from schakel.compile.nodes import (
    FALSE,
    TRUE,
    Node,
    aliased,
    all_of,
    any_of,
    case,
    coalesce,
    column,
    concatenated,
    equal,
    negated,
    not_null,
    number,
    string,
    subquery,
)
from schakel.compile.values import NOTHING, Value, iri
from schakel.engine.relations import LITERAL
from schakel.sparql import Bind

__all__ = ["SEPARATOR", "Losses", "compile_losses"]

# The value of what a mapping says is to have none, so that it can be told from an error.
_DELIBERATE: Final = "schakel:nothing"
SEPARATOR: Final = "\x1f"


@dataclass(frozen=True)
class Losses:
    """The plan gives the number of the file and of each row of which something is lost, a `1` or `0` for each of `flags`, and the texts of `resources`.

    A flag is a BIND that fails though all it reads is there; a variable that is no IRI where only an IRI can be (by `?` and its name); a cell that reaches
    no statement since others of its row are empty (by its column); or None: the row states nothing. `keys` are what is to be computed first.
    """

    flags: Sequence[Bind | str | None]
    resources: Sequence[str]
    plan: exp.Select | None
    keys: Sequence[Sequence[exp.Select]]


def compile_losses(dependencies: Dependencies, source: Source, absent: Collection[str] = ()) -> Losses:
    """Compile what is to be asked of the rows of a mapping. Raises NotCompilableError."""
    # In which graph a row is does not matter here.
    source = replace(source, cites=False)
    compiled = compile_construct(dependencies.query, source, absent, prefix="lost", undefined=iri(string(_DELIBERATE)))
    conditions = _Conditions(dependencies, compiled.values)
    flagged = [(flag, condition) for flag, condition in conditions.all() if condition is not FALSE]
    if not flagged:
        return Losses([], [], None, compiled.keys)
    flags = concatenated([case(condition, string("1"), string("0")) for _, condition in flagged])
    texts = concatenated([node for name in dependencies.resources for node in (string(SEPARATOR), _shown(conditions.value(name).text))])
    examined = exp.Select(
        expressions=[column(ROW, "rows"), aliased(texts, "texts"), *(aliased(node, name) for name, node in conditions.examined.items())],
        from_=compiled.bound.args["from_"],
        joins=compiled.bound.args["joins"],
    )
    plan = exp.Select(
        expressions=[aliased(number(source.file), "file"), column(ROW), aliased(flags, "flags"), column("texts")],
        from_=exp.From(this=subquery(examined, "examined")),
        where=exp.Where(this=any_of([condition for _, condition in flagged])),
    )
    return Losses([flag for flag, _ in flagged], dependencies.resources, plan, compiled.keys)


def _shown(text: Node) -> Node:
    return exp.Replace(this=coalesce(text, string("")), expression=string(SEPARATOR), replacement=string(" "))


@dataclass(frozen=True)
class _Conditions:
    """Conditions over a subquery that looks at each variable once; `examined` are its columns."""

    dependencies: Dependencies
    values: Mapping[str, Value]
    examined: dict[str, Node] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """Give the value of a variable."""
        return self.values.get(name, NOTHING)

    def _examine(self, what: str, name: str, condition: Node) -> Node:
        """Make a condition a column of the subquery, unless it is known."""
        if isinstance(condition, exp.Boolean):
            return condition
        known = f"{what}{list(self.values).index(name)}"
        self.examined.setdefault(known, condition)
        return column(known)

    def _is_bound(self, name: str) -> Node:
        text = self.value(name).text
        if self.value(name).facts.filled:
            return TRUE
        if _is_total(text):
            # A text that is put together is there where its parts are.
            filled = {CELL.format(at) for at, each in enumerate(self.dependencies.columns) if self.value(each).facts.filled}
            parts = {node.name: node for node in text.find_all(exp.Column) if node.name not in filled}
            for part, node in parts.items():
                self.examined.setdefault(f"there_{part}", not_null(node))
            return all_of([column(f"there_{part}") for part in parts])
        return self._examine("bound", name, self.value(name).bound)

    def all(self) -> Iterator[tuple[Bind | str | None, Node]]:
        """Give each flag with its condition, which is never NULL."""
        for bind in self.dependencies.binds:
            yield bind, self._failed(bind)
        for name in self.dependencies.resources:
            yield f"?{name}", all_of([self._there(name), negated(self._is_iri(name))])
        made = [self._made(variables) for variables in self.dependencies.template]
        nothing = negated(any_of(made))
        yield None, nothing
        for name in self.dependencies.columns:
            yield name, all_of([negated(nothing), self._lost(name, made)])

    def _failed(self, bind: Bind) -> Node:
        target = self.value(bind.variable.value)
        cells = {CELL.format(at) for at in range(len(self.dependencies.columns))}
        # What was computed on a lower level may have failed there.
        if _is_total(target.text) and all(node.name in cells for node in target.text.find_all(exp.Column)):
            return FALSE
        return all_of([*(self._there(name) for name in sorted(self.dependencies.inputs(bind))), negated(self._is_bound(bind.variable.value))])

    def _there(self, name: str) -> Node:
        """Tell whether a variable has a value, and one that is to be there."""
        value = self.value(name)
        if not self.dependencies.may_be_undefined(name) or value.kind == exp.Literal.number(LITERAL):
            return self._is_bound(name)
        deliberate = coalesce(all_of([value.is_iri, equal(value.text, string(_DELIBERATE))]), FALSE)
        return all_of([self._is_bound(name), negated(self._examine("deliberate", name, deliberate))])

    def _is_iri(self, name: str) -> Node:
        condition = self.value(name).is_iri
        return condition if isinstance(condition, exp.Boolean) else self._examine("iri", name, coalesce(condition, FALSE))

    def _made(self, variables: Sequence[str]) -> Node:
        return all_of([self._there(name) for name in dict.fromkeys(variables)])

    def _lost(self, name: str, made: Sequence[Node]) -> Node:
        """Tell whether a cell is filled and in no statement, and could be in one if another cell were filled."""
        triples = [(variables, each) for variables, each in zip(self.dependencies.template, made, strict=True) if self._is_content(name, variables)]
        if not triples or any(each is TRUE for _, each in triples):
            return FALSE
        explained = any_of([self._lacking(variable, name) for variables, _ in triples for variable in dict.fromkeys(variables)])
        return all_of([self._is_bound(name), negated(any_of([each for _, each in triples])), explained])

    def _is_content(self, name: str, variables: Sequence[str]) -> bool:
        return any(name in self.dependencies.content_of(variable) for variable in variables)

    def _lacking(self, variable: str, besides: str) -> Node:
        """Tell whether a variable has no value while a cell is empty that it is made of."""
        others = sorted(self.dependencies.columns_of(variable) - {besides})
        return all_of([negated(self._is_bound(variable)), any_of([negated(self._is_bound(other)) for other in others])])


def _is_total(text: Node) -> bool:
    """Tell whether a text is there wherever the cells are that it is made of."""
    return all(isinstance(node, exp.DPipe | exp.Paren | exp.Literal | exp.Identifier) or _is_own(node) for node in text.walk())


def _is_own(node: Node) -> bool:
    return isinstance(node, exp.Column) and node.table == "rows"
