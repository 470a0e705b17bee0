"""A thing, a class or a property shown in a few words, to be framed or hovered over."""

import html
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from schakel.reconciliation.indexed_graph import IndexedGraph
from schakel.reconciliation.suggestions import terms_of
from schakel.reconciliation.terms import named, term_of

__all__ = ["PREVIEW_POLICY", "flyout_of", "page_of"]

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
