"""Why a statement holds: the steps that lead to it from what is stated."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Triple

from schakel.graph import NTriples, Term, from_ntriples
from schakel.inference.derivations import Derivation, Fact, Facts, shortest
from schakel.inference.profile import Profile, profile
from schakel.inference.reasoning import reason
from schakel.inference.rule import Rule
from schakel.namespaces import RDF

__all__ = ["Proof", "derivations", "explain", "explain_all", "leaves", "triple_of"]


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
    proofs = {triple: Proof(triple, None, ()) for triple in triples if triple in everything or _is_stated(triple, statements)}
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
        results = reason(statements, read, Path(folder), everything=True)
        return shortest(goals, Facts(results.stated, results.new), read.rules)


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


def _is_stated(triple: Triple, statements: NTriples) -> bool:
    line = f"{triple} .\n".encode()
    return any(piece.startswith(line) or b"\n" + line in piece for piece in statements)
