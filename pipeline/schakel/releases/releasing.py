"""Makes what is published a release: its files, and its entry in the record."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from schakel.errors import GraphUnreadableError, NotReleasableError
from schakel.lookup import Context
from schakel.namespaces import PREFIXES
from schakel.releases.archive import check_files, kept, restore
from schakel.releases.changes import Kind
from schakel.releases.comparison import Comparison, Version, compare, version_of_path
from schakel.releases.patches import patch_lines, write_gzip
from schakel.releases.record import DUMP, FINDINGS, PATCH, RECORD, Release, check_version, digest_of, next_version, read_record, record_text
from schakel.releases.sorted_dump import SortedDump, lines_of
from schakel.settings import Settings

__all__ = ["release", "version_iri"]

_ONLY_MENTIONED = frozenset({Kind.REWORDED, Kind.MENTIONED, Kind.UNMENTIONED})
_MAJOR, _MINOR, _PATCH = range(3)


def version_iri(base: str, version: str) -> str:
    """Name a version of the dataset.

    >>> version_iri("https://kg.example.org/", "1.2.0")
    'https://kg.example.org/changes/1.2.0'
    """
    return f"{base}changes/{version}"


def release(settings: Settings, version: str | None, issued: datetime, note: str = "") -> Release:
    """Release what is published. Without a version the next one is chosen: by what changed, or by the date, as the project numbers its releases.

    Raises NothingPublishedError, NotReleasableError, RecordUnusableError.
    """
    releases = read_record(settings.root)
    check_files(settings.releases, releases)
    last = releases[-1] if releases else None
    former = None if last is None else last.version
    if last is not None and issued.replace(microsecond=0) <= last.issued:
        raise NotReleasableError(f"{issued.isoformat()} is not later than {last.moment}, when {last.version} was released")
    with tempfile.TemporaryDirectory(prefix="schakel-release-") as name:
        work = Path(name)
        published = version_of_path(settings.publication, work)
        if last is not None and digest_of(published.dump) == last.sha256:
            raise NotReleasableError(f"what is published is {last.version}; change something and build, and there is something to release")
        comparison = None
        if releases:
            before = restore(settings.releases, releases, releases[-1].version, work)
            comparison = compare(before, published, Context(settings.base, PREFIXES, settings.languages), ())
        size = _MINOR if comparison is None else _size(comparison, settings.base)
        chosen = version or next_version(settings.release_scheme, former, settings.version, issued, size)
        if chosen in {each.version for each in releases}:
            raise NotReleasableError(f"version {chosen} is released already, and a release never changes")
        check_version(chosen, settings.release_scheme, former)
        is_whole = comparison is None or _is_whole(releases, settings.release_full)
        made = _write(settings, chosen, published, comparison, work, is_whole=is_whole)
        statements = _count(published.dump)
    added, removed = (statements, 0) if comparison is None else (len(comparison.patch.added), len(comparison.patch.removed))
    entry = Release(chosen, issued, made.pop(""), statements, added, removed, note, made)
    releases = _pruned(settings, [*releases, entry])
    _replace(settings.root / RECORD, record_text(releases))
    return entry


def _is_whole(releases: Sequence[Release], every: int) -> bool:
    """Tell whether the next release gets a whole dump, after so many without one."""
    since = next((number for number, each in enumerate(reversed(releases)) if DUMP in each.files), None)
    return since is None or since + 1 >= every


def _size(comparison: Comparison, base: str) -> int:
    """Tell which part of a semantic version changes: things that went break links, and facts are what users ask for. Of sources only captures are new."""
    kinds = {change.kind for change in comparison.changes.changes if not change.thing.startswith(f"{base}source/")}
    return _MAJOR if Kind.REMOVED_THING in kinds else _MINOR if kinds - _ONLY_MENTIONED else _PATCH


def _write(  # noqa: PLR0913  # files are made of all these
    settings: Settings, version: str, new: Version, comparison: Comparison | None, work: Path, *, is_whole: bool
) -> dict[str, str]:
    """Write the files of a release into its folder, whole or not at all; give their digests by name, and that of the dump under no name.

    Raises NotReleasableError where the folder is there: it is that of a release whose entry was lost.
    """
    folder = settings.releases / version
    if folder.exists():
        raise NotReleasableError(f"{folder} is there, and no entry of {RECORD} names it; restore the entry, or remove the folder if it was never published")
    files = work / "files"
    files.mkdir()
    if is_whole:
        with SortedDump(new.dump) as dump:
            write_gzip(files / DUMP, lines_of(dump.content))
    if comparison is not None:
        lines = patch_lines(comparison.patch, version_iri(settings.base, version), version_iri(settings.base, comparison.old.name))
        write_gzip(files / PATCH, lines)
    if new.findings is not None:
        found = [each.as_json() for each in new.findings]
        (files / FINDINGS).write_text(json.dumps({"findings": found}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    digests = {file.name: digest_of(file) for file in sorted(files.iterdir())} | {"": digest_of(new.dump)}
    settings.releases.mkdir(exist_ok=True)
    beside = settings.releases / f".{version}.{os.getpid()}"
    try:
        shutil.copytree(files, beside)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return digests


def _count(dump: Path) -> int:
    with SortedDump(dump) as content:
        return sum(1 for _ in lines_of(content.content))


def _pruned(settings: Settings, releases: Sequence[Release]) -> list[Release]:
    """Remove the files of releases that are too old, after the first of those that stay got a whole dump."""
    there = kept(releases)
    old, stay = there[: -settings.release_keep], there[-settings.release_keep :]
    made = {each.version: each for each in releases}
    if old and DUMP not in stay[0].files:
        with tempfile.TemporaryDirectory(prefix="schakel-release-") as name:
            version = restore(settings.releases, releases, stay[0].version, Path(name))
            target = settings.releases / stay[0].version / DUMP
            with SortedDump(version.dump) as dump:
                write_gzip(target, lines_of(dump.content))
        made[stay[0].version] = replace(stay[0], files={**stay[0].files, DUMP: digest_of(target)})
    for each in old:
        shutil.rmtree(settings.releases / each.version, ignore_errors=True)
        made[each.version] = replace(each, files={})
    return list(made.values())


def _replace(file: Path, content: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(content, "utf-8")
        beside.replace(file)
    except OSError as error:
        raise GraphUnreadableError(file, str(error)) from None
    finally:
        beside.unlink(missing_ok=True)
