"""The built-in functions of SPARQL that have a plan; https://www.w3.org/TR/sparql11-query/#SparqlOps.

Each gives its value, or None for arguments that it has no plan for, which are then left to schakel.engine.functions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from sqlglot import exp

from schakel.compile.errors import NotCompilableError
from schakel.compile.iris import resolved
from schakel.compile.nodes import (
    FALSE,
    NULL,
    TRUE,
    Node,
    all_of,
    any_of,
    branches,
    case,
    coalesce,
    compare,
    concatenated,
    constant_of,
    equal,
    length,
    matches,
    negated,
    number,
    slice_of,
    string,
)
from schakel.compile.values import NOTHING, Facts, Scope, Value, boolean, integer, iri, literal, lower_case, same_term
from schakel.engine.language_tags import WELL_FORMED
from schakel.engine.regular_expressions import RegularExpressionError, matcher
from schakel.engine.relations import LITERAL
from schakel.engine.spelling import LANG_STRING, STRING

__all__ = ["FUNCTIONS", "Function"]

Function: TypeAlias = Callable[[Sequence[Value], Scope], Value | None]

_EMPTY: Final = string("")
_ONE: Final = number(1)


# ---------------------------------------------------------------------------------------------------------------------------------- patterns


def _regex(arguments: Sequence[Value], _: Scope) -> None:
    """Refuse a pattern that the library of regular expressions refuses, by its reason; it is applied to distinct texts."""
    _check_pattern("REGEX", arguments[1], *arguments[2:])


def _replace(arguments: Sequence[Value], _: Scope) -> None:
    _check_pattern("REPLACE", arguments[1], *arguments[3:])


def _check_pattern(function: str, pattern: Value, *flags: Value) -> None:
    texts = [constant_of(each.text) for each in (pattern, *flags)]
    if None in texts:
        return
    try:
        matcher(*(text or "" for text in texts))
    except RegularExpressionError as error:
        raise NotCompilableError(function, str(error)) from None


# ---------------------------------------------------------------------------------------------------------------------------------- terms


def _str(arguments: Sequence[Value], _: Scope) -> Value:
    (value,) = arguments
    return (
        literal(value.text, facts=value.facts) if value.is_blank is FALSE else literal(case(negated(value.is_blank), value.text), facts=value.facts.in_part())
    )


def _lang(arguments: Sequence[Value], _: Scope) -> Value:
    (value,) = arguments
    return literal(case(all_of([value.bound, value.is_literal]), _EMPTY if isinstance(value.language, exp.Null) else coalesce(value.language, _EMPTY)))


def _datatype(arguments: Sequence[Value], _: Scope) -> Value:
    (value,) = arguments
    return iri(case(all_of([value.bound, value.is_literal]), value.datatype))


def _iri(arguments: Sequence[Value], scope: Scope) -> Value:
    (value,) = arguments
    if isinstance(value.text, exp.Null):
        return NOTHING
    if constant_of(value.datatype) == STRING:
        text = resolved(value, scope)
        # Where nothing need be looked at, every text is an IRI.
        return iri(text, Facts(filled=value.facts.filled and isinstance(text, exp.DPipe | exp.Column)))
    simple = value.is_simple
    if isinstance(simple, exp.Boolean):
        return iri(case(value.is_iri, value.text))
    return iri(branches([(value.is_iri, value.text), (simple, resolved(value.where(simple), scope))]))


def _strdt(arguments: Sequence[Value], _: Scope) -> Value:
    value, datatype = arguments
    proper = all_of([value.is_simple, datatype.is_iri, negated(equal(datatype.text, string(LANG_STRING)))])
    return Value(case(proper, value.text), number(LITERAL), datatype.text, NULL, facts=value.facts.in_part(always=proper is TRUE))


def _strlang(arguments: Sequence[Value], _: Scope) -> Value:
    value, tag = arguments
    if tag.facts.tags:
        well_formed = tag.bound
    elif constant_of(tag.text) is not None:
        well_formed = FALSE
    else:
        well_formed = matches(tag.text, rf"^{WELL_FORMED}\z")
    proper = all_of([value.is_simple, tag.is_simple, well_formed])
    return Value(case(proper, value.text), number(LITERAL), string(LANG_STRING), tag.text, facts=value.facts.in_part(always=proper is TRUE))


def _same_term(arguments: Sequence[Value], _: Scope) -> Value:
    return boolean(same_term(*arguments))


def _is_iri(arguments: Sequence[Value], _: Scope) -> Value:
    return _tested(arguments[0], arguments[0].is_iri)


def _is_blank(arguments: Sequence[Value], _: Scope) -> Value:
    return _tested(arguments[0], arguments[0].is_blank)


def _is_literal(arguments: Sequence[Value], _: Scope) -> Value:
    return _tested(arguments[0], arguments[0].is_literal)


def _tested(value: Value, condition: Node) -> Value:
    return boolean(case(value.bound, condition))


# ---------------------------------------------------------------------------------------------------------------------------------- texts


def _concat(arguments: Sequence[Value], _: Scope) -> Value:
    if not arguments:
        return literal(_EMPTY)
    strings = all_of([each.is_string for each in arguments])
    text = case(strings, concatenated([each.text for each in arguments]))
    facts = replace(Facts.joined([each.facts for each in arguments]), filled=strings is TRUE and all(each.facts.filled for each in arguments))
    first, *others = arguments
    if any(isinstance(each.language, exp.Null) for each in arguments):
        return literal(text, facts=facts)
    alike = all_of([equal(first.language, each.language) for each in others])
    return Value(text, number(LITERAL), case(alike, first.datatype, string(STRING)), case(alike, first.language), facts=facts)


def _strlen(arguments: Sequence[Value], _: Scope) -> Value:
    (value,) = arguments
    return integer(case(value.is_string, length(value.text)))


def _substr(arguments: Sequence[Value], _: Scope) -> Value | None:
    value, start, *size = arguments
    if start.number is None or (size and size[0].number is None):
        return None
    begin = _greater(start.number, 1)
    if not size or size[0].number is None:
        return value.with_part(case(value.is_string, slice_of(value.text, begin)))
    end = exp.Paren(this=exp.Add(this=start.number, expression=size[0].number))
    wide = _greater(exp.Paren(this=exp.Sub(this=end, expression=begin)), 0)
    return value.with_part(case(value.is_string, slice_of(value.text, begin, wide)))


def _greater(node: Node, least: int) -> Node:
    return branches([(compare("<", node, number(least)), number(least))], node)


def _compatible(value: Value, part: Value) -> Node:
    """Tell whether the second of two texts may be looked for in the first: https://www.w3.org/TR/sparql11-query/#func-arg-compatibility."""
    tags = all_of([value.is_tagged, part.is_tagged, equal(lower_case(value.language), lower_case(part.language))])
    return all_of([value.is_string, any_of([part.is_simple, tags])])


def _in_text(test: Callable[[Node, Node], Node]) -> Function:
    def function(arguments: Sequence[Value], _: Scope) -> Value:
        value, part = arguments
        return boolean(case(_compatible(value, part), test(value.text, part.text)))

    return function


def _around(cut: Callable[[Node, Node, Node], Node]) -> Function:
    """Make STRBEFORE or STRAFTER: nothing found gives an empty text without a language."""

    def function(arguments: Sequence[Value], _: Scope) -> Value:
        value, part = arguments
        at = _position(value.text, part.text)
        found = compare(">", at, number(0))
        text = case(_compatible(value, part), branches([(found, cut(value.text, part.text, at)), (negated(found), _EMPTY)]))
        if isinstance(value.language, exp.Null):
            return literal(text, facts=value.facts.in_part())
        datatype, language = case(found, value.datatype, string(STRING)), case(found, value.language)
        return Value(text, number(LITERAL), datatype, language, facts=value.facts.in_part())

    return function


def _position(text: Node, part: Node) -> Node:
    return exp.StrPosition(this=text, substr=part)


def _before(text: Node, _: Node, at: Node) -> Node:
    return slice_of(text, _ONE, exp.Sub(this=at, expression=_ONE))


def _after(text: Node, part: Node, at: Node) -> Node:
    return slice_of(text, exp.Add(this=at, expression=length(part)))


def _langmatches(arguments: Sequence[Value], _: Scope) -> Value:
    tag, pattern = arguments
    proper = all_of([tag.is_simple, pattern.is_simple])
    if constant_of(pattern.text) == "*":
        return boolean(case(proper, compare("!=", tag.text, _EMPTY)))
    small, wanted = lower_case(tag.text), lower_case(pattern.text)
    inner = exp.StartsWith(this=small, expression=concatenated([wanted, string("-")]))
    any_tag = all_of([equal(pattern.text, string("*")), compare("!=", tag.text, _EMPTY)])
    return boolean(case(proper, any_of([any_tag, equal(small, wanted), inner])))


FUNCTIONS: Final[Mapping[str, Function]] = {
    "STR": _str,
    "LANG": _lang,
    "DATATYPE": _datatype,
    "IRI": _iri,
    "URI": _iri,
    "STRDT": _strdt,
    "STRLANG": _strlang,
    "SAMETERM": _same_term,
    "ISIRI": _is_iri,
    "ISURI": _is_iri,
    "ISBLANK": _is_blank,
    "ISLITERAL": _is_literal,
    "REGEX": _regex,
    "REPLACE": _replace,
    "CONCAT": _concat,
    "STRLEN": _strlen,
    "SUBSTR": _substr,
    "CONTAINS": _in_text(lambda text, part: compare(">", _position(text, part), number(0))),
    "STRSTARTS": _in_text(lambda text, part: exp.StartsWith(this=text, expression=part)),
    "STRENDS": _in_text(lambda text, part: exp.EndsWith(this=text, expression=part)),
    "STRBEFORE": _around(_before),
    "STRAFTER": _around(_after),
    "LANGMATCHES": _langmatches,
}
