"""Queries in a plain form of SPARQL, read a hundred times as fast as by a parser of all of it.

Most queries that people write are plain: prefixes, triple patterns, filters, `BIND`. What they are made of is told here. Of any other query nothing is
said: neither that it is wrong nor that it is right.
"""

from schakel.sparql.plain.parsing import parse
from schakel.sparql.plain.query import Bind, Call, Construct, Exists, Expression, Filter, Group, Optional, Select, Statement, Union, called, variables_of

__all__ = [
    "Bind",
    "Call",
    "Construct",
    "Exists",
    "Expression",
    "Filter",
    "Group",
    "Optional",
    "Select",
    "Statement",
    "Union",
    "called",
    "parse",
    "variables_of",
]
