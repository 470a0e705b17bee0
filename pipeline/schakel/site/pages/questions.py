"""The pages of canned queries: the question, the answer as a table and a picture, and the SPARQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from schakel.answers import Answer, shown, write_terms_once
from schakel.cache import key_of
from schakel.file_bundle import packed, unpacked
from schakel.graph import Term
from schakel.queries import CannedQuery, differs_each_time
from schakel.site import pictures
from schakel.site.entity_index import Things
from schakel.site.frame import View
from schakel.site.headings import heading_texts, naming_columns
from schakel.site.material import Material
from schakel.site.query_form import ask_settings, editor_settings, examples, suggestions_for
from schakel.site.site import Site

__all__ = ["Cell", "question_lists", "question_pages"]

# So many rows are read on a page; the files with the whole answer stand beside it.
_MOST_ROWS: Final = 400


@dataclass(frozen=True)
class Cell:
    """A cell of an answer's table: the term, and the text to show for it."""

    term: Term | None
    text: str
    language: str | None


def question_lists(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the list of all queries, and of the page for questions of one's own."""
    frame = site.frame
    for view in frame.views("queries/index.html"):
        yield frame.render(view, "queries.html.j2", categories=_by_category(site.queries, view), answered=site.ask is not None)
    if frame.editor:
        for view in frame.views("sparql.html"):
            yield frame.render(view, "sparql.html.j2", editor=editor_settings(view), examples=examples(view, site.queries))


def question_pages(material: Material, common: str) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the page of each query. Pages that were made before of the same are taken from the cache."""
    site, cache = material.site, material.site.cache
    for query in site.queries:
        name = key_of(common, site.graph, str(site.ask is None), query.name, query.text)
        kept = None if differs_each_time(query.text) else cache.get("questions", name)
        if kept is None:
            kept = packed(_pages(site, material.things, query))
            cache.put("questions", name, kept)
        yield from unpacked(kept)


def _pages(site: Site, things: Things, query: CannedQuery) -> Iterator[tuple[str, bytes]]:
    for view in site.frame.views(f"queries/{query.name}.html", things.paths):
        answer = None if site.ask is None else site.ask(query, view.language)
        columns = [] if answer is None else _columns(answer)
        path = None if answer is None else _answer_path(site, view, query)
        fields = [each for each in query.asks if site.frame.editor or (path is not None and each.column)]
        yield site.frame.render(
            view,
            "query.html.j2",
            query=query,
            fields=fields,
            engine=path is None or any(not each.column for each in fields),
            table=f"{site.frame.address}queries/{query.name}.csv",
            answered=answer is not None,
            headings=[(column, view.told(heading_texts(query, column)) or column) for column, _ in columns],
            columns=[(column, view.told(query.column_texts.get(column, {}))) for column in query.columns],
            rows=[] if answer is None else [[_cell(row, at, view, things) for at in columns] for row in _indexed(answer)],
            of=0 if answer is None else len(answer.rows),
            picture=_picture(query, answer, view),
            ask=ask_settings(view, query, path),
            suggestions=suggestions_for(view, query, answer),
        )
        if answer is not None and path is not None and fields:
            yield path, write_terms_once(answer)


def _answer_path(site: Site, view: View, query: CannedQuery) -> str:
    """Give where the answer is that the form filters, with names in the language of the page."""
    return f"{site.frame.prefix(view.language)}queries/{query.name}.rows.json"


def _by_category(queries: Sequence[CannedQuery], view: View) -> list[tuple[Markup, Sequence[CannedQuery]]]:
    """Bring the queries of a category together, in the order of what categories are called in the language of the page."""
    found: dict[str, list[CannedQuery]] = {}
    for query in queries:
        found.setdefault(query.category, []).append(query)
    # A category is called what the first of its queries calls it.
    texts = {category: {tag: text for query in reversed(those) for tag, text in query.category_texts.items()} for category, those in found.items()}
    ordered = sorted(found, key=lambda category: (view.text(texts[category]).casefold(), category))
    return [(view.told(texts[category]), found[category]) for category in ordered]


def _picture(query: CannedQuery, answer: Answer | None, view: View) -> object:
    return pictures.draw(query.picture, answer, view.page_of, view.words) if query.picture and answer is not None else None


def _indexed(answer: Answer) -> Iterator[Mapping[str, Term | None]]:
    return (dict(zip(answer.columns, row, strict=True)) for row in answer.rows[:_MOST_ROWS])


def _columns(answer: Answer) -> Sequence[tuple[str, str | None]]:
    """Give the columns to show, each with the column of its name: what has a name is shown by it, and the name not once more beside it."""
    things = {column for at, column in enumerate(answer.columns) if any(isinstance(row[at], NamedNode) for row in answer.rows)}
    names = {column: name for column, name in naming_columns(answer.columns).items() if column in things}
    hidden = set(names.values())
    return [(column, names.get(column)) for column in answer.columns if column not in hidden]


def _cell(row: Mapping[str, Term | None], column: tuple[str, str | None], view: View, things: Things) -> Cell:
    term = row[column[0]]
    name = row[column[1]] if column[1] is not None else None
    if isinstance(name, Literal) and term is not None:
        return Cell(term, name.value, view.lang(name))
    if isinstance(term, NamedNode) and term.value in things.paths:
        label = things.label(term.value, view.language)
        return Cell(term, label.value, view.lang(label))
    if isinstance(term, NamedNode) and "#" in term.value and view.frame.context.is_own(term):
        # A part of a thing, such as a passage, has no name of its own in the answer; its identifier would tell a reader nothing.
        return Cell(term, view.words("Show"), None)
    text = "" if term is None else term.value if isinstance(term, Literal) else shown(term, view.frame.about.prefixes, view.frame.about.base)
    return Cell(term, text, view.lang(term) if isinstance(term, Literal) else None)
