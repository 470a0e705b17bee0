"""The Reconciliation Service API 0.2 of the W3C community group: OpenRefine finds the things that cells name, and takes over what is said of them."""

from schakel.serve.reconciliation.candidates import MOST_QUERIES, reconciled
from schakel.serve.reconciliation.extension import extended, proposed
from schakel.serve.reconciliation.manifest import manifest
from schakel.serve.reconciliation.preview import PREVIEW_POLICY, flyout_of, page_of
from schakel.serve.reconciliation.suggestions import SUGGESTED, suggested
from schakel.serve.reconciliation.terms import term_of

__all__ = ["MOST_QUERIES", "PREVIEW_POLICY", "SUGGESTED", "extended", "flyout_of", "manifest", "page_of", "proposed", "reconciled", "suggested", "term_of"]
