"""Tell which thing a person means who typed an IRI, an id or a name."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from schakel.answers.backend import Backend
from schakel.errors import AmbiguousNameError, Candidate, NotAnIriError, NotInGraphError
from schakel.lookup.context import OWN, PART, Context
from schakel.lookup.kinds import kinds_of
from schakel.lookup.names import Name, every_name, labels_of, names_called
from schakel.lookup.text import fold

__all__ = ["Accepts", "as_iri", "resolve"]

Accepts: TypeAlias = Callable[[Sequence[str]], Sequence[str]]

_SEPARATOR = re.compile(r"[/:#]")

# So many near names are told, and so near (of 100) they are at least: an id letter by letter, a name also by a part of it.
_SUGGESTIONS = 5
_NEAR_ID = 65
_NEAR_NAME = 75


def resolve(backend: Backend, typed: str, context: Context, accepts: Accepts | None = None, language: str | None = None) -> NamedNode:
    """Give the IRI of what a person typed: an IRI, `<IRI>`, a CURIE, the part of an IRI below the base, the last segment of it, or a name.

    `accepts` gives, of several IRIs, those that the question can be about; it decides where a name is that of several things.
    Raises NotAnIriError, NotInGraphError or AmbiguousNameError.
    """
    wanted = typed.strip()
    exact = as_iri(wanted, context)
    if exact is not None and _is_in_graph(backend, exact):
        return exact
    if _is_full_iri(wanted):
        raise NotInGraphError(typed, _nearest(backend, wanted, set(), context, language))
    found: list[list[NamedNode]] = []
    for reading in _readings(backend, wanted, context):
        found.append(reading)
        accepted = reading if accepts is None else _among(reading, accepts)
        if len(accepted) == 1:
            return accepted[0]
        if accepted:
            raise AmbiguousNameError(typed, _candidates(backend, accepted, context, language))
    # None can be an answer here, so that which one was meant is all there is to tell.
    if found and len(found[0]) == 1:
        return found[0][0]
    if found:
        raise AmbiguousNameError(typed, _candidates(backend, found[0], context, language))
    raise NotInGraphError(typed, _nearest(backend, wanted, every_name(backend), context, language))


def _readings(backend: Backend, typed: str, context: Context) -> Iterator[list[NamedNode]]:
    """Give what it can mean, each reading only when the one before it was of no use: reading every name of a large graph takes seconds."""
    by_id = _with_id(backend, typed, context)
    if by_id:
        yield by_id
    names = names_called(backend, typed) or every_name(backend)
    yield from filter(None, _with_name(typed, names, context))


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


def _is_in_graph(backend: Backend, iri: NamedNode) -> bool:
    """Tell whether the graph says anything of it, or of something else with it."""
    query = f"SELECT ?property WHERE {{ {{ {iri} ?property ?value }} UNION {{ ?subject ?property {iri} }} UNION {{ ?subject {iri} ?value }} }} LIMIT 1"
    return bool(backend.select(query).rows)


def _with_id(backend: Backend, typed: str, context: Context) -> list[NamedNode]:
    """Give the entities of which the last segment of the local part is what was typed."""
    if not typed:
        return []
    base = Literal(context.base)
    query = f"""SELECT DISTINCT ?entity WHERE {{
  ?entity a ?class
  FILTER(STRSTARTS(STR(?entity), {base}) && STRENDS(STR(?entity), {Literal("/" + typed)}) && !CONTAINS(STRAFTER(STR(?entity), {base}), "#"))
}}"""
    return _sorted(entity for (entity,) in backend.select(query).rows if isinstance(entity, NamedNode))


def _with_name(typed: str, names: Iterable[Name], context: Context) -> Iterator[list[NamedNode]]:
    """Give the things with that name: entities of the project, then terms and concepts, then parts of entities."""
    asked = fold(typed)
    named = {name.entity for name in names if asked and fold(name.text) == asked}
    for place in range(OWN, PART + 1):
        yield _sorted(entity for entity in named if context.place(entity) == place)


def _among(entities: Sequence[NamedNode], accepts: Accepts) -> list[NamedNode]:
    accepted = set(accepts([entity.value for entity in entities]))
    return [entity for entity in entities if entity.value in accepted]


def _sorted(entities: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(set(entities), key=lambda entity: entity.value)


def _candidates(backend: Backend, entities: Sequence[NamedNode], context: Context, language: str | None) -> list[Candidate]:
    """Tell things apart for a person: what to paste, what it is called, what kind it is."""
    names = labels_of(backend, entities, context, language)
    kinds = kinds_of(backend, entities, context, language)
    return [Candidate(context.short(entity), _text(names.get(entity)), _text(kinds.get(entity))) for entity in entities]


def _text(literal: Literal | None) -> str:
    return "" if literal is None else literal.value


def _nearest(backend: Backend, typed: str, names: Collection[Name], context: Context, language: str | None) -> list[Candidate]:
    """Give what a person can have meant, the nearest first."""
    scores: dict[NamedNode, float] = {}
    near = [*_near_ids(backend, typed, context)]
    # What is written as an id is compared with ids, and with names only where no id is near.
    if not near or not any(sign in typed for sign in "/:"):
        near += _near_names(typed, names)
    for entity, score in near:
        scores[entity] = max(score, scores.get(entity, 0))
    best = sorted(scores, key=lambda entity: (-scores[entity], context.place(entity), entity.value))[:_SUGGESTIONS]
    return _candidates(backend, best, context, language)


def _near_names(typed: str, names: Collection[Name]) -> Iterator[tuple[NamedNode, float]]:
    asked = fold(typed)
    if asked:
        folded = sorted({(fold(name.text), name.entity.value) for name in names})
        for _, score, at in process.extract(asked, [text for text, _ in folded], scorer=fuzz.WRatio, score_cutoff=_NEAR_NAME, limit=4 * _SUGGESTIONS):
            yield NamedNode(folded[at][1]), score


def _near_ids(backend: Backend, typed: str, context: Context) -> Iterator[tuple[NamedNode, float]]:
    """Give things with a similar id: the last segment counts most, and alone where nothing else was typed."""
    iri = as_iri(typed, context)
    asked = typed if iri is None else context.short(iri)
    known = _known(backend, context, parts="#" in asked)
    shorts = [context.short(entity).casefold() for entity in known]
    wanted = asked.casefold()
    # The last segment is what tells things apart; `org/` is in every other id.
    for _, score, at in process.extract(_last(wanted), [_last(short) for short in shorts], scorer=fuzz.ratio, score_cutoff=_NEAR_ID, limit=None):
        whole = score if _last(wanted) == wanted else fuzz.ratio(wanted, shorts[at])
        yield known[at], 0.7 * score + 0.3 * whole


def _last(short: str) -> str:
    return _SEPARATOR.split(short)[-1]


def _known(backend: Backend, context: Context, *, parts: bool) -> list[NamedNode]:
    """Give everything of which the graph says what it is; parts of entities (`#address`) only if they are wanted."""
    whole = "" if parts else f'FILTER(!CONTAINS(STRAFTER(STR(?entity), {Literal(context.base)}), "#"))'
    answer = backend.select(f"SELECT DISTINCT ?entity WHERE {{ ?entity a ?class {whole} }}")
    return _sorted(entity for (entity,) in answer.rows if isinstance(entity, NamedNode))
