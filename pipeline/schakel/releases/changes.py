"""What changed between two versions, thing by thing: the language-neutral result that a terminal, a page, a feed and a stream tell each in their way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

__all__ = ["Change", "Changes", "Kind", "changes_from_json", "changes_to_json"]


class Kind(StrEnum):
    """What sort of change it is, in the order in which changes of a thing are told."""

    NEW_THING = "new_thing"
    REMOVED_THING = "removed_thing"
    RENAMED = "renamed"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REORDERED = "reordered"
    NEW_FACT = "new_fact"
    REMOVED_FACT = "removed_fact"
    REWORDED = "reworded"
    MENTIONED = "mentioned"
    UNMENTIONED = "unmentioned"


@dataclass(frozen=True)
class Change:
    """One change. `node` is the thing or the part of it that changed, `thing` what it is a part of, both IRIs.

    `old` and `new` are values as N-Triples writes them, `before` and `after` the graphs (passages, sources) that state them; `details` are property and value
    of what a new or removed fact says; `also` are other things that the fact is about.
    """

    kind: Kind
    thing: str
    node: str
    property: str = ""
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All changes between two versions, with what to call everything that they speak of.

    `labels` are by language and IRI, `words` those that a passage begins and ends with, `sources` the page of each passage. `added` and `removed` count
    statements with their graphs, `concluded` and `withdrawn` those of them that follow by reasoning.
    """

    changes: tuple[Change, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    added: int = 0
    removed: int = 0
    concluded: int = 0
    withdrawn: int = 0

    def by_thing(self) -> Mapping[str, Sequence[Change]]:
        """Give the changes of each thing, by its IRI."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.thing, []).append(change)
        return found

    def about(self) -> Mapping[str, Sequence[Change]]:
        """Give the changes of each thing, and with them those of facts of others that are about it, by its IRI."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            for thing in dict.fromkeys((change.thing, *change.also)):
                found.setdefault(thing, []).append(change)
        return found

    def label(self, iri: str, language: str) -> str:
        """Give what to call something in a language."""
        return self.labels[language].get(iri, iri)


def changes_to_json(changes: Changes) -> bytes:
    """Write changes, the same in every run."""
    return (json.dumps(asdict(changes), ensure_ascii=False, sort_keys=True) + "\n").encode()


def changes_from_json(content: bytes) -> Changes:
    """Read what changes_to_json wrote."""
    read = json.loads(content)
    made = []
    for each in read.pop("changes"):
        lists = {name: tuple(each[name]) for name in ("old", "new", "before", "after", "also")}
        details = tuple((term, value) for term, value in each["details"])
        made.append(Change(Kind(each["kind"]), each["thing"], each["node"], each["property"], details=details, **lists))
    return Changes(tuple(made), **read)
