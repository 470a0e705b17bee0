"""What the folders of a project hold, read and not yet worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from schakel import evidence
from schakel.about import About
from schakel.engine import Executor
from schakel.findings import Finding, Place, finding
from schakel.namespaces import known_prefixes
from schakel.project.checks import Check, read_checks
from schakel.project.mappings import Mapping as TableMapping
from schakel.project.mappings import read_mappings
from schakel.project.shapes import named_shapes
from schakel.project.tables import Table, read_tables
from schakel.queries import LABELS, CannedQuery, read_queries
from schakel.rdf_reading import RDF_FILES, Tags, read_rdf_files, spelled
from schakel.settings import Settings
from schakel.structured_data import read_schema_org
from schakel.table_files import DECLARATIONS, TABLE_SUFFIXES, Declaration
from schakel.tables import PASSAGE, SOURCE, read_table, unread_files
from schakel.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Content", "read_content"]


@dataclass(frozen=True)
class Content:
    """Everything in the folders of a project. `complete` says whether all tables and the lock could be read; the cells of tables are in the engine.

    `tags` are the language tags of ontology and shapes, as stated; `pages` are the captured pages whose text readers are shown, by source.
    """

    vocabulary: Vocabulary
    shapes: Sequence[Triple]
    tags: Tags
    queries: Sequence[CannedQuery]
    checks: Sequence[Check]
    prefixes: Mapping[str, str]
    tables: Sequence[Table]
    mappings: Mapping[str, TableMapping]
    sources: Mapping[str, evidence.Source]
    lock: evidence.Lock
    pages: Mapping[str, evidence.Page]
    complete: bool
    schema_org: str | None

    def spelled(self, triple: Triple) -> tuple[str, str, str]:
        """Spell a triple of the ontology or the shapes, as stated."""
        return str(triple.subject), str(triple.predicate), spelled(triple.object, self.tags)

    def about(self, settings: Settings) -> About:
        """Say what a publication of it says of itself."""
        texts = settings.title, settings.description
        given = (settings.base, *texts, settings.publisher, settings.licence, settings.version, settings.languages)
        return About(*given, self.prefixes, settings.verify_all, settings.address or settings.base, settings.contact, settings.catalogue, settings.date)


def read_content(executor: Executor, settings: Settings) -> tuple[Content, list[Finding]]:
    """Read a project, with all that is wrong with its files."""
    vocabulary, in_vocabulary = read_vocabulary(settings.ontology, settings.root, settings.base)
    shapes, in_shapes = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    tables, in_tables, all_read = read_tables(executor, settings.data, settings.root)
    mappings, in_mappings = read_mappings(settings.data, settings.root, tables, settings.base)
    sources, in_sources = _sources(settings, tables)
    lock, in_lock = evidence.read_lock(settings.data / evidence.LOCK, settings.in_data(evidence.LOCK))
    if not any(table.has_cells(executor, PASSAGE) for table in tables):
        in_lock = []
    pages, in_pages = evidence.read_shown_captures(sources, settings.captures)
    in_lock = in_lock or evidence.check_lock(lock, pages, settings.in_data(evidence.LOCK))
    queries, in_queries = read_queries(settings.queries, settings.root)
    schema_org, in_exports = read_schema_org(settings.queries / "exports", settings.root)
    checks, in_checks = read_checks(settings.queries / "checks", settings.root)
    named = named_shapes({path.relative_to(settings.shapes).as_posix(): file.triples for path, file in shapes.items()}, settings.base)
    prefixes = known_prefixes([*vocabulary.prefixes, *(file.prefixes for file in shapes.values())])
    complete = all_read and not in_lock
    of_sources = {cited: span for cited, span in lock.items() if cited[0] in sources}
    tags = dict(vocabulary.tags)
    for file in shapes.values():
        tags = {**file.tags, **tags}
    content = Content(vocabulary, named, tags, list(queries.values()), checks, prefixes, tables, mappings, sources, of_sources, pages, complete, schema_org)
    wrong = [*in_vocabulary, *in_shapes, *in_tables, *in_mappings, *in_sources, *in_pages, *in_lock, *in_queries, *in_exports, *in_checks]
    return content, [*_unread(settings), *wrong]


def _sources(settings: Settings, tables: Sequence[Table]) -> tuple[dict[str, evidence.Source], list[Finding]]:
    file = f"{evidence.SOURCES}.csv"
    if not any(table.name == evidence.SOURCES for table in tables):
        citing = any(SOURCE in table.columns for table in tables)
        return {}, [finding("no-sources", Place(settings.in_data(file)))] if citing else []
    # What is wrong with it as a table is said with the others.
    tables_read, _ = read_table(Declaration(evidence.SOURCES, settings.data / file), settings.in_data(file))
    return evidence.read_sources(tables_read, settings.in_data(file), settings.reading_view)


def _unread(settings: Settings) -> list[Finding]:
    unread = unread_files((path for path in settings.data.glob("*") if path.name != DECLARATIONS), settings.root, (*TABLE_SUFFIXES, ".rq", *RDF_FILES))
    unread += unread_files((path for path in settings.queries.rglob("*") if path.name != LABELS), settings.root, (".rq",))
    return unread + unread_files([*settings.ontology.rglob("*"), *settings.shapes.rglob("*")], settings.root, (".ttl",))
