"""Reads the difference of two dumps as changes of things: which are new, what is said differently, what is only mentioned elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from schakel.graph import GraphNames
from schakel.lookup import NAME_PROPERTIES, Context
from schakel.namespaces import DCT, RDF, RDFS, SK, SKOS
from schakel.releases.changes import Change, Changes, Kind
from schakel.releases.naming import Naming
from schakel.releases.patches import Patch
from schakel.releases.sorted_dump import SortedDump

__all__ = ["changes_between", "quads_of"]

# What is said of a node: the graphs that state each property and value.
_Said: TypeAlias = dict[tuple[str, str], frozenset[str]]

_TYPE: Final = RDF.type.value
_NAMES: Final = frozenset({SKOS.prefLabel.value, RDFS.label.value, DCT.title.value})
_POSITION: Final = SK.position.value
# How a thing is tied to its passages is told by the passages themselves.
_STATED_IN: Final = SK.statedIn.value
_NOT_TOLD: Final = frozenset({_TYPE, _STATED_IN, *(term.value for term in NAME_PROPERTIES)})
_ORDER: Final = {kind: number for number, kind in enumerate(Kind)}


def changes_between(old: SortedDump, new: SortedDump, patch: Patch, context: Context, languages: Sequence[str]) -> Changes:
    """Interpret a patch between two dumps. `languages` are those that labels are wanted in."""
    graphs = GraphNames(context.base)
    reading = _Reading(graphs, old, new)
    inferred = f" {graphs.inferred} .\n".encode()
    subjects = sorted({_subject(line) for side in (patch.removed, patch.added) for line in side if line.startswith(b"<") and not line.endswith(inferred)})
    told = [change for subject in subjects if not _is_evidence(subject, graphs) for change in reading.changes_of(subject)]
    changes = tuple(sorted(told, key=lambda change: (change.thing, _ORDER[change.kind], change.node, change.property, change.old, change.new)))
    naming = Naming.of(old, new, changes, context)
    concluded, withdrawn = (sum(line.endswith(inferred) for line in side) for side in (patch.added, patch.removed))
    counts = {"added": len(patch.added), "removed": len(patch.removed), "concluded": concluded, "withdrawn": withdrawn}
    labels = {language: naming.labels(language) for language in languages}
    return Changes(changes, labels, naming.words, naming.sources, naming.kinds, **counts)


def quads_of(lines: Iterable[bytes]) -> Iterator[Quad]:
    """Read lines of N-Quads."""
    return ox.parse(b"".join(lines), format=RdfFormat.N_QUADS)


def _subject(line: bytes) -> str:
    return line[1 : line.index(b"> ")].decode()


def _is_evidence(subject: str, graphs: GraphNames) -> bool:
    """Tell whether a subject is a passage or a selector of one."""
    return subject.startswith(f"{graphs.base}source/") and "#p-" in subject


def _owner(node: str) -> str:
    return node.partition("#")[0]


@dataclass(frozen=True)
class _Reading:
    """Two dumps, read subject by subject."""

    graphs: GraphNames
    old: SortedDump
    new: SortedDump

    def changes_of(self, subject: str) -> Iterator[Change]:
        """Tell what changed of one subject."""
        before, after = self._said(self.old, subject), self._said(self.new, subject)
        # Terms have `#` in their IRIs without being parts of anything.
        thing = _owner(subject) if subject.startswith(self.graphs.base) else subject
        if bool(before) != bool(after):
            yield self._appeared(subject, thing, before or after, is_new=bool(after))
            return
        also = _others({**before, **after}, self.graphs.base, thing)
        changed = list(self._values(subject, thing, before, after, also))
        yield from changed
        if not changed:
            yield from self._mentions(subject, thing, before, after, also)

    def _appeared(self, subject: str, thing: str, said: _Said, *, is_new: bool) -> Change:
        """Tell of a thing or fact that only one version has."""
        is_thing = subject == thing
        kind = (Kind.NEW_THING if is_thing else Kind.NEW_FACT) if is_new else (Kind.REMOVED_THING if is_thing else Kind.REMOVED_FACT)
        graphs = tuple(sorted(self._evidence(said)))
        details = tuple(sorted(pair for pair in said if pair[0] not in _NOT_TOLD and _iri(pair[1]) != thing))
        also = () if is_thing else _others(said, self.graphs.base, thing)
        return Change(kind, thing, subject, before=() if is_new else graphs, after=graphs if is_new else (), details=details, also=also)

    def _values(self, subject: str, thing: str, before: _Said, after: _Said, also: tuple[str, ...]) -> Iterator[Change]:
        gone, come = _by_property(before.keys() - after.keys()), _by_property(after.keys() - before.keys())
        for term in sorted({*gone, *come}):
            if term == _STATED_IN:
                continue
            for old, new in _pairs(self._untold(gone.get(term, ()), self.new), self._untold(come.get(term, ()), self.old)):
                kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
                if kind == Kind.CHANGED and subject == thing and term in _NAMES:
                    kind = Kind.RENAMED
                if kind == Kind.CHANGED and term == _POSITION:
                    kind = Kind.REORDERED
                stating = self._stating(before, term, old), self._stating(after, term, new)
                yield Change(kind, thing, subject, term, _only(old), _only(new), *stating, also=also)

    def _untold(self, values: Iterable[str], other: SortedDump) -> list[str]:
        """Leave out parts that the other version does not have: they are told as new or removed facts."""
        return [
            value for value in sorted(values) if not ((iri := _iri(value)) and iri.startswith(self.graphs.base) and "#" in iri and not self._said(other, iri))
        ]

    def _stating(self, said: _Said, term: str, value: str | None) -> tuple[str, ...]:
        return () if value is None else tuple(sorted(said[term, value] - {self.graphs.vocabulary.value, self.graphs.provenance.value}))

    def _mentions(self, subject: str, thing: str, before: _Said, after: _Said, also: tuple[str, ...]) -> Iterator[Change]:
        """Tell of passages that begin or cease to state what stays the same."""
        gone, come = self._evidence(before) - self._evidence(after), self._evidence(after) - self._evidence(before)
        if gone or come:
            kind = Kind.REWORDED if gone and come else Kind.MENTIONED if come else Kind.UNMENTIONED
            yield Change(kind, thing, subject, before=tuple(sorted(gone)), after=tuple(sorted(come)), also=also)

    def _evidence(self, said: _Said) -> AbstractSet[str]:
        aside = {self.graphs.vocabulary.value, self.graphs.provenance.value}
        return {graph for graphs in said.values() for graph in graphs if graph not in aside}

    def _said(self, dump: SortedDump, subject: str) -> _Said:
        """Read what is stated of a subject; what follows by reasoning is left out."""
        inferred = self.graphs.inferred
        said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for quad in quads_of(dump.about(subject)):
            if quad.graph_name != inferred:
                said[quad.predicate.value, str(quad.object)].update([quad.graph_name.value] if isinstance(quad.graph_name, NamedNode) else [])
        return {pair: frozenset(graphs) for pair, graphs in said.items()}


def _only(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _iri(value: str) -> str | None:
    return value[1:-1] if value.startswith("<") else None


def _others(said: Mapping[tuple[str, str], object], base: str, thing: str) -> tuple[str, ...]:
    """Give the other things below the base that a fact is about."""
    iris = (_iri(value) for term, value in said if term != _STATED_IN)
    owners = {_owner(iri) for iri in iris if iri is not None and iri.startswith(base) and iri != base}
    return tuple(sorted(owners - {thing}))


def _by_property(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for term, value in pairs:
        found[term].append(value)
    return found


def _pairs(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Put an old value and the new one in its place together: the only ones of their language, or the only ones without."""
    by_language: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, values in enumerate((gone, come)):
        for value in values:
            by_language[_language(value)][side].append(value)
    for _, (before, after) in sorted(by_language.items()):
        if len(before) == len(after) == 1:
            yield before[0], after[0]
        else:
            yield from ((value, None) for value in before)
            yield from ((None, value) for value in after)


def _language(value: str) -> str:
    term = term_of(value)
    return (term.language or "") if isinstance(term, Literal) else ""


def term_of(value: str) -> NamedNode | Literal:
    """Read a value as N-Triples writes it."""
    quad = next(iter(quads_of([f"<x:s> <x:p> {value} .\n".encode()])))
    return cast("NamedNode | Literal", quad.object)
