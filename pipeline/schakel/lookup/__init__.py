"""Find things by text, tell which thing a person means, and describe a thing: all by SPARQL, so that it works on an endpoint too."""

from schakel.lookup.context import Context
from schakel.lookup.describe import Description, Fact, Group, Source, describe
from schakel.lookup.find import find
from schakel.lookup.names import Name, labels_of, read_names
from schakel.lookup.resolve import Accepts, as_iri, resolve
from schakel.lookup.sources import read_sources

__all__ = [
    "Accepts",
    "Context",
    "Description",
    "Fact",
    "Group",
    "Name",
    "Source",
    "as_iri",
    "describe",
    "find",
    "labels_of",
    "read_names",
    "read_sources",
    "resolve",
]
