"""The mappings of a folder, each next to its table, read and held against it.

A mapping is a CONSTRUCT whose pattern holds nothing but BINDs. A query that could lose rows, ask another server, or give something else each time is refused.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from pyoxigraph import Variable

from schakel.errors import nearest
from schakel.findings import Finding, Place, finding, quoted
from schakel.namespaces import XSD
from schakel.sparql import Bind, BlankNode, Construct, Exists, Expression, Query, QuerySyntaxError, Statement, called, parse, variables_of
from schakel.tables import PASSAGE, SOURCE

__all__ = ["UNDEFINED", "read_mapping", "read_mappings"]

# The variable that a mapping uses for "no value": nothing binds it.
UNDEFINED: Final = "undefined"
_DIFFERENT_EACH_TIME: Final = frozenset({"NOW", "RAND", "STRUUID", "UUID"})
_AS_WRITTEN: Final = {
    "Filter": "FILTER",
    "Graph": "GRAPH",
    "Minus": "MINUS",
    "Optional": "OPTIONAL",
    "Service": "SERVICE",
    "Statement": "a triple pattern",
    "Subquery": "a query in the query",
    "Union": "UNION or a group in the group",
    "Values": "VALUES",
}


class Columns(Protocol):
    """A table, as far as its mapping is concerned."""

    @property
    def name(self) -> str:
        """The name of the table."""

    @property
    def file(self) -> str:
        """The file relative to the project."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""


def read_mappings(folder: Path, root: Path, tables: Sequence[Columns]) -> tuple[dict[str, Construct], list[Finding]]:
    """Read `<table>.rq` for every table; a table without a mapping and a mapping without a table are findings."""
    mappings: dict[str, Construct] = {}
    findings: list[Finding] = []
    for table in tables:
        path = folder / f"{table.name}.rq"
        file = path.relative_to(root).as_posix()
        if not path.is_file():
            findings.append(finding("table-without-mapping", Place(table.file), mapping=file))
            continue
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            findings.append(finding("mapping-syntax", Place(file), problem=str(error)))
            continue
        mapping, problems = read_mapping(text, file, table)
        findings += problems
        if mapping is not None:
            mappings[table.name] = mapping
    alone = {path.stem for path in folder.glob("*.rq")} - {path.stem for path in folder.glob("*.csv")}
    findings += [finding("mapping-without-table", Place((folder / f"{name}.rq").relative_to(root).as_posix()), table=f"{name}.csv") for name in sorted(alone)]
    return mappings, findings


def read_mapping(text: str, file: str, table: Columns) -> tuple[Construct | None, list[Finding]]:
    """Read one mapping and hold it against the table it maps; None where it must not be run."""
    place = Place(file)
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        return None, [finding("mapping-syntax", place, problem=str(error))]
    if not isinstance(query, Construct) or not query.template:
        return None, [finding("not-a-construct", place, found=type(query).__name__.upper())]
    binds = [each for each in query.where.elements if isinstance(each, Bind)]
    refused = [*_beyond_binds(query, binds, place), *_not_repeatable(query, binds, place)]
    if refused:
        return None, refused
    return query, [*_casts(binds, place), *_held_against(query, binds, place, table)]


def _beyond_binds(query: Query, binds: Sequence[Bind], place: Place) -> Iterator[Finding]:
    """Find what a mapping holds besides BINDs, as that could lose rows or ask another server."""
    found = {_AS_WRITTEN[type(each).__name__] for each in query.where.elements if not isinstance(each, Bind)}
    found |= {"EXISTS" for bind in binds if any(isinstance(each, Exists) for each in _parts(bind.expression))}
    wanted = {
        "GROUP BY": query.keys,
        "HAVING": query.having,
        "ORDER BY": query.order,
        "LIMIT": query.limit is not None,
        "OFFSET": query.offset,
        "VALUES": query.values,
    }
    found |= {name for name, there in wanted.items() if there}
    if found:
        yield finding("mapping-not-flat", place, found=quoted(found))


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    yield from chain.from_iterable(map(_parts, getattr(expression, "arguments", ())))


def _not_repeatable(query: Construct, binds: Sequence[Bind], place: Place) -> Iterator[Finding]:
    functions = _functions(binds)
    if "BNODE" in functions or any(isinstance(term, BlankNode) for statement in query.template for term in (statement.subject, statement.object)):
        yield finding("blank-node-in-mapping", place)
    different = functions & _DIFFERENT_EACH_TIME
    if different:
        yield finding("mapping-not-repeatable", place, found=quoted(f"{name}()" for name in different))


def _casts(binds: Sequence[Bind], place: Place) -> Iterator[Finding]:
    casts = {name.removeprefix(XSD.iri) for name in _functions(binds) if name.startswith(XSD.iri)}
    if casts:
        yield finding("mapping-cast", place, found=quoted(f"xsd:{name}" for name in casts))


def _functions(binds: Sequence[Bind]) -> set[str]:
    return {call.name for bind in binds for call in called(bind.expression)}


def _held_against(query: Construct, binds: Sequence[Bind], place: Place, table: Columns) -> Iterator[Finding]:
    """Find columns that a mapping has no use for, and variables that are no column."""
    targets = {bind.variable.value for bind in binds}
    used = {variable.value for bind in binds for variable in variables_of(bind.expression)} | set(_in_template(query.template))
    variables = used - targets - {UNDEFINED}
    rebound = targets & set(table.columns)
    if rebound:
        yield finding("column-bound-again", place, found=quoted(f"?{name}" for name in rebound))
    for name in sorted(variables - set(table.columns)):
        yield finding("unbound-variable", place, found=name, expected=nearest(name, table.columns) or ", ".join(table.columns), table=table.file)
    for name in table.columns:
        if name not in variables | rebound | {SOURCE, PASSAGE}:
            yield finding("unused-column", Place(table.file, 1, name), found=name, mapping=place.file)


def _in_template(template: Sequence[Statement]) -> Iterator[str]:
    terms = chain.from_iterable((each.subject, each.predicate, each.object) for each in template)
    return (term.value for term in terms if isinstance(term, Variable))
