"""Completing what a person types, and showing a thing, a class or a property in a few words, to be framed or hovered over."""

import html
from collections.abc import Set as AbstractSet
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from schakel.reconciliation.terms import IndexedGraph, named, term_of

__all__ = ["PREVIEW_POLICY", "SUGGESTED", "flyout_of", "page_of", "suggested", "terms_of"]

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


PREVIEW_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SAFE: Final = ":/#?&=%@!$'()*+,;~-._"
_STYLE: Final = "body{font:14px/1.4 sans-serif;margin:8px;overflow-wrap:anywhere}p{margin:0 0 4px}"


def page_of(indexed: IndexedGraph, asked: str) -> str | None:
    """Write the page of a thing; None where there is none of that id."""
    term = term_of(indexed, asked)
    if term is None or not indexed.names.is_own(term):
        return None
    name = html.escape(named(indexed, term)["name"])
    body = _shown(indexed, term, linked=True)
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>{body}</html>'


def flyout_of(indexed: IndexedGraph, kind: str, asked: str) -> str | None:
    """Write what is shown beside a suggestion; None where there is none of that id."""
    term = term_of(indexed, asked)
    known = term is not None and (indexed.names.is_own(term) if kind == "entity" else term in terms_of(indexed, kind))
    return _shown(indexed, term, linked=False) if term is not None and known else None


def _shown(indexed: IndexedGraph, term: NamedNode, *, linked: bool) -> str:
    name = f"<strong>{html.escape(named(indexed, term)['name'])}</strong>"
    if linked and term.value.startswith(("http://", "https://")):
        name = f'<a href="{html.escape(quote(term.value, safe=_SAFE), quote=True)}" target="_blank" rel="noopener">{name}</a>'
    kinds = ", ".join(html.escape(named(indexed, each)["name"]) for each in indexed.names.kinds_of(term))
    return "".join(f"<p>{part}</p>" for part in (name, kinds, html.escape(term.value)) if part)
