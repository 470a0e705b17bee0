"""Every file of a publication, in the order in which they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.about import About
from schakel.cache import Cache, NoCache
from schakel.engine import Executor, Plan
from schakel.namespaces import SKOS
from schakel.publish.catalogue import describe_catalogue, describe_dataset
from schakel.publish.documents import spelled_triples, turtle
from schakel.publish.dumps import Dump, write_dumps
from schakel.publish.listing import checksums, index_json
from schakel.publish.past import Past, read_past
from schakel.publish.property_forms import PropertyForms, declared_forms
from schakel.publish.publication import Content
from schakel.publish.report import report_of
from schakel.publish.statements import spelled_statements
from schakel.publish.survey import Survey, survey
from schakel.publish.verification import verify
from schakel.stages.built import Built
from schakel.stages.dataset import DATASET
from schakel.stages.derivations import write_derivations

__all__ = ["publication_files"]

DERIVATIONS: Final = "derivations.parquet"
_EXAMPLES: Final = 3


def publication_files(built: Built, executor: Executor, folder: Path, cache: Cache | NoCache, *, dumps_only: bool) -> Iterator[tuple[str, Content]]:
    """Give path and content of each file. Large ones are written into a folder, and given by their path there."""
    about = built.content.about(built.settings)
    found = survey(executor, about.base)
    dumps, writer = write_dumps(executor, folder, base=about.base, prefixes=about.prefixes, forms=_forms(built))
    verify(folder, dumps, everything=about.verify_all)
    past = read_past(built, dumps, cache)
    if past is not None:
        built.settings = replace(built.settings, version=past.version)
        about = built.content.about(built.settings)
    yield from ((f"download/{dump.file}", folder / dump.file) for dump in dumps)
    yield "download/context.jsonld", writer.context()
    yield "download/index.json", index_json(dumps)
    yield "download/SHA256SUMS", checksums(dumps)
    yield from _descriptions(executor, about, found, dumps, past)
    yield from () if past is None else past.files()
    derivations = folder / DERIVATIONS
    if built.reasoned is not None and built.dictionary is not None:
        write_derivations(executor, built.dictionary, built.reasoned, derivations, _read_tables(built))
    if not dumps_only:
        # Templates and words of pages take as long to import as a small graph to judge.
        from schakel.publish.pages import page_files  # noqa: PLC0415  # as above

        yield from page_files(built, executor, writer, dumps, derivations, cache, past)
    yield from report_of(built, published=True).items()
    if derivations.exists():
        yield f"download/{DERIVATIONS}", derivations


def _read_tables(built: Built) -> dict[int, tuple[str, str]]:
    """Give the file of each table by its number, with the SHA-256 of its bytes."""
    digests = {file: _digest(built.settings.root / file) for file in {table.file for table in built.content.tables}}
    return {table.source.file: (table.file, digests[table.file]) for table in built.content.tables}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _forms(built: Built) -> PropertyForms:
    """Give the forms of properties in JSON-LD that ontology and shapes declare."""
    triples = (*built.content.vocabulary.triples, *built.content.shapes)
    return declared_forms(map(built.content.spelled, triples))


def _descriptions(executor: Executor, about: About, found: Survey, dumps: Sequence[Dump], past: Past | None) -> Iterator[tuple[str, bytes]]:
    """Describe the publication in DCAT-AP and in VoID."""
    catalogue = tuple(describe_catalogue(about, dumps))
    versions = () if past is None else past.describe(about, dumps, catalogue)
    yield "catalog.ttl", turtle(spelled_triples((*catalogue, *versions)), about.base, about.prefixes)
    graphs = next(executor.fetch(_count_of_graphs()))[0]
    described = describe_dataset(about, found, _examples(executor, about.base), dumps, graphs)
    void = turtle(spelled_triples(described), about.base, about.prefixes)
    yield "void.ttl", void
    yield ".well-known/void", void


def _count_of_graphs() -> Plan:
    return exp.select(exp.Count(this=exp.Distinct(expressions=[column("g")]))).from_(DATASET)


def _examples(executor: Executor, base: str) -> Iterator[str]:
    """Name a few things below the base that have a label, in order."""
    own = exp.Literal.string(f"<{base}")
    labelled = exp.and_(
        exp.EQ(this=column("spelling", "predicate"), expression=exp.Literal.string(str(SKOS.prefLabel))),
        exp.StartsWith(this=column("spelling", "subject"), expression=own),
    )
    plan = spelled_statements().where(labelled)
    plan.set("expressions", [column("text", "subject")])
    return (iri for (iri,) in executor.fetch(plan.distinct().order_by(column("text", "subject")).limit(_EXAMPLES)))
