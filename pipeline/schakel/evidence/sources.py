"""The sources that tables cite, as `sources.csv` lists them, and their captured pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from schakel.evidence.passages import Page
from schakel.findings import Finding, Place, finding
from schakel.namespaces import DCT, FOAF
from schakel.tables import Table

__all__ = ["ADDRESSES", "SOURCES", "Source", "read_captures", "read_sources"]

SOURCES = "sources"
# What can lead from a source to its page on the web.
ADDRESSES: Final = (FOAF.page, NamedNode("http://schema.org/url"), NamedNode("https://schema.org/url"), DCT.source)
_COLUMNS = ("id", "file", "sha256")


@dataclass(frozen=True)
class Source:
    """One source: the file its page was captured in, and the SHA-256 of that file, both empty where nothing was captured."""

    id: str
    file: str
    sha256: str
    place: Place


def read_sources(tables: Sequence[Table], file: str) -> tuple[dict[str, Source], list[Finding]]:
    """Read the sources from their table; a project whose tables cite nothing needs none. `file` is where the table would be."""
    table = next((table for table in tables if table.name == SOURCES), None)
    if table is None:
        citing = any(table.index("source") is not None for table in tables)
        return {}, [finding("no-sources", Place(file))] if citing else []
    missing = [name for name in _COLUMNS if table.index(name) is None]
    if missing:
        return {}, [finding("missing-column", Place(table.file, 1), found=name, table=table.file) for name in missing]
    # What is wrong with an id was told when the table was read.
    rows = [row for row in table.rows if table.has_usable_id(row)]
    found = [Source(table.cell(row, "id"), table.cell(row, "file"), table.cell(row, "sha256").lower(), table.place(row)) for row in rows]
    return {source.id: source for source in found}, []


def read_captures(sources: Mapping[str, Source], folder: Path) -> tuple[dict[str, Page], list[Finding]]:
    """Read the captured page of each source that has one, if its bytes are those that `sources.csv` names."""
    pages: dict[str, Page] = {}
    findings: list[Finding] = []
    for source in sources.values():
        if not source.file:
            continue
        place = Place(source.place.file, source.place.row, "file")
        path = folder / source.file
        if not _is_within(path, folder):
            findings.append(finding("capture-missing", place, found=source.file, folder=folder.name))
            continue
        content = path.read_bytes()
        digest = sha256(content).hexdigest()
        if digest != source.sha256:
            place = Place(source.place.file, source.place.row, "sha256")
            findings.append(finding("page-changed", place, file=source.file, found=digest, expected=source.sha256 or "–"))
            continue
        try:
            pages[source.id] = Page(content.decode("utf-8"), digest)
        except UnicodeDecodeError:
            findings.append(finding("capture-not-utf8", place, found=source.file))
    return pages, findings


def _is_within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # a name too long, or with a character that no file name can have
        return False
