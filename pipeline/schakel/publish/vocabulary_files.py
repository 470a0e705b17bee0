"""The ontology by itself, as the addresses of its terms lead to it: without the data, and next to the page that explains it."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor, Plan
from schakel.engine.relations import TERMS
from schakel.publish.documents import DocumentWriter, n_triples
from schakel.publish.statements import spelled_statements
from schakel.stages.dataset import DATASET

__all__ = ["vocabulary_files"]

_VOCABULARY: Final = "vocabulary_statements"


def vocabulary_files(executor: Executor, writer: DocumentWriter, graph: NamedNode) -> Iterator[tuple[str, bytes]]:
    """Give `ontology.ttl`, `ontology.nt` and `ontology.jsonld`, of the statements of the vocabulary's graph; nothing where there is no ontology."""
    if not executor.run(_in_graph(graph), _VOCABULARY):
        return
    rows: list[tuple[str, str, str]] = [(s, p, o) for s, p, o in executor.fetch(spelled_statements(_VOCABULARY))]
    executor.drop(_VOCABULARY)
    yield "ontology.nt", n_triples(rows)
    yield "ontology.ttl", writer.turtle(rows)
    yield "ontology.jsonld", writer.json_ld(rows)


def _in_graph(graph: NamedNode) -> Plan:
    on = exp.EQ(this=column("g", DATASET), expression=column("id", TERMS))
    named = exp.EQ(this=column("spelling", TERMS), expression=exp.Literal.string(str(graph)))
    return exp.select(*(column(name, DATASET) for name in ("s", "p", "o"))).from_(DATASET).join(TERMS, on=on).where(named)
