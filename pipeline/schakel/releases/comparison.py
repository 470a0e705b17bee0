"""Compares two versions: publications, dumps, or releases of a project."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, RdfFormat

from schakel.errors import GraphUnreadableError, NothingPublishedError
from schakel.lookup import Context
from schakel.releases.changes import Changes
from schakel.releases.interpretation import changes_between, quads_of
from schakel.releases.patches import Patch, patch_between
from schakel.releases.sorted_dump import SortedDump

__all__ = ["DATASET", "Comparison", "FindingText", "Version", "compare", "finding_text", "findings_of", "version_of_path"]

DATASET: Final = Path("download", "dataset.nq")
_LINES: Final = {".nq", ".nt"}
_FORMATS: Final = {".nq": RdfFormat.N_QUADS, ".nt": RdfFormat.N_TRIPLES, ".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


@dataclass(frozen=True, order=True)
class FindingText:
    """A finding as two versions have it alike: rows move, so that no place is part of it."""

    severity: str
    kind: str
    node: str
    value: str
    message: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as a report has it."""
        return {"severity": self.severity, "kind": self.kind, "focusNode": self.node or None, "value": self.value or None, "message": dict(self.message)}


@dataclass(frozen=True)
class Version:
    """What is compared: a name for it, its sorted dump, and its findings; None where nothing says what was found."""

    name: str
    dump: Path
    findings: tuple[FindingText, ...] | None = None


@dataclass(frozen=True)
class Comparison:
    """How two versions differ. Findings are those of the newer version alone, and those of the older one alone."""

    old: Version
    new: Version
    patch: Patch
    changes: Changes
    found: tuple[FindingText, ...] = ()
    mended: tuple[FindingText, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.patch or self.found or self.mended)


def compare(old: Version, new: Version, context: Context, languages: Sequence[str]) -> Comparison:
    """Compare two versions, with labels in the languages. What is read of the dumps is what differs, and what that names.

    Raises GraphUnreadableError.
    """
    with ExitStack() as stack:
        before, after = (stack.enter_context(SortedDump(each.dump)) for each in (old, new))
        patch = patch_between(before, after)
        for version, lines in ((old, patch.removed), (new, patch.added)):
            _check(version, lines)
        changes = changes_between(before, after, patch, context, languages)
    if old.findings is None or new.findings is None:
        return Comparison(old, new, patch, changes)
    had, has = Counter(old.findings), Counter(new.findings)
    return Comparison(old, new, patch, changes, tuple(sorted((has - had).elements())), tuple(sorted((had - has).elements())))


def _check(version: Version, lines: Iterable[bytes]) -> None:
    """See that lines are statements: a sorted dump is not read before."""
    try:
        for _ in quads_of(lines):
            pass
    except SyntaxError as error:
        raise GraphUnreadableError(version.dump, str(error)) from None


def version_of_path(path: Path, work: Path) -> Version:
    """Open a folder of a publication, or a dump; a dump that is not sorted N-Quads is brought into that form in the folder `work`.

    Raises NothingPublishedError, GraphUnreadableError.
    """
    if path.is_dir():
        if not (path / DATASET).is_file():
            raise NothingPublishedError(path)
        return Version(str(path), path / DATASET, findings_of(path / "report.json"))
    if not path.is_file():
        raise GraphUnreadableError(path, "there is no such file, folder or release")
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix not in _FORMATS:
        raise GraphUnreadableError(path, f"its name should end in {', '.join(sorted(_FORMATS))}, or in one of these and .gz")
    if path.suffix != ".gz" and suffix in _LINES:
        with SortedDump(path) as dump:
            if dump.is_sorted():
                return Version(str(path), path)
    return Version(str(path), _as_sorted_lines(path, _FORMATS[suffix], work))


def _as_sorted_lines(path: Path, syntax: RdfFormat, work: Path) -> Path:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        quads = ox.Dataset(ox.parse(content, format=syntax))
    except (SyntaxError, ValueError) as error:
        raise GraphUnreadableError(path, str(error)) from None
    if any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object, quad.graph_name)):
        # Labels of blank nodes are nobody's names: only canonical ones can be compared.
        quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = ox.serialize(quads, format=RdfFormat.N_QUADS) or b""
    target = work / f"{len(list(work.iterdir()))}.nq"
    target.write_bytes(b"".join(sorted(set(written.splitlines(keepends=True)))))
    return target


def findings_of(report: Path) -> tuple[FindingText, ...] | None:
    """Read the findings of a report; None where there is none that can be read."""
    try:
        return tuple(sorted(map(finding_text, json.loads(report.read_bytes())["findings"])))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def finding_text(read: Mapping[str, Any]) -> FindingText:
    """Read a finding as a report has it."""
    return FindingText(read["severity"], read["kind"], read.get("focusNode") or "", read.get("value") or "", tuple(sorted(read["message"].items())))
