"""How the values of settings are read: each function gives the value, or raises a ValueError that says what is expected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from schakel.findings import Severity, is_language_tag
from schakel.namespaces import PREFIXES

__all__ = [
    "FORMATS",
    "VIEWS",
    "WORDS",
    "Moved",
    "address",
    "base",
    "contact",
    "contexts",
    "corrections",
    "count",
    "day",
    "file",
    "flag",
    "folder",
    "formats",
    "list_of_texts",
    "memory",
    "moved",
    "networks",
    "properties",
    "reading_view",
    "scheme",
    "severities",
    "severity",
    "tags",
    "text",
    "texts",
]


# In which formats a thing gets a file of its own; the last is that of sources, with the graphs of their passages.
FORMATS: Final = ("ttl", "jsonld", "nt", "trig")
# How a source is shown: the first and last words of its passages, whole passages, or the captured page with its passages marked.
WORDS: Final = "words"
VIEWS: Final = (WORDS, "passages", "page")


@dataclass(frozen=True)
class Moved:
    """Paths that things had in an earlier version, and where they are now: paths with `{0}` for the first group of the pattern, tried in order."""

    pattern: re.Pattern[str]
    targets: tuple[str, ...]


_OWN_FOLDERS = frozenset({"data", "docs", "ontology", "pipeline", "queries", "releases", "report", "shapes", "site", "tests", ".git", ".schakel", ".venv"})
_LARGEST_COUNT = 1_000_000_000
# A path below the base, with a fragment or without; nothing that could be another host.
_MOVED_TO = re.compile(r"[\w.~-]+(?:/[\w.~-]+)*(?:#[\w.~-]+)?")
_FILE_NAME = re.compile(r"[\w-][\w.-]*")
# A mail or web address that needs no escaping in a page's link, with places for texts or without.
_CONTACT = re.compile(r"(?:mailto:|https?://)[^\s<>\"\\]+")
# What a correction can be filled in with.
_CORRECTION_PLACES = frozenset({"thing", "fact", "page", "passage"})
_NOT_IN_IRIS = re.compile(r'[\s<>"{}|\\^`]')


def text(value: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def _tag(value: object) -> str:
    stated = text(value)
    if not is_language_tag(stated):
        raise ValueError('made of language tags, as "nl" or "nb"')
    return stated


def tags(value: object) -> tuple[str, ...]:
    """Read a list of language tags."""
    return tuple(_tag(item) for item in list_of_texts(value))


def texts(value: object) -> Mapping[str, str]:
    """Read texts by language tag."""
    if not isinstance(value, dict) or not value:
        raise ValueError('texts by language, as in { en = "…", nl = "…" }')
    return MappingProxyType({_tag(tag): text(stated) for tag, stated in value.items()})


def properties(value: object) -> tuple[NamedNode, ...]:
    """Read properties: CURIEs with a usual prefix, or IRIs."""
    found = []
    for stated in list_of_texts(value):
        prefix, _, local = stated.partition(":")
        try:
            found.append(NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else address(stated.partition("#")[0]) and stated))
        except ValueError:
            raise ValueError('a list of properties, as in ["skos:prefLabel", "foaf:name"]') from None
    return tuple(found)


def contexts(value: object) -> Mapping[str, str]:
    """Read files of the project by the address of the context of JSON-LD that each holds."""
    expected = 'files of the project by address, as in { "https://data.example/context" = "contexts/example.jsonld" }'
    if not isinstance(value, dict) or not all(isinstance(file, str) and file for file in value.values()):
        raise ValueError(expected)
    if any(Path(file).is_absolute() or ".." in Path(file).parts for file in value.values()):
        raise ValueError(expected)
    return MappingProxyType({address(name): file for name, file in value.items()})


def scheme(value: object) -> str:
    """Read how versions are numbered."""
    if value not in {"semantic", "calendar"}:
        raise ValueError('"semantic", as in 1.4.0, or "calendar", as in 2026.12.01')
    return str(value)


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004  # one kind of error for a wrong setting, whatever its type
    return value


def formats(value: object) -> tuple[str, ...]:
    """Read a list of formats, which may be empty."""
    stated = [] if value == [] else list_of_texts(value)
    if not set(stated) <= set(FORMATS):
        raise ValueError(f"a list of any of {', '.join(FORMATS)}")
    return tuple(each for each in FORMATS if each in stated)


def reading_view(value: object) -> str:
    """Read how much of a source readers are shown."""
    if value not in VIEWS:
        raise ValueError(" or ".join(f'"{view}"' for view in VIEWS))
    return str(value)


def base(value: object) -> str:
    """Read an address that ends with a slash."""
    stated = address(value)
    if not stated.endswith("/"):
        raise ValueError('an http(s) address that ends with "/", as in "https://kg.example.org/"')
    return stated


def count(value: object) -> int:
    """Read a whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST_COUNT:
        raise ValueError(f"a whole number from 1 to {_LARGEST_COUNT:,}")
    return value


def day(value: object) -> str:
    """Read a date, which TOML may have as one, or as a text."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError('a date, as "2026-11-30"') from None


def memory(value: object) -> str:
    """Read an amount of memory."""
    stated = text(value)
    if not re.fullmatch(r"[1-9][0-9]*(MB|GB)", stated):
        raise ValueError('a size, as "512MB" or "4GB"')
    return stated


def address(value: object) -> str:
    """Read an http(s) address."""
    stated = text(value)
    try:
        parts = urlsplit(stated)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment) and NamedNode(stated).value == stated
    except ValueError:
        valid = False
    if not valid or _NOT_IN_IRIS.search(stated):
        raise ValueError('an http(s) address, as in "https://kg.example.org/"')
    return stated


def list_of_texts(value: object) -> tuple[str, ...]:
    """Read a list of texts, none of them empty."""
    if not isinstance(value, list) or not value:
        raise ValueError('a list of texts, as in ["en", "nl"]')
    return tuple(text(item) for item in value)


def networks(value: object) -> tuple[str, ...]:
    """Read addresses and networks; one that everybody is in would let every client name itself."""
    try:
        networks = [ip_network(stated) for stated in list_of_texts(value)]
    except ValueError:
        networks = []
    if not networks or not all(network.prefixlen for network in networks):
        raise ValueError('a list of addresses or networks, as in ["127.0.0.1", "10.0.0.0/8"]; not of all addresses, and no "*"')
    return tuple(map(str, networks))


def severities(value: object) -> tuple[Severity, ...]:
    """Read severities, violations among them; or none at all."""
    try:
        severities = tuple(Severity(item) for item in list_of_texts(value)) if value != [] else ()
    except ValueError:
        severities = (Severity.INFO,)
    if severities and Severity.VIOLATION not in severities:
        raise ValueError(f"a list of {', '.join(Severity)}, with {Severity.VIOLATION} among them, or an empty list")
    return severities


def severity(value: object) -> Severity:
    """Read one severity."""
    try:
        return Severity(text(value))
    except ValueError:
        raise ValueError(f"one of {', '.join(Severity)}") from None


def folder(value: object) -> str:
    """Read a folder inside the project that is used for nothing else."""
    stated = text(value)
    if Path(stated).is_absolute() or ".." in Path(stated).parts or Path(stated) == Path() or Path(stated).parts[0] in _OWN_FOLDERS:
        raise ValueError('a folder inside the project that holds nothing else, as in "public"')
    return stated


def file(value: object) -> str:
    """Read a file of the folder site/."""
    stated = text(value)
    if Path(stated).is_absolute() or ".." in Path(stated).parts or not _FILE_NAME.fullmatch(Path(stated).name):
        raise ValueError('a file of the folder site/, its name of letters, digits, "-", "_" and ".", as in "logo.svg"')
    return stated


def contact(value: object) -> str:
    """Read a mail or web address."""
    stated = text(value)
    if not _CONTACT.fullmatch(stated):
        raise ValueError('where to write to, as "mailto:data@example.org" or "https://example.org/contact"')
    return stated


def corrections(value: object) -> str:
    """Read a mail or web address with places that a page fills in."""
    stated = contact(value)
    names = {name for _, name, _, _ in Formatter().parse(stated) if name is not None}
    if not names <= _CORRECTION_PLACES or "{" in stated.partition("?")[0]:
        places = ", ".join(f"{{{name}}}" for name in sorted(_CORRECTION_PLACES))
        raise ValueError(f'an address with places after its "?", as "mailto:data@example.org?subject={{thing}}&body={{fact}}"; there are {places}')
    return stated


def moved(value: object) -> tuple[Moved, ...]:
    """Read where things of an earlier version are now: patterns of their former paths, each with one path or several to be tried in order."""
    expected = """a table of patterns and paths below the base, as in 'passage/([^/]+)/.+' = "source/{0}\""""
    rules = []
    # Anything but a table has no pattern that could be right.
    for pattern, targets in value.items() if isinstance(value, dict) else [("(", "")]:
        try:
            compiled = re.compile(pattern)
            several = (targets,) if isinstance(targets, str) else tuple(list_of_texts(targets))
            made = [target.format(*["x"] * compiled.groups) for target in several]
        except (re.error, ValueError, LookupError):
            raise ValueError(expected) from None
        if not all(_MOVED_TO.fullmatch(path) for path in made):
            raise ValueError(expected)
        rules.append(Moved(compiled, several))
    return tuple(rules)
