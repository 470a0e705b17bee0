"""Reading a mapping, and holding it against what a mapping may be.

rdflib's SPARQL parser tells what a query is made of. A query that could lose rows, ask another server, or give something else each time is not run.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Store
from rdflib import BNode, Literal, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from schakel.findings import Finding, Place, finding, quoted
from schakel.mapping.columns import held_against
from schakel.mapping.construct import ANY_BASE, Bind, Construct, Template
from schakel.namespaces import XSD
from schakel.tables import Table

__all__ = ["read_construct"]


# What an editor writes, by what rdflib's algebra calls it.
_AS_WRITTEN = {
    "AggregateJoin": "GROUP BY",
    "Distinct": "DISTINCT",
    "Filter": "FILTER",
    "Graph": "GRAPH",
    "Group": "GROUP BY",
    "Join": "a group in the group",
    "LeftJoin": "OPTIONAL",
    "Minus": "MINUS",
    "OrderBy": "ORDER BY",
    "Reduced": "REDUCED",
    "ServiceGraphPattern": "SERVICE",
    "Slice": "LIMIT",
    "ToMultiSet": "VALUES or a query in the query",
    "Union": "UNION",
    "values": "VALUES or a query in the query",
}
_PATTERNS_IN_EXPRESSIONS = frozenset({"EXISTS", "NOTEXISTS"})
_DIFFERENT_EACH_TIME = frozenset({"NOW", "RAND", "STRUUID", "UUID"})
_LONGEST_PROBLEM = 300


def read_construct(text: str, file: str, table: Table) -> tuple[Construct | None, list[Finding]]:
    """Read one mapping and hold it against the table it maps; the mapping is None where it must not be run."""
    place = Place(file)
    try:
        algebra = prepareQuery(text, base=ANY_BASE).algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises whatever pyparsing or its own code does; all of them mean "cannot be read"
        return None, [finding("mapping-syntax", place, problem=_one_line(error))]
    if algebra.name != "ConstructQuery" or not algebra.template:
        return None, [finding("not-a-construct", place, found=algebra.name.removesuffix("Query").upper())]
    parts = list(_parts(algebra.p))
    findings = [*_beyond_binds(parts, place), *_not_repeatable(parts, algebra.template, place)]
    if findings:
        return None, findings
    binds = tuple(Bind(str(part.var), _variables(part.expr), _choices(part.expr)) for part in reversed(parts) if part.name == "Extend")
    construct = Construct(file, text, tuple(map(_template, algebra.template)), binds)
    try:
        Store().query(construct.with_rows(table.columns, []), base_iri=ANY_BASE)
    except (SyntaxError, ValueError, RuntimeError) as error:
        return None, [finding("mapping-syntax", place, problem=_one_line(error))]
    return construct, [*_casts(parts, place), *held_against(construct, table)]


def _template(triple: Sequence[object]) -> Template:
    names = [str(term) if isinstance(term, Variable) else None for term in triple]
    return Template(frozenset(filter(None, names)), frozenset(filter(None, names[:2])))


def _beyond_binds(parts: Sequence[CompValue], place: Place) -> Iterator[Finding]:
    """Tell what a mapping holds besides BINDs, as that could lose rows or ask another server."""
    found = {_AS_WRITTEN.get(part.name, part.name) for part in parts} - {"Project", "Extend", "BGP"}
    found |= {"a triple pattern" for part in parts if part.name == "BGP" and part.triples}
    found |= _functions(parts) & _PATTERNS_IN_EXPRESSIONS
    if found:
        yield finding("mapping-not-flat", place, found=quoted(found))


def _not_repeatable(parts: Sequence[CompValue], template: Sequence[Sequence[object]], place: Place) -> Iterator[Finding]:
    if "BNODE" in _functions(parts) or any(isinstance(term, BNode) for term in chain.from_iterable(template)):
        yield finding("blank-node-in-mapping", place)
    different = _functions(parts) & _DIFFERENT_EACH_TIME
    if different:
        yield finding("mapping-not-repeatable", place, found=quoted(f"{name}()" for name in different))


def _casts(parts: Sequence[CompValue], place: Place) -> Iterator[Finding]:
    calls = {str(part.iri) for part in _in_binds(parts) if part.name == "Function"}
    casts = {iri.removeprefix(XSD.iri) for iri in calls if iri.startswith(XSD.iri)}
    if casts:
        yield finding("mapping-cast", place, found=quoted(f"xsd:{name}" for name in casts))


def _parts(part: CompValue) -> Iterator[CompValue]:
    """Walk the patterns of an algebra tree, outermost first."""
    yield part
    for key in ("p", "p1", "p2"):
        below = part.get(key)
        if isinstance(below, CompValue):
            yield from _parts(below)


def _in_binds(parts: Iterable[CompValue]) -> Iterator[CompValue]:
    return chain.from_iterable(_expressions(part.expr) for part in parts if part.name == "Extend")


def _functions(parts: Iterable[CompValue]) -> set[str]:
    return {part.name.removeprefix("Builtin_") for part in _in_binds(parts)}


def _expressions(expression: object) -> Iterator[CompValue]:
    """Walk an expression and everything it is made of."""
    if isinstance(expression, CompValue):
        yield expression
    for leaf in _leaves(expression):
        yield from _expressions(leaf)


def _variables(expression: object) -> frozenset[str]:
    if isinstance(expression, Variable):
        return frozenset({str(expression)})
    return frozenset(chain.from_iterable(map(_variables, _leaves(expression))))


def _choices(expression: object) -> frozenset[str]:
    """Give the texts that an expression compares something with."""
    compared = (part for part in _expressions(expression) if part.name == "RelationalExpression" and part.op in {"=", "IN"})
    others = chain.from_iterable(part.other if isinstance(part.other, list) else [part.other] for part in compared)
    return frozenset(str(other) for other in others if isinstance(other, Literal))


def _leaves(expression: object) -> Iterable[object]:
    """Give what an expression is made of; rdflib's own notes on it (sets of variables) are no part of it."""
    if isinstance(expression, CompValue):
        return [leaf for leaf in expression.values() if not isinstance(leaf, set)]
    return expression if isinstance(expression, list) else ()


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_LONGEST_PROBLEM]
