"""Pages, answers and files of entities, kept by what they are made of: one is used again only where everything that it depends on is the same, byte for byte.

Each entry is a file that begins with its own digest, and its name and the engine's version are part of that digest: one that was damaged, cut off, made
elsewhere under another name or by another version is not used, and is made anew.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

__all__ = ["Cache", "NoCache", "key_of"]

_DIGEST: Final = 32
# Files of ours that make results: code, words and templates.
_MAKING: Final = frozenset({".py", ".toml", ".j2", ".po"})
# What content depends on besides its input.
_ENGINES: Final = (
    *("schakel", "pyoxigraph", "duckdb", "sqlglot", "rdflib", "rapidfuzz"),
    *("jinja2", "markupsafe", "babel"),
)


def key_of(*parts: bytes | str | Iterable[bytes]) -> str:
    """Give a name for whatever is made of these parts: different parts, different name."""
    digest = sha256()
    for part in parts:
        pieces = [part.encode()] if isinstance(part, str) else [part] if isinstance(part, bytes) else part
        inner = sha256()
        for piece in pieces:
            inner.update(piece)
        digest.update(inner.digest())
    return digest.hexdigest()[:40]


@cache
def _makers() -> str:
    """Name all that makes results: this very code and its words, Python, and the libraries."""
    files: list[Path] = []
    for folder, inside, names in os.walk(Path(__file__).parent):
        # What builds the editor brings thousands of files that make nothing of ours.
        inside[:] = [name for name in inside if name != "node_modules"]
        files += (Path(folder, name) for name in names)
    code = key_of(*(file.read_bytes() for file in sorted(files) if file.suffix in _MAKING))
    return ", ".join([code, sys.version, *(f"{engine} {version(engine)}" for engine in _ENGINES)])


class NoCache:
    """Keeps nothing."""

    def get(self, stage: str, name: str) -> bytes | None:  # noqa: ARG002  # as Cache has it
        """Have nothing."""
        return None

    def put(self, stage: str, name: str, content: bytes) -> None:
        """Keep nothing."""

    def tidy(self) -> None:
        """Have nothing to remove."""


class Cache:
    """A folder of results by stage and name. What cannot be read or written is as if it were not there: the work is then done again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()
        self._by = _makers()

    def get(self, stage: str, name: str) -> bytes | None:
        """Give a result, or None where there is none that can be trusted."""
        path = self._folder / stage / name
        self._used.add(path)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, body = content[:_DIGEST], content[_DIGEST:]
        if digest != self._digest(stage, name, body):
            return None
        return body

    def put(self, stage: str, name: str, content: bytes) -> None:
        """Keep a result, where that is possible; another process that looks sees all of it or nothing."""
        path = self._folder / stage / name
        self._used.add(path)
        # A full disk or a folder that cannot be written costs time in the next run, and nothing else.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                try:
                    file.write(self._digest(stage, name, content))
                    file.write(content)
                    file.close()
                    os.replace(file.name, path)  # noqa: PTH105  # what is moved is a name, not a Path
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise

    def tidy(self) -> None:
        """Remove what this run neither used nor made, so that the folder holds one run's results."""
        for path in self._folder.glob("*/*"):
            if path not in self._used:
                with contextlib.suppress(OSError):
                    path.unlink()

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _digest(self, stage: str, name: str, body: bytes) -> bytes:
        digest = sha256(f"{self._by}\0{stage}\0{name}\0".encode())
        digest.update(body)
        return digest.digest()
