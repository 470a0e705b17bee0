"""What a description of a thing is made of."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup.sources import Source

__all__ = ["Description", "Fact", "Group"]


@dataclass(frozen=True)
class Fact:
    """Something that the graph says of a thing.

    `value` is what stands at the other end; if `incoming`, that other end refers to the thing by the property, and not the thing to it.
    `value_label` says what to call it, and is None for a text, number or date, which is shown as it is.
    `is_named` is false where that is a thing without a name of its own, which is called by what is stated of it.
    `inner` tells more about the other end: its kind, if it refers to the thing, and its own facts, if it has no name to look it up by.
    """

    property: NamedNode
    property_label: Literal
    value: Term
    value_label: Literal | None
    inferred: bool
    sources: tuple[Source, ...]
    inner: tuple["Fact", ...]
    incoming: bool = False
    is_named: bool = True


@dataclass(frozen=True)
class Group:
    """Facts of one sort, under the key of a heading; `complete` is false where more refer to the thing than were read."""

    title_key: str
    facts: tuple[Fact, ...]
    complete: bool = True


@dataclass(frozen=True)
class Description:
    """What the graph says of a thing, in groups; those without facts are left out."""

    entity: NamedNode
    name: Literal
    kind: Literal | None
    groups: tuple[Group, ...]
