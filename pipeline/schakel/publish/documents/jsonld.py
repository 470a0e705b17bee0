"""JSON-LD as people read it: short keys, texts by language, the parts of an entity inside it.

Lines of N-Triples become JSON as text, without objects in between: a literal of N-Triples, quotes and escapes included, is a string of JSON.
Why no framing library does this is told in docs/decisions/0005-own-jsonld-writer.md; that other readers read the same is tested.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Final

from schakel.namespaces import RDF, XSD
from schakel.publish.documents.jsonld_context import Context
from schakel.publish.survey import LANGUAGE, REFERENCE

__all__ = ["document", "document_head", "document_of_nodes", "nodes"]

_TYPE: Final = RDF.type.value
_STRING: Final = XSD.string.value
_SUBJECT: Final = itemgetter(0)
_LINE: Final = re.compile(r"^<([^>]*)> <([^>]*)> (.*) \.$", re.MULTILINE)
# Parts stand inside their owner to this depth; a longer chain, as of a list, would be deeper than readers of JSON go.
_DEEPEST: Final = 8


def document(statements: bytes, context: Context, *, root: str | None = None) -> bytes:
    """Write sorted N-Triples as one JSON-LD document.

    Nodes that are parts of another (its IRI, `#`, a name) stand inside it. With a `root` that node is the document, what it refers to stands inside it too,
    and the rest is included.
    """
    tree = _Tree(statements, context, inside_all=root is not None)
    if root is None or not tree.has(root):
        return b"".join(document_of_nodes(context, [nodes(statements, context)]))
    first, rest = tree.node(root), list(tree.remaining())
    # What leads to it and is not led to is said along with it.
    included = ',\n "@included": [\n' + ",\n".join(rest) + "\n]" if rest else ""
    return (_head(context) + "," + first[1:].removesuffix("}").rstrip() + included + "\n}\n").encode()


def document_head(context: Context) -> bytes:
    """Give how a document of many nodes begins."""
    return (_head(context) + ',\n "@graph": [\n').encode()


def document_of_nodes(context: Context, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the pieces of a document of which the nodes were written in parts, some of them perhaps empty."""
    yield document_head(context)
    first = True
    for part in parts:
        if part:
            yield part if first else b",\n" + part
            first = False
    yield b"\n]}\n"


def nodes(statements: bytes, context: Context) -> bytes:
    """Write the nodes of sorted N-Triples, one after another with commas between; whoever cuts a graph keeps a thing and its parts together."""
    return ",\n".join(_Tree(statements, context, inside_all=False).remaining()).encode()


def _head(context: Context) -> str:
    return json.dumps({"@context": context.json}, ensure_ascii=False, indent=1)[:-2]


def _string(text: str) -> str:
    return encode_basestring(text)


class _Tree:
    """Nodes on their way into a tree; each is written once. `pad` is the line break and indentation of the line that a value begins on."""

    def __init__(self, statements: bytes, context: Context, *, inside_all: bool) -> None:
        self._lines = _LINE.findall(statements.decode())
        # Where the lines about each subject begin and end.
        self._said: dict[str, tuple[int, int]] = {}
        begin = 0
        for iri, group in groupby(self._lines, _SUBJECT):
            end = begin + sum(1 for _ in group)
            self._said[iri] = (begin, end)
            begin = end
        self._context = context
        self._inside_all = inside_all
        self._written: set[str] = set()
        self._references: dict[str, str] = {}
        self._compact: dict[str, str] = {}
        self._keys = {iri: (_string(key), context.leads_to[iri]) for iri, key in context.keys.items()}

    def has(self, iri: str) -> bool:
        """Tell whether anything is said of a thing."""
        return iri in self._said

    def remaining(self) -> Iterator[str]:
        """Write every node that is not yet written, in their order."""
        for iri in self._said:
            if iri not in self._written:
                yield self.node(iri)

    def node(self, iri: str, depth: int = 0, pad: str = "\n") -> str:
        """Write one node with its parts inside."""
        self._written.add(iri)
        inner = pad + " "
        members = [f'{inner}"@id": {self._reference(iri)}']
        at, end = self._said[iri]
        while at < end:
            _, predicate, written = self._lines[at]
            at += 1
            objects = [written]
            while at < end and self._lines[at][1] == predicate:
                objects.append(self._lines[at][2])
                at += 1
            if predicate == _TYPE:
                classes = [self._compacted(each[1:-1]) for each in objects if each[0] == "<"]
                members += [f'{inner}"@type": {_one_or_list(classes, inner)}'] if classes else []
                # What is typed by a text is written all the same.
                objects = [each for each in objects if each[0] != "<"]
            if objects:
                key, leads_to = self._keys.get(predicate) or (_string(predicate), None)
                members.append(f"{inner}{key}: {self._values(objects, iri, leads_to, depth, inner)}")
        return "{" + ",".join(members) + pad + "}"

    def _values(self, objects: Sequence[str], owner: str, leads_to: str | None, depth: int, pad: str) -> str:
        if leads_to == LANGUAGE:
            return _by_language(objects, pad)
        if len(objects) == 1:
            return self._value(objects[0], owner, leads_to, depth, pad)
        # In a list what is written stands one deeper.
        return _one_or_list([self._value(each, owner, leads_to, depth, pad + " ") for each in objects], pad)

    def _value(self, written: str, owner: str, leads_to: str | None, depth: int, pad: str) -> str:
        if written[0] == "<":
            iri = written[1:-1]
            if iri in self._said and self._may_stand_inside(iri, owner, depth):
                return self.node(iri, depth + 1, pad)
            reference = self._reference(iri)
            return reference if leads_to == REFERENCE else _object([f'"@id": {reference}'], pad)
        text, tail = _text_and_tail(written)
        if tail.startswith("@"):
            return _object([f'"@value": {text}', f'"@language": "{tail[1:]}"'], pad)
        datatype = tail[3:-1] or _STRING
        if datatype == leads_to or (datatype == _STRING and leads_to is None):
            return text
        return _object([f'"@value": {text}', *([] if datatype == _STRING else [f'"@type": {self._compacted(datatype)}'])], pad)

    def _may_stand_inside(self, iri: str, owner: str, depth: int) -> bool:
        is_part = self._inside_all or iri.startswith(owner.partition("#")[0] + "#")
        return is_part and depth < _DEEPEST and iri not in self._written

    def _reference(self, iri: str) -> str:
        found = self._references.get(iri)
        if found is None:
            found = self._references[iri] = _string(self._context.reference(iri))
        return found

    def _compacted(self, iri: str) -> str:
        found = self._compact.get(iri)
        if found is None:
            found = self._compact[iri] = _string(self._context.compact(iri))
        return found


def _text_and_tail(written: str) -> tuple[str, str]:
    """Part a literal of N-Triples: the text as JSON writes it, and the language or datatype that follows, as N-Triples writes it."""
    end = written.rindex('"') + 1
    return written[:end], written[end:]


def _by_language(objects: Sequence[str], pad: str) -> str:
    inner = pad + " "
    if len(objects) == 1:
        text, tail = _text_and_tail(objects[0])
        return f'{{{inner}"{tail[1:]}": {text}{pad}}}'
    texts: dict[str, list[str]] = {}
    for text, tail in map(_text_and_tail, objects):
        texts.setdefault(tail[1:], []).append(text)
    return _object([f'"{language}": {_one_or_list(texts[language], inner)}' for language in sorted(texts)], pad)


def _object(members: Sequence[str], pad: str) -> str:
    return "{" + ",".join(f"{pad} {member}" for member in members) + pad + "}"


def _one_or_list(items: Sequence[str], pad: str) -> str:
    return items[0] if len(items) == 1 else "[" + ",".join(f"{pad} {item}" for item in items) + pad + "]"
