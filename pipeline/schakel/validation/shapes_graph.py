"""Shapes as a graph to look things up in: what a shape states, its lists, its messages."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.findings import Severity
from schakel.graph import Term
from schakel.namespaces import RDF, SH
from schakel.validation.results import SEVERITIES

__all__ = ["ShapesGraph", "Unsupported", "unworded"]

_TO_FILL_IN: Final = re.compile(r"\{[?$](\w+)\}")


class Unsupported(Exception):  # noqa: N818  # no error: it says which engine is to judge
    """A shape or query that a fast engine does not judge as the reference engine does, with the reason in words."""


class ShapesGraph:
    """Triples of shapes by subject and predicate, each list of objects in a fixed order."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Term, dict[NamedNode, list[Term]]] = {}
        for triple in sorted(triples, key=str):
            self._about.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)

    def __iter__(self) -> Iterator[Triple]:
        return (Triple(subject, predicate, each) for subject, about in self._about.items() for predicate, objects in about.items() for each in objects)  # type: ignore[arg-type]  # a subject was one

    def about(self, node: Term) -> Mapping[NamedNode, list[Term]]:
        """Give all that is stated of a node: objects by predicate."""
        return self._about.get(node, {})

    def objects(self, node: Term, predicate: NamedNode) -> list[Term]:
        """Give the objects of a node and a predicate."""
        return self.about(node).get(predicate, [])

    def subjects(self, predicate: NamedNode) -> list[Term]:
        """Give all that has a predicate."""
        return [node for node, about in self._about.items() if predicate in about]

    def items(self, head: Term) -> list[Term] | None:
        """Give the members of a list; None for what is no well-formed list."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != RDF.nil:
            first, rest = self.objects(head, RDF.first), self.objects(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                return None
            seen.add(head)
            members += first
            head = rest[0]
        return members

    def reached(self, start: Iterable[Term], stop: Callable[[NamedNode], bool] = lambda _: False) -> dict[Term, None]:
        """Give the nodes given and whatever they lead to, but by predicates that stop."""
        found: dict[Term, None] = {}
        ahead = list(start)
        while ahead:
            node = ahead.pop()
            if node not in found and node in self._about:
                found[node] = None
                ahead += [
                    each
                    for predicate, objects in self._about[node].items()
                    if not stop(predicate)
                    for each in objects
                    if isinstance(each, NamedNode | BlankNode)
                ]
        return found

    def path(self, shape: Term) -> NamedNode | None:
        """Give a shape's path where it is a single property."""
        path = self.objects(shape, SH.path)
        return path[0] if len(path) == 1 and isinstance(path[0], NamedNode) else None

    def severity(self, shape: Term) -> Severity:
        """Give a shape's severity; one of the project's own is taken for the gravest."""
        stated = next((each.value.removeprefix(SH.iri) for each in self.objects(shape, SH.severity) if isinstance(each, NamedNode)), "Violation")
        return SEVERITIES.get(stated, Severity.VIOLATION)

    def messages(self, origins: Iterable[Term], component: NamedNode, values: Mapping[str, Term | None]) -> dict[str, str]:
        """Give messages by language, filled in: those of the first origin that has any; where none has, words of our own.

        Of several in one language the first in order, so that it is always the same.
        """
        for origin in origins:
            stated = [each for each in self.objects(origin, SH.message) if isinstance(each, Literal)]
            if stated:
                texts = dict(sorted(((each.language or "en", each.value) for each in stated), reverse=True))
                return {language: _filled_in(text, values) if "{" in text else text for language, text in texts.items()}
        return unworded(component)


def unworded(component: NamedNode) -> dict[str, str]:
    """Say which constraint is not met, for a shape that has no message.

    >>> unworded(SH.MinCountConstraintComponent)
    {'en': 'It does not meet a constraint that has no message: minCount.'}
    """
    name = component.value.removeprefix(SH.iri).removesuffix("ConstraintComponent")
    return {"en": f"It does not meet a constraint that has no message: {name[:1].lower()}{name[1:]}."}


def _filled_in(text: str, values: Mapping[str, Term | None]) -> str:
    return _TO_FILL_IN.sub(lambda place: place[0] if (value := values.get(place[1])) is None else _plain(value), text)


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else str(term)
