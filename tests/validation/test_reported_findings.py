"""What a curator is told: each mistake in a small project with the file, row and column it stands in, and in the language asked for."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH, Graph

from schakel import Finding, Outcome, Settings, build, check, read_settings, record_evidence
from schakel.findings import Severity

REPOSITORY = Path(__file__).parent.parent.parent
SHAPE = "https://w3id.org/schakel/shapes#"
BASE = "https://example.org/"
# Words that stand once on the page, for every row its own passage.
PAGE = " ".join(f"woord{number}" for number in range(100))

Tables = Mapping[str, Sequence[str]]

SOUND: Tables = {
    "sources": ["id,title,language,file,sha256", f"page,Een pagina,nl,page.txt,{sha256(PAGE.encode()).hexdigest()}"],
    "organisations": [
        "id,label,language,type,kind,legal_form,source,passage",
        "linden,Ziekenhuis De Linden,nl,organization,hospital,,page,woord1",
        "linnen,Linnen BV,nl,formal,,private-limited-company,page,woord2",
        "esdoorn,De Esdoorn,nl,organization,hospital,,page,woord3",
    ],
    "memberships": ["id,member,body,role,stated_role,language,from,source,passage", "member-of-esdoorn,org/linden,org/esdoorn,member,Lid,nl,,page,woord4"],
    "shareholdings": [
        "id,owner,owned,share,stated_role,language,source,passage",
        "shareholder-of-linnen,linden,linnen,60,aandeelhouder,nl,page,woord5",
        "shareholder-of-linnen,esdoorn,linnen,40,aandeelhouder,nl,page,woord6",
    ],
    "projects": ["id,label,language,start,develops,source,passage", "bouw,Byggeprosjektet,nb,2017-12,,page,woord7"],
    "goals": [
        "id,project,parent,position,label,language,source,passage",
        "goal-gode-tjenester,bouw,,1,Gode tjenester,nb,page,woord8",
        "goal-kort-ventetid,bouw,bouw#goal-gode-tjenester,1,Kort ventetid,nb,page,woord9",
        "goal-nytt-bygg,bouw,,2,Nytt bygg,nb,page,woord10",
    ],
    "names": [
        "id,entity,text,language,kind,is_label,used_from,used_until,source,passage",
        "name-linden,org/linden,Linden,nl,former,,2008-01-01,2009-04-01,page,woord11",
    ],
    "differences": [
        "id,subject,kind,topic,language,topic_en,source,passage",
        "difference-naam,org/linden,worded-differently,naam,nl,name,page,woord12",
    ],
    "difference_sides": [
        "difference,side,about,words,language,source,passage",
        "org/linden#difference-naam,a,org/linden,De Linden,nl,page,woord12",
        "org/linden#difference-naam,b,org/linden#name-linden,Linden,nl,page,woord13",
    ],
    "descriptions": [
        "entity,text,language,source,passage",
        *(f"org/{id_},Een omschrijving.,nl,page,woord{20 + at}" for at, id_ in enumerate(("linden", "linnen", "esdoorn"))),
        "project/bouw,Et prosjekt.,nb,page,woord30",
    ],
}


def changed(table: str, row: int, before: str, after: str) -> Tables:
    """The sound tables with one cell of one row (counted as a spreadsheet does) changed."""
    rows = list(SOUND[table])
    assert before in rows[row - 1], f"{before} is not in {rows[row - 1]}"
    rows[row - 1] = rows[row - 1].replace(before, after, 1)
    return {**SOUND, table: rows}


def added(table: str, *rows: str) -> Tables:
    return {**SOUND, table: [*SOUND[table], *rows]}


def write(root: Path, tables: Tables, *, settings: str = "") -> Settings:
    """Write a project of these tables with the repository's own mappings, ontology and shapes, and look its passages up."""
    for folder in ("data", "pages"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("ontology", "shapes"):
        shutil.copytree(REPOSITORY / folder, root / folder, dirs_exist_ok=True)
    (root / "pages" / "page.txt").write_text(PAGE)
    (root / "schakel.toml").write_text(
        f'base = "{BASE}"\npublisher = "Lindenvrienden"\nlanguages = ["nl", "en"]\ntitle = {{ nl = "Linden" }}\ndescription = {{ nl = "Proef" }}\n{settings}'
    )
    for table, rows in tables.items():
        (root / "data" / f"{table}.csv").write_text("\n".join(rows) + "\n")
        shutil.copy(REPOSITORY / "data" / f"{table}.rq", root / "data")
    project = read_settings(root, captures=root / "pages")
    outcome = record_evidence(project)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return project


def by_shape(findings: Sequence[Finding], shape: str) -> list[Finding]:
    return [item for item in findings if item.focus is not None and item.focus.shape == f"{SHAPE}{shape}"]


# All mistakes at once, so that the project is judged once; each stands in rows of its own.
BROKEN: Tables = {
    **SOUND,
    "shareholdings": [
        *changed("shareholdings", 2, ",60,", ",150,")["shareholdings"],
        "shareholder-of-laken,linden,laken,60.5,aandeelhouder,nl,page,woord17",
        "shareholder-of-laken,esdoorn,laken,40,aandeelhouder,nl,page,woord18",
    ],
    "organisations": [
        *changed("organisations", 4, "De Esdoorn,nl", "De Esdoorn,xx")["organisations"],
        "laken,Laken BV,nl,formal,,private-limited-company,page,woord19",
    ],
    "descriptions": added("descriptions", "org/laken,Een omschrijving.,nl,page,woord19")["descriptions"],
    "difference_sides": added("difference_sides", "org/linden#difference-naam,b,org/linden#name-linden,Lindenhuis,nl,page,woord14")["difference_sides"],
    "goals": [
        *changed("goals", 2, ",bouw,,1,", ",bouw,bouw#goal-kort-ventetid,1,")["goals"],
        "goal-flere-rom,bouw,,2,Flere rom,nb,page,woord15",
    ],
    "memberships": [
        *changed("memberships", 2, ",member,Lid", ",,Lid")["memberships"],
        "member-of-linden,org/linden,org/linden,member,Lid,nl,,page,woord16",
    ],
    "names": changed("names", 2, "2008-01-01", "2010-01-01")["names"],
}

# The shape that finds each mistake, where it is told to be, the label of one thing that is wrong, and some of the Dutch words.
MISTAKES: dict[str, tuple[str, list[str], str, str]] = {
    "a share of 150 per cent": (
        "shareholding-share-range",
        ["data/shareholdings.csv, row 2, column share"],
        "",
        "Het percentage moet tussen 0 en 100 liggen.",
    ),
    "shares that come to more than a whole": (
        "shareholding-company-sum",
        ["data/shareholdings.csv, row 4, column share", "data/shareholdings.csv, row 5, column share"],
        "",
        "samen meer dan 100 procent",
    ),
    "a language that is none of ours": (
        "label-language",
        ["data/organisations.csv, row 4, column label"],
        "De Esdoorn",
        "De taal van deze naam ontbreekt of is er geen die wij gebruiken.",
    ),
    "two Dutch names for one thing": (
        "label-one-per-language",
        ["data/difference_sides.csv, row 3, column words", "data/difference_sides.csv, row 4, column words"],
        "Linden",
        "Er staan twee hoofdnamen in dezelfde taal.",
    ),
    "a goal that is its own ancestor": (
        "goal-not-within-itself",
        ["data/goals.csv, row 2, column parent", "data/goals.csv, row 3, column parent"],
        "Gode tjenester",
        "Dit doel staat via andere doelen onder zichzelf.",
    ),
    "a goal that leads to no project": (
        "goal-reaches-project",
        ["data/goals.csv, row 2", "data/goals.csv, row 3"],
        "Gode tjenester",
        "Dit doel leidt naar geen enkel project.",
    ),
    "two goals in one place": (
        "goal-position-unique",
        ["data/goals.csv, row 4, column position", "data/goals.csv, row 5, column position"],
        "Nytt bygg",
        "Een ander doel onder hetzelfde kopje staat op dezelfde plaats.",
    ),
    "a membership without a role": (
        "membership-one-role",
        ["data/memberships.csv, row 2"],
        "",
        "Een lidmaatschap heeft precies één rol nodig.",
    ),
    "a member that is the body itself": (
        "membership-of-another",
        ["data/memberships.csv, row 3"],
        "",
        "Het lid en het verband zijn hetzelfde.",
    ),
    "a name that ends before it begins": (
        "name-dates-in-order",
        ["data/names.csv, row 2, column used_from"],
        "",
        "Deze naam eindigt voor of op de dag waarop hij begon.",
    ),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return check(write(tmp_path_factory.mktemp("broken"), BROKEN))


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_told_with_its_place_its_label_and_in_dutch(what: str, broken: Outcome) -> None:
    shape, places, label, message = MISTAKES[what]
    found = by_shape(broken.findings, shape)
    told = [str(place) for item in found for place in item.places]
    assert {short for place in told for short in places if place.startswith(short)} == set(places), told
    assert all(any(place.startswith(short) for short in places) for place in told), told
    assert all(set(item.message) == {"en", "nl", "nb", "nn"} for item in found)
    assert all(message in item.text("nl") for item in found)
    assert all(len({item.text(language) for language in ("nl", "en", "nb", "nn")}) == 4 for item in found)
    assert not label or label in {text for item in found if item.focus is not None for text in item.focus.label.values()}


def test_nothing_else_is_found_wrong(broken: Outcome) -> None:
    shapes = {item.focus.shape.removeprefix(SHAPE) for item in broken.findings if item.focus is not None and item.severity is not Severity.INFO}
    assert shapes == {shape for shape, _, _, _ in MISTAKES.values()}
    assert broken.blocked


@pytest.fixture
def sound(tmp_path: Path) -> Settings:
    return write(tmp_path / "sound", SOUND)


def test_sound_tables_are_published_with_nothing_to_tell(sound: Settings) -> None:
    outcome = build(sound)
    assert [item.text("en") for item in outcome.findings if item.severity is not Severity.INFO] == []
    assert not outcome.blocked
    assert outcome.published > 80


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_finding_that_blocks_leaves_the_last_publication_and_writes_the_report(sound: Settings) -> None:
    build(sound)
    before = snapshot(sound.publication)
    write(sound.root, changed("memberships", 2, ",member,Lid", ",,Lid"))
    outcome = build(sound)
    assert outcome.blocked
    assert outcome.published == 0
    assert snapshot(sound.publication) == before
    report = json.loads((sound.report / "report.json").read_text("utf-8"))
    assert (report["published"], report["counts"]["violation"] > 0) == (False, True)
    assert report["counts"]["violation"] == 1
    (told,) = [item for item in report["findings"] if item["severity"] == "violation"]
    assert told["places"][0]["file"] == "data/memberships.csv"
    assert told["places"][0]["row"] == 2
    assert told["shape"] == f"{SHAPE}membership-one-role"
    assert told["focusNode"] == f"{BASE}org/linden#member-of-esdoorn"


def test_the_report_in_turtle_is_one_of_shacl_that_others_read(sound: Settings) -> None:
    write(sound.root, {**changed("shareholdings", 2, ",60,", ",150,"), "descriptions": SOUND["descriptions"][:-1]})
    assert check(sound).blocked
    graph = Graph().parse(sound.report / "report.ttl")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)  # noqa: FBT003  # rdflib's way to write a boolean
    results = list(graph.objects(report, SH.result))
    assert set(results) == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert {graph.value(result, SH.resultSeverity) for result in results} >= {SH.Violation, SH.Warning}
    for result in results:
        for needed in (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity, SH.resultMessage):
            assert graph.value(result, needed) is not None
    (share,) = [r for r in results if graph.value(r, SH.sourceShape) == rdflib.URIRef(f"{SHAPE}shareholding-share-range")]
    assert str(graph.value(share, SH.focusNode)) == f"{BASE}org/linden#shareholder-of-linnen"
    assert str(graph.value(share, SH.value)) == "150"
    assert {text.language for text in graph.objects(share, SH.resultMessage) if isinstance(text, rdflib.Literal)} == {"en", "nl", "nb", "nn"}
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)


def test_a_warning_does_not_stop_a_publication_and_is_told(sound: Settings) -> None:
    write(sound.root, {**SOUND, "descriptions": SOUND["descriptions"][:-1]})
    outcome = build(sound)
    assert not outcome.blocked
    assert outcome.published > 0
    (warning,) = [item for item in outcome.findings if item.severity is Severity.WARNING]
    assert [str(place)[: len("data/projects.csv, row 2")] for place in warning.places] == ["data/projects.csv, row 2"]
    report = json.loads((sound.publication / "report.json").read_text("utf-8"))
    assert (report["published"], report["counts"]["violation"], report["counts"]["warning"]) == (True, 0, 1)


def test_what_blocks_is_for_the_settings_to_say(sound: Settings) -> None:
    write(sound.root, {**SOUND, "descriptions": SOUND["descriptions"][:-1]})
    strict = replace(sound, blocks=(Severity.VIOLATION, Severity.WARNING))
    assert build(strict).blocked
    write(sound.root, changed("memberships", 2, ",member,Lid", ",,Lid"))
    lax = replace(sound, blocks=(Severity.WARNING,))
    assert not build(lax).blocked


def test_a_finding_tells_how_many_are_alike(sound: Settings) -> None:
    write(sound.root, {**SOUND, "descriptions": SOUND["descriptions"][:2]})
    check(sound)
    report = json.loads((sound.report / "report.json").read_text("utf-8"))
    described = [item for item in report["findings"] if item.get("shape") == f"{SHAPE}organization-described"]
    assert len(described) == 3
    assert {item["alike"] for item in described} == {3}


def test_what_contradicts_the_ontology_is_a_finding_that_blocks(sound: Settings) -> None:
    (sound.data / "more.ttl").write_text(f"<{BASE}org/linden> a <http://www.w3.org/ns/org#Site> .")
    outcome = build(sound)
    contradictions = [item for item in outcome.findings if item.kind == "inconsistent"]
    assert contradictions
    assert all(item.severity is Severity.VIOLATION for item in contradictions)
    assert any(f"{BASE}org/linden" in item.text("nl") for item in contradictions)
    assert all(item.text("nl").startswith("De uitspraken zijn in strijd met de ontologie") for item in contradictions)
    assert outcome.blocked
    assert not sound.publication.exists()


def test_a_report_is_the_same_whatever_the_order_of_the_work(sound: Settings) -> None:
    write(sound.root, changed("goals", 4, ",2,", ",1,"))
    check(sound)
    first = snapshot(sound.report)
    check(sound)
    assert snapshot(sound.report) == first


# -------------------------------------------------------------------------------------------------------------------- shapes of others

FOREIGN = """
@prefix org: <http://www.w3.org/ns/org#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
[] a sh:NodeShape ; sh:targetClass org:Organization ;
    sh:property [ sh:path skos:prefLabel ; sh:maxLength 10 ; sh:message "The name is too long." ] ;
    sh:property [ sh:path skos:altLabel ; sh:minCount 1 ; sh:severity sh:Info ] .
<https://other.example.org/shape> a sh:NodeShape ; sh:targetClass org:Organization ; sh:nodeKind sh:BlankNode .
"""


def test_shapes_of_others_with_blank_nodes_work(sound: Settings) -> None:
    shutil.rmtree(sound.shapes)
    sound.shapes.mkdir()
    (sound.shapes / "foreign.ttl").write_text(FOREIGN)
    findings = check(sound).findings
    long = [item for item in findings if item.text("en").startswith("The name is too long.")]
    assert [(str(item.focus.value).removesuffix(" (nl)").removesuffix(" (nb)") if item.focus else None, str(item.places[0])) for item in long] == [
        ("Ziekenhuis De Linden", "data/organisations.csv, row 2, column label"),
        ("Byggeprosjektet", "data/projects.csv, row 2, column label"),
    ]
    lacking = [item for item in findings if item.severity is Severity.INFO]
    assert len(lacking) == 4
    assert all(item.focus is not None and item.focus.shape.startswith(BASE) for item in [*long, *lacking])
    named = [item for item in findings if item.focus is not None and item.focus.shape == "https://other.example.org/shape"]
    assert len(named) == 4
    assert all(item.message for item in findings)


def test_a_shape_on_what_is_concluded_is_placed_where_the_thing_is_introduced(sound: Settings) -> None:
    shutil.rmtree(sound.shapes)
    sound.shapes.mkdir()
    (sound.shapes / "foreign.ttl").write_text("""
        @prefix org: <http://www.w3.org/ns/org#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <https://other.example.org/shape> a sh:NodeShape ; sh:targetClass org:Organization ; sh:property <https://other.example.org/linked> .
        <https://other.example.org/linked> sh:path org:hasMembership ; sh:maxCount 1 .
    """)
    (crowded,) = [item for item in check(sound).findings if item.focus is not None and item.focus.label.get("nl") == "Ziekenhuis De Linden"]
    assert [place.file for place in crowded.places] == ["data/organisations.csv"]
    assert [place.row for place in crowded.places] == [2]


def test_shapes_that_cannot_be_read_are_a_finding_with_file_and_line(sound: Settings) -> None:
    (sound.shapes / "broken.ttl").write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n<x> a sh:NodeShape\n<y> .\n")
    outcome = check(sound)
    (broken,) = [item for item in outcome.findings if item.kind == "rdf-syntax"]
    assert (broken.places[0].file, broken.places[0].row) == ("shapes/broken.ttl", 4)
    assert outcome.blocked
