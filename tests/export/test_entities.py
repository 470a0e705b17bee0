"""Files for things whose addresses are hostile, or merely unlucky; and pages that show whatever they are called."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat

from schakel import Outcome, Settings, build
from schakel.findings import Severity

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]

BASE = "https://example.org/"
SETTINGS = """
base = "https://example.org/"
publisher = "<b>Lighthouse</b> & Friends"
title = { en = "Lighthouses </title><script>alert(1)</script>" }
description = { en = "Keepers & <i>towers</i>" }
[evidence]
require_passages = false
"""

HOSTILE = {
    "a step upwards": ["https://example.org/../outside", "https://example.org/tower/../../outside", "https://example.org/..", "https://example.org/a/.."],
    "an escaped step upwards": ["https://example.org/%2e%2e/outside", "https://example.org/%2E%2E%2Foutside", "https://example.org/tower/..%2foutside"],
    "a step on the spot": ["https://example.org/.", "https://example.org/./x", "https://example.org/tower/."],
    "an absolute path": ["https://example.org//etc/passwd", "https://example.org/tower//x"],
    "a hidden file": ["https://example.org/.htaccess", "https://example.org/.well-known/void", "https://example.org/tower/.git"],
    "a file of the publication": ["https://example.org/index", "https://example.org/catalog", "https://example.org/void", "https://example.org/report"],
    "a file of the publication in capitals": ["https://example.org/INDEX", "https://example.org/Download/graph"],
    "a folder of the publication": ["https://example.org/download/graph", "https://example.org/download", "https://example.org/queries/members"],
    "a name of a device": ["https://example.org/con", "https://example.org/tower/NUL", "https://example.org/aux.x", "https://example.org/com1/x"],
    "a name too long": [f"https://example.org/{'x' * 300}", f"https://example.org/{'é' * 150}", "https://example.org/" + "/".join(["x" * 100] * 20)],
    "signs that no file name has": [
        "https://example.org/a:b",
        "https://example.org/a*b",
        "https://example.org/a?b=c",
        "https://example.org/a%00b",
        "https://example.org/a'b",
    ],
    "the base itself": ["https://example.org/"],
    "a folder and nothing in it": ["https://example.org/tower/"],
}


def data(*iris: str) -> str:
    lines = [
        f'<{iri}> a <http://www.w3.org/ns/org#Organization> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Thing {n}"@en .' for n, iri in enumerate(iris)
    ]
    return "\n".join(lines)


def built(make_project: MakeProject, *iris: str) -> tuple[Settings, Outcome]:
    settings = make_project({"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n", "data/hostile.ttl": data(*iris)})
    return settings, build(settings)


def all_files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_address_gets_no_file_and_a_warning_and_stays_in_the_dumps(kind: str, make_project: MakeProject) -> None:
    settings, outcome = built(make_project, *HOSTILE[kind])
    assert not outcome.blocked
    warned = [item for item in outcome.findings if item.kind == "entity-without-file"]
    assert all(item.severity is Severity.WARNING for item in warned)
    assert {iri for iri in HOSTILE[kind] if any(f"<{iri}>" in item.text("en") for item in warned)} == set(HOSTILE[kind])
    written = all_files(settings.publication)
    sound = {f"{name}.{ending}" for name in ("tower/brandaris", "source/page") for ending in ("nt", "ttl", "jsonld")}
    own = {path for path in written if path.endswith((".nt", ".ttl", ".jsonld")) and not path.startswith("download/")} - {
        "catalog.ttl",
        "void.ttl",
        "report.ttl",
    }
    assert own == sound
    subjects = {quad.subject.value for quad in ox.parse(path=settings.publication / "download" / "graph.nt", format=RdfFormat.N_TRIPLES)}
    assert set(HOSTILE[kind]) <= subjects


def test_nothing_is_written_beside_the_project(make_project: MakeProject, tmp_path: Path) -> None:
    settings, _ = built(make_project, *(iri for iris in HOSTILE.values() for iri in iris))
    assert {path.name for path in tmp_path.iterdir()} == {settings.root.name}
    assert {path.name for path in settings.root.iterdir()} <= {
        "data",
        "ontology",
        "queries",
        "shapes",
        "pages",
        "schakel.toml",
        "public",
        "report",
        ".public.lock",
        ".schakel",
    }


def test_of_two_addresses_that_differ_in_case_alone_one_gets_files(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}tower/North", f"{BASE}tower/north", f"{BASE}Tower/north")
    warned = [item.text("en") for item in outcome.findings if item.kind == "entity-without-file"]
    assert len(warned) == 2
    assert all("upper and lower case" in text for text in warned)
    assert sum(path.lower() == "tower/north.nt" for path in all_files(settings.publication)) == 1


def test_a_thing_and_things_below_its_address_get_their_files(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}port", f"{BASE}port/quay", f"{BASE}port/quay/crane", f"{BASE}port.ttl", f"{BASE}port.ttl/x")
    files = all_files(settings.publication)
    assert {"port.nt", "port/quay.ttl", "port/quay/crane.jsonld"} <= files
    # <port.ttl/x> asks for a folder of the name of a file that <port> has.
    warned = [item.text("en") for item in outcome.findings if item.kind == "entity-without-file"]
    assert any("port.ttl" in text for text in warned)
    for path in ("port.ttl", "port/quay.ttl"):
        assert list(ox.parse(path=settings.publication / path, format=RdfFormat.TURTLE))


def test_words_of_other_scripts_may_be_file_names(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}tårn/Ørland", f"{BASE}塔")
    assert [item for item in outcome.findings if item.kind == "entity-without-file"] == []
    assert {"tårn/Ørland.nt", "塔.ttl"} <= all_files(settings.publication)


def test_no_thing_of_another_base_gets_files(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, "https://example.organisation/x", "http://example.org/x", "urn:example:x")
    assert [item for item in outcome.findings if item.kind == "entity-without-file"] == []
    assert not [path for path in all_files(settings.publication) if "x." in path.rpartition("/")[2] and not path.startswith(("download", "index", "queries"))]


# -------------------------------------------------------------------------------------------------------------------------------- pages

LABELS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&amp; &lt; &#60;",
    "</li></ul></section></main></html>",
    "javascript:alert(1)",
    "\u202egnissim\u202c",
]


class Page(HTMLParser):
    """Gathers the tags, the links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "br", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    page.close()
    assert page.open == []
    return page


@pytest.fixture
def labelled(make_project: MakeProject) -> Settings:
    """A publication of things whose names, classes and passages are meant to break a page."""
    escaped = [label.replace("\\", "\\\\").replace('"', '\\"') for label in LABELS]
    turtle = "\n".join(
        f'<{BASE}thing/{n}> a <{BASE}class/{n}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "{label}"@en .'
        f' <{BASE}class/{n}> a <http://www.w3.org/2000/01/rdf-schema#Class> ; <http://www.w3.org/2000/01/rdf-schema#label> "{label}"@en .'
        for n, label in enumerate(escaped)
    )
    shapes = f"""
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <{BASE}shape> a sh:NodeShape ; sh:targetClass <{BASE}class/0> ; sh:property <{BASE}p> .
    <{BASE}p> sh:path <{BASE}missing> ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "<script>alert(2)</script> is missing"@en .
    """
    files = {
        "schakel.toml": SETTINGS,
        "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n",
        "data/hostile.ttl": turtle,
        "shapes/s.ttl": shapes,
    }
    settings = make_project(files)
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return settings


@pytest.mark.parametrize("name", ["index.html", "report.html"])
def test_a_page_shows_hostile_words_as_words(name: str, labelled: Settings) -> None:
    page = read(labelled.publication / name)
    assert not {"script", "img", "i", "b"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute.startswith("on")]
    assert "Lighthouses </title><script>alert(1)</script>" in page.words


def test_every_name_is_shown_as_it_is(labelled: Settings) -> None:
    words = read(labelled.publication / "index.html").words
    assert [label for label in LABELS if label not in words] == []
    assert "<script>alert(2)</script> is missing" in read(labelled.publication / "report.html").words


def test_links_lead_to_files_of_the_publication_or_to_the_web(labelled: Settings) -> None:
    for name in ("index.html", "report.html"):
        for link in read(labelled.publication / name).links:
            assert re.match(r"https?://", link) or (labelled.publication / link).is_file(), link


@pytest.mark.parametrize("licence", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org/"])
def test_a_licence_that_is_no_address_of_the_web_is_refused(licence: str, make_project: MakeProject) -> None:
    with pytest.raises(Exception, match="licence"):
        make_project({"schakel.toml": f'licence = "{licence}"\n{SETTINGS}'})


def test_the_first_page_of_the_real_graph_leads_to_everything(published: Settings) -> None:
    page = read(published.publication / "index.html")
    local = [link for link in page.links if not link.startswith(("http://", "https://"))]
    assert [link for link in local if not (published.publication / link).is_file()] == []
    assert {"download/graph.ttl", "download/dataset.trig", "catalog.ttl", "void.ttl", "org/mst.ttl", "org/mst.jsonld"} <= set(local)
    assert "Medisch Spectrum Twente" in page.words


def test_a_thing_whose_address_sorts_between_another_and_its_parts_takes_nothing_from_its_files(make_project: MakeProject) -> None:
    statements = "".join(
        f'<{BASE}org/a{end}> a <http://www.w3.org/ns/org#Organization> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "A{end}"@en .\n'
        for end in ("", "!x", "#part")
    )
    settings = make_project({"schakel.toml": SETTINGS, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n", "data/more.ttl": statements})
    build(settings)
    written = (settings.publication / "org" / "a.nt").read_text("utf-8")
    assert f"<{BASE}org/a> " in written
    assert f"<{BASE}org/a#part> " in written
