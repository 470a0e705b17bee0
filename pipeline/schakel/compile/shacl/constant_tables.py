"""A pass over programs: all tables whose rows the compiler knows become one, so that a small graph is not judged slower by making fifty tables."""

from collections.abc import Sequence
from typing import Any, Final

from sqlglot import exp

from schakel.compile.shacl.plans import Append, Fixpoint, Load, Program, Run, Step, col, equal, named, number, query, table
from schakel.engine.columns import BIGINT, BOOLEAN, INTEGER, VARCHAR

__all__ = ["merge_constant_tables"]

_CONSTANTS: Final = "shacl_constants"
# The columns of the one table: its part, and as many of each type as any part has.
_SLOTS: Final = {BIGINT: "n", INTEGER: "n", VARCHAR: "t", BOOLEAN: "b"}


def merge_constant_tables(programs: Sequence[Program]) -> tuple[Load, list[Program]]:
    """Give one table of all rows, and programs that read it; tables that begin empty, as they are added to, stay."""
    parts: dict[str, tuple[int, Load, list[str]]] = {}
    for program in programs:
        for step in program:
            if isinstance(step, Load) and step.rows:
                parts.setdefault(step.table, (len(parts) + 1, step, _slots(step)))
    names = sorted({slot for _, _, slots in parts.values() for slot in slots})
    rows = [_row(part, slots, row, names) for part, load, slots in parts.values() for row in load.rows]
    kinds = {"n": BIGINT, "t": VARCHAR, "b": BOOLEAN}
    merged = Load(_CONSTANTS, {"part": INTEGER, **{name: kinds[name[0]] for name in names}}, rows)
    return merged, [[_rewritten(step, parts) for step in program if not (isinstance(step, Load) and step.rows)] for program in programs]


def _slots(load: Load) -> list[str]:
    """Give the column of the one table for each column of a table."""
    used: dict[str, int] = {}
    slots = []
    for kind in load.columns.values():
        letter = _SLOTS[kind]
        used[letter] = used.get(letter, 0) + 1
        slots.append(f"{letter}{used[letter]}")
    return slots


def _row(part: int, slots: Sequence[str], row: Sequence[Any], names: Sequence[str]) -> tuple[Any, ...]:
    values = dict(zip(slots, row, strict=True))
    return (part, *(values.get(name) for name in names))


def _rewritten(step: Step, parts: dict[str, tuple[int, Load, list[str]]]) -> Step:
    match step:
        case Run(into, plan):
            return Run(into, _merged(plan, parts))
        case Append(into, plan):
            return Append(into, _merged(plan, parts))
        case Fixpoint(into, seed, grow):
            return Fixpoint(into, _merged(seed, parts), None if grow is None else _merged(grow, parts))
    return step


def _merged(plan: exp.Query, parts: dict[str, tuple[int, Load, list[str]]]) -> exp.Query:
    """Read parts of the one table where a plan reads tables of their own."""
    for source in list(plan.find_all(exp.Table)):
        if source.name in parts:
            part, load, slots = parts[source.name]
            columns = {name: col("k", slot) for name, slot in zip(load.columns, slots, strict=True)}
            source.replace(named(query(columns, table(_CONSTANTS, "k"), where=equal(col("k", "part"), number(part))), source.alias))
    return plan
