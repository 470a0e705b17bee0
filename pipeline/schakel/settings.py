"""The settings of a project: `schakel.toml`, read once into one frozen value, every path by convention."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from schakel import setting_values as values
from schakel.catalogue_metadata import CatalogueMetadata, read_catalogue
from schakel.colours import DARK, LIGHT, read_colours
from schakel.errors import SettingsError, nearest
from schakel.findings import Severity
from schakel.graph import GraphNames
from schakel.setting_values import Moved

__all__ = ["CAPTURES_VARIABLE", "SETTINGS", "SETTINGS_FILE", "Moved", "Settings", "read_settings"]

SETTINGS_FILE: Final = "schakel.toml"
CAPTURES_VARIABLE: Final = "SCHAKEL_CAPTURES"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs from project to project and is not a fact.

    `title` and `description` are texts by language tag; `languages` is the order in which labels fall back, the first being that of messages.
    `page_languages` are those of the pages, the first of them at the top of the site (all of `languages` that pages speak, where none are given);
    `address` is where the site is published, if not at the base; `stylesheet`, `typeface` and `logo` are files of `site/`; `light` and `dark` are colours by
    name. `contact` is where readers write to, `corrections` an address with places for what they think is wrong. `date` is that of the data, `catalogue`
    what catalogues are told of it. `release_full` says how many releases have one full dump among them, `release_keep` of how many the files are kept.
    """

    root: Path
    base: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: str
    version: str = "1.0.0"
    date: str = ""
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    languages: tuple[str, ...] = ("en",)
    naming: tuple[NamedNode, ...] = ()
    captures: Path | None = None
    require_passages: bool = True
    reading_view: str = "words"
    reasoner: str = "schakel"
    validator: str = "schakel"
    blocks: tuple[Severity, ...] = (Severity.VIOLATION,)
    contexts: Mapping[str, str] = field(default_factory=dict)
    references_in_tables: Severity = Severity.VIOLATION
    references_in_rdf: Severity = Severity.INFO
    memory: str = "1GB"
    threads: int | None = None
    folder: str = "public"
    verify_all: bool = False
    formats: tuple[str, ...] = values.FORMATS
    query_seconds: int = 60
    query_rows: int = 1_000_000
    load_seconds: int = 300
    release_scheme: str = "semantic"
    release_full: int = 10
    release_keep: int = 60
    page_languages: tuple[str, ...] = ()
    address: str = ""
    stylesheet: str = ""
    typeface: str = ""
    logo: str = ""
    light: Mapping[str, str] = field(default_factory=lambda: LIGHT)
    dark: Mapping[str, str] = field(default_factory=lambda: DARK)
    contact: str = ""
    corrections: str = ""
    catalogue: CatalogueMetadata = field(default_factory=CatalogueMetadata)
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
    serve_mcp: bool = False
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
    def releases(self) -> Path:
        """The files of releases, in a folder of each version."""
        return self.root / "releases"

    @property
    def cache(self) -> Path:
        """Where pages and answers are kept from one run to the next, and where the executor spills."""
        return self.root / ".schakel"

    @property
    def report(self) -> Path:
        """Where the report of every run is written, published or not."""
        return self.root / "report"


_OF_SERVING: Final = (
    *("seconds", "rows", "bytes", "query_length", "query_depth", "body_bytes"),
    *("patience", "at_once", "client_at_once", "per_minute", "seconds_per_minute", "memory"),
)
# Each setting: where it is in the file, the field that it sets, and how its value is read.
SETTINGS: Final[Mapping[str, tuple[str, Callable[[object], Any]]]] = {
    "base": ("base", values.base),
    "title": ("title", values.texts),
    "description": ("description", values.texts),
    "publisher": ("publisher", values.text),
    "version": ("version", values.text),
    "date": ("date", values.day),
    "licence": ("licence", values.address),
    "languages": ("languages", values.tags),
    "naming": ("naming", values.properties),
    "evidence.captures": ("captures", values.text),
    "evidence.require_passages": ("require_passages", values.flag),
    "evidence.reading_view": ("reading_view", values.reading_view),
    "inference.engine": ("reasoner", values.text),
    "validation.engine": ("validator", values.text),
    "rdf.contexts": ("contexts", values.contexts),
    "validation.blocks": ("blocks", values.severities),
    "validation.references_in_tables": ("references_in_tables", values.severity),
    "validation.references_in_rdf": ("references_in_rdf", values.severity),
    "engine.memory": ("memory", values.memory),
    "engine.threads": ("threads", values.count),
    "publication.folder": ("folder", values.folder),
    "publication.verify_all": ("verify_all", values.flag),
    "publication.formats": ("formats", values.formats),
    "queries.seconds": ("query_seconds", values.count),
    "queries.rows": ("query_rows", values.count),
    "load.seconds": ("load_seconds", values.count),
    "releases.scheme": ("release_scheme", values.scheme),
    "releases.full": ("release_full", values.count),
    "releases.keep": ("release_keep", values.count),
    "site.languages": ("page_languages", values.tags),
    "site.address": ("address", values.base),
    "site.stylesheet": ("stylesheet", values.file),
    "site.typeface": ("typeface", values.file),
    "site.logo": ("logo", values.file),
    "site.light": ("light", lambda value: read_colours(value, LIGHT)),
    "site.dark": ("dark", lambda value: read_colours(value, DARK)),
    "site.contact": ("contact", values.contact),
    "site.corrections": ("corrections", values.corrections),
    "catalogue": ("catalogue", read_catalogue),
    "serve.mcp": ("serve_mcp", values.flag),
    "serve.proxies": ("serve_proxies", values.networks),
    "serve.moved": ("serve_moved", values.moved),
    **{f"serve.{name}": (f"serve_{name}", values.count) for name in _OF_SERVING},
}
_REQUIRED: Final = ("base", "title", "description", "publisher")
_LONGEST_VALUE: Final = 200
_GROUPS: Final = frozenset(name.partition(".")[0] for name in SETTINGS if "." in name)


def read_settings(root: Path, *, captures: Path | None = None) -> Settings:
    """Read `schakel.toml` in the folder; one SettingsError tells all that is wrong with it.

    Captured pages are looked for in `captures`, else where the environment variable SCHAKEL_CAPTURES says, else where the file says.
    """
    file = root / SETTINGS_FILE
    flat = _flatten(_read(file))
    problems = [_unknown(name) for name in flat if name not in SETTINGS]
    problems += [f"'{name}' is missing" for name in _REQUIRED if name not in flat]
    fields: dict[str, Any] = {}
    for name, value in flat.items():
        if name in SETTINGS:
            target, read = SETTINGS[name]
            try:
                fields[target] = read(value)
            except ValueError as error:
                # Of a long table, what is wrong in it says more than all of it.
                found = f" is {value!r}, and" if len(repr(value)) <= _LONGEST_VALUE else ""
                problems.append(f"'{name}'{found} should be {error}")
    if problems:
        raise SettingsError(file, "; ".join(problems))
    if not (root / "data").is_dir():
        raise SettingsError(file, "its folder has no folder data/, which would hold the tables")
    named = captures or os.environ.get(CAPTURES_VARIABLE)
    # A path in the file is relative to the file; one that a person gives, to where that person is.
    fields["captures"] = Path(named) if named else root / fields["captures"] if "captures" in fields else None
    return Settings(root=root, **fields)


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
