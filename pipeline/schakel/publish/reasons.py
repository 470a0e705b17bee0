"""Why each conclusion follows, as pages tell it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pyoxigraph import Triple

from schakel.explaining import labels_in, words_of
from schakel.explaining.derivations import published_proofs
from schakel.graph import Dataset
from schakel.lookup import Context
from schakel.ntriples import to_lines
from schakel.site import Reason
from schakel.stages.built import Built

__all__ = ["reasons_of"]


def reasons_of(built: Built, dataset: Dataset, derivations: Path) -> Mapping[bytes, Reason]:
    """Give the reason of each conclusion, by its line in N-Triples. `derivations` is the file that is published."""
    names, vocabulary = built.settings.names, built.content.vocabulary
    context = Context(built.settings.base, built.content.prefixes, tuple(built.settings.languages), built.settings.naming)
    labels = labels_in(vocabulary.triples)
    stated = {triple for graph in dataset.graphs() if graph != names.inferred for triple in dataset.triples(graph)} | set(vocabulary.triples)

    def among_stated(triples: Collection[Triple]) -> Collection[Triple]:
        return stated.intersection(triples)

    proofs = published_proofs(derivations, list(dataset.triples(names.inferred)), among_stated)
    words: dict[str, Mapping[str, str]] = {}
    reasons: dict[bytes, Reason] = {}
    for triple, proof in proofs.items():
        if proof.rule is not None:
            if proof.rule.name not in words:
                words[proof.rule.name] = words_of(proof.rule, labels, context)
            reasons[_line(triple)] = Reason(words[proof.rule.name], tuple(_line(premise.statement) for premise in proof.premises))
    return reasons


def _line(triple: Triple) -> bytes:
    return next(iter(to_lines([triple])))
