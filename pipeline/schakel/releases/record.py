"""The record of releases, `releases.toml`: what was released when, and the digests of the files that hold it. Entries are added and never changed."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from schakel.errors import NotReleasableError, RecordUnusableError

__all__ = ["DUMP", "FINDINGS", "PATCH", "RECORD", "Release", "check_version", "digest_of", "next_version", "read_entries", "read_record", "record_text"]

RECORD: Final = "releases.toml"
# The files of a release: the whole dump, how it differs from the release before, and what was found.
DUMP: Final = "dataset.nq.gz"
PATCH: Final = "changes.rdfp.gz"
FINDINGS: Final = "findings.json"
_HEAD: Final = "# Releases of this project, oldest first. “schakel release” adds entries; none is ever changed.\n"
_SCHEMES: Final[Mapping[str, re.Pattern[str]]] = {
    "semantic": re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*))?"),
    "calendar": re.compile(r"(\d{4})[.-](0[1-9]|1[0-2])[.-](0[1-9]|[12]\d|3[01])(?:[.-]([1-9]\d*))?"),
}
_ANY: Final = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")


@dataclass(frozen=True)
class Release:
    """One release. `sha256` is that of its sorted N-Quads; `files` are the digests of the files that are kept of it, by name, and none where it is too old."""

    version: str
    issued: datetime
    sha256: str
    statements: int
    added: int
    removed: int
    note: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> str:
        """When it was issued, as XSD writes a moment in UTC."""
        return self.issued.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_record(root: Path) -> list[Release]:
    """Read the record of a project, oldest first; an empty list where it has none.

    Raises RecordUnusableError.
    """
    file = root / RECORD
    try:
        content = file.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise RecordUnusableError(file, f"it cannot be read: {error}") from None
    return read_entries(content, file)


def read_entries(content: str, file: Path) -> list[Release]:
    """Read the text of a record; `file` is named where something is wrong with it.

    Raises RecordUnusableError.
    """
    try:
        releases = [_release(entry) for entry in tomllib.loads(content).get("release", ())]
    except (tomllib.TOMLDecodeError, TypeError, LookupError, ValueError, AttributeError) as error:
        raise RecordUnusableError(file, f"it is not as “schakel release” writes it ({error}); restore it from the project's repository") from None
    moments = [release.issued for release in releases]
    if moments != sorted(moments) or len({release.version for release in releases}) != len(releases):
        raise RecordUnusableError(file, "its releases should be in the order of their dates, each version once; restore it from the project's repository")
    there = [release for release in releases if release.files]
    if any((PATCH if number else DUMP) not in release.files for number, release in enumerate(there)):
        raise RecordUnusableError(file, f"the first release that has files needs {DUMP}, the others {PATCH}; restore it from the project's repository")
    return releases


def _release(entry: Mapping[str, Any]) -> Release:
    version, issued = entry["version"], entry["issued"]
    if not _ANY.fullmatch(version):
        raise ValueError(f"{version!r} is no version")
    if not isinstance(issued, datetime) or issued.tzinfo is None:
        raise ValueError(f"the moment of {version} has no time zone")
    files = {name: str(digest) for name, digest in sorted(entry.get("files", {}).items()) if name in {DUMP, PATCH, FINDINGS}}
    statements, added, removed = (int(entry[name]) for name in ("statements", "added", "removed"))
    return Release(version, issued, str(entry["sha256"]), statements, added, removed, note=str(entry.get("note", "")), files=files)


def record_text(releases: Sequence[Release]) -> str:
    """Write a record."""
    return _HEAD + "".join(map(_entry, releases))


def _entry(release: Release) -> str:
    # A JSON string is one of TOML too, once what stands for signs beyond U+FFFF is written as itself.
    lines = [f"version = {_text(release.version)}", f"issued = {release.moment}"]
    lines += [f"note = {_text(release.note)}"] if release.note else []
    lines += [f"sha256 = {_text(release.sha256)}", *(f"{name} = {getattr(release, name)}" for name in ("statements", "added", "removed"))]
    files = ", ".join(f"{_text(name)} = {_text(digest)}" for name, digest in sorted(release.files.items()))
    return "\n[[release]]\n" + "\n".join(lines) + "\n" + (f"files = {{ {files} }}\n" if files else "")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_version(version: str, scheme: str, last: str | None) -> None:
    """See that a version is of the scheme of the project and comes after the last one.

    Raises NotReleasableError.
    """
    if not _SCHEMES[scheme].fullmatch(version):
        example = {"semantic": "1.4.0", "calendar": "2026.12.01"}[scheme]
        raise NotReleasableError(f"{version} is no {scheme} version, as {example} is; [releases] scheme in schakel.toml says which kind there is")
    if last is not None and _SCHEMES[scheme].fullmatch(last) and _order(version, scheme) <= _order(last, scheme):
        raise NotReleasableError(f"version {version} does not come after {last}, the last release")


def _order(version: str, scheme: str) -> tuple[object, ...]:
    """Give what versions are ordered by.

    >>> _order("1.0.0-rc.2", "semantic") < _order("1.0.0-rc.11", "semantic") < _order("1.0.0", "semantic") < _order("1.0.1", "semantic")
    True
    """
    match = _SCHEMES[scheme].fullmatch(version)
    *numbers, rest = match.groups() if match else ("0",)
    if scheme == "calendar":
        return (*map(int, numbers), int(rest or 0))
    # A version before a release has identifiers; numbers among them come before words.
    identifiers = [(0, int(each), "") if each.isdecimal() else (1, 0, each) for each in (rest or "").split(".")]
    return (*map(int, numbers), rest is None, identifiers)


def next_version(scheme: str, last: str | None, first: str, today: datetime, size: int) -> str:
    """Propose a version: a semantic one raised at a place (0 major, 1 minor, 2 patch), or the date.

    >>> next_version("semantic", "1.4.2", "1.0.0", datetime(2026, 12, 1), 1), next_version("calendar", "2026.12.01", "1.0.0", datetime(2026, 12, 1), 1)
    ('1.5.0', '2026.12.01.2')
    """
    if scheme == "calendar":
        date = f"{today:%Y.%m.%d}"
        again = _SCHEMES[scheme].fullmatch(last or "")
        return date if again is None or not (last or "").startswith(date) else f"{date}.{int(again[4] or 1) + 1}"
    match = _SCHEMES[scheme].fullmatch(last or "")
    if match is None:
        return first
    numbers = [int(match[place + 1]) for place in range(3)]
    return ".".join(str(number + (place == size) if place <= size else 0) for place, number in enumerate(numbers))


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
