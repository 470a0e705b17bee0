"""Runs checks: queries whose rows are findings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from schakel.engine import Dictionary, Executor
from schakel.engine.spelling import iri_spelling, parts_of
from schakel.namespaces import SH
from schakel.project.checks import FOCUS, VALUE, Check, fill
from schakel.queries import in_languages
from schakel.sparql import Select, parse
from schakel.stages.query_programs import answer
from schakel.stages.validation import Result

__all__ = ["is_of_check", "run_checks"]

_CHECKS: Final = "checks#"


def is_of_check(result: Result, base: str) -> bool:
    """Tell whether a result is that of a check rather than of a shape."""
    return result.shape.startswith(f"<{base}{_CHECKS}")


def run_checks(executor: Executor, dictionary: Dictionary, checks: Sequence[Check], base: str, languages: Sequence[str]) -> list[Result]:
    """Run checks; results come in a fixed order, names in the first of the languages that they have."""
    results = [result for check in checks for result in _results(executor, dictionary, check, base, languages)]
    return sorted(results, key=Result.sort_key)


def _results(executor: Executor, dictionary: Dictionary, check: Check, base: str, languages: Sequence[str]) -> Iterator[Result]:
    shape = iri_spelling(f"{base}{_CHECKS}{check.name}")
    query = parse(in_languages(check.text, languages))
    if not isinstance(query, Select):
        return
    # Results are sorted anyway.
    for row in answer(executor, dictionary, replace(query, order=())):
        terms = dict(zip(check.columns, row, strict=True))
        focus = terms[FOCUS]
        if focus is not None:
            texts = {column: "" if term is None else parts_of(term).text for column, term in terms.items()}
            messages = tuple((language, fill(text, texts)) for language, text in check.messages.items())
            yield Result(focus, None, terms.get(VALUE), SH.SPARQLConstraintComponent.value, shape, SH[check.severity.capitalize()].value, messages)
