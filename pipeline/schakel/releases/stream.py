"""A Linked Data Event Stream of files: a page or more for each release, which never change, and a root that leads to them.

A member is a thing as of a release: when and of what it is a version in the default graph, what was stated in a graph of the member's name. The terms are
those of https://w3id.org/ldes and https://w3id.org/tree.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.graph import GraphNames
from schakel.namespaces import DCT, RDF, XSD, Namespace
from schakel.releases.changes import Changes
from schakel.releases.record import PATCH, Release
from schakel.releases.releasing import version_iri
from schakel.releases.sorted_dump import SortedDump, lines_of

__all__ = ["ROOT", "root_page", "stream_pages", "things_in"]

ROOT: Final = "changes/stream.nq"
_LDES: Final = Namespace("https://w3id.org/ldes#")
_TREE: Final = Namespace("https://w3id.org/tree#")
_ACTIVITIES: Final = Namespace("https://www.w3.org/ns/activitystreams#")
# So many members are on a page.
_MEMBERS: Final = 500


def _page_path(version: str, number: int, *, is_baseline: bool) -> str:
    """Give the path of a page of a release, numbered from 1.

    Once the releases before it are gone, all that a release has is a baseline to begin with: other members, and so other pages.
    """
    name = f"{version}-baseline" if is_baseline else version
    return f"changes/stream/{name}.nq" if number == 1 else f"changes/stream/{name}-page-{number}.nq"


def root_page(base: str, address: str, releases: Sequence[tuple[Release, Sequence[str]]]) -> bytes:
    """Write the root: what the stream is, and its pages; `releases` are those kept with the paths of their pages, `address` is where files are published."""
    stream, root = f"{base}changes/stream", address + ROOT
    lines = [
        _triple(stream, RDF.type.value, _LDES.EventStream.value),
        _triple(stream, _TREE.view.value, root),
        _triple(stream, _LDES.timestampPath.value, DCT.created.value),
        _triple(stream, _LDES.versionOfPath.value, DCT.isVersionOf.value),
        *(_triple(stream, _LDES[f"version{each}Path"].value, RDF.type.value) for each in ("Create", "Update", "Delete")),
        *(_triple(stream, _LDES[f"version{each}Object"].value, _ACTIVITIES[each].value) for each in ("Create", "Update", "Delete")),
        _triple(root, RDF.type.value, _TREE.Node.value),
    ]
    for release, pages in releases:
        for number, path in enumerate(pages, start=1):
            page = address + path
            # Each page has members of one moment alone.
            for relation, name in ((_TREE.GreaterThanOrEqualToRelation, "from"), (_TREE.LessThanOrEqualToRelation, "until")):
                node = f"{root}#{name}-{release.version}-{number}"
                lines += [
                    _triple(root, _TREE.relation.value, node),
                    _triple(node, RDF.type.value, relation.value),
                    _triple(node, _TREE.node.value, page),
                    _triple(node, _TREE.path.value, DCT.created.value),
                    _moment(node, _TREE.value.value, release),
                ]
    if releases:
        policy = f"{root}#retention"
        lines += [
            _triple(root, _LDES.retentionPolicy.value, policy),
            _triple(policy, RDF.type.value, _LDES.RetentionPolicy.value),
            _moment(policy, _LDES.startingFrom.value, releases[0][0]),
        ]
    return b"".join(sorted(set(lines)))


def stream_pages(  # noqa: PLR0913, PLR0917  # a page is made of all these
    base: str, address: str, release: Release, things: Iterable[str], before: SortedDump, after: SortedDump
) -> Iterator[tuple[str, bytes]]:
    """Write the pages of a release: each of the things as it is in the dump after it, a page at a time. There is a page, even where no thing changed."""
    is_baseline = before.path is None and PATCH in release.files
    member = f"{version_iri(base, release.version)}#{'baseline/' if is_baseline else ''}"
    number, members, lines = 1, 0, list[bytes]()
    for thing in things:
        if members == _MEMBERS:
            yield _page(address, _page_path(release.version, number, is_baseline=is_baseline), lines)
            number, members, lines = number + 1, 0, []
        lines += _member(base, release, member + thing.removeprefix(base), thing, before, after)
        members += 1
    yield _page(address, _page_path(release.version, number, is_baseline=is_baseline), lines)


def _page(address: str, path: str, lines: Iterable[bytes]) -> tuple[str, bytes]:
    page = address + path
    true = literal_spelling("true", XSD.boolean.value)
    head = [_triple(page, RDF.type.value, _TREE.Node.value), f"{iri_spelling(page)} {_LDES.immutable} {true} .\n".encode()]
    return path, b"".join([*head, *lines])


def _member(  # noqa: PLR0913, PLR0917  # a member is made of all these
    base: str, release: Release, member: str, thing: str, before: SortedDump, after: SortedDump
) -> Iterator[bytes]:
    stated = sorted(set(_stated(base, thing, after)))
    is_known = any(True for _ in _stated(base, thing, before))
    activity = "Delete" if not stated else "Update" if is_known else "Create"
    yield _triple(f"{base}changes/stream", _TREE.member.value, member)
    yield _triple(member, RDF.type.value, _ACTIVITIES[activity].value)
    yield _triple(member, DCT.isVersionOf.value, thing)
    yield _moment(member, DCT.created.value, release)
    graph = f" {iri_spelling(member)} .\n".encode()
    yield from (triple + graph for triple in stated)


def _stated(base: str, thing: str, dump: SortedDump) -> Iterator[bytes]:
    """Give what is stated of a thing and its parts, without graphs and line ends; what follows by reasoning is left out."""
    inferred = GraphNames(base).inferred.value.encode()
    for prefix in (f"<{thing}> ".encode(), f"<{thing}#".encode()):
        for line in lines_of(dump.content, dump.place_of(prefix)):
            if not line.startswith(prefix):
                break
            triple, graph, _ = line.rstrip(b"\n").rsplit(b" ", 2)
            if graph[1:-1] != inferred:
                yield triple


def things_in(base: str, changes: Changes | None, dump: SortedDump) -> Iterator[str]:
    """Give the things below the base that changed, sorted; without changes, as of a first release, all that the dump has."""
    if changes is not None:
        yield from sorted({change.thing for change in changes.changes if change.thing.startswith(base)})
        return
    start, found = f"<{base}".encode(), set[bytes]()
    for line in lines_of(dump.content, dump.place_of(start)):
        if not line.startswith(start):
            break
        found.add(line[1 : line.index(b"> ")].partition(b"#")[0])
    yield from sorted(thing.decode() for thing in found)


def _triple(subject: str, term: str, value: str) -> bytes:
    return f"{iri_spelling(subject)} {iri_spelling(term)} {iri_spelling(value)} .\n".encode()


def _moment(subject: str, term: str, release: Release) -> bytes:
    return f"{iri_spelling(subject)} {iri_spelling(term)} {literal_spelling(release.moment, XSD.dateTime.value)} .\n".encode()
