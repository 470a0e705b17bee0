"""A graph worked on in several processes and cut into many segments: the same bytes as in one process and one segment."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from schakel import Settings, build, check, read_settings, work
from schakel.cache import Cache, Kept, NoCache, key_of
from schakel.errors import ProcessEndedError, UnknownNameError
from schakel.publish import dumps, segments
from schakel.inference import engine_named
from schakel.work import Workers

INVENTED = Path(__file__).parent.parent / "invented"


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    shutil.copytree(INVENTED, tmp_path / "project", ignore=shutil.ignore_patterns("public", "report", ".schakel"))
    return read_settings(tmp_path / "project")


def published(settings: Settings) -> dict[str, bytes]:
    build(settings, caching=False)
    return {path.relative_to(settings.publication).as_posix(): path.read_bytes() for path in sorted(settings.publication.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("size", [200, 1000, 5000])
def test_where_a_graph_is_cut_changes_no_byte(project: Settings, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    whole = published(project)
    monkeypatch.setattr(segments, "_SEGMENT", size)
    monkeypatch.setattr(dumps, "_TOGETHER", size // 2)
    monkeypatch.setattr("schakel.tables._RECORDS", 1)
    assert published(project) == whole


def test_how_many_processes_there_are_changes_no_byte(project: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = published(project)
    monkeypatch.setattr(work, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(work, "processors", lambda: 2)
    monkeypatch.setattr(segments, "_SEGMENT", 3000)
    assert published(project) == alone


@pytest.fixture(params=[1, 2], ids=["alone", "two"])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    with Workers(request.param) as each:
        yield each


def test_results_come_in_order(workers: Workers) -> None:
    letters = [b"%c" % letter for letter in b"abcdefghijklmnop"]
    assert list(workers.each(bytes.upper, letters)) == [letter.upper() for letter in letters]
    assert list(workers.each_once("stage", bytes.upper, letters, key_of)) == [letter.upper() for letter in letters]
    assert list(workers.each_once("stage", bytes.upper, [], key_of)) == []
    assert workers.start(bytes.upper, b"a")() == b"A"


@pytest.fixture(params=["cache", "no cache", "a cache that cannot be written"])
def caching(request: pytest.FixtureRequest, tmp_path: Path) -> Cache | NoCache:
    if request.param == "no cache":
        return NoCache()
    if request.param != "cache":
        (tmp_path / "kept").write_text("a file where the folder should be")
    return Cache(tmp_path / "kept")


LETTERS = [b"%c" % letter for letter in b"abcdefghijkl"]


@pytest.mark.parametrize("count", [1, 2], ids=["alone", "two"])
def test_results_are_the_same_wherever_they_are_made_and_kept(caching: Cache | NoCache, count: int) -> None:
    with Workers(count, caching) as workers:
        for _ in ("made", "found"):
            assert [kept.content() for kept in workers.each_kept("each", bytes.upper, LETTERS, key_of)] == [letter.upper() for letter in LETTERS]
            waiting = [workers.start_kept("start", bytes.upper, letter, key_of(letter)) for letter in LETTERS]
            for letter, wait in zip(LETTERS, waiting, strict=True):
                assert (wait().content(), wait().let_go().content(0, 1), wait().content(1)) == (letter.upper(), letter.upper(), b"")
            assert workers.start_once("once", bytes.upper, b"abc", "name")() == b"ABC"
        kept: list[Kept] = list(workers.each_kept("each", bytes.upper, [], key_of))
        assert kept == []
        # What another process put there is used by this run, so that it stays.
        caching.tidy()
        assert workers.start_kept("start", bytes.upper, b"a", key_of(b"a"))().content() == b"A"


@pytest.mark.parametrize("count", [1, 2], ids=["alone", "two"])
def test_what_was_kept_is_not_made_again_by_this_run_or_another(caching: Cache | NoCache, tmp_path: Path, count: int) -> None:
    def made(workers: Workers) -> list[bytes]:
        """Have bytes made that are never the same twice."""
        each = [kept.content() for kept in workers.each_kept("each", os.urandom, [16, 17, 18], str)]
        return [*each, workers.start_kept("start", os.urandom, 16, "name")().content(), workers.start_once("once", os.urandom, 16, "name")()]

    with Workers(count, caching) as workers:
        first, again = made(workers), made(workers)
        caching.tidy()
    with Workers(count, NoCache() if isinstance(caching, NoCache) else Cache(tmp_path / "kept")) as workers:
        later = made(workers)
    alike = isinstance(caching, Cache) and (tmp_path / "kept").is_dir()
    assert [(first == other, set(first).isdisjoint(other)) for other in (again, later)] == [(alike, not alike)] * 2


@pytest.mark.parametrize("count", [1, 2], ids=["alone", "two"])
def test_what_is_started_is_not_held_where_the_cache_has_it(tmp_path: Path, count: int) -> None:
    with Workers(count, Cache(tmp_path / "kept")) as workers:
        started = [workers.start_kept("start", bytes.upper, b"a", "name")() for _ in range(2)]
    assert [each.held for each in started] == [None, None]
    assert [each.content() for each in started] == [b"A", b"A"]


def test_what_goes_wrong_in_a_process_is_told_as_anywhere(workers: Workers) -> None:
    with pytest.raises(UnknownNameError, match="No reasoner 'pellet'"):
        list(workers.each(engine_named, ["pellet"]))


def test_a_process_that_ends_is_told_in_words() -> None:
    with Workers(2) as workers, pytest.raises(ProcessEndedError, match="memory"):
        list(workers.each(os._exit, [1]))


def test_a_process_that_ended_is_told_when_more_work_is_given_to_it() -> None:
    with Workers(2) as workers:
        with pytest.raises(ProcessEndedError):
            workers.start(os._exit, 1)()
        with pytest.raises(ProcessEndedError):
            list(workers.each(bytes.upper, [b"a"]))


def test_what_is_wrong_with_a_table_is_told_once_however_many_parts_it_has(project: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schakel.tables._RECORDS", 1)
    path = project.data / "lights.csv"
    path.write_text(path.read_text("utf-8").replace(",source", ",sauce", 1), "utf-8")
    found = [item for item in check(project).findings if item.kind == "missing-column"]
    assert len(found) == 1
