"""The settings of a project: `schakel.toml`, read once into one frozen value, every path by convention."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from schakel.colours import DARK, LIGHT, read_colours
from schakel.errors import SettingsError, nearest
from schakel.findings import Severity, is_language_tag
from schakel.graph import GraphNames

__all__ = ["CAPTURES_VARIABLE", "CORRECTION_PLACES", "SETTINGS", "SETTINGS_FILE", "Moved", "Settings", "read_settings"]

SETTINGS_FILE: Final = "schakel.toml"
CAPTURES_VARIABLE: Final = "SCHAKEL_CAPTURES"


@dataclass(frozen=True)
class Moved:
    """Paths that things had in an earlier version, and where they are now: paths with `{0}` for the first group of the pattern, tried in order."""

    pattern: re.Pattern[str]
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs from project to project and is not a fact.

    `title` and `description` are texts by language tag; `languages` is the order in which labels fall back, the first being that of messages.
    `page_languages` are those of the pages, the first of them at the top of the site (all of `languages` that pages speak, where none are given);
    `address` is where the site is published, if not at the base; `stylesheet`, `typeface` and `logo` are files of `site/`; `light` and `dark` are colours by
    name. `contact` is where readers write to, `corrections` an address with places for what they think is wrong.
    """

    root: Path
    base: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: str
    version: str = "1.0.0"
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    languages: tuple[str, ...] = ("en",)
    captures: Path | None = None
    require_passages: bool = True
    reasoner: str = "schakel"
    validator: str = "schakel"
    blocks: tuple[Severity, ...] = (Severity.VIOLATION,)
    memory: str = "1GB"
    threads: int | None = None
    folder: str = "public"
    verify_all: bool = False
    query_seconds: int = 60
    query_rows: int = 1_000_000
    load_seconds: int = 300
    page_languages: tuple[str, ...] = ()
    address: str = ""
    stylesheet: str = ""
    typeface: str = ""
    logo: str = ""
    light: Mapping[str, str] = field(default_factory=lambda: LIGHT)
    dark: Mapping[str, str] = field(default_factory=lambda: DARK)
    contact: str = ""
    corrections: str = ""
    serve_seconds: int = 30
    serve_rows: int = 100_000
    serve_bytes: int = 64 << 20
    serve_query_length: int = 20_000
    serve_query_depth: int = 100
    serve_body_bytes: int = 1_000_000
    serve_patience: int = 10
    serve_at_once: int = 4
    serve_client_at_once: int = 2
    serve_per_minute: int = 300
    serve_seconds_per_minute: int = 60
    serve_memory: int = 2048
    serve_proxies: tuple[str, ...] = ()
    serve_moved: tuple[Moved, ...] = ()

    @property
    def names(self) -> GraphNames:
        """The names of graphs below the base."""
        return GraphNames(self.base)

    @property
    def data(self) -> Path:
        """Tables, their mappings, and RDF files taken as they are."""
        return self.root / "data"

    def in_data(self, name: str) -> str:
        """Name a file of the data as messages do: relative to the project."""
        return (self.data / name).relative_to(self.root).as_posix()

    @property
    def ontology(self) -> Path:
        """Terms, axioms and concept schemes."""
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        """SHACL shapes."""
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        """Canned queries, and checks/ with those whose rows are findings."""
        return self.root / "queries"

    @property
    def site(self) -> Path:
        """What a project adds to its pages: `templates/`, a style sheet, a logo."""
        return self.root / "site"

    @property
    def publication(self) -> Path:
        """What is published."""
        return self.root / self.folder

    @property
    def cache(self) -> Path:
        """Where pages and answers are kept from one run to the next, and where the executor spills."""
        return self.root / ".schakel"

    @property
    def report(self) -> Path:
        """Where the report of every run is written, published or not."""
        return self.root / "report"


_OWN_FOLDERS = frozenset({"data", "docs", "ontology", "pipeline", "queries", "report", "shapes", "site", "tests", ".git", ".schakel", ".venv"})
_LARGEST_COUNT = 1_000_000_000
# A path below the base, with a fragment or without; nothing that could be another host.
_MOVED_TO = re.compile(r"[\w.~-]+(?:/[\w.~-]+)*(?:#[\w.~-]+)?")
_FILE_NAME = re.compile(r"[\w-][\w.-]*")
# A mail or web address that needs no escaping in a page's link, with places for texts or without.
_CONTACT = re.compile(r"(?:mailto:|https?://)[^\s<>\"\\]+")
# What a correction can be filled in with.
CORRECTION_PLACES: Final = frozenset({"thing", "fact", "page", "passage"})
_NOT_IN_IRIS = re.compile(r'[\s<>"{}|\\^`]')


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def _tag(value: object) -> str:
    text = _text(value)
    if not is_language_tag(text):
        raise ValueError('made of language tags, as "nl" or "nb"')
    return text


def _tags(value: object) -> tuple[str, ...]:
    return tuple(_tag(item) for item in _list_of_texts(value))


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value:
        raise ValueError('texts by language, as in { en = "…", nl = "…" }')
    return MappingProxyType({_tag(tag): _text(text) for tag, text in value.items()})


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004  # one kind of error for a wrong setting, whatever its type
    return value


def _base(value: object) -> str:
    text = _address(value)
    if not text.endswith("/"):
        raise ValueError('an http(s) address that ends with "/", as in "https://kg.example.org/"')
    return text


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST_COUNT:
        raise ValueError(f"a whole number from 1 to {_LARGEST_COUNT:,}")
    return value


def _memory(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"[1-9][0-9]*(MB|GB)", text):
        raise ValueError('a size, as "512MB" or "4GB"')
    return text


def _address(value: object) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment) and NamedNode(text).value == text
    except ValueError:
        valid = False
    if not valid or _NOT_IN_IRIS.search(text):
        raise ValueError('an http(s) address, as in "https://kg.example.org/"')
    return text


def _list_of_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError('a list of texts, as in ["en", "nl"]')
    return tuple(_text(item) for item in value)


def _networks(value: object) -> tuple[str, ...]:
    """Read addresses and networks; one that everybody is in would let every client name itself."""
    try:
        networks = [ip_network(text) for text in _list_of_texts(value)]
    except ValueError:
        networks = []
    if not networks or not all(network.prefixlen for network in networks):
        raise ValueError('a list of addresses or networks, as in ["127.0.0.1", "10.0.0.0/8"]; not of all addresses, and no "*"')
    return tuple(map(str, networks))


def _severities(value: object) -> tuple[Severity, ...]:
    try:
        severities = tuple(Severity(item) for item in _list_of_texts(value))
    except ValueError:
        severities = ()
    if Severity.VIOLATION not in severities:
        raise ValueError(f"a list of {', '.join(Severity)}, with {Severity.VIOLATION} among them")
    return severities


def _folder(value: object) -> str:
    text = _text(value)
    if Path(text).is_absolute() or ".." in Path(text).parts or Path(text) == Path() or Path(text).parts[0] in _OWN_FOLDERS:
        raise ValueError('a folder inside the project that holds nothing else, as in "public"')
    return text


def _file(value: object) -> str:
    text = _text(value)
    if Path(text).is_absolute() or ".." in Path(text).parts or not _FILE_NAME.fullmatch(Path(text).name):
        raise ValueError('a file of the folder site/, its name of letters, digits, "-", "_" and ".", as in "logo.svg"')
    return text


def _contact(value: object) -> str:
    text = _text(value)
    if not _CONTACT.fullmatch(text):
        raise ValueError('where to write to, as "mailto:data@example.org" or "https://example.org/contact"')
    return text


def _corrections(value: object) -> str:
    text = _contact(value)
    names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if not names <= CORRECTION_PLACES or "{" in text.partition("?")[0]:
        places = ", ".join(f"{{{name}}}" for name in sorted(CORRECTION_PLACES))
        raise ValueError(f'an address with places after its "?", as "mailto:data@example.org?subject={{thing}}&body={{fact}}"; there are {places}')
    return text


def _moved(value: object) -> tuple[Moved, ...]:
    """Read where things of an earlier version are now: patterns of their former paths, each with one path or several to be tried in order."""
    expected = """a table of patterns and paths below the base, as in 'passage/([^/]+)/.+' = "source/{0}\""""
    rules = []
    # Anything but a table has no pattern that could be right.
    for pattern, targets in value.items() if isinstance(value, dict) else [("(", "")]:
        try:
            compiled = re.compile(pattern)
            several = (targets,) if isinstance(targets, str) else tuple(_list_of_texts(targets))
            made = [target.format(*["x"] * compiled.groups) for target in several]
        except (re.error, ValueError, LookupError):
            raise ValueError(expected) from None
        if not all(_MOVED_TO.fullmatch(path) for path in made):
            raise ValueError(expected)
        rules.append(Moved(compiled, several))
    return tuple(rules)


_OF_SERVING: Final = (
    *("seconds", "rows", "bytes", "query_length", "query_depth", "body_bytes"),
    *("patience", "at_once", "client_at_once", "per_minute", "seconds_per_minute", "memory"),
)
# Each setting: where it stands in the file, the field that it sets, and how its value is read.
SETTINGS: Final[Mapping[str, tuple[str, Callable[[object], Any]]]] = {
    "base": ("base", _base),
    "title": ("title", _texts),
    "description": ("description", _texts),
    "publisher": ("publisher", _text),
    "version": ("version", _text),
    "licence": ("licence", _address),
    "languages": ("languages", _tags),
    "evidence.captures": ("captures", _text),
    "evidence.require_passages": ("require_passages", _flag),
    "inference.engine": ("reasoner", _text),
    "validation.engine": ("validator", _text),
    "validation.blocks": ("blocks", _severities),
    "engine.memory": ("memory", _memory),
    "engine.threads": ("threads", _count),
    "publication.folder": ("folder", _folder),
    "publication.verify_all": ("verify_all", _flag),
    "queries.seconds": ("query_seconds", _count),
    "queries.rows": ("query_rows", _count),
    "load.seconds": ("load_seconds", _count),
    "site.languages": ("page_languages", _tags),
    "site.address": ("address", _base),
    "site.stylesheet": ("stylesheet", _file),
    "site.typeface": ("typeface", _file),
    "site.logo": ("logo", _file),
    "site.light": ("light", lambda value: read_colours(value, LIGHT)),
    "site.dark": ("dark", lambda value: read_colours(value, DARK)),
    "site.contact": ("contact", _contact),
    "site.corrections": ("corrections", _corrections),
    "serve.proxies": ("serve_proxies", _networks),
    "serve.moved": ("serve_moved", _moved),
    **{f"serve.{name}": (f"serve_{name}", _count) for name in _OF_SERVING},
}
_REQUIRED: Final = ("base", "title", "description", "publisher")
_GROUPS: Final = frozenset(name.partition(".")[0] for name in SETTINGS if "." in name)


def read_settings(root: Path, *, captures: Path | None = None) -> Settings:
    """Read `schakel.toml` in the folder; all that is wrong with it is told in one SettingsError.

    Captured pages are looked for in `captures`, else where the environment variable SCHAKEL_CAPTURES says, else where the file says.
    """
    file = root / SETTINGS_FILE
    flat = _flatten(_read(file))
    problems = [_unknown(name) for name in flat if name not in SETTINGS]
    problems += [f"'{name}' is missing" for name in _REQUIRED if name not in flat]
    values: dict[str, Any] = {}
    for name, value in flat.items():
        if name in SETTINGS:
            target, read = SETTINGS[name]
            try:
                values[target] = read(value)
            except ValueError as error:
                problems.append(f"'{name}' is {value!r}, and should be {error}")
    if problems:
        raise SettingsError(file, "; ".join(problems))
    if not (root / "data").is_dir():
        raise SettingsError(file, "there is no folder data/ beside it, which would hold the tables")
    named = captures or os.environ.get(CAPTURES_VARIABLE)
    # What the file names stands beside the file; what a person names, where that person is.
    values["captures"] = Path(named) if named else root / values["captures"] if "captures" in values else None
    return Settings(root=root, **values)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(file, "no such file; run Schakel in a project's folder, or name it with --project") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(file, f"cannot be read: {error}") from None


def _flatten(settings: Mapping[str, Any]) -> dict[str, object]:
    """Write `[validation] blocks` as `validation.blocks`."""
    flat: dict[str, object] = {}
    for name, value in settings.items():
        if name in _GROUPS and isinstance(value, dict):
            flat |= {f"{name}.{inner}": item for inner, item in value.items()}
        else:
            flat[name] = value
    return flat


def _unknown(name: str) -> str:
    near = nearest(name, list(SETTINGS))
    return f"there is no setting '{name}'" + (f"; did you mean '{near}'?" if near else f"; there are {', '.join(SETTINGS)}")
