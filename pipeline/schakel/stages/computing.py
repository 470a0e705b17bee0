"""Computes functions that executors do differently, or not at all, over the distinct values that plans need."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot import exp

from schakel.compile.lookups import COMPUTED, COMPUTED_COLUMNS
from schakel.compile.nodes import all_of, column, compare, is_null, table, union
from schakel.engine.columns import Row
from schakel.engine.executor import Executor
from schakel.engine.functions import call
from schakel.engine.spelling import split_spellings

__all__ = ["compute"]

_WANTED: Final = "wanted_values"
_NEW: Final = "new_values"


def compute(executor: Executor, levels: Sequence[Sequence[exp.Select]]) -> frozenset[str]:
    """Put into the table of computed values what plans of schakel.compile.lookups need, level by level; give the aliases for which there was a key."""
    executor.create(COMPUTED, COMPUTED_COLUMNS)
    found: set[str] = set()
    for plans in levels:
        if executor.run(union(plans), _WANTED) == 0:
            continue
        found |= {alias for (alias,) in executor.fetch(_distinct("alias"))}
        executor.load(_NEW, COMPUTED_COLUMNS, _computed(executor.fetch(_uncomputed())))
        executor.append(exp.Select(expressions=[column(name) for name in COMPUTED_COLUMNS], from_=exp.From(this=table(_NEW))), COMPUTED)
    executor.drop(_WANTED, _NEW)
    return frozenset(found)


def _distinct(*columns: str) -> exp.Select:
    return exp.Select(expressions=[column(name, "wanted") for name in columns], distinct=exp.Distinct(), from_=exp.From(this=table(_WANTED, "wanted")))


def _uncomputed() -> exp.Select:
    plan = _distinct("function", "key")
    on = all_of([compare("=", column(name, "wanted"), column(name, "known")) for name in ("function", "key")])
    plan.set("joins", [exp.Join(this=table(COMPUTED, "known"), side="LEFT", on=on)])
    plan.set("where", exp.Where(this=is_null(column("key", "known"))))
    return plan


def _computed(wanted: Iterator[Row]) -> Iterator[Row]:
    for function, key in wanted:
        parts = call(function, split_spellings(key))
        yield (function, key, *((None, None, None, None) if parts is None else (parts.text, parts.kind, parts.datatype, parts.language)))
