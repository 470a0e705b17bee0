"""The documentation of the ontology, made of what stands in it: every term has its place on the page, or where there are too many on one that this leads to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.namespaces import DCT, OWL, RDF, RDFS, SKOS
from schakel.site.entities import ENTITY_FORMS
from schakel.site.entity_index import Things
from schakel.site.frame import Alternate, View
from schakel.site.ontology import Said, TermGroup, grouped, of_class, said_in, tree
from schakel.site.pages.rules import rule_pages
from schakel.site.pictures.classes import ClassLink, around_class
from schakel.site.pictures.text import Label, cleaned
from schakel.site.relations import Relation, Relations, relations_in
from schakel.site.site import Site

__all__ = ["TermEntry", "term_pages"]

_DEFINITIONS: Final = (SKOS.definition, RDFS.comment, DCT.description)
# What is told of a term elsewhere in its entry, or to nobody but machines.
_UNTOLD: Final = frozenset({RDF.type, RDFS.label, SKOS.prefLabel, SKOS.inScheme, SKOS.topConceptOf, *_DEFINITIONS})


@dataclass(frozen=True)
class TermEntry:
    """A term as the page tells it: its anchor, name, definition, what else is said of it, and the unions of classes that it leads to."""

    term: NamedNode
    anchor: str
    label: Literal
    definition: Literal | None
    facts: Sequence[tuple[Literal, Sequence[Term]]]
    unions: Sequence[tuple[Literal, Sequence[NamedNode]]]


@dataclass(frozen=True)
class _Ontology:
    """What the pages of terms tell: what is said of each, in which groups, and what leads from class to class."""

    said: Mapping[NamedNode, Said]
    groups: Sequence[TermGroup]
    relations: Relations
    unions: Mapping[NamedNode, Mapping[NamedNode, Sequence[NamedNode]]]


def term_pages(site: Site, things: Things) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the pages of terms and of shapes, in every language."""
    said = said_in(site.vocabulary)
    ontology = _Ontology(said, grouped(said, site.frame.terms.anchors), relations_in(said), site.unions)
    for language in site.frame.languages:
        yield from _in_language(site, things, ontology, language)
    yield from rule_pages(site, things)


def _in_language(site: Site, things: Things, ontology: _Ontology, language: str) -> Iterator[tuple[str, bytes]]:
    frame = site.frame
    view = View(frame, language, "ontology.html", things.paths)
    entries = _entries(ontology, view)
    classes = next((group.terms for group in ontology.groups if group.key == "classes"), ())
    shared = {"kind_pages": things.kind_pages, "entries": entries}
    yield frame.render(
        view,
        "ontology.html.j2",
        **shared,
        ontologies=[entries[node] for node in of_class(ontology.said, {OWL.Ontology}) if node in entries],
        classes=[(entries[node], depth) for node, depth in tree(classes, ontology.said, lambda node: _place(entries[node]))],
        groups=[(group, _sorted(entries, group.terms)) for group in ontology.groups],
        properties=_sorted(entries, (term for group in ontology.groups if group.is_of_properties for term in group.terms)),
        split=bool(frame.terms.pages),
        picture=_pictures(ontology, view),
        alternates=[Alternate(f"ontology.{suffix}", media_type, name) for suffix, media_type, name in ENTITY_FORMS] if entries else (),
    )
    for group in ontology.groups if frame.terms.pages else ():
        for number, (path, terms) in enumerate(group.parts, 1):
            on_page = View(frame, language, path, things.paths)
            listed = [entries[node] for node in terms]
            yield frame.render(on_page, "terms.html.j2", **shared, group=group, listed=listed, number=number, picture=_pictures(ontology, on_page))


def _entries(ontology: _Ontology, view: View) -> dict[NamedNode, TermEntry]:
    anchors, unions = view.frame.terms.anchors, ontology.unions
    return {node: _entry(node, properties, unions.get(node, {}), view) for node, properties in ontology.said.items() if node.value in anchors}


def _entry(node: NamedNode, properties: Said, unions: Mapping[NamedNode, Sequence[NamedNode]], view: View) -> TermEntry:
    definition = next((best for term in _DEFINITIONS if (best := view.best(properties.get(term, ()))) is not None), None)
    facts = [(view.label(term), _told(values, view)) for term, values in properties.items() if term not in _UNTOLD]
    one_of = [(view.label(term), classes) for term, classes in unions.items()]
    anchor = view.frame.terms.anchors[node.value]
    return TermEntry(node, anchor, _name(node, properties, view), definition, sorted(facts, key=_by_label), sorted(one_of, key=_by_label))


def _by_label(fact: tuple[Literal, object]) -> str:
    return fact[0].value


def _name(node: NamedNode, properties: Said, view: View) -> Literal:
    """Name a term; a remark on a statement, which has no name, by that statement."""
    about = [*properties.get(OWL.annotatedSource, ()), *properties.get(OWL.annotatedTarget, ())]
    named = [view.label(each).value for each in about if isinstance(each, NamedNode)]
    return Literal(" – ".join(named)) if named and node not in view.frame.terms.labels(view.language) else view.label(node)


def _told(values: Sequence[Term], view: View) -> Sequence[Term]:
    """Of a text in several languages, give the one that the reader knows best."""
    best = view.best([value for value in values if isinstance(value, Literal) and value.language])
    return [value for value in values if not (isinstance(value, Literal) and value.language) or value == best]


def _place(entry: TermEntry) -> tuple[str, str]:
    return entry.label.value.casefold(), entry.term.value


def _sorted(entries: Mapping[NamedNode, TermEntry], nodes: Iterable[NamedNode]) -> list[TermEntry]:
    return sorted((entries[node] for node in nodes), key=_place)


def _pictures(ontology: _Ontology, view: View) -> Callable[[NamedNode], Markup | None]:
    """Give what draws a class as it is linked with others on a page."""

    def label(node: NamedNode) -> Label:
        found = view.label(node)
        return Label(cleaned(found.value), view.lang(found))

    def kind(node: NamedNode, *, outwards: bool) -> ClassLink:
        return ClassLink(Label(view.words("is a kind of")), label(node), outwards, kind_of=True, other_address=view.page_of(node))

    def link(relation: Relation, node: NamedNode) -> ClassLink:
        outwards = relation.start == node
        other = relation.end if outwards else relation.start
        named = Label(view.words("no class named")) if other is None else label(other)
        address = None if other is None else view.page_of(other)
        return ClassLink(label(relation.property), named, outwards, address=view.page_of(relation.property), other_address=address)

    def drawn(node: NamedNode) -> Markup | None:
        relations = ontology.relations.of.get(node, ())
        if not relations:
            return None
        links = sorted(((link(each, node), each) for each in relations), key=lambda pair: (not pair[0].outwards, pair[0].words.text, pair[1].property.value))
        above = [kind(each, outwards=True) for each in ontology.relations.above[node]]
        below = [kind(each, outwards=False) for each in ontology.relations.below.get(node, ())]
        told = dict.fromkeys(sentence for _, each in links for sentence in _not_drawn(each, view))
        return around_class(label(node), view.page_of(node), [*above, *(each for each, _ in links), *below], list(told), view.words)

    return drawn


def _not_drawn(relation: Relation, view: View) -> Iterator[Markup]:
    """Tell which properties have no line of their own, as they say the same the other way round, or more closely."""

    def linked(node: NamedNode) -> Markup:
        name, to = view.label(node), view.page_of(node)
        tag = view.lang(name)
        text = Markup("<span{}>{}</span>").format("" if tag is None else Markup(' lang="{}"').format(tag), name.value)
        return text if to is None else Markup('<a href="{}">{}</a>').format(to, text)

    for said, others in (
        (view.words("“%(other)s” is “%(property)s” read the other way round."), relation.inverses),
        (view.words("“%(other)s” is narrower than “%(property)s”."), relation.narrower),
    ):
        yield from (escape(said) % {"other": linked(other), "property": linked(relation.property)} for other in others)
