"""Explain statements: what states them, or the rules and premises that they follow by."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from schakel.errors import DerivationsNeededError
from schakel.explaining.asked import Question
from schakel.explaining.axioms import Labels, labels_in, words_of
from schakel.explaining.derivations import published_proofs
from schakel.explaining.evidence import evidence_of
from schakel.explaining.explanations import AppliedRule, Evidence, Explanation, Explanations
from schakel.explaining.grounds import Asking, Grounds
from schakel.explaining.proofs import Proof, Rule
from schakel.explaining.published import Stated
from schakel.findings import Place
from schakel.lookup import Context, labels_of

__all__ = ["why", "why_all"]


def why(grounds: Grounds, asking: Asking, subject: str, predicate: str | None, value: str | None) -> Explanations:
    """Explain the statements that are meant: all about a thing, all with a property, or those with a value.

    Raises NotInGraphError, AmbiguousNameError, NotStatedError, and DerivationsNeededError.
    """
    return _explained(grounds, asking, Question(grounds.published, asking).statements(subject, predicate, value))


def why_all(grounds: Grounds, asking: Asking) -> Explanations:
    """Explain every conclusion.

    Raises DerivationsNeededError.
    """
    return _explained(grounds, asking, dict.fromkeys(grounds.published.inferred(), (grounds.names.inferred,)))


def _explained(grounds: Grounds, asking: Asking, asked: Stated) -> Explanations:
    proofs = _proofs(grounds, [triple for triple, graphs in asked.items() if set(graphs) == {grounds.names.inferred}])
    steps = _steps(proofs.values())
    stated = {**grounds.published.graphs_of({step.statement for step in steps if step.rule is None} - asked.keys()), **asked}
    things = _things([*asked, *(step.statement for step in steps)])
    # Asked for names and sources is a small graph of the statements about these: to load everything takes long where the graph is large.
    nearby = replace(asking, backend=grounds.published.around({*things, *(graph for graphs in stated.values() for graph in graphs)}))
    told = _Telling(evidence_of(stated, grounds, nearby), grounds, asking.context)
    items = tuple(told.explanation(proofs[triple]) if triple in proofs else Explanation(triple, told.evidence[triple]) for triple in asked)
    return Explanations(items, labels_of(nearby.backend, things, asking.context, asking.language), asking.context, grounds.project is not None)


def _proofs(grounds: Grounds, follows: Collection[Triple]) -> Mapping[Triple, Proof]:
    if not follows:
        return {}
    if not grounds.derivations.is_file():
        raise DerivationsNeededError(grounds.dataset.parent.parent)
    return published_proofs(grounds.derivations, follows, lambda triples: _stated(grounds, triples))


def _stated(grounds: Grounds, triples: Collection[Triple]) -> Collection[Triple]:
    """Give those of some statements that a graph other than that of conclusions holds, or the ontology."""
    held = grounds.published.graphs_of(triples)
    axioms = () if grounds.vocabulary is None else grounds.vocabulary.triples
    return {triple for triple in triples if set(held.get(triple, ())) - {grounds.names.inferred} or triple in axioms}


def _steps(proofs: Iterable[Proof]) -> list[Proof]:
    """Give the proofs and those of all their premises; one that several share is given once."""
    steps: dict[int, Proof] = {}
    pending = list(proofs)
    while pending:
        proof = pending.pop()
        if id(proof) not in steps:
            steps[id(proof)] = proof
            pending += proof.premises
    return list(steps.values())


@dataclass(frozen=True)
class _Telling:
    """Makes explanations of proofs. What rests on the same proof shares its explanation."""

    evidence: Mapping[Triple, tuple[Evidence, ...]]
    grounds: Grounds
    context: Context
    _made: dict[int, Explanation] = field(default_factory=dict)
    _words: dict[str, AppliedRule] = field(default_factory=dict)

    @cached_property
    def _labels(self) -> Labels:
        return labels_in([] if self.grounds.vocabulary is None else self.grounds.vocabulary.triples)

    def explanation(self, proof: Proof) -> Explanation:
        made = self._made.get(id(proof))
        if made is None:
            rule = None if proof.rule is None else self._applied(proof.rule)
            evidence = () if proof.rule is not None else self._of_leaf(proof.statement)
            made = self._made[id(proof)] = Explanation(proof.statement, evidence, rule, tuple(map(self.explanation, proof.premises)))
        return made

    def _applied(self, rule: Rule) -> AppliedRule:
        if rule.name not in self._words:
            self._words[rule.name] = AppliedRule(rule, words_of(rule, self._labels, self.context))
        return self._words[rule.name]

    def _of_leaf(self, triple: Triple) -> tuple[Evidence, ...]:
        """Give the evidence; of what no graph has, as lists of the ontology are not published, its file."""
        known, vocabulary = self.evidence.get(triple, ()), self.grounds.vocabulary
        file = None if known or vocabulary is None else vocabulary.files.get(triple)
        return known if file is None else (Evidence(self.grounds.names.vocabulary, place=Place(file)),)


def _things(triples: Iterable[Triple]) -> set[NamedNode]:
    """Give everything that statements speak of and that may have a name."""
    terms = {term for triple in triples for term in (triple.subject, triple.predicate, triple.object)}
    return {term for term in terms if isinstance(term, NamedNode)}
