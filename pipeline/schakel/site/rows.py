"""Facts in rows under headings: one row a property, and where a row would be endless, further pages for the rest of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from schakel.lookup import Description, Fact, Group
from schakel.site.frame import View
from schakel.site.items import Item, Teller
from schakel.site.localization import message

__all__ = ["Page", "Row", "Section", "further_pages", "sections"]

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
    items: Sequence[Item]
    more: str | None = None
    left: int = 0


@dataclass(frozen=True)
class Section:
    """Rows under a heading; `key` names it within its page."""

    key: str
    title: Literal
    rows: Sequence[Row]

    @property
    def count(self) -> int:
        """Count the facts."""
        return sum(len(row.items) + row.left for row in self.rows)


@dataclass(frozen=True)
class Page:
    """A further page of an entity: the rest of one row, or a part of that rest; `first` is the path of the first page of the same row."""

    path: str
    row: Row
    number: int
    of: int
    first: str
    inferred: bool = False


def sections(description: Description, teller: Teller, view: View, path: str) -> tuple[list[Section], list[Page]]:
    """Give a description in sections, and the further pages that these leave facts to."""
    made: list[Section] = []
    further: list[Page] = []
    for group in description.groups:
        rows = []
        for row, facts in _rows(group, view):
            rest = _further(row, facts[_MOST:], teller, f"more/{path}", len(further))
            further += [replace(page, inferred=group.title_key == "inferred") for page in rest]
            items = teller.items(facts[:_MOST])
            rows.append(Row(row.property, row.label, row.incoming, items, rest[0].path if rest else None, max(len(facts) - _MOST, 0)))
        if rows:
            made.append(Section(_key(group), _title(group, view), rows))
    return made, further


def _rows(group: Group, view: View) -> Iterator[tuple[Row, Sequence[Fact]]]:
    """Bring facts of one property together; what refers to the thing by a property counts as one of its inverse, where it has one."""
    found: dict[tuple[NamedNode, bool], list[Fact]] = {}
    for fact in group.facts:
        inverse = view.frame.terms.inverses.get(fact.property) if fact.incoming else None
        key = (fact.property, fact.incoming) if inverse is None else (inverse, False)
        found.setdefault(key, []).append(fact)
    for (term, incoming), facts in found.items():
        yield Row(term, view.label(term), incoming, ()), facts


def _further(row: Row, rest: Sequence[Fact], teller: Teller, folder: str, before: int) -> list[Page]:
    parts = [rest[begin : begin + _ON_FURTHER_PAGES] for begin in range(0, len(rest), _ON_FURTHER_PAGES)]
    # What is on a further page is there as a whole; the place of its IRI is on the first.
    elsewhere = replace(teller, placed=set(teller.placed))
    rows = [Row(row.property, row.label, row.incoming, elsewhere.items(part)) for part in parts]
    teller.place(_nodes(rest))
    paths = [f"{folder}/{before + number}.html" for number in range(1, len(parts) + 1)]
    return [Page(each, part, number, len(parts), paths[0]) for number, (each, part) in enumerate(zip(paths, rows, strict=True), 1)]


def _nodes(facts: Iterable[Fact]) -> Iterator[NamedNode]:
    return (fact.value for fact in facts if isinstance(fact.value, NamedNode))


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
