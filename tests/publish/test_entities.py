"""Files for things whose addresses are hostile, or merely unlucky."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from schakel import Outcome, Settings, build
from schakel.document_paths import decoded, path_of
from schakel.findings import Finding

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


@pytest.fixture(scope="module")
def hostile(make_project_in: Callable[[Path, Mapping[str, str | bytes]], Settings], tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Outcome]:
    return built(partial(make_project_in, tmp_path_factory.mktemp("hostile")), *(iri for iris in HOSTILE.values() for iri in iris))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_address_has_files_of_a_safe_name_that_gives_it_back(kind: str, hostile: tuple[Settings, Outcome]) -> None:
    settings, outcome = hostile
    assert not outcome.blocked
    for iri in HOSTILE[kind]:
        path = path_of(iri, BASE)
        assert decoded(path, BASE) == iri
        warned = any(f"<{iri}>" in item.text("en") for item in outcome.findings if item.kind == "entity-without-file")
        assert warned == (len(path) > 1000)
        file = settings.publication / f"{path}.nt"
        assert warned or any(quad.subject.value == iri for quad in ox.parse(path=file, format=RdfFormat.N_TRIPLES))
        assert warned or file.resolve() == file.absolute()


@given(st.text(alphabet="aAb/.~%:é?(index", min_size=1, max_size=12), st.sampled_from([BASE, "https://data.example/"]))
def test_every_address_has_a_path_that_no_other_has(local: str, namespace: str) -> None:
    iri = namespace + local
    for narrow in (False, True):
        path = path_of(iri, BASE, {"nl"}, narrow=narrow)
        assert decoded(path, BASE) == iri
        assert all(re.fullmatch(r"(?!\.)[\w.~-]+", segment) for segment in path.split("/"))


def test_the_published_report_has_what_was_found_while_publishing_in_order(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}{'x' * 1200}", f"{BASE}{'y' * 1200}")
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


def test_addresses_that_differ_in_case_alone_have_files_that_differ_in_more(make_project: MakeProject) -> None:
    settings, outcome = built(
        make_project, f"{BASE}tower/North", f"{BASE}tower/north", f"{BASE}Tower/north", "https://data.example/X", "https://data.example/x"
    )
    assert not [item for item in outcome.findings if item.kind == "entity-without-file"]
    files = [path for path in all_files(settings.publication) if path.endswith(".nt")]
    assert len({path.casefold() for path in files}) == len(files)
    assert {"tower/~4eorth.nt", "tower/north.nt", "~54ower/north.nt"} <= set(files)


def test_a_thing_and_things_below_its_address_get_their_files(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}port", f"{BASE}port/quay", f"{BASE}port/quay/crane", f"{BASE}port.ttl", f"{BASE}port.ttl/x")
    files = all_files(settings.publication)
    assert {"port.nt", "port/quay.ttl", "port/quay/crane.jsonld"} <= files
    # <port.ttl/x> asks for a folder of the name of a file that <port> has.
    assert "port~2ettl/x.nt" in files
    assert not [item for item in outcome.findings if item.kind == "entity-without-file"]
    for path in ("port.ttl", "port/quay.ttl"):
        assert list(ox.parse(path=settings.publication / path, format=RdfFormat.TURTLE))


def test_words_of_other_scripts_may_be_file_names(make_project: MakeProject) -> None:
    settings, outcome = built(make_project, f"{BASE}tårn/Ørland", f"{BASE}塔")
    assert [item for item in outcome.findings if item.kind == "entity-without-file"] == []
    assert {"tårn/Ørland.nt", "塔.ttl"} <= all_files(settings.publication)


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
