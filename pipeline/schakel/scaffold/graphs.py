"""A project drafted from files of RDF, which are published as they are: terms, shapes and queries follow from what the statements are like."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from schakel.errors import TableUnusableError
from schakel.lookup import NAME_PROPERTIES
from schakel.namespaces import RDF, known_prefixes
from schakel.rdf_reading import read_rdf
from schakel.term_labels import term_labels, words_of

__all__ = ["Observed", "graph_decisions", "graph_texts", "observe"]

# So many columns of a query a reader takes in.
_COLUMNS: Final = 8
# What one thing alone has need not be what others must have.
_ENOUGH: Final = 2
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")


@dataclass
class _Property:
    """What the values of a property are like: how many subjects have one, the most that one has, kinds, datatypes and languages of values."""

    subjects: int = 0
    most: int = 0
    links: int = 0
    datatypes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Observed:
    """What files of RDF hold: the things of each class, what is said of those, all properties, and what the files describe themselves."""

    files: Mapping[str, Path]
    statements: Mapping[str, int]
    classes: Mapping[str, Mapping[str, _Property]]
    instances: Mapping[str, int]
    properties: Mapping[str, _Property]
    described: frozenset[str]
    prefixes: Mapping[str, str]
    language: str


def observe(files: Iterable[Path], base: str) -> Observed:
    """Read files of RDF. Raises TableUnusableError for one that cannot be read, or that has the name of another."""
    read: dict[str, Path] = {}
    statements: dict[str, int] = {}
    quads: list[tuple[str, Quad]] = []
    declared: list[Mapping[str, str]] = []
    tags: Counter[str] = Counter()
    for path in sorted(files, key=lambda each: each.name):
        name = f"{_slug(path.stem) or 'graph'}{path.suffix}"
        if name in read:
            raise TableUnusableError(path, f"there is a file {name} already; give it another name")
        try:
            file = read_rdf(path, base)
        except (SyntaxError, ValueError) as error:
            raise TableUnusableError(path, f"it is not RDF as its name says: {error}") from None
        read[name], statements[name] = path, len(file.quads)
        # The blank nodes of two files are different ones, whatever they are called.
        quads += ((f"{name} {quad.subject}", quad) for quad in file.quads)
        declared.append(file.prefixes)
        tags.update(quad.object.language for quad in file.quads if isinstance(quad.object, Literal) and quad.object.language)
    language = min(tags, key=lambda tag: (-tags[tag], tag), default="en").partition("-")[0]
    classes, instances, properties = _observed(quads)
    described = frozenset(quad.subject.value for _, quad in quads if isinstance(quad.subject, NamedNode))
    return Observed(read, statements, classes, instances, properties, described, known_prefixes(declared), language)


def _observed(quads: Iterable[tuple[str, Quad]]) -> tuple[dict[str, dict[str, _Property]], Counter[str], dict[str, _Property]]:
    types: defaultdict[str, set[str]] = defaultdict(set)
    said: defaultdict[str, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    named = ((quad.subject.value if isinstance(quad.subject, NamedNode) else name, quad) for name, quad in quads)
    for subject, term, value in dict.fromkeys((name, quad.predicate, quad.object) for name, quad in named):
        if term == RDF.type and isinstance(value, NamedNode):
            types[subject].add(value.value)
        else:
            said[subject][term.value].append(value)
    classes: dict[str, dict[str, _Property]] = {}
    properties: dict[str, _Property] = {}
    for subject, of in said.items():
        for name, values in of.items():
            _count(properties.setdefault(name, _Property()), values)
            for each in types[subject]:
                _count(classes.setdefault(each, {}).setdefault(name, _Property()), values)
    instances = Counter(each for several in types.values() for each in several)
    return {each: classes.get(each, {}) for each in sorted(instances)}, instances, properties


def _count(counted: _Property, values: Sequence[object]) -> None:
    counted.subjects += 1
    counted.most = max(counted.most, len(values))
    for value in values:
        if isinstance(value, Literal):
            counted.datatypes[value.datatype.value] += 1
        else:
            counted.links += 1


def graph_decisions(observed: Observed) -> Iterator[tuple[str, str, str]]:
    """Say what was found in each file and of each class."""
    for name, count in observed.statements.items():
        yield name, "", f"{count:,} statements, published as they are"
    for each, number in sorted(observed.instances.items()):
        said = observed.classes[each]
        required = [_short(term, observed) for term, found in said.items() if found.subjects == number >= _ENOUGH]
        always = f"; all have {', '.join(sorted(required))}" if required else ""
        yield "classes", _short(each, observed), f"{number:,} things with {len(said)} properties{always}"


def graph_texts(observed: Observed, base: str, title: str) -> Iterator[tuple[str, str]]:
    """Give the files of ontology, shapes and queries by path."""
    yield "ontology/of-files.ttl", _ontology(observed, base, title)
    taken: set[str] = set()
    for each in observed.classes:
        name = wanted = _slug(words_of(each)) or "things"
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        if observed.classes[each]:
            yield f"shapes/{name}.ttl", _shape(each, name, observed, base)
        yield f"queries/{name}.rq", _query(each, observed)


def _ontology(observed: Observed, base: str, title: str) -> str:
    terms = [_term(each, "owl:Class", observed) for each in observed.classes]
    for each, found in sorted(observed.properties.items()):
        kind = "rdf:Property" if found.links and found.datatypes else "owl:ObjectProperty" if found.links else "owl:DatatypeProperty"
        terms.append(_term(each, kind, observed))
    head = f"<{base}ns> a owl:Ontology ;\n    dct:title {_quoted(title)}@{observed.language} .\n"
    return _turtle("\n".join([head, *filter(None, terms)]) + "\n")


def _term(iri: str, kind: str, observed: Observed) -> str:
    """Describe a term; an empty text where the files do so themselves."""
    if iri in observed.described:
        return ""
    labels = term_labels().get(iri) or {"en": words_of(iri)}
    return f"<{iri}> a {kind} ; rdfs:label {', '.join(f'{_quoted(text)}@{tag}' for tag, text in labels.items())} ."


def _shape(of: str, name: str, observed: Observed, base: str) -> str:
    number = observed.instances[of]
    lines = [f"<{base}shapes#{name}> a sh:NodeShape ;", f"    sh:targetClass <{of}>"]
    for term, found in sorted(observed.classes[of].items()):
        conditions = ["sh:severity sh:Warning", f"sh:path <{term}>"]
        conditions += ["sh:minCount 1"] if found.subjects == number >= _ENOUGH else []
        conditions += ["sh:maxCount 1"] if found.most == 1 else []
        if found.links and not found.datatypes:
            conditions.append("sh:nodeKind sh:IRI")
        elif len(found.datatypes) == 1 and not found.links:
            conditions.append(f"sh:datatype <{next(iter(found.datatypes))}>")
        lines[-1] += " ;"
        lines.append(f"    sh:property [ {' ; '.join(conditions)} ]")
    comment = "# What was observed; a warning where another thing is not so. Take away `sh:severity` where it has to be so.\n\n"
    return comment + _turtle("\n".join(lines) + " .\n")


def _query(of: str, observed: Observed) -> str:
    said = observed.classes[of]
    name = next((term.value for term in NAME_PROPERTIES if term.value in said), None)
    usual = sorted((term for term, found in said.items() if found.most == 1 and term != name), key=lambda term: (-said[term].subjects, term))
    columns: dict[str, str] = {}
    for term in ([name] if name else []) + usual[:_COLUMNS]:
        column = _column("name" if term == name else words_of(term), columns)
        columns[column] = term
    words = words_of(of)
    title = f"Which things of the kind “{words}” are there?"
    grlc = f"#+ summary: {title}\n#+ description: One row for each.\n#+ method: GET\n#+ tags:\n#+   - classes\n"
    about = "".join(f"# column {column}: {words_of(term)}\n" for column, term in columns.items())
    head = f"{grlc}\n# title: {title}\n# category: classes\n# description: One row for each.\n# column thing: the thing\n{about}"
    # Of several names the first by the alphabet is given, so that a thing has one row.
    patterns = "".join(f"  OPTIONAL {{ ?thing <{term}> ?{column} }}\n" for column, term in columns.items() if column != "name")
    named = f"  OPTIONAL {{ SELECT ?thing (MIN(?one) AS ?name) WHERE {{ ?thing a <{of}> ; <{name}> ?one }} GROUP BY ?thing }}\n" if name else ""
    order = "STR(?name) ?thing" if name else "?thing"
    selected = " ".join(f"?{column}" for column in ("thing", *columns))
    return f"{head}\nSELECT {selected}\nWHERE {{\n  ?thing a <{of}> .\n{named}{patterns}}}\nORDER BY {order}\n"


def _column(words: str, taken: Mapping[str, str]) -> str:
    first, *rest = re.findall(r"[a-z0-9]+", words.lower()) or ["value"]
    name = wanted = (first if first[0].isalpha() else f"c{first}") + "".join(each.capitalize() for each in rest)
    number = 1
    while name in taken or name == "thing":
        number += 1
        name = f"{wanted}{number}"
    return name


def _short(iri: str, observed: Observed) -> str:
    prefix = max((p for p, namespace in observed.prefixes.items() if iri.startswith(namespace)), key=lambda p: len(observed.prefixes[p]), default=None)
    return iri if prefix is None else f"{prefix}:{iri.removeprefix(observed.prefixes[prefix])}"


def _slug(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text.lower()).strip("-")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _turtle(body: str) -> str:
    used = known_prefixes([])
    return "".join(f"@prefix {name}: <{used[name]}> .\n" for name in ("dct", "owl", "rdf", "rdfs", "sh") if f"{name}:" in body) + f"\n{body}"
