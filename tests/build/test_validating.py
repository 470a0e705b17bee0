"""Judging in a build: in part after an edit, with what a build from nothing gives; and nothing published where shapes find what blocks meanwhile."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from schakel import Settings, build, read_settings, work
from schakel.publish import segments
from schakel.publish.files import Content
from schakel.publish.publication import Publication
from schakel.validation import rejudging

INVENTED = Path(__file__).parent.parent / "invented"
DUMPS = {f"download/{each}" for each in ("graph.nt", "graph.ttl", "graph.jsonld", "dataset.nq", "dataset.trig")}


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    shutil.copytree(INVENTED, tmp_path / "project", ignore=shutil.ignore_patterns("web", "report", ".schakel"))
    return read_settings(tmp_path / "project")


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, however little there is to do."""
    monkeypatch.setattr(work, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(work, "processors", lambda: 2)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def kinds(settings: Settings) -> list[str]:
    return [each["kind"] for each in json.loads((settings.report / "report.json").read_bytes())["findings"]]


# ------------------------------------------------------------------------------------------------------------------- in part


@pytest.fixture
def in_part(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Graphs of many segments; whether judging in part was possible, each time that it was tried."""
    noted: list[bool] = []
    judge_changed = rejudging.judge_changed

    def noting(*given: object) -> object:
        judgement = judge_changed(*given)  # type: ignore[arg-type]
        noted.append(judgement is not None)
        return judgement

    monkeypatch.setattr(rejudging, "judge_changed", noting)
    monkeypatch.setattr(segments, "_SEGMENT", 200)
    return noted


def as_from_nothing(settings: Settings) -> None:
    """Build with what was kept, and without; hold the publications and reports against each other."""
    outcome = build(settings)
    published, reported = files_of(settings.publication), files_of(settings.report)
    anew = build(settings, caching=False)
    assert outcome.findings == anew.findings
    assert outcome.blocked == anew.blocked
    assert reported == files_of(settings.report)
    assert published == files_of(settings.publication)


EDITS = {
    "a value gone": ("lights.csv", ",41.5,", ",,"),
    "a value that breaks a shape": ("lights.csv", ",41.5,", ",241.5,"),
    "a reference": ("lights.csv", "weisse-nadel,Weiße Nadel,yes,silberbucht", "weisse-nadel,Weiße Nadel,yes,holm"),
    "a label": ("ports.csv", "holm,Holm", "holm,Holme"),
}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_shapes_judge_in_part_what_they_judge_of_all(project: Settings, in_part: list[bool], name: str) -> None:
    build(project)
    assert in_part == []
    file, old, new = EDITS[name]
    edit(project.data / file, old, new)
    as_from_nothing(project)
    assert in_part == [True]


def test_edits_upon_edits_are_judged_in_part(project: Settings, in_part: list[bool]) -> None:
    build(project)
    for file, old, new in EDITS.values():
        edit(project.data / file, old, new)
        as_from_nothing(project)
        edit(project.data / file, new, old)
    assert in_part == [True] * len(EDITS)


def test_what_is_wrong_is_told_until_it_is_mended(project: Settings, in_part: list[bool]) -> None:
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
    assert in_part[:2] == [True, True]


@pytest.mark.usefixtures("several")
def test_in_several_processes_too_a_graph_is_judged_after_an_edit_as_from_nothing(project: Settings, in_part: list[bool]) -> None:
    build(project)
    edit(project.data / "lights.csv", ",41.5,", ",,")
    as_from_nothing(project)
    assert in_part == [], "another process judged"


def remove_kept(settings: Settings, stage: str) -> None:
    shutil.rmtree(settings.cache / stage)


@pytest.mark.parametrize(
    "change",
    {
        "the segments are gone": lambda settings: remove_kept(settings, "merge"),
        "the judgement is gone": lambda settings: remove_kept(settings, "judged"),
        "other shapes": lambda settings: edit(settings.shapes / "harbour.ttl", "sh:maxInclusive 200", "sh:maxInclusive 20"),
        "other IRIs everywhere": lambda settings: edit(settings.root / "schakel.toml", "/id/", "/di/"),
    }.items(),
    ids=lambda change: change[0],
)
def test_where_it_is_not_known_what_changed_or_too_much_did_all_is_judged_anew(
    project: Settings, in_part: list[bool], change: tuple[str, Callable[[Settings], object]]
) -> None:
    build(project)
    edit(project.data / "lights.csv", ",41.5,", ",,")
    change[1](project)
    as_from_nothing(read_settings(project.root))
    assert in_part == []


def test_shapes_that_ask_the_clock_judge_all_each_time(project: Settings, in_part: list[bool]) -> None:
    asking = """
        <https://example.org/clock> a sh:NodeShape ; sh:targetClass h:Port ; sh:severity sh:Info ; sh:sparql [
            a sh:SPARQLConstraint ; sh:message "It is late."@en ; sh:select "SELECT $this { $this a ?class FILTER(YEAR(NOW()) > 2000) }" ] .
    """
    with (project.shapes / "harbour.ttl").open("a", encoding="utf-8") as file:
        file.write(asking)
    first = build(project)
    assert not first.blocked
    edit(project.data / "lights.csv", ",41.5,", ",,")
    as_from_nothing(project)
    assert in_part == []


# ------------------------------------------------------------------------------------------------------------------- what blocks is not published


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were written, to be published or not."""
    noted: list[str] = []
    write = Publication.write

    def noting(self: Publication, path: str, content: Content) -> None:
        write(self, path, content)
        noted.append(path)

    monkeypatch.setattr(Publication, "write", noting)
    return noted


def beside(folder: Path) -> set[str]:
    """What lies beside a publication that begins with its name, hidden or not, but for its lock."""
    return {path.name for path in folder.parent.iterdir() if folder.name in path.name} - {folder.name, f".{folder.name}.lock"}


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("caching", [True, False], ids=["kept", "not kept"])
def test_dumps_that_were_written_while_shapes_found_what_blocks_are_not_published(project: Settings, written: list[str], *, caching: bool) -> None:
    assert not build(project, caching=caching).blocked
    published = files_of(project.publication)
    written.clear()
    edit(project.data / "lights.csv", ",41.5,", ",241.5,")
    outcome = build(project, caching=caching)
    assert (outcome.blocked, outcome.published) == (True, 0)
    assert set(written) == DUMPS
    assert files_of(project.publication) == published
    assert beside(project.publication) == set()
    report = json.loads((project.report / "report.json").read_bytes())
    assert (report["published"], "shape" in kinds(project)) == (False, True)


@pytest.mark.usefixtures("several")
def test_a_first_publication_that_is_blocked_leaves_no_folder_and_is_reported_as_by_one_process(
    project: Settings, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(project.data / "lights.csv", ",41.5,", ",241.5,")
    in_two = build(project)
    reported = files_of(project.report)
    assert set(written) == DUMPS
    assert (project.publication.exists(), beside(project.publication)) == (False, set())
    written.clear()
    monkeypatch.setattr(work, "processors", lambda: 1)
    alone = build(project, caching=False)
    assert written == []
    assert (in_two.blocked, in_two.findings, in_two.statements, in_two.passages) == (True, alone.findings, alone.statements, alone.passages)
    assert reported == files_of(project.report)


@pytest.mark.usefixtures("several")
def test_what_blocks_before_the_shapes_judge_has_nothing_written(project: Settings, written: list[str]) -> None:
    edit(project.data / "lights.csv", ",source", ",sauce")
    assert build(project).blocked
    assert written == []
    assert not project.publication.exists()


@pytest.mark.usefixtures("several")
def test_shapes_that_cannot_be_used_keep_what_was_written_from_being_published(project: Settings) -> None:
    build(project)
    published = files_of(project.publication)
    with (project.shapes / "harbour.ttl").open("a", encoding="utf-8") as file:
        file.write("<https://example.org/wrong> a sh:PropertyShape ; sh:targetClass h:Port ; sh:path h:height, h:guards .\n")
    assert build(project).blocked
    assert "shapes-unusable" in kinds(project)
    assert files_of(project.publication) == published
    assert beside(project.publication) == set()
