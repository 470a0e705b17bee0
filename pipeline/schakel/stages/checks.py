"""Runs checks: queries whose rows are findings."""

from collections.abc import Iterator, Sequence

from schakel.compile.errors import NotCompilableError
from schakel.engine import Dictionary, Executor
from schakel.engine.spelling import iri_spelling, parts_of
from schakel.namespaces import SH
from schakel.project.checks import FOCUS, VALUE, Check
from schakel.queries import in_languages
from schakel.sparql import Select, parse
from schakel.stages.query_programs import answer
from schakel.stages.validation import Result

__all__ = ["run_checks"]


def run_checks(executor: Executor, dictionary: Dictionary, checks: Sequence[Check], base: str, languages: Sequence[str]) -> list[Result]:
    """Run checks; results come in a fixed order, names in the first of the languages that they have."""
    results = [result for check in checks for result in _results(executor, dictionary, check, base, languages)]
    return sorted(results, key=Result.sort_key)
