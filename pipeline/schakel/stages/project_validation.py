"""What the shapes and the checks of a project find in its graph."""

from schakel.compile.shacl import read_shapes
from schakel.engine import Executor
from schakel.errors import ShapeError
from schakel.findings import Place, finding
from schakel.stages.built import Built
from schakel.stages.checks import run_checks
from schakel.stages.conclusion_filter import CONCLUSIONS
from schakel.stages.dataset import DATASET, make_dataset
from schakel.stages.idle_shapes import idle_findings
from schakel.stages.result_findings import findings_of
from schakel.stages.validation import judge

__all__ = ["validate_project"]


def validate_project(executor: Executor, built: Built) -> None:
    """Judge all statements, conclusions and vocabulary included, as one graph; add what is found to the findings."""
    settings, content, dictionary = built.settings, built.content, built.dictionary
    if dictionary is None:
        return
    inferred = str(settings.names.inferred)
    make_dataset(executor, CONCLUSIONS if built.conclusions else None, dictionary.ids([inferred])[inferred])
    built.quads = executor.count(DATASET)
    triples = [(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in content.shapes]
    try:
        shapes = read_shapes(triples)
        lines = [f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples]
        results = judge(executor, dictionary, shapes, content.prefixes, lines)
    except ShapeError as error:
        built.findings.append(finding("shapes-unusable", Place(settings.shapes.relative_to(settings.root).as_posix()), problem=str(error)))
        return
    results += run_checks(executor, dictionary, content.checks, settings.base, settings.languages)
    built.results = results
    built.findings += [*idle_findings(executor, dictionary, shapes, content.prefixes), *findings_of(executor, results, built.sources)]
