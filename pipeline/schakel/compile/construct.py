"""A mapping, which is a CONSTRUCT over the rows of a table, becomes plans: what is to be computed first, and the quads that the rows state.

Every column is a variable that holds a literal of xsd:string, unbound where the cell is empty. A triple of the template of which a variable is unbound, or
that would be none (a text as its subject), is not made: https://www.w3.org/TR/sparql11-query/#construct.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Variable
from sqlglot import exp

from schakel.compile.errors import NotCompilableError
from schakel.compile.expressions import compile_condition, compile_expression, constant_parts
from schakel.compile.lookups import LookupScope, joins_of, keys_of
from schakel.compile.nodes import TRUE, Node, aliased, all_of, coalesce, column, compare, not_null, number, size_and_depth, string, subquery, table, union
from schakel.compile.spelling import spelled
from schakel.compile.values import NOTHING, UNKNOWN, Facts, Value, constant, literal
from schakel.engine.columns import VARCHAR, Columns
from schakel.engine.relations import IRI, LITERAL
from schakel.engine.spelling import iri_spelling
from schakel.sparql import Bind, Construct, Filter, Statement, Term, variables_of

__all__ = [
    "CELL",
    "CITED",
    "CITED_COLUMNS",
    "FILE",
    "GRAPH",
    "ROW",
    "UNDEFINED",
    "CompiledConstruct",
    "Source",
    "compile_construct",
    "quads_of",
    "rows_of",
    "terms_of",
]

# The columns of a table of cells: the number of the file where several share it, that of the row, and cells by their position, NULL where empty.
FILE: Final = "file"
ROW: Final = "row"
CELL: Final = "c{}"
# Which graph a source and a passage have, texts that may be empty; a graph is spelled as a term.
CITED: Final = "cited_graphs"
CITED_COLUMNS: Final[Columns] = {"source": VARCHAR, "passage": VARCHAR, "graph": VARCHAR}
GRAPH: Final = "graph"
# A variable that is never bound, for mappings that say where there is to be no value.
UNDEFINED: Final = "undefined"

_ROWS: Final = "rows"
_CITING: Final = ("source", "passage")
_PARTS: Final = ("text", "kind", "datatype", "language")
# Anything greater is for a general engine.
_LARGEST: Final = 20_000
_DEEPEST: Final = 120


@dataclass(frozen=True)
class Source:
    """What a mapping is applied to: those rows of a table that are of a file, with the names of their cells in order.

    `facts` say what is known of the cells of a column, and `shared` that the table holds rows of other files, too. Relative IRIs are resolved against `base`.
    What a row states is in `graph`, an IRI; where the table `cites`, in the graph that CITED has for its source and passage, if any.
    """

    table: str
    columns: tuple[str, ...]
    file: int
    facts: Mapping[str, Facts] = field(default_factory=dict)
    base: str = ""
    graph: str = ""
    cites: bool = False
    shared: bool = False


@dataclass(frozen=True)
class CompiledConstruct:
    """The plans of a mapping.

    `keys` are plans of what is to be computed, level by level: a level can be computed when those before it are. `bound` has a row for each row of the
    table, with the spelling of each variable of the template, and is named `name` in `triples`, one for each triple that can be made, in the columns of
    SPELLED_COLUMNS. `values` are the variables' values where `bound` is made, and `lookups` the aliases of all look-ups.
    """

    keys: Sequence[Sequence[exp.Select]]
    name: str
    bound: exp.Select
    triples: Sequence[exp.Select]
    values: Mapping[str, Value]
    lookups: Sequence[str]


def compile_construct(
    query: Construct, source: Source, absent: Collection[str] = (), *, prefix: str = "computed", undefined: Value = NOTHING
) -> CompiledConstruct:
    """Compile a mapping.

    `absent` are aliases of look-ups for which no row has a key; aliases begin with `prefix`. UNDEFINED has the value `undefined`. Raises NotCompilableError.
    """
    layers = _Layers(source, absent, f"{prefix}{source.file}_")
    layers.scope.values[UNDEFINED] = undefined
    _refuse_modifiers(query)
    for element in query.where.elements:
        if isinstance(element, Bind):
            layers.bind(element)
        elif not isinstance(element, Filter):
            raise NotCompilableError(type(element).__name__.upper())
    conditions = [compile_condition(element.condition, layers.scope) for element in query.where.elements if isinstance(element, Filter)]
    return layers.finished(query.template, all_of(conditions))


def rows_of(source: Source, alias: str = "own") -> exp.Where | None:
    """Give the condition that a row of its table is of a source."""
    return exp.Where(this=compare("=", column(FILE, alias), number(source.file))) if source.shared else None


def cited_rows(source: Source) -> Node:
    """Select the rows of a source, each with its graph, under the alias `rows`."""
    cells = [CELL.format(at) for at in range(len(source.columns))]
    graph: Node = string(iri_spelling(source.graph))
    joins = []
    if source.cites:
        cited = [coalesce(column(CELL.format(source.columns.index(name)), "own"), string("")) if name in source.columns else string("") for name in _CITING]
        on = all_of([compare("=", column(name, "cited"), cell) for name, cell in zip(_CITING, cited, strict=True)])
        joins.append(exp.Join(this=table(CITED, "cited"), side="LEFT", on=on))
        graph = coalesce(column(GRAPH, "cited"), graph)
    plan = exp.Select(
        expressions=[column(ROW, "own"), aliased(graph, GRAPH), *(column(cell, "own") for cell in cells)],
        from_=exp.From(this=table(source.table, "own")),
        joins=joins,
        where=rows_of(source),
    )
    return subquery(plan, _ROWS)


def _refuse_modifiers(query: Construct) -> None:
    """Refuse what picks or changes solutions after the group."""
    modifiers = {"GROUP BY": query.keys, "HAVING": query.having, "LIMIT": query.limit, "OFFSET": query.offset, "VALUES": query.values}
    for name, modifier in modifiers.items():
        if modifier:
            raise NotCompilableError(name)


def quads_of(several: Sequence[CompiledConstruct]) -> exp.Query | None:
    """Give one plan of the quads of several mappings; None where none can be made."""
    selects = [triple for each in several for triple in each.triples]
    if not selects:
        return None
    plan = union(selects)
    named = [(each.name, each.bound) for each in several if each.triples]
    ctes = [exp.CTE(this=bound, alias=exp.TableAlias(this=exp.Identifier(this=name, quoted=True)), materialized=True) for name, bound in named]
    plan.set("with_", exp.With(expressions=ctes))
    return plan


@dataclass
class _Scope(LookupScope):
    """The variables of a row; one that nothing makes is unbound."""

    values: dict[str, Value] = field(default_factory=dict)

    def variable(self, variable: Variable) -> Value:
        return self.values.get(variable.value, NOTHING)


class _Layers:
    """Puts BINDs into as few subqueries as can be: a new one where a BIND reads what the same one makes, so that nothing is written out twice."""

    def __init__(self, source: Source, absent: Collection[str], prefix: str) -> None:
        cells = {name: literal(column(CELL.format(at), _ROWS), facts=source.facts.get(name, UNKNOWN)) for at, name in enumerate(source.columns)}
        self.scope = _Scope(base=source.base, absent=absent, prefix=prefix, values=cells)
        self._file = source.file
        self._columns = [ROW, GRAPH, *(CELL.format(at) for at in range(len(source.columns)))]
        self._source: Node = cited_rows(source)
        self._made: list[str] = []
        self._before = 0
        self._keys: dict[int, list[exp.Select]] = {}

    def bind(self, bind: Bind) -> None:
        """Make a variable."""
        if any(variable.value in self._made for variable in variables_of(bind.expression)):
            self._end_layer()
        value = compile_expression(bind.expression, self.scope)
        for node in (value.text, value.kind, value.datatype, value.language):
            size, depth = size_and_depth(node)
            if size > _LARGEST or depth > _DEEPEST:
                raise NotCompilableError("an expression of this size", f"?{bind.variable.value}")
        self.scope.values[bind.variable.value] = value
        self._made.append(bind.variable.value)

    def _end_layer(self) -> None:
        """Make what was bound columns of a subquery, from which the next layer selects."""
        selected: list[Node] = [column(name, _ROWS) for name in self._columns]
        for name in self._made:
            value = self.scope.values[name]
            level = self.scope.level_of(value)
            parts: list[Node] = []
            for part, node in zip(_PARTS, (value.text, value.kind, value.datatype, value.language), strict=True):
                if isinstance(node, exp.Literal | exp.Null):
                    parts.append(node)
                    continue
                made = f"{part}{len(self._columns)}"
                self._columns.append(made)
                self.scope.levels[made] = level
                selected.append(aliased(node, made))
                parts.append(column(made, _ROWS))
            text, kind, datatype, language = parts
            self.scope.values[name] = Value(text, kind, datatype, language, facts=value.facts)
        plan = self._ended(selected)
        self._source = subquery(plan, _ROWS)
        self._made.clear()

    def _ended(self, selected: list[Node], condition: Node = TRUE) -> exp.Select:
        """Select from this layer, with its look-ups, of which the keys are noted."""
        lookups = self.scope.lookups[self._before :]
        self._before = len(self.scope.lookups)
        for at, lookup in enumerate(lookups):
            self._keys.setdefault(lookup.level, []).append(keys_of(lookup, self._source, joins_of(lookups[:at], self.scope.absent)))
        where = None if condition is TRUE else exp.Where(this=condition)
        return exp.Select(expressions=selected, from_=exp.From(this=self._source), joins=joins_of(lookups, self.scope.absent), where=where)

    def finished(self, template: Sequence[Statement], condition: Node) -> CompiledConstruct:
        """Give the plans, with the triples of a template and a condition on rows."""
        name = f"bound{self._file}"
        terms = {term.value: self.scope.variable(term) for statement in template for term in terms_of(statement) if isinstance(term, Variable)}
        spellings = {variable: spelled(value) for variable, value in terms.items()}
        # Names of columns are the same in capitals, names of variables are not.
        made = {variable: f"term{at}" for at, (variable, node) in enumerate(spellings.items()) if not isinstance(node, exp.Literal | exp.Null)}
        bound = self._ended([column(ROW, _ROWS), column(GRAPH, _ROWS), *(aliased(spellings[each], made[each]) for each in made)], condition)
        spellings |= {variable: column(each, name) for variable, each in made.items()}
        triples: list[exp.Select] = []
        for position, statement in enumerate(template):
            several = [_spelling(term, spellings) for term in terms_of(statement)]
            possible = _possible(statement, terms, several)
            if possible is None:
                continue
            selected = [aliased(node, place) for node, place in zip(several, "spo", strict=True)]
            selected += [aliased(column(GRAPH, name), "g"), aliased(number(self._file), "file"), column(ROW, name), aliased(number(position), "template")]
            where = None if possible is TRUE else exp.Where(this=possible)
            triples.append(exp.Select(expressions=selected, from_=exp.From(this=table(name)), where=where))
        return CompiledConstruct(
            [self._keys[level] for level in sorted(self._keys)], name, bound, triples, dict(self.scope.values), [each.alias for each in self.scope.lookups]
        )


def _spelling(term: Term, spellings: Mapping[str, Node]) -> Node:
    return spellings[term.value] if isinstance(term, Variable) else spelled(constant(constant_parts(term)))


def terms_of(statement: Statement) -> tuple[Term, Term, Term]:
    """Give subject, predicate and object of a triple of a template."""
    predicate = statement.predicate
    if not isinstance(predicate, Variable | NamedNode):
        raise NotCompilableError("a path in a template")
    return statement.subject, predicate, statement.object


def _possible(statement: Statement, values: Mapping[str, Value], nodes: Sequence[Node]) -> Node | None:
    """Give the condition that a triple is made; None where it never is."""
    conditions: list[Node] = []
    for place, (term, node) in enumerate(zip(terms_of(statement), nodes, strict=True)):
        resource = place < 2  # noqa: PLR2004  # the subject and the predicate
        if isinstance(node, exp.Null):
            return None
        kind = values[term.value].kind if isinstance(term, Variable) else number(IRI if isinstance(term, NamedNode) else LITERAL)
        known = kind.this if isinstance(kind, exp.Literal) else None
        if resource and known not in {None, str(IRI)}:
            return None
        if isinstance(term, Variable) and not isinstance(node, exp.Literal):
            conditions.append(TRUE if values[term.value].facts.filled else not_null(node))
        if resource and known is None:
            conditions.append(exp.StartsWith(this=node, expression=string("<")))
    return all_of(conditions)
