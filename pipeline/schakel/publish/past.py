"""The past of a publication: the files of releases, what the catalogue says of them, and what pages tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.cache import Cache, NoCache
from schakel.errors import RecordUnusableError
from schakel.lookup import Context
from schakel.namespaces import DCAT, DCT, FOAF, PREFIXES, RDF, RDFS, XSD, Namespace
from schakel.publish.catalogue_terms import concept, licence_of
from schakel.publish.dumps import Dump
from schakel.publish.languages import page_languages
from schakel.publish.publication import Content
from schakel.releases import RECORD, Release, read_record, version_iri
from schakel.releases.history import Step, read_history
from schakel.releases.record import DUMP, PATCH, read_entries, record_text
from schakel.releases.stream import ROOT, root_page
from schakel.settings import Settings
from schakel.stages.built import Built

__all__ = ["Past", "read_past"]

_ADMS: Final = Namespace(PREFIXES["adms"])
_STATUS: Final = Namespace("http://publications.europa.eu/resource/authority/distribution-status/")
_IANA: Final = Namespace("https://www.iana.org/assignments/media-types/application/")
_PIECE: Final = 1 << 20
# What is built after a release and differs from it.
_UNRELEASED: Final = "+unreleased"


# What the dataset and each version of it have of their own.
_OF_ITS_OWN: Final = frozenset({DCT.title, DCT.identifier, DCAT.version, DCAT.landingPage, DCAT.distribution, DCT.issued, DCT.modified})


@dataclass(frozen=True)
class Past:
    """The releases of a project, with what changed in those that are kept. `current` says that what is published is the last of them."""

    settings: Settings
    releases: Sequence[Release]
    steps: Sequence[Step]
    is_current: bool

    @property
    def version(self) -> str:
        """The version of what is published now."""
        return self.releases[-1].version + ("" if self.is_current else _UNRELEASED)

    def files(self) -> Iterator[tuple[str, Content]]:
        """Give the files of releases and of the event stream; those of a release are published as they were written."""
        yield f"releases/{RECORD}", record_text(self.releases).encode()
        for step in self.steps:
            version = step.release.version
            yield from ((f"releases/{version}/{name}", _pieces(self.settings.releases / version / name)) for name in step.release.files)
            yield from step.pages.items()
        address = self.settings.address or self.settings.base
        yield ROOT, root_page(self.settings.base, address, [(step.release, list(step.pages)) for step in self.steps])

    def describe(self, about: About, dumps: Sequence[Dump], catalogue: Sequence[Triple]) -> Iterator[Triple]:
        """Say in the catalogue which versions there are; what it says of the dataset as a whole holds for each of them."""
        shared = [triple for triple in catalogue if triple.subject == about.dataset and triple.predicate not in _OF_ITS_OWN]
        node, first, last = about.dataset, self.releases[0], self.releases[-1]
        yield Triple(node, DCT.issued, _moment(first))
        yield Triple(node, DCT.modified, _moment(last))
        former = self.releases[:-1] if self.is_current else self.releases
        if former:
            yield Triple(node, DCAT.previousVersion, NamedNode(version_iri(about.base, former[-1].version)))
        status = _STATUS["COMPLETED" if self.is_current else "DEVELOP"]
        yield from concept(status, "completed" if self.is_current else "under development")
        yield from concept(_STATUS.COMPLETED, "completed")
        yield from (Triple(NamedNode(f"{about.base}catalog#{dump.file}"), _ADMS.status, status) for dump in dumps)
        for number, release in enumerate(self.releases):
            version = NamedNode(version_iri(about.base, release.version))
            yield Triple(node, DCAT.hasVersion, version)
            yield Triple(version, DCAT.isVersionOf, node)
            yield from (Triple(version, triple.predicate, triple.object) for triple in shared)
            yield from _description(about, version, release)
            if number:
                yield Triple(version, DCAT.previousVersion, NamedNode(version_iri(about.base, self.releases[number - 1].version)))
        if self.is_current:
            yield Triple(node, DCAT.hasCurrentVersion, NamedNode(version_iri(about.base, last.version)))


def read_past(built: Built, dumps: Sequence[Dump], cache: Cache | NoCache) -> Past | None:
    """Read the releases of a project; None where it has none.

    Raises RecordUnusableError where a file is not as it was released, or the record says something else than the one that is published.
    """
    settings = built.settings
    releases = read_record(settings.root)
    if not releases:
        return None
    _refuse_changes(settings, releases)
    digest = next(dump.sha256 for dump in dumps if dump.file == "dataset.nq")
    languages = page_languages(settings)
    context = Context(settings.base, built.content.prefixes, tuple(settings.languages))
    return Past(settings, releases, read_history(settings, releases, context, languages, cache), digest == releases[-1].sha256)


def _refuse_changes(settings: Settings, releases: Sequence[Release]) -> None:
    """See that no version that is published changes."""
    published = settings.publication / "releases" / RECORD
    if not published.is_file():
        return
    now = {release.version: release for release in releases}
    for before in read_entries(published.read_text("utf-8"), published):
        after = now.get(before.version)
        if after is None:
            continue
        files = {name: after.files.get(name, digest) for name, digest in before.files.items()}
        if replace(after, files=files) != before:
            raise RecordUnusableError(
                settings.root / RECORD, f"it says something else of {before.version} than what is published; a release never changes, so make a new one"
            )


def _description(about: About, version: NamedNode, release: Release) -> Iterator[Triple]:
    for language, text in sorted(about.title.items()):
        yield Triple(version, DCT.title, Literal(f"{text}, {release.version}", language=language))
    yield Triple(version, DCT.identifier, Literal(version.value))
    yield Triple(version, DCAT.landingPage, NamedNode(f"{about.site}changes/{release.version}.html"))
    yield Triple(NamedNode(f"{about.site}changes/{release.version}.html"), RDF.type, FOAF.Document)
    yield Triple(version, DCAT.version, Literal(release.version))
    yield Triple(version, DCT.issued, _moment(release))
    if release.note:
        yield Triple(version, _ADMS.versionNotes, Literal(release.note))
    for name in (DUMP, PATCH):
        if name in release.files:
            node = NamedNode(f"{version.value}#{name}")
            address = NamedNode(f"{about.site}releases/{release.version}/{name}")
            yield Triple(version, DCAT.distribution, node)
            yield Triple(node, RDF.type, DCAT.Distribution)
            yield Triple(node, DCT.title, Literal(name))
            yield Triple(node, DCAT.accessURL, address)
            yield Triple(node, DCAT.downloadURL, address)
            yield Triple(address, RDF.type, RDFS.Resource)
            yield Triple(node, DCT.license, licence_of(about))
            yield Triple(node, DCAT.compressFormat, _IANA.gzip)
            yield Triple(_IANA.gzip, RDF.type, DCT.MediaType)
            yield Triple(node, _ADMS.status, _STATUS.COMPLETED)


def _moment(release: Release) -> Literal:
    return Literal(release.moment, datatype=XSD.dateTime)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
