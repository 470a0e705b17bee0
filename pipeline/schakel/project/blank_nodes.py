"""IRIs for the blank nodes of a file: parts of what leads to them, named by the way there and by what is said of them, whatever else is in the file."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.document_paths import local_iri
from schakel.namespaces import RDF

__all__ = ["name_blank_nodes"]

_Said: TypeAlias = Mapping[BlankNode, Sequence[Triple]]

_DIGITS: Final = 12
# Nodes in a circle are told apart by what is this many steps away.
_ROUNDS: Final = 16
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")


def name_blank_nodes(triples: Iterable[Triple], base: str, taken: set[str]) -> dict[BlankNode, NamedNode]:
    """Name each blank node: `org/a#site-3f2a9c01b7d4` where `org/a` has it as its site, `thing/person-…` where no IRI leads to it.

    Nodes of which the same is said in the same place are numbered; `taken` are names of those in other files, to which these are added.
    """
    said: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    leading: defaultdict[BlankNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            said[triple.subject].append(triple)
        if isinstance(triple.object, BlankNode):
            leading[triple.object].append(triple)
    nodes = sorted({*said, *leading}, key=lambda node: node.value)
    naming = _Naming(said, _contents(nodes, said), taken)
    naming.parts(
        (triple.object, local_iri(triple.subject.value, base), triple) for node in nodes for triple in leading[node] if isinstance(triple.subject, NamedNode)
    )
    # What nothing leads to comes first; a circle that nothing leads to is entered where the least is said.
    for node in sorted(nodes, key=lambda node: (bool(leading[node]), naming.contents[node], node.value)):
        if node not in naming.names:
            naming.give(node, f"{base}thing/{_kind(said[node])}")
            naming.parts(naming.beyond([node]))
    return naming.names


@dataclass(frozen=True)
class _Naming:
    """The names of nodes so far, with what is said of nodes and a digest of that."""

    said: _Said
    contents: Mapping[BlankNode, str]
    taken: set[str]
    names: dict[BlankNode, NamedNode] = field(default_factory=dict)

    def give(self, node: BlankNode, stem: str, *way: str) -> None:
        number, wanted = 1, f"{stem}-{_digest(*way, self.contents[node])[:_DIGITS]}"
        while (name := wanted if number == 1 else f"{wanted}-{number}") in self.taken:
            number += 1
        self.taken.add(name)
        self.names[node] = NamedNode(name)

    def parts(self, leading: Iterable[tuple[object, str, Triple]]) -> None:
        """Name the nodes that statements lead to from things with names, and so on."""
        while ways := self._ways(leading):
            for node, (owner, term) in sorted(ways.items(), key=lambda item: (item[1], item[0].value)):
                self.give(node, f"{owner.partition('#')[0]}#{_local_name(term)}", owner, term)
            leading = self.beyond(ways)

    def beyond(self, nodes: Iterable[BlankNode]) -> list[tuple[object, str, Triple]]:
        return [(triple.object, self.names[node].value, triple) for node in nodes for triple in self.said.get(node, ())]

    def _ways(self, leading: Iterable[tuple[object, str, Triple]]) -> dict[BlankNode, tuple[str, str]]:
        """Choose for each node without a name the least of the ways to it."""
        ways: dict[BlankNode, tuple[str, str]] = {}
        for node, owner, triple in leading:
            if isinstance(node, BlankNode) and node not in self.names:
                way = owner, triple.predicate.value
                ways[node] = min(ways.get(node, way), way)
        return ways


def _contents(nodes: Sequence[BlankNode], said: _Said) -> dict[BlankNode, str]:
    """Give a digest of what is said of each node, and of the nodes that this leads to."""
    waiting = {node: {each.object for each in said.get(node, ()) if isinstance(each.object, BlankNode)} for node in nodes}
    needed: defaultdict[object, list[BlankNode]] = defaultdict(list)
    for node, others in waiting.items():
        for other in others:
            needed[other].append(node)
    found: dict[BlankNode, str] = {}
    ready = [node for node, others in waiting.items() if not others]
    while ready:
        node = ready.pop()
        found[node] = _content(said.get(node, ()), found)
        for other in needed[node]:
            waiting[other].discard(node)
            if not waiting[other]:
                ready.append(other)
    circles = dict.fromkeys((node for node in nodes if node not in found), "")
    for _ in range(_ROUNDS):
        known = found | circles
        circles = {node: _content(said[node], known) for node in circles}
    return found | circles


def _content(said: Iterable[Triple], known: Mapping[BlankNode, str]) -> str:
    return _digest(*sorted(f"{each.predicate} {known[each.object] if isinstance(each.object, BlankNode) else each.object}" for each in said))


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _kind(said: Iterable[Triple]) -> str:
    classes: Iterator[str] = (each.object.value for each in said if each.predicate == RDF.type and isinstance(each.object, NamedNode))
    return _local_name(min(classes, default="thing"))


def _local_name(iri: str) -> str:
    """Give the last words of an IRI as a part of another: `hasSite` leads to a site.

    >>> _local_name("http://www.w3.org/ns/org#hasSite"), _local_name("http://www.w3.org/ns/org#siteAddress")
    ('site', 'site-address')
    """
    name = re.split(r"[/#:]", iri.rstrip("/#:"))[-1]
    return _NOT_IN_NAMES.sub("-", _CAPITAL.sub("-", name).lower()).strip("-").removeprefix("has-") or "part"
