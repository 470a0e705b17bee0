"""The past of a publication: what changed in each release, told again in every build from the files of releases, or from what an earlier build kept of that."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schakel.cache import Cache, NoCache, key_of
from schakel.file_bundle import packed, unpacked
from schakel.lookup import Context
from schakel.releases.archive import check_files, kept, restored
from schakel.releases.changes import Change, Changes, Kind, changes_from_json, changes_to_json
from schakel.releases.comparison import FindingText, Version, compare, finding_text, findings_of
from schakel.releases.record import FINDINGS, Release
from schakel.releases.rendering import line_of
from schakel.releases.sorted_dump import SortedDump
from schakel.releases.stream import stream_pages, things_in
from schakel.settings import Settings

__all__ = ["Entry", "Step", "entries_by_thing", "read_history"]

_CHANGES: Final = "changes.json"
_FINDINGS: Final = "findings.json"
# So many changes of a thing are told of each release on its page; the page of the release has more.
_TOLD: Final = 50


@dataclass(frozen=True)
class Step:
    """A release: what changed since the one before it, None for the first that is kept, the pages of the event stream by path, and findings new and mended."""

    release: Release
    changes: Changes | None
    pages: Mapping[str, bytes]
    found: Sequence[FindingText] = ()
    mended: Sequence[FindingText] = ()


@dataclass(frozen=True)
class Entry:
    """What a release says of a thing that it did not say before: lines by language."""

    version: str
    moment: str
    lines: Mapping[str, Sequence[tuple[str, str]]]


def read_history(settings: Settings, releases: Sequence[Release], context: Context, languages: Sequence[str], cache: Cache | NoCache) -> list[Step]:
    """Read the releases that are kept, oldest first, with labels in the languages.

    Raises RecordUnusableError where a file of a release is not as it was.
    """
    there = kept(releases)
    check_files(settings.releases, there)
    address = settings.address or settings.base
    common = repr((settings.base, address, sorted(context.prefixes.items()), context.languages, tuple(languages)))
    digests = ["", *(release.sha256 for release in there)]
    keys = [key_of(common, repr((before, release.version, release.moment, release.sha256))) for before, release in zip(digests, there, strict=False)]
    found = [cache.get("releases", key) for key in keys]
    if any(each is None for each in found):
        with tempfile.TemporaryDirectory(prefix="schakel-releases-") as folder:
            found = [packed(each) for each in _read(settings, there, context, languages, Path(folder))]
        for key, content in zip(keys, found, strict=True):
            cache.put("releases", key, content or b"")
    return [_step(release, dict(unpacked(content or b""))) for release, content in zip(there, found, strict=True)]


def _step(release: Release, files: dict[str, bytes]) -> Step:
    changes, findings = (files.pop(name) for name in (_CHANGES, _FINDINGS))
    found, mended = (tuple(map(finding_text, several)) for several in json.loads(findings))
    return Step(release, changes_from_json(changes) if changes else None, files, found, mended)


def _read(settings: Settings, releases: Sequence[Release], context: Context, languages: Sequence[str], work: Path) -> Iterator[list[tuple[str, bytes]]]:
    """Bring one version back after another; at no time are there more than two."""
    before: Version | None = None
    address = settings.address or settings.base
    for release in releases:
        dump = restored(settings.releases, release, None if before is None else before.dump, work)
        after = Version(release.version, dump, findings_of(settings.releases / release.version / FINDINGS))
        compared = None if before is None else compare(before, after, context, languages)
        changes = None if compared is None else compared.changes
        findings = ((), ()) if compared is None else (compared.found, compared.mended)
        with ExitStack() as stack:
            old, new = (stack.enter_context(SortedDump(None if each is None else each.dump)) for each in (before, after))
            things = things_in(settings.base, changes, new)
            pages = list(stream_pages(settings.base, address, release, things, old, new))
        told = json.dumps([[each.as_json() for each in several] for several in findings], ensure_ascii=False, sort_keys=True)
        yield [(_CHANGES, b"" if changes is None else changes_to_json(changes)), (_FINDINGS, told.encode()), *pages]
        if before is not None:
            before.dump.unlink()
        before = after


def entries_by_thing(steps: Sequence[Step], languages: Sequence[str]) -> dict[str, list[Entry]]:
    """Give what changed of each thing, newest first; a thing that was there from the first release has an entry without lines for that."""
    found: dict[str, list[Entry]] = {}
    for step in steps:
        if step.changes is None:
            continue
        for thing, about in step.changes.about().items():
            lines = {language: tuple(_lines(step.changes, about, language)) for language in languages}
            if thing not in found and not any(change.kind == Kind.NEW_THING and change.thing == thing for change in about):
                first = steps[0].release
                found[thing] = [Entry(first.version, first.moment, {})]
            found.setdefault(thing, []).insert(0, Entry(step.release.version, step.release.moment, lines))
    return found


def _lines(changes: Changes, about: Sequence[Change], language: str) -> Iterator[tuple[str, str]]:
    for change in about[:_TOLD]:
        line = line_of(changes, change, language)
        yield line.text, line.evidence
    if len(about) > _TOLD:
        yield f"… (+{len(about) - _TOLD})", ""
