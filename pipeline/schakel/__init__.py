"""Schakel: tables of facts, each with the passage it was read in, become a validated and reasoned knowledge graph, published as linked data.

>>> from pathlib import Path
>>> from schakel import read_settings, check
>>> outcome = check(read_settings(Path("path/to/project")))  # doctest: +SKIP
>>> outcome.blocked  # doctest: +SKIP
False
"""

from importlib.metadata import version

from schakel.build import Outcome, build, check, record_evidence
from schakel.errors import SchakelError
from schakel.findings import Finding, Place, Severity
from schakel.settings import Settings, read_settings

__all__ = ["Finding", "Outcome", "Place", "SchakelError", "Settings", "Severity", "__version__", "build", "check", "read_settings", "record_evidence"]

__version__ = version("schakel")
