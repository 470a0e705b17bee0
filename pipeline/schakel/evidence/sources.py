"""The sources that tables cite, as `sources.csv` lists them, their captured pages, and how much of these readers are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from schakel.errors import nearest
from schakel.evidence.passages import Page
from schakel.findings import Finding, Place, finding
from schakel.namespaces import DCT, FOAF
from schakel.setting_values import VIEWS, WORDS
from schakel.tables import Table

__all__ = ["ADDRESSES", "SOURCES", "VIEW", "Source", "read_captures", "read_shown_captures", "read_sources"]

SOURCES = "sources"
# What can lead from a source to its page on the web.
ADDRESSES: Final = (FOAF.page, NamedNode("http://schema.org/url"), NamedNode("https://schema.org/url"), DCT.source)
_COLUMNS = ("id", "file", "sha256")
# The column that says how a source is shown.
VIEW: Final = "reading_view"


@dataclass(frozen=True)
class Source:
    """One source: the file its page was captured in, and the SHA-256 of that file, both empty where nothing was captured; `view` is one of VIEWS."""

    id: str
    file: str
    sha256: str
    place: Place
    view: str = WORDS


def read_sources(tables: Sequence[Table], file: str, view: str = WORDS) -> tuple[dict[str, Source], list[Finding]]:
    """Read the sources from their table; a project whose tables cite nothing needs none.

    `file` is where the table would be, `view` how a source is shown that says nothing of it.
    """
    table = next((table for table in tables if table.name == SOURCES), None)
    if table is None:
        citing = any(table.index("source") is not None for table in tables)
        return {}, [finding("no-sources", Place(file))] if citing else []
    missing = [name for name in _COLUMNS if table.index(name) is None]
    if missing:
        return {}, [finding("missing-column", Place(table.file, 1), found=name, table=table.file) for name in missing]
    # What is wrong with an id was told when the table was read.
    rows = [row for row in table.rows if table.has_usable_id(row)]
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for row in rows:
        file, own = table.cell(row, "file"), table.cell(row, VIEW) if table.index(VIEW) is not None else ""
        if own and own not in VIEWS:
            findings.append(finding("reading-view-unknown", table.place(row, VIEW), found=own, expected=nearest(own, VIEWS) or ", ".join(VIEWS)))
        elif own not in {"", WORDS} and not file:
            findings.append(finding("reading-view-without-page", table.place(row, VIEW), found=own))
        shown = own or view if own in {"", *VIEWS} and file else WORDS
        sources[table.cell(row, "id")] = Source(table.cell(row, "id"), file, table.cell(row, "sha256").lower(), table.place(row), shown)
    return sources, findings


def read_shown_captures(sources: Mapping[str, Source], folder: Path | None) -> tuple[dict[str, Page], list[Finding]]:
    """Read the captured pages whose text readers are shown, as `read_captures` does; `folder` is None where none was named."""
    shown = {name: source for name, source in sources.items() if source.view != WORDS}
    if folder is not None:
        return read_captures(shown, folder)
    places = (Place(source.place.file, source.place.row, "file") for source in shown.values())
    return {}, [finding("captures-unnamed", place, found=source.file, view=source.view) for place, source in zip(places, shown.values(), strict=True)]


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
