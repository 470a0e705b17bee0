"""A publication appears whole or not at all: built beside the last one, then put in its place."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from schakel.errors import NotAPublicationError, PublishingInProgressError
from schakel.export.files import Content
from schakel.export.listing import quads_of_index

__all__ = ["Publication", "publish", "published_quads"]

# A folder that holds this file was written by Schakel, and may be replaced by it.
_MARK = Path("download", "index.json")


class Publication:
    """A folder being written beside the one it will replace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._building = folder.with_name(f".{folder.name}.building")
        self._former = folder.with_name(f".{folder.name}.former")
        self._left_out = False

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
        """Write one file, its path relative to the publication and inside it, its content whole or in pieces."""
        target = self._building / path
        # The folder is new, so that no link in it can lead out; only the path itself could.
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise NotAPublicationError(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
            return
        with target.open("wb") as file:
            file.writelines(content)

    def leave_out(self) -> None:
        """Let the folder that it would replace stay as it is."""
        self._left_out = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and not self._left_out:
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


def publish(folder: Path, files: Iterable[tuple[str, Content]], *, unless: Callable[[], bool] = lambda: False) -> int:
    """Write the files into a new folder and swap it in; give how many. If anything fails the last publication stays as it is.

    So it does, and nothing is published, where `unless` tells so when all files are written.

    Raises NotAPublicationError where the folder holds other people's files, PublishingInProgressError where another process is at it.
    """
    count = 0
    # Where the folder is a link, what it leads to is replaced.
    folder = folder.resolve()
    with _alone(folder), Publication(folder) as publication:
        for path, content in files:
            publication.write(path, content)
            count += 1
        if unless():
            publication.leave_out()
            return 0
    return count


def published_quads(folder: Path) -> int:
    """Tell how many quads a publication has."""
    return quads_of_index((folder / _MARK).read_bytes())
