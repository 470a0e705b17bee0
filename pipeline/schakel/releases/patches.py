"""RDF Patch: the statements that one version takes away and adds, as lines that other programs apply."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from schakel.errors import GraphUnreadableError
from schakel.releases.sorted_dump import SortedDump, differences

__all__ = ["MEDIA_TYPE", "Patch", "apply_patch", "patch_between", "patch_lines", "read_patch", "write_gzip"]

MEDIA_TYPE: Final = "application/rdf-patch"
_ADD, _DELETE = b"A ", b"D "
_WHOLE: Final = 1 << 20


@dataclass(frozen=True)
class Patch:
    """Lines of N-Quads that go and that come, each sorted, with line ends."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]

    def __bool__(self) -> bool:
        """Tell whether it changes anything."""
        return bool(self.removed or self.added)


def patch_between(old: SortedDump, new: SortedDump) -> Patch:
    """Give what changes one dump into another."""
    sides: tuple[list[bytes], list[bytes]] = [], []
    for is_new, line in differences(old.content, new.content):
        sides[is_new].append(line)
    return Patch(*map(tuple, sides))


def patch_lines(patch: Patch, name: str, previous: str | None) -> Iterator[bytes]:
    """Write a patch. `name` and `previous` name the versions after and before it by IRIs; the ids made of them are the same in every run."""
    yield f"H id <{_id(name)}> .\n".encode()
    if previous is not None:
        yield f"H prev <{_id(previous)}> .\n".encode()
    yield b"TX .\n"
    yield from (_DELETE + line for line in patch.removed)
    yield from (_ADD + line for line in patch.added)
    yield b"TC .\n"


def _id(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def read_patch(path: Path) -> Patch:
    """Read a packed patch.

    Raises GraphUnreadableError.
    """
    try:
        with gzip.open(path, "rb") as file:
            lines = list(file)
    except (OSError, EOFError) as error:
        raise GraphUnreadableError(path, str(error)) from None
    if not lines or lines[-1] != b"TC .\n":
        raise GraphUnreadableError(path, "it is no whole RDF Patch; restore the file from the project's repository")
    removed, added = (tuple(line[len(sign) :] for line in lines if line.startswith(sign)) for sign in (_DELETE, _ADD))
    return Patch(removed, added)


def apply_patch(before: SortedDump, patch: Patch, target: BinaryIO) -> None:
    """Write the dump that a patch makes of another. What the patch leaves alone is copied in long stretches.

    Raises GraphUnreadableError where the patch takes away what is not there or adds what is: it belongs to another version.
    """
    changes = sorted([(line, False) for line in patch.removed] + [(line, True) for line in patch.added])
    copied = 0
    for line, is_new in changes:
        place = before.place_of(line)
        is_there = before.content[place : place + len(line)] == line
        if is_there is is_new:
            raise GraphUnreadableError(before.path or Path("empty"), "a patch of the release does not fit; restore releases/ from the project's repository")
        _copy(before, copied, place, target)
        copied = place if is_new else place + len(line)
        if is_new:
            target.write(line)
    _copy(before, copied, len(before.content), target)


def _copy(before: SortedDump, start: int, end: int, target: BinaryIO) -> None:
    target.writelines(before.content[begin : min(begin + _WHOLE, end)] for begin in range(start, end, _WHOLE))


def write_gzip(path: Path, lines: Iterable[bytes]) -> None:
    """Write packed lines, without name or time in the head of the file."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        file.writelines(lines)
