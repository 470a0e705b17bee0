"""A publication kept as it is now, by links to its files: it can be served while another takes its place."""

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["Workplace", "keep"]

_ACROSS: Final = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EACCES, errno.EOPNOTSUPP})
_TRIES: Final = 5
_LOCK: Final = "lock"


class Workplace:
    """A folder of this process beside the publication, on the same disk where that can be; it goes when the process ends, or when the next one comes."""

    def __init__(self, publication: Path) -> None:
        resolved = publication.resolve()
        prefix = f".{resolved.name}.serving-"
        _clear(resolved.parent, prefix)
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=resolved.parent))
        except OSError:
            self.folder = Path(tempfile.mkdtemp(prefix="schakel-serving-"))
        self._lock = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _clear(parent: Path, prefix: str) -> None:
    """Remove what processes left that were ended before they could: nobody holds its lock any more."""
    for folder in parent.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(folder / _LOCK, os.O_RDWR)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def keep(publication: Path, target: Path) -> None:
    """Link every file of a publication into a new folder, or copy it where that cannot be.

    What takes its place meanwhile is taken instead: the folder holds one publication, whole.
    """
    for tried in range(_TRIES):
        try:
            descriptor = os.open(publication, os.O_RDONLY | os.O_DIRECTORY)
            try:
                _link_all(descriptor, target)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            shutil.rmtree(target, ignore_errors=True)
            if tried + 1 == _TRIES:
                raise
            continue
        return


def _link_all(root: int, target: Path) -> None:
    for folder, _, files, descriptor in os.fwalk(".", dir_fd=root):
        there = target / folder
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            try:
                os.link(name, there / name, src_dir_fd=descriptor, follow_symlinks=False)
            except OSError as error:
                if error.errno not in _ACROSS:
                    raise
                _copy(descriptor, name, there / name)


def _copy(folder: int, name: str, target: Path) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
    with open(descriptor, "rb") as source, target.open("wb") as copy:  # noqa: PTH123  # a descriptor, not a path
        shutil.copyfileobj(source, copy)
        stat = os.fstat(source.fileno())
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
