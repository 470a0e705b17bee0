"""What an explanation is made of: statements, the evidence of those that are stated, and the rules and premises of those that follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from pyoxigraph import Literal, NamedNode, Triple

from schakel.explaining.proofs import Rule
from schakel.findings import Place
from schakel.graph import Term
from schakel.lookup import Context

__all__ = ["AppliedRule", "Evidence", "Explanation", "Explanations"]


@dataclass(frozen=True)
class Evidence:
    """Where a statement is stated: a named graph, and what stands behind that.

    A statement of a table has a source and mostly a passage; `place` is its row, None where that is not known. One of the ontology or of an RDF file has
    the file as its place. A short passage is quoted whole in `first_words`, and `last_words` is None.
    """

    graph: NamedNode
    passage: NamedNode | None = None
    source: NamedNode | None = None
    title: Literal | None = None
    first_words: str | None = None
    last_words: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class AppliedRule:
    """A rule of OWL 2 RL applied to an axiom, and what that axiom says, by language."""

    rule: Rule
    words: Mapping[str, str]


@dataclass(frozen=True)
class Explanation:
    """Why a statement is in the graph.

    Where it is stated there is evidence; where it follows there are a rule and premises, each explained in the same way. Where there is neither, the
    graph has it as a conclusion that the ontology, as it is now, does not give.
    """

    statement: Triple
    evidence: tuple[Evidence, ...] = ()
    rule: AppliedRule | None = None
    premises: tuple["Explanation", ...] = ()

    @property
    def is_stated(self) -> bool:
        """Tell whether a source, a file or the ontology states it."""
        return bool(self.evidence)

    def parts(self) -> Iterator["Explanation"]:
        """Give the explanation and those of all its premises, from the top down."""
        yield self
        for premise in self.premises:
            yield from premise.parts()


@dataclass(frozen=True)
class Explanations(Sequence[Explanation]):
    """Several explanations, in order, and what to call the things that they speak of: each by its name, in the language asked for.

    `with_rows` tells whether the project's tables were at hand: then a passage without a row is one that no row cites for this any more.
    """

    items: tuple[Explanation, ...]
    names: Mapping[NamedNode, Literal]
    context: Context
    with_rows: bool

    @overload
    def __getitem__(self, at: int) -> Explanation: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Explanation, ...]: ...

    def __getitem__(self, at: int | slice) -> Explanation | tuple[Explanation, ...]:
        return self.items[at]

    def __len__(self) -> int:
        return len(self.items)

    def short(self, term: Term) -> str:
        """Give what of a term can be pasted: the short form of an IRI; a text or number as it is."""
        return self.context.short(term) if isinstance(term, NamedNode) else term.value if isinstance(term, Literal) else str(term)

    def name(self, term: Term) -> str | None:
        """Give what a thing is called; None where it has no name, and for a text or number."""
        named = self.names.get(term) if isinstance(term, NamedNode) else None
        return None if named is None else named.value
