"""The documentation of the ontology and of the shapes, made of what stands in them: every term has its place on the page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.graph import Term
from schakel.namespaces import DCT, OWL, RDF, RDFS, SH, SKOS
from schakel.site.entities import ENTITY_FORMS
from schakel.site.frame import Alternate, View
from schakel.site.site import Site
from schakel.site.things import Things

__all__ = ["TermEntry", "term_pages"]

_DEFINITIONS: Final = (SKOS.definition, RDFS.comment, DCT.description)
_PROPERTIES: Final = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property})
_CLASSES: Final = frozenset({OWL.Class, RDFS.Class})
# What is told of a term elsewhere in its entry, or to nobody but machines.
_UNTOLD: Final = frozenset({RDF.type, RDFS.label, SKOS.prefLabel, SKOS.inScheme, SKOS.topConceptOf, *_DEFINITIONS})

Said = Mapping[NamedNode, Sequence[Term]]


@dataclass(frozen=True)
class TermEntry:
    """A term as the page tells it: its anchor, name, definition, and what else is said of it."""

    term: NamedNode
    anchor: str
    label: Literal
    definition: Literal | None
    facts: Sequence[tuple[Literal, Sequence[Term]]]
    depth: int = 0


def term_pages(site: Site, things: Things) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the pages of terms and of shapes, in every language."""
    frame = site.frame
    said = _said(site.vocabulary)
    for view in frame.views("ontology.html", things.paths):
        entries = {node: _entry(node, said[node], view) for node in said if node.value in frame.terms.anchors}
        schemes = [(entries[node], _sorted(entries, _members(said, node))) for node in _of(said, {SKOS.ConceptScheme})]
        yield frame.render(
            view,
            "ontology.html.j2",
            ontologies=[entries[node] for node in _of(said, {OWL.Ontology})],
            classes=list(_tree(entries, _of(said, _CLASSES), said)),
            properties=_sorted(entries, _of(said, _PROPERTIES)),
            schemes=schemes,
            kind_pages=things.kind_pages,
            alternates=[Alternate(f"ontology.{suffix}", media_type, name) for suffix, media_type, name in ENTITY_FORMS] if entries else (),
        )
    shapes = _said(site.shapes)
    for view in frame.views("shapes.html", things.paths):
        yield frame.render(view, "shapes.html.j2", shapes=list(_shapes(shapes, view)))


def _said(triples: Iterable[Triple]) -> Mapping[NamedNode, Said]:
    found: defaultdict[NamedNode, defaultdict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, BlankNode):
            found[triple.subject][triple.predicate].append(triple.object)
    return found


def _of(said: Mapping[NamedNode, Said], classes: Iterable[NamedNode]) -> list[NamedNode]:
    wanted = frozenset(classes)
    return [node for node, properties in said.items() if wanted.intersection(properties.get(RDF.type, ()))]


def _members(said: Mapping[NamedNode, Said], scheme: NamedNode) -> list[NamedNode]:
    return [node for node, properties in said.items() if scheme in properties.get(SKOS.inScheme, ())]


def _best(texts: Sequence[Term], view: View) -> Literal | None:
    literals = {text.language or "": text for text in texts if isinstance(text, Literal)}
    chosen = view.text({tag: text.value for tag, text in literals.items()})
    return next((text for text in literals.values() if text.value == chosen), None)


def _entry(node: NamedNode, properties: Said, view: View) -> TermEntry:
    definition = next((best for term in _DEFINITIONS if (best := _best(properties.get(term, ()), view))), None)
    facts = [(view.label(term), _told(values, view)) for term, values in properties.items() if term not in _UNTOLD]
    return TermEntry(node, view.frame.terms.anchors.get(node.value, ""), view.label(node), definition, sorted(facts, key=lambda fact: fact[0].value))


def _told(values: Sequence[Term], view: View) -> Sequence[Term]:
    """Of a text in several languages, give the one that the reader knows best."""
    best = _best([value for value in values if isinstance(value, Literal) and value.language], view)
    return [value for value in values if not (isinstance(value, Literal) and value.language) or value == best]


def _sorted(entries: Mapping[NamedNode, TermEntry], nodes: Iterable[NamedNode]) -> list[TermEntry]:
    return sorted((entries[node] for node in nodes if node in entries), key=lambda entry: (entry.label.value.casefold(), entry.term.value))


def _tree(entries: Mapping[NamedNode, TermEntry], nodes: Sequence[NamedNode], said: Mapping[NamedNode, Said]) -> Iterator[TermEntry]:
    """Give classes in the order of a tree, each below the first of those it is below, with how deep it stands."""
    over = {node: next((each for each in said[node].get(RDFS.subClassOf, ()) if each in nodes and each != node), None) for node in nodes}
    below: defaultdict[object, list[NamedNode]] = defaultdict(list)
    for node, parent in over.items():
        below[parent].append(node)
    met: set[NamedNode] = set()

    def walk(parent: object, depth: int) -> Iterator[TermEntry]:
        for entry in _sorted(entries, below[parent]):
            if entry.term not in met:
                met.add(entry.term)
                yield TermEntry(entry.term, entry.anchor, entry.label, entry.definition, entry.facts, depth)
                yield from walk(entry.term, depth + 1)

    yield from walk(None, 0)
    # Classes that are each below the other hang on nothing.
    yield from (entry for entry in _sorted(entries, nodes) if entry.term not in met)


@dataclass(frozen=True)
class _Shape:
    """A shape as the page tells it: which things it judges, and for each of its rules the name, severity and message."""

    node: NamedNode
    anchor: str
    targets: Sequence[NamedNode]
    rules: Sequence[tuple[str, Literal | None, str, Literal | None]]


def _shapes(said: Mapping[NamedNode, Said], view: View) -> Iterator[_Shape]:
    for node in _of(said, {SH.NodeShape}):
        properties = said[node]
        targets = [target for name in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf) for target in properties.get(name, ())]
        rules = [rule for name in (SH.property, SH.sparql) for rule in properties.get(name, ()) if isinstance(rule, NamedNode)]
        told = [_rule(rule, said.get(rule, {}), view) for rule in rules]
        if told or targets:
            yield _Shape(node, _anchor(node), [target for target in targets if isinstance(target, NamedNode)], told)


def _rule(rule: NamedNode, properties: Said, view: View) -> tuple[str, Literal | None, str, Literal | None]:
    severity = next((value.value.rpartition("#")[2] for value in properties.get(SH.severity, ()) if isinstance(value, NamedNode)), "Violation")
    return _anchor(rule), _best(properties.get(SH.name, ()), view), severity.lower(), _best(properties.get(SH.message, ()), view)


def _anchor(node: NamedNode) -> str:
    return node.value.rpartition("#")[2].rpartition("/")[2]
