"""Runs checks: queries whose rows are findings.

Making a plan takes longer than asking a small graph. So Oxigraph answers where statements are few and its store keeps each literal as stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from schakel.compile.errors import NotCompilableError
from schakel.engine import Dictionary, Executor
from schakel.engine.relations import STATEMENTS
from schakel.engine.spelling import iri_spelling, parts_of
from schakel.namespaces import SH
from schakel.project.checks import FOCUS, VALUE, Check, fill
from schakel.queries import in_languages
from schakel.sparql import Query, QuerySyntaxError, Select, parse
from schakel.stages.dataset import DATASET
from schakel.stages.general_engine import GeneralEngine
from schakel.stages.query_programs import answer, sliced
from schakel.stages.validation import Result

__all__ = ["is_of_check", "run_checks"]

_CHECKS: Final = "checks#"
_FEW_STATEMENTS: Final = 20_000


def is_of_check(result: Result, base: str) -> bool:
    """Tell whether a result is that of a check rather than of a shape."""
    return result.shape.startswith(f"<{base}{_CHECKS}")


def run_checks(  # noqa: PLR0913, PLR0917  # a check depends on all these
    executor: Executor,
    dictionary: Dictionary,
    checks: Sequence[Check],
    base: str,
    languages: Sequence[str] = (),
    notes: list[str] | None = None,
    *,
    few: int = _FEW_STATEMENTS,
) -> list[Result]:
    """Run checks; results come in a fixed order, names in the first of the languages that they have. `notes` gets what no plan could be made of.

    A graph of more than `few` statements is asked by plans.
    """
    runner = _Runner(executor, dictionary, base, languages, [] if notes is None else notes)
    left = list(checks)
    results: list[Result] = []
    if checks and executor.count(STATEMENTS) <= few and runner.general_engine.is_exact:
        results = [result for check in checks for result in runner.results(check, runner.asked(check))]
        left = []
    queries = {check.name: _parsed(in_languages(check.text, languages), base) for check in left}
    with sliced(executor, dictionary, [query for query in queries.values() if isinstance(query, Select)]) as slices:
        results += [result for check in left for result in runner.results(check, runner.planned(check, queries[check.name], slices))]
    return sorted(results, key=Result.sort_key)


def _parsed(text: str, base: str) -> Query | QuerySyntaxError:
    try:
        return parse(text, base)
    except QuerySyntaxError as error:
        return error


@dataclass(frozen=True)
class _Runner:
    executor: Executor
    dictionary: Dictionary
    base: str
    languages: Sequence[str]
    notes: list[str]

    def results(self, check: Check, rows: Sequence[Sequence[str | None]]) -> Iterator[Result]:
        """Give a result for each row of a check."""
        shape = iri_spelling(f"{self.base}{_CHECKS}{check.name}")
        for row in rows:
            terms = dict(zip(check.columns, row, strict=True))
            focus = terms[FOCUS]
            if focus is not None:
                texts = {column: "" if term is None else parts_of(term).text for column, term in terms.items()}
                messages = tuple((language, fill(text, texts)) for language, text in check.messages.items())
                severity = SH[check.severity.capitalize()].value
                yield Result(focus, None, terms.get(VALUE), SH.SPARQLConstraintComponent.value, shape, severity, messages)

    def planned(self, check: Check, query: Query | QuerySyntaxError, slices: Mapping[str, str]) -> Sequence[Sequence[str | None]]:
        """Ask a check by a plan, or Oxigraph where there is none."""
        try:
            if isinstance(query, QuerySyntaxError):
                raise query
            if isinstance(query, Select):
                # Results are sorted anyway.
                return list(answer(self.executor, self.dictionary, replace(query, order=()), slices=slices))
        except (NotCompilableError, QuerySyntaxError) as error:
            self.notes.append(f"queries/checks/{check.name}.rq is asked of Oxigraph: {error}")
        return self.asked(check)

    def asked(self, check: Check) -> Sequence[Sequence[str | None]]:
        """Ask Oxigraph a check."""
        solutions = self.general_engine.select(in_languages(check.text, self.languages), base=self.base)
        return [[solution.get(name) for name in check.columns] for solution in solutions]

    @cached_property
    def general_engine(self) -> GeneralEngine:
        """The graph in a store of Oxigraph."""
        return GeneralEngine(self.executor, DATASET if self.executor.exists(DATASET) else None)
