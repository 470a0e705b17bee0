"""What the site is made of, gathered from a built graph and the project's own templates and files."""

from collections.abc import Callable, Mapping, Sequence

from schakel import site
from schakel.answers import Answer
from schakel.cache import Cache, NoCache
from schakel.errors import SettingsError, TemplateUnusableError
from schakel.graph import Dataset
from schakel.lookup import Context
from schakel.publish.dumps import Dump
from schakel.publish.languages import page_languages
from schakel.publish.past import Past
from schakel.publish.schema_org import schema_of
from schakel.queries import CannedQuery
from schakel.settings import SETTINGS_FILE, Settings
from schakel.stages.built import Built

__all__ = ["site_of"]

# The editor loads the whole dataset into the page.
_MOST_FOR_EDITOR = 200_000


def site_of(  # noqa: PLR0913, PLR0917  # a site is made of all these
    built: Built,
    dataset: Dataset,
    paths: Mapping[str, str],
    dumps: Sequence[Dump],
    ask: Callable[[CannedQuery, str], Answer | None] | None,
    reasons: Mapping[bytes, site.Reason],
    cache: Cache | NoCache,
    past: Past | None = None,
) -> site.Site:
    """Gather what pages are made of.

    `paths` are those of entities' files without suffix, by IRI; `ask` is None where the graph is too large; `reasons` are by line.
    """
    settings, content = built.settings, built.content
    return site.Site(
        frame=_frame(built, dumps, past),
        names=settings.names,
        dataset=dataset,
        paths=paths,
        shapes=content.shapes,
        vocabulary=tuple(content.vocabulary.publishable()),
        queries=content.queries,
        ask=ask,
        graph=dataset.digest(),
        findings=built.findings,
        downloads=dumps,
        reasons=reasons,
        schema=schema_of(built, dataset, cache),
        own_files=_own_files(settings),
        captures={settings.names.source(name).value: site.Capture(content.sources[name].view, page.text) for name, page in content.pages.items()},
        cache=cache,
        unions=site.unions_in(content.vocabulary.triples),
        steps=() if past is None else past.steps,
    )


def _frame(built: Built, dumps: Sequence[Dump], past: Past | None) -> site.Frame:
    settings, about = built.settings, built.content.about(built.settings)
    context = Context(settings.base, about.prefixes, tuple(settings.languages), settings.naming)
    small = all(dump.statements <= _MOST_FOR_EDITOR and dump.bytes <= site.LARGEST_DUMP for dump in dumps if dump.file in {"graph.nt", "dataset.nq"})
    return site.Frame(
        about=about,
        languages=page_languages(settings),
        address=settings.address or settings.base,
        context=context,
        terms=site.read_terms(built.content.vocabulary.publishable(), context),
        templates=_own_templates(settings),
        stylesheet=f"static/own/{settings.stylesheet}" if settings.stylesheet else None,
        look=site.Look(settings.light, settings.dark, settings.typeface),
        logo=f"static/own/{settings.logo}" if settings.logo else None,
        contact=settings.contact,
        corrections=settings.corrections,
        formats=settings.formats,
        editor=site.is_built() and small,
        menu=site.MENU if past is None else (*site.MENU, site.CHANGES),
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
    for name in filter(None, (settings.stylesheet, settings.typeface, settings.logo)):
        if not (settings.site / name).is_file():
            raise SettingsError(settings.root / SETTINGS_FILE, f"site/{name} is named, and is not there")
    top = settings.site.resolve()
    files = ((path.relative_to(settings.site), path) for path in settings.site.rglob("*") if path.is_file()) if settings.site.is_dir() else ()
    # Hidden files are nobody's to read, and a link may lead out of the project.
    safe = ((name, path) for name, path in files if path.resolve().is_relative_to(top) and not any(part.startswith(".") for part in name.parts))
    return {name.as_posix(): path.read_bytes() for name, path in sorted(safe)}
