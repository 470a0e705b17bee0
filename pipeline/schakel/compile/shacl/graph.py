"""The shapes graph, to look things up in. Terms are spelled as N-Triples writes them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

__all__ = ["FIRST", "NIL", "REST", "SUBCLASS", "TRUE", "TYPE", "ShapesGraph", "Triple", "rdf", "rdfs", "sh"]

# Subject, predicate and object.
Triple: TypeAlias = tuple[str, str, str]

_SH: Final = "http://www.w3.org/ns/shacl#"


def sh(name: str) -> str:
    """Spell a term of SHACL.

    >>> sh("path")
    '<http://www.w3.org/ns/shacl#path>'
    """
    return f"<{_SH}{name}>"


def rdf(name: str) -> str:
    """Spell a term of RDF."""
    return f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>"


def rdfs(name: str) -> str:
    """Spell a term of RDF Schema."""
    return f"<http://www.w3.org/2000/01/rdf-schema#{name}>"


TYPE: Final = rdf("type")
FIRST: Final = rdf("first")
REST: Final = rdf("rest")
NIL: Final = rdf("nil")
SUBCLASS: Final = rdfs("subClassOf")
# The one literal that switches something on: the specification says `true`, and the test suite that no other spelling of it will do.
TRUE: Final = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


class ShapesGraph:
    """Triples by subject and predicate; objects and subjects come sorted."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, object_ in sorted(set(triples)):
            self._about.setdefault(subject, {}).setdefault(predicate, []).append(object_)

    def __iter__(self) -> Iterator[Triple]:
        return ((subject, predicate, each) for subject, about in self._about.items() for predicate, objects in about.items() for each in objects)

    def about(self, node: str) -> Mapping[str, list[str]]:
        """Give what is stated of a node: objects by predicate."""
        return self._about.get(node, {})

    def objects(self, node: str, predicate: str) -> list[str]:
        """Give the objects of a node and a predicate."""
        return self.about(node).get(predicate, [])

    def subjects(self, predicate: str, object_: str | None = None) -> list[str]:
        """Give the subjects of a predicate, with any object or with one."""
        return [node for node, about in self._about.items() if predicate in about and (object_ is None or object_ in about[predicate])]

    def items(self, head: str) -> list[str] | None:
        """Give the members of a list; None for what is no well-formed list."""
        members: list[str] = []
        seen: set[str] = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                return None
            seen.add(head)
            members += first
            head = rest[0]
        return members

    def classes_below(self, class_: str) -> set[str]:
        """Give a class and all its subclasses, as far as the shapes graph states them."""
        found, ahead = {class_}, [class_]
        while ahead:
            below = [each for each in self.subjects(SUBCLASS, ahead.pop()) if each not in found]
            found.update(below)
            ahead += below
        return found

    def instances(self, class_: str) -> set[str]:
        """Give the SHACL instances of a class."""
        classes = self.classes_below(class_)
        return {node for node in self.subjects(TYPE) if classes.intersection(self.objects(node, TYPE))}

    def description(self, node: str) -> Iterator[Triple]:
        """Give what is stated of a blank node, and of the blank nodes that this leads to."""
        seen: set[str] = set()
        ahead = [node]
        while ahead:
            each = ahead.pop()
            if each in seen or not each.startswith("_:"):
                continue
            seen.add(each)
            for predicate, objects in self.about(each).items():
                yield from ((each, predicate, object_) for object_ in objects)
                ahead += objects
