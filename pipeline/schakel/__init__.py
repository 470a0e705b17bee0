"""Schakel: tables of facts, each with the passage it was read in, become a validated and reasoned knowledge graph, published as linked data.

>>> from pathlib import Path
>>> from schakel import read_settings, check
>>> outcome = check(read_settings(Path("path/to/project")))  # doctest: +SKIP
>>> outcome.blocked  # doctest: +SKIP
False

>>> from schakel import open_graph
>>> open_graph("public").query("members", body="Harbour Trust").to_pandas()  # doctest: +SKIP
"""

from importlib.metadata import version
from typing import TYPE_CHECKING

from schakel.lazy_imports import lazy_names

if TYPE_CHECKING:
    from schakel.answers import IRI, Answer, Text
    from schakel.errors import SchakelError
    from schakel.findings import Finding, Place, Severity
    from schakel.knowledge_graph import KnowledgeGraph
    from schakel.opening import open_graph
    from schakel.pipeline import Outcome, build, check, record_evidence
    from schakel.reasoner import infer
    from schakel.settings import Settings, read_settings
    from schakel.validator import validate
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "answers": "IRI Answer Text",
            "errors": "SchakelError",
            "findings": "Finding Place Severity",
            "knowledge_graph": "KnowledgeGraph",
            "opening": "open_graph",
            "pipeline": "Outcome build check record_evidence",
            "reasoner": "infer",
            "settings": "Settings read_settings",
            "validator": "validate",
        },
    )

__all__ = [
    "IRI",
    "Answer",
    "Finding",
    "KnowledgeGraph",
    "Outcome",
    "Place",
    "SchakelError",
    "Settings",
    "Severity",
    "Text",
    "__version__",
    "build",
    "check",
    "infer",
    "open_graph",
    "read_settings",
    "record_evidence",
    "validate",
]

__version__ = version("schakel")
