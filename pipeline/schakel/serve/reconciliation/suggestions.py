"""Completing what a person types: things, types, properties."""

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import NamedNode

from schakel.serve.editions import Edition
from schakel.serve.reconciliation.terms import named, term_of

__all__ = ["SUGGESTED", "suggested", "terms_of"]

SUGGESTED: Final = ("entity", "type", "property")
_AT_ONCE: Final = 20


def suggested(edition: Edition, kind: str, prefix: str, skipped: int = 0) -> list[dict[str, Any]]:
    """Suggest what a text may be the beginning of, after so many that were suggested before; what has it for an id comes first."""
    exact = term_of(edition, prefix)
    if kind == "entity":
        found = [each.entity for each in edition.names.beginning(prefix, limit=skipped + _AT_ONCE)]
        first = [exact] if exact is not None and exact in edition.names.best else []
        return [_entity(edition, term) for term in list(dict.fromkeys([*first, *found]))[skipped : skipped + _AT_ONCE]]
    terms = terms_of(edition, kind)
    wanted = prefix.casefold()
    fitting: list[tuple[bool, bool, str, str]] = []
    for term in terms:
        told = named(edition, term)
        if term == exact or any(wanted in text.casefold() for text in told.values()):
            fitting.append((term != exact, not told["name"].casefold().startswith(wanted), told["name"], term.value))
    return [_term(edition, NamedNode(iri), kind) for *_, iri in sorted(fitting)[skipped : skipped + _AT_ONCE]]


def terms_of(edition: Edition, kind: str) -> Iterable[NamedNode]:
    """Give all classes of things, or all properties."""
    return {term for classes in edition.names.types.values() for term in classes} if kind == "type" else edition.names.properties


def _entity(edition: Edition, term: NamedNode) -> dict[str, Any]:
    kinds = [named(edition, each) for each in edition.names.kinds_of(term)[:1]]
    described = {"description": kinds[0]["name"]} if kinds else {}
    return named(edition, term) | described | {"notable": kinds}


def _term(edition: Edition, term: NamedNode, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = named(edition, term) | {"description": term.value}
    over = sorted(edition.names.hierarchy.over(term), key=lambda each: each.value)
    direct = [each for each in over if not any(each in edition.names.hierarchy.over(other) for other in over)]
    return told | ({"broader": [named(edition, each) for each in direct]} if kind == "type" and direct else {})
