"""What a project holds, read and not yet worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from schakel import evidence, export, mapping, validation
from schakel.build.judging import schema_org_judged_once
from schakel.build.reading import ReadTable, constructs_once, read_tables_once
from schakel.build.run import Run
from schakel.findings import Finding
from schakel.graph import RDF_FILES, read_rdf_files
from schakel.namespaces import known_prefixes
from schakel.queries import CannedQuery, read_queries
from schakel.settings import Settings
from schakel.structured_data import read_schema_org
from schakel.tables import Table, table_files, unread_files
from schakel.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Content", "read_content", "relative"]


@dataclass(frozen=True)
class Content:
    """Everything in the folders of a project. `complete` says whether all tables and the lock could be read."""

    vocabulary: Vocabulary
    shapes: Sequence[Triple]
    queries: Sequence[CannedQuery]
    checks: Sequence[validation.Check]
    prefixes: Mapping[str, str]
    read: Sequence[ReadTable]
    constructs: Mapping[str, mapping.Construct]
    sources: Mapping[str, evidence.Source]
    lock: evidence.Lock
    complete: bool
    schema_org: str | None

    @property
    def tables(self) -> list[Table]:
        """The tables alone."""
        return [each.table for each in self.read]

    def about(self, settings: Settings) -> export.About:
        """Say what a publication of it says of itself."""
        # Plain dicts, which can be sent to other processes.
        texts = dict(settings.title), dict(settings.description)
        given = (settings.base, *texts, settings.publisher, settings.licence, settings.version, settings.languages)
        return export.About(*given, dict(self.prefixes), settings.verify_all, settings.address or settings.base)


def read_content(run: Run) -> tuple[Content, list[Finding]]:
    """Read a project, with all that is wrong with its files."""
    settings = run.settings
    vocabulary, in_vocabulary = read_vocabulary(settings.ontology, settings.root, settings.base)
    shapes, in_shapes = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    read, in_tables = read_tables_once(settings.data, settings.root, run.workers)
    tables = [each.table for each in read]
    constructs, in_mappings = mapping.read_constructs(settings.data, settings.root, tables, constructs_once(run.cache))
    sources, in_sources = evidence.read_sources(tables, relative(settings, f"{evidence.SOURCES}.csv"))
    lock, in_lock = evidence.read_lock(settings.data / evidence.LOCK, relative(settings, evidence.LOCK))
    if not any(each.cited for each in read):
        in_lock = []
    queries, in_queries = read_queries(settings.queries, settings.root)
    schema_org, in_exports = read_schema_org(settings.queries / "exports", settings.root, schema_org_judged_once(run.cache))
    checks, in_checks = validation.read_checks(settings.queries / "checks", settings.root)
    named = validation.named_shapes({path.relative_to(settings.shapes).as_posix(): file.triples for path, file in shapes.items()}, settings.base)
    prefixes = known_prefixes([*vocabulary.prefixes, *(file.prefixes for file in shapes.values())])
    unread = unread_files(settings.data.glob("*"), settings.root, (".csv", ".rq", *RDF_FILES))
    unread += unread_files(settings.queries.rglob("*"), settings.root, (".rq",))
    unread += unread_files([*settings.ontology.rglob("*"), *settings.shapes.rglob("*")], settings.root, (".ttl",))
    complete = len(tables) == len(table_files(settings.data)) and not in_lock
    of_sources = {cited: span for cited, span in lock.items() if cited[0] in sources}
    content = Content(vocabulary, named, list(queries.values()), checks, prefixes, read, constructs, sources, of_sources, complete, schema_org)
    return content, [*unread, *in_vocabulary, *in_shapes, *in_tables, *in_mappings, *in_sources, *in_lock, *in_queries, *in_exports, *in_checks]


def relative(settings: Settings, name: str) -> str:
    """Name a file of the data as messages do."""
    return (settings.data / name).relative_to(settings.root).as_posix()
