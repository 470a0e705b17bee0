"""What an expression in a pattern reads: variables of solutions, patterns that must or must not be there, values that are computed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pyoxigraph import NamedNode, Variable
from sqlglot import exp

from schakel.compile.expressions import compile_condition, compile_expression
from schakel.compile.lookups import LookupScope, joins_of, keys_of
from schakel.compile.nodes import NULL, TRUE, Node, any_of, compare, negated
from schakel.compile.sparql.context import spelling_of
from schakel.compile.sparql.program import Compute
from schakel.compile.sparql.solutions import Binding, Solutions
from schakel.compile.sparql.walking import has_exists
from schakel.compile.values import NOTHING, Value, boolean
from schakel.engine import comparison
from schakel.engine.relations import IRI
from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.sparql import Call, Exists, Expression, Literal

__all__ = ["Existence", "extended", "filtered"]

_Made = TypeVar("_Made")
# Gives the condition that a pattern has a solution for a row.
Existence = Callable[[Exists, Solutions], Node]


class PatternScope(LookupScope):
    """Reads the variables of solutions."""

    def __init__(self, solutions: Solutions, existence: Existence) -> None:
        super().__init__(base=solutions.context.base, prefix=solutions.context.name("c"))
        self._solutions = solutions
        self._existence = existence

    def variable(self, variable: Variable) -> Value:
        """Give the value of a variable of the solutions."""
        return self._solutions.value(variable.value) or NOTHING

    def known(self, call: Call) -> Value | None:
        """Give what ids alone tell: whether a variable is bound, or is an IRI that the query names."""
        match call.name, call.arguments:
            case "BOUND", (Variable() as variable,):
                binding = self._solutions.bindings.get(variable.value)
                return boolean(exp.Boolean(this=False) if binding is None else binding.bound)
            case "=" | "!=" | "SAMETERM", (Variable() as left, Variable() as right):
                return self._known_ids(call.name, left, right)
            case "=" | "!=" | "IN" | "NOT IN" | "SAMETERM", (Variable() as variable, *others):
                return self._known_iri(call.name, variable, others)
            case "=" | "!=" | "SAMETERM", (NamedNode() as iri, Variable() as variable):
                return self._known_iri(call.name, variable, [iri])
        return None

    def _known_ids(self, name: str, left: Variable, right: Variable) -> Value | None:
        """Compare two variables by their ids, where none or one of them is a literal."""
        one, other = (self._solutions.bindings.get(each.value) for each in (left, right))
        if one is None or other is None or one.id is None or other.id is None or not (name == "SAMETERM" or one.is_resource or other.is_resource):
            return None
        same = compare("=", one.id, other.id)
        return boolean(negated(same) if name == "!=" else same)

    def _known_iri(self, name: str, variable: Variable, others: Sequence[Expression]) -> Value | None:
        binding = self._solutions.bindings.get(variable.value)
        if binding is None or binding.id is None or not others or not all(isinstance(each, NamedNode) for each in others):
            return None
        same = any_of([compare("=", binding.id, self._solutions.context.id_node(each)) for each in others if isinstance(each, NamedNode)])
        return boolean(negated(same) if name in {"!=", "NOT IN"} else same)

    def exists(self, pattern: Exists) -> Node:
        """Give the condition of EXISTS or NOT EXISTS."""
        found = self._existence(pattern, self._solutions)
        return negated(found) if pattern.negated else found

    def compare(self, sign: str, left: Value, right: Value) -> Node | None:
        """Compare terms by their keys."""
        terms = [_term(each) for each in (left, right)]
        if terms[0] is None or terms[1] is None:
            return None
        compared = {"=": comparison.equal, "<": comparison.less, "<=": comparison.less_or_equal}[sign]
        return compared(terms[0], terms[1])


def _term(value: Value) -> comparison.Term | None:
    if value.terms is not None:
        return comparison.joined(value.terms)
    parts = value.parts
    if parts is None:
        return None
    if parts.kind == IRI:
        return comparison.constant(iri_spelling(parts.text))
    return comparison.constant(literal_spelling(parts.text, parts.datatype or "", parts.language or ""))


def _evaluated(
    solutions: Solutions, read: Callable[[PatternScope], _Made], nodes: Callable[[_Made], Sequence[Node]], existence: Existence
) -> tuple[Solutions, _Made]:
    """Compile expressions over solutions; whatever must be computed first becomes a step before."""
    scope = PatternScope(solutions, existence)
    made = read(scope)
    if scope.lookups:
        solutions = solutions.closed()
        scope = PatternScope(solutions, existence)
        made = read(scope)
        _compute(solutions, scope)
    solutions.require(nodes(made))
    return solutions, made


def _compute(solutions: Solutions, scope: PatternScope) -> None:
    """Add the step that computes the look-ups of a scope over a table, and join what it gives."""
    solutions.require(each.key for each in scope.lookups)
    joins = list(solutions.joins)
    levels: list[tuple[exp.Select, ...]] = []
    for level in sorted({each.level for each in scope.lookups}):
        earlier = joins_of(each for each in scope.lookups if each.level < level)
        plans = [keys_of(each, solutions.source or NULL, [*joins, *earlier]) for each in scope.lookups if each.level == level]
        levels.append(tuple(plans))
    solutions.context.steps.append(Compute(tuple(levels)))
    solutions.joins += joins_of(scope.lookups)


def filtered(solutions: Solutions, conditions: Sequence[Expression], existence: Existence) -> Solutions:
    """Keep the solutions for which conditions hold; those without EXISTS first."""
    for several in ([each for each in conditions if not has_exists(each)], [each for each in conditions if has_exists(each)]):
        if not several:
            continue
        solutions = solutions.closed() if has_exists(tuple(several)) else solutions.copy()
        computed = len(solutions.context.steps)

        def conditions_of(scope: PatternScope, several: Sequence[Expression] = several) -> list[Node]:
            return [compile_condition(each, scope) for each in several]

        solutions, made = _evaluated(solutions, conditions_of, list, existence)
        solutions.conditions += [each for each in made if each is not TRUE]
        if any(isinstance(each, Compute) for each in solutions.context.steps[computed:]):
            # The next computation overwrites what this one gave.
            solutions = solutions.closed()
    return solutions


def extended(solutions: Solutions, name: str, expression: Expression, existence: Existence) -> Solutions:
    """Bind a variable to the value of an expression, where it has one."""
    solutions = solutions.closed() if has_exists(expression) else solutions.copy()
    if isinstance(expression, Variable):
        if expression.value in solutions.bindings:
            solutions.rename(expression.value, name)
        return solutions
    if isinstance(expression, NamedNode | Literal) and solutions.context.ids.get(spelling_of(expression)):
        solutions.bindings[name] = Binding(solutions.context.id_node(expression), None, certain=True)
        return solutions
    if any(not isinstance(each.value.text, exp.Column | exp.Literal) for each in solutions.bindings.values() if each.value is not None):
        # An expression of expressions may become as large as all of them multiplied.
        solutions = solutions.closed()
    computed = len(solutions.context.steps)
    solutions, value = _evaluated(
        solutions, lambda scope: compile_expression(expression, scope), lambda each: [each.text, each.kind, each.datatype, each.language], existence
    )
    if isinstance(value.text, exp.Null):
        return solutions
    solutions.bindings[name] = Binding(None, Value(value.text, value.kind, value.datatype, value.language), certain=value.parts is not None)
    if any(isinstance(each, Compute) for each in solutions.context.steps[computed:]):
        solutions = solutions.closed()
    return solutions
