"""Shapes in a build: after an edit they judge what a build from nothing judges; and nothing is published where they find what blocks."""

import json
import shutil
from pathlib import Path

import pytest

from schakel import Settings, build, read_settings

INVENTED = Path(__file__).parent.parent / "invented"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    shutil.copytree(INVENTED, tmp_path / "project", ignore=shutil.ignore_patterns("web", "report", ".schakel"))
    return read_settings(tmp_path / "project")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def kinds(settings: Settings) -> list[str]:
    return [each["kind"] for each in json.loads((settings.report / "report.json").read_bytes())["findings"]]


def beside(folder: Path) -> set[str]:
    """What lies beside a publication that begins with its name, hidden or not, but for its lock."""
    return {path.name for path in folder.parent.iterdir() if folder.name in path.name} - {folder.name, f".{folder.name}.lock"}


EDITS = {
    "a value gone": ("lights.csv", ",41.5,", ",,"),
    "a value that breaks a shape": ("lights.csv", ",41.5,", ",241.5,"),
    "a reference": ("lights.csv", "weisse-nadel,Weiße Nadel,yes,silberbucht", "weisse-nadel,Weiße Nadel,yes,holm"),
    "a label": ("ports.csv", "holm,Holm", "holm,Holme"),
}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_all_is_as_in_a_build_from_nothing(project: Settings, name: str) -> None:
    build(project)
    file, old, new = EDITS[name]
    edit(project.data / file, old, new)
    outcome = build(project)
    published, reported = files_of(project.publication), files_of(project.report)
    anew = build(project, caching=False)
    assert (outcome.findings, outcome.blocked) == (anew.findings, anew.blocked)
    assert (files_of(project.publication), files_of(project.report)) == (published, reported)


def test_what_is_wrong_is_told_until_it_is_mended(project: Settings) -> None:
    build(project)
    before = files_of(project.report)
    edit(project.data / "lights.csv", ",41.5,", ",241.5,")
    assert build(project).blocked
    edit(project.data / "ports.csv", "holm,Holm", "holm,Holme")
    assert build(project).blocked
    edit(project.data / "ports.csv", "holm,Holme", "holm,Holm")
    edit(project.data / "lights.csv", ",241.5,", ",41.5,")
    assert not build(project).blocked
    assert files_of(project.report) == before


def test_a_shape_that_asks_the_clock_is_asked(project: Settings) -> None:
    asking = """
        <https://example.org/clock> a sh:NodeShape ; sh:targetClass h:Port ; sh:severity sh:Info ; sh:sparql [
            a sh:SPARQLConstraint ; sh:message "It is late."@en ; sh:select "SELECT $this { $this a ?class FILTER(YEAR(NOW()) > 2000) }" ] .
    """
    with (project.shapes / "harbour.ttl").open("a", encoding="utf-8") as file:
        file.write(asking)
    outcome = build(project)
    assert not outcome.blocked
    assert "It is late." in {item.message.get("en") for item in outcome.findings}


def test_a_query_of_a_shape_that_has_no_plan_is_named(project: Settings) -> None:
    limited = """
        <https://example.org/limited> a sh:NodeShape ; sh:targetClass h:Port ; sh:severity sh:Info ; sh:sparql [
            a sh:SPARQLConstraint ; sh:message "It has a class."@en ; sh:select "SELECT $this { $this a ?class } LIMIT 1" ] .
    """
    assert not any("Oxigraph" in note for note in build(project).notes)
    with (project.shapes / "harbour.ttl").open("a", encoding="utf-8") as file:
        file.write(limited)
    (note,) = (note for note in build(project).notes if "Oxigraph" in note)
    assert "<https://example.org/limited>" in note
    assert "LIMIT" in note


@pytest.mark.parametrize("caching", [True, False], ids=["kept", "not kept"])
def test_what_shapes_block_is_not_published_and_the_last_publication_stays(project: Settings, *, caching: bool) -> None:
    assert not build(project, caching=caching).blocked
    published = files_of(project.publication)
    edit(project.data / "lights.csv", ",41.5,", ",241.5,")
    outcome = build(project, caching=caching)
    assert (outcome.blocked, outcome.published) == (True, 0)
    assert files_of(project.publication) == published
    assert beside(project.publication) == set()
    report = json.loads((project.report / "report.json").read_bytes())
    assert (report["published"], "shape" in kinds(project)) == (False, True)


def test_a_first_publication_that_is_blocked_leaves_no_folder(project: Settings) -> None:
    edit(project.data / "lights.csv", ",41.5,", ",241.5,")
    assert build(project).blocked
    assert (project.publication.exists(), beside(project.publication)) == (False, set())


def test_what_blocks_before_the_shapes_judge_is_told_without_them(project: Settings) -> None:
    edit(project.data / "lights.csv", ",source", ",sauce")
    assert build(project).blocked
    assert not project.publication.exists()
    assert kinds(project).count("missing-column") == 1
    assert "shape" not in kinds(project)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("<https://example.org/wrong> a sh:PropertyShape ; sh:targetClass h:Port ; sh:path h:height, h:guards .", id="two paths"),
        pytest.param("<https://example.org/wrong> a sh:NodeShape ; sh:targetClass h:Port ; sh:property [ sh:path h:height ; sh:minCount 'x' ] .", id="a count"),
        pytest.param(
            "<https://example.org/wrong> a sh:NodeShape ; sh:targetClass h:Port ; sh:sparql [ a sh:SPARQLConstraint ; sh:select 'SELECT nonsense' ] .",
            id="a query",
        ),
    ],
)
def test_shapes_that_cannot_be_used_are_a_finding_and_keep_all_from_being_published(project: Settings, broken: str) -> None:
    build(project)
    published = files_of(project.publication)
    with (project.shapes / "harbour.ttl").open("a", encoding="utf-8") as file:
        file.write(f"{broken}\n")
    assert build(project).blocked
    assert "shapes-unusable" in kinds(project)
    assert files_of(project.publication) == published
    assert beside(project.publication) == set()
