"""What stands in an ontology: what is said of each term, and the groups in which a reader meets terms."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.graph import Term
from schakel.namespaces import OWL, RDF, RDFS, SKOS
from schakel.site.localization import message

__all__ = ["CLASSES", "Said", "TermGroup", "grouped", "of_class", "pages_of", "said_in", "tree", "unions_in"]

CLASSES: Final = frozenset({OWL.Class, RDFS.Class})
_PROPERTIES: Final = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property})
# Of what has several kinds the first counts.
_GROUPS: Final = (
    ("classes", message("Classes"), CLASSES),
    ("object-properties", message("Properties that lead to a thing"), frozenset({OWL.ObjectProperty})),
    ("datatype-properties", message("Properties that have a value"), frozenset({OWL.DatatypeProperty})),
    ("properties", message("Other properties"), _PROPERTIES),
)
_REST: Final = ("terms", message("Other terms"))
# More terms than these are told on further pages, each with so many.
_MOST_ON_ONE_PAGE: Final = 400
_ON_A_PAGE: Final = 150

Said = Mapping[NamedNode, Sequence[Term]]


@dataclass(frozen=True)
class TermGroup:
    """Terms that are told together, in an order that is the same in every language: under a title, or as the list of values that `scheme` is.

    `paths` are those of its pages, where there are too many terms for one page.
    """

    key: str
    title: str
    terms: Sequence[NamedNode]
    scheme: NamedNode | None = None

    @property
    def is_of_properties(self) -> bool:
        """Tell whether it holds properties."""
        return self.key.endswith("properties")

    @property
    def paths(self) -> Sequence[str]:
        """The paths of its pages, where it has pages of its own."""
        further = range(2, -(-len(self.terms) // _ON_A_PAGE) + 1)
        return [f"more/ontology/{self.key}.html", *(f"more/ontology/{self.key}-{number}.html" for number in further)]

    @property
    def parts(self) -> Iterator[tuple[str, Sequence[NamedNode]]]:
        """Its pages: path and terms of each."""
        return ((path, self.terms[number * _ON_A_PAGE : (number + 1) * _ON_A_PAGE]) for number, path in enumerate(self.paths))


def said_in(triples: Iterable[Triple]) -> dict[NamedNode, Said]:
    """Bring together what is said of each term; what needs a blank node is left out."""
    found: defaultdict[NamedNode, defaultdict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, BlankNode):
            found[triple.subject][triple.predicate].append(triple.object)
    return {node: dict(properties) for node, properties in found.items()}


def unions_in(triples: Iterable[Triple]) -> dict[NamedNode, dict[NamedNode, Sequence[NamedNode]]]:
    """Give the classes of the unions that terms lead to, by term and property; a union of anything but named classes is left out."""
    triples = list(triples)
    parts: dict[tuple[Term, NamedNode], Term] = {(each.subject, each.predicate): each.object for each in triples if isinstance(each.subject, BlankNode)}
    found: defaultdict[NamedNode, dict[NamedNode, Sequence[NamedNode]]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, BlankNode):
            members: dict[Term, None] = {}
            rest = parts.get((triple.object, OWL.unionOf))
            # A list that leads back into itself ends where it is met again.
            while rest is not None and (rest, RDF.first) in parts:
                members[parts[rest, RDF.first]] = None
                rest = parts.pop((rest, RDF.rest), None)
            named = [each for each in members if isinstance(each, NamedNode)]
            if named and len(named) == len(members):
                found[triple.subject][triple.predicate] = named
    return found


def of_class(said: Mapping[NamedNode, Said], classes: Iterable[NamedNode]) -> list[NamedNode]:
    """Give the terms that are of one of some classes."""
    wanted = frozenset(classes)
    return [node for node, properties in said.items() if wanted.intersection(properties.get(RDF.type, ()))]


def grouped(said: Mapping[NamedNode, Said], anchors: Mapping[str, str]) -> list[TermGroup]:
    """Put each term into the group where a reader looks for it; ontologies and lists of values are told before the terms, and so are in none."""
    left = dict.fromkeys(node for node in said if node.value in anchors)
    heads = [*of_class(said, {OWL.Ontology}), *(schemes := of_class(said, {SKOS.ConceptScheme}))]
    for node in heads:
        left.pop(node, None)

    def taken(nodes: Iterable[NamedNode]) -> list[NamedNode]:
        members = [node for node in nodes if node in left]
        for node in members:
            del left[node]
        return sorted(members, key=lambda node: (anchors[node.value].casefold(), node.value))

    groups = [TermGroup(key, title, taken(of_class(said, classes))) for key, title, classes in _GROUPS]
    members: defaultdict[Term, list[NamedNode]] = defaultdict(list)
    for node, properties in said.items():
        for scheme in properties.get(SKOS.inScheme, ()):
            members[scheme].append(node)
    # A list without values is told, too.
    groups += [TermGroup(f"list-{number}", "", taken(members[scheme]), scheme) for number, scheme in enumerate(schemes, 1)]
    rest = TermGroup(*_REST, taken(list(left)))
    return [group for group in (*groups, rest) if group.terms or group.scheme is not None]


def pages_of(groups: Sequence[TermGroup]) -> dict[str, str]:
    """Give the page of each term, by IRI, where terms are told on further pages; of a list of values that is its first page. Empty where all fit on one."""
    if sum(len(group.terms) for group in groups) <= _MOST_ON_ONE_PAGE:
        return {}
    heads = {group.scheme.value: group.paths[0] for group in groups if group.scheme is not None}
    return heads | {term.value: path for group in groups for path, terms in group.parts for term in terms}


def tree(nodes: Sequence[NamedNode], said: Mapping[NamedNode, Said], place: Callable[[NamedNode], object]) -> list[tuple[NamedNode, int]]:
    """Give classes in the order of a tree, each below the first of those it is below, with how deep it stands; beside each other they stand by `place`."""
    known = frozenset(nodes)
    below: defaultdict[NamedNode | None, list[NamedNode]] = defaultdict(list)
    for node in sorted(nodes, key=place):  # type: ignore[arg-type]  # whatever can be sorted
        below[next((each for each in said[node].get(RDFS.subClassOf, ()) if isinstance(each, NamedNode) and each in known and each != node), None)].append(node)
    met: dict[NamedNode, int] = {}
    ahead = [(node, 0) for node in reversed(below[None])]
    while ahead:
        node, depth = ahead.pop()
        if node not in met:
            met[node] = depth
            ahead += [(each, depth + 1) for each in reversed(below[node])]
    # Classes that are each below the other hang on nothing.
    return [*met.items(), *((node, 0) for node in sorted(known - met.keys(), key=place))]  # type: ignore[arg-type]  # whatever can be sorted
