"""Where statements were read: a join with the table of quads, which keeps file and row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor
from schakel.engine.relations import QUADS, STATEMENTS_COLUMNS
from schakel.findings import Place

__all__ = ["Sources", "places_of"]

_WANTED = "wanted_statements"


@dataclass
class Sources:
    """What the numbers in quads mean: files, and for each triple of a mapping's template the column of its subject and that of its value, where it is one."""

    files: dict[int, str] = field(default_factory=dict)
    columns: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def place(self, file: int, row: int, template: int | None = None, *, of_value: bool = False) -> Place:
        """Give the place of a quad: that of its value, or that of its subject; the whole row where no template is named."""
        of_subject, of_object = ("", "") if template is None else self.columns.get((file, template), ("", ""))
        return Place(self.files[file], row, of_object if of_value else of_subject)


def places_of(executor: Executor, statements: Collection[tuple[int, int, int]]) -> Mapping[tuple[int, int, int], Sequence[tuple[int, int]]]:
    """Give for each of some statements, by ids, the numbers of the files and rows that state it, sorted."""
    executor.load(_WANTED, STATEMENTS_COLUMNS, sorted(statements))
    same = exp.and_(*(exp.EQ(this=column(name, _WANTED), expression=column(name, QUADS)) for name in "spo"))
    plan = exp.select(*(column(name, QUADS) for name in ("s", "p", "o", "file", "row"))).distinct().from_(_WANTED).join(QUADS, on=same)
    found: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for s, p, o, file, row in executor.fetch(plan.where(exp.GT(this=column("file", QUADS), expression=exp.Literal.number(0)))):
        found.setdefault((s, p, o), []).append((file, row))
    executor.drop(_WANTED)
    return {statement: sorted(places) for statement, places in found.items()}
