"""Expressions of SPARQL become columns of a plan: https://www.w3.org/TR/sparql11-query/#expressions.

An error and an unbound variable are NULL. The logic of SQL has three values as that of SPARQL has, so `&&`, `||` and `!` are its own; but CASE takes a
NULL condition for false, so IF asks twice. What has no exact plan raises NotCompilableError: nothing is approximated.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Variable
from sqlglot import exp

from schakel.compile.errors import NotCompilableError
from schakel.compile.functions import FUNCTIONS
from schakel.compile.nodes import NULL, Node, all_of, any_of, branches, coalesce, compare, constant_of, equal, negated, string
from schakel.compile.values import BOOLEAN, NOTHING, Facts, Scope, Value, boolean, constant, integer, literal, same_term
from schakel.engine import functions
from schakel.engine.relations import IRI, LITERAL
from schakel.engine.spelling import LANG_STRING, STRING, Parts
from schakel.namespaces import XSD
from schakel.sparql import Call, Exists, Expression, Literal

__all__ = ["Scope", "Value", "compile_condition", "compile_expression", "constant_parts"]

_Operator: TypeAlias = Callable[[Call, Scope], Value]
_ARITHMETIC: Final[Mapping[str, type[exp.Binary]]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
# Refused always, since the same input must give the same output.
_UNREPEATABLE: Final = frozenset({"BNODE", "NOW", "RAND", "STRUUID", "UUID"})


def compile_expression(expression: Expression, scope: Scope) -> Value:
    """Give the value of an expression. Raises NotCompilableError."""
    if isinstance(expression, Variable):
        return scope.variable(expression)
    if isinstance(expression, Exists):
        return boolean(scope.exists(expression))
    if isinstance(expression, Call):
        return _call(expression, scope)
    return constant(constant_parts(expression))


def compile_condition(expression: Expression, scope: Scope) -> Node:
    """Give the effective boolean value of an expression; it is NULL for an error. Raises NotCompilableError."""
    return _truth(compile_expression(expression, scope), scope)


def constant_parts(term: Expression) -> Parts:
    """Take the IRI or the literal of a query apart. Raises NotCompilableError for anything else."""
    if isinstance(term, NamedNode):
        return Parts(IRI, term.value)
    if not isinstance(term, Literal):
        raise NotCompilableError(type(term).__name__.upper())
    return Parts(LITERAL, term.value, term.datatype.value, term.language or None)


def _call(call: Call, scope: Scope) -> Value:
    if call.name in _UNREPEATABLE:
        raise NotCompilableError(call.name)
    known = scope.known(call)
    if known is not None:
        return known
    operator = _OPERATORS.get(call.name)
    if operator is not None:
        return operator(call, scope)
    arguments = [compile_expression(each, scope) for each in call.arguments]
    function = FUNCTIONS.get(call.name)
    value = None if function is None else function(arguments, scope)
    # Where a function has no plan for such arguments, it is computed over their distinct values.
    return _looked_up(call.name, arguments, scope) if value is None else value


def _looked_up(name: str, arguments: Sequence[Value], scope: Scope) -> Value:
    if name not in functions.NAMES:
        raise NotCompilableError(name)
    if any(isinstance(argument.text, exp.Null) for argument in arguments):
        return NOTHING
    known = [argument.parts for argument in arguments]
    terms = [parts for parts in known if parts is not None]
    if len(terms) == len(known):
        return constant(functions.call(name, terms))
    value = scope.lookup(name, arguments)
    return boolean(_read_truth(value.text)) if name in functions.CONDITIONS else value


# ---------------------------------------------------------------------------------------------------------------------------------- conditions


def _truth(value: Value, scope: Scope) -> Node:
    """Give the effective boolean value: https://www.w3.org/TR/sparql11-query/#ebv."""
    if value.condition is not None:
        return value.condition
    if isinstance(value.text, exp.Null) or constant_of(value.kind) == str(IRI):
        return NULL
    if value.number is not None:
        return compare("!=", value.number, exp.Literal.number(0))
    if value.has_datatype(STRING) or value.has_datatype(LANG_STRING):
        return compare("!=", value.text, string(""))
    if value.has_datatype(BOOLEAN):
        # What is no boolean is false.
        return any_of([equal(value.text, string("true")), equal(value.text, string("1"))])
    return _truth(_looked_up("EBV", [value], scope), scope)


def _read_truth(text: Node) -> Node:
    return equal(text, string("true"))


def _and(call: Call, scope: Scope) -> Value:
    return boolean(all_of([compile_condition(each, scope) for each in call.arguments]))


def _or(call: Call, scope: Scope) -> Value:
    return boolean(any_of([compile_condition(each, scope) for each in call.arguments]))


def _not(call: Call, scope: Scope) -> Value:
    return boolean(negated(compile_condition(call.arguments[0], scope)))


def _bound(call: Call, scope: Scope) -> Value:
    return boolean(compile_expression(call.arguments[0], scope).bound)


def _in(call: Call, scope: Scope) -> Value:
    tested, *several = (compile_expression(each, scope) for each in call.arguments)
    found = any_of([_equal(tested, each, scope) for each in several])
    return boolean(negated(found) if call.name == "NOT IN" else found)


def _comparison(call: Call, scope: Scope) -> Value:
    left, right = (compile_expression(each, scope) for each in call.arguments)
    match call.name:
        case "=":
            return boolean(_equal(left, right, scope))
        case "!=":
            return boolean(negated(_equal(left, right, scope)))
        case ">" | ">=":
            return boolean(_ordered(call.name.replace(">", "<"), right, left, scope))
        case _:
            return boolean(_ordered(call.name, left, right, scope))


def _equal(left: Value, right: Value, scope: Scope) -> Node:
    """Tell whether two terms are equal: by value where that is known, as terms elsewhere."""
    if isinstance(left.text, exp.Null) or isinstance(right.text, exp.Null):
        return NULL
    if any(_is_known_resource(value) for value in (left, right)):
        return same_term(left, right)
    return _compared("=", left, right, scope)


def _is_known_resource(value: Value) -> bool:
    return isinstance(value.kind, exp.Literal) and value.kind.this != str(LITERAL)


def _ordered(sign: str, left: Value, right: Value, scope: Scope) -> Node:
    if any(isinstance(value.text, exp.Null) or _is_known_resource(value) for value in (left, right)):
        return NULL
    return _compared(sign, left, right, scope)


def _compared(sign: str, left: Value, right: Value, scope: Scope) -> Node:
    if left.number is not None and right.number is not None:
        return compare(sign, left.number, right.number)
    by_keys = scope.compare(sign, left, right)
    if by_keys is not None:
        return by_keys
    if left.has_datatype(STRING) and right.has_datatype(STRING):
        # The order of code points, as executors compare the bytes of UTF-8.
        return equal(left.text, right.text) if sign == "=" else compare(sign, left.text, right.text)
    return _truth(_looked_up(sign, [left, right], scope), scope)


# ---------------------------------------------------------------------------------------------------------------------------------- choices


def _if(call: Call, scope: Scope) -> Value:
    condition = compile_condition(call.arguments[0], scope)
    if isinstance(condition, exp.Boolean):
        return compile_expression(call.arguments[1 if condition.this else 2], scope)
    if isinstance(condition, exp.Null):
        return NOTHING
    then, otherwise = (compile_expression(each, scope) for each in call.arguments[1:])
    text = branches([(condition, then.text), (negated(condition), otherwise.text)])
    return _united(text, [(condition, then)], otherwise)


def _coalesce(call: Call, scope: Scope) -> Value:
    several = [compile_expression(each, scope) for each in call.arguments]
    several = [each for each in several if not isinstance(each.text, exp.Null)]
    if not several:
        return NOTHING
    if len(several) == 1 or constant_of(several[0].text) is not None:
        return several[0]
    return _united(coalesce(*(each.text for each in several)), [(each.bound, each) for each in several[:-1]], several[-1])


def _united(text: Node, chosen: Sequence[tuple[Node, Value]], otherwise: Value) -> Value:
    """Give the term that is the first whose condition holds; the text is chosen already."""
    # One that never has a value says nothing of kind and datatype.
    real = [(condition, each) for condition, each in chosen if not isinstance(each.text, exp.Null)]
    last = otherwise if not isinstance(otherwise.text, exp.Null) or not real else real.pop()[1]

    def either(read: Callable[[Value], Node]) -> Node:
        several = [(condition, read(each)) for condition, each in real]
        return read(last) if all(node == read(last) for _, node in several) else branches(several, read(last))

    facts = Facts.either([last.facts, *(each.facts for _, each in real)])
    return Value(text, either(lambda each: each.kind), either(lambda each: each.datatype), either(lambda each: each.language), facts=facts)


# ---------------------------------------------------------------------------------------------------------------------------------- arithmetic


def _arithmetic(call: Call, scope: Scope) -> Value:
    several = [compile_expression(each, scope) for each in call.arguments]
    numbers = [each.number for each in several]
    calculated = [each for each in numbers if each is not None]
    if len(calculated) == 2 and len(numbers) == 2:  # noqa: PLR2004  # both operands
        return integer(exp.Paren(this=_ARITHMETIC[call.name](this=_large(calculated[0]), expression=_large(calculated[1]))))
    return _looked_up(call.name if len(several) > 1 else f"{call.name}1", several, scope)


def _large(node: Node) -> Node:
    """Calculate with 38 digits; an executor ends with an error where those do not suffice."""
    return exp.Cast(this=node, to=exp.DataType.build("DECIMAL(38, 0)"))


def _divided(call: Call, scope: Scope) -> Value:
    return _looked_up("/", [compile_expression(each, scope) for each in call.arguments], scope)


def _as_string(call: Call, scope: Scope) -> Value:
    value = compile_expression(call.arguments[0], scope)
    if not isinstance(value.datatype, exp.Literal) and not _is_known_resource(value):
        return _looked_up(call.name, [value], scope)
    # A number or a date has one canonical form, which its text need not be.
    return literal(value.text) if value.has_datatype(STRING) or _is_known_resource(value) else _looked_up(call.name, [value], scope)


_OPERATORS: Final[Mapping[str, _Operator]] = {
    "&&": _and,
    "||": _or,
    "!": _not,
    "BOUND": _bound,
    "IN": _in,
    "NOT IN": _in,
    **dict.fromkeys(["=", "!=", "<", "<=", ">", ">="], _comparison),
    "IF": _if,
    "COALESCE": _coalesce,
    **dict.fromkeys(["+", "-", "*"], _arithmetic),
    "/": _divided,
    XSD.string.value: _as_string,
}
