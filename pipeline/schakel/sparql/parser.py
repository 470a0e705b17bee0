"""The parser of SPARQL 1.1 queries, by recursive descent: https://www.w3.org/TR/sparql11-query/#sparqlGrammar."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pyoxigraph import NamedNode, Variable

from schakel.sparql.lexer import Lexer
from schakel.sparql.patterns import PatternParser
from schakel.sparql.query import (
    Ask,
    Bind,
    Call,
    Construct,
    Describe,
    Expression,
    Group,
    Order,
    Query,
    Select,
    Statement,
)
from schakel.sparql.scope import aggregates_in, visible

__all__ = ["parse"]

_CLAUSES: Final = frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})
_Read = TypeVar("_Read")


def parse(text: str, base: str | None = None) -> Query:
    """Read a query: a Select, Construct, Ask or Describe.

    Relative IRIs are resolved against `base`, or the BASE of the query. Raises QuerySyntaxError for what is no query of SPARQL 1.1.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Lexer("").error("the code point of a character", found=f"half of a surrogate pair at character {error.start + 1}") from None
    return _Parser(text, base).query()


@dataclass(frozen=True)
class _Computed:
    """The SELECT clause: columns, None for `*`, and those that are computed."""

    variables: tuple[Variable, ...] | None
    computed: tuple[Bind, ...]
    distinct: bool
    reduced: bool


class _Parser(PatternParser):
    def query(self) -> Query:
        """Read a whole query."""
        self._prologue()
        read = self._form()
        if self.kind != "end":
            raise self.error("the end")
        return read

    def _prologue(self) -> None:
        while True:
            if self.found("BASE"):
                self.base = self.iri_text()
                self._iris.clear()
            elif self.found("PREFIX"):
                self._prefix()
            else:
                return

    def _prefix(self) -> None:
        at, name = self.at, self.take("name", "a prefix with its colon")
        if not name.endswith(":") or name.count(":") > 1:
            raise self.error("a prefix with its colon", found=f"“{name}”", at=at)
        self.prefixes[name[:-1]] = self.iri_text()
        self._iris.clear()

    def _form(self) -> Query:
        match self.symbol:
            case "SELECT":
                return self._select(dataset=True)
            case "CONSTRUCT":
                return self._construct()
            case "ASK":
                self.advance()
                return Ask(**self._dataset(), **self._where_and_modifiers())
            case "DESCRIBE":
                return self._describe()
        raise self.error("SELECT, CONSTRUCT, ASK or DESCRIBE")

    # ------------------------------------------------------------------------------------------------------------------------------ forms

    def subquery(self) -> Select:
        """Read a SELECT within a group."""
        return self._select(dataset=False)

    def _select(self, *, dataset: bool) -> Select:
        at = self.at
        clause = self._select_clause()
        graphs = self._dataset() if dataset else {}
        rest = self._where_and_modifiers()
        given = visible(rest["where"].elements) | dict.fromkeys(() if rest["values"] is None else rest["values"].variables)
        variables = tuple(given) if clause.variables is None else clause.variables
        read = Select(variables=variables, computed=clause.computed, distinct=clause.distinct, reduced=clause.reduced, **graphs, **rest)
        self._check(read, given, at, star=clause.variables is None)
        return read

    def _select_clause(self) -> _Computed:
        self.need("SELECT")
        distinct = self.found("DISTINCT")
        reduced = not distinct and self.found("REDUCED")
        if self.found("*"):
            return _Computed(None, (), distinct, reduced)
        variables: list[Variable] = []
        computed: list[Bind] = []
        self.aggregates = True
        while self.kind == "variable" or self.symbol == "(" or not variables:
            if self.found("("):
                computed.append(self.computed())
                variables.append(computed[-1].variable)
                self.need(")")
            else:
                variables.append(self.variable())
        self.aggregates = False
        return _Computed(tuple(dict.fromkeys(variables)), tuple(computed), distinct, reduced)

    def _check(self, select: Select, given: dict[Variable, None], at: int, *, star: bool) -> None:
        """Refuse columns that are computed twice, and variables that a query with groups has no single value for."""
        grouped = bool(select.keys) or any(aggregates_in(each) for each in _modifying(select))
        single: set[object] = {key.variable if isinstance(key, Bind) else key for key in select.keys}
        # Of the variables of the pattern, groups keep only their keys.
        known: set[object] = single if grouped else set(given)
        for bind in select.computed:
            if bind.variable in known:
                raise self.error("a variable that the query does not have yet", found=f"“?{bind.variable.value}”", at=bind.at)
            free = _outside_aggregates(bind.expression) if grouped else ()
            self._check_single(free, known, bind.at)
            known.add(bind.variable)
        if grouped and star:
            raise self.error("columns by name where there are groups", found="“*”", at=at)
        if grouped:
            self._check_single(select.variables, known, at)

    def _check_single(self, variables: Iterable[Variable], single: Container[object], at: int) -> None:
        for variable in variables:
            if variable not in single:
                raise self.error("a variable of GROUP BY or an aggregate", found=f"“?{variable.value}”", at=at)

    def _construct(self) -> Construct:
        self.advance()
        if self.symbol == "{":
            template = self._template()
            self._labels.clear()
            return Construct(template=template, **self._dataset(), **self._where_and_modifiers())
        graphs = self._dataset()
        self.need("WHERE")
        at = self.at
        template = self._template()
        return Construct(template=template, where=Group(template, at), **graphs, **self._modifiers())

    def _template(self) -> tuple[Statement, ...]:
        """Read triples without paths, in braces."""
        self.need("{")
        read: list[Statement] = []
        self.new_pattern()
        while not self.found("}"):
            read += self.statements()
            if not self.found(".") and self.symbol != "}":
                raise self.error("“.” or “}”")
        for each in read:
            if not isinstance(each.predicate, Variable | NamedNode):
                raise self.error("a property, and no path, in a template", found="a path", at=each.at)
        return tuple(read)

    def _describe(self) -> Describe:
        self.advance()
        star = self.found("*")
        terms: list[Variable | NamedNode] = []
        while not star and (not terms or self.kind in {"variable", "iri", "name"}):
            terms.append(self._variable_or_iri())
        graphs = self._dataset()
        rest = self._where_and_modifiers(optional=True)
        return Describe(terms=tuple(visible(rest["where"].elements)) if star else tuple(terms), **graphs, **rest)

    # ------------------------------------------------------------------------------------------------------------------------------ clauses

    def _dataset(self) -> dict[str, Any]:
        graphs: list[NamedNode] = []
        named: list[NamedNode] = []
        while self.found("FROM"):
            (named if self.found("NAMED") else graphs).append(self.iri())
        return {"graphs": tuple(graphs), "named_graphs": tuple(named)}

    def _where_and_modifiers(self, *, optional: bool = False) -> dict[str, Any]:
        absent = not self.found("WHERE") and optional and self.symbol != "{"
        where = Group((), self.at) if absent else self.group()
        return {"where": where, **self._modifiers()}

    def _modifiers(self) -> dict[str, Any]:
        read: dict[str, Any] = {}
        if self.found("GROUP"):
            self.need("BY")
            read["keys"] = tuple(self._several(self._key))
        self.aggregates = True
        if self.found("HAVING"):
            conditions: tuple[Expression, ...] = tuple(self._several(self._condition))
            read["having"] = conditions[0] if len(conditions) == 1 else Call("&&", conditions)
        if self.found("ORDER"):
            self.need("BY")
            read["order"] = tuple(self._several(self._criterion))
        self.aggregates = False
        for _ in range(2):
            if "limit" not in read and self.found("LIMIT"):
                read["limit"] = self.number()
            elif "offset" not in read and self.found("OFFSET"):
                read["offset"] = self.number()
        read["values"] = self.values() if self.symbol == "VALUES" else None
        return read

    def _several(self, one: Callable[[], _Read | None]) -> Iterator[_Read]:
        """Read one or more of what `one` reads; it gives None where none follows."""
        first = one()
        if first is None:
            raise self.error("a variable, a call or an expression in brackets")
        yield first
        while (each := one()) is not None:
            yield each

    def _key(self) -> Expression | Bind | None:
        if self.kind == "variable":
            return self.variable()
        if not self.found("("):
            return self._condition()
        expression = self.expression()
        at = self.at
        read = Bind(self.variable(), expression, at) if self.found("AS") else expression
        self.need(")")
        return read

    def _condition(self) -> Expression | None:
        """Read a call or an expression in brackets."""
        if self.symbol == "(" or self.kind in {"iri", "name"} or (self.kind == "word" and self.symbol not in _CLAUSES):
            return self.constraint()
        return None

    def _criterion(self) -> Order | None:
        if self.symbol in {"ASC", "DESC"}:
            descending = self.symbol == "DESC"
            self.advance()
            return Order(self.in_brackets(), descending)
        expression = self.variable() if self.kind == "variable" else self._condition()
        return None if expression is None else Order(expression)


def _modifying(select: Select) -> Iterator[Expression]:
    """Give the expressions in which there may be aggregates."""
    yield from (bind.expression for bind in select.computed)
    yield from () if select.having is None else (select.having,)
    yield from (order.expression for order in select.order)


def _outside_aggregates(expression: Expression) -> Iterator[Variable]:
    if isinstance(expression, Variable):
        yield expression
    elif isinstance(expression, Call):
        for each in expression.arguments:
            yield from _outside_aggregates(each)
