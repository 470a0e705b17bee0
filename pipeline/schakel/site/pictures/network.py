"""Who is linked with whom, and through what: those who take part at the sides, what they take part in between them.

Who takes part in several things stands on the left, so that on the right each stands beside the one thing that it takes part in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Final

from markupsafe import Markup

from schakel.graph import Term
from schakel.site.pictures.chosen import Part, best_connected
from schakel.site.pictures.diagram import Diagram, Edge, Node
from schakel.site.pictures.markup import Picture, figure
from schakel.site.pictures.table import Drawing, Table, Words
from schakel.site.pictures.text import Label, label_of

__all__ = ["draw_network", "left_out", "zoomed"]

_SEVERAL: Final = 2
# What a row may link with what.
_ENDS: Final = (("who", "what"), ("a", "through"), ("b", "through"), ("tied", "with"))


def draw_network(table: Table, drawing: Drawing) -> Markup | None:
    """Draw parts, each with its role, or pairs of those who take part in the same, as one network."""
    network = _Network()
    for record in table.records():
        network.add(record)
    if not network.parts:
        return None
    words = drawing.words
    chosen = best_connected(network.links(), drawing.most)
    title = words("Who is linked with whom, and through what")
    ties = "tied" in table.slots
    says = _says(chosen, network, words, ties=ties)
    roles = _roles(chosen)
    diagram = _diagram(chosen, network, roles, drawing, ties=ties)
    told = {**zoomed(words), **_filtered(roles, len(diagram.edges), words)} if len(roles) > 1 else zoomed(words)
    return figure(Picture("network", title, says, diagram.svg(title, says), told, wide=True))


@dataclass(frozen=True)
class _Network:
    """The parts of a network with their roles, and the label of each thing."""

    parts: dict[tuple[Term, Term], dict[Label, int]] = field(default_factory=dict)
    labels: dict[Term, Label] = field(default_factory=dict)

    def add(self, record: dict[str, Term]) -> None:
        """Add what a row says: one part, or those of a pair."""
        role = label_of(record.get("role"))
        for start, end in _ENDS:
            if start in record and end in record:
                self._part(record[start], record[end], role)
                for thing in (start, end):
                    self.labels.setdefault(record[thing], label_of(record.get(f"{thing}_name"), record[thing]))

    def _part(self, who: Term, what: Term, role: Label) -> None:
        roles = self.parts.setdefault((who, what), {})
        roles[role] = roles.get(role, 0) + 1

    def links(self) -> list[Part]:
        """Give the parts in the order of their IRIs, which is the same in every language."""
        found = (Part(who, what, tuple(role for role in roles if role), sum(roles.values())) for (who, what), roles in self.parts.items())
        return sorted(found, key=lambda part: part.iris)


def _says(chosen: Sequence[Part], network: _Network, words: Words, *, ties: bool) -> str:
    """Say what is to be seen, and how much is not."""
    things = {thing for part in chosen for thing in (("who", part.start), ("what", part.end))}
    everything = {thing for start, end in network.parts for thing in (("who", start), ("what", end))}
    who = sum(side == "who" for side, _ in things)
    counts = {"who": who, "what": len(things) - who}
    if ties:
        seen = words("At the sides stand those whose ties are stated (%(who)s), between them with whom (%(what)s).", **counts)
        role = words("The words on a line say of what kind a tie is.")
    else:
        seen = words("At the sides stand those who take part (%(who)s), between them what they take part in (%(what)s).", **counts)
        role = words("The words on a line say in what role.") if any(part.kinds for part in chosen) else ""
    left = left_out(len(chosen), len(network.parts), len(things), len(everything), words)
    return " ".join(filter(None, (seen, role, left)))


def left_out(lines: int, all_lines: int, things: int, all_things: int, words: Words) -> str:
    """Say how much the table holds that the picture does not; nothing where it holds all."""
    if lines == all_lines:
        return ""
    return words(
        "Only the best connected are drawn: %(things)s of %(all_things)s things, %(lines)s of %(all_lines)s links. The table has them all.",
        things=things,
        all_things=all_things,
        lines=lines,
        all_lines=all_lines,
    )


def _roles(parts: Iterable[Part]) -> list[str]:
    """List the roles, the most frequent first, then as links have them."""
    counts: dict[str, int] = {}
    for part in parts:
        for text in dict.fromkeys(role.text for role in part.kinds):
            counts[text] = counts.get(text, 0) + 1
    return sorted(counts, key=lambda text: -counts[text])


def _diagram(parts: Sequence[Part], network: _Network, roles: Sequence[str], drawing: Drawing, *, ties: bool) -> Diagram:
    members: dict[Term, int] = {}
    takes_part: dict[Term, int] = {}
    for part in parts:
        members[part.end] = members.get(part.end, 0) + 1
        takes_part[part.start] = takes_part.get(part.start, 0) + 1
    several = [who for who, count in takes_part.items() if count >= _SEVERAL]
    # Where nobody stands on the left, what is taken part in does.
    shift = 0 if several else -1
    columns = ((several, 0, "hub", 2), (sorted(members, key=lambda what: -members[what]), 1 + shift, "who" if ties else "what", 1))
    right = [who for who, count in takes_part.items() if count < _SEVERAL]
    nodes: list[Node] = []
    numbers: dict[tuple[bool, Term], int] = {}
    for things, layer, kind, reach in (*columns, (right, 2 + shift, "who", 2)):
        for thing in things:
            numbers[layer == 1 + shift, thing] = len(nodes)
            nodes.append(Node(network.labels[thing], layer, kind, drawing.address(thing), reach=reach))
    ranks = {role: rank for rank, role in enumerate(roles)}
    edges = [_edge(part, numbers[False, part.start], numbers[True, part.end], part.start in several, ranks) for part in parts]
    return Diagram(nodes, edges, list((_tie_heads if ties else _heads)(bool(several), bool(right), drawing.words)))


def _edge(part: Part, who: int, what: int, on_the_left: bool, ranks: dict[str, int]) -> Edge:  # noqa: FBT001  # it is where it stands
    texts = sorted(dict.fromkeys(role.text for role in part.kinds), key=ranks.__getitem__)
    languages = {role.language for role in part.kinds}
    role = Label(" · ".join(texts), languages.pop() if len(languages) == 1 else None)
    start, end = (who, what) if on_the_left else (what, who)
    return Edge(start, end, role, tuple(ranks[text] for text in texts))


def _heads(left: bool, right: bool, words: Words) -> Iterator[str]:  # noqa: FBT001  # whether each side is there
    if left:
        yield words("Take part in several")
    yield words("In what")
    if right:
        yield words("Take part in one")


def _tie_heads(left: bool, right: bool, words: Words) -> Iterator[str]:  # noqa: FBT001  # whether each side is there
    if left:
        yield words("Have several ties")
    yield words("With whom")
    if right:
        yield words("Have one tie")


def zoomed(words: Words) -> dict[str, object]:
    """Give scripts the words of the buttons that every drawing has."""
    return {"larger": words("Larger"), "smaller": words("Smaller"), "natural": words("Original size")}


def _filtered(roles: Sequence[str], edges: int, words: Words) -> dict[str, object]:
    """Give scripts what a choice of roles needs. What scripts fill in stands in braces."""
    shown = words("%(shown)s of %(all)s links are shown.", shown="{shown}", all=edges)
    return {"kinds": dumps(list(roles), ensure_ascii=False), "filter": words("Show the roles"), "shown": shown}
