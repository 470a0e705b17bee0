"""The first page, the lists by kind, and the search page."""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from schakel.namespaces import SK
from schakel.queries import CannedQuery
from schakel.site.entity_index import Kind, Things
from schakel.site.frame import Alternate, View
from schakel.site.material import Material
from schakel.site.pictures import draw
from schakel.site.site import Site, download_forms
from schakel.structured_data import dataset_document, script

__all__ = ["DESCRIPTIONS", "overview_pages"]

# What describes the dataset to machines.
DESCRIPTIONS: Final = (Alternate("void.ttl", "text/turtle", "VoID"), Alternate("catalog.ttl", "text/turtle", "DCAT"))
# So many things are listed on one page.
_ON_A_PAGE: Final = 500
_FEATURED: Final = 8
_MOST_DRAWN: Final = 12
# Of which kind the picture of the first page is, the one most wanted first.
_PICTURES: Final = ("ownership", "network", "tree", "timeline", "bars")


def overview_pages(material: Material) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the first page, of the lists by kind, and of the search page, in every language."""
    site, things = material.site, material.things
    frame = site.frame
    for view in frame.views("index.html", things.paths):
        yield frame.render(view, "home.html.j2", **_home(material, view))
    for view in frame.views("browse.html"):
        yield frame.render(view, "browse.html.j2", kinds=_kinds(things, view))
    for view in frame.views("search.html"):
        yield frame.render(view, "search.html.j2", lists=[(view.to(f"{kind.path}.html"), label.value) for kind, label in _kinds(things, view)])
    for kind in things.kinds:
        yield from _lists(site, things, kind)


def _home(material: Material, view: View) -> dict[str, object]:
    site, things = material.site, material.things
    read = [name for name in site.dataset.graphs() if site.names.is_passage(name) or name.value in things.passages]
    sought = [item for item in _kinds(things, view) if things.is_sought(item[0])]
    picture, pictured = _picture(site, view)
    shown = [iri for kind, _ in sought for iri in kind.things]
    example = material.neighbours.most_told(shown)
    return {
        "kinds": sorted(sought, key=lambda item: -len(item[0].things))[:_FEATURED],
        "passages": sum(1 for name in read if site.names.is_passage(name)),
        "sources": len(things.classes.get(SK.SourceDocument, ())),
        "things_count": len(shown),
        "example": None if example is None else (view.to(f"{things.paths[example]}.html"), things.label(example, view.language)),
        "picture": picture,
        "pictured": pictured,
        "question": next(iter(site.queries), None) if pictured is None else pictured,
        "questions": len(site.queries),
        "answered": site.ask is not None,
        "dump": next((each for each in site.downloads if each.file == "graph.ttl"), None),
        "items": download_forms(site),
        "alternates": DESCRIPTIONS,
        "entity": site.frame.about.dataset,
        "jsonld": Markup(script(dataset_document(site.frame.about, site.downloads, view.language, view.absolute(view.path)))),  # noqa: S704  # escaped there
        "types": ("http://www.w3.org/ns/dcat#Dataset",),
    }


def _picture(site: Site, view: View) -> tuple[Markup | None, CannedQuery | None]:
    """Draw the answer of the first query that has a picture of the kind most worth a look, and can be drawn; what is drawn of it is little."""
    for kind in _PICTURES if site.ask is not None else ():
        for query in site.queries:
            answer = site.ask(query, view.language) if query.picture == kind and site.ask is not None else None
            drawn = None if answer is None else draw(kind, answer, view.page_of, view.words, most=_MOST_DRAWN)
            if drawn is not None:
                return drawn, query
    return None, None


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
