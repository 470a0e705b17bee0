"""Where the document about a thing is: a path that its IRI gives, and that gives the IRI back, whatever signs the IRI has.

docs/decisions/0026-paths-of-documents.md says why it looks so.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from urllib.parse import unquote

__all__ = ["ABOUT", "assign_paths", "decoded", "local_iri", "path_of", "whole_of"]

# The folder of documents about things whose IRIs are elsewhere.
ABOUT: Final = "about/"
_PLAIN: Final = re.compile(r"[\w.-]")
_PLAIN_EVERYWHERE: Final = re.compile(r"[a-z0-9_.-]")
_LONGEST_SEGMENT: Final = 200
# What the publication itself writes at its top; names that some file systems keep for themselves.
_FOLDERS: Final = frozenset({"about", "changes", "download", "kinds", "more", "queries", "releases", "static"})
_FILES: Final = frozenset(
    {
        *("404", "about", "browse", "catalog", "dataset", "downloads", "index", "linkset", "ontology", "report"),
        *("robots", "search", "shapes", "sitemap", "sources", "sparql", "void"),
    }
)
_SUFFIXES: Final = (".html", ".jsonld", ".nt", ".ttl")
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})


def path_of(iri: str, base: str, folders: Collection[str] = (), *, narrow: bool = False) -> str:
    """Give the path of the document about a thing, without its suffix.

    `folders` are names at the top that are taken besides those of the publication itself. A `narrow` path has small letters, digits and `_.-~` only.

    >>> path_of("https://example.org/org/a(b)", "https://example.org/"), path_of("https://data.example/x", "https://example.org/")
    ('org/a~28b~29', 'about/https~3a~2f~2fdata.example~2fx')
    """
    local = iri.removeprefix(base)
    own = local not in {iri, ""}
    plain = _PLAIN_EVERYWHERE if narrow else _PLAIN
    segments: list[list[str]] = [[]]
    before = "/"
    for place, sign in enumerate(local if own else iri):
        if sign == "/" and own and before != "/" and place + 1 < len(local):
            segments.append([])
        else:
            segments[-1].append(sign if plain.fullmatch(sign) else _escaped(sign))
        before = sign
    parts = [part for segment in segments for part in _parts(segment)]
    taken = {*_FOLDERS, *folders}
    if own and (parts[0].casefold() in taken or (len(parts) == 1 and parts[0].casefold() in _FILES)):
        parts[0] = _escaped(parts[0][0]) + parts[0][1:]
    safe = [_safe(part, is_last=place == len(parts)) for place, part in enumerate(parts, start=1)]
    return ("" if own else ABOUT) + "/".join(safe)


def decoded(path: str, base: str) -> str:
    """Give the IRI of the thing that a path is that of.

    >>> decoded("about/https~3a~2f~2fdata.example~2fx", "https://example.org/"), decoded("org/a~28b~29", "https://example.org/")
    ('https://data.example/x', 'https://example.org/org/a(b)')
    """
    name = unquote(path.removeprefix(ABOUT).replace("~/", "").replace("~", "%"))
    return name if path.startswith(ABOUT) else base + name


def local_iri(iri: str, base: str) -> str:
    """Give an IRI of ours for a thing, whose fragments can name its parts: its own IRI below the base, else that of the document about it."""
    return iri if iri.startswith(base) and iri != base else base + path_of(iri, base)


def whole_of(iri: str, base: str) -> tuple[str, str]:
    """Give the IRI of the thing that has a page, and the fragment of a part of it; only parts that are named below the base have one.

    >>> whole_of("https://example.org/about/https~3a~2f~2fdata.example~2fx#site", "https://example.org/")
    ('https://data.example/x', 'site')
    """
    if not iri.startswith(base):
        return iri, ""
    whole, _, fragment = iri.partition("#")
    return (decoded(whole[len(base) :], base) if fragment and whole.startswith(base + ABOUT) else whole), fragment


def assign_paths(iris: Iterable[str], base: str, folders: Collection[str]) -> dict[str, str]:
    """Give each thing its path: two that differ in capitals or accents alone have paths that no file system takes for the same."""
    given = {iri: path_of(iri, base, folders) for iri in iris}
    same: defaultdict[str, list[str]] = defaultdict(list)
    for iri, path in given.items():
        same[unicodedata.normalize("NFKD", path).casefold()].append(iri)
    several = (each for each in same.values() if len(each) > 1)
    return given | {iri: path_of(iri, base, folders, narrow=True) for each in several for iri in each}


def _escaped(sign: str) -> str:
    return "".join(f"~{byte:02x}" for byte in sign.encode())


def _parts(signs: Iterable[str]) -> Iterator[str]:
    """Cut a segment that is too long for the name of a file; all parts but the last end with a sign that nothing else ends with."""
    part, size = "", 0
    for sign in signs:
        if size + len(sign.encode()) > _LONGEST_SEGMENT:
            yield part + "~"
            part, size = "", 0
        part, size = part + sign, size + len(sign.encode())
    yield part


def _safe(part: str, *, is_last: bool) -> str:
    """Escape what some system or server would take for something else."""
    name = part.casefold()
    if name.partition(".")[0] in _RESERVED or name.startswith(".") or (is_last and name == "index"):
        part = _escaped(part[0]) + part[1:]
    if name.endswith(".") and len(name) > 1:
        part = part[:-1] + _escaped(".")
    suffix = next((each for each in _SUFFIXES if name.endswith(each)), None)
    # A folder of this name would be in the way of another thing's file.
    return part if suffix is None or is_last else part[: -len(suffix)] + _escaped(".") + part[1 - len(suffix) :]
