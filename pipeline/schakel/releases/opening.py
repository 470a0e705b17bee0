"""Opens what people name: a release of the project, a folder, a dump, or what is published."""

import json
from pathlib import Path
from typing import Final

from schakel.lookup import Context
from schakel.namespaces import PREFIXES
from schakel.releases.archive import kept, restore
from schakel.releases.comparison import Comparison, Version, version_of_path
from schakel.releases.patches import patch_lines
from schakel.releases.record import read_record
from schakel.releases.releasing import version_iri
from schakel.releases.sorted_dump import SortedDump
from schakel.settings import Settings

__all__ = ["context_of", "version_of", "write_rdf"]

# A base that nothing is below, for dumps that say nothing of theirs.
_NO_BASE: Final = "urn:x-no-base:/"
_INFERRED: Final = b"graph/inferred> .\n"


def version_of(named: str | None, settings: Settings | None, work: Path) -> Version:
    """Open a release by its version, else a folder or a file; None is what the project has published.

    Raises NothingPublishedError, GraphUnreadableError, RecordUnusableError.
    """
    if settings is not None:
        releases = [] if named is None else read_record(settings.root)
        if named in {release.version for release in kept(releases)}:
            return restore(settings.releases, releases, str(named), work)
        if named is None:
            return version_of_path(settings.publication, work)
    path = Path(named or ".")
    # The folder of a project stands for what it has published, where it has the usual name.
    return version_of_path(path / "public" if not (path / "download").exists() and (path / "public" / "download").exists() else path, work)


def context_of(settings: Settings | None, versions: tuple[Version, Version]) -> Context:
    """Give how things are named: as the project says, else as the publications do that are compared."""
    if settings is not None:
        return Context(settings.base, PREFIXES, settings.languages)
    for version in reversed(versions):
        try:
            index = json.loads((version.dump.parent.parent / "queries" / "index.json").read_text("utf-8"))
            return Context(str(index["base"]), dict(index["prefixes"]), tuple(index["languages"]))
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return Context(next(filter(None, map(_base_in, reversed(versions))), _NO_BASE), PREFIXES, ("en",))


def _base_in(version: Version) -> str | None:
    """Find the base of a dump in the name of the graph of its conclusions."""
    with SortedDump(version.dump) as dump:
        end = dump.content.find(_INFERRED)
        start = dump.content.rfind(b" <", 0, end) + 2 if end > 0 else 0
        return dump.content[start:end].decode() if start > 1 else None


def write_rdf(comparison: Comparison, folder: Path, base: str) -> None:
    """Write how two versions differ for programs: as an RDF Patch, and as the statements removed and those added."""
    folder.mkdir(parents=True, exist_ok=True)
    patch, (old, new) = comparison.patch, (version_iri(base, each.name) for each in (comparison.old, comparison.new))
    for name, lines in (("removed.nq", patch.removed), ("added.nq", patch.added), ("changes.rdfp", patch_lines(patch, new, old))):
        (folder / name).write_bytes(b"".join(lines))
