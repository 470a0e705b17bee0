"""What the shapes say of the data, by one of several engines; and what the checks say, which are queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.errors import UnknownNameError
from schakel.graph import NTriples
from schakel.validation.checks import Check, read_checks, run_checks
from schakel.validation.report import report_graph
from schakel.validation.results import Judgement, Result
from schakel.validation.shapes import named_shapes
from schakel.validation.tell import tell

__all__ = ["ENGINES", "Check", "Engine", "Judgement", "Result", "engine_named", "named_shapes", "read_checks", "report_graph", "run_checks", "tell", "validate"]

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
    judgement = engine_named(engine)(data, tuple(shapes))
    return replace(judgement, results=tuple(result for _, result in sorted({result.sort_key(): result for result in judgement.results}.items())))
