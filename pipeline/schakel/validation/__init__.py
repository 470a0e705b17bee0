"""What the shapes say of the data, by one of several engines; and what the checks say, which are queries."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.errors import UnknownNameError
from schakel.graph import NTriples
from schakel.ntriples import TYPE
from schakel.validation.checks import Check, read_checks, run_checks
from schakel.validation.report import report_graph
from schakel.validation.results import Judgement, Result
from schakel.validation.shapes import named_shapes
from schakel.validation.tell import tell

__all__ = [
    "ENGINES",
    "Check",
    "Engine",
    "Judgement",
    "Result",
    "changed_names",
    "engine_named",
    "named_shapes",
    "read_checks",
    "report_graph",
    "run_checks",
    "tell",
    "validate",
    "validate_changed",
]

# An engine takes data and shapes, and gives every result; which of them are findings, and of what, is for `tell` to say.
Engine: TypeAlias = Callable[[NTriples, Sequence[Triple]], Judgement]


# pySHACL and rdflib's SPARQL take half a second to import, which nobody should wait for who only asks, or whose graph has been judged before.
def _shacl_rust(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
    from schakel.validation import shacl_rust_engine  # noqa: PLC0415  # as above

    return shacl_rust_engine.judge(data, shapes)


def _pyshacl(data: NTriples, shapes: Sequence[Triple]) -> Judgement:
    from schakel.validation import pyshacl_engine  # noqa: PLC0415  # as above

    return pyshacl_engine.judge(data, shapes)


ENGINES: Final[Mapping[str, Engine]] = {
    "shacl-rust": _shacl_rust,
    "pyshacl": _pyshacl,
}


def engine_named(name: str) -> Engine:
    """Give the engine of a name. Raises UnknownNameError where there is none."""
    if name not in ENGINES:
        raise UnknownNameError("validator", name, list(ENGINES))
    return ENGINES[name]


def validate(data: NTriples, shapes: Iterable[Triple], *, engine: str = "shacl-rust") -> Judgement:
    """Judge the data (statements, conclusions and vocabulary as one graph) by the shapes; results come in a fixed order, each once.

    Raises UnknownNameError for an engine that does not exist, ShapesUnusableError for shapes that the engine cannot use.
    """
    return _in_order(engine_named(engine)(data, tuple(shapes)))


def validate_changed(data: NTriples, shapes: Iterable[Triple], before: Judgement, changed: Collection[bytes], *, engine: str = "shacl-rust") -> Judgement:
    """Judge as validate() does, where it is known how data were judged before some statements changed, and what changed_names() says of those."""
    stated = tuple(shapes)
    if engine == "shacl-rust":
        from schakel.validation.rejudging import judge_changed  # noqa: PLC0415  # as above

        judgement = judge_changed(data, stated, before, changed)
        if judgement is not None:
            return _in_order(judgement)
    return validate(data, stated, engine=engine)


def changed_names(before: bytes, after: bytes) -> set[bytes]:
    """Give the predicates of the statements that are in one piece and not in the other, and for `rdf:type` the classes too, as N-Triples writes them."""
    lines = set(before.splitlines()).symmetric_difference(after.splitlines())
    statements = [line.removesuffix(b" .").split(b" ", 2) for line in lines]
    return {predicate for _, predicate, _ in statements} | {object_ for _, predicate, object_ in statements if predicate == TYPE}


def _in_order(judgement: Judgement) -> Judgement:
    return replace(judgement, results=tuple(result for _, result in sorted({result.sort_key(): result for result in judgement.results}.items())))
