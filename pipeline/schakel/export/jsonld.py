"""JSON-LD as people read it: short keys, texts by language, the parts of an entity inside it.

The context is made of the graph itself: a predicate that always leads to things, to texts with a language, or to values of one datatype says so
once, in the context. Why no framing library does this is told in docs/decisions/0005-own-jsonld-writer.md; that other readers read the same is tested.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from schakel.export.lines import ntriples, used_prefixes
from schakel.namespaces import PREFIXES, RDF, XSD, curie

__all__ = ["Context", "context_document", "context_for", "document"]

Json: TypeAlias = "str | float | list[Json] | dict[str, Json]"

_LANGUAGE = "@language"
_REFERENCE = "@id"
# Only names of these shapes are shortened: what they are is then beyond doubt for every reader of JSON-LD.
_SCHEME = re.compile(rb"<([A-Za-z][A-Za-z0-9+.-]*):")
# Parts stand inside their owner to this depth; a longer chain, as of a list, would be deeper than readers of JSON go.
_DEEPEST = 8
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[\w.-]*\w)?", re.ASCII)
_RELATIVE = re.compile(r"[A-Za-z0-9_~-][\w.~-]*(?:/[A-Za-z0-9_~-][\w.~-]*)*(?:#[\w.~-]+)?", re.ASCII)


@dataclass(frozen=True)
class Context:
    """How IRIs are shortened: the base, prefixes, and for each predicate its key and what it always leads to (None where that varies)."""

    base: str
    prefixes: Mapping[str, str]
    keys: Mapping[str, str]
    leads_to: Mapping[str, str | None]

    def only(self, content: bytes) -> "Context":
        """Give the part of the context that some N-Triples need."""
        needed = {iri for iri in self.keys if b"> <" + iri.encode() + b"> " in content}
        prefixes = {prefix: namespace for prefix, namespace in self.prefixes.items() if b"<" + namespace.encode() in content}
        return Context(self.base, prefixes, {iri: key for iri, key in self.keys.items() if iri in needed}, self.leads_to)

    @cached_property
    def json(self) -> Json:
        """The context as JSON-LD writes it."""
        terms: dict[str, Json] = {"@version": 1.1, "@base": self.base}
        terms.update(sorted(self.prefixes.items()))
        terms.update((self.keys[iri], self._definition(iri)) for iri in sorted(self.keys, key=self.keys.__getitem__))
        return terms

    def _definition(self, iri: str) -> Json:
        leads_to = self.leads_to[iri]
        if leads_to is None or leads_to == XSD.string.value:
            return {"@id": iri}
        return {"@id": iri, "@container": "@language"} if leads_to == _LANGUAGE else {"@id": iri, "@type": leads_to}

    def reference(self, iri: str) -> str:
        """Shorten the IRI of a thing."""
        rest = iri.removeprefix(self.base)
        return rest if rest != iri and _RELATIVE.fullmatch(rest) else self.compact(iri)

    def compact(self, iri: str) -> str:
        """Shorten an IRI by a prefix, where what follows the prefix is a plain name."""
        short = curie(iri, self.prefixes)
        prefix, _, name = short.partition(":")
        return short if prefix in self.prefixes and short != iri and _LOCAL_NAME.fullmatch(name) else iri


def context_for(lines: Sequence[bytes], base: str, known: Mapping[str, str] = PREFIXES) -> Context:
    """Make the context that suits a graph, given as N-Triples lines, with prefixes of those known."""
    content = ntriples(lines)
    leads_to: dict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(content, format=RdfFormat.N_TRIPLES):
        leads_to[quad.predicate.value].add(_kind(quad.object))
    leads_to.pop(RDF.type.value, None)
    usable = _keys(leads_to, known)
    # An IRI such as <org:x> would be read as a short form, if a prefix had the name of its scheme.
    schemes = {scheme.decode() for scheme in _SCHEME.findall(content)}
    prefixes = {prefix: namespace for prefix, namespace in used_prefixes(content, known).items() if prefix not in schemes}
    return Context(base, prefixes, usable, {iri: next(iter(kinds)) if len(kinds) == 1 else None for iri, kinds in leads_to.items()})


def _keys(predicates: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Give each predicate its local name as key, or prefix and local name where others have that local name; none where neither is its own."""
    local = {iri: iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :] for iri in predicates}
    shared = {name for name, count in Counter(local.values()).items() if count > 1} | known.keys()
    keys = {iri: curie(iri, known).replace(":", "_", 1) if name in shared else name for iri, name in local.items()}
    uses = Counter(keys.values())
    return {iri: key for iri, key in keys.items() if uses[key] == 1 and key not in known and _LOCAL_NAME.fullmatch(key)}


def _kind(term: object) -> str:
    if isinstance(term, Literal):
        return _LANGUAGE if term.language else term.datatype.value
    return _REFERENCE


def context_document(context: Context) -> bytes:
    """Write the context alone, for others to refer to."""
    return (_text({"@context": context.json}) + "\n").encode()


def document(lines: Sequence[bytes], context: Context, *, root: str | None = None) -> bytes:
    """Write sorted lines as one JSON-LD document.

    Nodes that are parts of another (its IRI, `#`, a name) stand inside it. With a `root` that node is the document, and what it refers to stands inside it too.
    """
    nodes: dict[str, list[Triple]] = {}
    for quad in ox.parse(ntriples(lines), format=RdfFormat.N_TRIPLES):
        nodes.setdefault(quad.subject.value, []).append(quad.triple)
    tree = _Tree(nodes, context, inside_all=root is not None)
    head = json.dumps({"@context": context.json}, ensure_ascii=False, indent=1)[:-2]
    if root is not None and root in nodes:
        first = tree.node(root)
        rest = list(tree.remaining())
        if not rest:
            return (head + "," + _text(first)[1:] + "\n").encode()
        return _graph(head, [first, *rest])
    return _graph(head, tree.remaining())


def _graph(head: str, nodes: Iterable[Json]) -> bytes:
    return (head + ',\n "@graph": [\n' + ",\n".join(map(_text, nodes)) + "\n]}\n").encode()


def _text(node: Json) -> str:
    return json.dumps(node, ensure_ascii=False, indent=1)


class _Tree:
    """Nodes on their way into a tree; each is written once."""

    def __init__(self, nodes: Mapping[str, Sequence[Triple]], context: Context, *, inside_all: bool) -> None:
        self._nodes = nodes
        self._context = context
        self._inside_all = inside_all
        self._written: set[str] = set()

    def remaining(self) -> Iterator[Json]:
        """Write every node that is not yet written, whole things before parts that nothing refers to."""
        for iri in sorted(self._nodes, key=lambda iri: ("#" in iri and iri.partition("#")[0] in self._nodes, iri)):
            if iri not in self._written:
                yield self.node(iri)

    def node(self, iri: str, depth: int = 0) -> Json:
        """Write one node with its parts inside."""
        self._written.add(iri)
        types: list[Json] = []
        values: dict[str, list[Literal | NamedNode]] = {}
        for triple in self._nodes[iri]:
            if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
                types.append(self._context.compact(triple.object.value))
            elif isinstance(triple.object, Literal | NamedNode):
                values.setdefault(triple.predicate.value, []).append(triple.object)
        written: dict[str, Json] = {"@id": self._context.reference(iri)}
        if types:
            written["@type"] = _one_or_list(types)
        for predicate, objects in values.items():
            key = self._context.keys.get(predicate, predicate)
            leads_to = self._context.leads_to.get(predicate) if key != predicate else None
            written[key] = self._by_language(objects) if leads_to == _LANGUAGE else _one_or_list([self._value(term, iri, leads_to, depth) for term in objects])
        return written

    def _by_language(self, texts: Sequence[Literal | NamedNode]) -> Json:
        by_language: dict[str, list[Json]] = {}
        for text in texts:
            if isinstance(text, Literal):
                by_language.setdefault(text.language or "", []).append(text.value)
        return {language: _one_or_list(items) for language, items in sorted(by_language.items())}

    def _value(self, term: Literal | NamedNode, owner: str, leads_to: str | None, depth: int) -> Json:
        if isinstance(term, NamedNode):
            inside = self._inside_all or term.value.startswith(owner.partition("#")[0] + "#")
            if inside and depth < _DEEPEST and term.value in self._nodes and term.value not in self._written:
                return self.node(term.value, depth + 1)
            reference = self._context.reference(term.value)
            return reference if leads_to == _REFERENCE else {"@id": reference}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if datatype == leads_to or (datatype == XSD.string.value and leads_to is None):
            return term.value
        return {"@value": term.value} if datatype == XSD.string.value else {"@value": term.value, "@type": self._context.compact(datatype)}


def _one_or_list(items: list[Json]) -> Json:
    return items[0] if len(items) == 1 else items
