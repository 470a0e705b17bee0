"""Queries that have no exact plan, asked of Oxigraph: all of SPARQL, in one process and in memory.

Oxigraph's store keeps the value of a literal and not its form (`1.50` becomes `1.5`) and writes language tags in small letters. So whatever it answers is
looked up among the stated terms by the form that the store gives, and a stated term comes back as stated. Terms that a query makes come as they are made.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox
from sqlglot import exp

from schakel.compile.nodes import aliased, column, compare, table
from schakel.engine import Executor
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.engine.spelling import literal_spelling, parts_of

__all__ = ["GeneralEngine"]

_NO_TERMS: Final[Mapping[str, str]] = {}
# Statements handed to the store at once.
_BATCH: Final = 10_000


class GeneralEngine:
    """The statements of an executor in a store of Oxigraph. `merged` are the stated literals that the store cannot tell apart, by the form that it gives.

    Where several literals are merged, an answer names the first of them in the order of spellings. `is_exact` says that the store keeps each as stated.
    """

    def __init__(self, executor: Executor, dataset: str | None = None) -> None:
        """Load the statements into the default graph, and the quads of a table, if one is named, into their graphs."""
        self._store = ox.Store()
        self._stated: dict[str, str] = {}
        self.merged: dict[str, list[str]] = {}
        self.is_exact = True
        rows = executor.fetch(_spelled(STATEMENTS, "spo"))
        while batch := [row for row, _ in zip(rows, range(_BATCH), strict=False)]:
            self._add(batch)
        quads = iter(()) if dataset is None else executor.fetch(_spelled(dataset, "spog"))
        while several := [row for row, _ in zip(quads, range(_BATCH), strict=False)]:
            lines = "".join(f"{' '.join(row)} .\n" for row in several)
            self._store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS, lenient=True))

    def select(self, text: str, bound: Mapping[str, str] = _NO_TERMS, *, base: str | None = None) -> Iterator[dict[str, str]]:
        """Give the solutions of a SELECT, as spelled terms by variable; `bound` are variables of the answer that have a value before, as spelled.

        Raises SyntaxError for what is no query, and ValueError for a query that gives no solutions.
        """
        answer = self._store.query(text, base_iri=base, substitutions={ox.Variable(name): _term(spelling) for name, spelling in bound.items()})
        if not isinstance(answer, ox.QuerySolutions):
            raise ValueError("a query that is no SELECT")  # noqa: TRY004  # it is the text that is wrong
        names = [each.value for each in answer.variables]
        for solution in answer:
            yield {name: self._spelled(solution[name]) for name in names if solution[name] is not None}

    def ask(self, text: str, bound: Mapping[str, str] = _NO_TERMS) -> bool:
        """Give the answer of an ASK. Raises SyntaxError and ValueError as select() does."""
        answer = self._store.query(text, substitutions={ox.Variable(name): _term(spelling) for name, spelling in bound.items()})
        if not isinstance(answer, ox.QueryBoolean):
            raise ValueError("a query that is no ASK")  # noqa: TRY004  # as above
        return bool(answer)

    def _add(self, rows: Iterable[tuple[str, str, str]]) -> None:
        several = list(rows)
        lines = "".join(f"{subject} {predicate} {last} .\n" for subject, predicate, last in several)
        self._store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True))
        self._note(sorted({last for _, _, last in several if last.startswith('"') and not last.endswith('"')}))

    def _note(self, literals: list[str]) -> None:
        """Note the form in which the store gives back literals with a datatype or a tag."""
        lines = "".join(f"<x:{number}> <x:p> {literal} .\n" for number, literal in enumerate(literals))
        store = ox.Store()
        store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True))
        for quad in store:
            stated, form = literals[int(str(quad.subject)[3:-1])], _spell(quad.object)
            self.is_exact &= form == stated
            known = self._stated.setdefault(form, stated)
            if known != stated:
                self.merged[form] = sorted({*self.merged.get(form, [known]), stated})
                self._stated[form] = self.merged[form][0]

    def _spelled(self, term: object) -> str:
        spelling = _spell(term)
        return self._stated.get(spelling, spelling)


def _spelled(source: str, places: str) -> exp.Select:
    joins = [exp.Join(this=table(TERMS, f"k{each}"), kind="INNER", on=compare("=", column("id", f"k{each}"), column(each, "q"))) for each in places]
    selected = [aliased(column("spelling", f"k{each}"), each) for each in places]
    return exp.Select(expressions=selected, from_=exp.From(this=table(source, "q")), joins=joins)


def _term(spelling: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    parts = parts_of(spelling)
    if spelling.startswith("<"):
        return ox.NamedNode(parts.text)
    if spelling.startswith("_:"):
        return ox.BlankNode(parts.text)
    return ox.Literal(parts.text, language=parts.language) if parts.language else ox.Literal(parts.text, datatype=ox.NamedNode(parts.datatype or ""))


def _spell(term: object) -> str:
    match term:
        case ox.NamedNode():
            return f"<{term.value}>"
        case ox.BlankNode():
            return f"_:{term.value}"
        case ox.Literal():
            return literal_spelling(term.value, term.datatype.value, term.language or "")
    raise ValueError(f"no term of RDF 1.1: {term}")
