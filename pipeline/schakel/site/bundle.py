"""The JavaScript and WebAssembly that answer SPARQL in the page: made by `make editor` from `editor/`, and part of a site only then."""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["FOLDER", "LARGEST_DUMP", "editor_files", "is_built"]

FOLDER: Final = "static/sparql"
# A page reads the whole dump into its memory: of this many bytes in ten seconds, and into eight times as much. No reader waits for more.
LARGEST_DUMP: Final = 50_000_000

# All of these are needed; what else is there belongs to them.
_NEEDED: Final = ("editor.js", "oxigraph.wasm", "sparql-worker.js")


def is_built() -> bool:
    """Tell whether the editor was made, so that a site can have it."""
    return all(_folder().joinpath(name).is_file() for name in _NEEDED)


def editor_files() -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file of the editor; none where it was not made."""
    if is_built():
        for each in sorted(_folder().iterdir(), key=lambda file: file.name):
            if each.is_file():
                yield f"{FOLDER}/{each.name}", each.read_bytes()


def _folder() -> Traversable:
    return resources.files("schakel.site").joinpath(FOLDER)
