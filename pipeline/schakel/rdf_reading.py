"""Files of RDF as they are read: triples of Oxigraph, and the language tags as the files write them, which its parsers write small."""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from schakel.engine.spelling import literal_spelling
from schakel.findings import Finding, Place, finding
from schakel.jsonld_contexts import Contexts, read_contexts, with_contexts

__all__ = ["RDF_FILES", "RdfFile", "Tags", "read_rdf", "read_rdf_files", "renamed", "spelled", "stated_tags"]

# The tag of a text as it is stated, by the text and the tag in small letters.
Tags: TypeAlias = Mapping[tuple[str, str], str]
_Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
_Renaming: TypeAlias = Callable[[BlankNode], NamedNode | BlankNode]

RDF_FILES: Final = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".owl": RdfFormat.RDF_XML,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}
# What may hold an `@` that begins no tag, and then a tag. Directives begin a statement, tags end a text.
_TURTLE: Final = re.compile(
    r"""\#[^\n]*
      | <[^<>"{}|^`\\\s]*>
      | (?: \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3} | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
        (?:\s*@(?P<tag>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?""",
    re.DOTALL | re.VERBOSE,
)
_XML: Final = re.compile(r"""xml:lang\s*=\s*["']([^"']*)["']""")
_CAPITAL: Final = re.compile(r"@[a-z0-9-]*[A-Z]")


@dataclass(frozen=True)
class RdfFile:
    """What a file holds: its statements, each with the name of its graph in the file, its tags as stated, and the prefixes that it declares."""

    quads: tuple[Quad, ...]
    tags: Tags
    prefixes: Mapping[str, str]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The statements of all graphs."""
        return tuple(quad.triple for quad in self.quads)


def read_rdf(path: Path, base: str, contexts: Contexts | None = None) -> RdfFile:
    """Read a file of RDF; blank nodes get names that depend on the graph alone.

    Raises SyntaxError (with `lineno` where the parser knows it) and ValueError for what cannot be read; triple terms and directions of RDF 1.2 cannot.
    A JSON-LD context is never fetched; `contexts` are those that the project brings.
    """
    content, form = path.read_bytes().removeprefix(codecs.BOM_UTF8), RDF_FILES[path.suffix]
    if form == RdfFormat.JSON_LD:
        content = with_contexts(content, contexts or {})
    parser = ox.parse(content, format=form, base_iri=base)
    read = list(parser)
    if any(isinstance(quad.object, Triple) or getattr(quad.object, "direction", None) is not None for quad in read):
        raise ValueError("it holds triple terms or texts with a direction (RDF 1.2), which the reference engines do not know")
    dataset = ox.Dataset(read)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return RdfFile(tuple(sorted(dataset, key=str)), stated_tags(content, form, (quad.object for quad in read)), parser.prefixes)


def read_rdf_files(paths: Iterable[Path], root: Path, base: str, contexts: Mapping[str, str] | None = None) -> tuple[dict[Path, RdfFile], list[Finding]]:
    """Read several RDF files; one that cannot be read is a finding. `contexts` are files of the project with contexts of JSON-LD, by address."""
    read: dict[Path, RdfFile] = {}
    findings: list[Finding] = []
    for path in paths:
        try:
            read[path] = read_rdf(path, base, read_contexts(root, contexts or {}))
        except (SyntaxError, ValueError) as error:
            place = Place(path.relative_to(root).as_posix(), getattr(error, "lineno", None) or 0)
            findings.append(finding("rdf-syntax", place, problem=" ".join(str(getattr(error, "msg", error)).split())))
    return read, findings


def renamed(triples: Iterable[Triple], name: _Renaming) -> Iterator[Triple]:
    """Give the triples with other names for their blank nodes."""

    def rename(term: _Term) -> _Term:
        return name(term) if isinstance(term, BlankNode) else term

    # A subject stays a subject: blank nodes become blank nodes or IRIs.
    return (Triple(cast("NamedNode", rename(triple.subject)), triple.predicate, rename(triple.object)) for triple in triples)


def spelled(term: object, tags: Tags) -> str:
    """Spell a term of a file, with its tag as stated.

    Raises ValueError for a triple, which no term of RDF 1.1 is.
    """
    if isinstance(term, Literal):
        if term.language is None:
            return literal_spelling(term.value, term.datatype.value)
        return literal_spelling(term.value, language=tags.get((term.value, term.language), term.language))
    if isinstance(term, Triple):
        raise ValueError(f"a triple term cannot be used here: {term}")  # noqa: TRY004  # the value is wrong, not the call
    return str(term)


def stated_tags(content: bytes, form: RdfFormat, objects: Iterable[object]) -> Tags:
    """Give the tags of the texts among some objects, which come in the order of the file that they were read from."""
    literals = [(each.value, each.language) for each in objects if isinstance(each, Literal) and each.language is not None]
    if not literals:
        return {}
    text = content.decode("utf-8", "replace")
    match form:
        case RdfFormat.JSON_LD:
            pairs, tags = _tags_of_json(text)
            return pairs | {literal: tags[literal[1]] for literal in literals if literal not in pairs and literal[1] in tags}
        case RdfFormat.RDF_XML:
            known = {tag.lower(): tag for tag in reversed(_XML.findall(text))}
            return {literal: known.get(literal[1], literal[1]) for literal in literals}
    if not _CAPITAL.search(text):
        return {}
    # Texts come in the order of the file.
    stated = [found["tag"] for found in _TURTLE.finditer(text) if found["tag"]]
    if [tag.lower() for tag in stated] != [tag for _, tag in literals]:
        known = {tag.lower(): tag for tag in reversed(stated)}
        return {literal: known.get(literal[1], literal[1]) for literal in literals}
    return dict(reversed([((value, small), tag) for (value, small), tag in zip(literals, stated, strict=True)]))


def _tags_of_json(text: str) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Give the tags that stand with their texts, and those that are stated for several, by the tag in small letters."""
    pairs: dict[tuple[str, str], str] = {}
    tags: dict[str, str] = {}

    def look(members: list[tuple[str, object]]) -> None:
        found = dict(members)
        language, value = found.get("@language"), found.get("@value")
        if isinstance(language, str):
            tags.setdefault(language.lower(), language)
            if isinstance(value, str):
                pairs.setdefault((value, language.lower()), language)
        for key, each in members:
            for item in each if isinstance(each, list) else [each]:
                if isinstance(item, str):
                    pairs.setdefault((item, key.lower()), key)

    json.loads(text, object_pairs_hook=look)
    return pairs, tags
