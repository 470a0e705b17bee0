"""Reasoning and checking, not done again where statements, axioms, checks and engine are those of an earlier run."""

import json
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import Triple

from schakel import inference, validation
from schakel.answers import answering
from schakel.build.written import read_result, read_triples, write_result, write_triples
from schakel.cache import Cache, NoCache, key_of
from schakel.graph import Dataset, NTriples
from schakel.queries import differs_each_time

__all__ = ["check_once", "infer_once"]


def infer_once(statements: NTriples, ontology: Iterable[Triple], engine: str, cache: Cache | NoCache) -> inference.Conclusions:
    """Reason as inference.infer() does."""

    def once(digest: str, make: Callable[[], inference.Conclusions]) -> inference.Conclusions:
        name = key_of(engine, digest)
        kept = cache.get("inference", name)
        if kept is not None:
            return _conclusions(kept)
        concluded = make()
        head = {"contradictions": [[each.problem, write_triples(each.statements)] for each in concluded.contradictions]}
        cache.put("inference", name, json.dumps(head, ensure_ascii=False).encode() + b"\n" + b"".join(concluded.triples))
        return concluded

    return inference.infer(statements, ontology, engine=engine, once=once)


def _conclusions(kept: bytes) -> inference.Conclusions:
    head, _, triples = kept.partition(b"\n")
    contradictions = (inference.Contradiction(problem, tuple(read_triples(lines))) for problem, lines in json.loads(head)["contradictions"])
    return inference.Conclusions([triples] if triples else [], tuple(contradictions))


def check_once(checks: Sequence[validation.Check], dataset: Dataset, base: str, languages: Sequence[str], cache: Cache | NoCache) -> list[validation.Result]:
    """Run checks as validation.run_checks() does."""
    if not checks:
        return []
    if any(map(differs_each_time, (check.text for check in checks))):
        return validation.run_checks(checks, answering(dataset.merged(), base), base, languages)
    name = key_of(dataset.digest(), repr([(check.name, check.text) for check in checks]), base, "\n".join(languages))
    kept = cache.get("checks", name)
    if kept is not None:
        return list(map(read_result, json.loads(kept)))
    results = validation.run_checks(checks, answering(dataset.merged(), base), base, languages)
    cache.put("checks", name, json.dumps(list(map(write_result, results)), ensure_ascii=False).encode())
    return results
