"""Reasoning, judging and checking, not done again where statements, axioms, shapes, checks and engine are those of an earlier run."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from schakel import inference, validation
from schakel.answers import answering
from schakel.cache import Cache, NoCache, key_of
from schakel.errors import ShapesUnusableError
from schakel.export import Merged
from schakel.findings import Severity
from schakel.graph import Dataset, NTriples, Term, from_ntriples, to_ntriples
from schakel.namespaces import SH
from schakel.ntriples import sorted_piece
from schakel.queries import differs_each_time
from schakel.work import Workers

__all__ = ["begin_validating", "check_once", "infer_once"]


def infer_once(statements: NTriples, ontology: Iterable[Triple], engine: str, cache: Cache | NoCache) -> inference.Conclusions:
    """Reason as inference.infer() does; conclusions come as one sorted piece."""
    axioms = sorted(map(str, ontology))
    name = key_of(engine, "\n".join(axioms), statements)
    kept = cache.get("inference", name)
    if kept is not None:
        head, _, triples = kept.partition(b"\n")
        written = json.loads(head)
        contradictions = (inference.Contradiction(problem, tuple(_triples(lines))) for problem, lines in written["contradictions"])
        return inference.Conclusions([triples] if triples else [], tuple(contradictions), written["fallback"])
    concluded = inference.infer(statements, ontology, engine=engine)
    concluded = replace(concluded, triples=[sorted_piece(b"".join(concluded.triples))])
    head_of = {"contradictions": [[each.problem, _lines(each.statements)] for each in concluded.contradictions], "fallback": concluded.fallback}
    cache.put("inference", name, json.dumps(head_of, ensure_ascii=False).encode() + b"\n" + b"".join(concluded.triples))
    return concluded


def begin_validating(data: Merged, shapes: Sequence[Triple], engine: str, workers: Workers) -> Callable[[], validation.Judgement]:
    """Begin to judge as validation.validate() does, in another process where there are several; give what waits for the judgement.

    Waiting raises ShapesUnusableError for shapes that the engine cannot use.
    """
    task = _Judging(data.statements, tuple(shapes), engine)
    if any(map(differs_each_time, (each.object.value for each in shapes if each.predicate == SH.select and isinstance(each.object, Literal)))):
        made = workers.start(_judged, task)
    else:
        name = key_of(engine, "\n".join(sorted(map(str, shapes))), data.digest())
        made = workers.start_once("validation", _judged, task, name)
    return lambda: _judgement(made())


@dataclass(frozen=True)
class _Judging:
    """What is judged, and by what."""

    statements: NTriples
    shapes: Sequence[Triple]
    engine: str


def _judged(task: _Judging) -> bytes:
    try:
        judgement = validation.validate(task.statements, task.shapes, engine=task.engine)
    except ShapesUnusableError as error:
        return json.dumps({"unusable": error.problem}, ensure_ascii=False).encode()
    head = {"results": list(map(_written, judgement.results)), "by_reference": dict(judgement.by_reference)}
    return json.dumps(head, ensure_ascii=False).encode()


def _judgement(content: bytes) -> validation.Judgement:
    written = json.loads(content)
    if "unusable" in written:
        raise ShapesUnusableError(written["unusable"])
    return validation.Judgement(tuple(map(_result, written["results"])), written["by_reference"])


def check_once(checks: Sequence[validation.Check], dataset: Dataset, base: str, languages: Sequence[str], cache: Cache | NoCache) -> list[validation.Result]:
    """Run checks as validation.run_checks() does."""
    if not checks:
        return []
    if any(map(differs_each_time, (check.text for check in checks))):
        return validation.run_checks(checks, answering(dataset.merged(), base), base, languages)
    name = key_of(dataset.digest(), repr([(check.name, check.text) for check in checks]), base, "\n".join(languages))
    kept = cache.get("checks", name)
    if kept is not None:
        return list(map(_result, json.loads(kept)))
    results = validation.run_checks(checks, answering(dataset.merged(), base), base, languages)
    cache.put("checks", name, json.dumps(list(map(_written, results)), ensure_ascii=False).encode())
    return results


def _lines(triples: Iterable[Triple]) -> str:
    return b"".join(to_ntriples(triples)).decode()


def _triples(lines: str) -> Iterable[Triple]:
    return from_ntriples([lines.encode()])


def _written(result: validation.Result) -> dict[str, Any]:
    terms = {"focus": result.focus, "path": result.path, "value": result.value, "component": result.component, "shape": result.shape}
    return {
        **{name: None if term is None else _lines([Triple(_SUBJECT, _SUBJECT, term)]) for name, term in terms.items()},
        "severity": result.severity,
        "messages": dict(result.messages),
    }


def _result(written: dict[str, Any]) -> validation.Result:
    path, component, shape = (_term(written[name]) for name in ("path", "component", "shape"))
    focus = _term(written["focus"])
    if focus is None or not isinstance(component, NamedNode) or not isinstance(shape, NamedNode):
        raise ValueError("a result names no focus node, component or shape")
    known_path = path if isinstance(path, NamedNode) else None
    return validation.Result(focus, known_path, _term(written["value"]), component, shape, Severity(written["severity"]), written["messages"])


def _term(line: str | None) -> Term | None:
    return None if line is None else next(iter(_triples(line))).object


_SUBJECT = NamedNode("x:s")
