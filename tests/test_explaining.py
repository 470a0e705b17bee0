"""Why a statement is in the graph: asked on the command line and in Python, of the repository's own graph and of a small one."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode

from schakel import Answer, Settings, build, open_graph, read_settings, record_evidence
from schakel.cli import main
from schakel.errors import AmbiguousNameError, DerivationsNeededError, NotInGraphError, NotStatedError
from schakel.explaining import Explanation, Explanations, as_json
from schakel.findings import Place
from schakel.knowledge_graph import KnowledgeGraph

MakeProjectIn = Callable[[Path, Mapping[str, str | bytes]], Settings]
MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
Ask = Callable[..., Result]
BASE = "https://kg.example.org/"
ORG = "http://www.w3.org/ns/org#"
SK = "https://w3id.org/schakel/ns#"

TERMS = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix v: <https://vocabulary.example.org/> .
v:keptBy a owl:ObjectProperty ; rdfs:label "kept by"@en, "onderhouden door"@nl ; owl:inverseOf v:keeps .
v:keeps a owl:ObjectProperty ; rdfs:label "keeps"@en .
"""
KEEPERS_RQ = """
PREFIX v: <https://vocabulary.example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?tower v:keptBy ?by ; v:lamps ?count ; v:since ?day }
WHERE {
  BIND(IRI(CONCAT("tower/", ?id)) AS ?tower) BIND(IRI(CONCAT("org/", ?keeper)) AS ?by)
  BIND(STRDT(?lamps, xsd:integer) AS ?count) BIND(STRDT(?since, xsd:date) AS ?day)
}
"""
# A tower, and who keeps it: one statement that follows from one that a row states.
KEEPERS = {
    "ontology/terms.ttl": TERMS,
    "data/keepers.csv": "id,keeper,lamps,since,source,passage\nbrandaris,trust,50,2009-04-01,page,It is kept … Harbour Trust\n",
    "data/keepers.rq": KEEPERS_RQ,
    "data/more.ttl": '<org/trust> a <http://www.w3.org/ns/org#Organization> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Harbour Trust"@en .\n',
}


@pytest.fixture
def ask(published: Settings) -> Ask:
    """Run `schakel why` on the repository's own graph, in this process."""

    def start(*arguments: str | Path, project: Path = published.root) -> Result:
        result = CliRunner().invoke(main, ["--project", str(project), "why", *map(str, arguments)], env={"COLUMNS": "80"})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return start


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    with open_graph(published.root) as graph:
        yield graph


@pytest.fixture(scope="module")
def built_keepers(make_project_in: MakeProjectIn, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_project_in(tmp_path_factory.mktemp("keepers"), KEEPERS)
    assert not record_evidence(settings).blocked
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return settings


@pytest.fixture
def keepers(built_keepers: Settings, tmp_path: Path) -> Settings:
    """The small project, built; each test may change it."""
    root = shutil.copytree(built_keepers.root, tmp_path / "project")
    return read_settings(root, captures=root / "pages")


def words(result: Result) -> str:
    """What was printed, as if on one long line, without the lines of the tree."""
    return " ".join(result.stdout.translate(str.maketrans("├└│─", "    ")).split())


def only(explanations: Explanations) -> Explanation:
    (explanation,) = explanations
    return explanation


# ------------------------------------------------------------------------------------------------------------------ the repository's own graph


def test_a_chain_is_explained_down_to_the_rows(ask: Ask) -> None:
    told = words(ask("MST", "kind of organisation", "health-care provider"))
    assert "Medisch Spectrum Twente – kind of organisation – health-care provider org/mst org:classification orgkind:health-care-provider" in told
    assert "“kind of organisation” (org:classification) follows from “kind of organisation” (org:classification), then “broader concept” (skos:broader)" in told
    assert "org/mst org:classification orgkind:hospital read in “Over MST”: “In de hoofdlocatie in Enschede staat een modern ziekenhuis”" in told
    assert "data/classifications.csv, row 2" in told
    assert "orgkind:hospital skos:broader orgkind:health-care-provider stated in ontology/concepts/organisation-kinds.ttl" in told


def test_everything_that_follows_rests_on_rows_that_say_so(graph: KnowledgeGraph) -> None:
    everything = graph.why_all()
    inferred = graph.sparql(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{BASE}graph/inferred> {{ ?s ?p ?o }} }}")
    assert isinstance(inferred, Answer)
    assert len(everything) == len(inferred)
    rules: set[str] = set()
    for explanation in everything:
        assert explanation.rule is not None
        assert not explanation.is_stated
        for part in explanation.parts():
            assert (part.rule is None) is part.is_stated is (not part.premises)
            rules |= {part.rule.rule.owl} if part.rule else set()
            assert all(evidence.place is not None for evidence in part.evidence), part
    # A chain, a property below another, an inverse.
    assert {"prp-spo2", "prp-spo1"} < rules
    assert rules & {"prp-inv1", "prp-inv2"}


def test_a_row_that_is_named_has_the_statement_in_it(graph: KnowledgeGraph, published: Settings) -> None:
    for evidence in (each for statement in graph.why("MST") for each in statement.evidence):
        assert evidence.place is not None
        line = (published.root / evidence.place.file).read_text("utf-8").splitlines()[evidence.place.row - 1]
        assert evidence.first_words is not None
        assert evidence.first_words in line.replace('""', '"')


def test_a_stated_statement_has_its_passage_source_and_row(graph: KnowledgeGraph) -> None:
    name = only(graph.why("MST", "skos:prefLabel", "Medisch Spectrum Twente"))
    (evidence,) = name.evidence
    assert (evidence.source, evidence.title) == (NamedNode(f"{BASE}source/mst-about"), Literal("Over MST", language="nl"))
    assert (evidence.first_words, evidence.last_words) == ("Medisch Spectrum Twente (MST) is", "grootste topklinische opleidingsziekenhuizen")
    assert evidence.place == Place("data/organisations.csv", 2)
    assert name.rule is None


def test_one_that_is_stated_twice_has_both_passages(graph: KnowledgeGraph) -> None:
    kind = only(graph.why("MST", "org:classification", "trauma centre"))
    assert [evidence.place for evidence in kind.evidence] == [Place("data/classifications.csv", 3), Place("data/classifications.csv", 4)]


def test_the_vocabulary_is_stated_by_a_file_of_the_ontology(ask: Ask) -> None:
    assert "stated in ontology/schakel.ttl" in words(ask("sk:Goal", "rdfs:label", "doelstelling"))


def test_of_a_thing_alone_all_is_told_that_is_said_of_it(ask: Ask, graph: KnowledgeGraph) -> None:
    told = words(ask("MST"))
    said = graph.sparql(f"SELECT DISTINCT ?p ?o WHERE {{ <{BASE}org/mst> ?p ?o FILTER(?p != sk:statedIn) }}")
    assert isinstance(said, Answer)
    assert len(graph.why("MST")) == len(said)
    stated, _, follows = told.partition("What follows by reasoning")
    assert (
        "abbreviation (sk:abbreviation) MST read in “Over MST”: “Medisch Spectrum Twente (MST)” source/mst-about#p-6846e02063a4; data/names.csv, row 2"
        in stated
    )
    assert "because “kind of organisation” (org:classification) follows from" in follows


def test_of_a_property_all_values_are_told(graph: KnowledgeGraph) -> None:
    assert NamedNode(f"{BASE}org/mst") in {each.statement.object for each in graph.why("santeon", "org:hasMember")}
    assert {each.statement.predicate.value for each in graph.why("santeon", "has member")} == {f"{ORG}hasMember"}
    assert len(graph.why("MST", "heeft locatie")) == 4


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("nl", "want “soort organisatie” (org:classification) volgt uit “soort organisatie”"),
        ("nb", "fordi «type organisasjon» (org:classification) følger av «type organisasjon»"),
        ("nn", "fordi «type organisasjon» (org:classification) følgjer av «type organisasjon»"),
    ],
)
def test_the_reader_chooses_the_language(language: str, reason: str, ask: Ask) -> None:
    assert reason in words(ask("MST", "org:classification", "orgkind:health-care-provider", "--lang", language))


# ------------------------------------------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (("Santeon", "org:memberOf", "MST"), "org/mst org:memberOf org/santeon  (the other way round)"),
        (("Santeon", "org:memberOf", "MST"), "org/santeon org:hasMember org/mst  (by another property)"),
        (("MST", "sk:abbreviation", "MSTT"), 'org/mst sk:abbreviation "MST"  (another value)'),
        (("MST", "org:hasMember"), "org/mst org:hasMembership org/mst#chair-of-roaz  (by a property with a similar name)"),
        (("MST", "memberof"), "org:memberOf  member of"),
        (("MST", "org:memberOf", "Medlonn"), "org/medlon  Medlon BV"),
        (("Medisch Spectrum Twnete",), "org/mst  Medisch Spectrum Twente"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(asked: tuple[str, ...], near: str, ask: Ask) -> None:
    result = ask(*asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert near.replace("MST  (another", '"MST"  (another') in result.stderr or near in result.stderr


def test_a_name_of_several_things_is_not_guessed(graph: KnowledgeGraph) -> None:
    everything = graph.sparql(
        """SELECT ?name WHERE { ?thing a ?class ; skos:prefLabel ?name FILTER(STRSTARTS(STR(?thing), STR(<>)) && !CONTAINS(STR(?thing), "#")) }
        GROUP BY ?name HAVING(COUNT(DISTINCT ?thing) > 1) ORDER BY ?name LIMIT 1"""
    )
    assert isinstance(everything, Answer)
    with pytest.raises(AmbiguousNameError):
        graph.why(str(everything[0]["name"]))


def test_a_statement_that_is_not_there_is_an_error_with_data(graph: KnowledgeGraph) -> None:
    with pytest.raises(NotStatedError) as caught:
        graph.why("MST", "skos:prefLabel", '"Medisch Spectrum Twente"@en')
    assert caught.value.near == (('org/mst skos:prefLabel "Medisch Spectrum Twente"@nl', "another value"),)
    with pytest.raises(NotInGraphError):
        graph.why("MST", "xyzzy qwerty")


@pytest.mark.parametrize("arguments", [(), ("--all",), ("MST", "--all", "--format", "json")])
def test_what_is_asked_must_be_said(arguments: tuple[str, ...], ask: Ask) -> None:
    assert ask(*arguments).exit_code == 2


# ------------------------------------------------------------------------------------------------------------------------------ a small graph


def test_a_literal_is_known_as_it_reads(keepers: Settings) -> None:
    v, name = "https://vocabulary.example.org/", "http://www.w3.org/2004/02/skos/core#prefLabel"
    numbers = ["50", "50.0", 50, '"50"', '"50"^^xsd:integer', '"50"^^<http://www.w3.org/2001/XMLSchema#integer>']
    days = ["2009-04-01", date(2009, 4, 1), '"2009-04-01"^^xsd:date']
    texts = ["Brandaris", "brandaris", '"Brandaris"', '"Brandaris"@en']
    with open_graph(keepers.root) as graph:
        for predicate, typed in [*((f"{v}lamps", each) for each in numbers), *((f"{v}since", each) for each in days), *((name, each) for each in texts)]:
            assert only(graph.why("brandaris", predicate, typed)).is_stated, typed


def test_another_literal_is_not_taken_for_it(keepers: Settings) -> None:
    with open_graph(keepers.root) as graph:
        for typed in ("51", '"50"@en', '"50"^^xsd:decimal', "fifty", ""):
            with pytest.raises(NotStatedError):
                graph.why("brandaris", "https://vocabulary.example.org/lamps", typed)


def test_json_says_all_of_it(keepers: Settings, ask: Ask) -> None:
    told = json.loads(ask("org/trust", "keeps", "brandaris", "--format", "json", project=keepers.root).stdout)
    example, v = "https://example.org/", "https://vocabulary.example.org/"
    (statement,) = told["statements"]
    name = statement["rule"].pop("name")
    owl = statement["rule"].pop("owl")
    assert name
    assert owl in {"prp-inv1", "prp-inv2"}
    passage = f"{example}source/page#p-50c19aff9527"
    premise: dict[str, Any] = {
        "statement": {"subject": f"{example}tower/brandaris", "property": f"{v}keptBy", "value": {"iri": f"{example}org/trust"}},
        "stated": True,
        "evidence": [
            {
                "graph": passage,
                "passage": passage,
                "source": f"{example}source/page",
                "title": {"text": "A page", "language": "en"},
                "firstWords": "It is kept",
                "lastWords": "Harbour Trust",
                "file": "data/keepers.csv",
                "row": 2,
            }
        ],
        "rule": None,
        "premises": [],
    }
    assert statement == {
        "statement": {"subject": f"{example}org/trust", "property": f"{v}keeps", "value": {"iri": f"{example}tower/brandaris"}},
        "stated": False,
        "evidence": [],
        "rule": {
            "axiom": {"subject": f"{v}keptBy", "property": "http://www.w3.org/2002/07/owl#inverseOf", "values": [{"iri": f"{v}keeps"}]},
            "words": {
                "en": "“kept by” (v:keptBy) is the inverse of “keeps” (v:keeps)",
                "nl": "“onderhouden door” (v:keptBy) is het omgekeerde van “keeps” (v:keeps)",
                "nb": "«kept by» (v:keptBy) er det omvendte av «keeps» (v:keeps)",
                "nn": "«kept by» (v:keptBy) er det omvende av «keeps» (v:keeps)",
            },
        },
        "premises": [premise],
    }
    assert told["names"] == {
        f"{v}keptBy": {"text": "kept by", "language": "en"},
        f"{v}keeps": {"text": "keeps", "language": "en"},
        f"{example}org/trust": {"text": "Harbour Trust", "language": "en"},
        f"{example}tower/brandaris": {"text": "Brandaris", "language": "en"},
    }


def test_everything_is_explained_line_by_line(keepers: Settings, ask: Ask) -> None:
    lines = ask("--all", "--format", "json", project=keepers.root).stdout.splitlines()
    one = json.loads(ask("org/trust", "keeps", "brandaris", "--format", "json", project=keepers.root).stdout)
    assert [json.loads(line) for line in lines] == one["statements"]


def test_a_transitive_property_is_explained_step_by_step(make_project: MakeProject, ask: Ask) -> None:
    ontology = TERMS + 'v:within a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:label "within"@en .'
    places = "".join(f"<place/{name}> a <http://purl.org/dc/terms/Location> .\n" for name in "abcd")
    steps = "".join(f"<place/{a}> <https://vocabulary.example.org/within> <place/{b}> .\n" for a, b in ("ab", "bc", "cd"))
    settings = make_project({"ontology/terms.ttl": ontology, "data/places.ttl": places + steps})
    assert not record_evidence(settings).blocked
    assert not build(settings).blocked
    told = words(ask("place/a", "within", "place/d", project=settings.root))
    assert "“within” (v:within) is transitive: what holds step by step holds all the way" in told
    for step in ("place/a v:within place/b", "place/b v:within place/c", "place/c v:within place/d"):
        assert f"{step} stated in data/places.ttl" in told
    # The steps stand side by side: how the reasoner put them together tells a reader nothing.
    for put_together in ("place/a v:within place/c", "place/b v:within place/d"):
        assert put_together not in told


def test_a_file_beside_the_tables_is_named(keepers: Settings, ask: Ask) -> None:
    assert "stated in data/more.ttl" in words(ask("org/trust", "skos:prefLabel", project=keepers.root))


def test_a_drawing_is_of_the_language_asked_for(keepers: Settings, ask: Ask) -> None:
    drawn = ask("org/trust", "keeps", "--format", "dot", "--lang", "nl", project=keepers.root).stdout
    assert drawn.startswith("digraph why {")
    assert "“onderhouden door” (v:keptBy) is het" in drawn


def test_of_a_table_that_has_changed_no_row_is_named(keepers: Settings, ask: Ask) -> None:
    (keepers.data / "keepers.csv").write_text("id,keeper,lamps,since,source,passage\nbrandaris,trust,51,2009-04-01,page,It is kept … Harbour Trust\n", "utf-8")
    told = words(ask("brandaris", "https://vocabulary.example.org/lamps", project=keepers.root))
    assert "read in “A page”: “It is kept … Harbour Trust” source/page#p-50c19aff9527; in which row is not known, as the table has changed since" in told
    assert "data/keepers.csv, row" not in told


def test_a_conclusion_is_explained_by_the_axiom_that_it_was_published_with(keepers: Settings, ask: Ask) -> None:
    (keepers.ontology / "terms.ttl").write_text(TERMS.replace("; owl:inverseOf v:keeps", ""), "utf-8")
    told = words(ask("org/trust", "v:keeps", project=keepers.root))
    assert "because “kept by” (v:keptBy) is the inverse of “keeps” (v:keeps)" in told


def test_a_publication_is_explained_by_the_project_beside_it(keepers: Settings) -> None:
    with open_graph(keepers.root) as of_project, open_graph(keepers.publication) as of_publication:
        asked = ("org/trust", "keeps", "brandaris")
        assert as_json(of_publication.why(*asked)) == as_json(of_project.why(*asked))


def test_a_publication_alone_explains_without_rows_and_labels_of_axioms(keepers: Settings, tmp_path: Path) -> None:
    os.rename(keepers.publication, tmp_path / "alone")  # noqa: PTH104
    with open_graph(tmp_path / "alone") as graph:
        (evidence,) = only(graph.why("brandaris", "v:keptBy", "org/trust")).evidence
        assert (evidence.first_words, evidence.place) == ("It is kept", None)
        explained = only(graph.why("org/trust", "v:keeps"))
        assert explained.rule is not None
        assert explained.rule.words["en"] == "v:keptBy is the inverse of v:keeps"
        (premise,) = explained.premises
        assert [(each.first_words, each.place) for each in premise.evidence] == [("It is kept", None)]


def test_a_publication_without_derivations_explains_what_is_stated(keepers: Settings) -> None:
    (keepers.publication / "download" / "derivations.parquet").unlink()
    with open_graph(keepers.publication) as graph:
        assert only(graph.why("brandaris", "v:keptBy", "org/trust")).is_stated
        with pytest.raises(DerivationsNeededError, match=r"download/derivations\.parquet"):
            graph.why("org/trust", "v:keeps")


def test_a_file_or_an_endpoint_is_not_explained(keepers: Settings) -> None:
    with open_graph(keepers.publication / "download" / "graph.nt", queries=keepers.root) as graph, pytest.raises(DerivationsNeededError, match=r"graph\.nt"):
        graph.why("brandaris")
