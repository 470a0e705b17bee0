"""N-Triples and N-Quads: a line for each statement, in the order of their bytes, which is that of the ids of their terms."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine.relations import TERMS
from schakel.publish.plans import framed, joined_text, left_join, text, when

__all__ = ["lines"]

_TRIPLE: Final = ("s", "p", "o")
_QUAD: Final = (*_TRIPLE, "g")


def lines(statements: str, *, graphs: bool) -> exp.Query:
    """Give the plan of the lines of a table of distinct statements, or of quads."""
    names = _QUAD if graphs else _TRIPLE
    plan = exp.select(*(column(name, "statements") for name in names), exp.alias_(joined_text(*_line(names)), "line"))
    plan = plan.from_(exp.to_table(statements, alias="statements"))
    for name in names:
        plan = left_join(plan, TERMS, f"{name}_term", (column(name, "statements"), "id"))
    return framed(plan, names)


def _line(names: Sequence[str]) -> list[exp.Expression]:
    parts: list[exp.Expression] = []
    for name in _TRIPLE:
        parts += [column("spelling", f"{name}_term"), text(" ")]
    if len(names) == len(_QUAD):
        graph = column("spelling", "g_term")
        # A quad of the default graph has no fourth term.
        parts.append(when((exp.Is(this=graph, expression=exp.null()), text("")), otherwise=joined_text(graph.copy(), text(" "))))
    return [*parts, text(".")]
