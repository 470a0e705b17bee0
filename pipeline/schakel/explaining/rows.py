"""The rows of tables that state what was published, read from `download/derivations.parquet`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple
from sqlglot import exp

from schakel.compile.nodes import Join, column, equal, number, same, select, table
from schakel.engine import DuckDB
from schakel.engine.columns import INTEGER, VARCHAR
from schakel.findings import Place
from schakel.stages.derivations import READ

__all__ = ["Rows", "rows_of"]

# Where in the tables a statement of a graph was read.
Rows: TypeAlias = Mapping[tuple[NamedNode, Triple], Sequence[Place]]

_PLACES: Final = ("s", "p", "o", "graph")


def rows_of(derivations: Path, root: Path, stated: Mapping[NamedNode, Collection[Triple]]) -> Rows:
    """Find the rows that state each of the statements in the graph it is in. Rows of a table that has changed since it was published are left out."""
    wanted = [(graph, triple) for graph, triples in stated.items() for triple in triples]
    if not wanted or not derivations.is_file():
        return {}
    spelled = ((at, str(each.subject), str(each.predicate), str(each.object), str(graph)) for at, (graph, each) in enumerate(wanted))
    with DuckDB() as executor:
        executor.open_parquet("derivations", derivations)
        executor.load("wanted", {"number": INTEGER, **dict.fromkeys(_PLACES, VARCHAR)}, spelled)
        read, known = equal(column("rule", "d"), number(READ)), table("derivations", "d")
        digests: dict[str, str] = dict(
            executor.fetch(
                select({name: column(name, "d") for name in ("file", "definition")}, known, where=[read, equal(column("s", "d"), exp.Literal.string(""))])
            )
        )
        places = {"number": column("number", "w"), "file": column("file", "d"), "row": column("row", "d")}
        rows = sorted(executor.fetch(select(places, table("wanted", "w"), Join(known.copy(), same(_PLACES, "w", "d")), where=[read.copy()])))
    unchanged = {file for file in {file for _, file, _ in rows} if _digest(root / file) == digests.get(file)}
    found: defaultdict[tuple[NamedNode, Triple], list[Place]] = defaultdict(list)
    for at, file, row in rows:
        if file in unchanged:
            found[wanted[at]].append(Place(file, row))
    return found


def _digest(path: Path) -> str | None:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else None
