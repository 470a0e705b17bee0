"""Rules as data: at most two atoms, from which a statement or a contradiction follows.

Longer bodies are split: what the first two atoms give is a statement of an auxiliary property or class, whose id is negative, and which no dictionary holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

__all__ = ["REDUNDANT", "Atom", "Fact", "Place", "Rule", "Term", "Variable", "X", "Y", "Z", "bound", "witnesses"]

# A statement of ids.
Fact: TypeAlias = tuple[int, int, int]


class Variable(Enum):
    """A place in an atom that any term may take."""

    X = "x"
    Y = "y"
    Z = "z"


X: Final = Variable.X
Y: Final = Variable.Y
Z: Final = Variable.Z

Term: TypeAlias = int
Place: TypeAlias = Variable | Term


class Atom(NamedTuple):
    """A pattern of statements. The property is always known."""

    s: Place
    p: Term
    o: Place

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Its variables in order, each once."""
        return tuple(dict.fromkeys(place for place in (self.s, self.o) if isinstance(place, Variable)))

    def under(self, values: Mapping[Variable, int]) -> Fact:
        """Give the statement that the atom is when its variables have these values."""
        s, o = (values[place] if isinstance(place, Variable) else place for place in (self.s, self.o))
        return s, self.p, o


@dataclass(frozen=True)
class Rule:
    """Where the whole body holds, the head holds; without a head, the body is a contradiction.

    `owl` is the name of the rule in the specification; `axiom` are the statements that it applies, the one that names it first. Of a rule without a body
    the axiom alone is the reason. `key` joins the rules of one `owl:hasKey`: they apply where all of them do.
    """

    owl: str
    axiom: tuple[Fact, ...]
    body: tuple[Atom, ...]
    head: Atom | None
    key: tuple["Atom", ...] = ()
    # Applies to IRIs and blank nodes only, as its range is a datatype.
    of_things: bool = False

    @property
    def does(self) -> tuple[object, ...]:
        """What it does; of rules that do the same, one is enough."""
        return self.owl, self.body, self.head, self.key, self.of_things


def witnesses(rule: Rule) -> tuple[Variable, ...]:
    """Give the variables of the body that the head does not tell, in order."""
    told = () if rule.head is None else rule.head.variables
    return tuple(dict.fromkeys(variable for atom in rule.body for variable in atom.variables if variable not in told))


def bound(rule: Rule, fact: Fact, found: Iterable[int]) -> Mapping[Variable, int]:
    """Give the values of a rule's variables from the conclusion that it led to and its witnesses."""
    values = dict(zip(witnesses(rule), found, strict=False))
    if rule.head is not None:
        values |= {place: term for place, term in ((rule.head.s, fact[0]), (rule.head.o, fact[2])) if isinstance(place, Variable)}
    return values


# Rules of which nothing new follows for statements about individuals: what they conclude is an axiom that others already apply, step by step.
REDUNDANT: Final = frozenset(
    {"scm-cls", "scm-sco", "scm-eqc1", "scm-eqc2", "scm-op", "scm-dp", "scm-spo", "scm-eqp1", "scm-eqp2"}
    | {"scm-dom1", "scm-dom2", "scm-rng1", "scm-rng2", "scm-hv", "scm-int", "scm-uni"}
)
