"""Proofs of what was published, read from `download/derivations.parquet`: a look-up for each level of a proof, and no second run of the reasoner."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.compile.nodes import Join, column, same, select, table
from schakel.compile.owl_rl import Fact
from schakel.compile.owl_rl import Rule as RuleOfIds
from schakel.engine import DuckDB
from schakel.engine.columns import VARCHAR, Row
from schakel.engine.spelling import iri_spelling, parts_of
from schakel.explaining.proofs import Proof, Rule
from schakel.graph import Term
from schakel.namespaces import OWL, RDF
from schakel.stages import proofs
from schakel.stages.derivations import SAME_VALUE, STATED, rule_from_json

__all__ = ["Stating", "published_proofs"]

# Gives those of some statements that are stated.
Stating = Callable[[Collection[Triple]], Collection[Triple]]

_PLACES: Final = ("s", "p", "o")
_ROWS: Final = (*_PLACES, "rule", "round", "witness")
# Properties of nameless classes and lists: an axiom that begins with one is part of another.
_LINKS: Final = frozenset(
    {OWL[name] for name in ("onProperty", "someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality", "onClass")}
    | {RDF.first, RDF.rest}
)


def published_proofs(file: Path, triples: Collection[Triple], stated: Stating) -> Mapping[Triple, Proof]:
    """Prove statements by the derivations in a file; those that it does not know are left out.

    `stated` is asked only where something is the same as something else: elsewhere, what has no derivation is stated.
    """
    with DuckDB() as executor:
        executor.open_parquet("derivations", file)
        known = _Published(executor, stated)
        goals = {known.fact(triple): triple for triple in triples}
        found = proofs.prove(known.derived(goals), known)
        told = _Flattening(known)
        return {goals[fact]: told.proof(proof) for fact, proof in found.items()}


class _Published:
    """Derivations as they are in the file, with ids of our own for spellings."""

    def __init__(self, executor: DuckDB, stated: Stating) -> None:
        self._executor = executor
        self._stated = stated
        self._ids: dict[str, int] = {}
        self._spellings: list[str] = [""]
        self.same_as = self.id_for(iri_spelling(OWL.sameAs.value))
        self.rules: dict[int, RuleOfIds] = {}
        self._unstated: dict[int, tuple[Fact, ...]] = {}
        same_as = [(s, o, rule, at) for s, _, o, rule, at, _ in self._matching([("", iri_spelling(OWL.sameAs.value), "")], ("p",), _ROWS) if rule >= SAME_VALUE]
        self._equalities = [proofs.Equality(at, self.id_for(s), self.id_for(o), rule == SAME_VALUE) for s, o, rule, at in same_as]
        for at, definition in self._matching([("", "", "")], _PLACES, ("rule", "definition")):
            if at <= STATED:
                continue
            self.rules[at], self._unstated[at] = rule_from_json(definition, self.id_for)

    def id_for(self, spelling: str) -> int:
        """Give the id of a spelling; that of an auxiliary term is its number."""
        if spelling.startswith("-"):
            return int(spelling)
        if spelling not in self._ids:
            self._ids[spelling] = len(self._spellings)
            self._spellings.append(spelling)
        return self._ids[spelling]

    def fact(self, triple: Triple) -> Fact:
        """Give a statement in ids."""
        return self.id_for(str(triple.subject)), self.id_for(str(triple.predicate)), self.id_for(str(triple.object))

    def term(self, number: int) -> Term | None:
        """Give a term; None for an auxiliary one."""
        return None if number < 0 else _term(self._spellings[number])

    def stated(self, facts: Collection[Fact]) -> Collection[Fact]:
        """Give those of the statements that are stated."""
        underived = set(facts) - self.records(facts).keys()
        if not self._equalities:
            return underived
        said = {(one, self.same_as, other) for at, one, other, same_value in self._equalities if at == 0 and not same_value}
        triples = {triple: fact for fact in underived for triple in [self.triple(fact)] if triple is not None}
        return (said & underived) | {triples[triple] for triple in self._stated(triples)}

    def triple(self, fact: Fact) -> Triple | None:
        """Give a statement as one of RDF; None where it is none, or has a blank node or an auxiliary term."""
        s, p, o = map(self.term, fact)
        return Triple(s, p, o) if isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(o, NamedNode | Literal) else None

    def records(self, facts: Iterable[Fact]) -> Mapping[Fact, proofs.Record]:
        """Give how statements were found."""
        wanted = [tuple(map(self._spelling, fact)) for fact in facts]
        found: dict[Fact, proofs.Record] = {}
        for s, p, o, rule, at, witness in self._matching(wanted, _PLACES, _ROWS):
            if rule > STATED:
                found[self.id_for(s), self.id_for(p), self.id_for(o)] = proofs.Record(rule, at, 0 if witness is None else self.id_for(witness))
        return found

    def derived(self, facts: Collection[Fact]) -> Collection[Fact]:
        """Give those of the statements that may follow: where things have several names, one may follow of another name."""
        return facts if self._equalities else self.records(facts)

    def axiom_premises(self, rule: int) -> Sequence[Fact]:
        """Give the axioms of a rule that follow themselves."""
        return self._unstated[rule]

    def equalities(self) -> Iterable[proofs.Equality]:
        """Give all equalities."""
        return self._equalities

    def _spelling(self, number: int) -> str:
        return str(number) if number < 0 else self._spellings[number]

    def _matching(self, wanted: Sequence[tuple[str, ...]], by: Sequence[str], columns: Sequence[str]) -> Iterator[Row]:
        if wanted:
            self._executor.load("wanted", dict.fromkeys(_PLACES, VARCHAR), wanted)
            chosen = {name: column(name, "d") for name in columns}
            yield from self._executor.fetch(select(chosen, table("derivations", "d"), Join(table("wanted"), same(by, "d", "wanted"))))


class _Flattening:
    """Makes proofs of statements of RDF: a step to anything else, as what a nameless class or a text is, becomes part of the step that needs it."""

    def __init__(self, known: _Published) -> None:
        self._known = known
        self._made: dict[int, Proof | None] = {}

    def proof(self, proof: proofs.Proof) -> Proof:
        """Give the proof of a statement of RDF."""
        pending = [proof]
        while pending:
            at = pending[-1]
            waiting = [premise for premise in at.premises if id(premise) not in self._made]
            if waiting:
                pending += waiting
                continue
            pending.pop()
            triple = self._known.triple(at.fact)
            self._made[id(at)] = None if triple is None else Proof(triple, self._rule(at), tuple(self._premises(at)))
        made = self._made[id(proof)]
        if made is None:
            raise ValueError(f"no statement of RDF: {proof.fact}")
        return made

    def _premises(self, proof: proofs.Proof) -> Iterator[Proof]:
        for premise in proof.premises:
            made = self._made[id(premise)]
            if made is not None:
                yield made
            else:
                yield from self._premises(premise)

    def _steps(self, proof: proofs.Proof) -> Iterator[RuleOfIds]:
        """Give the rules that one step takes, those of its parts first."""
        for premise in proof.premises:
            if self._made[id(premise)] is None:
                yield from self._steps(premise)
        if proof.rule is not None:
            yield proof.rule

    def _rule(self, proof: proofs.Proof) -> Rule | None:
        if proof.rule is None:
            return None
        steps = list(self._steps(proof))
        axioms = [[triple for fact in step.axiom if (triple := self._axiom(fact)) is not None] for step in reversed(steps)]
        axioms = sorted(filter(None, axioms), key=lambda axiom: axiom[0].predicate in _LINKS)
        axiom = tuple(dict.fromkeys(chain(*axioms)))
        owl = " ".join(dict.fromkeys(step.owl for step in steps if not step.owl.startswith("dt-eq")))
        return Rule(_name(owl, axiom), owl, axiom)

    def _axiom(self, fact: Fact) -> Triple | None:
        s, p, o = map(self._known.term, fact)
        return Triple(s, p, o) if isinstance(s, NamedNode | BlankNode) and isinstance(p, NamedNode) and o is not None else None


def _name(owl: str, axiom: Sequence[Triple]) -> str:
    """Name a rule by what it applies: `prp-inv1_keptBy_keeps`."""
    terms = (axiom[0].subject, axiom[0].object) if axiom else ()
    return "_".join((owl.replace(" ", "_"), *(term.value.replace("/", "#").rpartition("#")[2] for term in terms if isinstance(term, NamedNode))))


def _term(spelling: str) -> Term:
    parts = parts_of(spelling)
    if parts.datatype is not None:
        return Literal(parts.text, language=parts.language) if parts.language else Literal(parts.text, datatype=NamedNode(parts.datatype))
    return NamedNode(parts.text) if spelling.startswith("<") else BlankNode(parts.text)
