"""Who owns how much of what: owners to the left of what they own, chains of owners from left to right."""

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from schakel.answers.plain import plain
from schakel.graph import Term
from schakel.site.pictures.chosen import Part, best_connected
from schakel.site.pictures.diagram import Diagram, Edge, Node
from schakel.site.pictures.markup import Picture, figure
from schakel.site.pictures.network import left_out, zoomed
from schakel.site.pictures.table import Drawing, Table, Words
from schakel.site.pictures.text import Label, cleaned, label_of

__all__ = ["draw_ownership"]

# A chain of more owners is left to the table.
_MOST_LAYERS: Final = 8


def draw_ownership(table: Table, drawing: Drawing) -> Markup | None:
    """Draw shareholdings, each with the share that is stated. Who owns a share of itself says so in its box."""
    labels: dict[Term, Label] = {}
    shares: dict[tuple[Term, Term], dict[Label, None]] = {}
    for record in table.records():
        if "owner" in record and "owned" in record:
            for thing, name in (("owner", "owner_name"), ("owned", "owned_name")):
                labels.setdefault(record[thing], label_of(record.get(name), record[thing]))
            shares.setdefault((record["owner"], record["owned"]), {}).setdefault(_share(record, drawing.words))
    if not shares:
        return None
    everything = sorted((Part(owner, owned, tuple(said)) for (owner, owned), said in shares.items()), key=lambda part: part.iris)
    layers = _layers(best_connected(everything, drawing.most))
    drawn = [part for part in best_connected(everything, drawing.most) if part.start in layers and part.end in layers]
    title = drawing.words("Who owns how much of what")
    seen = drawing.words("Owners are on the left of what they own. The words on a line say how much, or what is said of it where no figure is given.")
    left = left_out(len(drawn), len(everything), len(layers), len(labels), drawing.words)
    says = f"{seen} {left}".strip()
    return figure(Picture("ownership", title, says, _diagram(drawn, layers, labels, drawing).svg(title, says), zoomed(drawing.words), wide=True))


def _share(record: dict[str, Term], words: Words) -> Label:
    """Say how much is owned: the percentage, or what is said where there is none."""
    percentage = cleaned(plain(record.get("share")))
    return Label(words("%(share)s per cent", share=percentage)) if percentage else label_of(record.get("role"))


def _layers(parts: Sequence[Part]) -> dict[Term, int]:
    """Give each thing its column, to the right of all that own it; in a circle, one of the links leads back to the left.

    What would stand too far to the right has no column.
    """
    owned: dict[Term, list[Term]] = {}
    for part in parts:
        owned.setdefault(part.start, [])
        owned.setdefault(part.end, [])
        if part.start != part.end:
            owned[part.start].append(part.end)
    layers = dict.fromkeys(owned, 0)
    order = _owners_first(owned)
    ranks = {thing: rank for rank, thing in enumerate(order)}
    for thing in order:
        for other in owned[thing]:
            if ranks[other] > ranks[thing]:
                layers[other] = max(layers[other], layers[thing] + 1)
    return {thing: layer for thing, layer in layers.items() if layer < _MOST_LAYERS}


def _owners_first(owned: dict[Term, list[Term]]) -> list[Term]:
    """Order things so that owners come first, but for circles: what a walk leaves last comes first."""
    has_owner = {other for others in owned.values() for other in others}
    left: dict[Term, None] = {}
    seen: set[Term] = set()
    for root in sorted(owned, key=lambda thing: thing in has_owner):
        walk = [] if root in seen else [(root, iter(owned[root]))]
        seen.add(root)
        while walk:
            thing, others = walk[-1]
            following = next((other for other in others if other not in seen), None)
            if following is None:
                left[thing] = None
                walk.pop()
            else:
                seen.add(following)
                walk.append((following, iter(owned[following])))
    return list(reversed(left))


def _diagram(parts: Iterable[Part], layers: dict[Term, int], labels: dict[Term, Label], drawing: Drawing) -> Diagram:
    numbers = {thing: number for number, thing in enumerate(layers)}
    itself: dict[Term, str] = {}
    edges = []
    for part in parts:
        said = [share.text for share in part.kinds if share]
        if part.start == part.end:
            itself[part.start] = drawing.words("owns of itself: %(share)s", share=" · ".join(said) or "?")
            continue
        forwards = layers[part.start] < layers[part.end]
        start, end = (part.start, part.end) if forwards else (part.end, part.start)
        languages = {share.language for share in part.kinds}
        share = Label(" · ".join(said) if forwards else f"← {' · '.join(said)}".strip(), languages.pop() if len(languages) == 1 else None)
        edges.append(Edge(numbers[start], numbers[end], share, arrow=1 if forwards else -1))
    nodes = [
        Node(labels[thing], layer, "who" if layer else "hub", drawing.address(thing), (itself[thing],) if thing in itself else ())
        for thing, layer in layers.items()
    ]
    return Diagram(nodes, edges)
