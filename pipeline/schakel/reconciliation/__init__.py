"""The Reconciliation Service API 0.2 of the W3C community group, and queries of its 1.0 draft: OpenRefine finds the things that cells name."""

from schakel.reconciliation.candidates import MOST_QUERIES, reconciled
from schakel.reconciliation.draft import matched
from schakel.reconciliation.extension import extended, proposed
from schakel.reconciliation.manifest import manifest
from schakel.reconciliation.suggestions import PREVIEW_POLICY, SUGGESTED, flyout_of, page_of, suggested
from schakel.reconciliation.terms import IndexedGraph, term_of

__all__ = [
    "MOST_QUERIES",
    "PREVIEW_POLICY",
    "SUGGESTED",
    "IndexedGraph",
    "extended",
    "flyout_of",
    "manifest",
    "matched",
    "page_of",
    "proposed",
    "reconciled",
    "suggested",
    "term_of",
]
