"""Which classes the properties of an ontology lead from and to, each relation once: an inverse and a narrower property are told beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from schakel.namespaces import OWL, RDF, RDFS
from schakel.site.ontology import CLASSES, Said, of_class

__all__ = ["Relation", "Relations", "relations_in"]

# What everything is says nothing.
_EVERYTHING = frozenset({OWL.Thing, RDFS.Resource})


@dataclass(frozen=True)
class Relation:
    """A property that leads from things of one class to things of another; None where no class is named.

    `inverses` say the same the other way round, and `narrower` properties link the same classes more closely.
    """

    property: NamedNode
    start: NamedNode | None
    end: NamedNode | None
    inverses: tuple[NamedNode, ...]
    narrower: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Relations:
    """The relations of each class, the classes that it is a kind of, and those that are kinds of it."""

    of: Mapping[NamedNode, Sequence[Relation]]
    above: Mapping[NamedNode, Sequence[NamedNode]]
    below: Mapping[NamedNode, Sequence[NamedNode]]


_Ends = tuple[tuple[NamedNode, ...], tuple[NamedNode, ...]]


def relations_in(said: Mapping[NamedNode, Said]) -> Relations:
    """Find the relations of an ontology."""
    classes = frozenset(of_class(said, CLASSES))
    inverses = _inverses(said)
    ends = {node: _ends(node, said, inverses) for node in said if _leads_to_things(said[node], classes)}
    drawn = _one_of_inverses(ends, inverses, said)
    narrower = _narrower(drawn, ends, said)
    hidden = {node for nodes in narrower.values() for node in nodes}
    found: defaultdict[NamedNode, list[Relation]] = defaultdict(list)
    for node, others in drawn.items():
        starts, stops = ends[node]
        for start in () if node in hidden else starts or (None,):
            for end in stops or (None,):
                for term in dict.fromkeys(term for term in (start, end) if term in classes and term is not None):
                    found[term].append(Relation(node, start, end, others, tuple(narrower.get(node, ()))))
    above = {node: [each for each in _named(said[node], RDFS.subClassOf) if each != node] for node in classes}
    below: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node in sorted(classes, key=lambda node: node.value):
        for each in above[node]:
            below[each].append(node)
    return Relations(found, above, below)


def _named(properties: Said, *wanted: NamedNode) -> tuple[NamedNode, ...]:
    return tuple(each for term in wanted for each in properties.get(term, ()) if isinstance(each, NamedNode) and each not in _EVERYTHING)


def _leads_to_things(properties: Said, classes: frozenset[NamedNode]) -> bool:
    kinds = properties.get(RDF.type, ())
    return OWL.ObjectProperty in kinds or (RDF.Property in kinds and not classes.isdisjoint(_named(properties, RDFS.range)))


def _inverses(said: Mapping[NamedNode, Said]) -> dict[NamedNode, dict[NamedNode, None]]:
    found: defaultdict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
    for node, properties in said.items():
        for other in _named(properties, OWL.inverseOf):
            if other != node:
                found[node][other] = None
                found[other][node] = None
    return found


def _ends(node: NamedNode, said: Mapping[NamedNode, Said], inverses: Mapping[NamedNode, Iterable[NamedNode]]) -> _Ends:
    """Give the classes that a property leads from and to; what it does not say itself its inverses may."""
    backwards = [said[other] for other in inverses.get(node, ()) if other in said]
    starts = _named(said[node], RDFS.domain) or tuple(each for properties in backwards for each in _named(properties, RDFS.range))
    ends = _named(said[node], RDFS.range) or tuple(each for properties in backwards for each in _named(properties, RDFS.domain))
    return tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(ends))


def _one_of_inverses(
    ends: Mapping[NamedNode, _Ends], inverses: Mapping[NamedNode, Iterable[NamedNode]], said: Mapping[NamedNode, Said]
) -> dict[NamedNode, tuple[NamedNode, ...]]:
    """Choose one of each pair of inverses, the one that says more of itself; and give the others by it."""
    chosen: dict[NamedNode, tuple[NamedNode, ...]] = {}
    told: set[NamedNode] = set()
    for node in sorted(ends, key=lambda node: (-len(_named(said[node], RDFS.domain, RDFS.range)), OWL.inverseOf in said[node], node.value)):
        if node not in told:
            chosen[node] = tuple(each for each in inverses.get(node, ()) if each in ends and each not in chosen)
            told.update(chosen[node])
    return chosen


def _narrower(drawn: Iterable[NamedNode], ends: Mapping[NamedNode, _Ends], said: Mapping[NamedNode, Said]) -> dict[NamedNode, list[NamedNode]]:
    """Give by property those that are narrower and link the same classes."""
    candidates = sorted(drawn, key=lambda node: node.value)
    known, hidden = frozenset(candidates), set[NamedNode]()
    found: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node in candidates:
        over = next((each for each in _above(node, said) if each in known and each not in hidden and ends[each] == ends[node]), None)
        if over is not None:
            hidden.add(node)
            found[over].append(node)
    # What was put below another before that went below a third is told with the third.
    return {top: sorted(_all_below(top, found), key=lambda node: node.value) for top in found if top not in hidden}


def _above(node: NamedNode, said: Mapping[NamedNode, Said]) -> list[NamedNode]:
    """Give all properties above one, nearest first."""
    met, ahead = {node: None}, [node]
    for each in ahead:
        fresh = [over for over in _named(said.get(each, {}), RDFS.subPropertyOf) if over not in met]
        met.update(dict.fromkeys(fresh))
        ahead += fresh
    return ahead[1:]


def _all_below(top: NamedNode, found: Mapping[NamedNode, Sequence[NamedNode]]) -> list[NamedNode]:
    below = list(found.get(top, ()))
    for each in below:
        below += found.get(each, ())
    return below
