"""What the shapes and the checks of a project find in its graph."""

from collections.abc import Callable
from typing import TypeAlias

from schakel.compile.shacl import Shapes
from schakel.engine import Dictionary, Executor
from schakel.errors import ShapeError
from schakel.findings import Place, finding
from schakel.stages.built import Built
from schakel.stages.checks import run_checks
from schakel.stages.conclusion_filter import CONCLUSIONS
from schakel.stages.dataset import DATASET, make_dataset
from schakel.stages.idle_shapes import idle_findings
from schakel.stages.result_findings import findings_of
from schakel.stages.validation import Result, judge

__all__ = ["Judge", "judge_by_plans", "validate_project"]

# Judges the statements of a project by its shapes. Raises ShapeError for shapes that it cannot use.
Judge: TypeAlias = Callable[[Executor, Built, Dictionary], list[Result]]


def judge_by_plans(executor: Executor, built: Built, dictionary: Dictionary) -> list[Result]:
    """Judge by our own engine."""
    if not isinstance(built.shapes, Shapes):
        raise built.shapes
    lines = [" ".join((*built.content.spelled(triple), ".\n")) for triple in built.content.shapes]
    return judge(executor, dictionary, built.shapes, built.content.prefixes, lines, built.notes)


def validate_project(executor: Executor, built: Built, judging: Judge = judge_by_plans) -> None:
    """Judge all statements, conclusions and vocabulary included, as one graph; add what is found to the findings."""
    settings, content, dictionary = built.settings, built.content, built.dictionary
    if dictionary is None:
        return
    inferred = str(settings.names.inferred)
    make_dataset(executor, CONCLUSIONS if built.conclusions else None, dictionary.ids([inferred])[inferred])
    built.quads = executor.count(DATASET)
    try:
        results = judging(executor, built, dictionary)
    except ShapeError as error:
        built.findings.append(finding("shapes-unusable", Place(settings.shapes.relative_to(settings.root).as_posix()), problem=str(error)))
        return
    results += run_checks(executor, dictionary, content.checks, settings.base, settings.languages, built.notes)
    built.results = results
    built.findings += findings_of(executor, results, built.sources)
    if isinstance(built.shapes, Shapes):
        built.findings += idle_findings(executor, dictionary, built.shapes, content.prefixes)
