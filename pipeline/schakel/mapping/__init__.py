"""Tables and their mappings become quads.

`data/<table>.csv` is mapped by `data/<table>.rq`. The rows of one passage go into one query a table, and their triples into the passage's
graph; rows that cite a source alone go by the thousand into the graph of the source.
"""

from schakel.mapping.construct import Construct
from schakel.mapping.constructs import ReadConstruct, read_construct, read_constructs
from schakel.mapping.files import add_files
from schakel.mapping.judge import ill_typed_literals, judge_rows
from schakel.mapping.literals import ill_typed
from schakel.mapping.references import Iris, iris_of, undefined_references, undefined_terms
from schakel.mapping.rows import Block, Citations, map_rows
from schakel.mapping.trace import RowsOf, Trace

__all__ = [
    "Block",
    "Citations",
    "Construct",
    "Iris",
    "ReadConstruct",
    "RowsOf",
    "Trace",
    "add_files",
    "ill_typed",
    "ill_typed_literals",
    "iris_of",
    "judge_rows",
    "map_rows",
    "read_construct",
    "read_constructs",
    "undefined_references",
    "undefined_terms",
]
