"""With whom a thing works together: one entry a partner, with each way in which the two meet, found by the terms of ORG and by ties and seats."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Fact, Source, Statement, fold
from schakel.namespaces import PREFIXES, RDF, SK, Namespace
from schakel.site.descriptions import Telling
from schakel.site.localization import Words
from schakel.site.node_values import since_of

__all__ = ["Partner", "PartnerPage", "Way", "is_told", "pages_of", "partners_of"]

_ORG: Final = Namespace(PREFIXES["org"])

# So many partners are on the page of a thing, and on each further page.
_MOST: Final = 100
_ON_FURTHER_PAGES: Final = 300
# What leads from a fact to the thing whose page it is: by which property the fact leads to the partner, and whether the thing comes first in it.
_LINKS: Final[Mapping[NamedNode, tuple[NamedNode, bool]]] = {
    _ORG.member: (_ORG.organization, True),
    _ORG.organization: (_ORG.member, False),
    SK.tieOf: (SK.tieWith, True),
    SK.tieWith: (SK.tieOf, False),
    SK.seatOf: (_ORG.postIn, True),
}
# Statements that say no more than that there is such a fact, or what it says without its role.
_SHORT: Final = frozenset({_ORG.hasMembership, SK.hasTie, SK.tiedBy, SK.hasParticipation, _ORG.memberOf, _ORG.hasMember, SK.holdsSeat})
_DIRECT: Final[Mapping[NamedNode, bool]] = {_ORG.memberOf: True, _ORG.hasMember: False}
_TOLD: Final = frozenset({RDF.type, _ORG.role, SK.tieKind, SK.sharePercentage, _ORG.memberDuring, SK.statedIn, SK.heldBy, *_LINKS})


@dataclass(frozen=True)
class Way:
    """How a thing and its partner meet.

    `kind` is belongs, owns, works or board; `first` says that the thing takes part or owns, and not the partner; `fact` is what says so, None where it is
    a bare statement; `rest` is what else is said of it.
    """

    kind: str
    first: bool
    words: str
    since: str
    fact: NamedNode | None
    rest: Sequence[Fact]
    sources: Sequence[Source]


@dataclass(frozen=True)
class Partner:
    """A partner with the ways in which the two meet."""

    node: NamedNode
    name: Literal
    ways: Sequence[Way]
    kind: Literal | None = None

    @property
    def kinds(self) -> list[str]:
        """The kinds of its ways, each once."""
        return list(dict.fromkeys(way.kind for way in self.ways))

    @property
    def sources(self) -> list[Source]:
        """All passages that speak of any of its ways."""
        return list(dict.fromkeys(source for way in self.ways for source in way.sources))


@dataclass(frozen=True)
class PartnerPage:
    """A page of partners: the first is that of the thing itself."""

    path: str
    partners: Sequence[Partner]
    number: int


def pages_of(partners: Sequence[Partner], path: str) -> list[PartnerPage]:
    """Put partners on pages, of which the first is that of the thing, whose path without suffix is given."""
    starts = [0, *range(_MOST, len(partners), _ON_FURTHER_PAGES)]
    paths = [f"{path}.html", *(f"more/{path}/partners-{number}.html" for number in range(1, len(starts)))]
    ends = [*starts[1:], len(partners)]
    return [PartnerPage(each, partners[start:end], number) for number, (each, start, end) in enumerate(zip(paths, starts, ends, strict=True))]


def partners_of(telling: Telling, entity: NamedNode, words: Words) -> tuple[list[Partner], frozenset[Term]]:
    """Give the partners of a thing, most mentioned first; and the facts that say so, which need not be told again."""
    about = telling.about
    found: dict[NamedNode, list[Way]] = {}
    told: set[Term] = set()
    for fact, other, first in sorted(dict.fromkeys(_links(telling, entity)), key=lambda each: (each[0].value, each[1].value)):
        told.add(fact)
        found.setdefault(other, []).append(_way(telling, fact, words, first=first))
    for one in (*about.outgoing.get(entity, ()), *about.incoming.get(entity, ())):
        direct = _DIRECT.get(one.predicate)
        if direct is not None and not one.is_inferred and isinstance(one.value, NamedNode):
            outgoing = one.subject == entity
            other = one.value if outgoing else one.subject
            if other != entity and other not in found:
                sentence = words("takes part") if direct == outgoing else words("takes part here")
                found[other] = [Way("belongs", direct == outgoing, sentence, "", None, (), telling.stated([one]))]
    partners = [Partner(node, telling.name(node), ways, telling.kind(node)) for node, ways in found.items()]
    told |= set(found) if found else set()
    ordered = sorted(partners, key=lambda each: (-len(each.sources), fold(each.name.value), each.node.value))
    return ordered, frozenset(told)


def is_told(fact: Fact, told: frozenset[Term]) -> bool:
    """Tell whether a fact says only what the partners have said."""
    return fact.value in told and (fact.property in _SHORT or fact.property in _LINKS)


def _links(telling: Telling, entity: NamedNode) -> Iterator[tuple[NamedNode, NamedNode, bool]]:
    for one in telling.about.incoming.get(entity, ()):
        link = _LINKS.get(one.predicate)
        if link is not None:
            ends = [each for each in telling.about.outgoing.get(one.subject, ()) if each.predicate == link[0]]
            # A seat is stated of a board; that it is one of the organisation, too, follows.
            stated = [each for each in ends if not each.is_inferred] or ends
            yield from ((one.subject, each.value, link[1]) for each in stated if isinstance(each.value, NamedNode) and each.value != entity)


def _way(telling: Telling, fact: NamedNode, words: Words, *, first: bool) -> Way:
    said = [one for one in telling.about.outgoing.get(fact, ()) if not one.is_inferred]
    kind, sentence = _sentence(telling, fact, said, words, first=first)
    rest = telling.facts([one for one in said if one.predicate not in _TOLD], fact)
    return Way(kind, first, sentence, since_of(telling, said, words), fact, rest, telling.stated(said))


def _sentence(telling: Telling, fact: NamedNode, said: Sequence[Statement], words: Words, *, first: bool) -> tuple[str, str]:
    """Say in which way, and in which words: those of the reader's language."""
    role = words.several(sorted({telling.name(one.value).value for one in said if one.predicate == _ORG.role and isinstance(one.value, NamedNode)}))
    if any(one.predicate in {SK.tieOf, SK.tieWith} for one in said):
        ties = sorted({telling.name(one.value).value for one in said if one.predicate == SK.tieKind and isinstance(one.value, NamedNode)})
        return "works", words.several(ties) or words("works together")
    if any(one.predicate == SK.seatOf for one in said):
        return "board", words("has a seat: %(role)s", role=role) if role else words("has a seat")
    if SK.Shareholding in telling.about.types.get(fact, ()):
        share = next((words.share(one.value.value) for one in said if one.predicate == SK.sharePercentage and isinstance(one.value, Literal)), "")
        if not share:
            return "owns", words("owns a share") if first else words("owns a share of this")
        return "owns", words("owns %(share)s", share=share) if first else words("owns %(share)s of this", share=share)
    if not role:
        return "belongs", words("takes part") if first else words("takes part here")
    return "belongs", words("takes part: %(role)s", role=role) if first else words("takes part here: %(role)s", role=role)
