"""Tell which thing a person means who typed an IRI, an id or a name."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from schakel.answers.backend import Backend
from schakel.errors import AmbiguousNameError, Candidate, NotAnIriError, NotInGraphError
from schakel.lookup.context import OWN, PART, Context
from schakel.lookup.directory import AskedDirectory, IndexedDirectory
from schakel.lookup.index import NameIndex
from schakel.lookup.names import Name
from schakel.lookup.normalization import NormalName, fold, spellings
from schakel.lookup.scoring import is_same_but_for_forms

__all__ = ["Accepts", "as_iri", "resolve"]

Accepts: TypeAlias = Callable[[Sequence[str]], Sequence[str]]

_SEPARATOR = re.compile(r"[/:#]")

# So many near names are told, and so near (of 100) they are at least: an id letter by letter, a name also by a part of it.
_SUGGESTIONS = 5
_NEAR_ID = 65
_NEAR_NAME = 75
# What is longer is no id and no name; comparing takes time by its length.
_LONGEST = 500


class Directory(Protocol):
    """What a graph knows of its things by IRI, id and name."""

    def has(self, iri: NamedNode) -> bool:
        """Tell whether the graph says anything of it, or of something else with it."""
        ...

    def with_id(self, typed: str) -> list[NamedNode]:
        """Give the entities of which the last segments of the local part are what was typed, sorted."""
        ...

    def with_name(self, typed: str) -> Iterable[Name]:
        """Give the names that are what was typed but for capitals or, where there are none, at least all that may be meant."""
        ...

    def near_ids(self, last: str, *, parts: bool) -> Sequence[NamedNode]:
        """Give things whose id may be near that last segment; parts of entities (`#address`) only if they are wanted."""
        ...

    def near_names(self, typed: str) -> Iterable[Name]:
        """Give names that may be near a text."""
        ...

    def candidates(self, entities: Sequence[NamedNode]) -> list[Candidate]:
        """Tell things apart for a person: what to paste, what it is called, what kind it is."""
        ...


def resolve(  # noqa: PLR0913  # what was typed, where to look, and how to choose
    backend: Backend, typed: str, context: Context, accepts: Accepts | None = None, language: str | None = None, *, index: NameIndex | None = None
) -> NamedNode:
    """Give the IRI of what a person typed: an IRI, `<IRI>`, a CURIE, the part of an IRI below the base, the last segment of it, or a name.

    `accepts` gives, of several IRIs, those that the question can be about; it decides where a name is that of several things. With an index of the graph
    all this takes milliseconds; without one the graph is asked, which for a large one takes seconds.
    Raises NotAnIriError, NotInGraphError or AmbiguousNameError.
    """
    directory: Directory = AskedDirectory(backend, context, language) if index is None else IndexedDirectory(backend, index)
    wanted = typed.strip()
    exact = as_iri(wanted, context)
    if exact is not None and directory.has(exact):
        return exact
    if _is_full_iri(wanted):
        raise NotInGraphError(typed, _nearest(directory, wanted, context, names=False))
    found: list[list[NamedNode]] = []
    for reading in _readings(directory, wanted, context):
        found.append(reading)
        accepted = reading if accepts is None else _among(reading, accepts)
        if len(accepted) == 1:
            return accepted[0]
        if accepted:
            raise AmbiguousNameError(typed, directory.candidates(accepted))
    # None can be an answer here, so that which one was meant is all there is to tell.
    if found and len(found[0]) == 1:
        return found[0][0]
    if found:
        raise AmbiguousNameError(typed, directory.candidates(found[0]))
    raise NotInGraphError(typed, _nearest(directory, wanted, context, names=True))


def _readings(directory: Directory, typed: str, context: Context) -> Iterator[list[NamedNode]]:
    """Give what it can mean, each reading only when the one before it was of no use."""
    by_id = directory.with_id(typed) if typed else []
    if by_id:
        yield by_id
    yield from filter(None, _with_name(typed, directory.with_name(typed), context))


def _is_full_iri(typed: str) -> bool:
    return typed.startswith(("<", "http://", "https://", "urn:"))


def as_iri(typed: str, context: Context) -> NamedNode | None:
    """Read an IRI, a CURIE or a local part, if it can be one; whether the graph has it is not asked.

    Raises NotAnIriError for what begins as an IRI and cannot be one.
    """
    if _is_full_iri(typed):
        iri = typed.removeprefix("<").removesuffix(">")
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise NotAnIriError(typed, str(error)) from None
    prefix, colon, rest = typed.partition(":")
    namespace = context.prefixes.get(prefix) if colon else None
    try:
        return NamedNode(namespace + rest if namespace is not None else context.base + typed)
    except ValueError:
        # Then it can still be a name, such as one with spaces.
        return None


def _with_name(typed: str, names: Iterable[Name], context: Context) -> Iterator[list[NamedNode]]:
    """Give the things with that name, then those whose name has a legal form less or more.

    Of each, entities of the project come first, then terms and concepts, then parts of entities.
    """
    asked = set(spellings(typed[:_LONGEST]))
    known = [(name.entity, set(spellings(name.text))) for name in names]
    same = {entity for entity, spelled in known if asked & spelled and _has_name(asked)}
    alike = {entity for entity, spelled in known if any(is_same_but_for_forms(one, other) for one in asked for other in spelled)}
    for named in (same, alike - same):
        for place in range(OWN, PART + 1):
            yield sorted((entity for entity in named if context.place(entity) == place), key=lambda entity: entity.value)


def _has_name(asked: Iterable[NormalName]) -> bool:
    return any(each.words or each.forms for each in asked)


def _among(entities: Sequence[NamedNode], accepts: Accepts) -> list[NamedNode]:
    accepted = set(accepts([entity.value for entity in entities]))
    return [entity for entity in entities if entity.value in accepted]


def _nearest(directory: Directory, typed: str, context: Context, *, names: bool) -> list[Candidate]:
    """Give what a person can have meant, the nearest first."""
    scores: dict[NamedNode, float] = {}
    near = [*_near_ids(directory, typed, context)]
    # What is written as an id is compared with ids, and with names only where no id is near.
    if names and (not near or not any(sign in typed for sign in "/:")):
        near += _near_names(directory, typed)
    for entity, score in near:
        scores[entity] = max(score, scores.get(entity, 0))
    best = sorted(scores, key=lambda entity: (-scores[entity], context.place(entity), entity.value))[:_SUGGESTIONS]
    return directory.candidates(best)


def _near_names(directory: Directory, typed: str) -> Iterator[tuple[NamedNode, float]]:
    asked = fold(typed[:_LONGEST])
    if asked:
        folded = sorted({(fold(name.text), name.entity.value) for name in directory.near_names(typed[:_LONGEST])})
        for _, score, at in process.extract(asked, [text for text, _ in folded], scorer=fuzz.WRatio, score_cutoff=_NEAR_NAME, limit=4 * _SUGGESTIONS):
            yield NamedNode(folded[at][1]), score


def _near_ids(directory: Directory, typed: str, context: Context) -> Iterator[tuple[NamedNode, float]]:
    """Give things with a similar id: the last segment counts most, and alone where nothing else was typed."""
    iri = as_iri(typed[:_LONGEST], context)
    asked = typed[:_LONGEST] if iri is None else context.short(iri)
    wanted = asked.casefold()
    known = directory.near_ids(_last(asked), parts="#" in asked)
    shorts = [context.short(entity).casefold() for entity in known]
    # The last segment is what tells things apart; `org/` is in every other id.
    for _, score, at in process.extract(_last(wanted), [_last(short) for short in shorts], scorer=fuzz.ratio, score_cutoff=_NEAR_ID, limit=None):
        whole = score if _last(wanted) == wanted else fuzz.ratio(wanted, shorts[at])
        yield known[at], 0.7 * score + 0.3 * whole


def _last(short: str) -> str:
    return _SEPARATOR.split(short)[-1]
