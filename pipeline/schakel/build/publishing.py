"""What is published: the dumps, the files of entities and queries, and the site, each from the graph as the stages have left it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from schakel import export, site
from schakel.answers import Answer, answering
from schakel.build.graph import Graph
from schakel.build.languages import page_languages
from schakel.build.run import Run
from schakel.errors import SettingsError, TemplateUnusableError
from schakel.publish import MOST_ROWS
from schakel.lookup import Context
from schakel.queries import CannedQuery
from schakel.settings import SETTINGS_FILE, Settings

__all__ = ["published_files"]

# In a graph of more statements than this questions are answered when they are asked, and why something follows is told then: about all things at once
# that takes long, and gives what none reads.
_TOLD_FOR_ALL = 200_000


def published_files(
    graph: Graph, judged: Callable[[], Graph], run: Run, report: Callable[[Graph], Mapping[str, bytes]]
) -> Iterator[tuple[str, export.Content]]:
    """Give path and content of each file of a publication: first the dumps, then, once the graph is judged and unless that blocks it, all others."""
    about = graph.content.about(run.settings)
    # Where shapes judge in another process, the rows of what they find are looked for while the last dumps are being made.
    dumps = yield from export.dump_files(about, graph.quads, graph.whole, run.workers, judged)
    graph = judged()
    if graph.is_blocked(run.settings):
        return
    run.progress("publishing")
    yield from report(graph).items()
    ask = None if run.dumps_only or graph.whole.survey.statements > _TOLD_FOR_ALL else _asking(graph, run.settings)
    in_first = None if ask is None else lambda query: ask(query, run.settings.languages)
    answers = export.Answers(() if run.dumps_only else graph.content.queries, graph.dataset.digest(), in_first)
    files = export.publication_files(about, graph.dataset, graph.whole, graph.entities, dumps=dumps, answers=answers, cache=run.cache)
    if graph.entities is None:
        yield from files
        return
    others = chain(files, export.vocabulary_files(about, graph.content.vocabulary.publishable()))
    yield from site.site_files(_site(graph, run, graph.entities.paths, dumps, ask), others)


def _asking(graph: Graph, settings: Settings) -> Callable[[CannedQuery, Sequence[str]], Answer]:
    """Give what answers canned queries about the graph; it is loaded when the first is asked, and asked once what is the same in several languages."""

    @cache
    def answering_graph() -> Callable[[str], Answer]:
        return answering(graph.dataset.merged(), settings.base)

    @cache
    def answered(text: str) -> Answer:
        return answering_graph()(text)

    return lambda query, languages: answered(query.in_languages(*dict.fromkeys(languages)))


def _site(
    graph: Graph, run: Run, paths: Mapping[str, str], dumps: Sequence[export.Dump], ask: Callable[[CannedQuery, Sequence[str]], Answer] | None
) -> "site.Site":
    # What tells why takes as long to import as a small graph to judge, and a publication without a site needs none of it.
    from schakel.build.reasons import reasons_once, schema_once  # noqa: PLC0415  # as above

    settings, content = run.settings, graph.content

    def in_language(query: CannedQuery, language: str) -> Answer | None:
        answer = None if ask is None else ask(query, [language, *settings.languages])
        return answer if answer is not None and len(answer.rows) <= MOST_ROWS else None

    triples = tuple(content.vocabulary.publishable())
    return site.Site(
        frame=_frame(graph, settings, dumps),
        names=settings.names,
        dataset=graph.dataset,
        paths=paths,
        shapes=content.shapes,
        vocabulary=triples,
        queries=content.queries,
        ask=None if ask is None else in_language,
        graph=graph.dataset.digest(),
        findings=graph.findings,
        downloads=dumps,
        reasons={} if ask is None else reasons_once(graph, run),
        schema=schema_once(graph, run),
        own_files=_own_files(settings),
        workers=run.workers,
    )


def _frame(graph: Graph, settings: Settings, dumps: Sequence[export.Dump]) -> "site.Frame":
    about = graph.content.about(settings)
    context = Context(settings.base, about.prefixes, tuple(settings.languages))
    return site.Frame(
        about=about,
        languages=page_languages(settings),
        address=settings.address or settings.base,
        context=context,
        terms=site.read_terms(graph.content.vocabulary.publishable(), context),
        templates=_own_templates(settings),
        stylesheet=f"static/own/{settings.stylesheet}" if settings.stylesheet else None,
        logo=f"static/own/{settings.logo}" if settings.logo else None,
        editor=site.is_built()
        and graph.whole.survey.statements <= _TOLD_FOR_ALL
        and all(each.bytes <= site.LARGEST_DUMP for each in dumps if each.file == "dataset.nq"),
    )


def _own_templates(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Read the project's own templates.

    Raises TemplateUnusableError for one that is no text.
    """
    found = []
    for path in sorted((settings.site / "templates").glob("*.j2")):
        try:
            found.append((path.name, path.read_text("utf-8")))
        except (UnicodeDecodeError, OSError) as error:
            raise TemplateUnusableError(path.name, str(error), None) from None
    return tuple(found)


def _own_files(settings: Settings) -> dict[str, bytes]:
    """Read what the project adds to its pages.

    Raises SettingsError for a file that is named and not there.
    """
    for name in filter(None, (settings.stylesheet, settings.logo)):
        if not (settings.site / name).is_file():
            raise SettingsError(settings.root / SETTINGS_FILE, f"site/{name} is named, and is not there")
    top = settings.site.resolve()
    files = ((path.relative_to(settings.site), path) for path in settings.site.rglob("*") if path.is_file()) if settings.site.is_dir() else ()
    # Hidden files are nobody's to read, and a link may lead out of the project.
    safe = ((name, path) for name, path in files if path.resolve().is_relative_to(top) and not any(part.startswith(".") for part in name.parts))
    return {name.as_posix(): path.read_bytes() for name, path in sorted(safe)}
