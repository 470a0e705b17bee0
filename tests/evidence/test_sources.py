"""Sources and their captured pages: what is missing, changed or unreadable."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import pytest

from schakel import Outcome, SchakelError, Settings, check, read_settings, record_evidence
from schakel.settings import CAPTURES_VARIABLE

MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]

SOURCES = "data/sources.csv"
FILE = f"{SOURCES}, row 2, column file"
HASH = f"{SOURCES}, row 2, column sha256"


def told(outcome: Outcome) -> dict[tuple[str, str], str]:
    """Give what is told of the sources, and not of the rows that cite them."""
    return {(item.kind, str(item.places[0])): item.text("en") for item in outcome.findings if item.places[0].file == SOURCES}


def sources(file: str, content: bytes) -> str:
    return f"id,title,language,file,sha256\npage,A page,en,{file},{sha256(content).hexdigest()}\n"


@pytest.mark.parametrize("judge", [record_evidence, check])
@pytest.mark.parametrize(
    ("files", "place", "kind", "words"),
    [
        pytest.param(
            {"pages/page.txt": "Another page."}, HASH, "page-changed", ("page.txt", sha256(b"Another page.").hexdigest(), "Read the rows"), id="changed"
        ),
        pytest.param(
            {SOURCES: "id,title,language,file,sha256\npage,A page,en,page.txt,\n"}, HASH, "page-changed", ("page.txt", "“schakel evidence”"), id="no hash"
        ),
        pytest.param({SOURCES: sources("nowhere.txt", b"")}, FILE, "capture-missing", ("“nowhere.txt”", "folder pages", "--captures"), id="missing"),
        pytest.param({SOURCES: sources("../schakel.toml", b"")}, FILE, "capture-missing", ("“../schakel.toml”",), id="outside the folder"),
        pytest.param({SOURCES: sources("/etc/hostname", b"")}, FILE, "capture-missing", ("“/etc/hostname”",), id="anywhere on the machine"),
        pytest.param({SOURCES: sources(".", b"")}, FILE, "capture-missing", ("“.”",), id="a folder"),
        pytest.param({SOURCES: sources("p" * 300, b"")}, FILE, "capture-missing", ("ppp",), id="a name too long for any file"),
        pytest.param(
            {SOURCES: sources("page.txt", b"caf\xe9"), "pages/page.txt": b"caf\xe9"}, FILE, "capture-not-utf8", ("“page.txt”", "UTF-8"), id="not UTF-8"
        ),
    ],
)
def test_a_page_that_cannot_be_used_is_told(  # noqa: PLR0913, PLR0917
    make_project: MakeProject,
    judge: Callable[[Settings], Outcome],
    files: dict[str, str | bytes],
    place: str,
    kind: str,
    words: tuple[str, ...],
) -> None:
    settings = make_project(files)
    outcome = judge(settings)
    found = told(outcome)
    assert set(found) == {(kind, place)}
    for word in words:
        assert word in found[kind, place]
    assert outcome.blocked
    assert not (settings.data / "evidence.lock.csv").exists()


def test_a_passage_of_a_source_that_has_no_captured_page_is_told(make_project: MakeProject) -> None:
    settings = make_project({SOURCES: "id,title,language,file,sha256\npage,A page,en,,\n"})
    outcome = record_evidence(settings)
    assert outcome.blocked
    assert {place.row for item in outcome.findings for place in item.places} == {2}
    assert {item.kind for item in check(settings).findings} == {"lock-missing", "source-without-page"}


def test_what_a_link_leads_to_outside_the_folder_is_not_read(make_project: MakeProject) -> None:
    secret = b"The tower of Brandaris stands on Terschelling"
    settings = make_project({SOURCES: sources("link.txt", secret), "secret.txt": secret})
    (settings.root / "pages" / "link.txt").symlink_to(settings.root / "secret.txt")
    assert set(told(record_evidence(settings))) == {("capture-missing", FILE)}


def test_a_page_may_be_in_a_folder_of_captures(make_project: MakeProject) -> None:
    page = b"The tower of Brandaris stands on Terschelling"
    assert not record_evidence(make_project({SOURCES: sources("2024/page.txt", page), "pages/2024/page.txt": page})).findings


def test_a_hash_may_be_written_in_capitals(make_project: MakeProject) -> None:
    page = b"The tower of Brandaris stands on Terschelling"
    digest = sha256(page).hexdigest()
    assert not record_evidence(make_project({SOURCES: sources("page.txt", page).replace(digest, digest.upper()), "pages/page.txt": page})).findings


@pytest.mark.parametrize("column", ["file", "sha256"])
def test_a_table_of_sources_without_a_column_it_needs_is_told(make_project: MakeProject, column: str) -> None:
    page = b"The tower of Brandaris stands on Terschelling"
    found = told(record_evidence(make_project({SOURCES: sources("page.txt", page).replace(f",{column}", f",{column}s", 1)})))
    assert set(found) == {("missing-column", f"{SOURCES}, row 1")}
    assert f"“{column}”" in found["missing-column", f"{SOURCES}, row 1"]


@pytest.mark.parametrize("judge", [record_evidence, check])
def test_a_project_that_cites_sources_and_has_no_table_of_them_is_told(make_project: MakeProject, judge: Callable[[Settings], Outcome]) -> None:
    settings = make_project({})
    (settings.root / SOURCES).unlink()
    (settings.data / "sources.rq").unlink()
    found = told(judge(settings))
    assert set(found) == {("no-sources", SOURCES)}
    assert "id, title, language, file and sha256" in found["no-sources", SOURCES]


def test_without_a_folder_of_captured_pages_evidence_cannot_be_recorded(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CAPTURES_VARIABLE, raising=False)
    settings = make_project({})
    with pytest.raises(SchakelError, match="--captures, in SCHAKEL_CAPTURES, or as 'captures' under"):
        record_evidence(read_settings(settings.root))


@pytest.mark.parametrize("judge", [record_evidence, check])
def test_a_folder_of_captured_pages_that_is_not_there_is_told(make_project: MakeProject, judge: Callable[[Settings], Outcome], tmp_path: Path) -> None:
    settings = make_project({})
    with pytest.raises(SchakelError, match="nowhere, does not exist"):
        judge(read_settings(settings.root, captures=tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("cells", "kind", "words"),
    [
        pytest.param("page.txt,,pages", "reading-view-unknown", ("“pages”", "page"), id="unknown"),
        pytest.param(",,page", "reading-view-without-page", ("“page”", "file and sha256"), id="nothing captured"),
        pytest.param("page.txt,,passages", "captures-unnamed", ("“page.txt”", "reading_view = passages", "SCHAKEL_CAPTURES"), id="no folder"),
    ],
)
def test_text_that_cannot_be_shown_is_told(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, cells: str, kind: str, words: tuple[str, ...]) -> None:
    monkeypatch.delenv(CAPTURES_VARIABLE, raising=False)
    settings = make_project({SOURCES: f"id,title,language,file,sha256,reading_view\npage,A page,en,{cells}\n"})
    found = told(check(read_settings(settings.root)))
    [place] = [place for other, place in found if other == kind]
    assert place == (FILE if kind == "captures-unnamed" else f"{SOURCES}, row 2, column reading_view")
    assert all(word in found[kind, place] for word in words)
