"""In which form JSON-LD has the values of a property, as ontology and shapes declare it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from schakel.namespaces import OWL, RDF, RDFS, SH

__all__ = ["LANGUAGE", "REFERENCE", "PropertyForms", "declared_forms"]

# What a property leads to: texts in languages, things, or else literals of a datatype, which is named by its IRI.
LANGUAGE: Final = "@language"
REFERENCE: Final = "@id"

_LANG_STRING: Final = RDF.langString.value
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_REFERENCES: Final = frozenset(f"<{SH.iri}{kind}>" for kind in ("IRI", "BlankNode", "BlankNodeOrIRI"))


@dataclass(frozen=True)
class PropertyForms:
    """IRIs of properties: those that have at most one value, those that have at most one in each language, and what properties lead to."""

    single: frozenset[str] = frozenset()
    one_in_each_language: frozenset[str] = frozenset()
    leads_to: dict[str, str] = field(default_factory=dict)


def declared_forms(statements: Iterable[tuple[str, str, str]]) -> PropertyForms:
    """Gather the forms of properties from the statements of ontology and shapes, given as spellings.

    A property has one value if it is functional, or if every property shape of it allows at most one.
    """
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, thing in statements:
        said[subject][predicate[1:-1]].append(thing)
    shapes: dict[str, list[dict[str, list[str]]]] = defaultdict(list)
    for about in said.values():
        for path in about.get(SH.path.value, ()):
            shapes[path].append(about)
    single = {each for each, about in said.items() if f"<{OWL.FunctionalProperty.value}>" in about.get(RDF.type.value, ())}
    single |= {path for path, each in shapes.items() if all(_is_one(about.get(SH.maxCount.value, ())) for about in each)}
    unique = {path for path, each in shapes.items() if all(_is_true(about.get(SH.uniqueLang.value, ())) for about in each)}
    leads_to = {each: found for each in said.keys() | shapes.keys() if (found := _leads_to(said.get(each, {}), shapes.get(each, [])))}
    return PropertyForms(_iris(single), _iris(unique), {iri[1:-1]: found for iri, found in sorted(leads_to.items()) if iri.startswith("<")})


def _iris(spellings: Iterable[str]) -> frozenset[str]:
    return frozenset(each[1:-1] for each in spellings if each.startswith("<"))


def _is_one(counts: Iterable[str]) -> bool:
    return any(count.partition("^")[0] in {'"1"', '"0"'} for count in counts)


def _is_true(values: Iterable[str]) -> bool:
    return any(value.partition("^")[0] in {'"true"', '"1"'} for value in values)


def _leads_to(about: dict[str, list[str]], shapes: Iterable[dict[str, list[str]]]) -> str | None:
    """Find the one thing that ontology and shapes say a property leads to."""
    if f"<{OWL.ObjectProperty.value}>" in about.get(RDF.type.value, ()):
        return REFERENCE
    datatypes = [iri[1:-1] for iri in about.get(RDFS.range.value, ()) if iri.startswith(f"<{_XSD}") or iri[1:-1] == _LANG_STRING]
    kinds: list[str] = []
    for shape in shapes:
        datatypes += [iri[1:-1] for iri in shape.get(SH.datatype.value, ())]
        kinds += [REFERENCE for kind in shape.get(SH.nodeKind.value, ()) if kind in _REFERENCES]
        kinds += [REFERENCE for _ in shape.get(SH["class"].value, ())]
    found = {LANGUAGE if datatype == _LANG_STRING else datatype for datatype in datatypes} | set(kinds)
    return next(iter(found)) if len(found) == 1 else None
