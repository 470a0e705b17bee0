"""The fast reasoner: the rules that the ontology's axioms amount to, run by Nemo."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Triple

from schakel.graph import NTriples
from schakel.inference.conclusions import Conclusions, Contradiction
from schakel.inference.derivations import Fact
from schakel.inference.profile import Profile, profile
from schakel.inference.proofs import derivations, leaves, triple_of
from schakel.inference.reasoning import reason
from schakel.inference.relations import read_rows, statements_of
from schakel.inference.rule import Constraint, Variable
from schakel.inference.rule_file import axiom_in_words
from schakel.namespaces import PREFIXES, curie

__all__ = ["conclude"]

_LINES_OF_A_PIECE = 10_000


def conclude(statements: NTriples, ontology: Iterable[Triple]) -> Conclusions:
    """Give what Nemo concludes that is new and worth having, with the contradictions it met.

    Raises UnsupportedAxiomError for an axiom that there is no rule for.
    """
    everything = tuple(ontology)
    read = profile(everything)
    with TemporaryDirectory(prefix="schakel-") as folder:
        results = reason(statements, read, Path(folder))
        lines = sorted(line for relation, table in results.new.items() for line in statements_of(relation, table, of_class=relation in read.classes))
        clashes = {constraint: sorted({tuple(map(bytes.decode, row)) for row in read_rows(table)}) for constraint, table in results.clashes.items()}
    return Conclusions(_pieces(_about_others(lines, everything)), _contradictions(clashes, statements, read))


def _about_others(lines: list[bytes], ontology: Iterable[Triple]) -> list[bytes]:
    """Leave out, of lines in order, those about the ontology's own terms."""
    kept, after = list[bytes](), 0
    for term in sorted({str(triple.subject).encode() for triple in ontology}):
        first, last = (bisect_left(lines, term + sign, after) for sign in (b" ", b"!"))
        kept += lines[after:first]
        after = last
    return kept + lines[after:]


def _pieces(lines: list[bytes]) -> NTriples:
    return [b"\n".join(lines[at : at + _LINES_OF_A_PIECE]) + b"\n" for at in range(0, len(lines), _LINES_OF_A_PIECE)]


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
