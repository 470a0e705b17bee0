"""Every file of a publication but the report, one after another; large ones in pieces, so that they need not be in memory whole."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Final, TypeAlias

from schakel.about import About
from schakel.cache import Cache, NoCache
from schakel.publish.catalogue import describe_catalogue, describe_dataset
from schakel.publish.dumps import DUMPS, Dump, Quads, dump_dataset
from schakel.publish.entities import Entities
from schakel.publish.documents.jsonld_context import context_document, context_for
from schakel.publish.documents.lines import turtle
from schakel.publish.listing import index_json
from schakel.publish.queries import Answers, query_files
from schakel.publish.segments import Merged
from schakel.graph import Dataset
from schakel.namespaces import SKOS
from schakel.ntriples import joined, sorted_lines, to_lines
from schakel.work import Workers

__all__ = ["Content", "dump_files", "publication_files"]

# What is in a file: all of it, or one piece after another.
Content: TypeAlias = bytes | Iterable[bytes]

_LABELS: Final = re.compile(rb"^(<([^>]*)> " + re.escape(str(SKOS.prefLabel).encode()) + rb' ".*)$', re.MULTILINE)
_EXAMPLES: Final = 3


def dump_files(
    about: About, quads: Quads, whole: Merged, workers: Workers, meanwhile: Callable[[], object] = lambda: None
) -> Generator[tuple[str, Content], None, list[Dump]]:
    """Give path and content of each dump, and at the end what there is to tell of them.

    `quads` are those of all graphs, `whole` is their merge; `meanwhile` is called once, when there is nothing to do but wait.

    Raises PublicationIncompleteError where a dump, read back, is not what was written.
    """
    read: dict[str, _Read] = {}
    for name, pieces in dump_dataset(quads, whole, about, workers, meanwhile):
        read[name] = _Read(pieces, counting=name.endswith(".nq"))
        yield f"download/{name}", read[name]
    lines = read["dataset.nq"].lines
    return [read[name].dump(name, whole.survey.statements if name.startswith("graph.") else lines) for name in DUMPS]


def publication_files(  # noqa: PLR0913  # a publication is made of all these
    about: About,
    dataset: Dataset,
    whole: Merged,
    entities: Entities | None,
    *,
    dumps: Sequence[Dump],
    answers: Answers,
    cache: Cache | NoCache,
) -> Iterator[tuple[str, Content]]:
    """Give path and content of each file that tells of the dumps, of an entity or of a query. `entities` are those of the merge that get files."""
    context = context_for(whole.survey, about.base, about.prefixes)
    yield "download/context.jsonld", context_document(context)
    yield "download/index.json", index_json(dumps)
    if entities is not None:
        yield from entities.files(context, about.prefixes, cache)
    yield from query_files(about, answers, cache)
    yield "catalog.ttl", turtle(joined(sorted_lines(to_lines(describe_catalogue(about, dumps)), about.base)), about.base, about.prefixes)
    described = describe_dataset(about, whole.survey, islice(_named(whole, about.base), _EXAMPLES), dumps, len(dataset.graphs()))
    void = turtle(joined(sorted_lines(to_lines(described), about.base)), about.base, about.prefixes)
    yield "void.ttl", void
    yield ".well-known/void", void


class _Read:
    """Pieces of a file on their way into it, measured and digested; their lines are counted where that is asked for."""

    def __init__(self, pieces: Iterable[bytes], *, counting: bool) -> None:
        self._pieces = pieces
        self._counting = counting
        self._digest = sha256()
        self._bytes = 0
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            self._bytes += len(piece)
            self.lines += piece.count(b"\n") if self._counting else 0
            yield piece

    def dump(self, name: str, statements: int) -> Dump:
        """Describe the file."""
        return Dump(name, DUMPS[name], self._bytes, self._digest.hexdigest(), statements)


def _named(whole: Merged, base: str) -> Iterator[str]:
    """Give what is below the base and has a name, in order."""
    own = base.encode()
    return (iri.decode() for segment in whole.statements for iri in dict.fromkeys(iri for _, iri in _LABELS.findall(segment)) if iri.startswith(own))
