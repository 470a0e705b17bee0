"""Why a statement holds: the steps that lead to it from what is stated."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import NamedNode, Triple

from schakel.graph import NTriples, Term, from_ntriples
from schakel.inference.derivations import Derivation, Fact, Facts, shortest
from schakel.inference.profile import Profile, profile
from schakel.inference.reasoning import reason, state
from schakel.inference.rule import Rule
from schakel.namespaces import RDF

__all__ = ["Proof", "derivations", "explain", "explain_all", "leaves", "triple_of"]

# To look for so many lines one after another takes longer than to take the statements apart.
_MANY: Final = 20


@dataclass(frozen=True)
class Proof:
    """A statement with the rule that it follows by, and the proofs of what that rule needs; no rule where the statement is stated."""

    statement: Triple
    rule: Rule | None
    premises: tuple["Proof", ...]

    def leaves(self) -> Iterator[Triple]:
        """Give the stated statements that everything rests on, from left to right; one that is needed twice comes twice."""
        pending = [self]
        while pending:
            proof = pending.pop()
            if proof.rule is None:
                yield proof.statement
            pending += reversed(proof.premises)


def explain(statements: NTriples, ontology: Iterable[Triple], triple: Triple) -> Proof | None:
    """Prove one statement by the rules of the ontology; None where it does not follow.

    Raises UnsupportedAxiomError for an axiom that there is no rule for.
    """
    return explain_all(statements, ontology, [triple]).get(triple)


def explain_all(statements: NTriples, ontology: Iterable[Triple], triples: Collection[Triple]) -> dict[Triple, Proof]:
    """Prove several statements in one run of the reasoner; those that do not follow are left out.

    A proof is the shortest there is, and the same in whichever order the statements come. Raises UnsupportedAxiomError for an axiom that there is no
    rule for.
    """
    everything = frozenset(ontology)
    read = profile(everything)
    proofs = {triple: Proof(triple, None, ()) for triple in _stated(triples, everything, statements)}
    goals = {_fact(triple, read): triple for triple in triples if triple not in proofs}
    found = derivations(statements, read, goals) if goals else {}
    made: dict[Fact, tuple[Proof, ...]] = {}
    for fact, derivation in found.items():
        premises = () if derivation is None else tuple(proof for needed in derivation.needs for proof in made[needed])
        triple = triple_of(fact, read)
        # What is said of a text is no statement of RDF: in the place of that step come those it is made of.
        made[fact] = premises if triple is None else (Proof(triple, None if derivation is None else derivation.rule, premises),)
    proofs |= {triple: made[fact][0] for fact, triple in goals.items() if fact in made}
    return {triple: proofs[triple] for triple in triples if triple in proofs}


def derivations(statements: NTriples, read: Profile, goals: Iterable[Fact]) -> Mapping[Fact, Derivation | None]:
    """Run the reasoner, and give the shortest derivations of the goals and of what they need, those that need least first."""
    with TemporaryDirectory(prefix="schakel-") as folder:
        stated = state(statements, read, Path(folder), everything=True)
        return shortest(goals, Facts(stated.tables, reason(stated, read, Path(folder)).new), read.rules)


def leaves(fact: Fact, found: Mapping[Fact, Derivation | None]) -> frozenset[Fact]:
    """Give the stated facts that a fact rests on."""
    pending, met = [fact], {fact}
    while pending:
        derivation = found[pending.pop()]
        needed = set() if derivation is None else set(derivation.needs) - met
        pending += needed
        met |= needed
    return frozenset(one for one in met if found[one] is None)


def triple_of(fact: Fact, read: Profile) -> Triple | None:
    """Give a fact as a statement; None for what is said of a text or number."""
    if fact.row[0].startswith('"'):
        return None
    relation = NamedNode(fact.relation)
    line = f"{fact.row[0]} {RDF.type} {relation} ." if relation in read.classes else f"{fact.row[0]} {relation} {fact.row[1]} ."
    return next(from_ntriples([line.encode()]))


def _fact(triple: Triple, read: Profile) -> Fact:
    terms: tuple[Term, ...] = (triple.subject, triple.object)
    if triple.predicate == RDF.type and isinstance(triple.object, NamedNode) and triple.object in read.classes:
        return Fact(triple.object.value, (str(triple.subject),))
    return Fact(triple.predicate.value, tuple(map(str, terms)))


def _stated(triples: Collection[Triple], ontology: Collection[Triple], statements: NTriples) -> list[Triple]:
    """Give those of the triples that are stated."""
    lines = {f"{triple} .".encode(): triple for triple in triples}
    if len(lines) < _MANY:
        found = {line for line in lines if any(piece.startswith(line + b"\n") or b"\n" + line + b"\n" in piece for piece in statements)}
    else:
        found = {line for piece in statements for line in piece.splitlines() if line in lines}
    return [triple for line, triple in lines.items() if line in found or triple in ontology]
