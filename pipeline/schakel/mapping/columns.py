"""A mapping held against the columns of its table."""

from collections.abc import Iterator

from schakel.errors import nearest
from schakel.findings import Finding, Place, finding, quoted
from schakel.mapping.construct import Construct
from schakel.tables import PASSAGE, SOURCE, Table

__all__ = ["held_against"]


def held_against(construct: Construct, table: Table) -> Iterator[Finding]:
    """Tell which columns a mapping has no use for, and what it takes for a column that is none."""
    place = Place(construct.file)
    rebound = construct.targets & set(table.columns)
    if rebound:
        yield finding("column-bound-again", place, found=quoted(f"?{name}" for name in rebound))
    for name in sorted(construct.variables - set(table.columns)):
        yield finding("unbound-variable", place, found=name, expected=nearest(name, table.columns) or ", ".join(table.columns), table=table.file)
    for name in table.columns:
        if name not in construct.variables | rebound | {SOURCE, PASSAGE}:
            yield finding("unused-column", Place(table.file, 1, name), found=name, mapping=construct.file)
