"""What `schakel.infer` gives: conclusions, contradictions and explanations, all in terms as N-Triples spells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from schakel.namespaces import PREFIXES, curie

if TYPE_CHECKING:
    import rdflib

__all__ = ["Contradiction", "Explanation", "Inference", "Triple"]

# Subject, predicate and object as N-Triples spells them.
Triple: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class Explanation:
    """A statement, and why it is true: the rule of OWL 2 RL with its axiom, and the explanations of its premises; no rule where it is stated."""

    triple: Triple
    rule: str = ""
    axiom: tuple[Triple, ...] = ()
    premises: tuple["Explanation", ...] = ()

    def lines(self, level: int = 0) -> Iterator[str]:
        """Give the tree as indented lines."""
        because = f"  [{self.rule}]" if self.rule else ""
        yield f"{'  ' * level}{short(self.triple)}{because}"
        for premise in self.premises:
            yield from premise.lines(level + 1)


@dataclass(frozen=True)
class Contradiction:
    """What cannot all be true: the rule that says so and its axiom, what they apply to, and the stated statements that all this rests on."""

    rule: str
    axiom: tuple[Triple, ...]
    premises: tuple[Triple, ...]
    statements: tuple[Triple, ...]

    def __str__(self) -> str:
        said = "; ".join(short(triple) for triple in self.premises or self.axiom)
        because = f"{short(self.axiom[0])}: {self.rule}" if self.axiom and self.premises else self.rule
        return f"{said} ({because})"


@dataclass(frozen=True)
class Inference:
    """What follows from data and an ontology.

    `triples` are new, in the order of N-Triples. `contradictions` are the first of `contradiction_count`. `explanations` are there where they were asked
    for. `missing_imports` are ontologies that are imported and in no file; `unreadable_axioms` have a list that is not well-formed, and were left out.
    """

    triples: tuple[Triple, ...]
    contradictions: tuple[Contradiction, ...] = ()
    contradiction_count: int = 0
    explanations: Mapping[Triple, Explanation] = field(default_factory=dict)
    missing_imports: tuple[str, ...] = ()
    unreadable_axioms: tuple[Triple, ...] = ()

    @property
    def consistent(self) -> bool:
        """Tell whether nothing contradicts."""
        return self.contradiction_count == 0

    def to_ntriples(self) -> str:
        """Give the conclusions as sorted N-Triples."""
        return "".join(f"{s} {p} {o} .\n" for s, p, o in self.triples)

    def to_rdflib(self) -> "rdflib.Graph":
        """Give the conclusions as a graph of rdflib."""
        # A tenth of a second, which nobody waits for who wants no graph of rdflib.
        import rdflib  # noqa: PLC0415

        from schakel.rdf_terms import rdflib_term  # noqa: PLC0415

        graph = rdflib.Graph()
        for s, p, o in self.triples:
            graph.add((rdflib_term(s), rdflib_term(p), rdflib_term(o)))
        return graph

    def to_turtle(self) -> str:
        """Give the conclusions as Turtle."""
        graph = self.to_rdflib()
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace, replace=True)
        return graph.serialize(format="turtle")


def short(triple: Triple) -> str:
    """Give a statement for reading, with prefixes where they are known."""
    return " ".join(curie(term[1:-1]) if term.startswith("<") else term for term in triple)
