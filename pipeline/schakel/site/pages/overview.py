"""The first page, the lists by kind, and the search page."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from schakel.namespaces import SK
from schakel.queries import CannedQuery
from schakel.site.frame import Alternate, View
from schakel.site.site import Site, download_forms, statements_in_graph
from schakel.site.things import Kind, Things
from schakel.structured_data import dataset_document, script

__all__ = ["DESCRIPTIONS", "overview_pages"]

# What describes the dataset to machines.
DESCRIPTIONS: Final = (Alternate("void.ttl", "text/turtle", "VoID"), Alternate("catalog.ttl", "text/turtle", "DCAT"))
# So many things are listed on one page.
_ON_A_PAGE: Final = 500
_FEATURED: Final = 8
_SHOWN_PICTURES: Final = 6
_PICTURES: Final = ("network", "tree", "ownership", "timeline")


def overview_pages(site: Site, things: Things) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the first page, of the lists by kind, and of the search page, in every language."""
    frame = site.frame
    for view in frame.views("index.html"):
        yield frame.render(view, "home.html.j2", **_home(site, things, view))
    for view in frame.views("browse.html"):
        yield frame.render(view, "browse.html.j2", kinds=_kinds(things, view))
    for view in frame.views("search.html"):
        yield frame.render(view, "search.html.j2", lists=[(view.to(f"{kind.path}.html"), label.value) for kind, label in _kinds(things, view)])
    for kind in things.kinds:
        yield from _lists(site, things, kind)


def _home(site: Site, things: Things, view: View) -> dict[str, object]:
    read = [name for name in site.dataset.graphs() if site.names.is_passage(name) or name.value in things.passages]
    kinds = _kinds(things, view)
    featured = sorted((item for item in kinds if things.is_sought(item[0])), key=lambda item: -len(item[0].things))[:_FEATURED]
    return {
        "kinds": featured,
        "passages": sum(1 for name in read if site.names.is_passage(name)),
        "statements": sum(statements_in_graph(site, name) for name in read),
        "inferred": statements_in_graph(site, site.names.inferred),
        "sources": len(things.classes.get(SK.SourceDocument, ())),
        "answered": site.ask is not None,
        "embedded": site.schema is not None,
        "things_count": len(things.kind_of),
        "pictured": _pictured(site.queries) if site.ask is not None else [],
        "queries": site.queries,
        "items": download_forms(site),
        "alternates": DESCRIPTIONS,
        "entity": site.frame.about.dataset,
        "jsonld": Markup(script(dataset_document(site.frame.about, site.downloads, view.language, view.absolute(view.path)))),  # noqa: S704  # escaped there
        "types": ("http://www.w3.org/ns/dcat#Dataset",),
    }


def _pictured(queries: Sequence[CannedQuery]) -> list[CannedQuery]:
    """Give some queries whose answers are pictures, of as many kinds of picture as there are."""
    by_kind: dict[str, list[CannedQuery]] = {}
    for query in queries:
        by_kind.setdefault(query.picture, []).append(query)
    told = [by_kind.get(picture, []) for picture in _PICTURES]
    return [query for turn in zip_longest(*told) for query in turn if query is not None][:_SHOWN_PICTURES]


def _kinds(things: Things, view: View) -> list[tuple[Kind, Literal]]:
    """Give the kinds with what they are called, as in a register."""
    named = [(kind, view.label(kind.term)) for kind in things.kinds]
    return sorted(named, key=lambda item: (item[1].value.casefold(), item[0].path))


def _lists(site: Site, things: Things, kind: Kind) -> Iterator[tuple[str, bytes]]:
    narrower = len(things.classes.get(kind.term, ())) > len(kind.things)
    for language in site.frame.languages:
        entries = things.sorted(kind.things, language)
        parts = [entries[begin : begin + _ON_A_PAGE] for begin in range(0, len(entries), _ON_A_PAGE)]
        for number, part in enumerate(parts, 1):
            view = View(site.frame, language, _part(kind, number), things.paths)
            around = [(at, _part(kind, at)) for at in range(1, len(parts) + 1)]
            label = view.label(kind.term)
            yield site.frame.render(view, "kind.html.j2", kind=kind, label=label, entries=part, number=number, parts=around, of=len(entries), narrower=narrower)


def _part(kind: Kind, number: int) -> str:
    return f"{kind.path}.html" if number == 1 else f"{kind.path}/{number}.html"
