"""Every file of the site, in the order in which they are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable

from schakel.cache import key_of
from schakel.packing import unpacked
from schakel.site.bundle import FOLDER, editor_files
from schakel.site.entities import Batch, pages_of_batch
from schakel.site.machines import PageGroup, linkset_file, robots_file, sitemap_files
from schakel.site.machines.signposting import Document, Signposts
from schakel.site.neighbours import Lines, Neighbours, terms_in
from schakel.site.pages.documents import document_pages
from schakel.site.pages.overview import DESCRIPTIONS, overview_pages
from schakel.site.pages.questions import question_pages
from schakel.site.pages.terms import term_pages
from schakel.site.passages import Passage, read_passages
from schakel.site.search import NameKind, NameText, SearchName, search_files
from schakel.site.site import Site
from schakel.site.things import Things, read_things

__all__ = ["site_files"]

# So many entities are written at once, by one process.
_BATCH = 100
# So many statements that were read in one place are told on its page.
_MOST_READ = 500
_NAME_KINDS = {"skos:prefLabel": NameKind.LABEL, "rdfs:label": NameKind.LABEL, "dct:title": NameKind.LABEL, "sk:abbreviation": NameKind.ABBREVIATION}


def site_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file of the site."""
    neighbours = Neighbours(site.dataset, site.names)
    passages = read_passages(site.dataset.triples(site.names.provenance))
    things = read_things(site.frame, neighbours, site.paths, passages)
    pages: list[str] = []
    common = key_of(repr(site.frame), *(part for item in sorted(site.own_files.items()) for part in item))
    for path, content in _pages(site, things, neighbours, passages, common):
        pages.append(path)
        yield path, content
    yield from search_files(_search_names(things), site.frame.languages, site.frame.about.languages)
    yield from _static_files()
    yield from editor_files() if site.frame.editor else ()
    yield from ((f"static/own/{name}", content) for name, content in sorted(site.own_files.items()) if not name.startswith("templates/"))
    yield from sitemap_files(site.frame.address, _groups(site, pages))
    yield "robots.txt", robots_file(site.frame.address)
    yield "linkset.json", linkset_file(site.frame.address, _home(site))


def _pages(site: Site, things: Things, neighbours: Neighbours, passages: Mapping[str, Passage], common: str) -> Iterator[tuple[str, bytes]]:
    yield from overview_pages(site, things)
    yield from document_pages(site, things, passages)
    yield from term_pages(site, things)
    yield from question_pages(site, things, common, site.workers.cache)
    batches = _batches(site, things, neighbours, passages)
    for made in site.workers.each_once("pages", pages_of_batch, batches, lambda batch: _key(batch, common)):
        yield from unpacked(made)


def _batches(site: Site, things: Things, neighbours: Neighbours, passages: Mapping[str, Passage]) -> Iterator[Batch]:
    entities = sorted(site.paths, key=lambda iri: site.paths[iri])
    of_graph = neighbours.of_graph()
    for begin in range(0, len(entities), _BATCH):
        some = entities[begin : begin + _BATCH]
        read = {iri: neighbours.lines(of_graph[iri][:_MOST_READ]) for iri in some if iri in passages and iri in of_graph}
        unread = {iri: left for iri in read if (left := len(of_graph[iri]) - _MOST_READ) > 0}
        yield _batch(site, things, neighbours, passages, some, read, unread)


def _batch(  # noqa: PLR0913, PLR0917  # what a page tells comes from all these
    site: Site,
    things: Things,
    neighbours: Neighbours,
    passages: Mapping[str, Passage],
    entities: Sequence[str],
    read: Mapping[str, Lines],
    unread: Mapping[str, int],
) -> Batch:
    around = neighbours.around(entities)
    why = {line: site.reasons[line] for line in around.statements if line in site.reasons}
    cited = {graph: passages[graph] for graph in around.graphs() | set(entities) if graph in passages}
    also = (line for lines in (*read.values(), *(reason.premises for reason in why.values())) for line in lines)
    mentioned = {term.decode() for line in also for term in terms_in(line)} | {passage.page for passage in cited.values()}
    around = replace(around, names=list(dict.fromkeys([*around.names, *neighbours.naming(mentioned)])))
    spoken = {term.decode() for line in (*around.statements, *around.names) for term in terms_in(line)} | mentioned | {*entities, *cited}
    schema = None if site.schema is None else site.schema.only(entities)
    pages = {iri: site.paths[iri] for each in spoken if (iri := each.partition("#")[0]) in site.paths}
    kinds = {(term := things.kind_of[iri].value): things.kind_pages[term] for iri in entities if iri in things.kind_of}
    return Batch(site.frame, around, pages, cited, read, kinds, why, unread, schema)


def _key(batch: Batch, common: str) -> str:
    around = batch.around
    lines = (line + repr(graphs).encode() for line, graphs in around.statements.items())
    rest = (batch.passages, batch.pages, batch.kinds, batch.reasons, batch.unread, {} if batch.schema is None else batch.schema.lines)
    read = (part for iri, lines_read in batch.read.items() for part in (iri.encode(), *(line + repr(graphs).encode() for line, graphs in lines_read.items())))
    return key_of(common, "\n".join(around.entities), lines, around.names, around.types, read, repr([sorted(each.items()) for each in rest]))


def _search_names(things: Things) -> Iterator[SearchName]:
    frame = things.frame
    texts: dict[str, list[NameText]] = {}
    for name in things.names:
        if name.entity.value in things.paths:
            texts.setdefault(name.entity.value, []).append(NameText(name.text, name.language, _NAME_KINDS.get(name.kind, NameKind.ALTERNATIVE)))
    sought = {kind.term for kind in things.kinds if things.is_sought(kind)}
    for iri, named in texts.items():
        kind = things.kind_of.get(iri)
        labels = {} if kind is None else {language: frame.terms.labels(language).get(kind) for language in frame.languages}
        known = {language: label.value for language, label in labels.items() if label is not None}
        yield SearchName(things.paths[iri], tuple(sorted(set(named), key=repr)), known, 0 if kind in sought else 1)


def _static_files() -> Iterator[tuple[str, bytes]]:
    """Give the files that the engine brings with it: style sheets, scripts, pictures."""
    yield from _below(resources.files("schakel.site").joinpath("static"), "static")


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if f"{path}/{each.name}" == FOLDER:
            continue
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        elif not each.name.startswith("."):
            yield f"{path}/{each.name}", each.read_bytes()


def _groups(site: Site, pages: Iterable[str]) -> Iterator[PageGroup]:
    """Bring the paths of a page in all languages together."""
    written = set(pages)
    folders = {language: site.frame.prefix(language) for language in site.frame.languages}
    others = tuple(folder for folder in folders.values() if folder)
    for path in sorted(written):
        if not path.startswith(others or "\0") and path != "404.html":
            yield PageGroup({language: folder + path for language, folder in folders.items() if folder + path in written})


def _home(site: Site) -> Signposts:
    items = [Document(f"download/{each.file}", each.media_type) for each in site.downloads]
    about = site.frame.about
    data = tuple(Document(form.path, form.media_type) for form in DESCRIPTIONS)
    types = ("http://www.w3.org/ns/dcat#Dataset",)
    language = site.frame.languages[0]
    return Signposts(site.frame.group("index.html"), language, about.dataset.value, types, data, items, about.licence, f"{about.base}catalog#publisher")
