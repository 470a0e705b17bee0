"""Proofs: a statement, the rule that it follows by, and the proofs of what that rule needs."""

from dataclasses import dataclass

from pyoxigraph import Triple

__all__ = ["Proof", "Rule"]


@dataclass(frozen=True)
class Rule:
    """The rules of OWL 2 RL that one step takes, by their names in the specification, and the axiom that they apply, the statement that names it first."""

    name: str
    owl: str
    axiom: tuple[Triple, ...]


@dataclass(frozen=True, eq=False)
class Proof:
    """A statement with the rule that it follows by, and the proofs of what that rule needs; no rule where the statement is stated."""

    statement: Triple
    rule: Rule | None
    premises: tuple["Proof", ...]
