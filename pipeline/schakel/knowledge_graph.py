"""A knowledge graph that can be asked: by canned queries, by SPARQL, by name; wherever it is."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from schakel import explaining, lookup
from schakel.answers import Answer, boolean_from_json, shown
from schakel.errors import (
    BadParameterError,
    DerivationsNeededError,
    EndpointError,
    MissingParameterError,
    NotInGraphError,
    QueryFailedError,
    SchakelError,
    UnknownNameError,
    nearest,
)
from schakel.explaining import Asking, Explanations, Grounds
from schakel.graph import Term
from schakel.lookup import Context, Description
from schakel.queries import CannedQuery, Endpoint, LocalGraph, Parameter, Reply, form_of, named, undeclared, with_prefixes, with_values

if TYPE_CHECKING:
    import rdflib

__all__ = ["KnowledgeGraph", "ParameterValue"]

# What a parameter may be given as; None answers for all values.
ParameterValue: TypeAlias = str | int | Decimal | date | None


@dataclass(frozen=True)
class KnowledgeGraph:
    """A graph, the canned queries that may be asked of it, how its things are named, and what its statements are explained with.

    `context.languages` is the order in which names fall back; its first is the language in which names are given where none is asked for.
    Names are looked up in `index`, where there is one.
    """

    source: LocalGraph | Endpoint
    context: Context
    queries: Mapping[str, CannedQuery]
    grounds: Grounds | None = None
    index: lookup.NameIndex | None = None

    def query(self, name: str, /, *, language: str | None = None, everything: bool = False, **parameters: ParameterValue) -> Answer:
        """Ask a canned query.

        An IRI may be given in full, as a CURIE, as an id (`tower/brandaris`, `brandaris`) or as a name (`Brandaris`). Names in the answer are in the language
        asked for, where there are any. With `everything` parameters that the query must know may be left out: it answers for all.

        Raises UnknownNameError, MissingParameterError, BadParameterError, NotInGraphError, AmbiguousNameError, and what running a query raises.
        """
        return self.ask(name, parameters, language=language, everything=everything)

    def ask(self, name: str, parameters: Mapping[str, ParameterValue], *, language: str | None = None, everything: bool = False) -> Answer:
        """Ask a canned query as query() does, its parameters in a mapping."""
        answer = self.source.select(self.bound(name, parameters, language=language, everything=everything))
        if not answer.rows:
            self.refuse_empty()
        return answer

    def bound(self, name: str, parameters: Mapping[str, ParameterValue], *, language: str | None = None, everything: bool = False) -> str:
        """Give the text of a canned query with its parameters bound, as ask() sends it.

        Raises what query() raises before the query runs.
        """
        query = named(self.queries, name)
        given, former = query.renamed(parameters)
        for old, new in former.items():
            notice = f"the parameter '{old}' of the query '{name}' is now called '{new}'; the next version will not know the old name"
            warnings.warn(notice, DeprecationWarning, stacklevel=4)
        values = self._values(query, given, everything=everything)
        return with_values(query.in_languages(*filter(None, (language, *self.context.languages))), values)

    def sparql(self, query: str) -> "Answer | bool | rdflib.Graph":
        """Ask anything: rows for SELECT, whether it holds for ASK, a graph for CONSTRUCT and DESCRIBE. Known prefixes need not be declared."""
        if form_of(query) == "SELECT":
            return self.source.select(self.prepared(query))
        reply = self.reply(query)
        if reply.triples:
            # Only who asks for statements waits for rdflib to be imported.
            from schakel.rdflib_copies import to_rdflib  # noqa: PLC0415

            return to_rdflib(quad.triple for quad in ox.parse(reply.content, format=ox.RdfFormat.N_TRIPLES))
        return boolean_from_json(reply.content)

    def reply(self, query: str) -> Reply:
        """Ask anything, and give what comes back as bytes: JSON results of SPARQL, or N-Triples."""
        return self.source.ask(self.prepared(query))

    def prepared(self, query: str) -> str:
        """Give a query as it is sent: with the known prefixes that it uses declared.

        Raises QueryFailedError for a prefix that is neither declared nor known.
        """
        unknown = sorted(undeclared(query) - self.context.prefixes.keys())
        if unknown:
            near = nearest(unknown[0], list(self.context.prefixes))
            hint = f"; did you mean {near}:?" if near else ""
            raise QueryFailedError(f"the prefix {unknown[0]}: is neither declared nor known{hint}")
        return with_prefixes(query, self.context.prefixes)

    def find(self, text: str, *, language: str | None = None, limit: int = 20) -> Answer:
        """Find things by what they are called: columns entity, name, kind, matched; the best first."""
        return lookup.find(self.source, text, self.context, language, limit)

    def resolve(self, typed: str) -> NamedNode:
        """Give the IRI of what a person calls by IRI, CURIE, id or name.

        Raises NotInGraphError, AmbiguousNameError.
        """
        return self._resolved(typed, None)

    def entity(self, typed: str, *, language: str | None = None) -> Description:
        """Tell what the graph says of a thing, in groups, with the passages."""
        return lookup.describe(self.source, self.resolve(typed), self.context, language)

    def evidence(self, typed: str, *, language: str | None = None) -> Answer:
        """Tell where it says what about a thing, by the canned query `evidence`."""
        return self.query("evidence", language=language, entity=typed)

    def why(self, subject: str, predicate: str | None = None, object: ParameterValue = None, *, language: str | None = None) -> Explanations:  # noqa: A002  # as RDF has it
        """Explain a statement, all statements with a property, or all about a thing: by their passages, or by the rules and premises that they follow by.

        Things are given as query() takes them; a text, number or date as it is, or as Turtle writes it (`"Harbour Trust"@en`).

        Raises NotInGraphError, AmbiguousNameError, NotStatedError, and DerivationsNeededError where no file says how conclusions were found.
        """
        term, value = (None if each is None else _characters(_lexical(each)) for each in (predicate, object))
        return explaining.why(self._grounds(), self._asking(language), _characters(subject), term, value)

    def why_all(self, *, language: str | None = None) -> Explanations:
        """Explain everything that follows by reasoning.

        Raises DerivationsNeededError.
        """
        return explaining.why_all(self._grounds(), self._asking(language))

    def _asking(self, language: str | None) -> Asking:
        return Asking(self.source, self.context, self._resolved, language)

    def _grounds(self) -> Grounds:
        if self.grounds is None:
            raise DerivationsNeededError(self.source.url if isinstance(self.source, Endpoint) else self.source.file)
        return self.grounds

    def to_rdflib(self) -> "rdflib.Graph":
        """Give all statements, those of all graphs together, as a graph of rdflib."""
        return cast("rdflib.Graph", self.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))

    def examples(self, query: CannedQuery) -> dict[str, str]:
        """Give an example of each parameter of a query, where the graph has one."""
        found = {each.name: self.example(query, each) for each in query.asks}
        return {name: example for name, example in found.items() if example is not None}

    def example(self, query: CannedQuery, parameter: Parameter) -> str | None:
        """Give a value for which a query has an answer, as a person would type it: the one that its head names, or that most rows have.

        None where there is none.
        """
        if parameter.example:
            return parameter.example
        answer = self.source.select(query.text)
        if parameter.column:
            column = answer.columns.index(parameter.column)
            terms = [row[column] for row in answer.rows]
        else:
            terms = [term for row in answer.rows for term in row if isinstance(term, Literal) and term.datatype.value.endswith(f"#{parameter.kind}")]
        counts: dict[str, int] = {}
        for term in terms:
            if term is not None:
                text = shown(term, self.context.prefixes, self.context.base)
                counts[text] = counts.get(text, 0) + 1
        return min(counts, key=lambda text: (-counts[text], text), default=None)

    def _values(self, query: CannedQuery, given: Mapping[str, ParameterValue], *, everything: bool) -> dict[str, Term]:
        """Make the terms that a query is bound with."""
        known = {each.name: each for each in query.asks}
        for name in given:
            if name not in known:
                raise UnknownNameError(f"parameter of the query '{query.name}' called", name, sorted(known))
        missing = [each for each in query.asks if each.required and each.name not in given]
        if missing and not everything:
            raise MissingParameterError(query.name, [(each.name, each.kind_in_words(), self._example_or_none(query, each)) for each in missing])
        return {known[name].variable: self._term(query, known[name], value) for name, value in given.items() if value is not None}

    def _term(self, query: CannedQuery, parameter: Parameter, value: str | int | Decimal | date) -> Term:
        if parameter.kind == "iri":

            def answers(candidates: Sequence[str]) -> Sequence[str]:
                """Keep those for which the query has an answer."""
                return [each for each in candidates if self.source.select(with_values(query.text, {parameter.variable: NamedNode(each)})).rows]

            return self._resolved(_lexical(value), answers)
        try:
            return parameter.literal(_lexical(value), query.name)
        except BadParameterError as error:
            raise BadParameterError(error.query, error.name, error.found, error.wanted, self._example_or_none(query, parameter)) from None

    def _example_or_none(self, query: CannedQuery, parameter: Parameter) -> str | None:
        try:
            return self.example(query, parameter)
        except SchakelError:
            return None  # an example that cannot be had keeps no one from being told what is missing

    def _resolved(self, typed: str, accepts: Callable[[Sequence[str]], Sequence[str]] | None) -> NamedNode:
        try:
            return lookup.resolve(self.source, _characters(typed), self.context, accepts, index=self.index)
        except NotInGraphError:
            self.refuse_empty()
            raise

    def refuse_empty(self) -> None:
        """Raise EndpointError where an endpoint has nothing in its default graph, which would pass for a graph without answers."""
        if isinstance(self.source, Endpoint) and not self.sparql("ASK { ?s ?p ?o }"):
            raise EndpointError(self.source.url, "its default graph is empty; let it answer from the union of its graphs, or load download/graph.ttl")

    def close(self) -> None:
        """End the process that holds the graph, if there is one; the next question starts another."""
        if isinstance(self.source, LocalGraph):
            self.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def with_language(self, language: str) -> "KnowledgeGraph":
        """Give the same graph with another language for names, before all others."""
        others = tuple(each for each in self.context.languages if each != language)
        return replace(self, context=replace(self.context, languages=(language, *others)))


def _lexical(value: str | int | Decimal | date) -> str:
    """Write a value of Python as XSD does."""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value).lower() if isinstance(value, bool) else str(value)


def _characters(typed: str) -> str:
    """Give what was typed without what is no character, which an argument of a command line can hold and no name."""
    return typed.encode("utf-8", "replace").decode()
