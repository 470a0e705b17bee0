"""Pages about releases: the list of them, what changed in each, and a feed in each language."""

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from schakel.interface_texts import word
from schakel.releases.changes import Changes
from schakel.releases.feed import feed
from schakel.releases.history import Step
from schakel.releases.rendering import Line, finding_line, line_of
from schakel.site.frame import View
from schakel.site.machines import address_of
from schakel.site.site import Site

__all__ = ["change_pages", "feeds"]

# So many changes are told on the page of a release; its patch has all.
_SHOWN = 2000
_FINDINGS = 100


def change_pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the list of releases, newest first, and a page of each; nothing where there are none."""
    if not site.steps:
        return
    for view in site.frame.views("changes/index.html"):
        yield site.frame.render(view, "changes.html.j2", steps=site.steps[::-1])
    for step in site.steps:
        for view in site.frame.views(f"changes/{step.release.version}.html", site.paths):
            yield _page(site, view, step)


def _page(site: Site, view: View, step: Step) -> tuple[str, bytes]:
    counts = {name: view.words.number(getattr(step.release, name)) for name in ("added", "removed")}
    of = 0 if step.changes is None else len(step.changes.changes)
    values = {
        "release": step.release,
        "counts": word("release_counts", view.language, **counts),
        "things": None if step.changes is None else _things(view, step.changes),
        "shown": min(of, _SHOWN),
        "of": of,
        "findings": [
            (word(name, view.language), [finding_line(each, view.language) for each in several[:_FINDINGS]], len(several))
            for name, several in (("diff_found", step.found), ("diff_mended", step.mended))
            if several
        ],
    }
    return site.frame.render(view, "release.html.j2", **values)


def _things(view: View, changes: Changes) -> list[tuple[str | None, str, Sequence[Line]]]:
    told: list[tuple[str | None, str, Sequence[Line]]] = []
    left = _SHOWN
    named = sorted(changes.by_thing().items(), key=lambda each: (changes.label(each[0], view.language).casefold(), each[0]))
    for iri, several in named:
        lines = [line_of(changes, change, view.language) for change in several[:left]]
        left -= len(lines)
        if lines:
            told.append((view.page_of(NamedNode(iri)), changes.label(iri, view.language), lines))
    return told


def feeds(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the feed of releases in each language; nothing where there are none."""
    if not site.steps:
        return
    frame = site.frame
    for view in frame.views("changes/feed.atom"):
        addresses = [address_of(frame.address, frame.prefix(view.language) + path) for path in ("changes/feed.atom", "changes/index.html", "changes/")]
        title = f"{view.text(frame.about.title)}: {view.words('Changes')}"
        about = frame.about
        content = feed(site.steps, base=about.base, title=title, author=about.publisher, language=view.language, addresses=addresses)
        yield view.path_in(view.language), content
