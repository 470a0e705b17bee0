"""What an expression of SPARQL becomes in a plan: a term in four columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.errors import NotCompilableError
from schakel.compile.nodes import FALSE, NULL, TRUE, Node, all_of, any_of, branches, case, constant_of, equal, is_null, negated, not_null, number, string
from schakel.engine.language_tags import is_language_tag
from schakel.engine.relations import BLANK, IRI, LITERAL
from schakel.engine.spelling import STRING, Parts
from schakel.namespaces import XSD
from schakel.sparql import Call, Exists

__all__ = [
    "BOOLEAN",
    "INTEGER",
    "NOTHING",
    "SIGNS",
    "UNKNOWN",
    "Facts",
    "Scope",
    "Value",
    "boolean",
    "constant",
    "integer",
    "iri",
    "literal",
    "lower_case",
    "same_term",
]

BOOLEAN: Final = XSD.boolean.value
INTEGER: Final = XSD.integer.value
# What N-Triples escapes, as schakel.engine.spelling does.
SIGNS: Final = frozenset(map(chr, (*range(1, 0x20), 0x22, 0x5C, 0x7F, 0xFFFE, 0xFFFF)))
# What is longer may be no integer of an executor.
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class Facts:
    """What is known of all texts that a value may have, so that a plan need not look at each.

    `signs` are those they may have of the ones that N-Triples escapes, None for any. `skeleton` is a text such that, where it may be in an IRI, they
    may be, too: `~` for texts that could each be a segment of a path. `tags` says that each is a well-formed language tag, `filled` that
    there always is one.
    """

    signs: frozenset[str] | None = None
    skeleton: str | None = None
    tags: bool = False
    filled: bool = False

    @classmethod
    def of(cls, text: str) -> "Facts":
        """Give what is known of a constant."""
        return cls(frozenset(text) & SIGNS, text, is_language_tag(text), filled=True)

    @classmethod
    def either(cls, several: "Sequence[Facts]") -> "Facts":
        """Give what is known of a value that is one of several."""
        return cls(_united(each.signs for each in several), None, all(each.tags for each in several))

    @classmethod
    def joined(cls, several: "Sequence[Facts]") -> "Facts":
        """Give what is known of several texts, one after the other."""
        skeletons = [each.skeleton for each in several if each.skeleton is not None]
        return cls(
            _united(each.signs for each in several), "".join(skeletons) if len(skeletons) == len(several) else None, filled=all(each.filled for each in several)
        )

    def in_part(self, *, always: bool = False) -> "Facts":
        """Give what is known of parts of the texts; `always` says that there is one wherever there is a text."""
        return Facts(self.signs, filled=always and self.filled)


def _united(several: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    known: frozenset[str] = frozenset()
    for signs in several:
        if signs is None:
            return None
        known |= signs
    return known


UNKNOWN: Final = Facts()


@dataclass(frozen=True)
class Value:
    """A term as four nodes: `text` is the IRI, the label or the lexical form, `kind` one of schakel.engine.relations, `datatype` an IRI, `language` a tag.

    `text` is NULL where there is no value: the variable is unbound, or the expression is an error; the other three mean nothing then. `datatype` and
    `language` are NULL where the term has none. What is known while compiling is a constant node.
    `condition` is the truth of a boolean, and `number` an integer as the executor calculates with it, where they need not be read from the text.
    `terms` is the alias of the table of terms that the four come from, if they come from it, so that a scope can compare by its keys.
    """

    text: Node
    kind: Node
    datatype: Node
    language: Node
    condition: Node | None = None
    number: Node | None = None
    terms: str | None = None
    facts: Facts = UNKNOWN

    @property
    def parts(self) -> Parts | None:
        """The term, where it is known while compiling."""
        text, datatype, language = map(constant_of, (self.text, self.datatype, self.language))
        known = isinstance(self.kind, exp.Literal) and all(isinstance(node, exp.Literal | exp.Null) for node in (self.datatype, self.language))
        return Parts(int(self.kind.this), text, datatype, language) if known and text is not None else None

    @property
    def bound(self) -> Node:
        """Whether there is a value."""
        return TRUE if self.facts.filled else not_null(self.text)

    @property
    def is_iri(self) -> Node:
        """Whether the term is an IRI."""
        return _same_number(self.kind, IRI)

    @property
    def is_blank(self) -> Node:
        """Whether the term is a blank node."""
        return _same_number(self.kind, BLANK)

    @property
    def is_literal(self) -> Node:
        """Whether the term is a literal."""
        return _same_number(self.kind, LITERAL)

    @property
    def is_simple(self) -> Node:
        """Whether the term is a literal of xsd:string; NULL may mean no."""
        return FALSE if isinstance(self.datatype, exp.Null) else equal(self.datatype, string(STRING))

    @property
    def is_tagged(self) -> Node:
        """Whether the term has a language tag."""
        return not_null(self.language)

    @property
    def is_string(self) -> Node:
        """Whether the term is a literal of xsd:string or has a language tag; NULL may mean no."""
        return any_of([self.is_simple, self.is_tagged])

    def has_datatype(self, datatype: str) -> bool:
        """Tell whether the term is known to have a datatype."""
        return constant_of(self.datatype) == datatype

    def where(self, *conditions: Node) -> "Value":
        """Give the same term where conditions hold, and no value elsewhere."""
        return Value(case(all_of(conditions), self.text, NULL), self.kind, self.datatype, self.language, facts=replace(self.facts, filled=False))

    def with_part(self, text: Node) -> "Value":
        """Give a term of the same kind whose text is a part of this one's."""
        return Value(text, self.kind, self.datatype, self.language, facts=self.facts.in_part())


NOTHING: Final = Value(NULL, NULL, NULL, NULL)


class Scope:
    """What an expression may read. Each compiler that has expressions has its own; what it does not override is refused by name."""

    # The IRI that relative ones are resolved against.
    base: str | None = None

    def variable(self, variable: Variable) -> Value:
        """Give the value of a variable: NOTHING for one that is never bound."""
        raise NotCompilableError(f"?{variable.value}")

    def known(self, call: Call) -> Value | None:
        """Give the value of a call where the scope has it more cheaply than by the values of its arguments."""
        del call
        return None

    def exists(self, pattern: Exists) -> Node:
        """Give the condition of EXISTS or NOT EXISTS."""
        raise NotCompilableError("NOT EXISTS" if pattern.negated else "EXISTS")

    def lookup(self, function: str, arguments: Sequence[Value]) -> Value:
        """Give the value of one of schakel.engine.functions, which are computed over the distinct values of their arguments.

        Arguments that are all constant never come here.
        """
        del arguments
        raise NotCompilableError(function)

    def compare(self, sign: str, left: Value, right: Value) -> Node | None:
        """Give the condition that `left` is `=`, `<` or `<=` `right`, where the scope can tell by keys; it is NULL for a type error."""
        del sign, left, right
        return None


def constant(parts: Parts | None) -> Value:
    """Give a term that is known while compiling; NOTHING for None."""
    if parts is None:
        return NOTHING
    datatype = NULL if parts.datatype is None else string(parts.datatype)
    language = NULL if parts.language is None else string(parts.language)
    value = Value(string(parts.text), number(parts.kind), datatype, language, facts=Facts.of(parts.text))
    digits = parts.text[1:] if parts.text[:1] in {"+", "-"} else parts.text
    if parts.datatype == INTEGER and digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS:
        return replace(value, number=number(int(parts.text)))
    if parts.datatype == BOOLEAN and parts.text in {"true", "false"}:
        return replace(value, condition=TRUE if parts.text == "true" else FALSE)
    return value


def literal(text: Node, datatype: str = STRING, facts: Facts = UNKNOWN) -> Value:
    """Give a literal of a datatype."""
    return Value(text, number(LITERAL), string(datatype), NULL, facts=facts)


def iri(text: Node, facts: Facts = UNKNOWN) -> Value:
    """Give an IRI."""
    return Value(text, number(IRI), NULL, NULL, facts=facts)


def integer(value: Node) -> Value:
    """Give an integer that the executor calculates."""
    return replace(literal(exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.TEXT)), INTEGER, Facts(frozenset())), number=value)


def boolean(condition: Node) -> Value:
    """Give a boolean; no value where the condition is NULL."""
    if isinstance(condition, exp.Boolean):
        text: Node = string("true" if condition.this else "false")
    elif isinstance(condition, exp.Null):
        return NOTHING
    else:
        text = branches([(condition, string("true")), (negated(condition), string("false"))])
    return replace(literal(text, BOOLEAN, Facts(frozenset())), condition=condition)


def same_term(left: Value, right: Value) -> Node:
    """Tell whether two terms are the same; NULL where one is none. Language tags are the same in capitals."""
    tags = _same_or_null(lower_case(left.language), lower_case(right.language))
    others = all_of([_same_kind(left, right), _same_or_null(left.datatype, right.datatype), tags])
    if others is TRUE:
        return equal(left.text, right.text)
    return case(all_of([left.bound, right.bound]), all_of([others, equal(left.text, right.text)]))


def lower_case(text: Node) -> Node:
    """Write the English letters of a text small, and no others."""
    known = constant_of(text)
    if known is not None:
        return string("".join(sign.lower() if sign.isascii() else sign for sign in known))
    if isinstance(text, exp.Null):
        return text
    return exp.Translate(this=text, from_=string("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), to=string("abcdefghijklmnopqrstuvwxyz"))


def _same_number(node: Node, wanted: int) -> Node:
    return equal(node, number(wanted)) if not isinstance(node, exp.Literal) else TRUE if node.this == str(wanted) else FALSE


def _same_kind(left: Value, right: Value) -> Node:
    if isinstance(left.kind, exp.Literal):
        return _same_number(right.kind, int(left.kind.this))
    return _same_number(left.kind, int(right.kind.this)) if isinstance(right.kind, exp.Literal) else equal(left.kind, right.kind)


def _same_or_null(left: Node, right: Node) -> Node:
    if isinstance(left, exp.Null | exp.Literal) and isinstance(right, exp.Null | exp.Literal):
        return TRUE if left == right else FALSE
    if isinstance(left, exp.Null) or isinstance(right, exp.Null):
        return is_null(right if isinstance(left, exp.Null) else left)
    return exp.NullSafeEQ(this=left, expression=right)
