"""A parser of the plain form of SPARQL, by recursive descent.

Whatever it reads is SPARQL 1.1, and means what it gives; https://www.w3.org/TR/sparql11-query/#sparqlGrammar. It is kept narrow rather than complete.
"""

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Variable

from schakel.namespaces import RDF, XSD
from schakel.sparql.plain.query import Bind, Call, Construct, Element, Exists, Expression, Filter, Group, Optional, Select, Statement, Union
from schakel.sparql.plain.tokens import END, Cursor, NotPlainError, Token

__all__ = ["parse"]

_COMPARISONS: Final = frozenset({"=", "!=", "<", ">", "<=", ">="})
# Functions that give the same each time, with the least and the greatest number of arguments.
_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(["STR", "LANG", "DATATYPE", "IRI", "URI", "STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI", "ABS", "CEIL", "FLOOR", "ROUND"], (1, 1)),
    **dict.fromkeys(["YEAR", "MONTH", "DAY", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC"], (1, 1)),
    **dict.fromkeys(["CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "SAMETERM", "LANGMATCHES"], (2, 2)),
    **dict.fromkeys(["SUBSTR", "REGEX"], (2, 3)),
    **dict.fromkeys(["CONCAT", "COALESCE"], (1, 99)),
    "REPLACE": (3, 4),
    "IF": (3, 3),
}
_AGGREGATES: Final = frozenset({"SUM", "COUNT", "SAMPLE"})


def parse(text: str) -> Select | Construct | None:
    """Read a query; None for one that is not of the plain form."""
    text = text.replace("\r\n", "\n")
    if "\\" in text or "\r" in text:
        return None
    try:
        return _Parser(text).query()
    except (NotPlainError, ValueError):
        # Oxigraph's terms refuse what is no IRI.
        return None


class _Parser(Cursor):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._prefixes: dict[str, str] = {}
        # Whether what is read may be an aggregate.
        self._counting = False

    # ------------------------------------------------------------------------------------------------------------------------------ queries

    def query(self) -> Select | Construct:
        """Read a whole query."""
        while self.found("PREFIX"):
            self._prefix()
        read = self._construct() if self.found("CONSTRUCT") else self._select()
        if self.next() != END:
            raise NotPlainError
        return read

    def _prefix(self) -> None:
        prefix, iri = self.take("prefix"), self.take("iri")[1:-1]
        # Some take a second name of a namespace for the only one.
        if self._prefixes.setdefault(prefix, iri) != iri or list(self._prefixes.values()).count(iri) > 1:
            raise NotPlainError

    def _construct(self) -> Construct:
        elements = self._group().elements
        template = tuple(each for each in elements if isinstance(each, Statement) and (each.simple or each.predicate is not None))
        if not template or len(template) < len(elements):
            raise NotPlainError
        self.found("WHERE")
        return Construct(template, self._group())

    def _select(self) -> Select:
        self.need("SELECT")
        if not self.found("DISTINCT"):
            self.found("REDUCED")
        variables = self._variables()
        self.found("WHERE")
        where = self._group()
        if not self.found("GROUP", "BY"):
            return Select(variables, where)
        keys = self._variables()
        self._counting = True
        return Select(variables, where, keys, self._in_brackets() if self.found("HAVING") else None)

    def _variables(self) -> tuple[Variable, ...]:
        variables = [self._variable()]
        while self.next().kind == "variable":
            variables.append(self._variable())
        if len(set(variables)) < len(variables):
            raise NotPlainError
        return tuple(variables)

    # ------------------------------------------------------------------------------------------------------------------------------ groups

    def _group(self) -> Group:
        self.need("{")
        self.deeper()
        elements = tuple(self._elements())
        self.higher()
        return Group(elements)

    def _elements(self) -> list[Element]:
        elements: list[Element] = []
        while not self.found("}"):
            special = self._special()
            if special is not None:
                elements.append(special)
                self.found(".")
                continue
            elements += self._statements()
            if not self.found(".") and self.next().text not in {"}", "{", "FILTER", "BIND", "OPTIONAL"}:
                raise NotPlainError
        return elements

    def _special(self) -> Element | None:
        """Read an element of a group that is no statement."""
        if self.found("FILTER"):
            return Filter(self._condition())
        if self.found("BIND", "("):
            expression = self._expression()
            self.need("AS")
            variable = self._variable()
            self.need(")")
            return Bind(variable, expression)
        if self.found("OPTIONAL"):
            return Optional(self._group())
        if self.next() != Token("sign", "{"):
            return None
        groups = [self._group()]
        while self.found("UNION"):
            groups.append(self._group())
        return Union(tuple(groups))

    def _condition(self) -> Expression:
        for negated in (False, True):
            if self.found(*(["NOT"] if negated else []), "EXISTS"):
                return Exists(self._group(), negated)
        return self._in_brackets() if self.next().text == "(" else self._function()

    # ------------------------------------------------------------------------------------------------------------------------------ statements

    def _statements(self) -> list[Statement]:
        """Read the statements about one subject."""
        subject = self._variable_or_iri()
        statements: list[Statement] = []
        while True:
            predicate = self._variable() if self.next().kind == "variable" else None
            properties, simple = ((), False) if predicate is not None else self._path()
            statements.append(Statement(subject, predicate, properties, simple, self._object()))
            while self.found(","):
                statements.append(Statement(subject, predicate, properties, simple, self._object()))
            if not self.found(";"):
                return statements

    def _object(self) -> Variable | NamedNode | Literal:
        literal = self._literal()
        return self._variable_or_iri() if literal is None else literal

    def _path(self) -> tuple[tuple[NamedNode, ...], bool]:
        """Read a path; give the properties that it follows, and whether it is one property alone."""
        properties, simple = self._step()
        while self.found("|") or self.found("/"):
            more, _ = self._step()
            properties, simple = properties + more, False
        return properties, simple

    def _step(self) -> tuple[tuple[NamedNode, ...], bool]:
        backwards = self.found("^")
        if self.found("("):
            self.deeper()
            properties, simple = self._path()
            self.need(")")
            self.higher()
        elif self.found("a"):
            properties, simple = (RDF.type,), True
        else:
            properties, simple = (self._iri(),), True
        again = self.found("+")
        return properties, simple and not backwards and not again

    # ------------------------------------------------------------------------------------------------------------------------------ expressions

    def _in_brackets(self) -> Expression:
        self.need("(")
        expression = self._expression()
        self.need(")")
        return expression

    def _expression(self) -> Expression:
        self.deeper()
        read = self._joined("||")
        self.higher()
        return read

    def _joined(self, sign: str) -> Expression:
        parts: list[Expression] = []
        while not parts or self.found(sign):
            parts.append(self._joined("&&") if sign == "||" else self._comparison())
        return Call(sign, tuple(parts)) if len(parts) > 1 else parts[0]

    def _comparison(self) -> Expression:
        left = self._operand()
        if self.next().text in _COMPARISONS and self.next().kind == "sign":
            return Call(self.take("sign"), (left, self._operand()))
        for name, words in (("IN", ("IN",)), ("NOT IN", ("NOT", "IN"))):
            if self.found(*words):
                return Call(name, (left, *self._arguments()))
        return left

    def _operand(self) -> Expression:
        if self.found("!"):
            return Call("!", (self._operand_itself(),))
        return self._operand_itself()

    def _operand_itself(self) -> Expression:
        token = self.next()
        if token == Token("sign", "("):
            return self._in_brackets()
        if token.kind == "word":
            return self._function()
        return self._object()

    def _function(self) -> Call:
        name = self.take("word")
        if name == "BOUND" or (self._counting and name in _AGGREGATES):
            self.need("(")
            variable = self._variable()
            self.need(")")
            return Call(name, (variable,))
        if name not in _FUNCTIONS:
            raise NotPlainError
        arguments = self._arguments()
        least, most = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise NotPlainError
        return Call(name, arguments)

    def _arguments(self) -> tuple[Expression, ...]:
        self.need("(")
        arguments = [self._expression()]
        while self.found(","):
            arguments.append(self._expression())
        self.need(")")
        return tuple(arguments)

    # ------------------------------------------------------------------------------------------------------------------------------ terms

    def _variable(self) -> Variable:
        return Variable(self.take("variable")[1:])

    def _variable_or_iri(self) -> Variable | NamedNode:
        return self._variable() if self.next().kind == "variable" else self._iri()

    def _iri(self) -> NamedNode:
        if self.next().kind == "iri":
            return NamedNode(self.take("iri")[1:-1])
        prefix, colon, local = self.take("name").partition(":")
        if prefix + colon not in self._prefixes:
            raise NotPlainError
        return NamedNode(self._prefixes[prefix + colon] + local)

    def _literal(self) -> Literal | None:
        token = self.next()
        match token.kind:
            case "text":
                literal = Literal(token.text[1:-1])
            case "spoken":
                text, _, language = token.text.rpartition("@")
                literal = Literal(text[1:-1], language=language)
            case "number":
                literal = Literal(token.text, datatype=XSD.integer)
            case _:
                return None
        self.take(token.kind)
        return literal
