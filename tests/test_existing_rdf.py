"""Files of RDF as other people have them: two commands lead to a site in which everything has a name and a page, and no statement is lost."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import BlankNode, NamedNode, RdfFormat

from schakel.cli import main
from schakel.document_paths import path_of, whole_of
from schakel.project.blank_nodes import name_blank_nodes

FOLDER = Path(__file__).parent / "invented_rdf"
BASE = "https://kg.example.org/"
GUILD = "https://pilots.example/id/guild"
FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("existing") / "pilots"
    assert run("new", folder, "--from", FOLDER, "--base", BASE).exit_code == 0
    result = run("--project", folder, "build")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def stated(project: Path) -> list[ox.Quad]:
    """What is published of the files themselves."""
    quads = ox.parse(path=project / "public" / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    made = tuple(f"{BASE}graph/{name}" for name in ("inferred", "provenance", "vocabulary"))
    return [quad for quad in quads if not quad.graph_name.value.startswith(made)]


def page(project: Path, iri: str) -> str:
    return (project / "public" / f"{path_of(iri, BASE)}.html").read_text("utf-8")


def test_no_statement_is_lost(project: Path, stated: list[ox.Quad]) -> None:
    given = [quad for path in sorted(FOLDER.glob("*.t*")) for quad in ox.parse(path=path, format=FORMATS[path.suffix], base_iri=BASE)]
    of_files = [quad for quad in stated if "jsonld" not in quad.graph_name.value]
    assert len(of_files) == len(given)
    literals = [{str(quad.object) for quad in each if isinstance(quad.object, ox.Literal)} for each in (of_files, given)]
    assert literals[0] == literals[1]
    assert '"Guild of Pilots"@en-GB' in (project / "public" / "download" / "graph.nt").read_text("utf-8")
    assert len(stated) - len(of_files) == 7
    assert NamedNode("https://pilots.example/graph/2026") in {quad.graph_name for quad in stated}
    assert not any(isinstance(term, BlankNode) for quad in stated for term in (quad.subject, quad.object))


def test_what_is_wrong_is_reported_with_its_line_and_keeps_nothing_from_being_published(project: Path) -> None:
    # A shape says once more that this is no date.
    found = {item["kind"]: item for item in json.loads((project / "public" / "report.json").read_text("utf-8"))["findings"] if item["kind"] != "shape"}
    assert set(found) == {"ill-typed-date", "undescribed-reference"}
    assert [found[kind]["severity"] for kind in sorted(found)] == ["violation", "info"]
    assert {(place["file"], place["row"]) for item in found.values() for place in item["places"]} == {("data/organisations.ttl", row) for row in (14, 15)}
    assert "Add a triple about it" in found["undescribed-reference"]["mend"]["en"]


def test_everything_that_is_described_has_a_page_and_files_with_all_that_is_said_of_it(project: Path, stated: list[ox.Quad]) -> None:
    said: defaultdict[str, set[str]] = defaultdict(set)
    for quad in stated:
        said[whole_of(quad.subject.value, BASE)[0]].add(f"{quad.triple} .")
    assert len(said) == 10
    for iri, lines in said.items():
        file = project / "public" / f"{path_of(iri, BASE)}.nt"
        narrow = project / "public" / f"{path_of(iri, BASE, narrow=True)}.nt"
        file = narrow if narrow.exists() else file
        assert {line.replace("@en-gb", "@en-GB") for line in lines} <= set(file.read_text("utf-8").splitlines())
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", file.with_suffix(".html").read_text("utf-8"))
        assert heading is not None
        assert heading[1].strip()
        assert "://" not in heading[1]


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (GUILD, "Guild of Pilots"),
        ("https://pilots.example/id/OVO000002", "Night Watch"),
        ("https://pilots.example/id/OVO000003", "OVO000003"),
        ("https://pilots.example/id/OVO000004", "organisation OVO000004"),
        ("https://pilots.example/id/westhaven", "Westhaven"),
    ],
)
def test_names_come_from_whatever_gives_them(project: Path, iri: str, name: str) -> None:
    narrow = project / "public" / f"{path_of(iri, BASE, narrow=True)}.html"
    content = narrow.read_text("utf-8") if narrow.exists() else page(project, iri)
    assert name in re.sub(r"<[^>]+>", "", content[content.index("<h1") : content.index("</h1>")])


def test_a_page_links_within_the_site_and_says_where_its_thing_is_known_too(project: Path) -> None:
    content = page(project, GUILD)
    assert f'href="../{path_of("https://pilots.example/id/OVO000002", BASE)}.html"' in content
    assert '<a href="https://ror.org/0guild" rel="external noopener">0guild at ror.org</a>' in content
    assert '<a href="https://elsewhere.example/harbour" rel="external noopener">' in content
    assert f'<a href="{GUILD}" rel="external noopener">' in content
    assert "date of charter" in content
    assert "Westhaven" in content


def test_lists_and_search_have_what_is_named_elsewhere(project: Path) -> None:
    listed = (project / "public" / "kinds" / "org-Organization.html").read_text("utf-8")
    assert all(each in listed for each in ("Guild of Pilots", "Night Watch", "organisation OVO000004"))
    assert "OVO000002" in "".join(path.read_text("utf-8") for path in (project / "public" / "static" / "search").glob("*.json"))


def test_queries_names_and_descriptions_know_what_is_named_elsewhere(project: Path) -> None:
    assert "Night Watch" in run("--project", project, "query", "organization").output
    shown = run("--project", project, "show", GUILD).output
    assert f"{path_of(GUILD, BASE)}.html" in shown
    assert "0guild at ror.org" in shown
    assert "https://pilots.example/id/OVO000002" in run("--project", project, "find", "night watch").output


def named(*turtle: str) -> list[set[str]]:
    taken: set[str] = set()
    triples = [[quad.triple for quad in ox.parse(text, format=RdfFormat.TURTLE, base_iri=BASE)] for text in turtle]
    return [{name.value for name in name_blank_nodes(each, BASE, taken).values()} for each in triples]


def test_the_iri_of_a_blank_node_stays_when_other_things_come_and_go() -> None:
    first = '<org/a> <x:hasSite> [ <x:in> "Goor" ; <x:address> [ <x:street> "Main" ] ] .'
    other = '<org/a> <x:hasSite> [ <x:in> "Delden" ] . <org/b> <x:hasSite> [ <x:in> "Goor" ] . [] <x:in> "Goor" .'
    (alone,), (together,), (without,) = named(first), named(first + other), named(other)
    assert alone < together
    assert not alone & without
    assert all(name.startswith(f"{BASE}org/a#") for name in alone)


def test_what_is_said_twice_in_one_place_is_two_nodes_and_circles_have_names() -> None:
    twice, elsewhere = named(*['<a> <x:p> [ <x:q> "1" ], [ <x:q> "1" ] .'] * 2)
    assert len(twice | elsewhere) == 4
    (circle,) = named("_:a <x:p> _:b . _:b <x:p> _:c . _:c <x:q> _:a . _:c <x:r> 1 .")
    assert len(circle) == 3
