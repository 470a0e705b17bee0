"""What a reader wants to know of a thing first: who or what it is, with how many it works, and the facts that fit in a box."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.lookup import Description, Fact, Source
from schakel.namespaces import DCT, FOAF, PREFIXES, PROV, RDF, RDFS, SK, Namespace
from schakel.site.descriptions import Telling
from schakel.site.frame import View
from schakel.site.localization import Words, message
from schakel.site.node_values import count_of, date_of
from schakel.site.partners import Partner

__all__ = ["Difference", "KeyFact", "Question", "Side", "differences_of", "key_facts", "lead_of", "questions_of", "sentence"]

_ORG: Final = Namespace(PREFIXES["org"])
_SCHEMA: Final = Namespace(PREFIXES["schema"])
_TIME: Final = Namespace(PREFIXES["time"])
# The key facts, in this order.
_KEYS: Final = (
    *(SK.legalForm, _ORG.hasPrimarySite, _ORG.hasSite, DCT.spatial, _TIME.hasTime, SK.hasStatedCount),
    *(_SCHEMA.hasCertification, _ORG.unitOf, SK.reportOf, SK.placeKind, FOAF.homepage, _SCHEMA.url),
)
_MOST: Final = 6
# Classes that say nothing of what is in them.
_ANYTHING: Final = frozenset({PROV.Entity, NamedNode(f"{PREFIXES['owl']}Thing"), RDFS.Resource})
# What these are called in the box.
_CALLED: Final = {
    _ORG.classification: message("kind"),
    _ORG.hasPrimarySite: message("main site"),
    _ORG.hasSite: message("other sites"),
    DCT.spatial: message("region or place"),
    _SCHEMA.hasCertification: message("recognition"),
    FOAF.homepage: message("website"),
    _SCHEMA.url: message("website"),
}


@dataclass(frozen=True)
class KeyFact:
    """A fact in short: what it is about, and each value with where it leads to, if anywhere."""

    label: Literal
    values: Sequence[tuple[NamedNode | None, Literal]]


@dataclass(frozen=True)
class Side:
    """What one source says where others say something else; `about` is the fact that it is about."""

    name: Literal
    node: NamedNode
    about: NamedNode | None
    sources: Sequence[Source]


@dataclass(frozen=True)
class Difference:
    """What sources say differently, with each side; `kind` says whether both can hold."""

    node: NamedNode
    topic: Literal
    kind: Literal | None
    sides: Sequence[Side]


@dataclass(frozen=True)
class Question:
    """What is open, about the thing or a part of it."""

    node: NamedNode
    text: Literal
    about: NamedNode | None
    sources: Sequence[Source]


def lead_of(telling: Telling, entity: NamedNode) -> Literal | None:
    """Give the description of a thing in the language that the reader knows best."""
    return telling.best(one.value for one in telling.about.outgoing.get(entity, ()) if one.predicate == DCT.description)


def sentence(partners: Sequence[Partner], words: Words) -> str:
    """Say with how many a thing works, and how; empty where it does with none."""

    def count(kind: str, *, first: bool) -> int:
        return sum(1 for partner in partners if any(way.kind == kind and way.first == first for way in partner.ways))

    bodies, shares, boards = count("belongs", first=True), count("owns", first=True), count("board", first=True)
    others, members, owners = count("works", first=True) + count("works", first=False), count("belongs", first=False), count("owns", first=False)
    told = (
        words.many("takes part in %(count)s body", "takes part in %(count)s bodies", bodies) if bodies else "",
        words.many("owns a share of %(count)s organisation", "owns a share of %(count)s organisations", shares) if shares else "",
        words.many("has a seat on %(count)s board", "has a seat on %(count)s boards", boards) if boards else "",
        words.many("works with %(count)s other", "works with %(count)s others", others) if others else "",
        words.many("%(count)s takes part in it", "%(count)s take part in it", members) if members else "",
        words.many("%(count)s owns a share of it", "%(count)s own a share of it", owners) if owners else "",
    )
    return words.several([each for each in told if each])


def key_facts(telling: Telling, description: Description, view: View) -> list[KeyFact]:
    """Give the facts that fit in a box: what kind it is, where, how many, since when."""
    facts = [fact for group in description.groups if group.title_key not in {"inferred", "names"} for fact in group.facts if not fact.incoming]
    types = [fact for fact in facts if fact.property == RDF.type]
    kinds = [fact for fact in facts if fact.property == _ORG.classification] or [fact for fact in types if fact.value not in _ANYTHING] or types
    found = [_short(kinds, view.words)] if kinds else []
    for key in _KEYS:
        of_key = [fact for fact in facts if fact.property == key]
        if key == SK.hasStatedCount:
            found += _counts(telling, of_key, view.words)
        elif key == _TIME.hasTime:
            dates = [(None, Literal(text)) for fact in of_key if (text := date_of(telling, fact.value, view.words))]
            found += [KeyFact(Literal(view.words("began")), dates)] if dates else []
        elif of_key:
            found.append(_short(of_key, view.words))
    return found


def _short(facts: Sequence[Fact], words: Words) -> KeyFact:
    values = [(fact.value if isinstance(fact.value, NamedNode) else None, fact.value_label or _literal(fact)) for fact in facts[:_MOST]]
    called = _CALLED.get(facts[0].property)
    return KeyFact(facts[0].property_label if called is None else Literal(words(called)), values)


def _literal(fact: Fact) -> Literal:
    return fact.value if isinstance(fact.value, Literal) else Literal(str(fact.value))


def _counts(telling: Telling, facts: Sequence[Fact], words: Words) -> Iterator[KeyFact]:
    for fact in facts[:_MOST]:
        count = count_of(telling, fact.value, words)
        if count is not None:
            yield KeyFact(count.counted, [(fact.value if isinstance(fact.value, NamedNode) else None, Literal(count.number))])


def differences_of(telling: Telling, entity: NamedNode) -> list[Difference]:
    """Give what sources say differently about a thing."""
    found = []
    for node in _about(telling, entity, SK.Difference, SK.differenceAbout):
        said = [one for one in telling.about.outgoing.get(node, ()) if not one.is_inferred]
        sides = [one.value for one in said if one.predicate == SK.hasSide and isinstance(one.value, NamedNode)]
        kind = next((one.value for one in said if one.predicate == SK.differenceKind and isinstance(one.value, NamedNode)), None)
        topic = telling.best(one.value for one in said if one.predicate == SK.topic) or telling.name(node)
        told = [_side(telling, side) for side in sorted(sides, key=lambda side: side.value)]
        found.append(Difference(node, topic, None if kind is None else telling.name(kind), told))
    return found


def _side(telling: Telling, node: NamedNode) -> Side:
    said = [one for one in telling.about.outgoing.get(node, ()) if not one.is_inferred]
    about = next((one.value for one in said if one.predicate == SK.sideAbout and isinstance(one.value, NamedNode)), None)
    return Side(telling.name(node), node, about, telling.stated(said))


def questions_of(telling: Telling, entity: NamedNode) -> list[Question]:
    """Give what is open about a thing and its parts."""
    found = []
    for node in _about(telling, entity, SK.OpenQuestion, SK.questionAbout):
        said = [one for one in telling.about.outgoing.get(node, ()) if not one.is_inferred]
        about = next((one.value for one in said if one.predicate == SK.questionAbout and isinstance(one.value, NamedNode) and one.value != entity), None)
        found.append(Question(node, telling.name(node), about, telling.stated(said)))
    return found


def _about(telling: Telling, entity: NamedNode, of_class: NamedNode, link: NamedNode) -> list[NamedNode]:
    """Give the parts of a thing that are of a class, and what is linked with it."""
    types: Mapping[NamedNode, frozenset[NamedNode]] = telling.about.types
    parts = [node for node in telling.about.parts.get(entity.value, ()) if of_class in types.get(node, ())]
    linked = [one.subject for one in telling.about.incoming.get(entity, ()) if one.predicate == link and not one.is_inferred]
    return sorted({*parts, *linked}, key=lambda node: node.value)
