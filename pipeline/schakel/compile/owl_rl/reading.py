"""Axioms as a graph of ids: what is said of a class or property, and the members of lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from schakel.compile.owl_rl.rules import Fact
from schakel.compile.owl_rl.vocabulary import Vocabulary

__all__ = ["Auxiliaries", "Axioms", "Members"]


@dataclass(frozen=True)
class Members:
    """The members of a list, in order, and the statements that make it."""

    terms: tuple[int, ...]
    triples: tuple[Fact, ...]


class Auxiliaries:
    """Ids of auxiliary properties and classes: negative, the same for the same purpose however often rules are made."""

    def __init__(self) -> None:
        self._ids: dict[tuple[object, ...], int] = {}

    def id_for(self, *purpose: object) -> int:
        """Give the id for a purpose."""
        return self._ids.setdefault(purpose, -1 - len(self._ids))


@dataclass
class Axioms:
    """Statements by property, in the order of ids.

    `cardinalities` tells which literals are the numbers 0 and 1. `malformed` collects the axioms whose list cannot be read.
    """

    facts: Iterable[Fact]
    terms: Vocabulary
    cardinalities: Mapping[int, int]
    auxiliaries: Auxiliaries
    malformed: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_property: defaultdict[int, list[Fact]] = defaultdict(list)
        self._objects: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for fact in sorted(set(self.facts)):
            self._by_property[fact[1]].append(fact)
            self._objects[fact[0], fact[1]].append(fact[2])

    def by(self, name: str) -> Iterator[Fact]:
        """Give the statements of a property of the vocabulary."""
        yield from self._by_property.get(self.terms.named[name], ())

    def members_of(self, name: str) -> Iterator[Fact]:
        """Give the statements that make something a member of a class of the vocabulary."""
        wanted = self.terms.named[name]
        yield from (fact for fact in self._by_property.get(self.terms.type, ()) if fact[2] == wanted)

    def about(self, subject: int, name: str) -> Iterator[Fact]:
        """Give what a subject has of a property of the vocabulary."""
        predicate = self.terms.named[name]
        yield from ((subject, predicate, value) for value in self._objects.get((subject, predicate), ()))

    def list_of(self, axiom: Fact) -> Members | None:
        """Read the list that an axiom leads to, to its last member; None where it is none, is empty, or does not end."""
        first, rest, nil = self.terms.first, self.terms.rest, self.terms.nil
        members: list[int] = []
        triples: list[Fact] = []
        node, met = axiom[2], set[int]()
        while node != nil:
            values, nexts = self._objects.get((node, first), []), self._objects.get((node, rest), [])
            if node in met or len(values) != 1 or len(nexts) != 1:
                self.malformed.append(axiom)
                return None
            met.add(node)
            members += values
            triples += [(node, first, values[0]), (node, rest, nexts[0])]
            node = nexts[0]
        return Members(tuple(members), tuple(triples)) if members else None
