"""The pages of a whole site: what is called whatever is shown as that, and from the first page all others can be reached."""

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from schakel import Settings, build, read_settings

BASE = "https://example.org/"
SETTINGS = """
base = "https://example.org/"
publisher = "<b>Lighthouse</b> & Friends"
title = { en = "Lighthouses </title><script>alert(1)</script>" }
description = { en = "Keepers & <i>towers</i>" }
[evidence]
require_passages = false
"""
LABELS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&amp; &lt; &#60;",
    "</li></ul></section></main></html>",
    "javascript:alert(1)",
    "\u202egnissim\u202c",
]
# Of pages that are known to be sound.
HREF = re.compile(r'(?:href|src|action)="([^"]*)"')


class Page(HTMLParser):
    """Gathers the tags, the attributes and the words of a page; scripts that run are told from data by their attributes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._silent = False
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._silent = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._silent = self._silent and tag != "script"

    def handle_data(self, data: str) -> None:
        self.words += "" if self._silent else data

    @property
    def scripts(self) -> list[str | None]:
        """What the scripts are that are not data: where each stands, None for one within the page."""
        return [
            attributes.get("src")
            for tag, attributes in self.elements
            if tag == "script" and attributes.get("type") not in {"application/ld+json", "application/json"}
        ]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A publication of things whose names and classes are meant to break a page."""
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
    root = tmp_path_factory.mktemp("labelled")
    files = {"schakel.toml": SETTINGS, "data/hostile.ttl": turtle, "shapes/s.ttl": shapes}
    for name, content in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content, "utf-8")
    for folder in ("ontology", "queries"):
        (root / folder).mkdir()
    settings = read_settings(root)
    outcome = build(settings)
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    return settings


OVERVIEWS = ("index.html", "report.html", "browse.html", "shapes.html", "about.html", "downloads.html", "sources.html", "ontology.html", "search.html")


@pytest.mark.parametrize("name", OVERVIEWS)
def test_a_page_shows_hostile_words_as_words(name: str, labelled: Settings) -> None:
    page = Page(labelled.publication / name)
    assert not {"img", "i", "b"} & {tag for tag, _ in page.elements}
    assert all(source is not None and source.startswith("static/") for source in page.scripts)
    assert not [attribute for _, attributes in page.elements for attribute in attributes if attribute.startswith("on")]
    assert "Lighthouses </title><script>alert(1)</script>" in page.words


def test_every_name_is_shown_as_it_is(labelled: Settings) -> None:
    words = "".join(Page(path).words for path in sorted((labelled.publication / "kinds").glob("*.html")))
    assert [label for label in LABELS if label not in words] == []
    for number, label in enumerate(LABELS):
        assert label in Page(labelled.publication / "thing" / f"{number}.html").words
    assert "<script>alert(2)</script> is missing" in Page(labelled.publication / "report.html").words


def links_of(folder: Path, page: str) -> set[str]:
    """Paths of the files that a page leads to."""
    targets = (unquote(link.partition("#")[0].partition("?")[0].replace("&amp;", "&")) for link in HREF.findall((folder / page).read_text("utf-8")))
    local = (target for target in targets if target and not target.startswith(("http://", "https://", "mailto:", "data:")))
    found = {posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) for target in local}
    return {f"{path}/index.html".removeprefix("./") if (folder / path).is_dir() else path for path in found}


def reached_from(folder: Path, start: str) -> set[str]:
    met, ahead = {start}, {start}
    while ahead:
        ahead = {link for page in ahead if page.endswith(".html") for link in links_of(folder, page)} - met
        met |= ahead
    return met


def test_the_first_page_of_the_real_graph_leads_to_everything(published: Settings) -> None:
    folder = published.publication
    reached = reached_from(folder, "index.html")
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert pages - reached == {"404.html"}
    named = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in {".ttl", ".nt", ".jsonld", ".rq", ".csv", ".trig", ".nq"}}
    unlinked = named - reached
    assert unlinked <= {"download/context.jsonld", "queries/examples.ttl"}, sorted(unlinked)[:10]
    assert "Medisch Spectrum Twente" in Page(folder / "org" / "mst.html").words


def test_a_page_is_in_every_language_and_has_the_same_parts_in_each(published: Settings) -> None:
    languages = published.page_languages
    assert len(languages) > 1
    # What tells a picture to who cannot see it has an id made of its words.
    ids_of_words = re.compile(r"picture-\w+-(?:title|desc)")
    ids = {}
    for language in languages:
        folder = published.publication / ("" if language == languages[0] else language)
        pages = [Page(folder / name) for name in ("org/mst.html", "index.html", "queries/members.html")]
        assert {attributes.get("lang") for page in pages for tag, attributes in page.elements if tag == "html"} == {language}
        ids[language] = [
            {attributes["id"] for _, attributes in page.elements if "id" in attributes and not ids_of_words.match(attributes["id"] or "")} for page in pages
        ]
    assert all(each == ids[languages[0]] for each in ids.values())
    names = {
        language: {path.name for path in (published.publication / ("" if language == languages[0] else language) / "org").glob("*.html")}
        for language in languages
    }
    assert all(each == names[languages[0]] for each in names.values())


def test_what_the_first_page_counts_is_what_there_is(published: Settings) -> None:
    text = re.sub(r"<[^>]*>", "", (published.publication / "index.html").read_text("utf-8"))
    quads = (published.publication / "download" / "dataset.nq").read_text("utf-8").splitlines()
    graphs = {line.rsplit(" ", 2)[1] for line in quads}
    sources = sum(line.endswith("ns#SourceDocument> <" + published.names.provenance.value + "> .") for line in quads)
    passages = sum("#p-" in graph for graph in graphs)
    assert f"{passages} passages" in text
    assert f"{sources} sources" in text
    listed = list((published.publication / "kinds").rglob("*.html"))
    (things,) = re.findall(r"(\d+) things", text)
    assert 0 < int(things) <= sum(path.read_text("utf-8").count('<li><a href="../') for path in listed)


def test_the_first_page_has_a_way_to_read_one_to_ask_and_one_to_load(published: Settings) -> None:
    for folder in ("", "nl/", "nn/"):
        ways = (published.publication / f"{folder}index.html").read_text("utf-8").partition('class="ways"')[2].partition("</section>")[0]
        first, second, third = re.findall(r'class="button" href="([^"]+)"', ways)
        assert first.endswith("org/mst.html")
        assert "queries/" in second
        assert third.endswith("download/graph.ttl")
    assert "<svg" in (published.publication / "index.html").read_text("utf-8")
