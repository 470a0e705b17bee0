"""A dump as published: lines in the order of their bytes, so that a thing is found by halving and two dumps are compared without reading either apart."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

__all__ = ["Content", "SortedDump", "differences", "line_at", "lines_of"]

Content: TypeAlias = mmap.mmap | bytes
# Equal stretches are compared in pieces that grow from the one size to the other, in bytes.
_SMALLEST: Final = 256
_LARGEST: Final = 1 << 20


class SortedDump:
    """An N-Quads or N-Triples file whose lines are in the order of their bytes, each once. The file is mapped, not read."""

    def __init__(self, path: Path | None) -> None:
        """Open a file; None is a dump without a statement."""
        self.path = path
        self.content: Content = b""
        if path is not None and path.stat().st_size:
            with path.open("rb") as file:
                self.content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(self.content, mmap.mmap):
            self.content.close()

    def about(self, iri: str) -> list[bytes]:
        """Give the lines whose subject is the IRI, each with its line end."""
        prefix = f"<{iri}> ".encode()
        start, found = self._first(prefix), []
        while self.content[start : start + len(prefix)] == prefix:
            line = line_at(self.content, start)
            found.append(line)
            start += len(line)
        return found

    def place_of(self, line: bytes) -> int:
        """Give the offset of the first line that is not less than the one given."""
        return self._first(line)

    def _first(self, prefix: bytes) -> int:
        low, high = 0, len(self.content)
        while low < high:
            start = self.content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            if self.content[start : start + len(prefix)] < prefix:
                low = start + len(line_at(self.content, start))
            else:
                high = start
        return low

    def is_sorted(self) -> bool:
        """Tell whether the lines are in order, each once: where others wrote the file that has to be looked at."""
        last = b""
        for line in lines_of(self.content):
            if line <= last:
                return False
            last = line
        return True


def lines_of(content: Content, start: int = 0) -> Iterator[bytes]:
    """Give the lines from an offset on, each with its line end."""
    while start < len(content):
        line = line_at(content, start)
        yield line
        start += len(line)


def line_at(content: Content, start: int) -> bytes:
    """Give the line that begins at an offset, with its line end where it has one."""
    end = content.find(b"\n", start)
    return content[start:] if end < 0 else content[start : end + 1]


def differences(old: Content, new: Content) -> Iterator[tuple[bool, bytes]]:
    r"""Give each line that only one of two sorted dumps has, in order; True where that is the new one.

    >>> list(differences(b"a\nb\nd\n", b"a\nc\nd\ne\n"))
    [(False, b'b\n'), (True, b'c\n'), (True, b'e\n')]
    """
    i = j = 0
    while i < len(old) and j < len(new):
        equal = _common(old, i, new, j)
        whole = max(old.rfind(b"\n", i, i + equal) + 1 - i, 0)
        i, j = i + whole, j + whole
        # Lines that differ are merged one by one until both dumps have the same again.
        while i < len(old) and j < len(new):
            before, after = line_at(old, i), line_at(new, j)
            if before == after:
                break
            if before < after:
                yield False, before
                i += len(before)
            else:
                yield True, after
                j += len(after)
    yield from ((False, line) for line in lines_of(old, i))
    yield from ((True, line) for line in lines_of(new, j))


def _common(old: Content, i: int, new: Content, j: int) -> int:
    """Count the bytes that are the same from there on: pieces grow while they are equal, and the first that is not is halved."""
    size, equal, most = _SMALLEST, 0, min(len(old) - i, len(new) - j)
    while equal < most:
        size = min(size, most - equal)
        if old[i + equal : i + equal + size] != new[j + equal : j + equal + size]:
            break
        equal += size
        size = min(2 * size, _LARGEST)
    else:
        return equal
    while size > 1:
        half = size // 2
        if old[i + equal : i + equal + half] == new[j + equal : j + equal + half]:
            equal += half
            size -= half
        else:
            size = half
    return equal
