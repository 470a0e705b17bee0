r"""Explanations as a drawing, in the DOT language of Graphviz: what a rule needs stands below it, what follows above it.

Source of the language: https://graphviz.org/doc/info/lang.html. In a quoted string a quotation mark and a backslash are escaped, and `\n` ends a line.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, Triple

from schakel.answers import visible
from schakel.explaining.explanations import Evidence, Explanation, Explanations
from schakel.findings import in_language
from schakel.graph import Term
from schakel.interface_texts import place

__all__ = ["as_dot"]

_WIDTH = 36


def as_dot(explanations: Explanations, language: str) -> str:
    """Give a digraph: statements as boxes, double where they were asked for; rules as ellipses; passages, and files, as notes."""
    drawing = _Drawing(explanations, language)
    body = "".join(f"  {line}\n" for explanation in explanations for line in drawing.explanation(explanation))
    asked = "".join(f"  {drawing.name_of(explanation.statement)} [peripheries=2];\n" for explanation in explanations)
    return f'digraph why {{\n  rankdir=BT;\n  node [fontname="sans-serif"];\n{body}{asked}}}\n'


@dataclass(frozen=True)
class _Drawing:
    """Draws each node once, however many times it is needed."""

    explanations: Explanations
    language: str
    names: dict[object, str] = field(default_factory=dict)
    drawn: set[Triple] = field(default_factory=set)

    def name_of(self, thing: object) -> str:
        return self.names.setdefault(thing, f"n{len(self.names)}")

    def explanation(self, explanation: Explanation) -> Iterator[str]:
        if explanation.statement in self.drawn:
            return
        self.drawn.add(explanation.statement)
        name = self.name_of(explanation.statement)
        yield f"{name} [shape=box, label={self._statement(explanation.statement)}];"
        for evidence in explanation.evidence:
            yield from self._evidence(name, evidence)
        if explanation.rule is not None:
            rule = self.name_of((explanation.rule.rule.name, explanation.statement))
            yield f"{rule} [shape=ellipse, label={_label(in_language(explanation.rule.words, self.language))}];"
            yield f"{rule} -> {name};"
            for premise in explanation.premises:
                yield from self.explanation(premise)
                yield f"{self.name_of(premise.statement)} -> {rule};"

    def _evidence(self, statement: str, evidence: Evidence) -> Iterator[str]:
        known = evidence in self.names
        note = self.name_of(evidence)
        if not known:
            yield f"{note} [shape=note, label={self._note(evidence)}];"
        yield f"{note} -> {statement} [style=dashed];"

    def _note(self, evidence: Evidence) -> str:
        words = " … ".join(filter(None, (evidence.first_words, evidence.last_words)))
        title = None if evidence.title is None else evidence.title.value
        where = None if evidence.place is None else place(evidence.place, self.language)
        return _label(*filter(None, (title or self.explanations.short(evidence.graph), f"“{words}”" if words else None, where)))

    def _statement(self, triple: Triple) -> str:
        return _label(*(self._term(term) for term in (triple.subject, triple.predicate, triple.object)))

    def _term(self, term: Term) -> str:
        if isinstance(term, Literal):
            return f"“{term.value}”{f'@{term.language}' if term.language else ''}"
        name = self.explanations.name(term)
        return f"{name} ({self.explanations.short(term)})" if name else self.explanations.short(term)


def _label(*lines: str) -> str:
    wrapped = (part for line in lines for part in textwrap.wrap(visible(line), _WIDTH) or [""])
    return '"' + "\\n".join(part.replace("\\", "\\\\").replace('"', '\\"') for part in wrapped) + '"'
