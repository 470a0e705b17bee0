"""OWL 2 RL: axioms become rules, rules become rows, and all rows of a shape run in one join.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3.
"""

from schakel.compile.owl_rl.compilation import NOT_OF_DATATYPE, RuleSet, Surroundings, compile_axioms
from schakel.compile.owl_rl.reading import Auxiliaries
from schakel.compile.owl_rl.rules import REDUNDANT, Atom, Fact, Rule, Variable, X, bound, witnesses
from schakel.compile.owl_rl.vocabulary import AXIOM_CLASSES, AXIOM_PROPERTIES, LIST_PROPERTIES, SPELLINGS, Vocabulary

__all__ = [
    "AXIOM_CLASSES",
    "AXIOM_PROPERTIES",
    "LIST_PROPERTIES",
    "NOT_OF_DATATYPE",
    "REDUNDANT",
    "SPELLINGS",
    "Atom",
    "Auxiliaries",
    "Fact",
    "Rule",
    "RuleSet",
    "Surroundings",
    "Variable",
    "Vocabulary",
    "X",
    "bound",
    "compile_axioms",
    "witnesses",
]
