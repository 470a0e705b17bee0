"""A publication with a past: pages, feed, stream and patches of two years, the same from a fresh copy, and never changed."""

import gzip
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from schakel import build
from schakel.errors import NotReleasableError, RecordUnusableError
from schakel.releases import compare, context_of, read_record, release, version_of

from .conftest import STORY, TwoYears, write_tables

VERSIONS = ["1.0.0", "1.1.0", "1.2.0", "1.2.1", "1.3.0", "1.4.0", "1.5.0", "1.5.1", "2.0.0", "2.1.0", "2.2.0", "2.3.0"]
ATOM = "{http://www.w3.org/2005/Atom}"
TREE, LDES, DCT = "https://w3id.org/tree#", "https://w3id.org/ldes#", "http://purl.org/dc/terms/"
AS = "https://www.w3.org/ns/activitystreams#"


def test_versions_are_chosen_by_what_changed(two_years: TwoYears) -> None:
    assert list(two_years.dumps) == VERSIONS


KINDS = {
    "1.1.0": {"new_thing"},
    "1.2.0": {"changed"},
    "1.2.1": {"mentioned"},
    "1.3.0": {"renamed"},
    "1.4.0": {"new_fact"},
    "1.5.0": {"reordered"},
    "1.5.1": {"reworded"},
    "2.0.0": {"removed_thing"},
    "2.1.0": {"changed"},
    "2.2.0": {"added"},
    "2.3.0": {"removed_fact"},
}


@pytest.mark.parametrize("version", KINDS)
def test_what_changed_is_told_as_what_it_is(version: str, two_years: TwoYears, tmp_path: Path) -> None:
    before = VERSIONS[VERSIONS.index(version) - 1]
    versions = version_of(before, two_years.settings, tmp_path), version_of(version, two_years.settings, tmp_path)
    changes = compare(*versions, context_of(two_years.settings, versions), ["en"]).changes
    # The page itself is another each time, as its digest says.
    told = {str(change.kind) for change in changes.changes if "/source/" not in change.thing}
    assert told == KINDS[version]


def test_a_reader_sees_what_happened_to_a_share(two_years: TwoYears) -> None:
    public = two_years.settings.publication
    for path in ("org/trust.html", "org/ferries.html"):
        page = (public / path).read_text("utf-8")
        history = page[page.index('id="ui-history"') :]
        history = re.sub(r"<[^>]+>", "", history[: history.index("</details>")])
        told = [line for line in history.splitlines() if "→" in line and "changed" in line]
        assert "60 → 75“holds 60 per cent” (The page) → “holds three quarters” (The page)" in told[0]
        assert "50 → 60“holds half of the shares” (The page) → “holds 60 per cent” (The page)" in told[1]
        assert "1 May 2025" in history
    assert "gewijzigd" in (public / "nl" / "org" / "trust.html").read_text("utf-8")
    release_page = (public / "changes" / "1.2.0.html").read_text("utf-8")
    assert "50 → 60" in release_page
    assert "The trust bought shares." in release_page


@pytest.mark.parametrize("folder", ["", "nl/", "nb/", "nn/"])
def test_there_is_a_feed_in_each_language(folder: str, two_years: TwoYears) -> None:
    feed = ET.fromstring((two_years.settings.publication / folder / "changes" / "feed.atom").read_bytes())  # noqa: S314  # our own file
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == VERSIONS[::-1]
    assert feed.findtext(f"{ATOM}updated") == "2026-11-01T00:00:00Z"
    pages = [link.attrib["href"] for link in feed.iter(f"{ATOM}link") if link.attrib["rel"] == "alternate"]
    assert all((two_years.settings.publication / _path(page)).exists() for page in pages)


def _path(address: str) -> str:
    return address.removeprefix("https://trust.example.org/") + ("index.html" if address.endswith("/") else "")


def test_patches_in_order_give_each_version(two_years: TwoYears) -> None:
    folder = two_years.settings.publication / "releases"
    graph = _quads(gzip.decompress((folder / VERSIONS[0] / "dataset.nq.gz").read_bytes()))
    assert graph == _quads(two_years.dumps[VERSIONS[0]])
    previous = None
    for version in VERSIONS[1:]:
        lines = gzip.decompress((folder / version / "changes.rdfp.gz").read_bytes()).splitlines(keepends=True)
        heads = dict(line.split()[1:3] for line in lines if line.startswith(b"H "))
        assert previous is None or heads[b"prev"] == previous
        previous = heads[b"id"]
        removed, added = (_quads(b"".join(line[2:] for line in lines if line.startswith(sign))) for sign in (b"D ", b"A "))
        assert removed <= graph
        assert not added & graph
        graph = (graph - removed) | added
        assert graph == _quads(two_years.dumps[version]), version


def _quads(content: bytes) -> set[Quad]:
    return set(ox.parse(content, format=RdfFormat.N_QUADS))


def test_a_store_loaded_at_the_third_release_is_brought_to_the_last_by_patches(two_years: TwoYears) -> None:
    store, fresh = Store(), Store()
    store.load(two_years.dumps[VERSIONS[2]], format=RdfFormat.N_QUADS)
    fresh.load(two_years.dumps[VERSIONS[-1]], format=RdfFormat.N_QUADS)
    for version in VERSIONS[3:]:
        patch = gzip.decompress((two_years.settings.publication / "releases" / version / "changes.rdfp.gz").read_bytes())
        for line in patch.splitlines():
            for quad in ox.parse(line[2:], format=RdfFormat.N_QUADS) if line[:2] in {b"A ", b"D "} else ():
                (store.add if line.startswith(b"A") else store.remove)(quad)
    assert set(store) == set(fresh)


class Client:
    """What any client of an event stream does: it follows the relations that can lead to members after its bookmark, and reads each page once."""

    def __init__(self, public: Path, bookmark: str = "") -> None:
        self.public, self.bookmark, self.pages = public, bookmark, Counter[str]()

    def members(self) -> Iterator[tuple[str, NamedNode, str, set[tuple[object, ...]]]]:
        for page in self._pages():
            graph = self._read(page)
            for quad in graph.quads_for_pattern(None, NamedNode(TREE + "member"), None):
                member = quad.object
                created = self._one(graph, member, DCT + "created")
                stated = {(each.subject, each.predicate, each.object) for each in graph.quads_for_pattern(None, None, None, member)}
                kind = self._one(graph, member, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
                yield created, NamedNode(self._one(graph, member, DCT + "isVersionOf")), kind, stated

    def _pages(self) -> list[str]:
        root = "https://trust.example.org/changes/stream.nq"
        graph, least, most = self._read(root), dict[str, str](), dict[str, str]()
        for quad in graph.quads_for_pattern(NamedNode(root), NamedNode(TREE + "relation"), None):
            kind, node, value = (
                self._one(graph, quad.object, term) for term in ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", TREE + "node", TREE + "value")
            )
            (least if "GreaterThanOrEqual" in kind else most)[node] = value
        return sorted((page for page in least if most[page] > self.bookmark), key=lambda page: least[page])

    def _read(self, address: str) -> Store:
        self.pages[address] += 1
        store = Store()
        store.load((self.public / _path(address)).read_bytes(), format=RdfFormat.N_QUADS)
        return store

    @staticmethod
    def _one(graph: Store, subject: object, term: str) -> str:
        (quad,) = graph.quads_for_pattern(subject, NamedNode(term), None, ox.DefaultGraph())
        return str(quad.object.value)


def _replayed(members: Iterator[tuple[str, NamedNode, str, set[tuple[object, ...]]]], state: dict[NamedNode, set[tuple[object, ...]]]) -> str:
    created = ""
    for created, thing, kind, stated in members:
        assert (kind == AS + "Create") == (thing not in state), (created, thing, kind)
        if kind == AS + "Delete":
            del state[thing]
        else:
            state[thing] = stated
    return created


def _stated(dump: bytes) -> dict[NamedNode, set[tuple[object, ...]]]:
    found: dict[NamedNode, set[tuple[object, ...]]] = {}
    for quad in _quads(dump):
        subject = quad.subject.value
        if subject.startswith("https://trust.example.org/") and quad.graph_name.value != "https://trust.example.org/graph/inferred":
            found.setdefault(NamedNode(subject.partition("#")[0]), set()).add((quad.subject, quad.predicate, quad.object))
    return found


def test_a_client_follows_the_stream_from_nothing_and_from_a_bookmark(two_years: TwoYears) -> None:
    public, state = two_years.settings.publication, dict[NamedNode, set[tuple[object, ...]]]()
    client = Client(public)
    assert _replayed(client.members(), state) == "2026-11-01T00:00:00Z"
    assert state == _stated(two_years.dumps[VERSIONS[-1]])
    assert set(client.pages.values()) == {1}
    # A client that followed it up to the third release continues from there, and reads no earlier page.
    state = _stated(two_years.dumps[VERSIONS[2]])
    client = Client(public, "2025-05-01T00:00:00Z")
    _replayed(client.members(), state)
    assert state == _stated(two_years.dumps[VERSIONS[-1]])
    assert len(client.pages) == 1 + len(VERSIONS[3:])
    root = Store()
    root.load((public / "changes" / "stream.nq").read_bytes(), format=RdfFormat.N_QUADS)
    (since,) = root.quads_for_pattern(None, NamedNode(LDES + "startingFrom"), None)
    assert since.object.value == "2025-01-10T00:00:00Z"


def test_the_catalogue_says_which_versions_there_are(two_years: TwoYears) -> None:
    store = Store()
    store.load((two_years.settings.publication / "catalog.ttl").read_bytes(), format=RdfFormat.TURTLE)
    rows = store.query(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?number ?issued ?before WHERE { <https://trust.example.org/dataset> dcat:hasVersion ?version . ?version dcat:version ?number ; dct:issued ?issued
        OPTIONAL { ?version dcat:previousVersion/dcat:version ?before } } ORDER BY ?issued"""
    )
    told = [(row["number"].value, row["issued"].value[:10], row["before"] and row["before"].value) for row in rows]  # type: ignore[union-attr]
    assert told == [(version, STORY[at][0], VERSIONS[at - 1] if at else None) for at, version in enumerate(VERSIONS)]
    assert store.query('ASK { <https://trust.example.org/dataset> <http://www.w3.org/ns/dcat#version> "2.3.0" ; <http://purl.org/dc/terms/modified> ?last }')


def test_a_fresh_copy_publishes_the_same_past(two_years: TwoYears, tmp_path: Path) -> None:
    root = two_years.settings.root
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("public", ".schakel", ".public*", "report"))
    settings = replace(two_years.settings, root=copy)
    build(settings)
    here, there = (_files(each.publication) for each in (two_years.settings, settings))
    assert here.keys() == there.keys()
    assert [path for path in here if here[path] != there[path]] == []


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_releases_are_never_changed(two_years: TwoYears, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(two_years.settings.root, root)
    settings = replace(two_years.settings, root=root)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(NotReleasableError, match=r"what is published is 2\.3\.0"):
        release(settings, None, now)
    with pytest.raises(NotReleasableError, match="is not later than"):
        release(settings, None, datetime(2026, 1, 1, tzinfo=UTC))
    # What is built from other tables is not the release any more, and says so.
    build(write_tables(root, STORY[0][1]), dumps_only=True)
    assert b'dcat:version "2.3.0+unreleased"' in (settings.publication / "catalog.ttl").read_bytes()
    for version, problem in (("2.3.0", "is released already"), ("2.2.9", "does not come after"), ("next", "is no semantic version")):
        with pytest.raises(NotReleasableError, match=problem):
            release(settings, version, now)
    record = root / "releases.toml"
    stated = record.read_text("utf-8")
    record.write_text(stated.replace("The first.", "The very first."), "utf-8")
    with pytest.raises(RecordUnusableError, match=r"something else of 1\.0\.0"):
        build(settings, dumps_only=True)
    for faulty in (stated.replace("dataset.nq.gz", "data.gz"), stated.replace("2025-01-10T00:00:00Z", '"once"'), stated + "[[release]]\nversion = 1\n", "["):
        record.write_text(faulty, "utf-8")
        with pytest.raises(RecordUnusableError, match=r"restore it"):
            read_record(root)
    record.write_text(stated, "utf-8")
    patch = root / "releases" / "1.2.0" / "changes.rdfp.gz"
    patch.write_bytes(patch.read_bytes() + b"\0")
    for attempt in (lambda: build(settings, dumps_only=True), lambda: release(settings, None, now)):
        with pytest.raises(RecordUnusableError, match=r"releases/1\.2\.0/changes\.rdfp\.gz"):
            attempt()


def test_the_files_of_old_releases_go_and_those_that_stay_are_whole(two_years: TwoYears, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(two_years.settings.root, root)
    settings = replace(write_tables(root, STORY[0][1]), release_keep=4, release_scheme="calendar")
    build(settings, dumps_only=True)
    made = release(settings, None, datetime(2026, 12, 1, tzinfo=UTC))
    assert made.version == "2026.12.01"
    there = [*VERSIONS[-3:], made.version]
    assert sorted(each.name for each in (root / "releases").iterdir()) == sorted(there)
    assert [each.version for each in read_record(root)] == [*VERSIONS, made.version]
    assert version_of(VERSIONS[-2], settings, tmp_path).dump.read_bytes() == two_years.dumps[VERSIONS[-2]]
    build(settings, dumps_only=True)
    assert not (settings.publication / "releases" / VERSIONS[0]).exists()
    # A new client begins with all that the first of these releases has. The page that it had before, with other members, is gone.
    state = dict[NamedNode, set[tuple[object, ...]]]()
    _replayed(Client(settings.publication).members(), state)
    assert state == _stated((settings.publication / "download" / "dataset.nq").read_bytes())
    stream = settings.publication / "changes" / "stream"
    assert sorted(path.name for path in stream.iterdir()) == sorted([f"{there[0]}-baseline.nq", *(f"{version}.nq" for version in there[1:])])
