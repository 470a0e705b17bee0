"""Second opinions: what owlrl concludes and what pySHACL finds in a project, held against our own conclusions and results; each difference is a case."""

from collections.abc import Iterator

import pyoxigraph as ox
from sqlglot import exp
from sqlglot.expressions import column

from schakel.compile.owl_rl.selections import STATEMENT
from schakel.compile.shacl.graph import Triple
from schakel.engine import Dictionary, Executor
from schakel.engine.relations import QUADS, STATEMENTS, STATEMENTS_COLUMNS, TERMS
from schakel.findings import Finding, finding
from schakel.second_opinion.reasoning import conclude
from schakel.second_opinion.shapes import compare_results, pyshacl_results
from schakel.stages.built import Built
from schakel.stages.checks import is_of_check
from schakel.stages.conclusion_filter import CONCLUSIONS
from schakel.stages.validation import Result

__all__ = ["infer_by_owlrl", "judge_by_pyshacl", "second_opinions"]


def infer_by_owlrl(executor: Executor, built: Built) -> None:
    """Let owlrl reason in the place of our own engine: make the table of conclusions, and add contradictions to the findings.

    Nothing is kept of how conclusions follow.
    """
    dictionary = built.dictionary
    if dictionary is None:
        return
    concluded = conclude(_content(executor, built), [_triple(each) for each in built.content.vocabulary.triples])
    # owlrl makes no terms, so that the dictionary has them all.
    ids = dictionary.ids(term for triple in concluded.triples for term in triple)
    executor.load(CONCLUSIONS, STATEMENTS_COLUMNS, ((ids[s], ids[p], ids[o]) for s, p, o in concluded.triples))
    built.conclusions = executor.count(CONCLUSIONS)
    built.findings += (finding("inconsistent", problem=str(each)) for each in concluded.contradictions)


def judge_by_pyshacl(executor: Executor, built: Built, _: Dictionary) -> list[Result]:
    """Let pySHACL judge in the place of our own engine. Raises ShapeError for shapes that it cannot use."""
    return pyshacl_results(_spelled(executor, STATEMENTS), [_triple(each) for each in built.content.shapes])


def second_opinions(executor: Executor, built: Built) -> list[Finding]:
    """Give a finding for each conclusion and each result that only one of two engines has. Takes minutes for ten thousand statements."""
    if built.reasoned is None:
        return []
    return [*_of_conclusions(executor, built), *_of_results(executor, built)]


def _of_conclusions(executor: Executor, built: Built) -> Iterator[Finding]:
    theirs = set(conclude(_content(executor, built), [_triple(each) for each in built.content.vocabulary.triples]).triples)
    ours = set(_spelled(executor, CONCLUSIONS)) if built.conclusions else set()
    for triple in sorted(ours ^ theirs):
        yield finding("second-opinion", case=" ".join(triple), ours=_times(triple in ours), theirs=_times(triple in theirs), engine="owlrl")


def _of_results(executor: Executor, built: Built) -> Iterator[Finding]:
    shapes = [_triple(each) for each in built.content.shapes]
    ours = [result for result in built.results if not is_of_check(result, built.settings.base)]
    for each in compare_results(ours, pyshacl_results(_spelled(executor, STATEMENTS), shapes)):
        yield finding(
            "second-opinion",
            case=f"{each.focus} {each.path or ''} {each.value or ''} {each.component} {each.shape}",
            ours=each.ours,
            theirs=each.theirs,
            engine="pySHACL",
        )


def _content(executor: Executor, built: Built) -> list[Triple]:
    """Give what sources and files state, which is what is reasoned about."""
    names = built.settings.names
    return _spelled(executor, QUADS, leaving_out=(str(names.vocabulary), str(names.provenance)))


def _times(there: bool) -> int:  # noqa: FBT001  # a fact, no switch
    return 1 if there else 0


def _triple(triple: ox.Triple) -> Triple:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _spelled(executor: Executor, table: str, leaving_out: tuple[str, ...] = ()) -> list[Triple]:
    """Read the distinct statements of a table, without those of some graphs."""
    plan = exp.select(*(column("spelling", f"{name}_term") for name in STATEMENT)).distinct().from_(table)
    for name in (*STATEMENT, *(("g",) if leaving_out else ())):
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=exp.EQ(this=column(name, table), expression=column("id", f"{name}_term")))
    for graph in leaving_out:
        plan = plan.where(exp.NEQ(this=column("spelling", "g_term"), expression=exp.Literal.string(graph)))
    return [(s, p, o) for s, p, o in executor.fetch(plan)]
