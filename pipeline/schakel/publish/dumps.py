"""The dumps: all statements as one graph, and the dataset with its named graphs, each written by the executor.

Everything is a plan: rows in order, of which each is a text. Nothing but a piece of a file is ever held here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.executor import Executor
from schakel.engine.relations import LITERAL, STATEMENTS, TERMS
from schakel.namespaces import RDF
from schakel.publish.documents import DocumentWriter
from schakel.publish.jsonld import json_ld
from schakel.publish.lines import packed_lines, unpacked
from schakel.publish.outline import outline
from schakel.publish.property_forms import PropertyForms
from schakel.publish.term_spelling import WRITTEN, Names, write_terms
from schakel.publish.turtle import header, trig, turtle
from schakel.stages.dataset import DATASET

__all__ = ["DUMPS", "Dump", "write_dumps"]

# The dumps with their media types, in the order in which they are listed.
DUMPS: Final = {
    "graph.ttl": "text/turtle",
    "graph.nt": "application/n-triples",
    "graph.jsonld": "application/ld+json",
    "dataset.trig": "application/trig",
    "dataset.nq": "application/n-quads",
}
_OUTLINE: Final = "outline_of_dump"


@dataclass(frozen=True)
class Dump:
    """One file of the download folder: its size in bytes, the SHA-256 of its content in hexadecimal digits, and how many statements it holds."""

    file: str
    media_type: str
    bytes: int
    sha256: str
    statements: int


def write_dumps(
    executor: Executor, folder: Path, *, base: str, prefixes: Mapping[str, str], forms: PropertyForms | None = None
) -> tuple[list[Dump], DocumentWriter]:
    """Write the dumps of the tables of what is published into a folder; give each with its size and digest, and what writes parts of them alike.

    `base` is the IRI that own things begin with, `prefixes` are those to choose from, and `forms` is what ontology and shapes say of the values of properties.
    """
    names, kinds = write_terms(executor, DATASET, base, prefixes)
    types = _type_id(executor), next((kind.code for kind in kinds if kind.kind == LITERAL), len(kinds) + 1)
    head = header(base, names.prefixes)
    found = _write_lines(executor, folder, names)
    outline(executor, DATASET, _OUTLINE, types, graphs=True)
    executor.write_text(trig(executor, _OUTLINE, head), folder / "dataset.trig")
    outline(executor, STATEMENTS, _OUTLINE, types, graphs=False)
    executor.write_text(turtle(_OUTLINE, head), folder / "graph.ttl")
    plan, keys = json_ld(executor, _OUTLINE, names, kinds, PropertyForms() if forms is None else forms)
    executor.write_text(plan, folder / "graph.jsonld")
    counts = {"graph": executor.count(STATEMENTS), "dataset": executor.count(DATASET)}
    executor.drop(_OUTLINE, WRITTEN)
    found |= {file: _digest_of(folder / file) for file in DUMPS if file not in found}
    dumps = [Dump(file, media_type, *found[file], counts[file.partition(".")[0]]) for file, media_type in DUMPS.items()]
    return dumps, DocumentWriter(names, keys)


def _write_lines(executor: Executor, folder: Path, names: Names) -> dict[str, tuple[int, str]]:
    """Write the dumps of lines; give the size and the digest of each."""
    packed = folder / ".dataset.packed"
    executor.write_text(packed_lines(DATASET), packed)
    files = ("dataset.nq", "graph.nt")
    digests, sizes = [hashlib.sha256(), hashlib.sha256()], [0, 0]
    with (folder / files[0]).open("wb") as quads, (folder / files[1]).open("wb") as statements:
        for blocks in unpacked(packed, names.packed):
            for number_of, (file, block) in enumerate(zip((quads, statements), blocks, strict=True)):
                file.write(block)
                digests[number_of].update(block)
                sizes[number_of] += len(block)
    packed.unlink()
    return {file: (sizes[number_of], digests[number_of].hexdigest()) for number_of, file in enumerate(files)}


def _digest_of(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _type_id(executor: Executor) -> int:
    """Give the id of `rdf:type`, or one that no term has."""
    plan = exp.select("id").from_(TERMS).where(exp.EQ(this=column("spelling"), expression=exp.Literal.string(f"<{RDF.type.value}>")))
    return next((int(number) for (number,) in executor.fetch(plan)), -1)
