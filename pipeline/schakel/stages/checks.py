"""Runs checks: queries whose rows are findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from schakel.compile.errors import NotCompilableError
from schakel.engine import Dictionary, Executor
from schakel.engine.spelling import iri_spelling, parts_of
from schakel.namespaces import SH
from schakel.project.checks import FOCUS, VALUE, Check, fill
from schakel.queries import in_languages
from schakel.sparql import Query, QuerySyntaxError, Select, parse
from schakel.stages.built import Built
from schakel.stages.dataset import DATASET
from schakel.stages.general_engine import GeneralEngine
from schakel.stages.query_programs import answer, sliced
from schakel.stages.validation import Result

__all__ = ["is_of_check", "run_checks"]

_CHECKS: Final = "checks#"


def is_of_check(result: Result, base: str) -> bool:
    """Tell whether a result is that of a check rather than of a shape."""
    return result.shape.startswith(f"<{base}{_CHECKS}")


def run_checks(executor: Executor, built: Built, dictionary: Dictionary) -> list[Result]:
    """Run the checks of a project; results come in a fixed order, names in the first of the project's languages that they have."""
    texts = {check.name: in_languages(check.text, built.settings.languages) for check in built.content.checks}
    queries = {name: _parsed(text) for name, text in texts.items()}
    with sliced(executor, dictionary, [query for query in queries.values() if isinstance(query, Select)]) as slices:
        runner = _Runner(executor, built, dictionary, slices)
        found = (result for check in built.content.checks for result in runner.results(check, texts[check.name], queries[check.name]))
        return sorted(found, key=Result.sort_key)


def _parsed(text: str) -> Query | QuerySyntaxError:
    try:
        return parse(text)
    except QuerySyntaxError as error:
        return error


@dataclass(frozen=True)
class _Runner:
    executor: Executor
    built: Built
    dictionary: Dictionary
    slices: Mapping[str, str]

    def results(self, check: Check, text: str, query: Query | QuerySyntaxError) -> Iterator[Result]:
        """Give a result for each row of a check."""
        shape = iri_spelling(f"{self.built.settings.base}{_CHECKS}{check.name}")
        for row in self._rows(check, text, query):
            terms = dict(zip(check.columns, row, strict=True))
            focus = terms[FOCUS]
            if focus is not None:
                texts = {column: "" if term is None else parts_of(term).text for column, term in terms.items()}
                messages = tuple((language, fill(message, texts)) for language, message in check.messages.items())
                severity = SH[check.severity.capitalize()].value
                yield Result(focus, None, terms.get(VALUE), SH.SPARQLConstraintComponent.value, shape, severity, messages)

    def _rows(self, check: Check, text: str, query: Query | QuerySyntaxError) -> Sequence[Sequence[str | None]]:
        """Ask a check by a plan, or Oxigraph where there is none."""
        try:
            if isinstance(query, QuerySyntaxError):
                raise query
            if isinstance(query, Select):
                # Results are sorted anyway.
                return list(answer(self.executor, self.dictionary, replace(query, order=()), slices=self.slices))
        except (NotCompilableError, QuerySyntaxError) as error:
            self.built.notes.append(f"queries/checks/{check.name}.rq is asked of Oxigraph: {error}")
        return [[solution.get(name) for name in check.columns] for solution in self._general_engine.select(text)]

    @cached_property
    def _general_engine(self) -> GeneralEngine:
        return GeneralEngine(self.executor, DATASET)
