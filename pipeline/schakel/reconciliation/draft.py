"""Queries of the 1.0 draft of the Reconciliation Service API: a list of queries made of conditions, read as those of 0.2."""

from collections.abc import Mapping
from typing import Any, Final

from schakel.errors import BadQueryError
from schakel.reconciliation.candidates import reconciled
from schakel.reconciliation.terms import IndexedGraph, term_of

__all__ = ["matched"]

_QUANTIFIERS: Final = ("any", "all", "none")


def matched(indexed: IndexedGraph, batch: Mapping[str, Any]) -> dict[str, Any]:
    """Give the candidates of each query of a batch, in the order of the queries.

    Raises BadQueryError.
    """
    queries = batch.get("queries")
    if not isinstance(queries, list):
        raise BadQueryError("“queries” is a list.")
    found = reconciled(indexed, {str(place): _query(each) for place, each in enumerate(queries)})
    return {"results": [{"candidates": [_candidate(indexed, each) for each in answer["result"]]} for answer in found.values()]}


def _query(given: object) -> dict[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("conditions"), list) or not given["conditions"]:
        raise BadQueryError("Each query is an object with a list “conditions”.")
    query: dict[str, Any] = {name: given[name] for name in ("type", "limit") if name in given}
    properties: list[dict[str, Any]] = []
    for condition in given["conditions"]:
        if not isinstance(condition, dict) or "propertyValue" not in condition:
            raise BadQueryError("Each condition is an object with a “propertyValue”.")
        match condition.get("matchType"):
            # An id is found as a name is.
            case "name" | "id" if "query" not in query:
                query["query"] = condition["propertyValue"]
            case "property":
                properties.append(_property(condition))
            case _:
                raise BadQueryError("“matchType” is property or, once in a query, name or id.")
    return query | ({"properties": properties} if properties else {})


def _property(condition: Mapping[str, Any]) -> dict[str, Any]:
    if "matchQualifier" in condition:
        raise BadQueryError("There is no “matchQualifier”.")
    quantifier, required = condition.get("matchQuantifier", "any"), condition.get("required", False)
    if quantifier not in _QUANTIFIERS or not isinstance(required, bool):
        raise BadQueryError(f"“matchQuantifier” is one of {', '.join(_QUANTIFIERS)}, and “required” true or false.")
    return {"pid": condition.get("propertyId"), "v": condition["propertyValue"], "quantifier": quantifier, "required": required}


def _candidate(indexed: IndexedGraph, found: Mapping[str, Any]) -> dict[str, Any]:
    features = [{**each, "name": "Name" if each["id"] == "name" else each["id"]} for each in found["features"]]
    term = term_of(indexed, found["id"])
    name = None if term is None else indexed.names.best.get(term)
    language = {"lang": name.language} if name is not None and name.language else {}
    return {**found, "name": [{"str": found["name"], **language}], "features": features}
