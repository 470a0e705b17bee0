"""Describe a thing: its names, its kind, what is stated of it and where, what refers to it, what follows by reasoning, and what is open."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from pyoxigraph import NamedNode

from schakel.answers.backend import Backend
from schakel.lookup.computed_names import computed_names, owner_of
from schakel.lookup.context import Context
from schakel.lookup.description import Description, Fact, Group
from schakel.lookup.facts import Known
from schakel.lookup.grouping import GROUPS, grouped, told
from schakel.lookup.inner import inner_statements
from schakel.lookup.kinds import read_hierarchy, read_types
from schakel.lookup.names import labels_of, read_names
from schakel.lookup.sources import Source, read_sources
from schakel.lookup.statements import Statement, read_incoming, read_outgoing, without_repeated
from schakel.namespaces import RDF

__all__ = ["Description", "Fact", "Group", "Source", "describe"]

# A class or a much used concept is referred to by all its instances; nobody reads them all here.
_MOST_INCOMING = 1000


def describe(backend: Backend, entity: NamedNode, context: Context, language: str | None = None) -> Description:
    """Tell what the graph says of an entity, each stated fact with its sources, in about ten queries however much that is."""
    outgoing = read_outgoing(backend, [entity])
    incoming, complete = read_incoming(backend, entity, _MOST_INCOMING)
    known = _read_around(backend, entity, [*told(outgoing), *incoming], context, language)
    groups = grouped(without_repeated(told(outgoing), known.hierarchy), without_repeated(incoming, known.hierarchy))
    groups_told = (Group(key, known.facts(groups[key], with_inner=key != "inferred"), complete or key != "referred_to") for key in GROUPS if groups[key])
    return Description(entity, known.label(entity), known.kind(entity), tuple(groups_told))


def _read_around(backend: Backend, entity: NamedNode, statements: Sequence[Statement], context: Context, language: str | None) -> Known:
    """Read all that is needed to tell of the statements: what things are called, of what kind they are, and where it was read."""
    inner = inner_statements(entity, statements, context, partial(_read_nameless, backend))
    everything = [*statements, *(statement for found in inner.values() for statement in found)]
    types = read_types(backend, {entity, *(statement.subject for statement in statements), *inner})
    owners = (owner_of(node, context) for node in (entity, *inner))
    terms = {entity, RDF.type, *(term for classes in types.values() for term in classes), *(owner for owner in owners if owner is not None)}
    for statement in everything:
        terms |= {term for term in (statement.subject, statement.predicate, statement.value) if isinstance(term, NamedNode)}
    hierarchy, labels = read_hierarchy(backend), labels_of(backend, terms, context, language)
    own = {entity: [statement for statement in statements if statement.subject == entity]}
    return Known(
        entity=entity,
        context=context,
        language=language,
        hierarchy=hierarchy,
        labels=labels,
        types=types,
        sources=read_sources(backend, {graph for statement in everything for graph in statement.stating}, context, language),
        inner=inner,
        computed=computed_names({**inner, **own}, types, hierarchy, labels, context),
    )


def _read_nameless(backend: Backend, things: AbstractSet[NamedNode]) -> Mapping[NamedNode, Sequence[Statement]]:
    nameless = things - {name.entity for name in read_names(backend, things)}
    found: dict[NamedNode, list[Statement]] = {node: [] for node in nameless}
    for statement in read_outgoing(backend, nameless):
        found[statement.subject].append(statement)
    return found
