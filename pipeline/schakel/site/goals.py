"""The goals of a project as a tree, in the order that their positions give."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from schakel.lookup import Source, Statement
from schakel.namespaces import DCT, SK, SKOS
from schakel.site.descriptions import Telling

__all__ = ["Goal", "all_goals", "goals_of"]


@dataclass(frozen=True)
class Goal:
    """A goal with those below it. `note` is the editor's, where there is one."""

    node: NamedNode
    name: Literal
    description: Literal | None
    note: Literal | None
    sources: Sequence[Source]
    below: Sequence["Goal"]

    @property
    def count(self) -> int:
        """Count the goal and all below it."""
        return 1 + sum(each.count for each in self.below)


def goals_of(telling: Telling, entity: NamedNode) -> list[Goal]:
    """Give the main goals of a thing, whose IRIs are its fragments; a goal that is above itself counts as a main goal."""
    about = telling.about
    said = {node: [one for one in about.outgoing.get(node, ()) if not one.is_inferred] for node in _goals(telling, entity)}
    above = {node: parent for node, statements in said.items() if (parent := _parent(statements, said)) is not None and not _returns(node, parent, said)}
    below: defaultdict[NamedNode | None, list[NamedNode]] = defaultdict(list)
    for node in sorted(said, key=lambda node: (_position(said[node]), node.value)):
        below[above.get(node)].append(node)

    def goal(node: NamedNode) -> Goal:
        texts = {term: [one.value for one in said[node] if one.predicate == term] for term in (DCT.description, SKOS.editorialNote)}
        found = (telling.best(texts[DCT.description]), telling.best(texts[SKOS.editorialNote]))
        return Goal(node, telling.name(node), *found, telling.stated(said[node]), [goal(each) for each in below[node]])

    return [goal(node) for node in below[None]]


def all_goals(goals: Iterable[Goal]) -> Iterator[Goal]:
    """Give goals with all below them, as they are read."""
    for goal in goals:
        yield goal
        yield from all_goals(goal.below)


def _goals(telling: Telling, entity: NamedNode) -> list[NamedNode]:
    parts = telling.about.parts.get(entity.value, ())
    return [node for node in parts if SK.Goal in telling.about.types.get(node, ())]


def _parent(statements: Sequence[Statement], said: Mapping[NamedNode, object]) -> NamedNode | None:
    parents = (one.value for one in statements if one.predicate == SK.subGoalOf)
    return min((each for each in parents if isinstance(each, NamedNode) and each in said), key=lambda each: each.value, default=None)


def _returns(node: NamedNode, parent: NamedNode, said: Mapping[NamedNode, Sequence[Statement]]) -> bool:
    met: set[NamedNode] = set()
    above: NamedNode | None = parent
    while above is not None and above not in met:
        if above == node:
            return True
        met.add(above)
        above = _parent(said[above], said)
    return False


def _position(statements: Sequence[Statement]) -> float:
    given = (one.value.value for one in statements if one.predicate == SK.position and isinstance(one.value, Literal))
    return min((int(text) for text in given if text.isdecimal()), default=float("inf"))
