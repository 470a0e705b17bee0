"""What is part of what, as a list that folds: a browser opens and closes it by itself, by mouse, by keyboard and for who listens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup, escape

from schakel.graph import Term
from schakel.site.pictures.markup import Picture, bdi, element, figure, linked
from schakel.site.pictures.table import Drawing, Table
from schakel.site.pictures.text import Label, label_of

__all__ = ["draw_tree"]

_OPEN_LEVELS: Final = 2
# Browsers cut off what is nested much deeper, each level being three elements.
_DEEPEST: Final = 40


def draw_tree(table: Table, drawing: Drawing) -> Markup | None:
    """Draw each thing below what it is part of, in the order of the rows; one whose parent is not in the answer stands at the top."""
    tree = _read(table)
    if not tree.labels:
        return None
    shown = _shown(tree, drawing.most)
    written = _written(tree, shown, drawing)
    words = drawing.words
    says = words("What stands below something is part of it. Each can be opened and closed.")
    everything = sum(map(len, tree.below.values()))
    drawn = sum(map(len, shown.values()))
    if drawn < everything:
        says += " " + words("Only those nearest the top are shown, %(shown)s of %(all)s. The table has them all.", shown=drawn, all=everything)
    title = words("What is part of what")
    told = {"open": words("Open all"), "close": words("Close all")}
    return figure(Picture("tree", title, says, element("ul", *written, class_="tree", aria_label=title), told))


@dataclass(frozen=True)
class _Tree:
    """Labels and notes by thing, and what stands below each, None standing for the top."""

    labels: dict[Term, Label] = field(default_factory=dict)
    notes: dict[Term, Label] = field(default_factory=dict)
    below: dict[Term | None, dict[Term, None]] = field(default_factory=dict)


def _read(table: Table) -> _Tree:
    tree = _Tree()
    parents: list[tuple[Term, Term | None]] = []
    note = table.column("description")
    slots = set(table.slots.values())
    thing = next((n for n, column in enumerate(table.answer.columns) if column not in slots), None)
    for row, record in zip(table.answer.rows, table.records(), strict=True):
        node = record.get("label") if thing is None else row[thing]
        if node is None:
            continue
        tree.labels.setdefault(node, label_of(record.get("label"), node))
        if note is not None and row[note] is not None:
            tree.notes.setdefault(node, label_of(row[note]))
        parents.append((node, record.get("parent")))
    for node, parent in parents:
        tree.below.setdefault(parent if parent in tree.labels else None, {}).setdefault(node)
    _break_circles(tree)
    return tree


def _break_circles(tree: _Tree) -> None:
    """Put the first thing of each circle at the top too, from where nothing else would lead to it."""
    reached = _reached(tree, list(tree.below.get(None, ())))
    for node in tree.labels:
        if node not in reached:
            tree.below.setdefault(None, {}).setdefault(node)
            reached |= _reached(tree, [node])


def _reached(tree: _Tree, walk: list[Term]) -> set[Term]:
    reached = set(walk)
    while walk:
        fresh = [child for child in tree.below.get(walk.pop(), ()) if child not in reached]
        reached.update(fresh)
        walk += fresh
    return reached


def _shown(tree: _Tree, most: int) -> Mapping[Term | None, list[Term]]:
    """Choose what is shown below what, level after level from the top; what stands in two places has what is below it in the first."""
    shown: dict[Term | None, list[Term]] = {}
    level: list[Term | None] = [None]
    count, opened = 0, set[Term | None]()
    for _ in range(_DEEPEST):
        following: list[Term | None] = []
        for parent in level:
            children = [] if parent in opened else list(tree.below.get(parent, ()))[: most - count]
            opened.add(parent)
            count += len(children)
            shown.setdefault(parent, []).extend(children)
            following += children
        level = following
    return shown


def _written(tree: _Tree, shown: Mapping[Term | None, list[Term]], drawing: Drawing) -> list[Markup]:
    """Write the items of the top, each with those below it; those deeper first, so that nothing is nested in the writing."""
    walk: list[tuple[Term | None, int]] = [(None, 0)]
    levels: list[tuple[Term | None, int]] = []
    seen: set[Term | None] = set()
    while walk:
        parent, level = walk.pop()
        if parent not in seen:
            seen.add(parent)
            levels.append((parent, level))
            walk += [(child, level + 1) for child in reversed(shown.get(parent, []))]
    lists: dict[Term | None, list[Markup]] = {}
    for parent, level in reversed(levels):
        lists[parent] = [_item(tree, child, level + 1, lists.pop(child, []), drawing) for child in shown.get(parent, [])]
    return lists[None]


def _item(tree: _Tree, node: Term, level: int, below: list[Markup], drawing: Drawing) -> Markup:
    name = linked(drawing.address(node), bdi(tree.labels[node]))
    note = element("span", bdi(tree.notes[node]), class_="picture-note") if tree.notes.get(node) else None
    if not below:
        return element("li", element("div", name, note, class_="leaf"))
    # What opens and closes a branch is a control of its own, so that the link to the page stands beside it.
    summary = element("summary", bdi(tree.labels[node]), " ", element("span", str(len(below)), class_="amount"), note)
    address = drawing.address(node)
    page = element("p", linked(address, escape(drawing.words("Page of this"))), class_="picture-page") if address else None
    return element("li", element("details", summary, page, element("ul", *below), open=level <= _OPEN_LEVELS))
