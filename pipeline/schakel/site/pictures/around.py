"""What one thing is linked with, and through what: a small picture for the page of the thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from pyoxigraph import NamedNode

from schakel.site.pictures.diagram import Diagram, Edge, Node
from schakel.site.pictures.markup import Picture, figure, safe_address
from schakel.site.pictures.network import zoomed
from schakel.site.pictures.table import PageOf, Words
from schakel.site.pictures.text import Label, cleaned

__all__ = ["Link", "around"]


@dataclass(frozen=True)
class Link:
    """That a thing is linked with another: in which role, and through what, where it is not directly. `through` is the thing, where it has an IRI."""

    other: NamedNode
    other_label: str
    role_label: str = ""
    through_label: str = ""
    through: NamedNode | None = None
    inferred: bool = False


def around(centre_name: str, links: Sequence[Link], page_of: PageOf, words: Words, *, most: int = 40) -> Markup | None:
    """Draw what a thing is linked with: the thing on the left, what it is linked with or takes part in beside it, who else does on the right.

    None where it is linked with nothing. At most `most` links are drawn, and the caption says how many there are.
    """
    every = list(dict.fromkeys(links))
    drawn = every[:most]
    if not drawn:
        return None
    title = words("What %(name)s is linked with", name=cleaned(centre_name))
    inferred = words("A dashed line follows by reasoning.") if any(link.inferred for link in drawn) else ""
    left = words("%(shown)s of %(all)s links are drawn.", shown=len(drawn), all=len(every)) if len(drawn) < len(every) else ""
    says = " ".join(filter(None, (words("The words on a line say how."), inferred, left)))
    return figure(Picture("around", title, f"{title}. {says}", _diagram(centre_name, drawn, page_of).svg(title, says), zoomed(words), wide=True))


def _diagram(centre_name: str, links: Sequence[Link], page_of: PageOf) -> Diagram:
    surroundings = _Surroundings(page_of, frozenset(link.through or link.through_label for link in links))
    for link in links:
        surroundings.add(link)
    edges = [Edge(start, end, Label(" · ".join(filter(None, roles))), inferred=all(roles.values())) for (start, end), roles in surroundings.lines.items()]
    return Diagram([Node(Label(cleaned(centre_name)), 0, "hub", reach=2), *surroundings.nodes.values()], edges)


@dataclass(frozen=True)
class _Surroundings:
    """The things around a centre, by column and what tells them apart; and the lines between them, each role with whether it is inferred."""

    page_of: PageOf
    bodies: frozenset[NamedNode | str]
    nodes: dict[tuple[int, NamedNode | str], Node] = field(default_factory=dict)
    numbers: dict[tuple[int, NamedNode | str], int] = field(default_factory=dict)
    lines: dict[tuple[int, int], dict[str, bool]] = field(default_factory=dict)

    def add(self, link: Link) -> None:
        """Add a link: a line to what is linked directly, or two, by way of what both take part in."""
        through = link.through or link.through_label
        if not through:
            self._line(0, self._node(1, link.other, link.other_label), link)
            return
        body = self._node(1, through, link.through_label)
        if not self.lines.get((0, body)):
            self._line(0, body, replace(link, role_label=""))
        self._line(body, self._node(2, link.other, link.other_label), link)

    def _node(self, layer: int, thing: NamedNode | str, label: str) -> int:
        key = (layer, thing)
        if key not in self.nodes:
            address = safe_address(self.page_of(thing)) if isinstance(thing, NamedNode) else None
            text = cleaned(label) or cleaned(thing if isinstance(thing, str) else thing.value)
            self.numbers[key] = len(self.nodes) + 1
            self.nodes[key] = Node(Label(text), layer, "what" if layer == 1 and thing in self.bodies else "who", address)
        return self.numbers[key]

    def _line(self, start: int, end: int, link: Link) -> None:
        roles = self.lines.setdefault((start, end), {})
        role = cleaned(link.role_label)
        roles[role] = link.inferred and roles.get(role, True)
