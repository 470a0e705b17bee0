"""What a constraint in SPARQL is made of, by rdflib: the definition of which queries can be asked of all nodes at once."""

from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import NamedNode
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib import RDF as R_RDF
from rdflib import URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, OneOrMore, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from schakel.namespaces import RDF
from schakel.validation.plain_constraints import Seen
from schakel.validation.shapes_graph import Unsupported

__all__ = ["followed", "seen_by"]

_THIS: Final = Variable("this")
_SAME_EVERYWHERE: Final = frozenset(
    [
        "RelationalExpression",
        "ConditionalAndExpression",
        "ConditionalOrExpression",
        "UnaryNot",
        "TrueFilter",
        "Builtin_STR",
        "Builtin_CONCAT",
        "Builtin_SUBSTR",
        "Builtin_STRLEN",
        "Builtin_STRSTARTS",
        "Builtin_STRENDS",
        "Builtin_CONTAINS",
        "Builtin_BOUND",
        "Builtin_sameTerm",
        "Builtin_isIRI",
        "Builtin_isURI",
        "Builtin_isLITERAL",
        "Builtin_isBLANK",
        "Builtin_LANG",
        "Builtin_IF",
        "Builtin_COALESCE",
        "Builtin_EXISTS",
        "Builtin_NOTEXISTS",
        "Aggregate_Sum",
        "Aggregate_Count",
        "Aggregate_Sample",
    ]
)
_PATTERNS: Final = frozenset({"GroupGraphPatternSub", "TriplesBlock", "Filter", "BGP", "Join"})


def seen_by(text: str) -> Seen:
    """Tell what a query looks at. Raises Unsupported for one that cannot be asked of all nodes at once."""
    try:
        SPARQLQueryHelper(None, None, text).check_invalid_sparql(text)  # type: ignore[no-untyped-call]  # pySHACL has no types there
        query = translateQuery(parseQuery(text)).algebra
    except Exception:  # noqa: BLE001  # of a query that is none rdflib and pySHACL tell by exceptions of many kinds
        raise Unsupported("its query is none that the reference engine takes") from None
    walk = _Walk()
    walk.query(query)
    return Seen(frozenset(walk.looks_at), Variable("value") in query.PV)


def followed(text: str) -> set[NamedNode] | None:
    """Give every property that a query follows, however it is made; None where that cannot be told."""
    walk = _Walk()
    try:
        walk.everything(translateQuery(parseQuery(text)).algebra)
    except Exception:  # noqa: BLE001  # as above
        return None
    return {each for pair in walk.looks_at for each in pair if each is not None}


class _Walk:
    """Goes through a query as rdflib translates it; raises Unsupported where `$this`, asked free, would mean something else."""

    def __init__(self) -> None:
        self.looks_at: set[tuple[NamedNode, NamedNode | None]] = set()

    def query(self, query: CompValue) -> None:
        """Go through a whole query."""
        if query.name != "SelectQuery" or query.datasetClause or _THIS not in query.PV or Variable("path") in query.PV or Variable("failure") in query.PV:
            raise Unsupported("its query does not simply select $this and ?value")
        pattern = query.p
        while pattern.name in {"Distinct", "Reduced", "Project", "OrderBy"}:
            pattern = pattern.p
        given = self._grouped(pattern) if _is_grouped(pattern) else self._pattern(pattern)
        if not {_THIS, *({Variable("value")} & set(query.PV))} <= given:
            raise Unsupported("its query gives $this or ?value that no statement names, or computes it")

    def everything(self, part: Any) -> None:  # noqa: ANN401
        """Go through a query of any kind, for what it looks at alone."""
        if isinstance(part, list | tuple):
            for each in part:
                self.everything(each)
        elif isinstance(part, CompValue):
            if part.name == "ServiceGraphPattern":
                raise Unsupported("its query asks elsewhere")
            if "triples" in part:
                self._statements(_rows(part))
            for key, value in part.items():
                if key not in {"triples", "_vars"}:
                    self.everything(value)

    def _grouped(self, pattern: CompValue) -> set[Variable]:
        while pattern.name in {"Filter", "Extend"}:
            if pattern.name == "Filter":
                self._expression(pattern.expr, {_THIS})
            pattern = pattern.p
        keys = pattern.p.expr or []
        if pattern.name != "AggregateJoin" or _THIS not in keys or not all(isinstance(key, Variable) for key in keys):
            raise Unsupported("its query groups by something else than $this")
        for aggregate in pattern.A:
            self._expression(aggregate, {_THIS})
        return self._pattern(pattern.p.p) & set(keys)

    def _pattern(self, pattern: CompValue) -> set[Variable]:
        """Go through a pattern; give the variables that every solution of it has a value for, named by statements."""
        match pattern.name:
            case "BGP":
                return self._statements(pattern.triples)
            case "Join":
                return self._pattern(pattern.p1) | self._pattern(pattern.p2)
            case "Union":
                return self._pattern(pattern.p1) & self._pattern(pattern.p2)
            case "Filter" | "Extend":
                given = self._pattern(pattern.p)
                self._expression(pattern.expr, given)
                return given - {pattern.var} if pattern.name == "Extend" else given
            case "LeftJoin":
                given, maybe = self._pattern(pattern.p1), self._pattern(pattern.p2)
                self._expression(pattern.expr, given)
                if _THIS in maybe and _THIS not in given:
                    raise Unsupported("its query names $this first where it is optional")
                return given
        raise Unsupported("its query has a part that cannot be asked of all nodes at once")

    def _expression(self, expression: Any, given: set[Variable]) -> None:  # noqa: ANN401  # rdflib's terms, lists and parts of its algebra
        if isinstance(expression, list):
            for each in expression:
                self._expression(each, given)
        elif expression == _THIS:
            if _THIS not in given:
                raise Unsupported("its query speaks of $this where no statement names it")
        elif isinstance(expression, CompValue):
            if expression.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
                self._exists(expression.graph, given)
            elif expression.name in _SAME_EVERYWHERE:
                for key, value in expression.items():
                    if key not in {"_vars", "op", "res", "distinct"}:
                        self._expression(value, given)
            else:
                raise Unsupported(f"its query uses {expression.name.removeprefix('Builtin_')}")

    def _exists(self, pattern: Any, given: set[Variable]) -> None:  # noqa: ANN401
        """Go through what must, or must not, be there: either as translated, or as rdflib leaves it where it is one of several conditions."""
        if isinstance(pattern, list):
            for each in pattern:
                self._exists(each, given)
        elif isinstance(pattern, CompValue) and pattern.name in _PATTERNS:
            if "triples" in pattern:
                self._statements(_rows(pattern))
            if "expr" in pattern:
                self._expression(pattern.expr, given)
            for part in {"part", "p", "p1", "p2"} & pattern.keys():
                self._exists(pattern[part], given)
        else:
            raise Unsupported("its query has a part that cannot be asked of all nodes at once")

    def _statements(self, triples: Any) -> set[Variable]:  # noqa: ANN401
        named: set[Variable] = set()
        for subject, predicate, object_ in triples:
            named |= {term for term in (subject, object_) if isinstance(term, Variable)}
            if predicate == R_RDF.type and isinstance(object_, URIRef):
                self.looks_at.add((RDF.type, NamedNode(str(object_))))
            else:
                self.looks_at.update((each, None) for each in _properties(predicate))
        return named


def _rows(pattern: CompValue) -> Any:  # noqa: ANN401
    """Give the statements of a pattern, as translated or as parsed."""
    return pattern.triples if pattern.name == "BGP" else [block[at : at + 3] for block in pattern.triples for at in range(0, len(block), 3)]


def _is_grouped(pattern: CompValue) -> bool:
    while pattern.name in {"Filter", "Extend"}:
        pattern = pattern.p
    return bool(pattern.name == "AggregateJoin")


def _properties(path: Any) -> Iterator[NamedNode]:  # noqa: ANN401
    match path:
        case URIRef():
            yield NamedNode(str(path))
        case InvPath():
            yield from _properties(path.arg)
        case SequencePath() | AlternativePath():
            for each in path.args:
                yield from _properties(each)
        case MulPath() if path.mod == OneOrMore:
            yield from _properties(path.path)
        case Path() | _:
            raise Unsupported("its query follows a property that it does not name, or a path of no length")
