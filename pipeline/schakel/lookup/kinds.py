"""What kind of thing something is: the most specific of its classes, by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.graph import Term
from schakel.lookup.context import Context
from schakel.lookup.names import labels_of
from schakel.lookup.sparql import HEADER, blocks, values
from schakel.namespaces import DCT, OA, PREFIXES, PROV, SK

__all__ = ["HOUSEKEEPING", "SOUGHT_FIRST", "Hierarchy", "hierarchy_of", "kinds_of", "read_hierarchy", "read_types"]

_ORG: Final = PREFIXES["org"]

# What the graph keeps for its own sake, which nobody looks up by its name: where statements come from, what is open, and the nodes between things.
HOUSEKEEPING: Final = frozenset(
    [
        *(SK[name] for name in ("Name", "SourceDocument", "Difference", "DifferenceSide", "OpenQuestion", "StatedCount")),
        *(OA[name] for name in ("SpecificResource", "TextPositionSelector", "TextQuoteSelector")),
        *(NamedNode(_ORG + name) for name in ("Membership", "Site")),
        *(SK[name] for name in ("Tie", "Shareholding", "StatementOfPurpose")),
        *(PROV.Entity, NamedNode(PREFIXES["schema"] + "CreativeWork"), NamedNode(PREFIXES["locn"] + "Address")),
    ]
)
# What people match names with most, in this order.
SOUGHT_FIRST: Final = (NamedNode(_ORG + "Organization"), DCT.Location, SK.Project)


@dataclass(frozen=True)
class Hierarchy:
    """For each class and property, all that are above it."""

    above: Mapping[NamedNode, AbstractSet[NamedNode]]

    def over(self, term: NamedNode) -> AbstractSet[NamedNode]:
        """Give what is above a term, itself left out."""
        return self.above.get(term, frozenset())

    def most_specific(self, classes: Iterable[NamedNode]) -> NamedNode | None:
        """Of the classes of one thing, give the one that says most.

        >>> animal, dog = NamedNode("https://example.org/Animal"), NamedNode("https://example.org/Dog")
        >>> Hierarchy({dog: {animal}}).most_specific([animal, dog]) == dog
        True
        """
        given = set(classes)
        lowest = [term for term in given if not any(term in self.over(other) for other in given)]
        # Where several are left, the one furthest down; where that does not decide either, the alphabet.
        # Classes that are each above the other are all lowest, or none is.
        return min(lowest or given, key=lambda term: (-len(self.over(term)), term.value), default=None)


def read_hierarchy(backend: Backend) -> Hierarchy:
    """Read which classes and properties are above which."""
    answer = backend.select(f"""{HEADER}
SELECT ?term ?super WHERE {{
  {{ ?term rdfs:subClassOf ?super }} UNION {{ ?term rdfs:subPropertyOf ?super }}
}}""")
    return hierarchy_of((term, over) for term, over in answer.rows)


def hierarchy_of(pairs: Iterable[tuple[Term | None, Term | None]]) -> Hierarchy:
    """Make a hierarchy of pairs of a term and one directly above it; pairs with anything but IRIs are left out."""
    direct: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for term, over in pairs:
        if isinstance(term, NamedNode) and isinstance(over, NamedNode):
            direct[term].add(over)
    return Hierarchy({term: _all_above(term, direct) for term in list(direct)})


def _all_above(term: NamedNode, direct: Mapping[NamedNode, AbstractSet[NamedNode]]) -> AbstractSet[NamedNode]:
    found: set[NamedNode] = set()
    ahead = [term]
    while ahead:
        new = direct.get(ahead.pop(), frozenset()) - found
        found |= new
        ahead += new
    return found - {term}


def read_types(backend: Backend, entities: Iterable[NamedNode]) -> Mapping[NamedNode, AbstractSet[NamedNode]]:
    """Read the classes of each entity."""
    types: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for block in blocks(entities):
        for entity, term in backend.select(f"{HEADER}SELECT ?entity ?class WHERE {{ {values('entity', block)} ?entity a ?class }}").rows:
            if isinstance(entity, NamedNode) and isinstance(term, NamedNode):
                types[entity].add(term)
    return types


def kinds_of(backend: Backend, entities: Iterable[NamedNode], context: Context, language: str | None) -> Mapping[NamedNode, Literal]:
    """Name the most specific class of each entity: by its label, or by its CURIE where it has none; an entity without a class is left out."""
    types = read_types(backend, entities)
    if not types:
        return {}
    hierarchy = read_hierarchy(backend)
    chosen = {entity: term for entity, classes in types.items() if (term := hierarchy.most_specific(classes))}
    labels = labels_of(backend, chosen.values(), context, language)
    return {entity: labels.get(term) or Literal(context.term(term)) for entity, term in chosen.items()}
