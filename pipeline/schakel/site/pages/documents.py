"""Pages about the publication: its sources, its files, what was checked, how to cite it, and what it does not say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from schakel.findings import Finding
from schakel.namespaces import SK
from schakel.site.entity_index import Things
from schakel.site.frame import Link, View
from schakel.site.passages import Passage
from schakel.site.site import Site, download_forms, statements_in_graph

__all__ = ["document_pages"]

# So many sources are listed on one page.
_SOURCES_ON_A_PAGE = 200
# A report of more findings is for whoever mends them; `report.json` has all.
_MOST_FINDINGS = 1000
# So many open questions or differences are listed at once; canned queries have all.
_MOST_LIMITS = 100


def document_pages(site: Site, things: Things, passages: Mapping[str, Passage]) -> Iterator[tuple[str, bytes]]:
    """Give path and content of these pages, in every language."""
    frame = site.frame
    yield from _sources(site, things, passages)
    for view in frame.views("downloads.html"):
        yield frame.render(view, "downloads.html.j2", downloads=site.downloads, items=download_forms(site), asked=bool(site.queries))
    for view in frame.views("report.html", things.paths):
        findings = [(finding, _subject(finding, view)) for finding in site.findings[:_MOST_FINDINGS]]
        yield frame.render(view, "report.html.j2", findings=findings, of=len(site.findings))
    for view in frame.views("about.html", things.paths):
        differences, questions = (_linked(_of_class(things, term, view), view) for term in (SK.Difference, SK.OpenQuestion))
        yield frame.render(view, "about.html.j2", differences=differences, questions=questions, most=_MOST_LIMITS)
    yield _not_found(site)


def _sources(site: Site, things: Things, passages: Mapping[str, Passage]) -> Iterator[tuple[str, bytes]]:
    """Give the list of sources, on further pages where it is long."""
    cited = _cited(site, passages)
    for language in site.frame.languages:
        sources = _of_class(things, SK.SourceDocument, View(site.frame, language, "sources.html", things.paths))
        further = range(2, -(-len(sources) // _SOURCES_ON_A_PAGE) + 1)
        paths = ["sources.html", *(f"more/sources/{number}.html" for number in further)]
        for number, path in enumerate(paths):
            part = sources[number * _SOURCES_ON_A_PAGE : (number + 1) * _SOURCES_ON_A_PAGE]
            view = View(site.frame, language, path, things.paths)
            told = {"paths": paths, "number": number + 1, "of": len(sources)}
            yield site.frame.render(view, "sources.html.j2", sources=part, cited=cited, passages=passages, **told)


def _cited(site: Site, passages: Mapping[str, Passage]) -> Mapping[str, tuple[int, int]]:
    """Count for each source its passages that state something, and the statements that were read in it."""
    of_passages: Counter[str] = Counter()
    statements: Counter[str] = Counter()
    for name in site.dataset.graphs():
        passage = passages.get(name.value)
        if passage is not None:
            of_passages[passage.page] += site.names.is_passage(name)
            statements[passage.page] += statements_in_graph(site, name)
    return {page: (of_passages[page], statements[page]) for page in statements}


def _of_class(things: Things, term: NamedNode, view: View) -> list[tuple[str, Literal]]:
    return things.sorted(things.classes.get(term, ()), view.language)


def _linked(things: Sequence[tuple[str, Literal]], view: View) -> list[tuple[Link | None, Literal]]:
    return [(view.link(NamedNode(iri)), label) for iri, label in things]


def _subject(finding: Finding, view: View) -> str:
    if finding.focus is None:
        return ""
    label = view.text(finding.focus.label)
    return f"{label} ({finding.focus.node})" if label else finding.focus.node


def _not_found(site: Site) -> tuple[str, bytes]:
    """Give the page for addresses that lead nowhere. A server shows it at any depth, so that its links are absolute."""
    frame = site.frame
    view = View(frame, frame.languages[0], "404.html", {})
    path, content = frame.render(view, "404.html.j2")
    return path, content
