"""Small graphs as files, in the forms of the dumps: Turtle, and JSON-LD with the parts of a thing nested in it.

Why no framing library does this: docs/decisions/0005-own-jsonld-writer.md.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel.engine.relations import BLANK, IRI, LITERAL
from schakel.engine.spelling import LANG_STRING, STRING
from schakel.namespaces import RDF
from schakel.publish.jsonld import TYPE_KEY, around
from schakel.publish.jsonld_context import Key, context_of
from schakel.publish.term_spelling import BARE, LOCAL, RELATIVE, Kind, Names, choose_prefixes, namespace_of
from schakel.publish.turtle import header

__all__ = ["DocumentWriter", "Statement", "n_triples", "spelled_triples", "statements_of", "turtle"]

# Subject, predicate and object as N-Triples spells them.
Statement: TypeAlias = tuple[str, str, str]
# The same; after the subject, 0 where the object is a class and else 1, and before the object its kind.
_Row: TypeAlias = tuple[str, int, str, Kind, str]
# How a term is written in Turtle, as a value of JSON, and as a class of JSON; and what surrounds a value of JSON.
_Writing: TypeAlias = Callable[[str], tuple[str, str, str]]
_Around: TypeAlias = Callable[[Key, Kind], tuple[str, str]]
_TYPE: Final = str(RDF.type)
_LOCAL: Final = re.compile(LOCAL)
_RELATIVE: Final = re.compile(RELATIVE)
_BARE: Final = {datatype: re.compile(pattern) for datatype, pattern in BARE.items()}
# Parts are nested in their owner to this depth. A longer chain, such as a list, would be deeper than parsers of JSON go.
_DEEPEST: Final = 8
_MOST_TERMS: Final = 100_000


def spelled_triples(triples: Iterable[Triple]) -> Iterator[Statement]:
    """Spell triples of Oxigraph."""
    return ((str(triple.subject), str(triple.predicate), str(triple.object)) for triple in triples)


def statements_of(lines: bytes) -> list[Statement]:
    """Take N-Triples apart, as Oxigraph writes them."""
    parted = (line.removesuffix(" .").split(" ", 2) for line in lines.decode().split("\n") if line)
    return [(subject, predicate, value) for subject, predicate, value in parted]


def n_triples(statements: Iterable[Statement]) -> bytes:
    """Write statements as N-Triples, each once, in the order of their bytes."""
    return "".join(f"{line}\n" for line in sorted({" ".join((*statement, ".")) for statement in statements})).encode()


def turtle(statements: Iterable[Statement], base: str, known: Mapping[str, str]) -> bytes:
    """Write statements as Turtle, those about IRIs below the base first. `known`: the prefixes to choose from."""
    prefixes = choose_prefixes(set(known.values()), known)
    return DocumentWriter(Names(base, prefixes, {}, {}), {}).turtle(statements)


class DocumentWriter:
    """Writes parts of a graph with the prefixes and keys of all of it."""

    def __init__(self, names: Names, keys: Mapping[str, Key]) -> None:
        self._names = names
        self._keys = keys
        self._written = lru_cache(_MOST_TERMS)(self._write)
        self._around = cache(lambda key, kind: around(key, kind, names))

    def turtle(self, statements: Iterable[Statement], root: str | None = None) -> bytes:
        """Write statements as Turtle; those about a `root` come first."""
        rows = _in_order(statements, self._names.base, root)
        return (self._header(rows) + self._body(rows) + "\n").encode()

    def trig(self, graphs: Mapping[str, Iterable[Statement]]) -> bytes:
        """Write graphs, each with its name as N-Triples spells it, as TriG in their order."""
        ordered = {name: _in_order(statements, self._names.base, None) for name, statements in graphs.items()}
        bodies = (f"\n{self._written(name)[0]} {{{self._body(rows)[1:]}\n}}\n" for name, rows in ordered.items())
        return (self._header([row for rows in ordered.values() for row in rows]) + "\n" + "".join(bodies)).encode()

    def _header(self, rows: Sequence[_Row]) -> str:
        used = {namespace_of(text) for row in rows for text in _iris_of(row)}
        return header(self._names.base, choose_prefixes(used, self._names.prefixes))

    def _body(self, rows: Sequence[_Row]) -> str:
        lines = [""]
        begun: tuple[str, int, str] = "", 0, ""
        for row in rows:
            subject, rank, predicate, _, value = row
            verb = self._written(predicate)[0] if rank else "a"
            if subject != begun[0]:
                end, begin = " ." if begun[0] else "", f"\n{self._written(subject)[0]} {verb} "
            else:
                end, begin = (" ,", "\t\t") if row[:3] == begun else (" ;", f"\t{verb} ")
            lines[-1] += end
            lines.append(begin + self._written(value)[0])
            begun = row[:3]
        return "\n".join(lines) + (" ." if rows else "")

    def json_ld(self, statements: Iterable[Statement], root: str | None = None) -> bytes:
        """Write statements as one document of JSON-LD.

        Parts of a thing (its IRI, `#`, a name) are nested in it. With a `root` that thing is the document, what it refers to is nested
        in it too, and the rest is included.
        """
        rows = _in_order(statements, self._names.base, root)
        tree = _Tree(rows, self._keys, self._written, self._around, inside_all=root is not None)
        first = [] if root is None or f"<{root}>" not in tree.said else [tree.node(f"<{root}>", "\n ")]
        others = list(tree.remaining())
        head = self._context_for(rows)[:-2]
        if first:
            # Nodes that refer to the root, and that nothing refers to, are included after it.
            included = ',\n "@included": [\n ' + ",\n ".join(others) + "\n ]" if others else ""
            return f"{head},\n {first[0][1:-1]}{included}}}\n".encode()
        nodes = ",\n ".join(others)
        return f'{head},\n "@graph": [\n {nodes}\n ]}}\n'.encode()

    def context(self) -> bytes:
        """Write the context of all documents."""
        return (_dumped(context_of(self._keys.values(), self._names)) + "\n").encode()

    def _context_for(self, rows: Sequence["_Row"]) -> str:
        used = {namespace_of(text) for row in rows for text in _iris_of(row)}
        prefixes = choose_prefixes(used, self._names.in_json)
        keys = [self._keys[predicate] for predicate in dict.fromkeys(row[2][1:-1] for row in rows if row[1])]
        return _dumped(context_of(keys, replace(self._names, in_json=prefixes)))

    def _write(self, spelling: str) -> tuple[str, str, str]:
        """Write a term in Turtle, as a value of JSON, and as a class of JSON."""
        if spelling.startswith("_"):
            return spelling, f'"{spelling}"', f'"{spelling}"'
        if spelling.startswith('"'):
            end = spelling.rindex('"') + 1
            quoted, tail = spelling[:end], spelling[end:]
            datatype = tail[3:-1]
            if datatype in _BARE and _BARE[datatype].fullmatch(quoted[1:-1]):
                return quoted[1:-1], quoted, quoted
            return f"{quoted}^^{self._names.turtle(datatype)}" if datatype and tail[0] == "^" else spelling, quoted, quoted
        iri, base = spelling[1:-1], self._names.base
        rest = iri[len(base) :]
        path = rest if base.endswith("/") and iri.startswith(base) and _RELATIVE.fullmatch(rest) else None
        in_json = _short(iri, self._names.in_json)
        in_turtle = _short(iri, self._names.prefixes) or (spelling if path is None else f"<{path}>")
        return in_turtle, f'"{in_json or path or iri}"', f'"{in_json or iri}"'


def _in_order(statements: Iterable[Statement], base: str, root: str | None) -> list[_Row]:
    """Sort statements by subject, a root first, then own ones; a thing comes before its parts, and its classes before all else."""
    own = f"<{base}"

    def order(row: _Row) -> tuple[bool, bool, str, int, str, tuple[int, str, str], str]:
        subject, rank, predicate, kind, value = row
        of_root = subject[1:-1].partition("#")[0] == root
        return not of_root, not subject.startswith(own), subject[:-1], rank, predicate, (kind.kind, kind.language or "", kind.datatype or ""), value

    return sorted(((s, 0 if p == _TYPE and not o.startswith('"') else 1, p, _kind(o), o) for s, p, o in set(statements)), key=order)


def _kind(spelling: str) -> Kind:
    if not spelling.startswith('"'):
        return Kind(0, IRI if spelling.startswith("<") else BLANK, None, None)
    tail = spelling[spelling.rindex('"') + 1 :]
    return _literal_kind(tail)


@lru_cache(1000)
def _literal_kind(tail: str) -> Kind:
    return Kind(0, LITERAL, LANG_STRING, tail[1:]) if tail.startswith("@") else Kind(0, LITERAL, tail[3:-1] or STRING, None)


def _iris_of(row: _Row) -> Iterator[str]:
    """Give the IRIs that are written for a statement."""
    subject, rank, predicate, kind, value = row
    yield from (spelling[1:-1] for spelling in (subject, predicate if rank else "", value) if spelling.startswith("<"))
    if kind.kind == LITERAL and kind.language is None and kind.datatype not in {STRING, None}:
        yield str(kind.datatype)


def _short(iri: str, prefixes: Mapping[str, str]) -> str | None:
    namespace = namespace_of(iri)
    prefix = min((prefix for prefix, known in prefixes.items() if known == namespace), default=None)
    name = iri[len(namespace) :]
    return f"{prefix}:{name}" if prefix is not None and _LOCAL.fullmatch(name) else None


def _dumped(context: object) -> str:
    return json.dumps({"@context": context}, ensure_ascii=False, indent=1)


class _Tree:
    """Nodes on their way into a tree; each is written once. `pad` is the line break and indentation of a node's lines."""

    def __init__(self, rows: Sequence[_Row], keys: Mapping[str, Key], written: _Writing, around: _Around, *, inside_all: bool) -> None:
        self.said = {subject: list(several) for subject, several in groupby(rows, itemgetter(0))}
        self._keys, self._terms, self._around, self._inside_all = keys, written, around, inside_all
        self._done: set[str] = set()

    def remaining(self) -> Iterator[str]:
        """Write every node that is not yet written."""
        for subject in self.said:
            if subject not in self._done:
                yield self.node(subject, "\n  ")

    def node(self, subject: str, pad: str, depth: int = 0) -> str:
        """Write one node with its parts inside."""
        self._done.add(subject)
        members = [f'"@id": {self._terms(subject)[1]}']
        for (rank, predicate), several in groupby(self.said[subject], itemgetter(1, 2)):
            key = self._keys[predicate[1:-1]] if rank else TYPE_KEY
            name, opens, closes = json.dumps(key.name, ensure_ascii=False), *(("[", "]") if key.is_list else ("", ""))
            if rank == 0:
                value = opens + ", ".join(self._terms(row[4])[2] for row in several) + closes
            elif key.by_language:
                by_language = ((kind.language, ", ".join(self._terms(row[4])[1] for row in same)) for kind, same in groupby(several, itemgetter(3)))
                value = "{" + ", ".join(f'"{language}": {opens}{texts}{closes}' for language, texts in by_language) + "}"
            else:
                value = opens + ", ".join(self._value(row, key, pad, depth) for row in several) + closes
            members.append(f"{name}: {value}")
        return "{" + f",{pad}".join(members) + "}"

    def _value(self, row: _Row, key: Key, pad: str, depth: int) -> str:
        subject, _, _, kind, value = row
        is_part = self._inside_all or value.startswith(subject[:-1].partition("#")[0] + "#")
        if is_part and depth < _DEEPEST and value in self.said and value not in self._done:
            return self.node(value, pad + "  ", depth + 1)
        before, after = self._around(key, kind)
        return before + self._terms(value)[1] + after
