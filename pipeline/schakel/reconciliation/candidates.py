"""The things that cells may name, by their names, their types and the values of their properties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel.errors import BadQueryError
from schakel.lookup import MATCH, Found
from schakel.reconciliation.scoring import fit, total
from schakel.reconciliation.terms import LONGEST_TEXT, IndexedGraph, Values, named, term_of, values_of

__all__ = ["MOST_QUERIES", "reconciled"]

MOST_QUERIES: Final = 100
_MOST_PROPERTIES: Final = 10
_MOST_VALUES: Final = 1000
_MOST_RESULTS: Final = 50
_USUAL_RESULTS: Final = 10
# So many candidates by name are looked at where properties may put them in another order.
_CONSIDERED: Final = 50
_STRICT: Final = ("any", "should", "all")


@dataclass(frozen=True)
class _Property:
    """What is asked of a property: its id and its IRI, the values given, whether `any`, `all` or `none` of them fit, and whether it must be so."""

    id: str
    term: NamedNode | None
    values: tuple[Any, ...]
    quantifier: str = "all"
    is_required: bool = False


@dataclass(frozen=True)
class _Asked:
    """One query: the text, the types, and what is asked of properties."""

    text: str | None
    types: tuple[NamedNode | None, ...]
    every_type: bool
    properties: tuple[_Property, ...]
    limit: int


def reconciled(indexed: IndexedGraph, queries: Mapping[str, Any]) -> dict[str, Any]:
    """Give the candidates of each query, the best first.

    Raises BadQueryError.
    """
    if len(queries) > MOST_QUERIES:
        raise BadQueryError(f"There may be {MOST_QUERIES} queries at once.", too_large=True)
    asked = {key: _read(indexed, each) for key, each in queries.items()}
    if sum(len(given.values) for each in asked.values() for given in each.properties) > _MOST_VALUES:
        raise BadQueryError(f"There may be {_MOST_VALUES} values of properties at once.", too_large=True)
    found = {key: _considered(indexed, each) for key, each in asked.items()}
    wanted = [(key, {given.term for given in each.properties if given.term is not None}) for key, each in asked.items() if each.properties]
    values = values_of(indexed, (each.entity for key, _ in wanted for each in found[key]), (term for _, terms in wanted for term in terms))
    return {key: {"result": _ranked(indexed, each, found[key], values)} for key, each in asked.items()}


def _read(indexed: IndexedGraph, given: object) -> _Asked:
    if not isinstance(given, dict):
        raise BadQueryError("Each query is an object.")
    text, properties = given.get("query"), given.get("properties", [])
    if not isinstance(text, str | None) or (text is None and not properties):
        raise BadQueryError("Each query has a text “query”, or “properties”.")
    limit = given.get("limit", _USUAL_RESULTS)
    if not isinstance(limit, int | float) or isinstance(limit, bool) or limit != limit // 1 or limit < 1:
        raise BadQueryError("“limit” is a whole number from 1.")
    named_types = given.get("type", [])
    types = named_types if isinstance(named_types, list) else [named_types]
    if not all(isinstance(each, str) for each in types):
        raise BadQueryError("“type” is an id, or a list of them.")
    strict = given.get("type_strict", "any")
    if strict not in _STRICT:
        raise BadQueryError(f"“type_strict” is one of {', '.join(_STRICT)}.")
    if not isinstance(properties, list) or len(properties) > _MOST_PROPERTIES:
        raise BadQueryError(f"“properties” is a list of at most {_MOST_PROPERTIES}.")
    return _Asked(
        None if text is None else text[:LONGEST_TEXT],
        tuple(term_of(indexed, each) for each in types),
        strict == "all",
        tuple(_property(indexed, each) for each in properties),
        int(min(limit, _MOST_RESULTS)),
    )


def _property(indexed: IndexedGraph, given: object) -> _Property:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise BadQueryError("Each of “properties” is an object with an id “pid” and a value “v”.")
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    if not all(_is_value(each) for each in values):
        raise BadQueryError("A value is a text, a number, true, false, or an object with an “id”.")
    cut = tuple(each[:LONGEST_TEXT] if isinstance(each, str) else each for each in values)
    return _Property(given["pid"], term_of(indexed, given["pid"]), cut, given.get("quantifier", "all"), given.get("required") is True)


def _is_value(given: object) -> bool:
    return isinstance(given, str | int | float) or (isinstance(given, dict) and isinstance(given.get("id"), str))


def _considered(indexed: IndexedGraph, asked: _Asked) -> list[Found]:
    """Find what the name, or else the values, may mean."""
    kinds = frozenset(term for term in asked.types if term is not None)
    if asked.types and not kinds:
        return []
    if asked.text is None:
        found = [Found(each, 0.0, "") for each in _with_values(indexed, asked)]
    else:
        exact = term_of(indexed, asked.text)
        if exact is not None and indexed.names.is_own(exact):
            return [Found(exact, 100.0, asked.text)]
        found = indexed.names.search(asked.text, kinds=kinds, limit=_CONSIDERED)
    held = {each.entity: indexed.names.types.get(each.entity, frozenset()) for each in found}
    return [each for each in found if not asked.types or (set(asked.types) <= held[each.entity] if asked.every_type else kinds & held[each.entity])]


def _with_values(indexed: IndexedGraph, asked: _Asked) -> list[NamedNode]:
    """Find what has one of the values given, by its id, its name or its text."""
    patterns = [_pattern(indexed, each.term, value) for each in asked.properties if each.term is not None for value in each.values]
    if not patterns:
        return []
    limit = 2 * _CONSIDERED
    answer = indexed.graph.source.select(f"SELECT DISTINCT ?s WHERE {{ {' UNION '.join(patterns)} }} ORDER BY ?s LIMIT {limit}")
    return [term for (term,) in answer.rows if isinstance(term, NamedNode) and indexed.names.is_own(term)]


def _pattern(indexed: IndexedGraph, term: NamedNode, value: Any) -> str:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        meant = [term_of(indexed, value["id"])]
        text = None
    else:
        text = str(value).lower()
        meant = [term_of(indexed, str(value)), *(name.entity for name in indexed.names.called(str(value)) if indexed.names.is_own(name.entity))]
    things = " ".join(str(each) for each in dict.fromkeys(meant) if each is not None)
    by_thing = f"{{ VALUES ?v {{ {things} }} ?s {term} ?v }}" if things else ""
    by_text = "" if text is None else f"{{ ?s {term} ?v FILTER(ISLITERAL(?v) && LCASE(STR(?v)) = {Literal(text)}) }}"
    return " UNION ".join(filter(None, (by_thing, by_text))) or "{ FILTER(false) }"


def _ranked(indexed: IndexedGraph, asked: _Asked, found: Sequence[Found], values: Values) -> list[dict[str, Any]]:
    told = []
    for each in found:
        fits = {given.id: _fit(indexed, given, each.entity, values) for given in asked.properties}
        if any(given.is_required and fits[given.id] < MATCH for given in asked.properties):
            continue
        score = total(None if asked.text is None else each.score, list(fits.values()))
        told.append(_told(indexed, each, score, fits if asked.text is None else {"name": each.score, **fits}))
    told.sort(key=lambda each: -each["score"])
    certain = bool(told) and told[0]["score"] >= MATCH and (len(told) == 1 or told[1]["score"] < told[0]["score"])
    return [{**each, "match": certain and place == 0} for place, each in enumerate(told[: asked.limit])]


def _fit(indexed: IndexedGraph, given: _Property, entity: NamedNode, values: Values) -> float:
    return 0.0 if given.term is None else fit(indexed, given.values, values.get((entity, given.term), ()), given.quantifier)


def _told(indexed: IndexedGraph, found: Found, score: float, features: Mapping[str, float]) -> dict[str, Any]:
    return {
        **named(indexed, found.entity),
        "score": score,
        "match": False,
        "type": [named(indexed, term) for term in indexed.names.kinds_of(found.entity)],
        "features": [{"id": name, "value": value} for name, value in features.items()],
    }
