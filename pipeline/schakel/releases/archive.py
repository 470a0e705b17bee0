"""The files of releases: how a version is brought back from a whole dump and the patches after it."""

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path

from schakel.errors import RecordUnusableError, UnknownNameError
from schakel.releases.comparison import Version, findings_of
from schakel.releases.patches import apply_patch, read_patch
from schakel.releases.record import DUMP, FINDINGS, PATCH, Release, digest_of
from schakel.releases.sorted_dump import SortedDump

__all__ = ["check_files", "kept", "restore", "restored"]


def kept(releases: Sequence[Release]) -> list[Release]:
    """Give the releases whose files are kept, oldest first; the first of them has a whole dump."""
    return [release for release in releases if release.files]


def check_files(folder: Path, releases: Sequence[Release]) -> None:
    """See that every file of a release is as it was written.

    Raises RecordUnusableError.
    """
    for release in releases:
        for name, digest in release.files.items():
            file = folder / release.version / name
            if not file.is_file() or digest_of(file) != digest:
                raise RecordUnusableError(file, "it is missing, or not the file that was released; restore it from the project's repository")


def restore(folder: Path, releases: Sequence[Release], version: str, work: Path) -> Version:
    """Bring back the dump of a release in the folder `work`.

    Raises UnknownNameError for a version that is not kept, RecordUnusableError where files are not as they were.
    """
    there = kept(releases)
    names = [release.version for release in there]
    if version not in names:
        raise UnknownNameError("release", version, names)
    last = names.index(version)
    first = max(number for number, release in enumerate(there[: last + 1]) if DUMP in release.files)
    dump = None
    for release in there[first : last + 1]:
        dump = restored(folder, release, dump, work)
    return Version(version, dump or work, findings_of(folder / version / FINDINGS) if FINDINGS in there[last].files else None)


def restored(folder: Path, release: Release, before: Path | None, work: Path) -> Path:
    """Give the dump of a release, made of its patch and of the dump before it; of its own whole dump where `before` is None.

    Raises RecordUnusableError.
    """
    check_files(folder, [release])
    target = work / f"{release.version}.nq"
    if before is None:
        with gzip.open(folder / release.version / DUMP, "rb") as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
    else:
        with SortedDump(before) as dump, target.open("wb") as file:
            apply_patch(dump, read_patch(folder / release.version / PATCH), file)
    if digest_of(target) != release.sha256:
        raise RecordUnusableError(folder / release.version, "its files do not make the dump that was released; restore them from the project's repository")
    return target
