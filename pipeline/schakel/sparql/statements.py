"""Reads triple patterns, with what is nested in them, and property paths (productions 75 to 106 of the grammar)."""

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode, Variable

from schakel.namespaces import RDF
from schakel.sparql.expressions import ExpressionParser
from schakel.sparql.paths import (
    AlternativePath,
    InversePath,
    NegatedPropertySet,
    OneOrMorePath,
    Path,
    SequencePath,
    ZeroOrMorePath,
    ZeroOrOnePath,
)
from schakel.sparql.query import BlankNode, Statement, Term

__all__ = ["StatementParser"]

_LITERALS: Final = frozenset({"string", "long", "integer", "decimal", "double"})
_REPEATED: Final[Mapping[str, type[ZeroOrMorePath | OneOrMorePath | ZeroOrOnePath]]] = {"*": ZeroOrMorePath, "+": OneOrMorePath, "?": ZeroOrOnePath}


class StatementParser(ExpressionParser):
    """Reads triple patterns and paths."""

    def __init__(self, text: str, base: str | None) -> None:
        super().__init__(text, base)
        # Blank nodes with a label, by the basic graph pattern in which they are: no other may use the label.
        self._labels: dict[str, int] = {}
        self._patterns = 0
        self._pattern = 0

    def new_pattern(self) -> None:
        """Begin a basic graph pattern."""
        self._patterns += 1
        self._pattern = self._patterns

    # ------------------------------------------------------------------------------------------------------------------------------ statements

    def statements(self) -> list[Statement]:
        """Read the triple patterns about one subject."""
        into: list[Statement] = []
        subject, nested = self._node(into)
        if not nested or self._verb_follows():
            self._properties(subject, into)
        return into

    def _properties(self, subject: Term, into: list[Statement]) -> None:
        """Read the predicates and objects of a subject."""
        while True:
            predicate: Variable | Path = self.variable() if self.kind == "variable" else self.path()
            while True:
                at = self.at
                # What is nested in the object comes behind the statement that leads to it.
                nested: list[Statement] = []
                last, _ = self._node(nested)
                into.append(Statement(subject, predicate, last, at))
                into += nested
                if not self.found(","):
                    break
            if self.symbol != ";":
                return
            while self.found(";"):
                pass
            if not self._verb_follows():
                return

    def _verb_follows(self) -> bool:
        return self.kind in {"variable", "iri", "name"} or self.symbol in {"a", "^", "!", "("}

    def _node(self, into: list[Statement]) -> tuple[Term, bool]:
        """Read a subject or an object; tell whether it has statements of its own, which are added."""
        if self.kind == "variable":
            return self.variable(), False
        if self.kind in {"iri", "name"}:
            return self.iri(), False
        if self.kind in _LITERALS or self.symbol in {"TRUE", "FALSE"}:
            return self.literal(), False
        if self.kind == "blank":
            return self._labelled(), False
        if self.symbol in {"[", "("}:
            self.deeper()
            read = self._property_list(into) if self.found("[") else self._collection(into)
            self.higher()
            return read
        raise self.error("a term, “[” or “(”")

    def _labelled(self) -> BlankNode:
        at, node = self.at, self.blank_node()
        if self._labels.setdefault(node.label, self._pattern) != self._pattern:
            raise self.error("a label that no other pattern has", found=f"“_:{node.label}”", at=at)
        return node

    def _property_list(self, into: list[Statement]) -> tuple[Term, bool]:
        node = self.new_blank_node()
        if self.found("]"):
            return node, False
        self._properties(node, into)
        self.need("]")
        return node, True

    def _collection(self, into: list[Statement]) -> tuple[Term, bool]:
        self.need("(")
        if self.found(")"):
            return RDF.nil, False
        first = node = self.new_blank_node()
        while True:
            at = self.at
            nested: list[Statement] = []
            member, _ = self._node(nested)
            into.append(Statement(node, RDF.first, member, at))
            into += nested
            if self.found(")"):
                into.append(Statement(node, RDF.rest, RDF.nil, at))
                return first, True
            following = self.new_blank_node()
            into.append(Statement(node, RDF.rest, following, at))
            node = following

    # ------------------------------------------------------------------------------------------------------------------------------ paths

    def path(self) -> Path:
        """Read a path."""
        paths = [self._sequence()]
        while self.found("|"):
            paths.append(self._sequence())
        return paths[0] if len(paths) == 1 else AlternativePath(tuple(paths))

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self.found("/"):
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else SequencePath(tuple(steps))

    def _step(self) -> Path:
        inverse = self.found("^")
        path = self._simple_path()
        repeated = _REPEATED.get(self.symbol)
        if repeated is not None:
            self.advance()
            path = repeated(path)
        return InversePath(path) if inverse else path

    def _simple_path(self) -> Path:
        if self.found("("):
            self.deeper()
            path = self.path()
            self.need(")")
            self.higher()
            return path
        return self._negated() if self.found("!") else self._property()

    def _negated(self) -> NegatedPropertySet:
        forward: list[NamedNode] = []
        backward: list[NamedNode] = []
        several = self.found("(")
        if several and self.found(")"):
            return NegatedPropertySet(())
        while True:
            into = backward if self.found("^") else forward
            into.append(self._property())
            if not several or not self.found("|"):
                break
        if several:
            self.need(")")
        return NegatedPropertySet(tuple(forward), tuple(backward))

    def _property(self) -> NamedNode:
        return RDF.type if self.found("a") else self.iri()
