"""Reasoning by OWL 2 RL outside a project: files or graphs in, what follows and what contradicts out.

>>> from schakel import infer
>>> infer("data.ttl", "ontology/").consistent  # doctest: +SKIP
True
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from schakel.compile.nodes import select, table
from schakel.compile.owl_rl import SPELLINGS, Fact
from schakel.compile.owl_rl.selections import STATEMENT
from schakel.engine import Dictionary, DuckDB, Executor, close_dictionary, encode
from schakel.engine.columns import VARCHAR
from schakel.engine.relations import STATEMENTS
from schakel.errors import UnknownNameError
from schakel.inference_result import Contradiction, Explanation, Inference
from schakel.rdf_input import Input, RdfInput, Triple, file_names, read_rdf_input, with_imports
from schakel.stages.conclusion_filter import CONCLUSIONS, select_conclusions, select_everything
from schakel.stages.contradictions import StageDerivations, find_contradictions
from schakel.stages.proofs import Proof, prove
from schakel.stages.reasoning import reason

__all__ = ["ENGINES", "infer"]

ENGINES: Final = ("schakel", "owlrl")
_SPELLED: Final = dict.fromkeys(STATEMENT, VARCHAR)
_ONTOLOGY: Final = "ontology"


def infer(data: Input, ontology: Input | None = None, *, everything: bool = False, explain: bool = False, engine: str = "schakel") -> Inference:
    """Conclude from data and ontology; each a file, a folder, a graph of rdflib, or several of them.

    Given is what is new and says something about the things in the data, each under one of its names. With `everything` it is all that follows, also about
    the terms of the ontology, about blank nodes and about every name of a thing. With `explain` each conclusion is explained.
    Ontologies that are imported are read from the folders of the files given. `engine` is `schakel` or `owlrl`, which explains nothing.
    Raises RdfUnreadableError for files that cannot be read, UnknownNameError for another engine.
    """
    if engine not in ENGINES:
        raise UnknownNameError("reasoner", engine, ENGINES)
    names = file_names(data, ontology)
    of_data, of_ontology = read_rdf_input(data, names), RdfInput() if ontology is None else read_rdf_input(ontology, names)
    missing = tuple(sorted({iri for read in (of_data, of_ontology) for iri in with_imports(read)}))
    if engine == "owlrl":
        from schakel.second_opinion.reasoning import conclude  # noqa: PLC0415  # rdflib and owlrl take half a second to load

        return conclude(of_data.triples, of_ontology.triples, missing)
    with DuckDB() as executor:
        return _Run(executor, of_data.triples, of_ontology.triples).result(missing, everything=everything, explain=explain)


class _Run:
    """One run of the reasoner, and the words for what came of it."""

    def __init__(self, executor: Executor, data: Sequence[Triple], ontology: Sequence[Triple]) -> None:
        self._executor = executor
        executor.load("spelled_data", _SPELLED, data)
        executor.load("spelled_ontology", _SPELLED, ontology)
        spelled = [("spelled_data", STATEMENT), ("spelled_ontology", STATEMENT)]
        self._dictionary: Dictionary = close_dictionary(executor, spelled, SPELLINGS)
        for source, into in (("spelled_data", STATEMENTS), ("spelled_ontology", _ONTOLOGY)):
            encode(executor, source, STATEMENT, (), "encoded")
            executor.run(select(STATEMENT, table("encoded"), distinct=True), into)
        executor.drop("spelled_data", "spelled_ontology", "encoded")

    def result(self, missing: tuple[str, ...], *, everything: bool, explain: bool) -> Inference:
        reasoned = reason(self._executor, self._dictionary, ontology=_ONTOLOGY, everything=everything)
        if everything:
            select_everything(self._executor, reasoned, ontology=_ONTOLOGY)
        else:
            select_conclusions(self._executor, reasoned, ontology=_ONTOLOGY)
        found: list[Fact] = sorted((s, p, o) for s, p, o in self._executor.fetch(select(STATEMENT, table(CONCLUSIONS))))
        clashes = find_contradictions(self._executor, reasoned, ontology=_ONTOLOGY)
        proofs = prove(found, StageDerivations(self._executor, reasoned, _ONTOLOGY)) if explain else {}
        facts = [*found, *(fact for clash in clashes.items for fact in (*clash.premises, *clash.statements, *clash.rule.axiom))]
        facts += [fact for axioms in (reasoned.rule_set.malformed, *(proof.rule.axiom for proof in _steps(proofs.values()) if proof.rule)) for fact in axioms]
        facts += [proof.fact for proof in _steps(proofs.values())]
        spell = _Speller(self._dictionary, facts)
        return Inference(
            triples=tuple(map(spell.triple, found)),
            contradictions=tuple(
                Contradiction(clash.rule.owl, spell.triples(clash.rule.axiom), spell.triples(clash.premises), spell.triples(clash.statements))
                for clash in clashes.items
            ),
            contradiction_count=clashes.total,
            explanations={spell.triple(fact): spell.explanation(proof) for fact, proof in proofs.items()},
            missing_imports=missing,
            unreadable_axioms=spell.triples(reasoned.rule_set.malformed),
        )


def _steps(proofs: Iterable[Proof]) -> list[Proof]:
    """Give proofs and those of all that they rest on, each once."""
    found: dict[int, Proof] = {}
    pending = list(proofs)
    while pending:
        proof = pending.pop()
        if id(proof) not in found:
            found[id(proof)] = proof
            pending += proof.premises
    return list(found.values())


class _Speller:
    """Gives ids as terms."""

    def __init__(self, dictionary: Dictionary, facts: Iterable[Fact]) -> None:
        self._spellings: Mapping[int, str] = dictionary.spellings({term for fact in facts for term in fact if term > 0})
        self._made: dict[int, Explanation] = {}

    def triple(self, fact: Fact) -> Triple:
        s, p, o = (self._spellings.get(term, f"_:auxiliary{-term}") for term in fact)
        return s, p, o

    def triples(self, facts: Collection[Fact]) -> tuple[Triple, ...]:
        return tuple(map(self.triple, facts))

    def explanation(self, proof: Proof) -> Explanation:
        """Give the explanation of a proof; what several rest on is one explanation."""
        pending = [proof]
        while pending:
            at = pending[-1]
            waiting = [premise for premise in at.premises if id(premise) not in self._made]
            if waiting:
                pending += waiting
                continue
            pending.pop()
            rule = at.rule
            premises = tuple(self._made[id(premise)] for premise in at.premises)
            self._made[id(at)] = Explanation(self.triple(at.fact), "" if rule is None else rule.owl, () if rule is None else self.triples(rule.axiom), premises)
        return self._made[id(proof)]
