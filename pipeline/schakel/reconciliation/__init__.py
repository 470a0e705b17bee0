"""The Reconciliation Service API 0.2 of the W3C community group, and queries of its 1.0 draft: OpenRefine finds the things that cells name."""

from schakel.reconciliation.candidates import MOST_QUERIES, reconciled
from schakel.reconciliation.draft import matched
from schakel.reconciliation.extension import extended, proposed
from schakel.reconciliation.indexed_graph import IndexedGraph
from schakel.reconciliation.manifest import manifest
from schakel.reconciliation.preview import PREVIEW_POLICY, flyout_of, page_of
from schakel.reconciliation.suggestions import SUGGESTED, suggested
from schakel.reconciliation.terms import term_of

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
