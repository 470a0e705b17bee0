"""Completing what a person types: things, types, properties."""

from collections.abc import Set as AbstractSet
from typing import Any, Final

from pyoxigraph import NamedNode

from schakel.reconciliation.indexed_graph import IndexedGraph
from schakel.reconciliation.terms import named, term_of

__all__ = ["SUGGESTED", "suggested", "terms_of"]

SUGGESTED: Final = ("entity", "type", "property")
_AT_ONCE: Final = 20


def suggested(indexed: IndexedGraph, kind: str, prefix: str, skipped: int = 0) -> list[dict[str, Any]]:
    """Suggest what a text may be the beginning of, after so many that were suggested before; what has it for an id comes first."""
    exact = term_of(indexed, prefix)
    if kind == "entity":
        found = [each.entity for each in indexed.names.beginning(prefix, limit=skipped + _AT_ONCE)]
        first = [exact] if exact is not None and indexed.names.is_own(exact) else []
        return [_entity(indexed, term) for term in list(dict.fromkeys([*first, *found]))[skipped : skipped + _AT_ONCE]]
    terms = terms_of(indexed, kind)
    wanted = prefix.casefold()
    fitting: list[tuple[bool, bool, str, str]] = []
    for term in terms:
        told = named(indexed, term)
        if term == exact or any(wanted in text.casefold() for text in told.values()):
            fitting.append((term != exact, not told["name"].casefold().startswith(wanted), told["name"], term.value))
    return [_term(indexed, NamedNode(iri), kind) for *_, iri in sorted(fitting)[skipped : skipped + _AT_ONCE]]


def terms_of(indexed: IndexedGraph, kind: str) -> AbstractSet[NamedNode]:
    """Give all classes of things, or all properties."""
    return indexed.names.classes if kind == "type" else indexed.names.properties


def _entity(indexed: IndexedGraph, term: NamedNode) -> dict[str, Any]:
    kinds = [named(indexed, each) for each in indexed.names.kinds_of(term)[:1]]
    described = {"description": kinds[0]["name"]} if kinds else {}
    return named(indexed, term) | described | {"notable": kinds}


def _term(indexed: IndexedGraph, term: NamedNode, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = named(indexed, term) | {"description": term.value}
    over = sorted(indexed.names.hierarchy.over(term), key=lambda each: each.value)
    direct = [each for each in over if not any(each in indexed.names.hierarchy.over(other) for other in over)]
    return told | ({"broader": [named(indexed, each) for each in direct]} if kind == "type" and direct else {})
