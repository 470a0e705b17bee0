"""Every file of the site, in the order in which they are written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain, islice
from typing import TypeAlias

from schakel.cache import Cache, NoCache, key_of
from schakel.document_paths import whole_of
from schakel.file_bundle import packed, unpacked
from schakel.site.bundle import FOLDER, editor_files
from schakel.site.entities import Batch, pages_of_batch
from schakel.site.entity_index import Things
from schakel.site.machines import PageGroup, linkset_file, robots_file, sitemap_files
from schakel.site.machines.signposting import Document, Signposts
from schakel.site.material import Material
from schakel.site.neighbours import Lines, terms_in
from schakel.site.pages.changes import change_pages, feeds
from schakel.site.pages.documents import document_pages
from schakel.site.pages.overview import DESCRIPTIONS, overview_pages
from schakel.site.pages.questions import question_lists, question_pages
from schakel.site.pages.terms import term_pages
from schakel.site.search import NameKind, NameText, SearchName, search_files
from schakel.site.site import Site

__all__ = ["site_files"]

# What is in a file: all of it, or one piece after another.
Content: TypeAlias = bytes | Iterable[bytes]

# So many entities are written at once, by one process.
_BATCH = 100
# So many passages are told on the page of their source, and so many statements of each; whoever wants all takes the file of their graphs.
_MOST_PASSAGES = 1000
_MOST_READ = 500
_NAME_KINDS = {
    "skos:prefLabel": NameKind.LABEL,
    "rdfs:label": NameKind.LABEL,
    "foaf:name": NameKind.LABEL,
    "schema:name": NameKind.LABEL,
    "rov:legalName": NameKind.LABEL,
    "dct:title": NameKind.LABEL,
    "sk:abbreviation": NameKind.ABBREVIATION,
}


def site_files(site: Site) -> Iterator[tuple[str, Content]]:
    """Give path and content of each file of the site. Pages that were made before of the same are taken from the cache."""
    common = key_of(repr(site.frame), *(part for item in sorted(site.own_files.items()) for part in item))
    material, name = Material(site), _name(site, common)
    pages: list[str] = []
    for path, content in chain(_pages(material, name, common), chain.from_iterable(map(unpacked, _entity_pages(material, name, common)))):
        pages.append(path)
        yield path, content
    yield from _kept(site, "search", name, lambda: search_files(_search_names(material.things), site.frame.languages, site.frame.about.languages))
    yield from _static_files()
    yield "static/tokens.css", site.frame.look.stylesheet()
    yield from editor_files() if site.frame.editor else ()
    yield from ((f"static/own/{file}", content) for file, content in sorted(site.own_files.items()) if not file.startswith("templates/"))
    yield from feeds(site)
    yield from sitemap_files(site.frame.address, _groups(site, pages))
    yield "robots.txt", robots_file(site.frame.address)
    yield "linkset.json", linkset_file(site.frame.address, _home(site))


def _name(site: Site, common: str) -> str:
    """Name all that the site is made of: where that is the same, so is every page but those of queries that answer differently each time."""
    triples = ("\n".join(map(str, each)) for each in (site.shapes, site.vocabulary))
    rest = (
        site.names,
        sorted(site.paths.items()),
        site.queries,
        site.ask is None,
        site.findings,
        site.downloads,
        sorted(site.captures.items()),
        sorted(map(repr, site.unions.items())),
        [step.release for step in site.steps],
    )
    schema = (b"",) if site.schema is None else (b"1", site.schema.statements)
    reasons = (line + repr(reason).encode() for line, reason in site.reasons.items())
    return key_of(common, site.graph, *triples, repr(rest), schema, reasons)


def _kept(site: Site, part: str, name: str, make: Callable[[], Iterator[tuple[str, bytes]]]) -> Iterator[tuple[str, bytes]]:
    """Give the files of a part of the site, made only where they were not made before of the same."""
    cache, key = site.cache, key_of(name, part)
    kept = cache.get("site", key)
    if kept is None:
        kept = packed(make())
        cache.put("site", key, kept)
    return unpacked(kept)


def _pages(material: Material, name: str, common: str) -> Iterator[tuple[str, bytes]]:
    """Give all pages but those of entities."""
    site = material.site
    yield from _kept(site, "overview", name, lambda: overview_pages(material))
    yield from _kept(site, "documents", name, lambda: document_pages(site, material.things, material.passages))
    yield from _kept(site, "terms", name, lambda: term_pages(site, material.things))
    yield from change_pages(site)
    yield from _kept(site, "lists", name, lambda: question_lists(site))
    yield from question_pages(material, common)


def _entity_pages(material: Material, name: str, common: str) -> Iterator[bytes]:
    """Give the pages of entities, packed. What they are made of is put together only where the site is not that of an earlier run."""
    cache = material.site.cache
    known = cache.get("site", key_of(name, "entities"))
    if known is not None:
        yield from _known_pages(material, common, known.decode().split())
        return
    keys: list[str] = []
    for batch in _batches(material):
        keys.append(_key(batch, common))
        yield _pages_of(batch, keys[-1], cache)
    cache.put("site", key_of(name, "entities"), "\n".join(keys).encode())


def _pages_of(batch: Batch, key: str, cache: Cache | NoCache) -> bytes:
    """Give the pages of a batch: those of an earlier run, where the cache has them."""
    kept = cache.get("pages", key)
    if kept is None:
        kept = pages_of_batch(batch)
        cache.put("pages", key, kept)
    return kept


def _known_pages(material: Material, common: str, keys: Sequence[str]) -> Iterator[bytes]:
    """Give the pages of entities as an earlier run kept them, and make anew those from the first on that are lost."""
    cache = material.site.cache
    for number, key in enumerate(keys):
        kept = cache.get("pages", key)
        if kept is None:
            yield from (_pages_of(batch, _key(batch, common), cache) for batch in islice(_batches(material), number, None))
            return
        yield kept


def _batches(material: Material) -> Iterator[Batch]:
    site, neighbours, passages = material.site, material.neighbours, material.passages
    entities = sorted(site.paths, key=lambda iri: site.paths[iri])
    of_graph = neighbours.of_graph()
    of_source: defaultdict[str, list[str]] = defaultdict(list)
    for iri, passage in passages.items():
        if iri in of_graph:
            of_source[passage.page].append(iri)
    for begin in range(0, len(entities), _BATCH):
        some = entities[begin : begin + _BATCH]
        in_order = {source: sorted(of_source[source], key=lambda iri: (passages[iri].start or 0, iri)) for source in some if source in of_source}
        # A source that is cited as a whole comes before its passages.
        told = {source: several[:_MOST_PASSAGES] for source, several in in_order.items()}
        read = {source: {iri: neighbours.lines(of_graph[iri][:_MOST_READ]) for iri in several} for source, several in told.items()}
        unread = {iri: left for several in told.values() for iri in several if (left := len(of_graph[iri]) - _MOST_READ) > 0}
        unread |= {source: left for source, several in in_order.items() if source not in unread and (left := len(several) - _MOST_PASSAGES) > 0}
        yield _batch(material, some, read, unread)


def _batch(material: Material, entities: Sequence[str], read: Mapping[str, Mapping[str, Lines]], unread: Mapping[str, int]) -> Batch:
    site, neighbours, passages, things = material.site, material.neighbours, material.passages, material.things
    around = neighbours.around(entities, [line for several in read.values() for lines in several.values() for line in lines])
    why = {line: site.reasons[line] for line in around.statements if line in site.reasons}
    quoted = {graph for several in read.values() for graph in several}
    premises = neighbours.lines(dict.fromkeys(line for reason in why.values() for line in reason.premises))
    quoted |= {graph for graphs in premises.values() for graph in graphs}
    cited = {graph: passages[graph] for graph in around.graphs() | set(entities) | quoted if graph in passages}
    of_graphs = (lines for several in read.values() for lines in several.values())
    also = (line for lines in (*of_graphs, *(reason.premises for reason in why.values())) for line in lines)
    mentioned = {term.decode() for line in also for term in terms_in(line)} | {passage.page for passage in cited.values()}
    around = replace(around, names=list(dict.fromkeys([*around.names, *neighbours.naming(mentioned)])))
    spoken = {term.decode() for line in (*around.statements, *around.names) for term in terms_in(line)} | mentioned | {*entities, *cited}
    schema = None if site.schema is None else site.schema.only(entities)
    pages = {iri: site.paths[iri] for each in spoken if (iri := whole_of(each, site.frame.context.base)[0]) in site.paths}
    kinds = {(term := things.kind_of[iri].value): things.kind_pages[term] for iri in entities if iri in things.kind_of}
    asked = {iri: material.asked[iri] for iri in entities if iri in material.asked}
    history = {iri: material.history[iri] for iri in entities if iri in material.history}
    captures = {iri: site.captures[iri] for iri in entities if iri in site.captures}
    return Batch(site.frame, around, pages, cited, read, kinds, why, unread, schema, captures, asked, premises, history)


def _key(batch: Batch, common: str) -> str:
    around = batch.around
    lines = (line + repr(graphs).encode() for line, graphs in around.statements.items())
    schema = {} if batch.schema is None else batch.schema.lines
    rest = (batch.passages, batch.pages, batch.kinds, batch.reasons, batch.unread, batch.captures, batch.asked, batch.premises, batch.history, schema)
    of_graphs = ((iri, lines_read) for several in batch.read.values() for iri, lines_read in several.items())
    read = (part for iri, lines_read in of_graphs for part in (iri.encode(), *(line + repr(graphs).encode() for line, graphs in lines_read.items())))
    return key_of(common, "\n".join(around.entities), lines, around.names, around.types, around.located, read, repr([sorted(each.items()) for each in rest]))


def _search_names(things: Things) -> Iterator[SearchName]:
    frame = things.frame
    texts: dict[str, list[NameText]] = {}
    for name in things.names:
        if name.entity.value in things.paths:
            texts.setdefault(name.entity.value, []).append(NameText(name.text, name.language, _NAME_KINDS.get(name.kind, NameKind.ALTERNATIVE)))
    for iri in things.paths:
        if iri not in texts and iri not in things.passages:
            label = things.label(iri, frame.languages[0])
            texts[iri] = [NameText(label.value, label.language, NameKind.ALTERNATIVE)]
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
