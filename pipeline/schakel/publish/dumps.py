"""The dumps: all statements as one graph, and the dataset with its named graphs, each written by the executor and read back.

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
from schakel.engine.relations import QUADS, STATEMENTS, TERMS
from schakel.namespaces import RDF
from schakel.publish.jsonld import json_ld
from schakel.publish.lines import lines
from schakel.publish.outline import outline
from schakel.publish.plans import number
from schakel.publish.property_forms import PropertyForms
from schakel.publish.turtle import header, trig, turtle
from schakel.publish.written_terms import WRITTEN, write_terms

__all__ = ["DATASET", "DUMPS", "GRAPH", "Dump", "published_quads", "write_dumps"]

# The dumps with their media types, in the order in which they are listed.
DUMPS: Final = {
    "graph.ttl": "text/turtle",
    "graph.nt": "application/n-triples",
    "graph.jsonld": "application/ld+json",
    "dataset.trig": "application/trig",
    "dataset.nq": "application/n-quads",
}
# What is published: each statement once, and each quad once.
GRAPH: Final = STATEMENTS
DATASET: Final = "published_quads"
_OUTLINE: Final = "outline_of_dump"
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Dump:
    """One file of the download folder: its size in bytes, the SHA-256 of its content in hexadecimal digits, and how many statements it holds."""

    file: str
    media_type: str
    bytes: int
    sha256: str
    statements: int


def published_quads(executor: Executor, conclusions: str | None, inferred: int) -> None:
    """Make the tables of what is published: of quads, and of a table of conclusions, which go into the graph with the id `inferred`."""
    plans = [exp.select("s", "p", "o", "g").distinct().from_(QUADS)]
    if conclusions is not None:
        plans.append(exp.select("s", "p", "o", exp.alias_(exp.cast(number(inferred), "BIGINT"), "g")).from_(conclusions))
    executor.run(plans[0] if len(plans) == 1 else exp.union(*plans, distinct=False), DATASET)
    executor.run(exp.select("s", "p", "o").distinct().from_(DATASET), GRAPH)


def write_dumps(executor: Executor, folder: Path, *, base: str, prefixes: Mapping[str, str], forms: PropertyForms | None = None) -> list[Dump]:
    """Write the dumps of the tables of what is published into a folder; give each with its size and digest.

    `base` is the IRI that own things begin with, `prefixes` are those to choose from, and `forms` is what ontology and shapes say of the values of properties.
    """
    names, kinds = write_terms(executor, [(DATASET, ("s", "p", "o", "g"))], base, prefixes)
    type_id = _type_id(executor)
    head = header(base, names.prefixes)
    executor.write_text(lines(GRAPH, graphs=False), folder / "graph.nt")
    executor.write_text(lines(DATASET, graphs=True), folder / "dataset.nq")
    outline(executor, GRAPH, _OUTLINE, type_id, graphs=False)
    executor.write_text(turtle(_OUTLINE, head), folder / "graph.ttl")
    executor.write_text(json_ld(executor, _OUTLINE, names, kinds, PropertyForms() if forms is None else forms), folder / "graph.jsonld")
    outline(executor, DATASET, _OUTLINE, type_id, graphs=True)
    executor.write_text(trig(executor, _OUTLINE, head), folder / "dataset.trig")
    executor.drop(_OUTLINE, WRITTEN)
    counts = {"graph": executor.count(GRAPH), "dataset": executor.count(DATASET)}
    return [_described(folder / file, media_type, counts[file.partition(".")[0]]) for file, media_type in DUMPS.items()]


def _type_id(executor: Executor) -> int:
    """Give the id of `rdf:type`, or one that no term has."""
    plan = exp.select("id").from_(TERMS).where(exp.EQ(this=column("spelling"), expression=exp.Literal.string(f"<{RDF.type.value}>")))
    return next((int(number) for (number,) in executor.fetch(plan)), -1)


def _described(path: Path, media_type: str, statements: int) -> Dump:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Dump(path.name, media_type, size, digest.hexdigest(), statements)
