"""A publication appears whole or not at all."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from schakel import Settings, build
from schakel.errors import NotAPublicationError, PublishingInProgressError
from schakel.publish.publication import publish

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]

FIRST = {"download/index.json": b"[]", "a.ttl": b"first", "org/b.ttl": b"first"}
SECOND = {"download/index.json": b"[]", "a.ttl": b"second", "c.ttl": b"second"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def beside(folder: Path) -> set[str]:
    """What lies beside the publication, but for its lock."""
    return {path.name for path in folder.parent.iterdir()} - {folder.name, f".{folder.name}.lock"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a first publication in it."""
    folder = tmp_path / "public"
    assert publish(folder, FIRST.items()) == 3
    assert content(folder) == FIRST
    return folder


def test_a_publication_takes_the_place_of_the_last_one_and_leaves_nothing_of_it(folder: Path) -> None:
    assert publish(folder, SECOND.items()) == 3
    assert content(folder) == SECOND
    assert beside(folder) == set()


def broken_off(error: BaseException) -> Iterator[tuple[str, bytes]]:
    yield from list(SECOND.items())[:2]
    raise error


@pytest.mark.parametrize(
    "error", [RuntimeError("a writer failed"), OSError(errno.ENOSPC, "No space left on device"), MemoryError(), KeyboardInterrupt()], ids=repr
)
def test_whatever_fails_in_the_middle_leaves_the_last_publication_as_it_was(error: BaseException, folder: Path) -> None:
    with pytest.raises(type(error)):
        publish(folder, broken_off(error))
    assert content(folder) == FIRST
    assert beside(folder) == set()


def test_a_full_disk_leaves_the_last_publication_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def full(self: Path, data: Any) -> int:  # noqa: ANN401  # as write_bytes itself
        if self.name == "c.ttl":
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        publish(folder, SECOND.items())
    assert content(folder) == FIRST
    assert beside(folder) == set()


def test_the_first_publication_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        publish(tmp_path / "public", broken_off(RuntimeError()))
    assert not (tmp_path / "public").exists()
    assert beside(tmp_path / "public") == set()


def test_what_a_killed_process_left_half_built_is_not_mixed_in(folder: Path) -> None:
    leftover = folder.with_name(".public.building")
    leftover.mkdir()
    (leftover / "half.ttl").write_bytes(b"half")
    publish(folder, SECOND.items())
    assert content(folder) == SECOND
    assert beside(folder) == set()


def test_a_crash_between_the_two_renames_loses_nothing(folder: Path) -> None:
    folder.rename(folder.with_name(".public.former"))
    with pytest.raises(RuntimeError):
        publish(folder, broken_off(RuntimeError()))
    assert content(folder) == FIRST
    assert beside(folder) == set()


def test_after_a_crash_between_the_two_renames_the_next_publication_works(folder: Path) -> None:
    folder.rename(folder.with_name(".public.former"))
    publish(folder, SECOND.items())
    assert content(folder) == SECOND
    assert beside(folder) == set()


def test_a_former_publication_that_was_not_cleared_away_does_no_harm(folder: Path) -> None:
    former = folder.with_name(".public.former")
    former.mkdir()
    (former / "old.ttl").write_bytes(b"old")
    publish(folder, SECOND.items())
    assert content(folder) == SECOND
    assert beside(folder) == set()


def test_a_rename_that_fails_puts_the_last_publication_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == ".public.building":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Input/output"):
        publish(folder, SECOND.items())
    monkeypatch.undo()
    recovered = folder if folder.exists() else folder.with_name(".public.former")
    assert content(recovered) == FIRST
    publish(folder, SECOND.items())
    assert content(folder) == SECOND


def test_a_process_that_is_killed_while_it_writes_leaves_the_last_publication_as_it_was(folder: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from schakel.publish import publish
def files():
    yield "a.ttl", b"second"
    os.kill(os.getpid(), signal.SIGKILL)
publish(Path({str(folder)!r}), files())
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert content(folder) == FIRST
    publish(folder, SECOND.items())
    assert content(folder) == SECOND
    assert beside(folder) == set()


def test_a_folder_with_files_of_others_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(NotAPublicationError, match="holds files that Schakel did not write"):
        publish(folder, FIRST.items())
    assert content(folder) == {"thesis.docx": b"years of work"}
    assert beside(folder) == set()


def test_a_file_in_the_place_of_the_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "public").write_bytes(b"a file")
    with pytest.raises(NotAPublicationError):
        publish(tmp_path / "public", FIRST.items())
    assert (tmp_path / "public").read_bytes() == b"a file"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    publish(tmp_path / "public", FIRST.items())
    assert content(tmp_path / "public") == FIRST


@pytest.mark.parametrize("path", ["../outside.ttl", "a/../../outside.ttl", "/outside.ttl"])
def test_nothing_is_written_outside_the_publication(path: str, folder: Path) -> None:
    with pytest.raises(NotAPublicationError):
        publish(folder, [*SECOND.items(), (path, b"escaped")])
    assert content(folder) == FIRST
    assert beside(folder) == set()


def test_two_processes_do_not_publish_into_one_folder(folder: Path) -> None:
    descriptor = os.open(folder.with_name(".public.lock"), os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(PublishingInProgressError, match="another process is publishing"):
            publish(folder, SECOND.items())
        assert content(folder) == FIRST
    finally:
        os.close(descriptor)
    publish(folder, SECOND.items())
    assert content(folder) == SECOND


def test_while_one_publishes_another_cannot(folder: Path) -> None:
    def meanwhile() -> Iterator[tuple[str, bytes]]:
        with pytest.raises(PublishingInProgressError):
            publish(folder, FIRST.items())
        yield from SECOND.items()

    assert publish(folder, meanwhile()) == 3
    assert content(folder) == SECOND


# ------------------------------------------------------------------------------------------------------------------------ a whole build


def test_a_writer_that_fails_leaves_the_last_publication_and_a_report_that_says_so(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_project({"schakel.toml": SMALL, "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n"})
    assert not build(settings).blocked
    before = content(settings.publication)
    (settings.data / "towers.csv").write_text("id,label,source\nbrandaris,Brandaris,page\nvuurduin,Vuurduin,page\n")

    def failing(*_: object, **__: object) -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        message = "a writer failed"
        raise RuntimeError(message)

    monkeypatch.setattr(sys.modules["schakel.pipeline"], "publication_files", failing)
    with pytest.raises(RuntimeError, match="a writer failed"):
        build(settings)
    assert content(settings.publication) == before
    assert beside(settings.publication) >= {"data", "report"}
    assert not settings.publication.with_name(".public.building").exists()
    assert b'"published": false' in (settings.report / "report.json").read_bytes()


SMALL = """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
"""


def test_a_swap_that_fails_half_way_puts_the_last_publication_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fails_for_the_new(self: Path, target: Path) -> Path:
        if self.name.endswith(".building"):
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_the_new)
    with pytest.raises(OSError, match="Input/output"):
        publish(folder, SECOND.items())
    assert content(folder) == FIRST


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "public"
    link.symlink_to("elsewhere")
    for files in (FIRST, SECOND):
        publish(link, files.items())
        assert link.is_symlink()
        assert content(tmp_path / "elsewhere") == files


# ------------------------------------------------------------------------------------------------------- what stays as it was is taken over

# The first file of all shows whose files are and who may read them; the mark is always new.
MORE = {"download/index.json": b"[]", "a.ttl": b"first", "b.ttl": b"the same", "org/b.ttl": b"the same", "empty.ttl": b""}


def inodes(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_ino for path in MORE}


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """A folder with a publication of some more files."""
    folder = tmp_path / "public"
    publish(folder, MORE.items())
    return folder


def test_a_file_of_the_same_bytes_is_taken_over_and_any_other_is_new(more: Path) -> None:
    before = inodes(more)
    # Kept open, so that no new file can have the number of one that is gone.
    with (more / "a.ttl").open("rb"), (more / "download" / "index.json").open("rb"):
        publish(more, {**MORE, "a.ttl": b"other"}.items())
        after = inodes(more)
    assert content(more) == {**MORE, "a.ttl": b"other"}
    assert {path for path in MORE if before[path] == after[path]} == {"b.ttl", "org/b.ttl", "empty.ttl"}
    assert {(more / path).stat().st_nlink for path in MORE} == {1}


@pytest.mark.parametrize("damage", [b"the sane", b"the same and more", b"the", b""])
def test_a_file_that_somebody_changed_is_never_taken_over(more: Path, damage: bytes) -> None:
    (more / "b.ttl").write_bytes(damage)
    publish(more, MORE.items())
    assert content(more) == MORE


def test_a_file_that_others_may_change_is_not_taken_over(more: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.link(more / "b.ttl", tmp_path / "elsewhere" / "b.ttl")
    (more / "org").rename(tmp_path / "elsewhere" / "org")
    (more / "org").symlink_to(tmp_path / "elsewhere" / "org")
    (more / "empty.ttl").chmod(0o666)
    (more / "a.ttl").rename(tmp_path / "elsewhere" / "a.ttl")
    (more / "a.ttl").symlink_to(tmp_path / "elsewhere" / "a.ttl")
    publish(more, MORE.items())
    for path in (tmp_path / "elsewhere").rglob("*.ttl"):
        path.write_bytes(b"changed")
    assert content(more) == MORE
    assert not (more / "org").is_symlink()
    assert not (more / "a.ttl").is_symlink()
    assert (more / "empty.ttl").stat().st_mode == (more / "download" / "index.json").stat().st_mode


def test_what_cannot_be_read_or_linked_is_written(more: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (more / "b.ttl").unlink()
    os.mkfifo(more / "b.ttl")
    (more / "empty.ttl").unlink()
    (more / "empty.ttl").mkdir()
    publish(more, MORE.items())
    assert content(more) == MORE

    def failing(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", failing)
    publish(more, MORE.items())
    assert content(more) == MORE


@pytest.mark.parametrize("second", [b"other", [b"ot", b"her"]], ids=["whole", "in pieces"])
def test_to_write_a_file_twice_leaves_that_of_the_last_publication_alone(more: Path, second: bytes | list[bytes]) -> None:
    def files() -> Iterator[tuple[str, bytes | list[bytes]]]:
        yield from MORE.items()
        yield "b.ttl", second
        assert (more / "b.ttl").read_bytes() == b"the same"
        message = "a writer failed"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        publish(more, files())
    assert content(more) == MORE
    publish(more, [*MORE.items(), ("b.ttl", second)])
    assert content(more) == {**MORE, "b.ttl": b"other"}
