"""Files for things whose addresses are hostile, or merely unlucky."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat

from schakel import Outcome, Settings, build
from schakel.findings import Finding, Severity

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


def test_the_published_report_has_what_was_found_while_publishing_in_order(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}con", f"{BASE}aux")
    assert list(outcome.findings) == sorted(outcome.findings, key=Finding.sort_key)
    told = json.loads((settings.publication / "report.json").read_text("utf-8"))["findings"]
    assert [item["kind"] for item in told].count("entity-without-file") == 2
    assert told == json.loads((settings.report / "report.json").read_text("utf-8"))["findings"]


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
    written = {path for path in all_files(settings.publication) if path.endswith(("x.html", "x.ttl", "x.nt", "x.jsonld"))}
    assert written == {"index.html", "queries/index.html"}


@pytest.mark.parametrize("licence", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org/"])
def test_a_licence_that_is_no_address_of_the_web_is_refused(licence: str, make_project: MakeProject) -> None:
    with pytest.raises(Exception, match="licence"):
        make_project({"schakel.toml": f'licence = "{licence}"\n{SETTINGS}'})


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
