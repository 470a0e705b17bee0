"""Opening a knowledge graph: a publication, a project that has been built, a file, or a SPARQL endpoint."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from schakel.errors import GraphUnreadableError, NothingPublishedError, QueryFailedError, SettingsError
from schakel.explaining import Grounds
from schakel.graph import GraphNames
from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import Context
from schakel.namespaces import PREFIXES
from schakel.queries import CannedQuery, Endpoint, Limits, LocalGraph, named, read_queries
from schakel.settings import SETTINGS_FILE, Settings, read_settings

__all__ = ["left_out", "open_graph", "open_project", "queries_of", "query_of"]

_DATASET: Final = Path("download", "dataset.nq")
_MERGED: Final = Path("download", "graph.nt")
_INDEX: Final = Path("queries", "index.json")
_FILES: Final = frozenset({".nq", ".nt", ".trig", ".ttl"})


def open_graph(
    where: str | Path = ".", *, queries: str | Path | None = None, language: str | None = None, seconds: float | None = None, rows: int | None = None
) -> KnowledgeGraph:
    """Open the graph in a folder (of a publication, or of a project that has been built), in an RDF file, or behind the URL of a SPARQL endpoint.

    `queries` names the publication or project whose canned queries are asked, where `where` is a file or a URL. `language` is that of names in answers,
    `seconds` how long a query may take and `rows` how many rows an answer may have; else a project's settings say so, or it is 60 and a million.
    Nothing is read before the first question.

    Raises NothingPublishedError, GraphUnreadableError and SettingsError.

    >>> graph = open_graph("public")  # doctest: +SKIP
    >>> graph.query("members", body="Harbour Trust")[0]["memberName"]  # doctest: +SKIP
    'Lighthouse Friends'
    """
    limits = _limits(Path(where) if isinstance(where, Path) or not urlsplit(where).scheme else None, seconds, rows)
    if isinstance(where, str) and urlsplit(where).scheme in {"http", "https"}:
        context, canned = _of_folder(Path(queries)) if queries else (Context("", PREFIXES, ()), {})
        opened = KnowledgeGraph(Endpoint(where, context.base or None, limits), context, canned)
    else:
        opened = _open_path(Path(where), None if queries is None else Path(queries), limits)
    return opened if language is None else opened.with_language(language)


def _limits(folder: Path | None, seconds: float | None, rows: int | None) -> Limits:
    """Take the limits that were given, else those of the project in the folder, else the usual ones."""
    usual = Limits()
    if folder is not None and (folder / SETTINGS_FILE).is_file():
        settings = read_settings(folder)
        usual = Limits(settings.query_seconds, settings.query_rows)
    return Limits(usual.seconds if seconds is None else seconds, usual.rows if rows is None else rows)


def _open_path(path: Path, queries: Path | None, limits: Limits) -> KnowledgeGraph:
    if path.suffix in _FILES and not path.is_dir():
        if not path.is_file():
            raise GraphUnreadableError(path, "there is no such file")
        context, canned = _of_folder(queries) if queries else (Context("", PREFIXES, ()), {})
        return KnowledgeGraph(LocalGraph(path.absolute(), context.base or None, limits), context, canned)
    if path.is_file():
        raise GraphUnreadableError(path, f"its name should end in {', '.join(sorted(_FILES))}")
    context, canned = _of_folder(queries or path)
    project = _project_of(path)
    publication = path if project is None or not (path / SETTINGS_FILE).is_file() else project.publication
    grounds = Grounds(publication / _DATASET, GraphNames(context.base), project)
    return KnowledgeGraph(_published(publication, context.base, limits), context, canned, grounds)


def _project_of(folder: Path) -> Settings | None:
    """Read the settings of the project that the folder is, or that has published into it; None where there is none."""
    if (folder / SETTINGS_FILE).is_file():
        return read_settings(folder)
    for above in folder.resolve().parents:
        try:
            settings = read_settings(above)
        except SettingsError:
            continue
        if settings.publication.resolve() == folder.resolve():
            return settings
    return None


def open_project(settings: Settings, endpoint: str | None = None) -> KnowledgeGraph:
    """Open what a project has published, or an endpoint that holds it, with the project's own canned queries as they are now.

    Raises NothingPublishedError.
    """
    limits = Limits(settings.query_seconds, settings.query_rows)
    context, canned = _context(settings), queries_of(settings)
    if endpoint:
        return KnowledgeGraph(Endpoint(endpoint, settings.base, limits), context, canned)
    grounds = Grounds(settings.publication / _DATASET, settings.names, settings)
    return KnowledgeGraph(_published(settings.publication, settings.base, limits), context, canned, grounds)


def queries_of(settings: Settings) -> dict[str, CannedQuery]:
    """Give the canned queries of a project that can be asked; `schakel check` tells what is wrong with the others."""
    return read_queries(settings.queries, settings.root)[0]


def query_of(settings: Settings, name: str) -> CannedQuery:
    """Give a canned query of a project by its name.

    Raises QueryFailedError for one that cannot be asked, UnknownNameError for one that is not there.
    """
    queries, findings = read_queries(settings.queries, settings.root)
    file = (settings.queries / f"{name}.rq").relative_to(settings.root).as_posix()
    told = [item.text("en") for item in findings if any(place.file == file for place in item.places)]
    if told:
        raise QueryFailedError(f"{file} is left out. {' '.join(told)}")
    return named(queries, name)


def left_out(settings: Settings) -> list[str]:
    """Name the files of canned queries that cannot be asked."""
    return sorted({place.file for item in read_queries(settings.queries, settings.root)[1] for place in item.places})


def _published(publication: Path, base: str, limits: Limits) -> LocalGraph:
    if not (publication / _DATASET).is_file():
        raise NothingPublishedError(publication)
    folder = publication.absolute()
    merged = folder / _MERGED
    return LocalGraph(folder / _DATASET, base, limits, merged=merged if merged.is_file() else None)


def _of_folder(folder: Path) -> tuple[Context, Mapping[str, CannedQuery]]:
    """Give how things are named and what can be asked, of a project's folder or a publication's."""
    if (folder / SETTINGS_FILE).is_file():
        settings = read_settings(folder)
        return _context(settings), queries_of(settings)
    index = _read_index(folder)
    if index is None:
        raise NothingPublishedError(folder)
    return Context(index["base"], index["prefixes"], tuple(index["languages"])), read_queries(folder / "queries", folder)[0]


def _context(settings: Settings) -> Context:
    index = _read_index(settings.publication)
    return Context(settings.base, PREFIXES if index is None else index["prefixes"], settings.languages, settings.naming)


def _read_index(publication: Path) -> dict[str, Any] | None:
    file = publication / _INDEX
    try:
        index = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise GraphUnreadableError(file, str(error)) from None
    match index:
        case {"base": str(), "prefixes": {}, "languages": [*_]}:
            return dict(index)
    raise GraphUnreadableError(file, "it is not the list of queries that a publication has")
