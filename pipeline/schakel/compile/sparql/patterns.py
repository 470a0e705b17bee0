"""Groups of patterns become solutions: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Variable
from sqlglot import exp

from schakel.compile.nodes import NULL, Node, column, compare, number, subquery, table
from schakel.compile.sparql.context import Context, spelling_of
from schakel.compile.sparql.given import Given
from schakel.compile.sparql.joins import exists_in, joined, minus, split, unmatched
from schakel.compile.sparql.paths import may_be_empty, pairs_of
from schakel.compile.sparql.scope import extended, filtered
from schakel.compile.sparql.solutions import Binding, Solutions, null_safe, unit, united
from schakel.compile.sparql.walking import names_in
from schakel.compile.values import constant
from schakel.engine.relations import QUADS, STATEMENTS
from schakel.engine.spelling import parts_of
from schakel.sparql import (
    AlternativePath,
    Bind,
    BlankNode,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    InversePath,
    Literal,
    Minus,
    Optional,
    Path,
    Select,
    SequencePath,
    Service,
    Statement,
    Subquery,
    Term,
    Union,
    Values,
    properties_of,
)

__all__ = ["Compiler"]

_GRAPH = "g"
# The columns of statements in which there are no literals.
_RESOURCES = frozenset({"s", "p", _GRAPH})


@dataclass(frozen=True)
class Compiler:
    """Compiles groups. `given` are variables that already have values, `graph` is the graph that patterns are matched in, None for all statements."""

    context: Context
    select: "Callable[[Compiler, Select], Solutions]"
    given: Given | None = None
    graph: Variable | NamedNode | None = None

    def group(self, group: Group, around: Union | None = None) -> Solutions:
        """Give the solutions of a group; all groups of a union begin with the same variables."""
        solutions, conditions = self._pattern(group, around)
        return filtered(solutions, conditions, self.existence)

    def _pattern(self, group: Group, around: Union | None = None) -> tuple[Solutions, list[Expression]]:
        """Give the solutions of a group without its filters, and those."""
        solutions = self._begin(around or group)
        conditions: list[Expression] = []
        waiting: list[Statement] = []
        for element in group.elements:
            if isinstance(element, Statement):
                waiting.append(element)
                continue
            if isinstance(element, Filter):
                conditions.append(element.condition)
                continue
            solutions = self._statements(solutions, waiting)
            waiting = []
            solutions = self._element(solutions, element)
        return self._statements(solutions, waiting), conditions

    def _begin(self, part: object) -> Solutions:
        """Give the variables that already have values, if a part of the query names any; else the one solution that binds nothing."""
        needed = self.given is not None and not names_in(part).isdisjoint(self.given.columns)
        return self.given.begin(self.context) if self.given is not None and needed else unit(self.context)

    def _element(self, solutions: Solutions, element: Element) -> Solutions:  # noqa: PLR0911  # a case for each kind of element
        match element:
            case Bind():
                return extended(solutions, element.variable.value, element.expression, self.existence)
            case Optional():
                return self._optional(solutions, element)
            case Minus():
                if self.given is not None and not names_in(element).isdisjoint(self.given.columns):
                    raise self.context.refuse("MINUS with variables that already have a value", element.at)
                return minus(solutions, self.group(element.group))
            case Union():
                return joined(solutions, united(self.context, [self.group(each, element) for each in element.groups]))
            case Values():
                return joined(solutions, self.values(element))
            case Subquery():
                return joined(solutions, self.select(self, element.query))
            case Graph():
                return self._in_graph(solutions, element)
            case Service():
                raise self.context.refuse("SERVICE", element.at)
        raise self.context.refuse(type(element).__name__)

    # ------------------------------------------------------------------------------------------------------------------------------ statements

    def _statements(self, solutions: Solutions, statements: Sequence[Statement]) -> Solutions:
        """Join the solutions of a basic graph pattern."""
        if not statements:
            return solutions
        names = [name for each in statements for name in _names_of(each)]
        if isinstance(self.graph, Variable):
            names.append(self.graph.value)
        parts = [each.copy() for each in split(solutions, list(dict.fromkeys(names)))]
        for part in parts:
            for statement in statements:
                self._statement(part, statement.subject, statement.predicate, statement.object)
            for name in [name for name in part.bindings if name.startswith("_:")]:
                del part.bindings[name]
        return united(self.context, parts)

    def _statement(self, solutions: Solutions, subject: Term, predicate: Variable | Path, last: Term) -> None:
        match predicate:
            case InversePath():
                self._statement(solutions, last, predicate.path, subject)
            case SequencePath():
                nodes = [subject, *(BlankNode(self.context.name("path ")) for _ in predicate.paths[1:]), last]
                for at, path in enumerate(predicate.paths):
                    self._statement(solutions, nodes[at], path, nodes[at + 1])
            case NamedNode() if self._slice(predicate) is not None:
                alias = self.context.name("t")
                solutions.add(table(self._slice(predicate) or "", alias))
                self._ends(solutions, alias, subject, last)
            case Variable() | NamedNode():
                alias = self.context.name("t")
                solutions.add(self._source(alias))
                self._match(solutions, predicate, column("p", alias))
                self._ends(solutions, alias, subject, last)
            case AlternativePath() if _is_of_properties(predicate) and not all(map(self._slice, properties_of(predicate))):
                # One look at the statements, which an executor can join in any order.
                alias = self.context.name("t")
                solutions.add(self._source(alias))
                properties = [self.context.id_node(each) for each in properties_of(predicate)]
                solutions.conditions.append(exp.In(this=column("p", alias), expressions=properties))
                self._ends(solutions, alias, subject, last)
            case _:
                if isinstance(self.graph, Variable):
                    raise self.context.refuse("a path in GRAPH with a variable")
                pairs = pairs_of(predicate, self.context, self._source, self._slice)
                alias = self.context.name("t")
                solutions.add(subquery(pairs, alias))
                for term in (subject, last):
                    # Such a term is at no end of a path but of one without steps.
                    if isinstance(term, NamedNode | Literal) and not self.context.id_of(term) and may_be_empty(predicate):
                        raise self.context.refuse(f"a path from or to a term that is in no statement ({spelling_of(term)})")
                self._ends(solutions, alias, subject, last, is_path=True)

    def _ends(self, solutions: Solutions, alias: str, subject: Term, last: Term, *, is_path: bool = False) -> None:
        # A path may begin with a literal.
        self._match(solutions, subject, column("s", alias), is_path=is_path)
        self._match(solutions, last, column("o", alias))
        if not is_path and isinstance(self.graph, Variable):
            self._match(solutions, self.graph, column(_GRAPH, alias))

    def _match(self, solutions: Solutions, term: Term, node: Node, *, is_path: bool = False) -> None:
        if isinstance(term, NamedNode | Literal):
            solutions.conditions.append(compare("=", node, self.context.id_node(term)))
        else:
            name = term.value if isinstance(term, Variable) else f"_:{term.label}"
            solutions.bind_id(name, node, is_resource=not is_path and node.name in _RESOURCES)

    def _slice(self, predicate: NamedNode) -> str | None:
        """Name the table of the statements with a property, where there is one."""
        return self.context.slices.get(spelling_of(predicate)) if self.graph is None else None

    def _source(self, alias: str) -> Node:
        """Give the statements that patterns are matched in."""
        if self.graph is None:
            return table(STATEMENTS, alias)
        names = ("s", "p", "o", _GRAPH)
        # The same quad may have been read in several places.
        inner = exp.Select(expressions=[column(name) for name in names], distinct=exp.Distinct(), from_=exp.From(this=table(QUADS)))
        wanted = (
            compare("=", column(_GRAPH), self.context.id_node(self.graph)) if isinstance(self.graph, NamedNode) else compare(">", column(_GRAPH), number(0))
        )
        inner.set("where", exp.Where(this=wanted))
        return subquery(inner, alias)

    def _in_graph(self, solutions: Solutions, element: Graph) -> Solutions:
        if not element.group.elements:
            raise self.context.refuse("GRAPH with an empty group", element.at)
        return joined(solutions, replace(self, graph=element.name).group(element.group))

    # ------------------------------------------------------------------------------------------------------------------------------ others

    def _optional(self, solutions: Solutions, element: Optional) -> Solutions:
        """Give the left join; filters of the optional group see the variables to its left."""
        left = solutions.closed()
        right, conditions = self._pattern(element.group)
        prefix = self.context.name("l") + "_"
        names = [name for name, _ in left.columns()]
        marked = left.copy()
        marked.carried = {**marked.carried, **{f"{prefix}{name}": node for name, node in left.columns()}}
        matches = filtered(joined(marked, right), conditions, self.existence).closed()
        rest = unmatched(left, matches, names, prefix)
        matches.carried = {name: node for name, node in matches.carried.items() if name in left.carried}
        return united(self.context, [matches, rest])

    def values(self, element: Values) -> Solutions:
        """Give the solutions that the query states: ids where each term of a variable is in a statement, else values."""
        made = unit(self.context)
        names = [each.value for each in element.variables]
        terms = {name: [row[at] for row in element.rows] for at, name in enumerate(names)}
        with_ids = {name for name in names if all(term is None or self.context.id_of(term) for term in terms[name])}
        several: list[Solutions] = []
        for row in element.rows:
            one = unit(self.context)
            for name, term in zip(names, row, strict=True):
                if term is not None:
                    in_statements = name in with_ids
                    one.bindings[name] = (
                        Binding(self.context.id_node(term), None, certain=True)
                        if in_statements
                        else Binding(None, constant(parts_of(spelling_of(term))), certain=True)
                    )
            several.append(one)
        if not several:
            made.conditions.append(exp.Boolean(this=False))
            return made
        return united(self.context, several).closed()

    def existence(self, pattern: Exists, solutions: Solutions) -> Node:
        """Give the condition that a pattern has a solution together with a row of a table."""
        key = (id(pattern), id(solutions.source))
        if key not in self.context.existing:
            self.context.existing[key] = self._exists(pattern, solutions)
        return self.context.existing[key]

    def _exists(self, pattern: Exists, solutions: Solutions) -> Node:
        if isinstance(self.graph, Variable) and self.graph.value in solutions.bindings:
            raise self.context.refuse("EXISTS in GRAPH with a variable", pattern.at)
        columns = {name: solutions.columns_of(name) for name in sorted(names_in(pattern.group) & solutions.bindings.keys())}
        given = Given(solutions.source or NULL, solutions.bindings, columns, self.context.name("g") + "_") if columns else None
        found = replace(self, given=given).group(pattern.group)
        found.bindings = {}
        rows = found.closed(distinct=True)
        same = [null_safe(rows.carried[f"{given.prefix}{label}"], node) for label, node in given.labels] if given is not None else []
        return exists_in(rows, same)


def _is_of_properties(path: AlternativePath) -> bool:
    """Tell whether these are different properties, each followed forwards."""
    return all(isinstance(each, NamedNode) for each in path.paths) and len(set(path.paths)) == len(path.paths)


def _names_of(statement: Statement) -> list[str]:
    terms = (statement.subject, statement.predicate, statement.object)
    return [term.value for term in terms if isinstance(term, Variable)]
