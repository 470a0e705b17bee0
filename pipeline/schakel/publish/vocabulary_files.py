"""The ontology by itself, as the addresses of its terms lead to it: without the data, and next to the page that explains it."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.about import About
from schakel.engine import Executor, Plan
from schakel.engine.relations import TERMS
from schakel.ntriples import joined, sorted_piece
from schakel.publish.documents.jsonld import document
from schakel.publish.documents.jsonld_context import context_for
from schakel.publish.documents.lines import turtle
from schakel.publish.statements import statement_lines
from schakel.publish.survey import survey
from schakel.stages.dataset import DATASET

__all__ = ["vocabulary_files"]

_VOCABULARY: Final = "vocabulary_statements"


def vocabulary_files(executor: Executor, about: About, graph: NamedNode) -> Iterator[tuple[str, bytes]]:
    """Give `ontology.ttl`, `ontology.nt` and `ontology.jsonld`, of the statements of the vocabulary's graph; nothing where there is no ontology."""
    if not executor.run(_in_graph(graph), _VOCABULARY):
        return
    statements = sorted_piece(joined(line.encode() for (line,) in executor.fetch(statement_lines(_VOCABULARY))))
    found = survey(executor, about.base, about.prefixes, _VOCABULARY)
    executor.drop(_VOCABULARY)
    yield "ontology.nt", statements
    yield "ontology.ttl", turtle(statements, about.base, about.prefixes)
    yield "ontology.jsonld", document(statements, context_for(found, about.base, about.prefixes))


def _in_graph(graph: NamedNode) -> Plan:
    on = exp.EQ(this=column("g", DATASET), expression=column("id", TERMS))
    named = exp.EQ(this=column("spelling", TERMS), expression=exp.Literal.string(str(graph)))
    return exp.select(*(column(name, DATASET) for name in ("s", "p", "o"))).from_(DATASET).join(TERMS, on=on).where(named)
