"""A thing, a class or a property shown in a few words, to be framed or hovered over."""

import html
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from schakel.serve.editions import Edition
from schakel.serve.reconciliation.suggestions import terms_of
from schakel.serve.reconciliation.terms import named, term_of

__all__ = ["PREVIEW_POLICY", "flyout_of", "page_of"]

PREVIEW_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SAFE: Final = ":/#?&=%@!$'()*+,;~-._"
_STYLE: Final = "body{font:14px/1.4 sans-serif;margin:8px;overflow-wrap:anywhere}p{margin:0 0 4px}"


def page_of(edition: Edition, asked: str) -> str | None:
    """Write the page of a thing; None where there is none of that id."""
    term = term_of(edition, asked)
    if term is None or term not in edition.names.best:
        return None
    name = html.escape(named(edition, term)["name"])
    body = _shown(edition, term, linked=True)
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>{body}</html>'


def flyout_of(edition: Edition, kind: str, asked: str) -> str | None:
    """Write what is shown beside a suggestion; None where there is none of that id."""
    term = term_of(edition, asked)
    known = edition.names.best if kind == "entity" else terms_of(edition, kind)
    return None if term is None or term not in known else _shown(edition, term, linked=False)


def _shown(edition: Edition, term: NamedNode, *, linked: bool) -> str:
    name = f"<strong>{html.escape(named(edition, term)['name'])}</strong>"
    if linked and term.value.startswith(("http://", "https://")):
        name = f'<a href="{html.escape(quote(term.value, safe=_SAFE), quote=True)}" target="_blank" rel="noopener">{name}</a>'
    kinds = ", ".join(html.escape(named(edition, each)["name"]) for each in edition.names.kinds_of(term))
    return "".join(f"<p>{part}</p>" for part in (name, kinds, html.escape(term.value)) if part)
