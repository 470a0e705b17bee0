"""A publication appears whole or not at all: built beside the last one, then put in its place."""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import TracebackType
from typing import Self, TypeAlias

from schakel.errors import NotAPublicationError, PublishingInProgressError

__all__ = ["Content", "Publication", "publish"]

# What is in a file: all of it, one piece after another, or a file that is moved to its place.
Content: TypeAlias = bytes | Iterable[bytes] | Path
# A folder that holds this file was written by Schakel, and may be replaced by it.
_MARK = Path("download", "index.json")
# Mode, owner and group of a file.
_Owned: TypeAlias = tuple[int, int, int]


class Publication:
    """A folder being written beside the one it will replace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._building = folder.with_name(f".{folder.name}.building")
        self._former = folder.with_name(f".{folder.name}.former")
        self._made = {self._building}
        self._owned: _Owned | None = None
        self._plain: dict[Path, bool] = {}

    def __enter__(self) -> Self:
        self._recover()
        if self._folder.exists() and not (self._folder / _MARK).is_file() and (not self._folder.is_dir() or any(self._folder.iterdir())):
            raise NotAPublicationError(self._folder)
        shutil.rmtree(self._building, ignore_errors=True)
        self._building.mkdir(parents=True)
        return self

    def _recover(self) -> None:
        """Put the former publication back where a process ended between the two renames of a swap."""
        if self._former.exists() and not self._folder.exists():
            self._former.rename(self._folder)
        shutil.rmtree(self._former, ignore_errors=True)

    def write(self, path: str, content: Content) -> None:
        """Write one file, its path relative to the publication and inside it, its content whole, in pieces, or in a file that is moved."""
        target = self._building / path
        # The folder is new, so that no link in it can lead out; only the path itself could.
        parts = PurePath(path).parts
        if PurePath(path).is_absolute() or ".." in parts:
            raise NotAPublicationError(target)
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        if isinstance(content, bytes):
            # By the file of its mark others tell one publication from the next, so that this one is always new.
            if parts == _MARK.parts or not self._is_taken_over(path, target, content):
                # A file taken over under the same path is that of the last publication still: never to be written into.
                target.unlink(missing_ok=True)
                target.write_bytes(content)
                self._owned = self._owned or _owned(target.stat())
            return
        target.unlink(missing_ok=True)
        if isinstance(content, Path):
            shutil.move(content, target)
            return
        with target.open("wb") as file:
            file.writelines(content)

    def _is_taken_over(self, path: str, target: Path, content: bytes) -> bool:
        """Give the file of the last publication its place in this one too, where it holds this very content: that is quicker than to write it once more."""
        last = self._folder / path
        try:
            if self._owned is None or not self._is_plain(last.parent) or not _holds(last, content, self._owned):
                return False
            os.link(last, target, follow_symlinks=False)
        except OSError:
            # None there, none that can be read, or a file system without hard links.
            return False
        return True

    def _is_plain(self, folder: Path) -> bool:
        """Tell whether a folder of the last publication is reached without a link, which may lead to other people's files."""
        if folder not in self._plain:
            self._plain[folder] = folder.resolve() == folder
        return self._plain[folder]

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._swap()
        else:
            shutil.rmtree(self._building, ignore_errors=True)

    def _swap(self) -> None:
        if self._folder.exists():
            self._folder.rename(self._former)
        try:
            self._building.rename(self._folder)
        except OSError:
            if self._former.exists():
                self._former.rename(self._folder)
            raise
        shutil.rmtree(self._former, ignore_errors=True)


def _owned(status: os.stat_result) -> _Owned:
    return status.st_mode, status.st_uid, status.st_gid


def _holds(path: Path, content: bytes, owned: _Owned) -> bool:
    """Tell whether a file is as one would be that is written now: its bytes, whose it is and who may read it, and that it has no name elsewhere."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        # What has another name may be changed under that.
        if not stat.S_ISREG(status.st_mode) or _owned(status) != owned or status.st_nlink != 1 or status.st_size != len(content):
            return False
        # One byte more than there should be, so that a file that grows meanwhile is seen.
        return _read(descriptor, len(content) + 1) == content
    finally:
        os.close(descriptor)


def _read(descriptor: int, most: int) -> bytes:
    pieces = []
    while most and (piece := os.read(descriptor, most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from publishing into the folder; the lock goes with the process, however that ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.with_name(f".{folder.name}.lock"), os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishingInProgressError(folder) from None
        yield
    finally:
        os.close(descriptor)


def publish(folder: Path, files: Iterable[tuple[str, Content]]) -> int:
    """Write the files into a new folder and swap it in; give how many. If anything fails the last publication stays as it is.

    Raises NotAPublicationError where the folder holds other people's files, PublishingInProgressError where another process is at it.
    """
    count = 0
    # Where the folder is a link, what it leads to is replaced.
    folder = folder.resolve()
    with _alone(folder), Publication(folder) as publication:
        for path, content in files:
            publication.write(path, content)
            count += 1
    return count
