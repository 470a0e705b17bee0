"""Explanations as JSON: IRIs in full, texts with their language, rules with the words for them in every language."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import NamedNode, Triple

from schakel.answers import term_as_json
from schakel.explaining.axioms import axiom_of
from schakel.explaining.explanations import AppliedRule, Evidence, Explanation, Explanations

__all__ = ["as_json", "as_json_lines"]


def as_json(explanations: Explanations) -> str:
    """Give one object: `statements`, each explained, and `names` of the things that they speak of."""
    names = {thing.value: term_as_json(name) for thing, name in sorted(explanations.names.items(), key=lambda item: item[0].value)}
    return json.dumps({"statements": list(map(_explanation, explanations)), "names": names}, ensure_ascii=False, indent=1)


def as_json_lines(explanations: Iterable[Explanation]) -> Iterator[str]:
    """Give a line for each explanation: an object as `as_json` has them in `statements`."""
    return (json.dumps(_explanation(explanation), ensure_ascii=False) for explanation in explanations)


def _explanation(explanation: Explanation) -> Mapping[str, Any]:
    return {
        "statement": _statement(explanation.statement),
        "stated": explanation.is_stated,
        "evidence": list(map(_evidence, explanation.evidence)),
        "rule": None if explanation.rule is None else _rule(explanation.rule),
        "premises": list(map(_explanation, explanation.premises)),
    }


def _statement(triple: Triple) -> Mapping[str, Any]:
    return {"subject": _iri(triple.subject), "property": triple.predicate.value, "value": term_as_json(triple.object)}


def _rule(applied: AppliedRule) -> Mapping[str, Any]:
    axiom = axiom_of(applied.rule)
    said = None if axiom is None else {"subject": _iri(axiom.subject), "property": axiom.property.value, "values": list(map(term_as_json, axiom.values))}
    return {"name": applied.rule.name, "owl": applied.rule.owl, "axiom": said, "words": dict(applied.words)}


def _evidence(evidence: Evidence) -> Mapping[str, Any]:
    return {
        "graph": evidence.graph.value,
        "passage": None if evidence.passage is None else evidence.passage.value,
        "source": None if evidence.source is None else evidence.source.value,
        "title": term_as_json(evidence.title),
        "firstWords": evidence.first_words,
        "lastWords": evidence.last_words,
        "file": None if evidence.place is None else evidence.place.file,
        "row": None if evidence.place is None else evidence.place.row or None,
    }


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
