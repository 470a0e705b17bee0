"""Why a statement is in the graph: the passage, row or file that states it, or the axioms and premises from which it follows."""

from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.explaining.axioms import labels_in, words_of
    from schakel.explaining.documents import as_json, as_json_lines
    from schakel.explaining.drawings import as_dot
    from schakel.explaining.explain import why, why_all
    from schakel.explaining.explanations import AppliedRule, Evidence, Explanation, Explanations
    from schakel.explaining.grounds import Asking, Grounds
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "axioms": "labels_in words_of",
            "documents": "as_json as_json_lines",
            "drawings": "as_dot",
            "explain": "why why_all",
            "explanations": "AppliedRule Evidence Explanation Explanations",
            "grounds": "Asking Grounds",
        },
    )

__all__ = [
    "AppliedRule",
    "Asking",
    "Evidence",
    "Explanation",
    "Explanations",
    "Grounds",
    "as_dot",
    "as_json",
    "as_json_lines",
    "labels_in",
    "why",
    "why_all",
    "words_of",
]
