"""Reasoning over tables: the same whatever runs it, under the names of the project, and with derivations that are read back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from schakel.compile.nodes import select, table
from schakel.compile.owl_rl import SPELLINGS
from schakel.compile.owl_rl.selections import STATEMENT
from schakel.engine import Dictionary, DuckDB, close_dictionary, encode
from schakel.engine.columns import VARCHAR
from schakel.engine.relations import DERIVED, DERIVED_COLUMNS
from schakel.explaining.derivations import Proof, published_proofs
from schakel.stages.conclusion_filter import CONCLUSIONS, select_conclusions
from schakel.stages.contradictions import find_contradictions
from schakel.stages.derivations import write_derivations
from schakel.stages.reasoning import Reasoned, reason

EX = "https://example.org/"
OTHER = "https://aaa.example.net/"
NAMES = {"a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
PREFIXES = {
    "owl:": "http://www.w3.org/2002/07/owl#",
    "rdfs:": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf:": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd:": "http://www.w3.org/2001/XMLSchema#",
    "other:": OTHER,
    ":": EX,
}

Spelled = tuple[str, str, str]


def spelled(text: str) -> list[Spelled]:
    """Read statements of three words each, separated by full stops."""
    return [(term(s), term(p), term(o)) for s, p, o in (line.split() for line in text.split(" . ") if line.strip())]


def term(word: str) -> str:
    if word in NAMES:
        return f"<{NAMES[word]}>"
    if word.startswith('"'):
        text, _, datatype = word.partition("^^")
        return f"{text}^^{term(datatype)}" if datatype else text
    prefix = next((prefix for prefix in PREFIXES if word.startswith(prefix)), None)
    return word if prefix is None else f"<{PREFIXES[prefix]}{word.removeprefix(prefix)}>"


class Run:
    """A graph, what follows, and the tables."""

    def __init__(self, executor: DuckDB, data: str, ontology: str) -> None:
        self.executor = executor
        for name, text in (("data", data), ("terms_of_ours", ontology)):
            executor.load(name, dict.fromkeys(STATEMENT, VARCHAR), spelled(text))
        self.dictionary: Dictionary = close_dictionary(executor, [("data", STATEMENT), ("terms_of_ours", STATEMENT)], SPELLINGS)
        encode(executor, "data", STATEMENT, (), "statements")
        encode(executor, "terms_of_ours", STATEMENT, (), "ontology")
        self.reasoned: Reasoned = reason(executor, self.dictionary, ontology="ontology")

    def conclusions(self, base: str = EX) -> set[Spelled]:
        select_conclusions(self.executor, self.reasoned, ontology="ontology", base=base)
        rows = list(self.executor.fetch(select(STATEMENT, table(CONCLUSIONS))))
        spellings = self.dictionary.spellings({each for row in rows for each in row})
        return {(spellings[s], spellings[p], spellings[o]) for s, p, o in rows}

    def derived(self) -> list[tuple[int, ...]]:
        return sorted(self.executor.fetch(select(list(DERIVED_COLUMNS), table(DERIVED))))


@pytest.fixture
def executor(tmp_path: Path) -> Iterator[DuckDB]:
    with DuckDB(folder=tmp_path / "engine") as opened:
        yield opened


MANY = " . ".join(f":x{number} :p :x{number + 1} . :x{number} :q :y{number % 3}" for number in range(40))
RULES = ":p a owl:TransitiveProperty . :q a owl:FunctionalProperty . :p rdfs:domain :A . :A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :q rdfs:range :A"


def test_derivations_are_the_same_on_any_number_of_threads() -> None:
    found = []
    for threads in (1, 3):
        with DuckDB(threads=threads) as executor:
            found.append(Run(executor, MANY, RULES).derived())
    assert found[0] == found[1]
    assert len(found[0]) > 800


def test_conclusions_are_published_under_the_names_of_the_project(executor: DuckDB) -> None:
    run = Run(executor, "other:x owl:sameAs :x . :x owl:sameAs :z . other:x :p :y", ":p rdfs:subPropertyOf :q")
    assert run.conclusions() == {tuple(map(term, each.split())) for each in (":x :q :y", ":x owl:sameAs other:x")}
    assert (term("other:x"), term(":q"), term(":y")) in run.conclusions(base="")


def test_what_the_ontology_says_of_its_own_terms_is_not_published(executor: DuckDB) -> None:
    run = Run(
        executor, ':x :p :y . :x rdfs:label "x"', ':p rdfs:domain :A . :A rdfs:subClassOf :B . rdfs:label rdfs:domain :Named . :B :p :A . :A rdfs:label "a"'
    )
    assert run.conclusions() == {tuple(map(term, each.split())) for each in (":x a :A", ":x a :B", ":x a :Named")}


def test_contradictions_name_the_statements_that_they_rest_on(executor: DuckDB) -> None:
    run = Run(executor, ":x a :A . :x :p :y . :z a :A", ":p rdfs:domain :B . :A owl:disjointWith :B")
    found = find_contradictions(executor, run.reasoned, ontology="ontology")
    assert found.total == 1
    spellings = run.dictionary.spellings({each for fact in found.items[0].statements for each in fact})
    said = {tuple(spellings[each] for each in fact) for fact in found.items[0].statements}
    assert said == set(spelled(":x a :A . :x :p :y . :A owl:disjointWith :B"))


def test_contradictions_are_counted_beyond_those_that_are_told(executor: DuckDB) -> None:
    run = Run(executor, " . ".join(f":x{number} a :A . :x{number} a :B" for number in range(30)), ":A owl:disjointWith :B")
    found = find_contradictions(executor, run.reasoned, ontology="ontology", most=10)
    assert (found.total, len(found.items)) == (30, 10)


def triple(text: str) -> Triple:
    s, p, o = (NamedNode(term(word)[1:-1]) for word in text.split())
    return Triple(s, p, o)


def proof(run: Run, text: str, tmp_path: Path, stated: str = "") -> Proof:
    write_derivations(run.executor, run.dictionary, run.reasoned, tmp_path / "derivations.parquet")
    known = {triple(each) for each in stated.split(" . ") if each}
    return published_proofs(tmp_path / "derivations.parquet", [triple(text)], known.intersection)[triple(text)]


def leaves(found: Proof) -> set[str]:
    if found.rule is None:
        return {str(found.statement)}
    return set().union(*map(leaves, found.premises))


def test_published_derivations_prove_what_follows(executor: DuckDB, tmp_path: Path) -> None:
    ontology = ":p a owl:TransitiveProperty . :r owl:inverseOf :p"
    run = Run(executor, ":a :p :b . :b :p :c . :c :p :d", ontology)
    found = proof(run, ":d :r :a", tmp_path)
    assert found.rule is not None
    assert found.rule.owl == "prp-inv2"
    assert [str(each.predicate) for each in found.rule.axiom] == [term("owl:inverseOf")]
    assert leaves(found) == {str(triple(each)) for each in (":a :p :b", ":b :p :c", ":c :p :d")}


def test_steps_by_nameless_classes_are_one_step(executor: DuckDB, tmp_path: Path) -> None:
    ontology = "_:r owl:onProperty :p . _:r owl:someValuesFrom :A . _:r rdfs:subClassOf :B"
    found = proof(Run(executor, ":x :p :y . :y a :A", ontology), ":x a :B", tmp_path)
    assert found.rule is not None
    assert found.rule.owl == "cls-svf1 cax-sco"
    assert str(found.rule.axiom[0].predicate) == term("rdfs:subClassOf")
    assert leaves(found) == {str(triple(":x :p :y")), str(triple(":y a :A"))}


def test_long_chains_are_one_step(executor: DuckDB, tmp_path: Path) -> None:
    links = "_:l1 rdf:first :p . _:l1 rdf:rest _:l2 . _:l2 rdf:first :q . _:l2 rdf:rest _:l3 . _:l3 rdf:first :r . _:l3 rdf:rest rdf:nil"
    found = proof(Run(executor, ":a :p :b . :b :q :c . :c :r :d", f":s owl:propertyChainAxiom _:l1 . {links}"), ":a :s :d", tmp_path)
    assert found.rule is not None
    assert found.rule.owl == "prp-spo2"
    assert [str(each.statement) for each in found.premises] == [str(triple(each)) for each in (":a :p :b", ":b :q :c", ":c :r :d")]


def test_proofs_have_the_path_of_equalities(executor: DuckDB, tmp_path: Path) -> None:
    data = ":a :id :one . :b :id :one . :b owl:sameAs :c . :c :p :d"
    found = proof(Run(executor, data, ":id a owl:InverseFunctionalProperty . :p rdfs:domain :A"), ":a a :A", tmp_path, stated=data)
    assert leaves(found) == {str(triple(each)) for each in data.split(" . ")}


def test_published_derivations_are_the_same_bytes_on_any_number_of_threads(tmp_path: Path) -> None:
    files = []
    for threads in (1, 3):
        with DuckDB(threads=threads) as executor:
            run = Run(executor, MANY, RULES)
            files.append(tmp_path / f"{threads}.parquet")
            write_derivations(executor, run.dictionary, run.reasoned, files[-1])
    assert files[0].read_bytes() == files[1].read_bytes()
