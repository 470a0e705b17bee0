"""The fast reasoner: the rules that the ontology's axioms amount to, run by Nemo."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Triple

from schakel.cache import key_of
from schakel.graph import NTriples
from schakel.inference.conclusions import Conclusions, Contradiction, Once, each_time
from schakel.inference.derivations import Fact
from schakel.inference.profile import Profile, profile
from schakel.inference.proofs import derivations, leaves, triple_of
from schakel.inference.reasoning import Stated, reason, state
from schakel.inference.relations import read_rows, statements_of
from schakel.inference.rule import Constraint, Variable
from schakel.inference.rule_file import axiom_in_words
from schakel.namespaces import PREFIXES, curie
from schakel.ntriples import key_of_subject, sorted_piece, start_of

__all__ = ["conclude"]


def conclude(statements: NTriples, ontology: Iterable[Triple], once: Once = each_time) -> Conclusions:
    """Give what Nemo concludes that is new and worth having, with the contradictions it met.

    Conclusions depend on the statements that rules look at, and on no others. Raises UnsupportedAxiomError for an axiom that there is no rule for.
    """
    everything = tuple(ontology)
    read = profile(everything)
    with TemporaryDirectory(prefix="schakel-") as folder:
        stated = state(statements, read, Path(folder))
        digest = key_of(stated.digest(), "\n".join(sorted(map(str, everything))))
        return once(digest, lambda: _conclusions(statements, everything, read, stated, Path(folder)))


def _conclusions(statements: NTriples, everything: Sequence[Triple], read: Profile, stated: Stated, folder: Path) -> Conclusions:
    results = reason(stated, read, folder)
    tables = (statements_of(relation, table, of_class=relation in read.classes) for relation, table in results.new.items())
    piece = _about_others(sorted_piece(b"".join(tables)), everything)
    clashes = {constraint: sorted({tuple(map(bytes.decode, row)) for row in read_rows(table)}) for constraint, table in results.clashes.items()}
    return Conclusions([piece] if piece else [], _contradictions(clashes, statements, read))


def _about_others(piece: bytes, ontology: Iterable[Triple]) -> bytes:
    """Leave out of a sorted piece what is said of the ontology's own terms."""
    keys = sorted({key_of_subject(triple.subject.value.encode()) for triple in ontology if isinstance(triple.subject, NamedNode)})
    kept, after = list[bytes](), 0
    for key in keys:
        # A subject's lines have a space behind the sign that ends it.
        first, last = (start_of(piece, key + sign, after) for sign in (b" ", b"!"))
        kept.append(piece[after:first])
        after = last
    return b"".join([*kept, piece[after:]])


def _contradictions(clashes: Mapping[Constraint, list[tuple[str, ...]]], statements: NTriples, read: Profile) -> tuple[Contradiction, ...]:
    """Say what contradicts each other, each once, and which statements lead there."""
    facts = {(constraint, row): _facts(constraint, row) for constraint, rows in clashes.items() for row in rows}
    if not facts:
        return ()
    found = derivations(statements, read, [fact for together in facts.values() for fact in together])
    told: dict[Contradiction, None] = {}
    for (constraint, _), together in facts.items():
        said = [triple_of(leaf, read) for leaf in sorted(frozenset[Fact]().union(*(leaves(fact, found) for fact in together)))]
        words = "; ".join(dict.fromkeys(f"{_short(fact.row[0])} {_predicate(fact)}" for fact in together))
        problem = f"{words} ({axiom_in_words(constraint.axiom[:1])})"
        told[Contradiction(problem, tuple(triple for triple in said if triple is not None))] = None
    return tuple(sorted(told, key=lambda contradiction: (contradiction.problem, str(contradiction.statements))))


def _facts(constraint: Constraint, row: tuple[str, ...]) -> tuple[Fact, ...]:
    values = dict(zip(constraint.variables(), row, strict=False))
    return tuple(
        Fact(atom.relation.value, tuple(values[argument] if isinstance(argument, Variable) else str(argument) for argument in atom.arguments))
        for atom in constraint.body
    )


def _predicate(fact: Fact) -> str:
    relation = curie(fact.relation, PREFIXES)
    return f"a {relation}" if len(fact.row) == 1 else f"{relation} {_short(fact.row[1])}"


def _short(term: str) -> str:
    return curie(term[1:-1]) if term.startswith("<") else term
