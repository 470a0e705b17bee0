"""RDF files next to the tables: taken as they are, each into a graph of its own, with literals and language tags exactly as stated."""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, RdfFormat, Triple
from sqlglot import exp

from schakel.compile.nodes import table
from schakel.engine.executor import Executor, Row
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.engine.spelling import iri_spelling, literal_spelling
from schakel.findings import Finding
from schakel.graph import RDF_FILES, GraphNames, read_rdf_files
from schakel.tables import is_well_named

__all__ = ["add_rdf_files"]

_READ: Final = "read_triples"
# What may hold an `@` that begins no tag, and then a tag. Directives begin a statement, tags end a text.
_TURTLE: Final = re.compile(
    r"""\#[^\n]*
      | <[^<>"{}|^`\\\s]*>
      | (?: \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3} | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
        (?:\s*@(?P<tag>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?""",
    re.DOTALL | re.VERBOSE,
)
_JSON_TAG: Final = re.compile(r'"([A-Za-z]+(?:-[A-Za-z0-9]+)*)"')


def add_rdf_files(executor: Executor, folder: Path, root: Path, names: GraphNames, first_file: int) -> tuple[dict[int, str], list[Finding]]:
    """Add the `*.ttl`, `*.nt` and `*.jsonld` files of a folder to the relation of spelled quads; blank nodes get IRIs below their graph's.

    Gives the files by their numbers, from `first_file`. The row of a quad is its line in N-Triples, and 0 elsewhere.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix in RDF_FILES and is_well_named(path))
    read, findings = read_rdf_files(paths, root, names.base)
    files = dict(enumerate(read, start=first_file))
    rows = chain.from_iterable(_rows(path, read[path].triples, names, number) for number, path in files.items())
    executor.load(_READ, SPELLED_COLUMNS, rows)
    if not executor.exists(SPELLED):
        executor.create(SPELLED, SPELLED_COLUMNS)
    executor.append(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table(_READ))), SPELLED)
    executor.drop(_READ)
    return {number: path.relative_to(root).as_posix() for number, path in files.items()}, findings


def _rows(path: Path, triples: Sequence[Triple], names: GraphNames, file: int) -> Iterator[Row]:
    graph = names.file(quote(path.name, safe="")).value
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    parsed = [quad.triple for quad in ox.parse(content, format=RDF_FILES[path.suffix], base_iri=names.base)]
    tags = _tags(parsed, content.decode(), RDF_FILES[path.suffix])
    lines = _lines(parsed, content.decode()) if path.suffix == ".nt" else {}
    for triple in triples:
        s, p, o = (_spelled(term, graph, tags) for term in (triple.subject, triple.predicate, triple.object))
        yield s, p, o, iri_spelling(graph), file, lines.get(triple, 0), 0


def _spelled(term: object, graph: str, tags: Mapping[tuple[str, str], str]) -> str:
    if isinstance(term, BlankNode):
        return iri_spelling(f"{graph}#{term.value}")
    if not isinstance(term, Literal):
        return str(term)
    if term.language is None:
        return literal_spelling(term.value, term.datatype.value)
    return literal_spelling(term.value, language=tags.get((term.value, term.language), term.language))


def _tags(triples: Sequence[Triple], text: str, form: RdfFormat) -> dict[tuple[str, str], str]:
    """Give the tags of texts as the file writes them, which the parser writes small, by text and small tag."""
    literals = [triple.object for triple in triples if isinstance(triple.object, Literal) and triple.object.language is not None]
    if form == RdfFormat.JSON_LD:
        written = sorted(_JSON_TAG.findall(text))
        known = {tag.lower(): tag for tag in reversed(written)}
        return {(literal.value, literal.language or ""): known.get(literal.language or "", literal.language or "") for literal in literals}
    # Texts come in the order of the file.
    stated = [found["tag"] for found in _TURTLE.finditer(text) if found["tag"]]
    if [tag.lower() for tag in stated] != [literal.language for literal in literals]:
        return {}
    tags: dict[tuple[str, str], str] = {}
    for literal, tag in zip(literals, stated, strict=True):
        tags.setdefault((literal.value, tag.lower()), tag)
    return tags


def _lines(triples: Sequence[Triple], text: str) -> dict[Triple, int]:
    """Give the line of each statement of N-Triples."""
    numbers = [number for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1) if line.strip() and not line.lstrip().startswith("#")]
    lines: dict[Triple, int] = {}
    for triple, number in zip(triples, numbers, strict=False):
        lines.setdefault(triple, number)
    return lines if len(numbers) == len(triples) else {}
