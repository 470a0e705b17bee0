"""Reads the terms of a query: IRIs, prefixed names, literals, variables, blank nodes."""

import re
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Variable

from schakel.namespaces import RDF, XSD
from schakel.sparql.lexer import Lexer
from schakel.sparql.query import BlankNode, Literal

__all__ = ["TermParser"]

_NUMBERS: Final = {"integer": XSD.integer, "decimal": XSD.decimal, "double": XSD.double}
_LANG_STRING: Final = RDF.langString
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SHORT: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TERMS: Final = "an IRI or a prefixed name"
_MOST_DIGITS: Final = 18


class TermParser(Lexer):
    """Reads terms. `base` is the IRI that relative ones are resolved against, None where there is none."""

    def __init__(self, text: str, base: str | None) -> None:
        super().__init__(text)
        self.base = base
        self.prefixes: dict[str, str] = {}
        self._iris: dict[str, NamedNode] = {}
        self._blank_nodes = 0

    def iri(self) -> NamedNode:
        """Read an IRI or a prefixed name."""
        kind, text, at = self.kind, self.text, self.at
        if kind not in {"iri", "name"}:
            raise self.error(_TERMS)
        self.advance()
        known = self._iris.get(text)
        if known is None:
            known = self._iris[text] = self._named(self.resolved(text, at) if kind == "iri" else self._expanded_name(text, at), text, at)
        return known

    def iri_text(self) -> str:
        """Read what must be an IRI in angle brackets; give it resolved."""
        at = self.at
        return self.resolved(self.take("iri", "an IRI in angle brackets"), at)

    def resolved(self, written: str, at: int) -> str:
        """Give an IRI without its brackets and escapes, resolved against the base."""
        iri = _ESCAPE.sub(lambda found: self.character(found[0], at), written[1:-1]) if "\\" in written else written[1:-1]
        if _ABSOLUTE.match(iri) and "/." not in iri:
            return iri
        if self.base is None:
            if _ABSOLUTE.match(iri):
                return iri
            raise self.error("an absolute IRI, or a BASE before it", found=f"“{written}”", at=at)
        try:
            # Resolution by RFC 3986 is the library's.
            [triple] = ox.parse(f"<{iri}> <{iri}> <{iri}> .", format=ox.RdfFormat.TURTLE, base_iri=self.base)
        except (SyntaxError, ValueError):
            raise self.error("an IRI", found=f"“{written}”", at=at) from None
        return str(triple.predicate.value)

    def _expanded_name(self, name: str, at: int) -> str:
        prefix, _, local = name.partition(":")
        namespace = self.prefixes.get(prefix)
        if namespace is None:
            raise self.error(f"a PREFIX {prefix}: before it", found=f"“{name}”", at=at)
        return namespace + (_LOCAL_ESCAPE.sub(r"\1", local) if "\\" in local else local)

    def _named(self, iri: str, written: str, at: int) -> NamedNode:
        try:
            return NamedNode(iri)
        except ValueError:
            raise self.error("an IRI", found=f"“{written}”", at=at) from None

    def variable(self) -> Variable:
        """Read a variable."""
        return Variable(self.take("variable", "a variable")[1:])

    def literal(self) -> Literal:
        """Read a literal."""
        kind, text = self.kind, self.text
        if kind in _NUMBERS:
            self.advance()
            return Literal(text, _NUMBERS[kind])
        if kind in {"string", "long"}:
            value = self.string()
            if self.kind == "tag":
                return Literal(value, _LANG_STRING, self.take("tag", "a language tag")[1:])
            return Literal(value, self.iri()) if self.found("^^") else Literal(value)
        if self.symbol in {"TRUE", "FALSE"}:
            self.advance()
            return Literal(text.lower(), XSD.boolean)
        raise self.error("a literal")

    def string(self) -> str:
        """Read a string; give its value."""
        kind, text, at = self.kind, self.text, self.at
        if kind not in {"string", "long"}:
            raise self.error("a string")
        self.advance()
        value = text[3:-3] if kind == "long" else text[1:-1]
        return _ESCAPE.sub(lambda found: self._unescaped(found[0], at), value) if "\\" in value else value

    def _unescaped(self, escape: str, at: int) -> str:
        return self.character(escape, at) if escape[1] in "uU" else _SHORT.get(escape[1], escape[1])

    def blank_node(self) -> BlankNode:
        """Read a blank node with a label."""
        return BlankNode(self.take("blank", "a blank node")[2:])

    def new_blank_node(self) -> BlankNode:
        """Make a blank node for one without a label."""
        self._blank_nodes += 1
        return BlankNode(f"[{self._blank_nodes}]")

    def number(self) -> int:
        """Read a whole number of LIMIT or OFFSET."""
        if self.kind != "integer" or self.text[0] in "+-" or len(self.text) > _MOST_DIGITS:
            raise self.error(f"a whole number of at most {_MOST_DIGITS} digits")
        return int(self.take("integer", "a whole number"))
