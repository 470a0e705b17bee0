"""What must be known of a whole graph before a part of it can be written: what it counts, where its predicates lead, which namespaces it uses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.executor import VARCHAR
from schakel.engine.relations import IRI, STATEMENTS, TERMS
from schakel.engine.spelling import LANG_STRING, iri_spelling
from schakel.namespaces import RDF

__all__ = ["LANGUAGE", "REFERENCE", "Survey", "survey"]

# Where a predicate can lead: to a text with a language, to a thing, or to a literal of a datatype, which is named by its IRI.
LANGUAGE: Final = "@language"
REFERENCE: Final = "@id"

_USED: Final = "used_iris"
_NAMESPACES: Final = "known_namespaces"
# Sorts after every sign that an IRI may hold.
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class Survey:
    """A graph's statements, counted. `prefixes` are those of the known ones whose namespace is used, `schemes` those of all its IRIs."""

    statements: int
    subjects: int
    objects: int
    below_base: int
    classes: Counter[str]
    properties: Counter[str]
    leads_to: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    prefixes: Mapping[str, str]


def survey(executor: Executor, base: str, known: Mapping[str, str], statements: str = STATEMENTS) -> Survey:
    """Survey a table of statements. `known`: the prefixes to choose from, with their namespaces."""
    executor.run(_used(statements), _USED)
    executor.load(_NAMESPACES, {"prefix": VARCHAR, "first": VARCHAR, "last": VARCHAR}, _bounds(known))
    used = {prefix for (prefix,) in executor.fetch(_used_prefixes())}
    schemes = frozenset(scheme for (scheme,) in executor.fetch(_schemes()))
    below = executor.fetch(
        _count(statements, exp.Distinct(expressions=[column("s")])).join(TERMS, on=_same(statements, "s")).where(_begins(column("spelling"), f"<{base}"))
    )
    found = Survey(
        executor.count(statements),
        _distinct(executor, statements, "s"),
        _distinct(executor, statements, "o"),
        next(below)[0],
        Counter(dict(executor.fetch(_classes(statements)))),
        Counter(dict(executor.fetch(_counted(statements, "p")))),
        _leads_to(executor.fetch(_ends(statements))),
        schemes,
        {prefix: namespace for prefix, namespace in sorted(known.items()) if prefix in used},
    )
    executor.drop(_USED, _NAMESPACES)
    return found


def _distinct(executor: Executor, statements: str, name: str) -> int:
    return int(next(executor.fetch(_count(statements, exp.Distinct(expressions=[column(name)]))))[0])


def _bounds(known: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    return ((prefix, f"<{namespace}", f"<{namespace}{_LAST}") for prefix, namespace in known.items())


def _leads_to(ends: Iterable[tuple[str, int, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for predicate, kind, datatype in ends:
        found[predicate].add(REFERENCE if kind == IRI else LANGUAGE if datatype == LANG_STRING else datatype)
    found.pop(RDF.type.value, None)
    return {predicate: frozenset(kinds) for predicate, kinds in sorted(found.items())}


def _same(statements: str, name: str) -> exp.Expression:
    return exp.EQ(this=column(name, statements), expression=column("id", TERMS))


def _begins(text: exp.Expression, start: str) -> exp.Expr:
    return exp.and_(exp.GTE(this=text, expression=exp.Literal.string(start)), exp.LT(this=text.copy(), expression=exp.Literal.string(start + _LAST)))


def _count(statements: str, counted: exp.Expression) -> exp.Select:
    return exp.select(exp.Count(this=counted)).from_(statements)


def _counted(statements: str, name: str) -> exp.Select:
    """Count the statements by one of their terms."""
    return (
        exp.select(column("text", TERMS), exp.Count(this=exp.Star())).from_(statements).join(TERMS, on=_same(statements, name)).group_by(column("text", TERMS))
    )


def _classes(statements: str) -> Plan:
    kind = exp.to_table(TERMS, alias="predicate")
    is_type = exp.EQ(this=column("spelling", "predicate"), expression=exp.Literal.string(iri_spelling(RDF.type.value)))
    return _counted(statements, "o").join(kind, on=exp.EQ(this=column("p", statements), expression=column("id", "predicate"))).where(is_type)


def _ends(statements: str) -> Plan:
    """Give each predicate with each kind of term and datatype that it leads to."""
    distinct = (
        exp.select(column("p", statements), column("kind", TERMS), column("datatype", TERMS))
        .distinct()
        .from_(statements)
        .join(TERMS, on=_same(statements, "o"))
    )
    on = exp.EQ(this=column("p", "ends"), expression=column("id", TERMS))
    return exp.select(column("text", TERMS), column("kind", "ends"), column("datatype", "ends")).from_(distinct.subquery("ends")).join(TERMS, on=on)


def _used(statements: str) -> Plan:
    """Give the IRIs that the statements name, datatypes included."""
    ids = exp.union(*(exp.select(exp.alias_(column(name), "id")).from_(statements) for name in ("s", "p", "o")), distinct=True).subquery("used")
    of_used = exp.to_table(TERMS), exp.EQ(this=column("id", "used"), expression=column("id", TERMS))
    iris = exp.select(column("spelling", TERMS)).from_(ids).join(of_used[0], on=of_used[1])
    is_iri = exp.EQ(this=column("kind", TERMS), expression=exp.Literal.number(IRI))
    datatype = exp.DPipe(this=exp.DPipe(this=exp.Literal.string("<"), expression=column("datatype", TERMS)), expression=exp.Literal.string(">"))
    datatypes = exp.select(datatype).distinct().from_(ids.copy()).join(of_used[0].copy(), on=of_used[1].copy())
    spelled_out = exp.and_(exp.Not(this=column("datatype", TERMS).is_(exp.null())), column("language", TERMS).is_(exp.null()))
    return exp.union(iris.where(is_iri), datatypes.where(spelled_out), distinct=True)


def _used_prefixes() -> Plan:
    on = exp.and_(
        exp.GTE(this=column("spelling", _USED), expression=column("first", _NAMESPACES)),
        exp.LT(this=column("spelling", _USED), expression=column("last", _NAMESPACES)),
    )
    return exp.select(column("prefix", _NAMESPACES)).distinct().from_(_NAMESPACES).join(_USED, on=on)


def _schemes() -> Plan:
    colon = exp.StrPosition(this=column("spelling"), substr=exp.Literal.string(":"))
    length = exp.Sub(this=colon, expression=exp.Literal.number(2))
    return exp.select(exp.Substring(this=column("spelling"), start=exp.Literal.number(2), length=length)).distinct().from_(_USED)
