"""Functions that are computed over the distinct values of their arguments, as a plan joins them.

A plan asks for them by a key, the spelling of its arguments; a stage fetches the distinct keys, computes, and puts what it got into the table that the plan
joins. What has no value is not in the table.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Node, aliased, all_of, column, compare, concatenated, found_in, not_null, string, table
from schakel.compile.spelling import spelled
from schakel.compile.values import NOTHING, Scope, Value
from schakel.engine.columns import VARCHAR, Columns

__all__ = ["COMPUTED", "COMPUTED_COLUMNS", "Lookup", "LookupScope", "joins_of", "keys_of"]

COMPUTED: Final = "computed_values"
COMPUTED_COLUMNS: Final[Columns] = {"function": VARCHAR, "key": VARCHAR, "text": VARCHAR, "kind": "TINYINT", "datatype": VARCHAR, "language": VARCHAR}


@dataclass(frozen=True)
class Lookup:
    """One place where a plan needs a function: the alias of its join, and the key that it looks up there, NULL where it needs none.

    `level` is 1 where the key is known from the start, and one more than that of what it is made of elsewhere.
    """

    alias: str
    function: str
    key: Node
    level: int


@dataclass
class LookupScope(Scope):
    """A scope that collects what is to be looked up. `absent` are aliases of which it is known that nothing is to be found."""

    base: str | None = None
    absent: Collection[str] = ()
    prefix: str = "computed"
    lookups: list[Lookup] = field(default_factory=list)
    # The rounds that columns of subqueries need.
    levels: dict[str, int] = field(default_factory=dict)

    def lookup(self, function: str, arguments: Sequence[Value]) -> Value:
        """Note what is to be looked up, and give the columns of the table that is joined."""
        alias = f"{self.prefix}{len(self.lookups)}"
        separated = [node for argument in arguments for node in (string(" "), spelled(argument))]
        self.lookups.append(Lookup(alias, function, concatenated(separated[1:]), 1 + max((self.level_of(argument) for argument in arguments), default=0)))
        if alias in self.absent:
            return NOTHING
        return Value(column("text", alias), column("kind", alias), column("datatype", alias), column("language", alias))

    def level_of(self, value: Value) -> int:
        """Tell how many rounds of look-ups a value needs."""
        levels = {each.alias: each.level for each in self.lookups}
        columns = found_in((value.text, value.kind, value.datatype, value.language), exp.Column)
        return max((max(levels.get(each.table, 0), self.levels.get(each.name, 0)) for each in columns), default=0)


def keys_of(lookup: Lookup, source: Node, joins: Sequence[exp.Join]) -> exp.Select:
    """Give a plan of the alias, the function and the distinct keys of a look-up, which are made of `source` with the joins of earlier look-ups."""
    selected = [aliased(string(lookup.alias), "alias"), aliased(string(lookup.function), "function"), aliased(lookup.key, "key")]
    where = exp.Where(this=not_null(lookup.key))
    return exp.Select(expressions=selected, distinct=exp.Distinct(), from_=exp.From(this=source), joins=list(joins), where=where)


def joins_of(lookups: Iterable[Lookup], absent: Collection[str] = ()) -> list[exp.Join]:
    """Give the joins of the table of computed values, one a look-up."""
    return [exp.Join(this=table(COMPUTED, each.alias), side="LEFT", on=_found(each)) for each in lookups if each.alias not in absent]


def _found(lookup: Lookup) -> Node:
    return all_of([compare("=", column("function", lookup.alias), string(lookup.function)), compare("=", column("key", lookup.alias), lookup.key)])
