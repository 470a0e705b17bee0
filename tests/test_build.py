"""The same content gives the same bytes, on whatever machine; and the engine knows nothing of what it publishes."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import schakel
from schakel import Settings, build, check, read_settings, record_evidence
from schakel.pipeline import STAGES

REPOSITORY = Path(__file__).parent.parent
ENGINE = Path(schakel.__file__).parent

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "schakel", *arguments], cwd=root, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


# ----------------------------------------------------------------------------------------------------------------- the same bytes again

# Awkward enough that an order of sets, a clock or a locale would show.
MORE = {
    "schakel.toml": """
base = "https://example.org/"
publisher = "Lighthouse Friends"
languages = ["nl", "en"]
title = { en = "Lighthouses", nl = "Vuurtorens" }
description = { en = "Lighthouses and their keepers", nl = "Vuurtorens en wie ze onderhoudt" }
[evidence]
require_passages = false
""",
    "data/towers.csv": "id,label,source\n" + "".join(f"t{n},Töwer {n},page\n" for n in range(40)),
    "data/more.ttl": """
@prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://example.org/> .
:a a org:FormalOrganization, org:Organization ; skos:prefLabel "É"@nl, "e"@en, "Z"@nb ; org:subOrganizationOf :b, :c ; org:location "x", 3, 2.50, true .
:b a org:Organization ; skos:altLabel "1", "2" . :c a org:Organization ;
    org:hasSite [ a org:Site ; skos:prefLabel "one" ], [ a org:Site ; skos:prefLabel "two" ] .
:con a org:Organization . :x a org:Organization . :X a org:Organization .
""",
    "ontology/o.ttl": """
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
org:subOrganizationOf owl:inverseOf org:hasSubOrganization . org:hasSite owl:inverseOf org:siteOf .
org:FormalOrganization rdfs:subClassOf org:Organization ; rdfs:label "formeel"@nl, "formal"@en .
""",
    "shapes/s.ttl": """
@prefix org: <http://www.w3.org/ns/org#> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
[] a sh:NodeShape ; sh:targetClass org:Organization, org:Site ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:maxCount 1 ; sh:severity sh:Warning ;
    sh:message "One name."@en, "Eén naam."@nl, "Ett navn."@nb ] ;
    sh:property [ sh:path org:location ; sh:severity sh:Warning ; sh:message "a"@en, "b"@nl, "c"@nb ;
    sh:sparql [ a sh:SPARQLConstraint ; sh:select "SELECT $this ?value { $this <http://www.w3.org/ns/org#location> ?value }" ] ] .
""",
}

ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "LC_ALL": "nl_NL.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
]


def test_a_second_build_gives_the_same_bytes(make_project: MakeProject) -> None:
    settings = make_project(MORE)
    assert not build(settings).blocked
    first = content(settings.publication), content(settings.report)
    assert not build(settings).blocked
    assert (content(settings.publication), content(settings.report)) == first
    assert len(first[0]) > 100


def test_another_hash_seed_time_zone_and_locale_give_the_same_bytes(make_project: MakeProject) -> None:
    settings = make_project(MORE)
    publications = []
    for environment in ENVIRONMENTS:
        shutil.rmtree(settings.publication, ignore_errors=True)
        done = run(settings.root, "build", **environment)
        assert done.returncode == 0, done.stderr
        publications.append({**content(settings.publication), **{f"report/{name}": text for name, text in content(settings.report).items()}})
    for other in publications[1:]:
        assert sorted(other) == sorted(publications[0])
        assert [name for name in other if other[name] != publications[0][name]] == []


def test_the_order_of_files_and_rows_makes_no_difference_but_to_places(make_project: MakeProject) -> None:
    settings = make_project(MORE)
    build(settings)
    first = content(settings.publication)
    header, *rows = (settings.data / "towers.csv").read_text().splitlines()
    (settings.data / "towers.csv").write_text("\n".join([header, *reversed(rows)]) + "\n")
    build(settings)
    again = content(settings.publication)
    # The report and the derivations say in which row a statement is.
    assert {name for name in first if first[name] != again[name] and not name.startswith("report.")} <= {"download/derivations.parquet"}


def test_the_real_graph_gives_the_same_bytes_in_another_process(published: Settings, tmp_path: Path) -> None:
    for folder in ("data", "ontology", "queries", "shapes"):
        shutil.copytree(published.root / folder, tmp_path / folder)
    shutil.copy(published.root / "schakel.toml", tmp_path)
    done = run(tmp_path, "build", PYTHONHASHSEED="7", TZ="Asia/Kathmandu", LC_ALL="C")
    assert done.returncode == 0, done.stdout + done.stderr
    one, other = content(published.publication), content(tmp_path / "public")
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_a_build_gives_the_same_bytes_with_and_without_the_captured_pages(published: Settings, captures: Path, tmp_path: Path) -> None:
    for folder in ("data", "ontology", "queries", "shapes"):
        shutil.copytree(published.root / folder, tmp_path / folder)
    shutil.copy(published.root / "schakel.toml", tmp_path)
    lock = (tmp_path / "data" / "evidence.lock.csv").read_bytes()
    outcome = record_evidence(read_settings(tmp_path, captures=captures))
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]
    assert (tmp_path / "data" / "evidence.lock.csv").read_bytes() == lock


def test_every_passage_of_the_real_graph_is_where_the_lock_says(published: Settings, captures: Path) -> None:
    outcome = check(read_settings(published.root, captures=captures))
    assert outcome.verified
    assert not outcome.blocked, [item.text("en") for item in outcome.findings]


# -------------------------------------------------------------------------------------------------------------------- the parts of a run


def test_the_stages_are_announced_in_order(make_project: MakeProject) -> None:
    heard: list[str] = []
    build(make_project(MORE), heard.append)
    assert heard == list(STAGES)


def test_a_check_publishes_nothing_and_writes_the_report(make_project: MakeProject) -> None:
    settings = make_project(MORE)
    outcome = check(settings)
    assert not outcome.blocked
    assert outcome.published == 0
    assert outcome.statements > 100
    assert not settings.publication.exists()
    assert {path.name for path in settings.report.iterdir()} == {"report.json", "report.ttl"}


def test_a_build_finds_what_a_check_finds(make_project: MakeProject) -> None:
    settings = make_project({**MORE, "data/hidden.csv": "id,label,source\n,x,page\n"})
    built, checked = build(settings).findings, check(settings).findings
    assert [item for item in built if item.kind != "entity-without-file"] == [item for item in checked if item.kind != "entity-without-file"]
    assert built


def test_a_project_of_nothing_is_published_as_nothing(make_project: MakeProject) -> None:
    settings = make_project({"schakel.toml": MORE["schakel.toml"]})
    for path in settings.data.iterdir():
        path.unlink()
    outcome = build(settings)
    assert not outcome.blocked
    assert (settings.publication / "download" / "graph.nt").read_bytes() == b""


def test_another_base_is_one_line(make_project: MakeProject) -> None:
    settings = make_project(
        {**MORE, "schakel.toml": str(MORE["schakel.toml"]).replace("https://example.org/", "https://id.example.net/kg/"), "data/more.ttl": ""}
    )
    assert not build(settings).blocked
    text = (settings.publication / "download" / "graph.nt").read_text()
    assert "<https://id.example.net/kg/tower/t1>" in text
    assert "https://example.org/" not in text
    assert (settings.publication / "tower" / "t1.ttl").is_file()


# --------------------------------------------------------------------------------------------------------------- what the engine must not

OF_THE_CONTENT = r"\b(MST|Medisch|Twente|Santeon|TAZDO|ROAZ|Enschede|hospital|ziekenhuis|Kristiansund|DMS|UMCG|Saxion|Bascule|Orthocare|Medlon|IZIT)\b"


def test_the_engine_knows_no_hospital() -> None:
    named = [
        f"{path.relative_to(ENGINE)}:{number}: {line.strip()}"
        for path in sorted(ENGINE.rglob("*"))
        if path.suffix in {".py", ".toml"}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(OF_THE_CONTENT, line, re.IGNORECASE)
    ]
    assert named == []


def committed_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        pytest.skip("this is no checkout, or git is not on this machine")
    listed = subprocess.run([git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY, capture_output=True, check=True)
    return [path for name in listed.stdout.decode().split("\0") if name and (path := REPOSITORY / name).is_file()]


def test_no_file_holds_the_address_of_a_package_registry() -> None:
    # Written so that this file does not hold one itself.
    hosts = ["py" + "pi.org", "files.python" + "hosted.org", "registry.npm" + "js.org", "registry.yarn" + "pkg.com", "deb." + "debian.org"]
    found = [str(path.relative_to(REPOSITORY)) for path in committed_files() if any(host.encode() in path.read_bytes() for host in hosts)]
    assert found == []


def test_no_file_pins_where_packages_come_from() -> None:
    options = re.compile(rb"^\s*(--(extra-)?index-url|--find-links|-i\s|--trusted-host|resolved\s|\"resolved\")", re.MULTILINE)
    text = [path for path in committed_files() if path.suffix in {".txt", ".toml", ".cfg", ".json", ".lock", ""}]
    assert [str(path.relative_to(REPOSITORY)) for path in text if options.search(path.read_bytes())] == []


def test_no_blank_row_or_fact_hides_in_the_engine() -> None:
    # What npm fetched to make the editor is no part of the engine; what a new project begins with is an invented example.
    examples = ENGINE / "scaffold" / "templates"
    data = [path for path in ENGINE.rglob("*") if path.suffix in {".csv", ".ttl", ".rq", ".jsonld"} and "node_modules" not in path.parts]
    assert [path for path in data if not path.is_relative_to(examples)] == []
