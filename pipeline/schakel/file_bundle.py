"""Several files as one, to be kept together."""

import json
from collections.abc import Iterable, Iterator

__all__ = ["packed", "unpacked"]


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Put files into one: a line that names them with their lengths, and their contents."""
    each = list(files)
    return json.dumps([[path, len(content)] for path, content in each]).encode() + b"\n" + b"".join(content for _, content in each)


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file that was packed."""
    start = content.index(b"\n") + 1
    for path, length in json.loads(content[:start]):
        yield path, content[start : start + length]
        start += length
