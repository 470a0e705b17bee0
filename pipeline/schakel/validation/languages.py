"""Shapes that want a text in a language of each node: `sh:qualifiedValueShape` with `sh:languageIn`, at least once.

To shacl-rust no literal ever conforms to a shape by its name. But which nodes have such a text is told by reading the graph once: texts.py does.
"""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.namespaces import RDF, SH, XSD
from schakel.validation.shapes_graph import ShapesGraph

__all__ = ["QUALIFIED", "WantedText", "wanted_text"]

# What says of a property shape that it wants such a text; shacl-rust is not to see it.
QUALIFIED: Final = frozenset({SH.qualifiedValueShape, SH.qualifiedMinCount})
_WORDS: Final = frozenset({SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue})
_ONE: Final = Literal("1", datatype=XSD.integer)


@dataclass(frozen=True)
class WantedText:
    """Of each focus node at least one object of a property is to be a text in one of some languages, given by their tags in small letters."""

    property: NamedNode
    languages: frozenset[str]


def wanted_text(shapes: ShapesGraph, shape: Term) -> WantedText | None:
    """Read a property shape that wants a text; None for one that counts something else, or otherwise.

    Languages are looked at as far as abilities.py does not: it knows which lists of them every engine takes.
    """
    about, property_ = shapes.about(shape), shapes.path(shape)
    values = about.get(SH.qualifiedValueShape, [])
    if property_ is None or len(values) != 1 or about.get(SH.qualifiedMinCount) != [_ONE] or SH.qualifiedMaxCount in about:
        return None
    asked = {each for each in shapes.about(values[0]) if each.value.startswith((SH.iri, RDF.iri)) and each != RDF.type} - _WORDS
    if asked != {SH.languageIn} or {*shapes.objects(values[0], RDF.type)} - {SH.NodeShape}:
        return None
    [tags] = shapes.objects(values[0], SH.languageIn)
    return WantedText(property_, frozenset(each.value.lower() for each in shapes.items(tags) or () if isinstance(each, Literal)))
