"""The mappings of a project, each next to its table, held against what a mapping may be.

A query that could lose rows, ask another server, or give something else each time is not run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Variable

from schakel.compile.construct import UNDEFINED
from schakel.errors import nearest
from schakel.evidence import SOURCES, VIEW
from schakel.findings import Finding, Place, finding, quoted
from schakel.namespaces import XSD
from schakel.project.tables import Table
from schakel.sparql import (
    Aggregate,
    Ask,
    Bind,
    BlankNode,
    Call,
    Construct,
    Describe,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Minus,
    Optional,
    Query,
    QuerySyntaxError,
    Select,
    Service,
    Statement,
    Subquery,
    Union,
    Values,
    called,
    parse,
    variables_of,
)
from schakel.tables import PASSAGE, SOURCE

__all__ = ["Mapping", "read_mappings"]

_FORMS: Final = {Select: "SELECT", Ask: "ASK", Describe: "DESCRIBE"}
# How an editor writes what may not be in a mapping.
_ELEMENTS: Final = {
    Bind: "a group in the group",
    Statement: "a triple pattern",
    Filter: "FILTER",
    Optional: "OPTIONAL",
    Union: "UNION or a group in the group",
    Graph: "GRAPH",
    Service: "SERVICE",
    Minus: "MINUS",
    Values: "VALUES",
    Subquery: "a query in the query",
}
_UNREPEATABLE: Final = frozenset({"NOW", "RAND", "STRUUID", "UUID"})


@dataclass(frozen=True)
class Mapping:
    """A mapping: its file relative to the project, its text, and what that says."""

    file: str
    text: str
    query: Construct


def read_mappings(folder: Path, root: Path, tables: Sequence[Table], base: str) -> tuple[dict[str, Mapping], list[Finding]]:
    """Read `<table>.rq` for every table, by the name of the table; a table without a mapping and a mapping without a table are findings."""
    mappings: dict[str, Mapping] = {}
    findings: list[Finding] = []
    for table in tables:
        path = folder / f"{table.name}.rq"
        file = path.relative_to(root).as_posix()
        if not path.is_file():
            findings.append(finding("table-without-mapping", Place(table.file), mapping=file))
            continue
        mapping, problems = _read(path, file, base)
        findings += problems
        if mapping is not None:
            unusable = list(_judge(mapping.query, file))
            findings += unusable
            # What else than BINDs gives a variable its value is not looked at.
            if not any(problem.kind == "mapping-not-flat" for problem in unusable):
                findings += _held_against(mapping.query, file, table)
            if not any(problem.kind in _UNUSABLE for problem in unusable):
                mappings[table.name] = mapping
    # A table that could not be read is a finding by itself.
    alone = {path.stem for path in folder.glob("*.rq")} - {table.name for table in tables} - {path.stem for path in folder.glob("*.csv")}
    findings += [finding("mapping-without-table", Place((folder / f"{name}.rq").relative_to(root).as_posix()), table=name) for name in sorted(alone)]
    return mappings, findings


_UNUSABLE: Final = frozenset({"mapping-not-flat", "blank-node-in-mapping", "mapping-not-repeatable"})


def _read(path: Path, file: str, base: str) -> tuple[Mapping | None, list[Finding]]:
    try:
        text = path.read_text("utf-8-sig")
        query = parse(text, base)
    except (UnicodeDecodeError, QuerySyntaxError) as error:
        return None, [finding("mapping-syntax", Place(file), problem=str(error))]
    if not isinstance(query, Construct) or not query.template:
        return None, [finding("not-a-construct", Place(file), found=_FORMS.get(type(query), "CONSTRUCT"))]
    return Mapping(file, text, query), []


def _judge(query: Construct, file: str) -> Iterator[Finding]:
    place = Place(file)
    expressions = [each.expression for each in query.where.elements if isinstance(each, Bind)]
    calls = list(chain.from_iterable(map(called, expressions)))
    beyond = {_ELEMENTS[type(_alone(each))] for each in query.where.elements if not isinstance(each, Bind)}
    beyond |= {"EXISTS" for each in chain.from_iterable(map(_walk, expressions)) if isinstance(each, Exists)}
    beyond |= {name for name, modifier in _modifiers(query) if modifier}
    if beyond:
        yield finding("mapping-not-flat", place, found=quoted(beyond))
    nodes = chain.from_iterable((statement.subject, statement.object) for statement in query.template)
    if any(call.name == "BNODE" for call in calls) or any(isinstance(node, BlankNode) for node in nodes):
        yield finding("blank-node-in-mapping", place)
    different = {call.name for call in calls} & _UNREPEATABLE
    if different:
        yield finding("mapping-not-repeatable", place, found=quoted(f"{name}()" for name in different))
    casts = {call.name.removeprefix(XSD.iri) for call in calls if call.name.startswith(XSD.iri)}
    if casts and not beyond:
        yield finding("mapping-cast", place, found=quoted(f"xsd:{name}" for name in casts))


def _alone(element: Element) -> Element:
    """Give what a group in the group holds, where that is one thing."""
    if isinstance(element, Union) and len(element.groups) == 1 and len(element.groups[0].elements) == 1:
        return element.groups[0].elements[0]
    return element


def _modifiers(query: Query) -> Iterator[tuple[str, object]]:
    yield from {"GROUP BY": query.keys, "HAVING": query.having, "ORDER BY": query.order, "OFFSET": query.offset, "VALUES": query.values}.items()
    yield "LIMIT", query.limit is not None


def _walk(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Call):
        yield from chain.from_iterable(map(_walk, expression.arguments))
    elif isinstance(expression, Aggregate) and expression.argument is not None:
        yield from _walk(expression.argument)


def _held_against(query: Construct, file: str, table: Table) -> Iterator[Finding]:
    """Find columns that a mapping has no use for, and what it takes for a column that is none."""
    place = Place(file)
    binds = [each for each in query.where.elements if isinstance(each, Bind)]
    targets = {bind.variable.value for bind in binds}
    read = {variable.value for bind in binds for variable in variables_of(bind.expression)}
    read |= {term.value for each in query.template for term in (each.subject, each.predicate, each.object) if isinstance(term, Variable)}
    used = read - targets - {UNDEFINED}
    rebound = targets & set(table.columns)
    if rebound:
        yield finding("column-bound-again", place, found=quoted(f"?{name}" for name in rebound))
    for name in sorted(used.difference(table.columns)):
        yield finding("unbound-variable", place, found=name, expected=nearest(name, table.columns) or ", ".join(table.columns), table=table.file)
    for name in table.columns:
        if name not in used | rebound | {SOURCE, PASSAGE} and (table.name, name) != (SOURCES, VIEW):
            yield finding("unused-column", Place(table.file, 1, name), found=name, mapping=file)
