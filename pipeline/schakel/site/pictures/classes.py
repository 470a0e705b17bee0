"""What a class is linked with by the properties of an ontology: a small picture for its place in the documentation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from schakel.site.pictures.diagram import Diagram, Edge, Node
from schakel.site.pictures.markup import Picture, figure, joined
from schakel.site.pictures.table import Words
from schakel.site.pictures.text import Label

__all__ = ["ClassLink", "around_class"]

# More lines than these are a tangle.
_MOST: Final = 24
# Narrow enough for most of it to be seen on a phone at once.
_CURVE: Final = 40
# Lines of the second kind are dashed.
_DASHED: Final = (1,)


@dataclass(frozen=True)
class ClassLink:
    """That a class is linked with another, or with what no class is named for: by a property, or as a kind of it.

    `outwards` says that it leads from the class to the other. The addresses are those of the other class and of the property.
    """

    words: Label
    other: Label
    outwards: bool
    kind_of: bool = False
    address: str | None = None
    other_address: str | None = None


def around_class(centre: Label, address: str | None, links: Sequence[ClassLink], told: Sequence[Markup], words: Words) -> Markup | None:
    """Draw what a class is linked with: the class on the left, the others beside it. None where no property links it with anything.

    `told` are sentences of what is not drawn as it would say the same again. Where there are too many links, the caption says how many are drawn.
    """
    if all(link.kind_of for link in links):
        return None
    drawn = links[:_MOST]
    title = words("What %(name)s is linked with", name=centre.text)
    dashed = words("A dashed line leads from a class to the one that it is a kind of.") if any(link.kind_of for link in drawn) else ""
    left = words("%(shown)s of %(all)s links are drawn.", shown=len(drawn), all=len(links)) if len(drawn) < len(links) else ""
    says = " ".join(filter(None, (words("An arrow leads from the class that has a property to the class of its values."), dashed, left)))
    caption = joined([says, *(part for sentence in told for part in (" ", sentence)), " ", words("The entry of each term says the same in words.")])
    diagram = _diagram(centre, address, drawn)
    return figure(Picture("classes", title, caption, diagram.svg(title, says), wide=True))


def _diagram(centre: Label, address: str | None, links: Sequence[ClassLink]) -> Diagram:
    nodes: dict[tuple[Label, str | None], Node] = {}
    numbers: dict[tuple[Label, str | None], int] = {}
    edges = []
    for link in links:
        key = (link.other, link.other_address)
        if key not in nodes:
            numbers[key] = len(nodes) + 1
            nodes[key] = Node(link.other, 1, "what" if link.other_address is None else "who", link.other_address)
        # Who cannot tell the head of an arrow sees it at the words.
        shown = link.words if link.outwards else replace(link.words, text=f"← {link.words.text}")
        edges.append(Edge(0, numbers[key], shown, _DASHED if link.kind_of else (), arrow=1 if link.outwards else -1, address=link.address))
    return Diagram([Node(centre, 0, "hub", address), *nodes.values()], edges, curve=_CURVE)
