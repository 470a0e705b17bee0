"""Find things by text, tell which thing a person means, and describe a thing: all by SPARQL, so that it works on an endpoint too."""

from schakel.lookup.computed_names import computed_names, named_by_iri
from schakel.lookup.context import Context, language_rank
from schakel.lookup.describe import Description, Fact, Group, Source, describe
from schakel.lookup.facts import Known
from schakel.lookup.find import find
from schakel.lookup.grouping import GROUPS, grouped, told
from schakel.lookup.index import Found, NameIndex, read_index
from schakel.lookup.inner import NESTING, inner_statements
from schakel.lookup.kinds import Hierarchy, hierarchy_of
from schakel.lookup.names import NAME_PROPERTIES, STAND_INS, Name, best_names, labels_of, read_names, usual_names
from schakel.lookup.normalization import fold
from schakel.lookup.resolve import Accepts, as_iri, resolve
from schakel.lookup.scoring import MATCH
from schakel.lookup.sources import read_sources
from schakel.lookup.statements import Statement, without_repeated

__all__ = [
    "GROUPS",
    "MATCH",
    "NAME_PROPERTIES",
    "NESTING",
    "STAND_INS",
    "Accepts",
    "Context",
    "Description",
    "Fact",
    "Found",
    "Group",
    "Hierarchy",
    "Known",
    "Name",
    "NameIndex",
    "Source",
    "Statement",
    "as_iri",
    "best_names",
    "computed_names",
    "describe",
    "find",
    "fold",
    "grouped",
    "hierarchy_of",
    "inner_statements",
    "labels_of",
    "language_rank",
    "named_by_iri",
    "read_index",
    "read_names",
    "read_sources",
    "resolve",
    "told",
    "usual_names",
    "without_repeated",
]
