"""Reads groups and what is in them (productions 53 to 74 of the grammar)."""

from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Variable

from schakel.sparql.query import (
    Bind,
    Element,
    Filter,
    Graph,
    Group,
    Literal,
    Minus,
    Optional,
    Select,
    Service,
    Subquery,
    Union,
    Values,
)
from schakel.sparql.scope import visible
from schakel.sparql.statements import StatementParser

__all__ = ["PatternParser"]

# The words and the sign that begin an element of a group that is neither a triple pattern nor a filter.
_SPECIAL: Final = frozenset({"BIND", "OPTIONAL", "MINUS", "VALUES", "GRAPH", "SERVICE", "{"})


class PatternParser(StatementParser):
    """Reads groups and what is in them."""

    def subquery(self) -> Select:
        """Read a SELECT within a group. The parser of queries implements it."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------------------------------ groups

    def group(self) -> Group:
        """Read a group in braces."""
        at = self.at
        self.need("{")
        self.deeper()
        # An aggregate within EXISTS would be one of the pattern, which has none.
        aggregates, self.aggregates = self.aggregates, False
        if self.symbol == "SELECT":
            elements: list[Element] = [Subquery(self.subquery(), self.at)]
            self.need("}")
        else:
            elements = self._elements()
        self.aggregates = aggregates
        self.higher()
        return Group(tuple(elements), at)

    def _elements(self) -> list[Element]:
        elements: list[Element] = []
        # The variables in scope after so many elements, as far as BIND has asked for them.
        scope: dict[Variable, None] = {}
        scoped = 0
        self.new_pattern()
        while not self.found("}"):
            if self.symbol == "FILTER":
                elements.append(self._filter())
            elif self.symbol in _SPECIAL:
                element = self._special()
                if isinstance(element, Bind):
                    scope |= visible(elements[scoped:])
                    scoped = len(elements)
                if isinstance(element, Bind) and element.variable in scope:
                    raise self.error("a variable that the group does not have yet", found=f"“?{element.variable.value}”", at=element.at)
                elements.append(element)
                self.new_pattern()
            else:
                elements += self.statements()
                if not self.found(".") and self.symbol not in {"}", "FILTER", *_SPECIAL}:
                    raise self.error("“.”, “;”, “,” or “}”")
                continue
            self.found(".")
        return elements

    def _special(self) -> Element:
        read: Mapping[str, Callable[[], Element]] = {
            "BIND": self._bind,
            "OPTIONAL": self._optional,
            "MINUS": self._minus,
            "VALUES": self.values,
            "GRAPH": self._graph,
            "SERVICE": self._service,
            "{": self._union,
        }
        return read[self.symbol]()

    def _filter(self) -> Filter:
        at = self.at
        self.advance()
        pattern = self._pattern
        condition = self.constraint()
        # A filter does not end the pattern around it.
        self._pattern = pattern
        return Filter(condition, at)

    def _bind(self) -> Bind:
        self.advance()
        self.need("(")
        bind = self.computed()
        self.need(")")
        return bind

    def computed(self) -> Bind:
        """Read `expression AS ?variable`."""
        expression = self.expression()
        self.need("AS")
        at = self.at
        return Bind(self.variable(), expression, at)

    def _optional(self) -> Optional:
        at = self.at
        self.advance()
        return Optional(self.group(), at)

    def _minus(self) -> Minus:
        at = self.at
        self.advance()
        return Minus(self.group(), at)

    def _union(self) -> Union:
        at = self.at
        groups = [self.group()]
        while self.found("UNION"):
            groups.append(self.group())
        return Union(tuple(groups), at)

    def _graph(self) -> Graph:
        at = self.at
        self.advance()
        return Graph(self._variable_or_iri(), self.group(), at)

    def _service(self) -> Service:
        at = self.at
        self.advance()
        silent = self.found("SILENT")
        return Service(self._variable_or_iri(), self.group(), silent, at)

    def _variable_or_iri(self) -> Variable | NamedNode:
        return self.variable() if self.kind == "variable" else self.iri()

    # ------------------------------------------------------------------------------------------------------------------------------ values

    def values(self) -> Values:
        """Read VALUES with its rows."""
        at = self.at
        self.advance()
        if self.kind == "variable":
            return Values((self.variable(),), tuple(self._rows(1, single=True)), at)
        self.need("(")
        variables: list[Variable] = []
        while not self.found(")"):
            variables.append(self.variable())
        if len(set(variables)) < len(variables):
            raise self.error("each variable once", found="a variable twice", at=at)
        return Values(tuple(variables), tuple(self._rows(len(variables), single=False)), at)

    def _rows(self, width: int, *, single: bool) -> list[tuple[NamedNode | Literal | None, ...]]:
        rows: list[tuple[NamedNode | Literal | None, ...]] = []
        self.need("{")
        while not self.found("}"):
            if single:
                rows.append((self._data(),))
                continue
            at = self.at
            self.need("(")
            row: list[NamedNode | Literal | None] = []
            while not self.found(")"):
                row.append(self._data())
            if len(row) != width:
                raise self.error(f"{width} values in the row", found=f"{len(row)}", at=at)
            rows.append(tuple(row))
        return rows

    def _data(self) -> NamedNode | Literal | None:
        if self.found("UNDEF"):
            return None
        return self.iri() if self.kind in {"iri", "name"} else self.literal()
