"""Parts of an entity, which have no page of their own: their IRIs are that of the entity with a fragment, and lead to a place on its page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from schakel.lookup import Description, Fact, Group, Source
from schakel.namespaces import OA
from schakel.site.describing import Descriptions, Telling

__all__ = ["PAGE_IDS", "Part", "anchors_of", "parts_of"]

# What the page of an entity itself calls its places, beside the keys of its sections; no part can have these.
PAGE_IDS: Final = frozenset({"main", "search", "read-here", "read-here-title"})


@dataclass(frozen=True)
class Part:
    """A part of an entity, with what is left to tell of it, and where its name was read."""

    told: Description
    read: Sequence[Source]


def parts_of(telling: Telling, entity: str, *, without: Collection[str] = ()) -> list[Part]:
    """Describe the parts that have names, and those that nothing else leads to: the others are described where they are linked.

    `without` are IRIs of parts that the page describes in a way of its own, such as the passages of a source.
    Left out is what the page has said of them already: their name, their kind, and that they are parts of the entity.
    """
    about = telling.about
    candidates = (node for node in about.parts.get(entity, ()) if node.value not in without and node in about.outgoing)
    parts = (node for node in candidates if node in about.named or not _is_spoken_of(about, node))
    described = (telling.describe(node) for node in parts)
    return [Part(replace(part, groups=tuple(_groups(part, NamedNode(entity)))), _read(part)) for part in described]


def _read(part: Description) -> Sequence[Source]:
    """Give where the name of a part was read."""
    return next((fact.sources for group in part.groups for fact in group.facts if _is_name(fact, part)), ())


def _is_spoken_of(about: Descriptions, node: NamedNode) -> bool:
    """Tell whether something leads to a part; the selectors of a passage are told as its words."""
    return any(not one.is_inferred or one.predicate == OA.hasSelector for one in about.incoming.get(node, ()))


def _groups(part: Description, entity: NamedNode) -> Iterator[Group]:
    for group in part.groups:
        facts = tuple(fact for fact in group.facts if group.title_key != "kind" and fact.value != entity and not _is_name(fact, part))
        if facts:
            yield replace(group, facts=facts)


def _is_name(fact: Fact, part: Description) -> bool:
    return not fact.incoming and fact.value == part.name


def anchors_of(about: Descriptions, entity: str, told: Collection[str]) -> list[str]:
    """Give the fragments of the parts that have no section of their own, so that their IRIs lead to the page, too; `told` are the IRIs of those that do."""
    sections = set(told)
    return [node.value.partition("#")[2] for node in about.parts.get(entity, ()) if node.value not in sections]
