"""A project becomes quads: rows of tables, RDF files, the vocabulary, and what is known of passages."""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.dependencies import Dependencies
from schakel.compile.owl_rl import SPELLINGS
from schakel.compile.shacl import Shapes, constants, read_shapes
from schakel.engine import Executor, close_dictionary, encode
from schakel.engine.columns import VARCHAR, Columns
from schakel.engine.relations import QUADS, SPELLED, SPELLED_COLUMNS
from schakel.errors import ShapeError
from schakel.findings import Finding
from schakel.project.rdf_files import add_rdf_files
from schakel.stages.built import Built
from schakel.stages.citations import Evidence, cite
from schakel.stages.evidence import describe_files, describe_passages
from schakel.stages.mapping import Mapped, map_tables
from schakel.stages.mentions import judge_mentions
from schakel.stages.row_findings import judge_rows
from schakel.stages.slugs import judge_slugs
from schakel.stages.term_findings import TermFindings

__all__ = ["ONTOLOGY", "map_project"]

# The statements of the ontology, lists and nameless classes included, which only a reasoner reads.
ONTOLOGY: Final = "ontology"
_SPELLED_ONTOLOGY: Final = "spelled_ontology"
_TRIPLE: Final[Columns] = dict.fromkeys("spo", VARCHAR)


def map_project(executor: Executor, built: Built) -> None:
    """Make the tables of terms and quads, and that of the ontology; add what is wrong with rows and references to the findings."""
    content, settings, names = built.content, built.settings, built.settings.names
    built.sources.files |= {table.source.file: table.file for table in content.tables}
    executor.create(SPELLED, SPELLED_COLUMNS)
    built.findings += cite(executor, content.tables, Evidence(content.sources, content.lock, settings.require_passages), names)
    mapped = map_tables(executor, content.tables, content.mappings, names)
    built.notes += [f"{each.mapping.file} is applied by Oxigraph: {each.refused}" for each in mapped if each.refused]
    built.sources.columns |= {key: columns for each in mapped for key, columns in _columns(each)}
    built.findings += [*judge_rows(executor, mapped), *judge_slugs(executor, mapped)]
    built.shapes = _shapes(built)
    readable = built.shapes if isinstance(built.shapes, Shapes) else None
    built.findings += judge_mentions(executor, content.tables, mapped, readable, names.base)
    first = max(built.sources.files, default=0) + 1
    files, unreadable = add_rdf_files(executor, settings, first)
    built.sources.files |= files
    built.findings += unreadable
    _add_vocabulary(executor, built)
    of_data = [*(table.file for table in content.tables), *files.values()]
    describe_files(executor, settings.root, of_data, names)
    built.passages = describe_passages(executor, content.lock, names)
    of_shapes = constants(built.shapes) if isinstance(built.shapes, Shapes) else ()
    sources = [(SPELLED, ("s", "p", "o", "g")), (_SPELLED_ONTOLOGY, ("s", "p", "o"))]
    built.dictionary = close_dictionary(executor, sources, [*of_shapes, *SPELLINGS, str(names.inferred)])
    encode(executor, SPELLED, ("s", "p", "o", "g"), ("file", "row", "template"), QUADS)
    encode(executor, _SPELLED_ONTOLOGY, ("s", "p", "o"), (), ONTOLOGY)
    executor.drop(SPELLED, _SPELLED_ONTOLOGY)
    built.findings += _term_findings(executor, built, mapped)
    built.quads = executor.count(QUADS)


def _term_findings(executor: Executor, built: Built, mapped: Sequence[Mapped]) -> Iterator[Finding]:
    tables = {table.source.file for table in built.content.tables}
    others = {number: file for number, file in built.sources.files.items() if number not in tables}
    findings = TermFindings(executor, mapped, others, built.settings)
    yield from findings.ill_typed()
    yield from findings.undefined_terms(built.content.vocabulary.terms())
    # With a whole table unread, every reference into it would seem to lead nowhere.
    if built.content.complete:
        yield from findings.undefined_references()


def _columns(mapped: Mapped) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Give for each triple of a template the column that its subject is made of, and that of its value; an empty text where that is none or several."""
    dependencies = Dependencies(mapped.mapping.query, mapped.table.columns)

    def only(term: object) -> str:
        columns = dependencies.content_of(term.value) if isinstance(term, Variable) else frozenset()
        return next(iter(columns)) if len(columns) == 1 else ""

    for template, statement in enumerate(mapped.mapping.query.template):
        yield (mapped.table.source.file, template), (only(statement.subject), only(statement.object))


def _shapes(built: Built) -> Shapes | ShapeError:
    """Read the shapes; what is wrong with them is a matter of validation."""
    try:
        return read_shapes([built.content.spelled(triple) for triple in built.content.shapes])
    except ShapeError as error:
        return error


def _add_vocabulary(executor: Executor, built: Built) -> None:
    """Add the terms and concepts of the ontology, each statement with its file; lists inside axioms are for the reasoner alone."""
    content, graph = built.content, str(built.settings.names.vocabulary)
    vocabulary = content.vocabulary
    executor.load(_SPELLED_ONTOLOGY, _TRIPLE, map(content.spelled, vocabulary.triples))
    first = max(built.sources.files, default=0) + 1
    files = {file: number for number, file in enumerate(sorted(set(vocabulary.files.values())), start=first)}
    built.sources.files |= {number: file for file, number in files.items()}
    rows = ((*content.spelled(each), graph, files[vocabulary.files[each]], 0, 0) for each in vocabulary.publishable())
    executor.load("spelled_vocabulary", SPELLED_COLUMNS, rows)
    executor.append(exp.select(*SPELLED_COLUMNS).from_("spelled_vocabulary"), SPELLED)
    executor.drop("spelled_vocabulary")
