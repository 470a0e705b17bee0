"""A file an entity: what is said of it and of its parts, and the names of what it refers to."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from schakel.cache import Cache, NoCache, key_of
from schakel.export.jsonld import document
from schakel.export.jsonld_context import Context
from schakel.export.lines import turtle
from schakel.export.segments import Segment
from schakel.findings import Finding, finding
from schakel.namespaces import SKOS
from schakel.ntriples import joined, sorted_lines, subject, subjects
from schakel.packing import packed, unpacked

__all__ = ["Entities"]

_LABEL = re.compile(rb"^(<([^>]*)> " + re.escape(str(SKOS.prefLabel).encode()) + rb" .*)$", re.MULTILINE)
_REFERENCES = re.compile(rb"<([^>]*)> \.$")
_SEGMENT = re.compile(r"[\w~-][\w.~-]*")
_LONGEST_SEGMENT = 200
_LONGEST_PATH = 1000
# What the publication itself writes at its top; names that some file systems keep for themselves.
_FOLDERS = frozenset({"download", "kinds", "more", "queries", "static"})
_FILES = frozenset(
    {
        "404",
        "about",
        "browse",
        "catalog",
        "dataset",
        "downloads",
        "index",
        "linkset",
        "ontology",
        "report",
        "robots",
        "search",
        "shapes",
        "sitemap",
        "sources",
        "sparql",
        "void",
    }
)
_SUFFIXES = (".html", ".jsonld", ".nt", ".ttl")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})


class Entities:
    """The entities below the base, by the path of their files, of a graph given in segments."""

    def __init__(self, segments: Sequence[Segment], base: str, languages: Sequence[str] = ()) -> None:
        """Take segments, and the languages of pages, each of which may have a folder of its own."""
        self._reserved = _FOLDERS | {language.casefold() for language in languages}
        self._segments = segments
        self._base = base
        self.paths, self.findings = self._assign_paths()

    def _assign_paths(self) -> tuple[dict[str, str], list[Finding]]:
        paths: dict[str, str] = {}
        taken: dict[str, str] = {}
        findings: list[Finding] = []
        for iri in sorted({iri.partition("#")[0] for segment in self._segments for iri in subjects(segment.statements) if iri.startswith(self._base)}):
            path = iri.removeprefix(self._base)
            reason = _unfit(path, self._reserved)
            if reason is None and path.casefold() in taken:
                reason = f"its path differs from that of <{taken[path.casefold()]}> in upper and lower case only"
            if reason is None:
                paths[iri] = path
                taken[path.casefold()] = iri
            else:
                findings.append(finding("entity-without-file", found=iri, reason=reason))
        return paths, findings

    def files(self, context: Context, known: Mapping[str, str], cache: Cache | NoCache) -> Iterator[tuple[str, bytes]]:
        """Give path and content of each entity's files, with prefixes of those known. The files of a segment that were made before are taken from the cache."""
        names: dict[bytes, list[bytes]] = defaultdict(list)
        for segment in self._segments:
            for line, iri in _LABEL.findall(segment.statements):
                names[iri].append(line)
        labels = key_of(chain.from_iterable(names.values()))
        common = key_of(json.dumps(context.json), json.dumps(sorted(known.items())), labels, "\n".join(self.paths.values()))
        for segment in self._segments:
            name = key_of(common, segment.digest)
            kept = cache.get("entities", name)
            if kept is None:
                kept = packed(self._files_of(segment.statements, names, context, known))
                cache.put("entities", name, kept)
            yield from unpacked(kept)

    def _files_of(self, statements: bytes, names: Mapping[bytes, Sequence[bytes]], context: Context, known: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        # What is said of a thing and of its parts need not stand together: another thing's IRI may sort between them.
        about: dict[str, list[bytes]] = defaultdict(list)
        for line in statements.splitlines():
            about[_entity(line)].append(line)
        for iri, lines in about.items():
            path = self.paths.get(iri)
            if path is not None:
                content = _with_names(lines, names)
                yield f"{path}.nt", content
                yield f"{path}.ttl", turtle(content, self._base, known)
                yield f"{path}.jsonld", document(content, context.only(content), root=iri)


def _entity(line: bytes) -> str:
    return subject(line).partition("#")[0]


def _with_names(about: Sequence[bytes], names: Mapping[bytes, Sequence[bytes]]) -> bytes:
    """Give what is said of an entity, and after it the names of what it refers to."""
    references = {match[1] for line in about if (match := _REFERENCES.search(line))}
    return joined([*about, *sorted_lines({line for reference in references for line in names.get(reference, ())}.difference(about))])


def _unfit(path: str, folders: Collection[str]) -> str | None:
    """Say why a path cannot be a file's, or None where it can."""
    segments = path.split("/")
    if not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return "its path has characters or segments that cannot safely be a file name"
    if len(path.encode()) > _LONGEST_PATH or any(len(segment.encode()) > _LONGEST_SEGMENT for segment in segments):
        return "its path is too long"
    if any(segment.casefold().partition(".")[0] in _RESERVED for segment in segments):
        return "its path holds a name that some file systems keep for themselves"
    if any(segment.casefold().endswith(_SUFFIXES) for segment in segments[:-1]):
        return "its path goes through the name of another thing's file"
    # A server would take a page named so for that of its folder.
    if segments[0].casefold() in folders or (len(segments) == 1 and path.casefold() in _FILES) or segments[-1].casefold() == "index":
        return "its path is that of a file of the publication itself"
    return None
