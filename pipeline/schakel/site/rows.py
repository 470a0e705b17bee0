"""Facts in rows under headings: one row a property, and where a row would be endless, further pages for the rest of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.graph import Term
from schakel.lookup import Description, Fact, Group
from schakel.namespaces import RDF
from schakel.site.frame import View
from schakel.site.words import message

__all__ = ["Nameless", "Page", "Row", "Section", "further_pages", "nameless", "sections"]

# So many facts of one property are read on one page; whoever wants all takes a file of data.
_MOST: Final = 25
_ON_FURTHER_PAGES: Final = 300

_TITLES: Final = {
    "names": message("Names"),
    "kind": message("What it is"),
    "statements": message("What is said of it"),
    "referred_to": message("Where it is spoken of"),
    "inferred": message("What follows by reasoning"),
    "open": message("What is open"),
}


@dataclass(frozen=True)
class Row:
    """Facts of one property. `incoming` says that the others refer to the thing by it; `more` is the path of the page with the rest, `left` so many."""

    property: NamedNode
    label: Literal
    incoming: bool
    facts: Sequence[Fact]
    more: str | None = None
    left: int = 0


@dataclass(frozen=True)
class Nameless:
    """A thing without a name, told by what it is about: a membership by the body, then the role. `kind` is its class, where that is told."""

    heads: Sequence[Fact]
    rest: Sequence[Fact]
    kind: Literal | None


def nameless(fact: Fact, view: View) -> Nameless | None:
    """Give how to tell the other end of a fact where that has no name; None where it has one."""
    if not fact.inner or fact.is_named:
        return None
    kind = next((inner.value_label for inner in fact.inner if inner.property == RDF.type), None)
    told = [inner for inner in fact.inner if inner.property != RDF.type]
    heads = [inner for inner in told if isinstance(inner.value, NamedNode) and view.frame.context.is_own(inner.value) and not inner.inner]
    # Of several it would not be plain which is what.
    heads = heads if len(heads) == 1 else []
    return Nameless(heads, [inner for inner in told if inner not in heads], kind)


@dataclass(frozen=True)
class Section:
    """Rows under a heading; `key` names it within its page."""

    key: str
    title: Literal
    rows: Sequence[Row]

    @property
    def is_inferred(self) -> bool:
        """Tell whether it holds what follows by reasoning."""
        return self.key == "inferred"

    @property
    def count(self) -> int:
        """Count the facts."""
        return sum(len(row.facts) + row.left for row in self.rows)


@dataclass(frozen=True)
class Page:
    """A further page of an entity: the rest of one row, or a part of that rest; `first` is the path of the first page of the same row."""

    path: str
    row: Row
    number: int
    of: int
    inferred: bool
    first: str


def sections(description: Description, view: View, path: str, before: int = 0) -> tuple[list[Section], list[Page]]:
    """Give a description in sections, and the further pages that these leave facts to, numbered after those `before`."""
    made: list[Section] = []
    further: list[Page] = []
    told = {fact.value for group in description.groups if group.title_key != "inferred" for fact in group.facts}
    for group in description.groups:
        rows = []
        for row in _rows(_news(group, told), view):
            rest = _further(row, path, before + len(further), inferred=group.title_key == "inferred")
            further += rest
            left = len(row.facts) - _MOST if rest else 0
            rows.append(Row(row.property, row.label, row.incoming, row.facts[:_MOST] if rest else row.facts, rest[0].path if rest else None, left))
        if rows:
            made.append(Section(_key(group), _title(group, view), rows))
    return made, further


def _news(group: Group, told: Collection[Term]) -> Group:
    """Of what follows, leave out that a thing without a name, told of on this page, is linked in a more general way, too: that tells a reader nothing."""
    if group.title_key != "inferred":
        return group
    return replace(group, facts=tuple(fact for fact in group.facts if fact.value not in told or fact.is_named))


def _rows(group: Group, view: View) -> Iterator[Row]:
    """Bring facts of one property together; what refers to the thing by a property counts as one of its inverse, where it has one."""
    found: dict[tuple[NamedNode, bool], list[Fact]] = {}
    for fact in group.facts:
        inverse = view.frame.terms.inverses.get(fact.property) if fact.incoming else None
        key = (fact.property, fact.incoming) if inverse is None else (inverse, False)
        found.setdefault(key, []).append(fact)
    for (term, incoming), facts in found.items():
        yield Row(term, view.label(term), incoming, facts)


def _further(row: Row, path: str, before: int, *, inferred: bool) -> list[Page]:
    if len(row.facts) <= _MOST:
        return []
    rest = row.facts[_MOST:]
    parts = [rest[begin : begin + _ON_FURTHER_PAGES] for begin in range(0, len(rest), _ON_FURTHER_PAGES)]
    rows = [Row(row.property, row.label, row.incoming, part) for part in parts]
    paths = [f"more/{path}/{before + number}.html" for number in range(1, len(parts) + 1)]
    return [Page(each, part, number, len(parts), inferred, paths[0]) for number, (each, part) in enumerate(zip(paths, rows, strict=True), 1)]


def _key(group: Group) -> str:
    return group.title_key.rpartition("/")[2].rpartition("#")[2]


def _title(group: Group, view: View) -> Literal:
    known: Mapping[str, str] = _TITLES
    return Literal(view.words(known[group.title_key])) if group.title_key in known else view.label(NamedNode(group.title_key))


def further_pages(pages: Sequence[Page], page: Page) -> tuple[Page | None, Page | None]:
    """Give the page before and the page after one, of the same row."""
    same = [other for other in pages if other.first == page.first]
    at = same.index(page)
    return (same[at - 1] if at else None, same[at + 1] if at + 1 < len(same) else None)
