"""Find things by text, tell which thing a person means, and describe a thing: all by SPARQL, so that it works on an endpoint too."""

from schakel.lookup.context import Context
from schakel.lookup.describe import Description, Fact, Group, Source, describe
from schakel.lookup.find import find
from schakel.lookup.names import Name, read_names
from schakel.lookup.resolve import resolve

__all__ = ["Context", "Description", "Fact", "Group", "Name", "Source", "describe", "find", "read_names", "resolve"]
