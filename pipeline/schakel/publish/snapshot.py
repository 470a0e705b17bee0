"""A publication as it is now, kept by links to its files: it can be served while another takes its place."""

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["WorkFolder", "take_snapshot"]

_ACROSS: Final = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EACCES, errno.EOPNOTSUPP})
_TRIES: Final = 5
_LOCK: Final = "lock"


class WorkFolder:
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


def take_snapshot(publication: Path, target: Path) -> None:
    """Link every file of a publication into a new folder, or copy it where that cannot be.

    What takes its place meanwhile is taken instead: the folder holds one publication, whole.
    """
    for tried in range(_TRIES):
        before = _identity(publication)
        try:
            shutil.copytree(publication, target, symlinks=True, copy_function=_link)
        except (shutil.Error, FileNotFoundError):
            if tried + 1 == _TRIES:
                raise
        else:
            if _identity(publication) == before:
                return
        shutil.rmtree(target, ignore_errors=True)
    raise FileNotFoundError(publication)


def _identity(folder: Path) -> int:
    return folder.stat().st_ino


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _ACROSS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)
