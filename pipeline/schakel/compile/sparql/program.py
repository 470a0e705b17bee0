"""What a query is compiled to: steps, and a plan of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from schakel.engine.columns import Columns
from schakel.engine.executor import Plan

__all__ = ["Answer", "Closure", "Compute", "Fold", "Program", "Run", "Seeds", "Step"]


@dataclass(frozen=True)
class Run:
    """Run a plan into a table."""

    plan: Plan
    into: str


@dataclass(frozen=True)
class Closure:
    """Put into a table `s`, `o` all pairs that one or more steps connect; `pairs` is the table `s`, `o` of single steps, without duplicates."""

    pairs: str
    into: str


@dataclass(frozen=True)
class Compute:
    """Compute functions that no executor has: see schakel.compile.lookups. Each level needs what those before it give."""

    levels: tuple[tuple[exp.Select, ...], ...]


@dataclass(frozen=True)
class Fold:
    """Fold the terms of each group into one: SUM, AVG, MIN or MAX, exactly.

    `rows` gives the keys of groups and, as its last column, spelled terms, NULL for an error; rows of a group are one after the other. The table has `keys`,
    by name with their types, and the four columns of a value, NULL where there is none. Without keys it has one row.
    """

    rows: Plan
    keys: Columns
    function: str
    into: str


Step: TypeAlias = Run | Closure | Compute | Fold


@dataclass(frozen=True)
class Answer:
    """A column of the answer: the variable, the name of the column, and whether it holds ids; else it holds spellings."""

    variable: str
    column: str
    has_ids: bool


@dataclass(frozen=True)
class Program:
    """Run the steps in order; then `plan` gives the solutions, whose columns are described, in the order that the query states; drop `tables` at last."""

    steps: tuple[Step, ...]
    plan: Plan
    columns: tuple[Answer, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Seeds:
    """Variables that have a value before the query is asked, as SHACL pre-binds them: a table of distinct rows of ids, and the column of each variable.

    The query is answered for each row as if the variables were written as those terms.
    """

    table: str
    columns: Mapping[str, str]
