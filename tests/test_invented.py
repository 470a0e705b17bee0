"""A second project, invented from beginning to end, builds with the same engine: ferries and lighthouses, in German, French and English."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Store

PROJECT = Path(__file__).parent / "invented"
ID = "https://harbour.example.net/id/"
PREFIXES = f"""
BASE <{ID}>
PREFIX h: <https://harbour.example.net/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX season: <https://harbour.example.net/season/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def schakel(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "SCHAKEL_CAPTURES"}
    return subprocess.run([sys.executable, "-m", "schakel", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented project, copied and built by the command line; the folder of the project."""
    root = tmp_path_factory.mktemp("invented") / "harbour"
    shutil.copytree(PROJECT, root)
    done = schakel(root, "build", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = json.loads(done.stdout)
    assert not outcome["blocked"]
    assert outcome["passages"] == 9
    return root


@pytest.fixture(scope="module")
def store(built: Path) -> Store:
    store = Store()
    store.bulk_load(path=built / "web" / "download" / "dataset.trig", format=RdfFormat.TRIG)
    return store


STATED = {
    "a lighthouse guards a port": ("almanac", "<light/weisse-nadel> a h:Lighthouse ; h:guards <port/silberbucht> ; h:height 41.5"),
    "a light is no lighthouse": ("almanac", "<light/graustein-ost> a h:Light ; h:height ?metres FILTER(?metres = 12)"),
    "a height that nobody measured is not there": ("almanac", "<light/graustein-west> a h:Light FILTER NOT EXISTS { <light/graustein-west> h:height ?x }"),
    "a ferry calls at two ports": ("almanac", "<ferry/moewe> a h:Ferry ; h:callsAt <port/silberbucht>, <port/graustein>"),
    "another ferry, on another page": ("timetable", "<ferry/seal> h:callsAt <port/graustein>, <port/holm> ; skos:prefLabel 'Seal'@en"),
    "no service in winter": ("timetable", "<ferry/moewe-winter> h:season season:winter"),
    "a name with quotation marks and braces": ("timetable", """<ferry/moewe-winter> h:owner "O'Brien & Söhne {Holm}" """),
}


@pytest.mark.parametrize("what", STATED)
def test_what_a_page_states_is_in_the_graph_of_its_passage(what: str, store: Store) -> None:
    source, pattern = STATED[what]
    query = f"{PREFIXES} ASK {{ GRAPH ?passage {{ {pattern} }} GRAPH <graph/provenance> {{ ?passage oa:hasSource <source/{source}> }} }}"
    assert bool(store.query(query))


CONCLUDED = {
    "a lighthouse is a light": "<light/weisse-nadel> a h:Light",
    "a port is guarded by its light": "<port/silberbucht> h:guardedBy <light/weisse-nadel>",
    "a ferry sees the lights of the ports it calls at": "<ferry/moewe> h:sees <light/weisse-nadel>, <light/graustein-ost>, <light/graustein-west>",
    "what stands in a file of RDF is reasoned with too": "<light/weisse-nadel> h:guards <port/ile-noire>",
}


@pytest.mark.parametrize("what", CONCLUDED)
def test_what_the_ontology_of_the_project_concludes_is_in_the_graph_of_conclusions(what: str, store: Store) -> None:
    assert bool(store.query(f"{PREFIXES} ASK {{ GRAPH <graph/inferred> {{ {CONCLUDED[what]} }} }}"))


def test_a_file_of_rdf_has_a_graph_of_its_own(store: Store) -> None:
    assert bool(store.query(f"{PREFIXES} ASK {{ GRAPH <graph/file/more.jsonld> {{ <port/ile-noire> a h:Port ; skos:prefLabel 'Île Noire'@fr }} }}"))


def test_the_shapes_of_the_project_judge_it(built: Path) -> None:
    report = json.loads((built / "report" / "report.json").read_text("utf-8"))
    (finding,) = report["findings"]
    assert (finding["severity"], finding["message"]["de"]) == ("warning", "Die Höhe fehlt.")
    assert (finding["places"][0]["file"], finding["places"][0]["row"]) == ("data/lights.csv", 4)
    assert finding["label"] == {"de": "Graustein West"}


def test_the_messages_are_in_the_language_of_the_project(built: Path) -> None:
    assert "Die Höhe fehlt." in schakel(built, "check").stdout
    assert "The height is missing." in schakel(built, "--lang", "en", "check").stdout


def test_the_passages_are_where_the_lock_says(built: Path) -> None:
    lock = (built / "data" / "evidence.lock.csv").read_bytes()
    assert "verified in their pages" in schakel(built, "check").stdout
    assert schakel(built, "evidence").returncode == 0
    assert (built / "data" / "evidence.lock.csv").read_bytes() == lock


def test_the_publication_is_complete(built: Path) -> None:
    site = built / "web"
    for name in ("index.html", "catalog.ttl", "void.ttl", "download/graph.jsonld", "port/silberbucht.ttl", "light/weisse-nadel.jsonld", "ferry/seal.nt"):
        assert (site / name).is_file(), name
    index = (site / "index.html").read_text("utf-8")
    # Pages speak no German, and so stand in the next language of the project.
    assert '<html lang="en">' in index
    assert "Ferries and lighthouses" in index
    assert "Weiße Nadel" in (site / "light" / "weisse-nadel.html").read_text("utf-8")
    assert not (built / "public").exists()


def test_the_catalogue_says_what_the_settings_say(built: Path) -> None:
    text = (built / "web" / "catalog.ttl").read_text("utf-8")
    for words in ("Freunde der Leuchtfeuer", "2.1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "Ferries and lighthouses"):
        assert words in text


def test_the_same_statements_stand_in_every_dump(built: Path) -> None:
    downloads = built / "web" / "download"
    graph = {str(quad.triple) for quad in ox.parse(path=downloads / "graph.nt", format=RdfFormat.N_TRIPLES)}
    for name, rdf_format in (
        ("graph.ttl", RdfFormat.TURTLE),
        ("graph.jsonld", RdfFormat.JSON_LD),
        ("dataset.trig", RdfFormat.TRIG),
        ("dataset.nq", RdfFormat.N_QUADS),
    ):
        assert {str(quad.triple) for quad in ox.parse(path=downloads / name, format=rdf_format)} == graph


def test_a_mistake_in_this_project_is_found_too(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "harbour"
    shutil.copytree(built, root)
    lights = root / "data" / "lights.csv"
    lights.write_text(lights.read_text("utf-8").replace("41.5", "415"), "utf-8")
    before = (root / "web" / "download" / "graph.nt").read_bytes()
    done = schakel(root, "build", "--json")
    assert done.returncode == 1
    (finding,) = [item for item in json.loads(done.stdout)["findings"] if item["severity"] == "violation"]
    assert finding["message"]["de"] == "Kein Turm ist so hoch."
    assert finding["places"] == [{"file": "data/lights.csv", "row": 2, "column": "height"}]
    assert (root / "web" / "download" / "graph.nt").read_bytes() == before


def test_nothing_of_the_first_project_is_in_this_one(built: Path) -> None:
    text = (built / "web" / "download" / "dataset.nq").read_text("utf-8")
    assert "kg.example.org" not in text
    # Only what the engine itself says of passages and files is in its own terms.
    assert set(re.findall(r"<https://w3id\.org/schakel/ns#(\w+)>", text)) == {"SourceDocument", "firstWords", "lastWords", "sha256", "statedIn"}


def test_a_source_is_shown_as_its_table_says_or_else_as_the_settings_say(built: Path) -> None:
    page, passages = ((built / "web" / "source" / f"{name}.html").read_text("utf-8") for name in ("timetable", "almanac"))
    assert '<span id="p-e2500b310380" class="at a1"></span><a class="i0 i1" href="#ui-read-p-e2500b310380">Greystone to Holm</a>, twice a day.' in page
    assert page.count('<section class="passage" id="ui-read-p-') == 3
    assert "Weiße Nadel, 41,5 Meter hoch; er brennt seit 1897</blockquote>" in passages
    assert "Nordküste" not in passages
